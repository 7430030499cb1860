"""A report accepted with another figure than it claims."""

from alembic import op

revision = "0006"
down_revision = "0005"

APPEND_ONLY = ()
_ONLY_ACCEPTED = (
    "CONSTRAINT ck_submission_decision_corrected_with_reason"
    " CHECK (figure IS NULL OR (outcome = 'accepted' AND reason_commitment IS NOT NULL))"
)


def upgrade() -> None:
    kind = "VARCHAR(32)" if op.get_bind().dialect.name == "sqlite" else "NUMERIC(30, 10)"
    op.execute(f"ALTER TABLE submission_decision ADD COLUMN figure {kind} {_ONLY_ACCEPTED}")


def downgrade() -> None:
    op.drop_column("submission_decision", "figure")
