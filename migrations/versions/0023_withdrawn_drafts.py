"""Drafts of publications that nobody may approve any more."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0023"
down_revision = "0022"

APPEND_ONLY = ("publication_draft_withdrawal",)


def upgrade() -> None:
    op.create_table(
        "publication_draft_withdrawal",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["publication_draft.id"], name=op.f("fk_publication_draft_withdrawal_draft_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_publication_draft_withdrawal_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_publication_draft_withdrawal")),
    )
    op.create_index(op.f("ix_publication_draft_withdrawal_entry_id"), "publication_draft_withdrawal", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("publication_draft_withdrawal")
