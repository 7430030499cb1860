"""Which reports are expected, and what became of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from sqlmodel import Session

from app import clock
from app.calendar.queries import calendar
from app.calendar.rules import DAY, Calendar, end_of
from app.indicators.queries import targets, versions
from app.plans.models import Plan
from app.policy import Action, Actor
from app.progress.taken import Taken, excused, figures, returned, senders, synthetic
from app.summaries.rules import Expected, ReportState, due_on, over_by
from app.units.models import UnitVersion
from app.units.queries import all_units, undivided
from app.units.rules import is_open

Series = tuple[str, str]
"""A unit's code and an indicator's."""


def expected(session: Session, actor: Actor, plan: Plan) -> list[Expected]:
    """Every report that is expected of units within reach: a target stands and no unit directly below carried it on, the unit was there
    to the last day on which it may be sent, the period of the plan's year is over and ended no earlier than the target says.

    What is here is its sender's; what is not, is whoever's that sends such reports now.
    """
    units, days, today, instant = actor.units_for(Action.FACT_READ), calendar(session), clock.today(session), clock.at(session)
    known, there, back = versions(session, plan.code), all_units(session), returned(session, plan.code)
    came, made_up = _received(session, plan.code, days), synthetic(session, plan.code)
    found, series = [], _series(session, plan.code)
    owing = cache(partial(_owing, series, there))  # whoever reads: also of units out of their reach
    for (unit, code), carried in sorted(series.items()):
        indicator, row = known[code], there[unit]
        asked = [(one, due_on(one, indicator.report_days, days)) for one in over_by(indicator.period_scheme, plan.year, today)]
        periods = [
            (one, last)
            for one, last in asked
            if unit in owing(code, one.ends)
            and is_open(row.opens_on, row.closes_on, one.ends - DAY)
            and is_open(row.opens_on, row.closes_on, last)
        ]
        for one, computed in periods:
            here = came.get((unit, code, one.code), _Here(None, computed, indicator.supplier_code or unit))
            if units is not None and here.by not in units:
                continue
            is_due = instant >= end_of(here.due_on)
            found.append(
                Expected(
                    unit=unit,
                    indicator=code,
                    period=one.code,
                    due_on=here.due_on,
                    state=_state(here.is_timely, is_due=is_due),
                    is_due=is_due,
                    is_newest=one == periods[-1][0],
                    is_back=here.is_timely is None and (unit, code, one.code) in back,
                    by=here.by,
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


class _Here(NamedTuple):
    is_timely: bool | None
    """None where nothing is here."""
    due_on: date
    by: str
    """Who sent it, or is to."""


def _received(session: Session, plan: str, days: Calendar) -> dict[tuple[str, str, str], _Here]:
    """By unit, indicator and period, whether a report that waits or was accepted came in time, and by which last day that was judged:
    a deadline that is moved later, but for an outage, changes nothing of what is here.
    """
    taken, found = Taken(plan), dict[tuple[str, str, str], _Here]()
    late_all_the_same, sent = excused(session, taken, days), senders(session, taken)
    for identifier, unit, indicator, period, _, is_late, *_ in figures(session, taken):
        key, is_timely = (unit, indicator, period), not is_late or identifier in late_all_the_same
        due_on, by = sent[identifier]
        found[key] = _Here(is_timely or (key in found and bool(found[key].is_timely)), days.moved(due_on), by)
    return found


def _owing(series: Mapping[Series, _Carried], there: Mapping[str, UnitVersion], code: str, ends: date) -> Collection[str]:
    """Who reports an indicator for a period that ends before `ends`: those that carry it by then, and no unit below them does."""
    carriers = {unit for (unit, of), carried in series.items() if of == code and ends > carried.begins_on}
    return undivided(carriers, there, ends - DAY)
