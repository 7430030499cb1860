from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.marks.rules import MarkStage
from app.policy import ActorKind
from app.tables import Figure, Table, UtcDateTime, choice, entry_key, new_id


class Mark(Table, table=True):
    """Điểm chấm: one number for one node of a unit's sheet, at one stage. Append-only, by version; the newest counts.

    What is appraised is a draft until it is released.
    """

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    node_code: str = Field(primary_key=True, max_length=32)
    """Of the rulebook; empty is the whole sheet."""
    stage: MarkStage = Field(primary_key=True, sa_type=choice(MarkStage))
    version: int = Field(primary_key=True)
    points: int | None = Field(default=None, sa_type=sa.BigInteger)
    """In millionths; None takes the mark back."""
    by_unit_code: str | None = Field(default=None, foreign_key="unit.code", max_length=64)
    """The unit for which it was put: the sender's own, or the appraiser's."""
    reason_commitment: str | None = Field(default=None, max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.CheckConstraint("stage = 'claimed' OR by_unit_code IS NULL OR by_unit_code <> unit_code", name="own_mark"),
        sa.CheckConstraint("stage = 'claimed' OR reason_commitment IS NOT NULL", name="mark_reason"),
        sa.Index(None, "unit_code", "movement_code"),
    )


class AppraisalNotice(Table, table=True):
    """Thông báo kết quả thẩm định: the drafts that an appraiser's unit released together."""

    __tablename__ = "appraisal_notice"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    movement_code: str = Field(foreign_key="movement.code", max_length=64, index=True)
    by_unit_code: str = Field(foreign_key="unit.code", max_length=64)
    note_commitment: str | None = Field(default=None, max_length=64)
    released_at: datetime = Field(sa_type=UtcDateTime)
    by_kind: ActorKind = Field(sa_type=choice(ActorKind))
    by_id: UUID
    entry_id: UUID = Field(sa_column=entry_key())


class MarkRelease(Table, table=True):
    """One appraised mark that is a draft no more: it counts from its own entry on."""

    __tablename__ = "mark_release"

    movement_code: str = Field(primary_key=True, max_length=64)
    unit_code: str = Field(primary_key=True, max_length=64)
    node_code: str = Field(primary_key=True, max_length=32)
    version: int = Field(primary_key=True)
    stage: MarkStage = Field(default=MarkStage.APPRAISED, sa_type=choice(MarkStage))
    notice_id: UUID | None = Field(default=None, foreign_key="appraisal_notice.id", index=True)
    """None of marks that were put before there were drafts."""
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["movement_code", "unit_code", "node_code", "stage", "version"],
            ["mark.movement_code", "mark.unit_code", "mark.node_code", "mark.stage", "mark.version"],
        ),
        sa.CheckConstraint("stage = 'appraised'", name="only_what_is_appraised"),
        sa.Index(None, "unit_code", "movement_code"),
    )


class Waiver(Table, table=True):
    """Miễn trừ: so many occurrences of an item do not count for a unit. Append-only, by version; the newest counts."""

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    node_code: str = Field(primary_key=True, max_length=32)
    version: int = Field(primary_key=True)
    occurrences: int | None = None
    """None is all of them; 0 takes the waiver back."""
    document: str = Field(max_length=200)
    reason_commitment: str | None = Field(default=None, max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.CheckConstraint("occurrences >= 0", name="occurrences"),
        sa.CheckConstraint("reason_commitment IS NOT NULL", name="waiver_reason"),
        sa.Index(None, "unit_code", "movement_code"),
    )


class Result(Table, table=True):
    """Kết quả đánh giá khác: a unit's number or grade in another assessment. Append-only, by version; the newest counts."""

    movement_code: str = Field(primary_key=True, foreign_key="movement.code", max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    assessment_code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    number: Decimal | None = Field(default=None, sa_type=Figure)
    grade: str | None = Field(default=None, max_length=32)
    """Neither number nor grade: the result is taken back."""
    document: str = Field(max_length=200)
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.Index(None, "unit_code", "movement_code"),)
