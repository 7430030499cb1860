"""Whom a motion is about; which vote a decision followed; who is somebody else although the name is the same."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("motion", sa.Column("about_commitment", sa.String(length=64), nullable=True))
    op.execute(
        "ALTER TABLE award_decision_line ADD COLUMN motion_id CHAR(32) CONSTRAINT fk_award_decision_line_motion_id REFERENCES motion (id)"
        if op.get_bind().dialect.name == "sqlite"
        else "ALTER TABLE award_decision_line ADD COLUMN motion_id UUID CONSTRAINT fk_award_decision_line_motion_id REFERENCES motion (id)"
    )
    op.execute(
        "ALTER TABLE award_decision_line ADD COLUMN is_separate BOOLEAN NOT NULL DEFAULT FALSE"
        " CONSTRAINT ck_award_decision_line_separate_needs_reason CHECK (NOT is_separate OR (is_granted AND reason_commitment IS NOT NULL))"
    )


def downgrade() -> None:
    for table, column in (("award_decision_line", "is_separate"), ("award_decision_line", "motion_id"), ("motion", "about_commitment")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
