"""Results of indicators, from accepted reports. Lower chapters hold only the pure rule."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app import clock
from app.errors import NotFound
from app.indicators.models import IndicatorVersion
from app.indicators.queries import targets, versions
from app.indicators.rules import Aggregation, Result, TargetKind, accumulated, aggregated, percent_of, result
from app.plans.models import Plan
from app.policy import Action, Actor
from app.progress.taken import Taken, figures, synthetic
from app.units.queries import all_units, branch, undivided


@dataclass(frozen=True)
class IndicatorResult:
    target: Any
    """A row of `Target`."""
    indicator: IndicatorVersion
    figure: Decimal | None
    """What was accepted, added up as the indicator says."""
    result: Result
    percent_of_target: Decimal | None
    percent_of_last_year: Decimal | None
    is_synthetic: bool
    """The target, or some report."""


def indicator_results(session: Session, actor: Actor, plan: Plan) -> list[IndicatorResult]:
    """Every target within reach, by unit and indicator."""
    units = actor.units_for(Action.FACT_READ)
    known, figures = versions(session, plan.code), _accepted_figures(session, plan.code, units)
    year_ends, found, made_up = date(plan.year + 1, 1, 1), list[IndicatorResult](), synthetic(session, plan.code)
    for target in sorted(targets(session, plan.code, units=units), key=lambda row: (row.unit_code, row.indicator_code, row.kind)):
        indicator = known[target.indicator_code]
        reported = figures[target.unit_code, target.indicator_code]
        figure = _figure(indicator, reported)
        is_due = clock.today(session) >= (indicator.evaluated_on or year_ends)
        is_synthetic = target.is_synthetic or (target.unit_code, target.indicator_code) in made_up
        found.append(_judged(target, indicator, figure, is_due=is_due, is_synthetic=is_synthetic))
    return found


def _judged(target: Any, indicator: IndicatorVersion, figure: Decimal | None, *, is_due: bool, is_synthetic: bool) -> IndicatorResult:
    return IndicatorResult(
        target=target,
        indicator=indicator,
        figure=figure,
        result=result(indicator.comparator, figure, target.figure, is_due=is_due),
        percent_of_target=None if figure is None else percent_of(figure, target.figure),
        percent_of_last_year=None if figure is None or target.last_year is None else percent_of(figure, target.last_year),
        is_synthetic=is_synthetic,
    )


@dataclass(frozen=True)
class BranchResult:
    indicator: IndicatorVersion
    target: Any
    """The unit's own assigned target, or None."""
    figure: Decimal | None
    percent_of_target: Decimal | None
    reporting: list[str]
    """The units below whose figures stand in it."""
    silent: list[str]
    """Those below that have a target and no accepted figure."""
    needs_parts: bool
    """A share of sums whose numerator and denominator nobody named: there is nothing to divide."""
    is_synthetic: bool = False
    """The indicator, the target, or some report that stands in it."""


def branch_results(session: Session, actor: Actor, plan: Plan, unit: str) -> list[BranchResult]:
    """Each indicator that units below `unit` carry, added up as it says; `NotFound` unless the whole branch is within reach."""
    below = branch(session, unit) - {unit}
    if not below or not all(actor.may(Action.FACT_READ, one) for one in below | {unit}):
        raise NotFound
    known, figures = versions(session, plan.code), _accepted_figures(session, plan.code, below)
    carried: dict[str, set[str]] = defaultdict(set)
    for target in targets(session, plan.code, units=below):
        carried[target.indicator_code].add(target.unit_code)
    own = {row.indicator_code: row for row in targets(session, plan.code, units=[unit]) if row.kind == TargetKind.ASSIGNED}

    def of(code: str | None) -> dict[str, Decimal]:
        found = {one: _figure(known[code], figures[one, code]) for one in below} if code is not None else {}
        return {one: figure for one, figure in found.items() if figure is not None}

    made_up, added = synthetic(session, plan.code), []
    there, today = all_units(session), clock.today(session)
    for code in sorted(carried):
        one = _added_up(known[code], own.get(code), sorted(undivided(carried[code], there, today)), of)
        by_parts = {known[code].numerator_code, known[code].denominator_code, code}
        is_synthetic = any((member, named) in made_up for member in one.reporting for named in by_parts if named is not None)
        added.append(replace(one, is_synthetic=is_synthetic))
    return added


def _added_up(indicator: IndicatorVersion, target: Any, units: list[str], of: Callable[[str | None], dict[str, Decimal]]) -> BranchResult:
    figures, above, under = of(indicator.indicator_code), of(indicator.numerator_code), of(indicator.denominator_code)
    parts = {unit: (above[unit], under[unit]) for unit in units if unit in above and unit in under}
    by_parts = indicator.aggregation is Aggregation.RATIO_OF_SUMS and indicator.numerator_code is not None
    given = parts if by_parts else figures
    figure = aggregated(indicator.aggregation, [figures[unit] for unit in units if unit in figures], list(parts.values()))
    return BranchResult(
        indicator=indicator,
        target=target,
        figure=figure,
        percent_of_target=None if figure is None or target is None else percent_of(figure, target.figure),
        reporting=[unit for unit in units if unit in given],
        silent=[unit for unit in units if unit not in given],
        needs_parts=indicator.aggregation is Aggregation.RATIO_OF_SUMS and not by_parts,
    )


def _figure(indicator: IndicatorVersion, reported: dict[str, Decimal]) -> Decimal | None:
    return accumulated(indicator.accumulation, [reported[code] for code in sorted(reported)])


def _accepted_figures(session: Session, plan: str, units: Collection[str] | None) -> dict[tuple[str, str], dict[str, Decimal]]:
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for _, unit, indicator, reported, figure, _, instead, is_accepted in figures(session, Taken(plan, units)):
        if is_accepted:
            found[unit, indicator][reported] = Decimal(figure if instead is None else instead)
    return found
