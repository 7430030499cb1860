"""Posted sheets, comments and answers; second looks at a mark."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0010"
down_revision = "0009"

APPEND_ONLY = (
    "posted_sheet",
    "posting_comment",
    "comment_answer",
    "re_examination",
    "re_examination_answer",
)


def upgrade() -> None:
    op.create_table(
        "posted_sheet",
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_until", sa.Date(), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_posted_sheet_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_posted_sheet_movement_code")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_posted_sheet_unit_code")),
        sa.PrimaryKeyConstraint("movement_code", "unit_code", "number", name=op.f("pk_posted_sheet")),
    )
    op.create_index(op.f("ix_posted_sheet_entry_id"), "posted_sheet", ["entry_id"])
    op.create_table(
        "posting_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("posting", sa.Integer(), nullable=False),
        sa.Column("node_code", sa.String(length=32), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("unit", "post", "portal", "meeting", name="comment_channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_unit_code", sa.String(length=64), nullable=True),
        sa.Column("author_commitment", sa.String(length=64), nullable=True),
        sa.Column("text_commitment", sa.String(length=64), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(channel = 'unit') = (by_unit_code IS NOT NULL)", name=op.f("ck_posting_comment_a_unit_speaks_for_itself")),
        sa.ForeignKeyConstraint(["by_unit_code"], ["unit.code"], name=op.f("fk_posting_comment_by_unit_code")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_posting_comment_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["movement_code", "unit_code", "posting"],
            ["posted_sheet.movement_code", "posted_sheet.unit_code", "posted_sheet.number"],
            name=op.f("fk_posting_comment_movement_code_unit_code_posting"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_comment")),
    )
    op.create_index(op.f("ix_posting_comment_entry_id"), "posting_comment", ["entry_id"])
    op.create_index(
        op.f("ix_posting_comment_movement_code_unit_code_posting"), "posting_comment", ["movement_code", "unit_code", "posting"]
    )
    op.create_table(
        "comment_answer",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("explained", "unverified", "verified", name="comment_outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("text_commitment", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome = 'verified') = (event_id IS NOT NULL)", name=op.f("ck_comment_answer_verified_by_an_event")),
        sa.ForeignKeyConstraint(["comment_id"], ["posting_comment.id"], name=op.f("fk_comment_answer_comment_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_comment_answer_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_comment_answer_event_id")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_answer")),
    )
    op.create_index(op.f("ix_comment_answer_entry_id"), "comment_answer", ["entry_id"])
    op.create_index(op.f("ix_comment_answer_event_id"), "comment_answer", ["event_id"])
    op.create_table(
        "re_examination",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("unit_code", sa.String(length=64), nullable=False),
        sa.Column("node_code", sa.String(length=32), nullable=False),
        sa.Column("mark_version", sa.Integer(), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "sender_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_re_examination_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["movement_code", "unit_code", "node_code", "mark_version"],
            ["mark_release.movement_code", "mark_release.unit_code", "mark_release.node_code", "mark_release.version"],
            name=op.f("fk_re_examination_movement_code_unit_code_node_code_mark_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_re_examination")),
        sa.UniqueConstraint(
            "movement_code",
            "unit_code",
            "node_code",
            "mark_version",
            name=op.f("uq_re_examination_of_a_mark"),
        ),
    )
    op.create_index(op.f("ix_re_examination_entry_id"), "re_examination", ["entry_id"])
    op.create_table(
        "re_examination_answer",
        sa.Column("re_examination_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("upheld", "changed", name="re_examination_outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("mark_version", sa.Integer(), nullable=True),
        sa.Column("reason_commitment", sa.String(length=64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome = 'changed') = (mark_version IS NOT NULL)", name=op.f("ck_re_examination_answer_changed_by_a_mark")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_re_examination_answer_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["re_examination_id"], ["re_examination.id"], name=op.f("fk_re_examination_answer_re_examination_id")),
        sa.PrimaryKeyConstraint("re_examination_id", name=op.f("pk_re_examination_answer")),
    )
    op.create_index(op.f("ix_re_examination_answer_entry_id"), "re_examination_answer", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
