"""Blockers of a publication that somebody answers for."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0019"
down_revision = "0018"

APPEND_ONLY = ("blocker_override",)


def upgrade() -> None:
    op.create_table(
        "blocker_override",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_under_review",
                "report_waiting",
                "event_waiting",
                "mark_not_released",
                "re_examination_open",
                "comment_unanswered",
                "sheet_not_posted",
                "posting_open",
                "no_rulebook",
                "rulebook_warning",
                name="blocker_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=False),
        sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_blocker_override_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_blocker_override_movement_code")),
        sa.PrimaryKeyConstraint("movement_code", "kind", "subject", name=op.f("pk_blocker_override")),
    )
    op.create_index(op.f("ix_blocker_override_entry_id"), "blocker_override", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("blocker_override")
