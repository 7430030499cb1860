"""Whom a motion is about; which vote a decision followed; who is somebody else although the name is the same."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
FOLLOWED = (
    "UPDATE award_decision_line SET motion_id = (SELECT m.motion_id FROM award_motion m JOIN award_decision d ON d.proposal_id = m.proposal_id"
    " WHERE d.id = award_decision_line.decision_id AND m.nomination_id = award_decision_line.nomination_id) WHERE is_advised IS NOT NULL"
)


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
    # Before 0024 each line of a proposal had one motion at most: it is the one that a decision of that proposal followed.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER award_decision_line_no_update")
        op.execute(FOLLOWED)
        op.execute(
            "CREATE TRIGGER award_decision_line_no_update BEFORE UPDATE ON award_decision_line "
            "BEGIN SELECT RAISE(ABORT, 'award_decision_line is append-only'); END"
        )
    else:
        op.execute("ALTER TABLE award_decision_line DISABLE TRIGGER award_decision_line_no_change")
        op.execute(FOLLOWED)
        op.execute("ALTER TABLE award_decision_line ENABLE TRIGGER award_decision_line_no_change")


def downgrade() -> None:
    for table, column in (("award_decision_line", "is_separate"), ("award_decision_line", "motion_id"), ("motion", "about_commitment")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
