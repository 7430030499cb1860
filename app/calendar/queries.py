from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.queries import known_at
from app.calendar.models import CalendarDay, DeclaredOutage
from app.calendar.rules import Calendar, Outage


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
    """Days and outages in one question: nearly every write asks it."""
    no_code, no_day, no_answer = (sa.cast(sa.null(), kind) for kind in (sa.String, sa.Date, sa.Boolean))
    days, down = sa.inspect(CalendarDay).local_table.c, sa.inspect(DeclaredOutage).local_table.c
    day: Any = sa.select(no_code.label("code"), days.version, days.day, days.is_working, no_day.label("to"), no_day.label("moved"))
    outage: Any = sa.select(down.code, down.version, down.starts_on, no_answer, down.ends_on, down.moves_to)
    both = known_at(day, CalendarDay.entry_id, seq).union_all(known_at(outage, DeclaredOutage.entry_id, seq))
    rows = session.connection().execute(both.order_by("version")).all()
    known = {row.day: row.is_working for row in rows if row.code is None}
    declared = {row.code: row for row in rows if row.code is not None}
    off, working = (frozenset(day for day, is_working in known.items() if bool(is_working) is wanted) for wanted in (False, True))
    return Calendar(off, working, tuple(sorted(Outage(row.day, row.to, row.moved) for row in declared.values() if row.moved is not None)))


def outages(session: Session, seq: int | None = None) -> Sequence[DeclaredOutage]:
    """The newest version of each, also of those that were taken back, by code."""
    asked = known_at(select(DeclaredOutage), DeclaredOutage.entry_id, seq)
    found = session.exec(asked.order_by(sa.asc("code"), sa.asc("version"))).all()
    return list({row.code: row for row in found}.values())
