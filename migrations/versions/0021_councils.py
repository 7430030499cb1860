"""Councils: members, regulation, meetings, motions and votes."""

import sqlalchemy as sa
from alembic import op

from migrations.kit import append_only

revision = "0021"
down_revision = "0020"

APPEND_ONLY = (
    "council",
    "council_member",
    "council_regulation",
    "council_member_end",
    "meeting",
    "attendance",
    "motion",
    "motion_opening",
    "recusal",
    "motion_closing",
    "motion_voter",
    "vote",
)


def upgrade() -> None:
    op.create_table(
        "council",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_council_entry_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_council")),
    )
    op.create_index(op.f("ix_council_entry_id"), "council", ["entry_id"])
    op.create_table(
        "council_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_code", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "position",
            sa.Enum(
                "chair",
                "vice_chair",
                "standing_member",
                "member",
                name="council_position",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_code"], ["council.code"], name=op.f("fk_council_member_council_code")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_council_member_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_council_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_member")),
        sa.UniqueConstraint("id", "council_code", name="uq_council_member_of"),
    )
    op.create_index(op.f("ix_council_member_council_code"), "council_member", ["council_code"])
    op.create_index(op.f("ix_council_member_entry_id"), "council_member", ["entry_id"])
    op.create_table(
        "council_regulation",
        sa.Column("council_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_code"], ["council.code"], name=op.f("fk_council_regulation_council_code")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_council_regulation_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("council_code", "version", name=op.f("pk_council_regulation")),
    )
    op.create_index(op.f("ix_council_regulation_entry_id"), "council_regulation", ["entry_id"])
    op.create_table(
        "council_member_end",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_council_member_end_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["member_id"], ["council_member.id"], name=op.f("fk_council_member_end_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_council_member_end")),
    )
    op.create_index(op.f("ix_council_member_end_entry_id"), "council_member_end", ["entry_id"])
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_code", sa.String(length=64), nullable=False),
        sa.Column("regulation", sa.Integer(), nullable=False),
        sa.Column("movement_code", sa.String(length=64), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("papers_sent_on", sa.Date(), nullable=False),
        sa.Column("publication", sa.Integer(), nullable=True),
        sa.Column("late_reason_commitment", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("papers_sent_on <= held_on", name=op.f("ck_meeting_papers_before")),
        sa.ForeignKeyConstraint(
            ["council_code", "regulation"],
            ["council_regulation.council_code", "council_regulation.version"],
            name=op.f("fk_meeting_council_code_regulation"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_meeting_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["movement_code", "publication"],
            ["publication.movement_code", "publication.number"],
            name=op.f("fk_meeting_movement_code_publication"),
        ),
        sa.ForeignKeyConstraint(["movement_code"], ["movement.code"], name=op.f("fk_meeting_movement_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("id", "council_code", name="uq_meeting_of"),
    )
    op.create_index(op.f("ix_meeting_council_code"), "meeting", ["council_code"])
    op.create_index(op.f("ix_meeting_entry_id"), "meeting", ["entry_id"])
    op.create_index(op.f("ix_meeting_movement_code"), "meeting", ["movement_code"])
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("council_code", sa.String(length=64), nullable=False),
        sa.Column(
            "presence",
            sa.Enum("present", "substitute", "written", "absent", name="presence", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(presence = 'substitute') = (substitute_id IS NOT NULL)", name=op.f("ck_attendance_substitute")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_attendance_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id", "council_code"], ["meeting.id", "meeting.council_code"], name=op.f("fk_attendance_meeting_id_council_code")
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "council_code"],
            ["council_member.id", "council_member.council_code"],
            name=op.f("fk_attendance_member_id_council_code"),
        ),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name=op.f("fk_attendance_substitute_id")),
        sa.PrimaryKeyConstraint("meeting_id", "version", "member_id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("meeting_id", "version", "substitute_id", name="uq_attendance_substitute"),
    )
    op.create_index(op.f("ix_attendance_entry_id"), "attendance", ["entry_id"])
    op.create_table(
        "motion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_commitment", sa.String(length=64), nullable=False),
        sa.Column("threshold", sa.String(length=64), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_motion_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_motion_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motion")),
        sa.UniqueConstraint("id", "is_secret", name="uq_motion_secret"),
        sa.UniqueConstraint("meeting_id", "number", name="uq_motion_number"),
    )
    op.create_index(op.f("ix_motion_entry_id"), "motion", ["entry_id"])
    op.create_table(
        "motion_opening",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_motion_opening_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["motion_id", "is_secret"], ["motion.id", "motion.is_secret"], name=op.f("fk_motion_opening_motion_id_is_secret")
        ),
        sa.PrimaryKeyConstraint("motion_id", name=op.f("pk_motion_opening")),
        sa.UniqueConstraint("motion_id", "is_secret", name="uq_motion_opening_secret"),
    )
    op.create_index(op.f("ix_motion_opening_entry_id"), "motion_opening", ["entry_id"])
    op.create_table(
        "recusal",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("reason_commitment", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_recusal_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["member_id"], ["council_member.id"], name=op.f("fk_recusal_member_id")),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"], name=op.f("fk_recusal_motion_id")),
        sa.PrimaryKeyConstraint("motion_id", "member_id", name=op.f("pk_recusal")),
    )
    op.create_index(op.f("ix_recusal_entry_id"), "recusal", ["entry_id"])
    op.create_table(
        "motion_closing",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("is_adopted", sa.Boolean(), nullable=False),
        sa.Column("by_the_chair", sa.Boolean(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("protocol", sa.String(length=200), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("NOT (is_secret AND by_the_chair)", name=op.f("ck_motion_closing_no_chair_in_secret")),
        sa.CheckConstraint("by_the_chair OR is_adopted = (votes_for >= needed)", name=op.f("ck_motion_closing_adopted_by_enough")),
        sa.CheckConstraint(
            "is_secret = (issued IS NOT NULL AND returned IS NOT NULL AND protocol IS NOT NULL)", name=op.f("ck_motion_closing_counted")
        ),
        sa.CheckConstraint(
            "returned <= issued AND votes_for + votes_against + abstained <= returned", name=op.f("ck_motion_closing_ballots")
        ),
        sa.CheckConstraint("votes_for >= 0 AND votes_against >= 0 AND abstained >= 0", name=op.f("ck_motion_closing_no_less_than_none")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_motion_closing_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["motion_id", "is_secret"],
            ["motion_opening.motion_id", "motion_opening.is_secret"],
            name=op.f("fk_motion_closing_motion_id_is_secret"),
        ),
        sa.PrimaryKeyConstraint("motion_id", name=op.f("pk_motion_closing")),
    )
    op.create_index(op.f("ix_motion_closing_entry_id"), "motion_closing", ["entry_id"])
    op.create_table(
        "motion_voter",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_motion_voter_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["member_id"], ["council_member.id"], name=op.f("fk_motion_voter_member_id")),
        sa.ForeignKeyConstraint(
            ["motion_id", "is_secret"],
            ["motion_opening.motion_id", "motion_opening.is_secret"],
            name=op.f("fk_motion_voter_motion_id_is_secret"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_motion_voter_person_id")),
        sa.PrimaryKeyConstraint("motion_id", "member_id", name=op.f("pk_motion_voter")),
        sa.UniqueConstraint("motion_id", "member_id", "is_secret", name="uq_motion_voter_secret"),
        sa.UniqueConstraint("motion_id", "person_id", name="uq_motion_voter_person"),
    )
    op.create_index(op.f("ix_motion_voter_entry_id"), "motion_voter", ["entry_id"])
    op.create_table(
        "vote",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column(
            "chosen",
            sa.Enum("for", "against", "abstain", name="choice", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum("person", "key", "system", name="actor_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("NOT is_secret", name=op.f("ck_vote_never_a_secret_one")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_vote_entry_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["motion_id", "member_id", "is_secret"],
            ["motion_voter.motion_id", "motion_voter.member_id", "motion_voter.is_secret"],
            name=op.f("fk_vote_motion_id_member_id_is_secret"),
        ),
        sa.PrimaryKeyConstraint("motion_id", "member_id", "version", name=op.f("pk_vote")),
    )
    op.create_index(op.f("ix_vote_entry_id"), "vote", ["entry_id"])
    append_only(*APPEND_ONLY)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
