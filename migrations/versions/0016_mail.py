"""Mailboxes of units, and when they were reminded by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "unit_mailbox",
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_unit_mailbox_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_unit_mailbox_unit_code")),
        sa.PrimaryKeyConstraint("unit_code", name=op.f("pk_unit_mailbox")),
    )
    op.create_index(op.f("ix_unit_mailbox_entry_id"), "unit_mailbox", ["entry_id"])
    op.create_table(
        "mail_sent",
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_mail_sent_unit_code")),
        sa.PrimaryKeyConstraint("unit_code", "on", name=op.f("pk_mail_sent")),
    )


def downgrade() -> None:
    op.drop_table("mail_sent")
    op.drop_table("unit_mailbox")
