from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.marks.rules import MarkStage
from app.tables import Table, choice, entry_key


class Mark(Table, table=True):
    """Điểm chấm: one number for one node of a unit's sheet, at one stage. Append-only, by version; the newest counts."""

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
