"""From when the figures of a target are reported."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute("ALTER TABLE target ADD COLUMN reported_from DATE")


def downgrade() -> None:
    op.execute("ALTER TABLE target DROP COLUMN reported_from")
