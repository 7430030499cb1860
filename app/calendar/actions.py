from datetime import date

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import EVERYTHING, Subject
from app.calendar import proposed, queries
from app.calendar.models import CalendarDay, DeclaredOutage
from app.calendar.schemas import OutageIn
from app.errors import Invalid, Stale
from app.policy import Action, Actor
from app.tables import add


def propose_year(session: Session, actor: Actor, *, year: int) -> list[CalendarDay]:
    """Declare the holidays that the rules give for a year, but for days that somebody has already declared."""
    actor.require_everywhere(Action.CALENDAR_EDIT)
    known = {row.day for row in queries.days(session, date(year, 1, 1), date(year + 1, 1, 1))}
    missing = [(day, name) for day, name in proposed.of_year(year) if day not in known]
    return [set_day(session, actor, day=day, is_working=False, name=name, source=proposed.source()) for day, name in missing]


def set_day(session: Session, actor: Actor, *, day: date, is_working: bool, name: str, source: str) -> CalendarDay:
    """Say what a day is from now on. Earlier versions stay, so results of the past stay readable."""
    actor.require_everywhere(Action.CALENDAR_EDIT)
    known = queries.days(session, day, date.fromordinal(day.toordinal() + 1))
    content = {"day": day.isoformat(), "is_working": is_working, "name": name, "source": source}
    entry_id = audit.record(session, actor, "calendar.day_set", Subject("calendar_day", day.isoformat()), [EVERYTHING], content)
    version = known[0].version + 1 if known else 1
    return add(session, CalendarDay(day=day, version=version, is_working=is_working, name=name, source=source, entry_id=entry_id))


def declare_outage(session: Session, actor: Actor, *, code: str, expected: int, sent: OutageIn) -> DeclaredOutage:
    """Ghi nhận sự cố: from this entry on, every deadline on its days lies on `moves_to`; without it the outage is taken back."""
    actor.require_everywhere(Action.CALENDAR_EDIT)
    if sent.ends_on < sent.starts_on:
        raise Invalid("#/ends_on", "before-its-start")
    if sent.moves_to is not None and sent.moves_to <= sent.ends_on:
        raise Invalid("#/moves_to", "not-after-the-outage")
    if sent.moves_to is not None and not queries.calendar(session).is_working(sent.moves_to):
        raise Invalid("#/moves_to", "not-a-working-day")
    known = {row.code: row.version for row in queries.outages(session)}
    if known.get(code, 0) != expected:
        raise Stale
    reason = audit.keep_text(session, sent.reason)
    assert reason is not None
    content = {**sent.model_dump(mode="json"), "reason": reason}
    entry_id = audit.record(session, actor, "outage.declared", Subject("outage", code), [EVERYTHING], content)
    fields = sent.model_dump(exclude={"reason"})
    return add(session, DeclaredOutage(code=code, version=expected + 1, reason_commitment=reason, entry_id=entry_id, **fields))
