"""From rows to the facts of a unit, as the engine is told them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.calendar.rules import PeriodScheme, period
from app.events.queries import Taken as Occurred
from app.events.queries import counted
from app.indicators.queries import target_figures
from app.indicators.rules import TargetKind
from app.marks.models import Result
from app.marks.models import Waiver as Granted
from app.marks.queries import results, waivers
from app.progress.taken import Taken, completions, excused, figures, supplied
from app.scoring.engine.facts import FIGURE, Basis, Completion, Event, Facts, Outcome, Reported, TaskFact, Waiver
from app.scoring.queries import Setting
from app.tables import FIGURE_DECIMALS
from app.tasks.queries import versions as task_versions
from app.tasks.rules import TaskStanding
from app.units.rules import is_open


def facts(session: Session, of: Setting, units: Collection[str], *, all_there_is: bool = False) -> dict[str, Facts]:
    """The facts of those `units` that are registered, by code: what the rulebooks in force take, or all that is recorded."""
    registered = [unit for unit in units if unit in of.registrations]
    below = parts(of, registered) if all_there_is or of.needs.children else {}
    found = {
        unit: Facts(unit, of.indicators, opens_on=of.units[unit].opens_on, closes_on=of.units[unit].closes_on)
        for unit in {*registered, *below, *(child for children in below.values() for child in children)}
    }
    taken = Taken(of.plan, list(found), of.closes_at, of.moment.seq)
    _add_targets(session, of, found)
    rounds = _add_tasks(session, of, found)
    _add_figures(of, found, figures(session, taken), excused(session, taken, of.calendar), supplied(session, taken))
    _add_completions(of, found, completions(session, taken), rounds)
    if all_there_is or of.needs.events:
        _add_events(of, found, counted(session, Occurred(of.plan, list(found), of.closes_at, of.moment.seq)))
    if all_there_is or of.needs.assessments:
        _add_results(found, results(session, of.seen.movement.code, list(found), of.moment.seq))
    if all_there_is or of.needs.waivers:
        _add_waivers(found, waivers(session, of.seen.movement.code, list(found), of.moment.seq))
    for unit, children in below.items():
        found[unit].children = tuple(found[child] for child in children)
    return {unit: found[unit] for unit in registered}


def parts(of: Setting, units: Iterable[str]) -> dict[str, list[str]]:
    """The units that stand below each of `units`, and below those, while they are open; by code."""
    day, below = of.day, defaultdict[str, list[str]](list)
    for code in sorted(of.units):
        row = of.units[code]
        if row.parent_code is not None and is_open(row.opens_on, row.closes_on, day):
            below[row.parent_code].append(code)
    found, waiting = {}, list(units)
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found[unit] = below.get(unit, [])
            waiting += found[unit]
    return found


def _add_targets(session: Session, of: Setting, found: dict[str, Facts]) -> None:
    """Oldest first, so a revision takes the place of what it revises."""
    for unit, indicator, kind, figure, last_year, reported_from in target_figures(session, of.plan, list(found), of.moment.seq):
        if indicator in of.indicators:
            found[unit].targets[indicator, kind] = scaled(figure)
            found[unit].reported_from.pop((indicator, kind), None)
            if reported_from is not None:
                found[unit].reported_from[indicator, kind] = reported_from
            if kind == TargetKind.ASSIGNED:
                found[unit].last_year[indicator] = 0 if last_year is None else scaled(last_year)


def _add_tasks(session: Session, of: Setting, found: dict[str, Facts]) -> dict[str, int]:
    """Those that are wanted still, neither suspended nor recalled; the round that each is in."""
    known = task_versions(session, of.plan, of.moment.seq, leads=list(found))
    wanted = {code: row for code, row in known.items() if code in of.tasks and row.standing is TaskStanding.ACTIVE}
    for code, row in wanted.items():
        found[row.lead_code].tasks[code] = TaskFact(row.due_on, row.roll, {})
    return {code: row.round for code, row in wanted.items()}


def _add_figures(
    of: Setting, found: dict[str, Facts], rows: Collection[Any], excused_ids: Collection[str], supplied_ids: Collection[str]
) -> None:
    """Oldest first, so a newer claim or acceptance takes the place of the older one."""
    within = {code: _Within(terms.scheme, terms.window_from, terms.window_to) for code, terms in of.indicators.items()}
    for identifier, unit, indicator, reported, figure, is_late, instead, is_accepted in rows:
        if indicator not in within or not within[indicator].holds(reported):
            continue
        one = Reported(scaled(figure), told(identifier), bool(is_late) and identifier not in excused_ids, identifier in supplied_ids)
        claimed, accepted = found[unit].figures[Basis.CLAIMED], found[unit].figures[Basis.ACCEPTED]
        claimed.setdefault(indicator, {})[reported] = one
        if is_accepted:
            taken = one if instead is None else one._replace(figure=scaled(instead))
            accepted.setdefault(indicator, {})[reported] = taken


def _add_completions(of: Setting, found: dict[str, Facts], rows: Collection[Any], rounds: Mapping[str, int]) -> None:
    """A completion is judged by the deadline that was in force when it was reported. One of an earlier round counts no more, nor does
    a coordinator's when the unit has become the lead. An outage that was recorded since has moved that deadline.
    """
    for identifier, unit, code, completed_on, due_on, number, as_coordinator, _, is_accepted in rows:
        task = None if as_coordinator else found[unit].tasks.get(code)
        if task is not None and number == rounds[code] and (of.moment.until is None or completed_on <= of.moment.until):
            for basis in BASES[bool(is_accepted)]:
                task.completed[basis] = Completion(completed_on, None if due_on is None else of.calendar.moved(due_on), told(identifier))


def _add_events(of: Setting, found: dict[str, Facts], rows: Collection[Any]) -> None:
    for identifier, unit, kind, on, due_on, is_verified, is_accepted in rows:
        if of.moment.until is None or on <= of.moment.until:
            for basis in BASES[bool(is_accepted)]:
                found[unit].events[basis].setdefault(kind, []).append(Event(on, due_on, bool(is_verified), told(identifier)))


def _add_results(found: dict[str, Facts], rows: Mapping[tuple[str, str], Result]) -> None:
    for (unit, assessment), row in rows.items():
        if row.number is not None or row.grade is not None:
            number = None if row.number is None else scaled(row.number)
            found[unit].results[assessment] = Outcome(number, row.grade, told(row.entry_id))


def _add_waivers(found: dict[str, Facts], rows: Mapping[tuple[str, str], Granted]) -> None:
    for (unit, node), row in rows.items():
        if row.occurrences != 0:
            found[unit].waivers[node] = Waiver(row.occurrences, told(row.entry_id))


BASES: dict[bool, tuple[Basis, ...]] = {True: (Basis.CLAIMED, Basis.ACCEPTED), False: (Basis.CLAIMED,)}
"""Where a report counts, by whether it was accepted."""


class _Within:
    """Whether a period's last day lies in the window; each code is worked out once."""

    def __init__(self, scheme: PeriodScheme, starts: date, ends: date) -> None:
        self._scheme, self._starts, self._ends = scheme, starts, ends
        self._known: dict[str, bool] = {}

    def holds(self, code: str) -> bool:
        if code not in self._known:
            found = period(self._scheme, code)
            self._known[code] = found is not None and self._starts < found.ends <= date.fromordinal(self._ends.toordinal() + 1)
        return self._known[code]


def told(identifier: UUID | str) -> str:
    """An id as everyone writes it; SQLite's driver gives its 32 digits alone."""
    text = str(identifier)
    return text if len(text) > 32 else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"  # noqa: PLR2004


def scaled(figure: Decimal | str) -> int:
    """An exact decimal, or its canonical text, as the engine's integer."""
    if isinstance(figure, Decimal):
        return int(figure * FIGURE)
    whole, _, rest = figure.partition(".")
    return int(whole + rest.ljust(FIGURE_DECIMALS, "0"))
