"""Measures made of others: sums, ratios, and one number from those of the units below. Pairs stay exact and unreduced."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import reduce

from app.rulebooks.language.compile import edge
from app.rulebooks.language.ground import EDGE
from app.rulebooks.language.terms import ChildrenMeasure, ChildrenWhereMeasure, SumMeasure
from app.scoring.engine.facts import Facts
from app.scoring.engine.sheet import Form, Why
from app.scoring.engine.sitting import Measured, Pair, Sitting, Take, Test

NOTHING_TO_ADD: Why = (Form("nothing-to-add"),)
SUM_OF = Form("sum-of", ("share", "count"))
DIVIDED_BY_NOTHING: Why = (Form("divided-by-nothing"),)
RATIO = Form("ratio", ("above", "below", "share"))
NO_CHILDREN: Why = (Form("no-children"),)
CHILD_MISSING = Form("child-missing", ("unit",))
CHILDREN_WHERE = Form("children-where", ("count", "asked"))
CHILDREN_SHARE = Form("children-share", ("count", "asked", "share"))


def total(measure: SumMeasure, takes: Sequence[Take]) -> Take:
    times = [edge(term.times) for term in measure.terms]

    def take(facts: Facts, sitting: Sitting) -> Measured:
        found, taken = (0, 1), 0
        sources: list[str] = []
        for one, factor in zip(takes, times, strict=True):
            value, why, cited = one(facts, sitting)
            sources += cited
            if isinstance(value, tuple):
                found, taken = _plus(found, (value[0] * factor, value[1] * EDGE)), taken + 1
            elif not measure.without_missing:
                return None, why, tuple(sources)
        if not taken:
            return None, NOTHING_TO_ADD, ()
        return found, (SUM_OF, found, taken), tuple(sources)

    return take


def ratio(factor: Decimal, above: Take, below: Take) -> Take:
    times = edge(factor)

    def take(facts: Facts, sitting: Sitting) -> Measured:
        of, of_why, of_sources = above(facts, sitting)
        to, to_why, to_sources = below(facts, sitting)
        sources = (*of_sources, *to_sources)
        if not isinstance(of, tuple):
            return None, of_why, sources
        if not isinstance(to, tuple):
            return None, to_why, sources
        return (*_divided(times, of, to), sources)

    return take


def ratio_of_sums(measure: ChildrenMeasure, factor: Decimal, above: Take, below: Take) -> Take:
    """All that the units below have above the line, by all that they have below it. A unit that lacks either is left out of both."""
    times = edge(factor)

    def take(facts: Facts, sitting: Sitting) -> Measured:
        tops: list[Pair] = []
        bottoms: list[Pair] = []
        sources: list[str] = []
        for child in facts.children:
            of, _, of_sources = above(child, sitting)
            to, _, to_sources = below(child, sitting)
            sources += (*of_sources, *to_sources)
            if isinstance(of, tuple) and isinstance(to, tuple):
                tops.append(of)
                bottoms.append(to)
            elif not measure.without_missing:
                return None, (CHILD_MISSING, child.unit), tuple(sources)
        if not tops:
            return None, NO_CHILDREN, ()
        return (*_divided(times, _sum(tops), _sum(bottoms)), tuple(sources))

    return take


def _divided(times: int, of: Pair, to: Pair) -> tuple[Pair | None, Why]:
    if to[0] == 0:
        return None, DIVIDED_BY_NOTHING
    sign = 1 if to[0] > 0 else -1
    share = sign * of[0] * to[1] * times, abs(to[0]) * of[1] * EDGE
    return share, (RATIO, of, to, share)


def summed(measure: ChildrenMeasure, of: Take) -> Take:
    join, form = _TAKES[measure.take], Form(f"children-{measure.take}", ("count", "share"))

    def take(facts: Facts, sitting: Sitting) -> Measured:
        values: list[Pair] = []
        sources: list[str] = []
        for child in facts.children:
            value, _, cited = of(child, sitting)
            sources += cited
            if isinstance(value, tuple):
                values.append(value)
            elif not measure.without_missing:
                return None, (CHILD_MISSING, child.unit), tuple(sources)
        if not values:
            return None, NO_CHILDREN, ()
        found = join(values)
        return found, (form, len(values), found), tuple(sources)

    return take


def children_where(measure: ChildrenWhereMeasure, test: Test) -> Take:
    def take(facts: Facts, sitting: Sitting) -> Measured:
        count = sum(test(child, sitting)[0] for child in facts.children)
        asked = len(facts.children)
        if not asked:
            return None, NO_CHILDREN, ()
        if measure.take == "count":
            return (count, 1), (CHILDREN_WHERE, count, asked), ()
        return (count * 100, asked), (CHILDREN_SHARE, count, asked, (count * 100, asked)), ()

    return take


def _plus(one: Pair, other: Pair) -> Pair:
    if one[1] == other[1]:
        return one[0] + other[0], one[1]
    return one[0] * other[1] + other[0] * one[1], one[1] * other[1]


def _sum(values: Sequence[Pair]) -> Pair:
    return reduce(_plus, values)


def _mean(values: Sequence[Pair]) -> Pair:
    numerator, denominator = _sum(values)
    return numerator, denominator * len(values)


def _shares_together(values: Sequence[Pair]) -> Pair:
    """Of shares of a target or of last year: the pairs are unreduced, so their halves are each unit's figure and base."""
    return sum(numerator for numerator, _ in values), sum(denominator for _, denominator in values)


def _least(values: Sequence[Pair]) -> Pair:
    return reduce(lambda found, value: value if value[0] * found[1] < found[0] * value[1] else found, values)


def _most(values: Sequence[Pair]) -> Pair:
    return reduce(lambda found, value: value if value[0] * found[1] > found[0] * value[1] else found, values)


_TAKES: dict[str, Callable[[Sequence[Pair]], Pair]] = {
    "sum": _sum,
    "mean": _mean,
    "ratio_of_sums": _shares_together,
    "least": _least,
    "most": _most,
}
