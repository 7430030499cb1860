"""Awards: from an exact number to points, with the arithmetic as a reason. One function per shape, in one table."""

from collections.abc import Callable
from typing import Any

from app.rulebooks.language.compile import EDGE, Band, Bands, Each, Item, Proportional, Steps
from app.scoring.engine.numbers import rounded
from app.scoring.engine.sheet import Quotient, Reason

Awarded = tuple[int, Reason]
Give = Callable[[Quotient], Awarded]


def giver(item: Item) -> Give:
    return _SHAPES[type(item.award)](item, item.award)


def _proportional(item: Item, award: Proportional) -> Give:
    standard, full_at = item.standard, award.full_at
    ceiling = None if award.ceiling is None else Quotient(award.ceiling, EDGE)

    def give(value: Quotient) -> Awarded:
        numerator, denominator = value
        if award.floor is not None and numerator * EDGE < award.floor * denominator:
            return 0, Reason("below-floor", (("edge", award.floor), ("points", 0)))
        used, slug = value, "proportional"
        if ceiling is not None and numerator * EDGE > ceiling.numerator * denominator:
            used, slug = ceiling, "proportional-at-ceiling"
        points = rounded(standard * used.numerator * EDGE, used.denominator * full_at, item.decimals, item.mode)
        return points, Reason(slug, (("standard_points", standard), ("used", used), ("edge_full", full_at), ("points", points)))

    return give


def _bands(_item: Item, award: Bands) -> Give:
    told = [(band, band.points, _told(band)) for band in award.bands]
    otherwise = Reason("no-band", (("points", award.otherwise),))

    def give(value: Quotient) -> Awarded:
        for band, points, reason in told:
            if _holds(band, value):
                return points, reason
        return award.otherwise, otherwise

    return give


def _holds(band: Band, value: Quotient) -> bool:
    """By cross-multiplication: an edge is reached exactly or not at all."""
    scaled, denominator = value.numerator * EDGE, value.denominator
    if band.low is not None:
        low = band.low * denominator
        if scaled < low or (band.low_open and scaled == low):
            return False
    if band.high is not None:
        high = band.high * denominator
        if scaled > high or (band.high_open and scaled == high):
            return False
    return True


def _told(band: Band) -> Reason:
    low = (("sign_low", ">" if band.low_open else "≥"), ("edge_low", band.low)) if band.low is not None else ()
    high = (("sign_high", "<" if band.high_open else "≤"), ("edge_high", band.high)) if band.high is not None else ()
    slug = {(True, True): "band-between", (True, False): "band-above", (False, True): "band-below", (False, False): "band-any"}
    return Reason(slug[bool(low), bool(high)], (*low, *high, ("points", band.points)))


def _steps(_item: Item, award: Steps) -> Give:
    def give(value: Quotient) -> Awarded:
        numerator = value.numerator * EDGE - award.over * value.denominator
        denominator = award.per * value.denominator
        count = 0 if numerator <= 0 else (-(-numerator // denominator) if award.started else numerator // denominator)
        points, limited = _limited(count * award.points, award.limit)
        values = (("edge_over", award.over), ("count", count), ("each_points", award.points), ("points", points))
        return points, Reason("steps-limited" if limited else "steps", values)

    return give


def _each(_item: Item, award: Each) -> Give:
    def give(value: Quotient) -> Awarded:
        count = value.numerator // value.denominator
        points, limited = _limited(count * award.points, award.limit)
        return points, Reason("each-limited" if limited else "each", (("count", count), ("each_points", award.points), ("points", points)))

    return give


def _limited(points: int, limit: int | None) -> tuple[int, bool]:
    if limit is None or abs(points) <= limit:
        return points, False
    return (limit if points > 0 else -limit), True


_SHAPES: dict[type, Callable[[Item, Any], Give]] = {Proportional: _proportional, Bands: _bands, Steps: _steps, Each: _each}
