"""The socio-economic table: what each indicator of a unit, or of a branch, comes to by the end of a day."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.calendar.rules import DAY
from app.errors import NotFound
from app.indicators.models import IndicatorVersion
from app.indicators.queries import targets, versions
from app.indicators.rules import Accumulation, Aggregation, TargetKind
from app.plans.models import Plan
from app.plans.queries import year_before as plan_before
from app.policy import Action, Actor
from app.progress.taken import Taken, estimates, figures, synthetic
from app.summaries.rules import Standing, over_by, standing, summed, year_before
from app.units.models import UnitVersion
from app.units.queries import absorbed, all_units, branch, undivided, unit_as_it_stands
from app.units.rules import is_open

Series = tuple[str, str]
"""A unit's code and an indicator's."""


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
    partial: list[str] = field(default_factory=list)
    """Units with a figure to date that lacks a period."""
    one_year_only: list[str] = field(default_factory=list)
    """Units that stand on one side of the comparison with the year before: no share is told."""
    is_synthetic: bool = False
    """Some report that may stand in it."""


def table(session: Session, actor: Actor, plan: Plan, unit: str, until: date, *, is_branch: bool) -> list[Line]:
    """Each indicator of a unit by the end of a day, from accepted figures; of a branch, sums over the units below. By code."""
    unit_as_it_stands(session, unit)
    members = branch(session, unit) - {unit} if is_branch else frozenset({unit})
    if not members or not all(actor.may(Action.FACT_READ, one) for one in members | {unit}):
        raise NotFound
    known, own = versions(session, plan.code), defaultdict[str, dict[TargetKind, Any]](dict)
    for row in targets(session, plan.code, units={unit}):
        own[row.indicator_code][TargetKind(row.kind)] = row
    carried = defaultdict[str, set[str]](set)
    for row in targets(session, plan.code, units=members):
        carried[row.indicator_code].add(row.unit_code)
    there, (merged, parts) = all_units(session), absorbed(session)
    sources = {one: {one} | merged.get(one, set()) for one in members}
    either_year = frozenset[str]().union(*sources.values())
    accepted, made_up = _accepted(session, plan.code, members), synthetic(session, plan.code)
    earlier = _earlier(session, known, plan_before(session, plan), either_year)
    lines = []
    for code in sorted(carried):
        if is_branch and known[code].aggregation is not Aggregation.SUM:
            continue
        units = sorted(undivided(carried[code], there, until))
        seen = _Seen(plan.year, until + DAY, accepted, earlier.get(code, _Accepted()), sources, parts, there)
        line = _line(known[code], units, seen, own[code])
        before = earlier[code].made_up if code in earlier else set()
        line.is_synthetic = any((one, code) in made_up for one in members) or any((one, code) in before for one in either_year)
        lines.append(line)
    return lines


def _earlier(
    session: Session, known: Mapping[str, IndicatorVersion], plans: Collection[Plan], units: Collection[str]
) -> dict[str, "_Accepted"]:
    """By indicator, the figures of the year before; of several plans that measured it alike, the first."""
    found = dict[str, _Accepted]()
    for plan in plans:
        accepted = _accepted(session, plan.code, units)
        accepted.made_up = synthetic(session, plan.code)
        found |= dict.fromkeys(_alike(known, versions(session, plan.code)) - found.keys(), accepted)
    return found


@dataclass
class _Accepted:
    figures: dict[Series, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    estimated: set[tuple[str, str, str]] = field(default_factory=set)
    made_up: set[Series] = field(default_factory=set)


@dataclass(frozen=True)
class _Seen:
    year: int
    day: date
    """The first that is not seen any more."""
    now: _Accepted
    before: _Accepted
    sources: Mapping[str, set[str]]
    """By unit, itself and those that were merged into it."""
    parts: Collection[str]
    """Units to which a part of another went: their year before cannot be told."""
    there: Mapping[str, UnitVersion]

    def is_there(self, unit: str) -> bool:
        return is_open(self.there[unit].opens_on, self.there[unit].closes_on, self.day - DAY)


def _line(indicator: IndicatorVersion, units: list[str], seen: _Seen, own: Mapping[TargetKind, Any]) -> Line:
    code, scheme = indicator.indicator_code, indicator.period_scheme
    periods = over_by(scheme, seen.year, seen.day)
    earlier = [found for one in periods if (found := year_before(scheme, one)) is not None]
    now = {unit: standing(indicator.accumulation, seen.now.figures.get((unit, code), {}), periods) for unit in units}
    either_year = sorted(set[str]().union(*(seen.sources[unit] for unit in units)))
    before = {unit: standing(indicator.accumulation, seen.before.figures.get((unit, code), {}), earlier) for unit in either_year}
    reporting = [unit for unit in units if now[unit].to_date is not None]
    counted = periods if indicator.accumulation is Accumulation.PERIOD_VALUE else periods[-1:]
    return Line(
        indicator=indicator,
        period=periods[-1].code if periods else None,
        now=now[units[0]] if len(units) == 1 else summed(now.values()),
        before=before[either_year[0]] if len(either_year) == 1 else summed(before.values()),
        targets=own,
        reporting=reporting,
        silent=[unit for unit in units if now[unit].to_date is None and seen.is_there(unit)],
        estimated=[unit for unit in units if any((unit, code, one.code) in seen.now.estimated for one in counted)],
        partial=[unit for unit in reporting if now[unit].missing],
        one_year_only=_one_year_only(reporting, {unit for unit, one in before.items() if one.to_date is not None}, seen),
    )


def _one_year_only(now: Collection[str], before: set[str], seen: _Seen) -> list[str]:
    """Which units keep the two years from being compared; none where nothing is known of the year before."""
    covered = set[str]().union(*(seen.sources[unit] for unit in now))
    new = {unit for unit in now if not seen.sources[unit] & before or unit in seen.parts}
    return sorted(new | (before - covered)) if before else []


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
