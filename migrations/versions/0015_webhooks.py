"""Webhooks, and how far each has come."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0015"
down_revision = "0014"

APPEND_ONLY = (
    "webhook",
    "webhook_end",
)


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("kinds", sa.String(length=1000), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_webhook_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_webhook_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_entry_id"), "webhook", ["entry_id"])
    op.create_index(op.f("ix_webhook_key_id"), "webhook", ["key_id"])
    op.create_table(
        "webhook_delivery",
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        sa.Column("last_outcome", sa.String(length=64), nullable=True),
        sa.Column("replays", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id")),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook_delivery")),
    )
    op.create_table(
        "webhook_end",
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_webhook_end_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_end_webhook_id")),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook_end")),
    )
    op.create_index(op.f("ix_webhook_end_entry_id"), "webhook_end", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    for table in ("webhook_end", "webhook_delivery", "webhook"):
        op.drop_table(table)
