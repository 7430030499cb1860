from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.tables import Table, entry_key


class CalendarDay(Table, table=True):
    """A day that is not what its weekday says: a holiday, or a day worked in exchange. Append-only, by version."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    version: int = Field(primary_key=True)
    is_working: bool
    name: str = Field(max_length=200)
    source: str = Field(max_length=200)
    entry_id: UUID = Field(sa_column=entry_key())


class DeclaredOutage(Table, table=True):
    """Sự cố: days on which the service could not be reached, and where their deadlines go. Append-only, by version."""

    __tablename__ = "outage"

    code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    starts_on: date
    ends_on: date
    moves_to: date | None = None
    """None takes the outage back."""
    source: str = Field(max_length=200)
    reason_commitment: str = Field(max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        sa.CheckConstraint("moves_to > ends_on", name="moves_forward"),
    )
