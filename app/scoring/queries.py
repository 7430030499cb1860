"""What a movement's sheets share, and the marks that were put."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app import clock
from app.audit import queries as audit
from app.calendar.queries import calendar
from app.calendar.rules import Calendar, end_of
from app.indicators.queries import versions as indicator_versions
from app.marks.queries import marks as mark_rows
from app.marks.rules import MarkStage
from app.movements.models import Registration
from app.movements.queries import Seen, adopted_indicators, adopted_tasks, closes_at, clusters, newest, registrations
from app.plans.queries import open_plan
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.needs import Needs, needs, together
from app.rulebooks.queries import in_force
from app.scoring.engine.facts import IndicatorTerms, Marks
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
    needs: Needs
    """What those rulebooks take, together."""
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

    @property
    def day(self) -> date:
        """On which units have to be there: that of the reading, or the last that the movement takes; what is closed later was there."""
        read_on = clock.local_date(self.moment.instant)
        return min(read_on, self.seen.version.closes_on, self.moment.until or read_on)

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
    rulebooks = in_force(session, movement, [row.code for row in held], clock.local_date(when.instant), when.seq)
    return Setting(
        seen=seen,
        registrations=registered,
        cluster_names={row.code: row.name for row in held},
        rulebooks=rulebooks,
        needs=together(needs(one) for one in rulebooks.values()),
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
    known, year = indicator_versions(session, seen.movement.plan_code, when.seq), open_plan(session, seen.movement.plan_code).year
    version, found = seen.version, {}
    for code, adopted in adopted_indicators(session, seen.movement.code, when.seq).items():
        row = known[code]
        starts, ends = _in_the_year(year, adopted.window_from or version.window_from, adopted.window_to or version.window_to)
        found[code] = IndicatorTerms(
            accumulation=row.accumulation,
            scheme=row.period_scheme,
            report_days=row.report_days,
            window_from=starts,
            window_to=ends if when.until is None else min(ends, when.until),
            is_supplied=row.supplier_code is not None,
        )
    return found


def _in_the_year(year: int, starts: date, ends: date) -> tuple[date, date]:
    """Only periods that end in the plan's year are reported. A window of another year stays as it is: adoption has warned of it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return (max(starts, first), min(ends, last)) if starts <= last and first <= ends else (starts, ends)


def marks(session: Session, of: Setting, units: Collection[str]) -> dict[str, Marks]:
    """The newest mark of each node and stage, by unit; one that was taken back is not there."""
    found: dict[str, dict[str, dict[MarkStage, int]]] = {}
    for row in mark_rows(session, of.seen.movement.code, units, of.moment.seq):
        stages = found.setdefault(row.unit_code, {}).setdefault(row.node_code, {})
        stages.pop(row.stage, None)
        if row.points is not None:
            stages[row.stage] = row.points
    return {unit: dict(of_unit) for unit, of_unit in found.items()}
