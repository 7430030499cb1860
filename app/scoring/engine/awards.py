"""Awards: from an exact number to points, with the arithmetic as a reason. One function per shape, in one table."""

from collections.abc import Callable
from typing import Any

from app.rulebooks.language.awards import Bands, Each, Grades, Proportional, Steps, Strata, Value
from app.rulebooks.language.compile import Place, Rulebook, edge, points
from app.rulebooks.language.ground import EDGE, POINT
from app.scoring.engine.conditions import Takers, holder, told
from app.scoring.engine.facts import Facts
from app.scoring.engine.numbers import rounder
from app.scoring.engine.sheet import Form, Why
from app.scoring.engine.sitting import Pair, Sitting

Awarded = tuple[int, tuple[Why, ...]]
Give = Callable[[Any, Facts, Sitting], Awarded]
"""From a measured value (an exact pair, or a grade for `grades`) to points in millionths."""


def giver(award: Any, place: Place, rulebook: Rulebook, takers: Takers) -> Give:
    if isinstance(award, Strata):
        return _strata(award, place, rulebook, takers)
    return _SHAPES[type(award)](award, place)


BELOW_FLOOR = Form("below-floor", ("edge", "points"))
PROPORTIONAL = Form("proportional", ("standard_points", "used", "edge_full", "points"))
AT_CEILING = Form("proportional-at-ceiling", PROPORTIONAL.names)


def _proportional(award: Proportional, place: Place) -> Give:
    assert place.rounding is not None, "checked when the rulebook was compiled"
    standard, full_at, floor = place.standard, edge(award.full_at), edge(award.floor)
    ceiling = edge(award.ceiling)
    rounded, times = rounder(place.rounding.decimals, place.rounding.mode), standard * EDGE

    def give(value: Pair, _: Facts, __: Sitting) -> Awarded:
        numerator, denominator = value
        scaled = numerator * EDGE
        if floor is not None and scaled < floor * denominator:
            return 0, ((BELOW_FLOOR, floor, 0),)
        if ceiling is not None and scaled > ceiling * denominator:
            found = rounded(standard * ceiling, full_at)
            return found, ((AT_CEILING, standard, (ceiling, EDGE), full_at, found),)
        found = rounded(numerator * times, denominator * full_at)
        return found, ((PROPORTIONAL, standard, value, full_at, found),)

    return give


VALUE = Form("value", ("used", "edge_times", "points"))


def _value(award: Value, place: Place) -> Give:
    assert place.rounding is not None, "checked when the rulebook was compiled"
    times, rounded = edge(award.times), rounder(place.rounding.decimals, place.rounding.mode)

    def give(value: Pair, _: Facts, __: Sitting) -> Awarded:
        found = rounded(value[0] * times * POINT, value[1] * EDGE)
        return found, ((VALUE, value, times, found),)

    return give


def _bands(award: Bands, _: Place) -> Give:
    bands = []
    for band in award.bands:
        form, edges = told(band)
        gives = points(band.points)
        why: Why = (Form(f"band-{form}", (*edges, "points")), *edges.values(), gives)
        bands.append((holder(band), (gives, (why,))))
    otherwise = points(award.otherwise)
    none: Awarded = otherwise, ((Form("no-band", ("points",)), otherwise),)

    def give(value: Pair, _: Facts, __: Sitting) -> Awarded:
        for holds, awarded in bands:
            if holds(value):
                return awarded
        return none

    return give


STEPS_NONE = Form("steps-none", ("edge_over", "points"))
STEPS = Form("steps", ("edge_over", "first_points", "count", "each_points", "points"))
STEPS_LIMITED = Form("steps-limited", STEPS.names)


def _steps(award: Steps, _: Place) -> Give:
    over, per, each = edge(award.over), edge(award.per), points(award.points)
    first, limit, is_started = points(award.first) or 0, points(award.limit), award.counts == "started"
    none: Awarded = 0, ((STEPS_NONE, over, 0),)

    def give(value: Pair, _: Facts, __: Sitting) -> Awarded:
        numerator, denominator = value[0] * EDGE - over * value[1], per * value[1]
        if numerator <= 0:
            return none
        count = -(-numerator // denominator) if is_started else numerator // denominator
        found, is_limited = limited(first + count * each, limit)
        return found, ((STEPS_LIMITED if is_limited else STEPS, over, first, count, each, found),)

    return give


EACH = Form("each", ("count", "each_points", "points"))
EACH_LIMITED = Form("each-limited", EACH.names)


def _each(award: Each, _: Place) -> Give:
    each, limit = points(award.points), points(award.limit)

    def give(value: Pair, _: Facts, __: Sitting) -> Awarded:
        count = max(0, value[0] // value[1])
        found, is_limited = limited(count * each, limit)
        return found, ((EACH_LIMITED if is_limited else EACH, count, each, found),)

    return give


BY_GRADE = Form("by-grade", ("grade", "points"))


def _grades(award: Grades, _: Place) -> Give:
    by_grade, otherwise = {one.grade: points(one.points) for one in award.grades}, points(award.otherwise)

    def give(value: str, _: Facts, __: Sitting) -> Awarded:
        found = by_grade.get(value, otherwise)
        return found, ((BY_GRADE, value, found),)

    return give


STRATUM = Form("stratum", ("stratum",))


def _strata(award: Strata, place: Place, rulebook: Rulebook, takers: Takers) -> Give:
    take, otherwise = takers(award.by, rulebook), points(award.otherwise)
    strata = [(holder(stratum), giver(stratum.award, place, rulebook, takers)) for stratum in award.strata]
    none: Awarded = otherwise, ((Form("no-stratum", ("points",)), otherwise),)

    def give(value: Pair, facts: Facts, sitting: Sitting) -> Awarded:
        by = take(facts, sitting)[0]
        if isinstance(by, tuple):
            for holds, inner in strata:
                if holds(by):
                    found, whys = inner(value, facts, sitting)
                    return found, ((STRATUM, by), *whys)
        return none

    return give


def limited(found: int, limit: int | None) -> tuple[int, bool]:
    """Held between -limit and limit, and whether that changed it."""
    if limit is None or abs(found) <= limit:
        return found, False
    return (limit if found > 0 else -limit), True


_SHAPES: dict[type, Callable[[Any, Place], Give]] = {
    Proportional: _proportional,
    Value: _value,
    Bands: _bands,
    Steps: _steps,
    Each: _each,
    Grades: _grades,
}
