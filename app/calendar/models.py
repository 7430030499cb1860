from datetime import date
from uuid import UUID

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
