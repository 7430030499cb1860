from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from app.tables import Table, UtcDateTime, entry_key


class UnitMailbox(Table, table=True):
    """Hộp thư của đơn vị: where its reminders go. It may change and go."""

    __tablename__ = "unit_mailbox"

    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    version: int
    address: str | None = Field(default=None, max_length=320)
    """None: no mail."""
    entry_id: UUID = Field(sa_column=entry_key())


class MailSent(Table, table=True):
    """That a unit was reminded by mail on a day: once a day at most, but for a worker that dies between sending and saying so."""

    __tablename__ = "mail_sent"

    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    on: date = Field(primary_key=True)
    items: int
    sent_at: datetime = Field(sa_type=UtcDateTime)
