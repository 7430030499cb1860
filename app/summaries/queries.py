from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app import clock
from app.calendar.queries import calendar
from app.calendar.rules import DAY, end_of
from app.errors import NotFound
from app.indicators.models import IndicatorVersion
from app.indicators.queries import targets, versions
from app.indicators.rules import Aggregation, TargetKind
from app.plans.models import Plan
from app.plans.queries import year_before as plan_before
from app.policy import Action, Actor
from app.progress.taken import Taken, estimates, excused, figures, returned, synthetic
from app.summaries.rules import Expected, ReportState, Standing, due_on, over_by, standing, summed, year_before
from app.units.queries import all_units, branch
from app.units.rules import is_open

Series = tuple[str, str]
"""A unit's code and an indicator's."""


def expected(session: Session, actor: Actor, plan: Plan) -> list[Expected]:
    """Every report that is expected of units within reach: a target stands and no unit directly below carries it on, the unit was there,
    the period of the plan's year is over.
    """
    units, days, today, instant = actor.units_for(Action.FACT_READ), calendar(session), clock.today(session), clock.at(session)
    known, there, came, back = (
        versions(session, plan.code),
        all_units(session),
        _received(session, plan.code, units),
        returned(session, plan.code),
    )
    found, made_up, carried = [], synthetic(session, plan.code), defaultdict[Series, bool](bool)
    for target in targets(session, plan.code):
        carried[target.unit_code, target.indicator_code] |= target.is_synthetic
    divided = {(there[unit].parent_code, code) for unit, code in carried}  # whoever reads: also by units out of their reach
    for unit, code in sorted(series for series in carried.keys() - divided if units is None or series[0] in units):
        indicator, row = known[code], there[unit]
        periods = [
            one for one in over_by(indicator.period_scheme, plan.year, today) if is_open(row.opens_on, row.closes_on, one.ends - DAY)
        ]
        for one in periods:
            last, is_timely = due_on(one, indicator.report_days, days), came.get((unit, code, one.code))
            is_due = instant >= end_of(last)
            found.append(
                Expected(
                    unit=unit,
                    indicator=code,
                    period=one.code,
                    due_on=last,
                    state=_state(is_timely, is_due=is_due),
                    is_due=is_due,
                    is_newest=one == periods[-1],
                    is_back=is_timely is None and (unit, code, one.code) in back,
                    is_synthetic=carried[unit, code] or (unit, code) in made_up,
                )
            )
    return found


def _state(is_timely: bool | None, *, is_due: bool) -> ReportState:
    """`is_timely` is None where nothing is here."""
    if is_timely is None:
        return ReportState.OVERDUE if is_due else ReportState.AWAITED
    return ReportState.ON_TIME if is_timely else ReportState.LATE


def _received(session: Session, plan: str, units: Collection[str] | None) -> dict[tuple[str, str, str], bool]:
    """By unit, indicator and period, whether a report that waits or was accepted came in time."""
    taken = Taken(plan, units)
    late_all_the_same, found = excused(session, taken, calendar(session)), dict[tuple[str, str, str], bool]()
    for identifier, unit, indicator, period, _, is_late, *_ in figures(session, taken):
        key, is_timely = (unit, indicator, period), not is_late or identifier in late_all_the_same
        found[key] = found.get(key, False) or is_timely
    return found


@dataclass
class Line:
    """One indicator in the socio-economic table of a unit."""

    indicator: IndicatorVersion
    period: str | None
    """The newest that is over; None before the first."""
    now: Standing
    before: Standing
    """At the same period of the year before, by the plan of that year."""
    targets: Mapping[TargetKind, Any]
    """The unit's own."""
    reporting: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    estimated: list[str] = field(default_factory=list)
    """Units whose figure is an estimate still."""
    is_synthetic: bool = False
    """Some report that may stand in it."""


def table(session: Session, actor: Actor, plan: Plan, unit: str, until: date, *, is_branch: bool) -> list[Line]:
    """Each indicator of a unit by the end of a day, from accepted figures; of a branch, sums over the units below. By code."""
    members = branch(session, unit) - {unit} if is_branch else frozenset({unit})
    if not members or not all(actor.may(Action.FACT_READ, one) for one in members | {unit}):
        raise NotFound
    known, own = versions(session, plan.code), defaultdict[str, dict[TargetKind, Any]](dict)
    for row in targets(session, plan.code, units={unit}):
        own[row.indicator_code][TargetKind(row.kind)] = row
    carried = defaultdict[str, set[str]](set)
    for row in targets(session, plan.code, units=members):
        carried[row.indicator_code].add(row.unit_code)
    accepted, last_plan = _accepted(session, plan.code, members), plan_before(session, plan)
    earlier = _accepted(session, last_plan.code, members) if last_plan is not None else _Accepted()
    made_up = synthetic(session, plan.code)
    comparable = _alike(known, versions(session, last_plan.code)) if last_plan is not None else frozenset[str]()
    lines = [
        _line(
            known[code],
            sorted(carried[code]),
            _Seen(plan.year, until + DAY, accepted, earlier if code in comparable else _Accepted()),
            own[code],
        )
        for code in sorted(carried)
        if not is_branch or known[code].aggregation is Aggregation.SUM
    ]
    for line in lines:
        line.is_synthetic = any((one, line.indicator.indicator_code) in made_up for one in members)
    return lines


@dataclass
class _Accepted:
    figures: dict[Series, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    estimated: set[tuple[str, str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class _Seen:
    year: int
    day: date
    """The first that is not seen any more."""
    now: _Accepted
    before: _Accepted


def _line(indicator: IndicatorVersion, units: list[str], seen: _Seen, own: Mapping[TargetKind, Any]) -> Line:
    code, scheme = indicator.indicator_code, indicator.period_scheme
    periods = over_by(scheme, seen.year, seen.day)
    earlier = [found for one in periods if (found := year_before(scheme, one)) is not None]
    now = {unit: standing(indicator.accumulation, seen.now.figures.get((unit, code), {}), periods) for unit in units}
    before = [standing(indicator.accumulation, seen.before.figures.get((unit, code), {}), earlier) for unit in units]
    is_one = len(units) == 1
    return Line(
        indicator=indicator,
        period=periods[-1].code if periods else None,
        now=now[units[0]] if is_one else summed(now.values()),
        before=before[0] if is_one else summed(before),
        targets=own,
        reporting=[unit for unit in units if now[unit].to_date is not None],
        silent=[unit for unit in units if now[unit].to_date is None],
        estimated=[unit for unit in units if any((unit, code, one.code) in seen.now.estimated for one in periods)],
    )


def _accepted(session: Session, plan: str, units: Collection[str]) -> _Accepted:
    found, guessed = _Accepted(), estimates(session, plan)
    for identifier, unit, indicator, period, figure, _, instead, is_accepted in figures(session, Taken(plan, units)):
        if is_accepted:
            found.figures[unit, indicator][period] = Decimal(figure if instead is None else instead)
            (found.estimated.add if identifier in guessed else found.estimated.discard)((unit, indicator, period))
    return found


def _alike(now: Mapping[str, IndicatorVersion], before: Mapping[str, IndicatorVersion]) -> frozenset[str]:
    """Indicators that were measured the year before as they are now."""
    same = ("unit_of_measure", "scale", "accumulation", "period_scheme")
    return frozenset(code for code in now.keys() & before.keys() if all(getattr(now[code], n) == getattr(before[code], n) for n in same))
