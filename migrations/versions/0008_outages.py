"""Outages that move deadlines; the sender's own time; receipts of stored answers."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0008"
down_revision = "0007"

APPEND_ONLY = ("outage",)


def upgrade() -> None:
    op.create_table(
        "outage",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("moves_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("moves_to > ends_on", name=op.f("ck_outage_moves_forward")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_outage_days_in_order")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_outage_entry_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_outage")),
    )
    op.create_index(op.f("ix_outage_entry_id"), "outage", ["entry_id"])
    op.add_column("idempotent_answer", sa.Column("receipt", sa.String(length=96), nullable=True))
    op.add_column("submission", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    op.drop_column("submission", "sent_at")
    op.drop_column("idempotent_answer", "receipt")
    op.drop_table("outage")
