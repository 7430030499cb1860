"""From rows to what the engine is told."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import queries as audit
from app.calendar.queries import calendar
from app.calendar.rules import Calendar, PeriodScheme, end_of, period
from app.indicators.queries import target_figures
from app.indicators.queries import versions as indicator_versions
from app.indicators.rules import TargetKind
from app.marks.queries import marks as mark_rows
from app.marks.rules import MarkStage
from app.movements.models import Registration
from app.movements.queries import Seen, adopted_indicators, adopted_tasks, closes_at, clusters, newest, registrations
from app.progress.queries import Taken, completions, figures
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.queries import in_force
from app.scoring.engine.facts import FIGURE, Basis, Completion, Facts, IndicatorTerms, Marks, Reported, TaskFact
from app.tables import FIGURE_DECIMALS
from app.tasks.queries import versions as task_versions
from app.units.models import UnitVersion
from app.units.queries import all_units


@dataclass(frozen=True)
class Moment:
    """What a reading is asked for: the world as recorded up to `seq` (None: all), judged at `instant`, up to `until`."""

    instant: datetime
    seq: int | None = None
    until: date | None = None


@dataclass(frozen=True)
class Setting:
    """All that a movement's sheets share."""

    seen: Seen
    registrations: dict[str, Registration]
    cluster_names: dict[str, str]
    rulebooks: dict[str, Rulebook]
    """By cluster; a cluster without one is not scored."""
    calendar: Calendar
    indicators: dict[str, IndicatorTerms]
    tasks: frozenset[str]
    units: dict[str, UnitVersion]
    members: dict[str, list[str]]
    """The units of each cluster, by code."""
    cluster_of: dict[str, str]
    closes_at: datetime
    moment: Moment

    @property
    def plan(self) -> str:
        return self.seen.movement.plan_code

    def rulebook_of(self, unit: str) -> Rulebook | None:
        return self.rulebooks.get(self.cluster_of[unit])


def moment(session: Session, as_of: datetime | None, until: date | None) -> Moment:
    """`as_of` chooses what is known, `until` the end of the period; a deadline counts once it has passed at both."""
    instant = clock.at(session) if as_of is None else min(as_of, clock.at(session))
    seq = None if as_of is None else audit.position_at(session, instant)
    if until is not None:
        instant = min(instant, end_of(until))
    return Moment(instant, seq, until)


def setting(session: Session, movement: str, when: Moment) -> Setting:
    seen = newest(session, movement, when.seq)
    held, registered = clusters(session, movement, when.seq), registrations(session, movement, when.seq)
    cluster_of = {unit: row.cluster_code for unit, row in registered.items()}
    return Setting(
        seen=seen,
        registrations=registered,
        cluster_names={row.code: row.name for row in held},
        rulebooks=in_force(session, movement, [row.code for row in held], clock.local_date(when.instant), when.seq),
        calendar=calendar(session, when.seq),
        indicators=_terms(session, seen, when),
        tasks=frozenset(adopted_tasks(session, movement, when.seq)),
        units=all_units(session, when.seq),
        members=_grouped(cluster_of),
        cluster_of=cluster_of,
        closes_at=closes_at(session, seen, when.seq),
        moment=when,
    )


def _grouped(cluster_of: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for unit in sorted(cluster_of):
        found[cluster_of[unit]].append(unit)
    return found


def _terms(session: Session, seen: Seen, when: Moment) -> dict[str, IndicatorTerms]:
    known = indicator_versions(session, seen.movement.plan_code, when.seq)
    version, found = seen.version, {}
    for code, adopted in adopted_indicators(session, seen.movement.code, when.seq).items():
        row, window_to = known[code], adopted.window_to or version.window_to
        found[code] = IndicatorTerms(
            accumulation=row.accumulation,
            scheme=row.period_scheme,
            report_days=row.report_days,
            window_from=adopted.window_from or version.window_from,
            window_to=window_to if when.until is None else min(window_to, when.until),
        )
    return found


def facts(session: Session, of: Setting, units: Collection[str]) -> dict[str, Facts]:
    """The facts of those `units` that are registered, by code."""
    found = {
        unit: Facts(unit, of.indicators, opens_on=of.units[unit].opens_on, closes_on=of.units[unit].closes_on)
        for unit in units
        if unit in of.registrations
    }
    taken = Taken(of.plan, list(found), of.closes_at, of.moment.seq)
    _add_targets(session, of, found)
    _add_tasks(session, of, found)
    _add_figures(of, found, figures(session, taken))
    _add_completions(of, found, completions(session, taken))
    return found


def marks(session: Session, of: Setting, units: Collection[str]) -> dict[str, Marks]:
    """The newest mark of each node and stage, by unit; one that was taken back is not there."""
    found: dict[str, dict[str, dict[MarkStage, int]]] = {}
    for row in mark_rows(session, of.seen.movement.code, units, of.moment.seq):
        stages = found.setdefault(row.unit_code, {}).setdefault(row.node_code, {})
        stages.pop(row.stage, None)
        if row.points is not None:
            stages[row.stage] = row.points
    return {unit: dict(of_unit) for unit, of_unit in found.items()}


def _add_targets(session: Session, of: Setting, found: dict[str, Facts]) -> None:
    """Oldest first, so a revision takes the place of what it revises."""
    for unit, indicator, kind, figure, last_year in target_figures(session, of.plan, list(found), of.moment.seq):
        if indicator in of.indicators:
            found[unit].targets[indicator, kind] = scaled(figure)
            if kind == TargetKind.ASSIGNED:
                found[unit].last_year[indicator] = 0 if last_year is None else scaled(last_year)


def _add_tasks(session: Session, of: Setting, found: dict[str, Facts]) -> None:
    for code, row in task_versions(session, of.plan, of.moment.seq, leads=list(found)).items():
        if code in of.tasks:
            found[row.lead_code].tasks[code] = TaskFact(row.due_on, row.roll, {})


def _add_figures(of: Setting, found: dict[str, Facts], rows: Collection[Any]) -> None:
    """Oldest first, so a newer claim or acceptance takes the place of the older one."""
    within = {code: _Within(terms.scheme, terms.window_from, terms.window_to) for code, terms in of.indicators.items()}
    for identifier, unit, indicator, reported, figure, is_late, is_accepted in rows:
        if indicator not in within or not within[indicator].holds(reported):
            continue
        one = Reported(scaled(figure), told(identifier), bool(is_late))
        claimed, accepted = found[unit].figures[Basis.CLAIMED], found[unit].figures[Basis.ACCEPTED]
        claimed.setdefault(indicator, {})[reported] = one
        if is_accepted:
            accepted.setdefault(indicator, {})[reported] = one


def _add_completions(of: Setting, found: dict[str, Facts], rows: Collection[Any]) -> None:
    """A completion is judged by the deadline that was in force when it was reported."""
    for identifier, unit, code, completed_on, due_on, is_accepted in rows:
        task = found[unit].tasks.get(code)
        if task is not None and (of.moment.until is None or completed_on <= of.moment.until):
            for basis in BASES[bool(is_accepted)]:
                task.completed[basis] = Completion(completed_on, due_on, told(identifier))


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
