"""What a rulebook would miss in a movement: facts that nothing there records, and results that come too late."""

from collections.abc import Iterator
from datetime import timedelta

from sqlmodel import Session

from app.calendar.queries import calendar
from app.calendar.rules import DAY, Roll, end_of, periods_ending_within
from app.events.queries import kind_codes
from app.indicators.queries import versions
from app.movements.models import AdoptedIndicator
from app.movements.queries import Seen, adopted_indicators, adopted_tasks, closes_at, newest
from app.plans.queries import open_plan
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.lint import Warned, warnings
from app.rulebooks.language.needs import needs


def warned(session: Session, movement: str, rulebook: Rulebook) -> list[Warned]:
    """All that is to be read before `rulebook` is adopted for `movement`."""
    return [*warnings(rulebook), *_misfits(session, newest(session, movement), rulebook)]


def _misfits(session: Session, seen: Seen, rulebook: Rulebook) -> Iterator[Warned]:
    named, code = needs(rulebook), seen.movement.code
    adopted = adopted_indicators(session, code)
    recorded = {*adopted, *adopted_tasks(session, code), *kind_codes(session, seen.movement.plan_code)}
    unrecorded = sorted((named.indicators | named.tasks | named.events) - recorded)
    if unrecorded:
        yield Warned("", "no-source", (("names", ", ".join(unrecorded)),))
    if late := sorted(code for code in named.indicators & set(adopted) if not _known_in_time(session, seen, adopted[code])):
        yield Warned("", "known-too-late", (("names", ", ".join(late)),))


def _known_in_time(session: Session, seen: Seen, adopted: AdoptedIndicator) -> bool:
    """Whether at least one period of the window and of the plan's year is reported by when the movement takes no more."""
    row = versions(session, seen.movement.plan_code)[adopted.indicator_code]
    starts, ends = adopted.window_from or seen.version.window_from, adopted.window_to or seen.version.window_to
    year = open_plan(session, seen.movement.plan_code).year
    of_year = (one for one in periods_ending_within(row.period_scheme, starts, ends + DAY) if one.lies_in(year))
    first = next(of_year, None)
    if first is None:
        return False
    due_on = calendar(session).rolled(first.ends - DAY + timedelta(days=row.report_days), Roll.FORWARD)
    return end_of(due_on) <= closes_at(session, seen)
