from datetime import date

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import EVERYTHING, Subject
from app.calendar import queries
from app.calendar.models import CalendarDay
from app.policy import Action, Actor
from app.tables import add


def set_day(session: Session, actor: Actor, *, day: date, is_working: bool, name: str, source: str) -> CalendarDay:
    """Say what a day is from now on. Earlier versions stay, so results of the past stay readable."""
    actor.require_everywhere(Action.CALENDAR_EDIT)
    known = queries.days(session, day, date.fromordinal(day.toordinal() + 1))
    content = {"day": day.isoformat(), "is_working": is_working, "name": name, "source": source}
    entry_id = audit.record(session, actor, "calendar.day_set", Subject("calendar_day", day.isoformat()), [EVERYTHING], content)
    version = known[0].version + 1 if known else 1
    return add(session, CalendarDay(day=day, version=version, is_working=is_working, name=name, source=source, entry_id=entry_id))
