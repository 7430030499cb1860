"""Indicators: what is measured, how it adds up, and what a figure is worth against its target."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from enum import StrEnum


class Scale(StrEnum):
    """In what a figure is written: 9.278,6 tỷ đồng is 9278.6 with scale billion."""

    ONE = "one"
    THOUSAND = "thousand"
    MILLION = "million"
    BILLION = "billion"


class Accumulation(StrEnum):
    PERIOD_VALUE = "period_value"
    CUMULATIVE = "cumulative"
    POINT_IN_TIME = "point_in_time"


class Comparator(StrEnum):
    """When a target is met: figure ≥ target, figure ≤ target, or done / not done (1 against 1)."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ACHIEVED = "achieved"


class Aggregation(StrEnum):
    """How the figures of several units become one."""

    SUM = "sum"
    RATIO_OF_SUMS = "ratio_of_sums"
    MEAN_OF_RATIOS = "mean_of_ratios"


class TargetKind(StrEnum):
    ASSIGNED = "assigned_target"
    STRETCH = "stretch_target"


class TargetSource(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    OWN = "own"


class Result(StrEnum):
    EXCEEDED = "exceeded"
    MET = "met"
    MISSED = "missed"
    NOT_YET_DUE = "not_yet_due"


DIGITS = 80
"""Enough for any quotient or sum of figures of 30 digits; the default of 28 is not."""


def accumulated(accumulation: Accumulation, figures: Sequence[Decimal]) -> Decimal | None:
    """One figure from those of the periods, oldest first; None when there are none."""
    if not figures:
        return None
    if accumulation is not Accumulation.PERIOD_VALUE:
        return figures[-1]
    with localcontext(prec=DIGITS):
        return sum(figures, Decimal(0))


def aggregated(aggregation: Aggregation, figures: Sequence[Decimal], parts: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """One figure from those of several units, for people: shares to four decimals, halves up.

    `parts` are (numerator, denominator) of the units that gave both. None when there is nothing to add or to divide by.
    """
    with localcontext(prec=DIGITS):
        if aggregation is Aggregation.SUM:
            return sum(figures, Decimal(0)) if figures else None
        above, below = (sum(figures, Decimal(0)), Decimal(len(figures)))
        if aggregation is Aggregation.RATIO_OF_SUMS:
            above, below = sum((100 * n for n, _ in parts), Decimal(0)), sum((d for _, d in parts), Decimal(0))
        return None if below == 0 else (above / below).quantize(Decimal("0.0001"), "ROUND_HALF_UP")


def result(comparator: Comparator, figure: Decimal | None, target: Decimal, *, is_due: bool) -> Result:
    """Vượt / đạt / không đạt / chưa đến kỳ. What is already met may be said before its time; a miss may not."""
    if figure is None:
        return Result.MISSED if is_due else Result.NOT_YET_DUE
    if figure == target:
        return Result.MET
    if comparator is Comparator.ACHIEVED:
        better = figure > target
        return Result.MET if better else (Result.MISSED if is_due else Result.NOT_YET_DUE)
    better = figure > target if comparator is Comparator.AT_LEAST else figure < target
    if better and (is_due or comparator is Comparator.AT_LEAST):
        return Result.EXCEEDED
    return Result.MISSED if is_due else Result.NOT_YET_DUE


def adds_up(aggregation: Aggregation, accumulation: Accumulation) -> bool:
    """Whether the targets of units are parts of one: not shares, nor what is measured at a point in time."""
    return aggregation is Aggregation.SUM and accumulation is not Accumulation.POINT_IN_TIME


def percent_of(figure: Decimal, base: Decimal) -> Decimal | None:
    """For people, to two decimals, halves up; the engine keeps the exact pair. None when the base is not above zero."""
    if base <= 0:
        return None
    with localcontext(prec=DIGITS):
        return (figure * 100 / base).quantize(Decimal("0.01"), "ROUND_HALF_UP")
