"""Awards: from an exact number to points, with the arithmetic as a reason. One function per shape, in one table."""

from collections.abc import Callable
from typing import Any

from app.rulebooks.language.awards import Bands, Each, Grades, Proportional, Steps, Strata, Value
from app.rulebooks.language.compile import Place, Rulebook, edge, points
from app.rulebooks.language.ground import EDGE, POINT
from app.scoring.engine.conditions import Takers, holder, told
from app.scoring.engine.facts import Facts
from app.scoring.engine.numbers import rounded
from app.scoring.engine.sheet import Quotient, Reason
from app.scoring.engine.sitting import Sitting

Awarded = tuple[int, tuple[Reason, ...]]
Give = Callable[[Any, Facts, Sitting], Awarded]
"""From a measured value (a `Quotient`, or a grade for `grades`) to points in millionths."""


def giver(award: Any, place: Place, rulebook: Rulebook, takers: Takers) -> Give:
    if isinstance(award, Strata):
        return _strata(award, place, rulebook, takers)
    return _SHAPES[type(award)](award, place)


def _proportional(award: Proportional, place: Place) -> Give:
    assert place.rounding is not None, "checked when the rulebook was compiled"
    standard, full_at, floor = place.standard, edge(award.full_at) or 1, edge(award.floor)
    ceiling = None if award.ceiling is None else Quotient(int(award.ceiling * EDGE), EDGE)
    decimals, mode = place.rounding.decimals, place.rounding.mode

    def give(value: Quotient, _: Facts, __: Sitting) -> Awarded:
        numerator, denominator = value
        if floor is not None and numerator * EDGE < floor * denominator:
            return 0, (Reason("below-floor", (("edge", floor), ("points", 0))),)
        used, slug = value, "proportional"
        if ceiling is not None and numerator * EDGE > ceiling.numerator * denominator:
            used, slug = ceiling, "proportional-at-ceiling"
        found = rounded(standard * used.numerator * EDGE, used.denominator * full_at, decimals, mode)
        return found, (Reason(slug, (("standard_points", standard), ("used", used), ("edge_full", full_at), ("points", found))),)

    return give


def _value(award: Value, place: Place) -> Give:
    assert place.rounding is not None, "checked when the rulebook was compiled"
    times, decimals, mode = edge(award.times) or 0, place.rounding.decimals, place.rounding.mode

    def give(value: Quotient, _: Facts, __: Sitting) -> Awarded:
        found = rounded(value.numerator * times * POINT, value.denominator * EDGE, decimals, mode)
        return found, (Reason("value", (("used", value), ("edge_times", times), ("points", found))),)

    return give


def _bands(award: Bands, _: Place) -> Give:
    bands = []
    for band in award.bands:
        form, edges = told(band)
        gives = points(band.points) or 0
        bands.append((holder(band), gives, Reason(f"band-{form}", (*edges, ("points", gives)))))
    otherwise = points(award.otherwise) or 0
    none = Reason("no-band", (("points", otherwise),))

    def give(value: Quotient, _: Facts, __: Sitting) -> Awarded:
        for holds, gives, reason in bands:
            if holds(value):
                return gives, (reason,)
        return otherwise, (none,)

    return give


def _steps(award: Steps, _: Place) -> Give:
    over, per, each = edge(award.over) or 0, edge(award.per) or 1, points(award.points) or 0
    first, limit, is_started = points(award.first) or 0, points(award.limit), award.counts == "started"

    def give(value: Quotient, _: Facts, __: Sitting) -> Awarded:
        numerator, denominator = value.numerator * EDGE - over * value.denominator, per * value.denominator
        if numerator <= 0:
            return 0, (Reason("steps-none", (("edge_over", over), ("points", 0))),)
        count = -(-numerator // denominator) if is_started else numerator // denominator
        found, is_limited = limited(first + count * each, limit)
        values = (("edge_over", over), ("first_points", first), ("count", count), ("each_points", each), ("points", found))
        return found, (Reason("steps-limited" if is_limited else "steps", values),)

    return give


def _each(award: Each, _: Place) -> Give:
    each, limit = points(award.points) or 0, points(award.limit)

    def give(value: Quotient, _: Facts, __: Sitting) -> Awarded:
        count = max(0, value.numerator // value.denominator)
        found, is_limited = limited(count * each, limit)
        return found, (Reason("each-limited" if is_limited else "each", (("count", count), ("each_points", each), ("points", found))),)

    return give


def _grades(award: Grades, _: Place) -> Give:
    by_grade, otherwise = {one.grade: points(one.points) or 0 for one in award.grades}, points(award.otherwise) or 0

    def give(value: str, _: Facts, __: Sitting) -> Awarded:
        found = by_grade.get(value, otherwise)
        return found, (Reason("by-grade", (("grade", value), ("points", found))),)

    return give


def _strata(award: Strata, place: Place, rulebook: Rulebook, takers: Takers) -> Give:
    take, otherwise = takers(award.by, rulebook), points(award.otherwise) or 0
    strata = [(holder(stratum), giver(stratum.award, place, rulebook, takers)) for stratum in award.strata]

    def give(value: Quotient, facts: Facts, sitting: Sitting) -> Awarded:
        by = take(facts, sitting).value
        if isinstance(by, Quotient):
            for holds, inner in strata:
                if holds(by):
                    found, reasons = inner(value, facts, sitting)
                    return found, (Reason("stratum", (("stratum", by),)), *reasons)
        return otherwise, (Reason("no-stratum", (("points", otherwise),)),)

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
