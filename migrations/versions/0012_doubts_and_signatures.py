"""Figures that were confirmed although they are out of the ordinary."""

from alembic import op

revision = "0012"
down_revision = "0011"

_DOUBTS = "('figure_departs', 'cumulative_falls')"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE indicator_version ADD COLUMN doubt_factor INTEGER NOT NULL DEFAULT 100"
        " CONSTRAINT ck_indicator_version_doubt_factor CHECK (doubt_factor BETWEEN 2 AND 1000000)"
    )
    op.execute(f"ALTER TABLE submission ADD COLUMN doubt VARCHAR(32) CONSTRAINT ck_submission_doubt CHECK (doubt IN {_DOUBTS})")


def downgrade() -> None:
    op.execute("ALTER TABLE submission DROP COLUMN doubt")
    op.execute("ALTER TABLE indicator_version DROP COLUMN doubt_factor")
