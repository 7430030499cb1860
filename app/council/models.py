from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.council.rules import Choice, CouncilPosition, Presence
from app.policy import ActorKind
from app.tables import Table, UtcDateTime, choice, entry_key, new_id


class Council(Table, table=True):
    """Hội đồng thi đua - khen thưởng, as its founding decision made it. Append-only, as are all tables of this chapter."""

    code: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=300)
    decision: str = Field(max_length=200)
    """Number, date and issuer of the decision that founded it."""
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())


class CouncilRegulation(Table, table=True):
    """Quy chế: quorum, days for papers and thresholds, as data. A meeting keeps the version under which it was called."""

    __tablename__ = "council_regulation"

    council_code: str = Field(primary_key=True, foreign_key="council.code", max_length=64)
    version: int = Field(primary_key=True)
    content: str = Field(sa_type=sa.Text)
    """Canonical JSON of `RegulationIn`."""
    entry_id: UUID = Field(sa_column=entry_key())


class CouncilMember(Table, table=True):
    __tablename__ = "council_member"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    council_code: str = Field(foreign_key="council.code", max_length=64, index=True)
    person_id: UUID = Field(foreign_key="person.id")
    position: CouncilPosition = Field(sa_type=choice(CouncilPosition))
    since: date
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.UniqueConstraint("id", "council_code", name="uq_council_member_of"),)


class CouncilMemberEnd(Table, table=True):
    __tablename__ = "council_member_end"

    member_id: UUID = Field(primary_key=True, foreign_key="council_member.id")
    until: date
    """The last day."""
    entry_id: UUID = Field(sa_column=entry_key())


class Meeting(Table, table=True):
    """Phiên họp. What the members read before it is the publication that is named."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    council_code: str = Field(max_length=64, index=True)
    regulation: int
    movement_code: str = Field(foreign_key="movement.code", max_length=64, index=True)
    held_on: date
    papers_sent_on: date
    publication: int | None = None
    late_reason_commitment: str | None = Field(default=None, max_length=64)
    """Why the papers were sent later than the regulation says."""
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["council_code", "regulation"], ["council_regulation.council_code", "council_regulation.version"]),
        sa.ForeignKeyConstraint(["movement_code", "publication"], ["publication.movement_code", "publication.number"]),
        sa.CheckConstraint("papers_sent_on <= held_on", name="papers_before"),
        sa.UniqueConstraint("id", "council_code", name="uq_meeting_of"),
    )


class Attendance(Table, table=True):
    """Who takes part, and how: the newest version of the whole list counts."""

    meeting_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    council_code: str = Field(max_length=64)
    presence: Presence = Field(sa_type=choice(Presence))
    substitute_id: UUID | None = Field(default=None, foreign_key="person.id")
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["meeting_id", "council_code"], ["meeting.id", "meeting.council_code"]),
        sa.ForeignKeyConstraint(["member_id", "council_code"], ["council_member.id", "council_member.council_code"]),
        sa.CheckConstraint("(presence = 'substitute') = (substitute_id IS NOT NULL)", name="substitute"),
        sa.UniqueConstraint("meeting_id", "version", "substitute_id", name="uq_attendance_substitute"),
    )


class Motion(Table, table=True):
    """Nội dung biểu quyết, under a threshold of the regulation."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    meeting_id: UUID = Field(foreign_key="meeting.id")
    number: int
    text_commitment: str = Field(max_length=64)
    """It may name people."""
    about_commitment: str | None = Field(default=None, max_length=64)
    """Whom it is about, in the words of another row: what is erased there is erased here."""
    threshold: str = Field(max_length=64)
    is_secret: bool
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "number", name="uq_motion_number"),
        sa.UniqueConstraint("id", "is_secret", name="uq_motion_secret"),
    )


class Recusal(Table, table=True):
    """A member who takes no part in a motion; counted neither as there nor as absent."""

    motion_id: UUID = Field(primary_key=True, foreign_key="motion.id")
    member_id: UUID = Field(primary_key=True, foreign_key="council_member.id")
    reason_commitment: str = Field(max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())


class MotionOpening(Table, table=True):
    """The vote on a motion begins: who may vote is frozen."""

    __tablename__ = "motion_opening"

    motion_id: UUID = Field(primary_key=True)
    is_secret: bool
    members: int
    """Without those who are recused."""
    opened_at: datetime = Field(sa_type=UtcDateTime)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["motion_id", "is_secret"], ["motion.id", "motion.is_secret"]),
        sa.UniqueConstraint("motion_id", "is_secret", name="uq_motion_opening_secret"),
    )


class MotionVoter(Table, table=True):
    """Who votes for a member: they, their substitute, or, where they wrote, nobody but who enters it (null)."""

    __tablename__ = "motion_voter"

    motion_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True, foreign_key="council_member.id")
    is_secret: bool
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    is_chair: bool
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["motion_id", "is_secret"], ["motion_opening.motion_id", "motion_opening.is_secret"]),
        sa.UniqueConstraint("motion_id", "person_id", name="uq_motion_voter_person"),
        sa.UniqueConstraint("motion_id", "member_id", "is_secret", name="uq_motion_voter_secret"),
    )


class Vote(Table, table=True):
    """Of an open motion; the newest version counts. A secret vote is never here: the database holds that."""

    motion_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    is_secret: bool = False
    chosen: Choice = Field(sa_type=choice(Choice))
    document: str | None = Field(default=None, max_length=200)
    """Number and date of the opinion in writing."""
    cast_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["motion_id", "member_id", "is_secret"], ["motion_voter.motion_id", "motion_voter.member_id", "motion_voter.is_secret"]
        ),
        sa.CheckConstraint("NOT is_secret", name="never_a_secret_one"),
    )


class MotionClosing(Table, table=True):
    """The vote is over, with what was counted; of ballots on paper as the counting board found them."""

    __tablename__ = "motion_closing"

    motion_id: UUID = Field(primary_key=True)
    is_secret: bool
    votes_for: int
    votes_against: int
    abstained: int
    whole: int
    needed: int
    is_adopted: bool
    by_the_chair: bool
    issued: int | None = None
    returned: int | None = None
    protocol: str | None = Field(default=None, max_length=200)
    """Number and date of the counting board's minutes."""
    closed_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["motion_id", "is_secret"], ["motion_opening.motion_id", "motion_opening.is_secret"]),
        sa.CheckConstraint("is_secret = (issued IS NOT NULL AND returned IS NOT NULL AND protocol IS NOT NULL)", name="counted"),
        sa.CheckConstraint("votes_for >= 0 AND votes_against >= 0 AND abstained >= 0", name="no_less_than_none"),
        sa.CheckConstraint("returned <= issued AND votes_for + votes_against + abstained <= returned", name="ballots"),
        sa.CheckConstraint("by_the_chair OR is_adopted = (votes_for >= needed)", name="adopted_by_enough"),
        sa.CheckConstraint("NOT (is_secret AND by_the_chair)", name="no_chair_in_secret"),
    )
