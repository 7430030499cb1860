from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.policy import ActorKind
from app.posting.rules import CommentChannel, CommentOutcome, ReExaminationOutcome
from app.tables import Table, UtcDateTime, choice, entry_key, new_id


class PostedSheet(Table, table=True):
    """Bảng tự chấm công khai: a unit's sheet as it claimed it then, frozen. The newest number is the one that is open."""

    __tablename__ = "posted_sheet"

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    number: int = Field(primary_key=True)
    content: str = Field(sa_type=sa.Text)
    """Canonical JSON (RFC 8785)."""
    digest: str = Field(max_length=64)
    position: int = Field(sa_type=sa.BigInteger)
    """Of the trail, of which the sheet was made."""
    posted_at: datetime = Field(sa_type=UtcDateTime)
    open_until: date
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())


class PostingComment(Table, table=True):
    """Ý kiến về bảng tự chấm, by a unit or as it was received by post, portal or at a meeting."""

    __tablename__ = "posting_comment"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    movement_code: str = Field(max_length=64)
    unit_code: str = Field(max_length=64)
    posting: int
    node_code: str | None = Field(default=None, max_length=32)
    channel: CommentChannel = Field(sa_type=choice(CommentChannel))
    by_unit_code: str | None = Field(default=None, foreign_key="unit.code", max_length=64)
    author_commitment: str | None = Field(default=None, max_length=64)
    """Who spoke, where it did not come from a unit: a name, so it stands in an erasable text."""
    text_commitment: str = Field(max_length=64)
    received_on: date
    is_late: bool
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["movement_code", "unit_code", "posting"], ["posted_sheet.movement_code", "posted_sheet.unit_code", "posted_sheet.number"]
        ),
        sa.CheckConstraint("(channel = 'unit') = (by_unit_code IS NOT NULL)", name="a_unit_speaks_for_itself"),
        sa.Index(None, "movement_code", "unit_code", "posting"),
    )


class CommentAnswer(Table, table=True):
    """One answer to a comment; a verified one names the event that changed the facts."""

    __tablename__ = "comment_answer"

    comment_id: UUID = Field(primary_key=True, foreign_key="posting_comment.id")
    outcome: CommentOutcome = Field(sa_type=choice(CommentOutcome))
    text_commitment: str = Field(max_length=64)
    event_id: UUID | None = Field(default=None, foreign_key="event.id", index=True)
    answered_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.CheckConstraint("(outcome = 'verified') = (event_id IS NOT NULL)", name="verified_by_an_event"),)


class ReExamination(Table, table=True):
    """Phúc tra: a unit asks for a second look at an appraised mark."""

    __tablename__ = "re_examination"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    movement_code: str = Field(max_length=64)
    unit_code: str = Field(max_length=64)
    node_code: str = Field(max_length=32)
    mark_version: int
    reason_commitment: str = Field(max_length=64)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    sender_kind: ActorKind = Field(sa_type=choice(ActorKind))
    sender_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["movement_code", "unit_code", "node_code", "mark_version"],
            ["mark_release.movement_code", "mark_release.unit_code", "mark_release.node_code", "mark_release.version"],
        ),
        sa.UniqueConstraint("movement_code", "unit_code", "node_code", "mark_version", name="uq_re_examination_of_a_mark"),
    )


class ReExaminationAnswer(Table, table=True):
    """By somebody who did not decide first; both decisions stay."""

    __tablename__ = "re_examination_answer"

    re_examination_id: UUID = Field(primary_key=True, foreign_key="re_examination.id")
    outcome: ReExaminationOutcome = Field(sa_type=choice(ReExaminationOutcome))
    mark_version: int | None = None
    """The new mark, where it was changed."""
    reason_commitment: str = Field(max_length=64)
    answered_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.CheckConstraint("(outcome = 'changed') = (mark_version IS NOT NULL)", name="changed_by_a_mark"),)
