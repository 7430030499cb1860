"""Which reports are expected, and what became of them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from app import clock
from app.calendar.queries import calendar
from app.calendar.rules import DAY, Calendar, end_of
from app.indicators.queries import targets, versions
from app.plans.models import Plan
from app.policy import Action, Actor
from app.progress.taken import Taken, excused, figures, last_days, returned, synthetic
from app.summaries.rules import Expected, ReportState, due_on, over_by
from app.units.queries import all_units, undivided
from app.units.rules import is_open

Series = tuple[str, str]
"""A unit's code and an indicator's."""


def expected(session: Session, actor: Actor, plan: Plan) -> list[Expected]:
    """Every report that is expected of units within reach: a target stands and no unit directly below carried it on, the unit was there
    to the last day on which it may be sent, the period of the plan's year is over and ended no earlier than the target says.
    """
    units, days, today, instant = actor.units_for(Action.FACT_READ), calendar(session), clock.today(session), clock.at(session)
    known, there, back = versions(session, plan.code), all_units(session), returned(session, plan.code)
    are_supplied = any(one.supplier_code for one in known.values())
    came, made_up = _received(session, plan.code, None if are_supplied else units, days), synthetic(session, plan.code)
    found, series = [], _series(session, plan.code)
    carriers = _carriers(series)  # whoever reads: also by units out of their reach
    for (unit, code), carried in sorted(series.items()):
        indicator, row = known[code], there[unit]
        by = indicator.supplier_code or unit
        if units is not None and by not in units:
            continue
        asked = [(one, due_on(one, indicator.report_days, days)) for one in over_by(indicator.period_scheme, plan.year, today)]
        periods = [
            (one, last)
            for one, last in asked
            if one.ends > carried.begins_on
            and is_open(row.opens_on, row.closes_on, one.ends - DAY)
            and is_open(row.opens_on, row.closes_on, last)
            and unit in undivided(carriers[code], there, one.ends - DAY)
        ]
        for one, computed in periods:
            is_timely, last = came.get((unit, code, one.code), (None, computed))
            is_due = instant >= end_of(last)
            found.append(
                Expected(
                    unit=unit,
                    indicator=code,
                    period=one.code,
                    due_on=last,
                    state=_state(is_timely, is_due=is_due),
                    is_due=is_due,
                    is_newest=one == periods[-1][0],
                    is_back=is_timely is None and (unit, code, one.code) in back,
                    by=by,
                    is_synthetic=carried.is_synthetic or (unit, code) in made_up,
                )
            )
    return found


class _Carried(NamedTuple):
    """What the targets of a unit for an indicator say together."""

    begins_on: date = date.max
    """The earliest day from which one of them is reported."""
    is_synthetic: bool = False


def _series(session: Session, plan: str) -> dict[Series, _Carried]:
    found = defaultdict[Series, _Carried](_Carried)
    for target in targets(session, plan):
        key = target.unit_code, target.indicator_code
        begins_on = min(found[key].begins_on, target.reported_from or date.min)
        found[key] = _Carried(begins_on, found[key].is_synthetic or target.is_synthetic)
    return found


def _state(is_timely: bool | None, *, is_due: bool) -> ReportState:
    """`is_timely` is None where nothing is here."""
    if is_timely is None:
        return ReportState.OVERDUE if is_due else ReportState.AWAITED
    return ReportState.ON_TIME if is_timely else ReportState.LATE


def _received(session: Session, plan: str, units: Collection[str] | None, days: Calendar) -> dict[tuple[str, str, str], tuple[bool, date]]:
    """By unit, indicator and period, whether a report that waits or was accepted came in time, and by which last day that was judged:
    a deadline that is moved later, but for an outage, changes nothing of what is here.
    """
    taken = Taken(plan, units)
    late_all_the_same, last = excused(session, taken, days), last_days(session, taken)
    found = dict[tuple[str, str, str], tuple[bool, date]]()
    for identifier, unit, indicator, period, _, is_late, *_ in figures(session, taken):
        key, is_timely = (unit, indicator, period), not is_late or identifier in late_all_the_same
        found[key] = (found.get(key, (False,))[0] or is_timely, days.moved(last[identifier]))
    return found


def _carriers(series: Collection[Series]) -> dict[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    for unit, code in series:
        found[code].add(unit)
    return found
