from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.queries import known_at
from app.calendar.models import CalendarDay
from app.calendar.rules import Calendar


def days(session: Session, starts: date | None = None, ends: date | None = None, seq: int | None = None) -> Sequence[CalendarDay]:
    """The newest version of each day in [starts, ends), by day."""
    asked = known_at(select(CalendarDay), CalendarDay.entry_id, seq)
    if starts is not None:
        asked = asked.where(col(CalendarDay.day) >= starts)
    if ends is not None:
        asked = asked.where(col(CalendarDay.day) < ends)
    found = session.exec(asked.order_by(sa.asc("day"), sa.asc("version"))).all()
    return list({row.day: row for row in found}.values())


def calendar(session: Session, seq: int | None = None) -> Calendar:
    found = days(session, seq=seq)
    off = frozenset(row.day for row in found if not row.is_working)
    return Calendar(off, frozenset(row.day for row in found if row.is_working))
