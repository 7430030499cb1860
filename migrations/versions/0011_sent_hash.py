"""The hash of a picture as it was sent, beside that of the picture that was kept; files are found by who cites them."""

from alembic import op

revision = "0011"
down_revision = "0010"

INDEXED = (("evidence_holding", "sent_hash"), ("submission_evidence", "file_hash"), ("event", "file_hash"))


def upgrade() -> None:
    op.execute("ALTER TABLE evidence_holding ADD COLUMN sent_hash VARCHAR(64)")
    for table, column in INDEXED:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in INDEXED:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    op.execute("ALTER TABLE evidence_holding DROP COLUMN sent_hash")
