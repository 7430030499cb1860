"""Measures made of others: sums, ratios, and one number from those of the units below. Pairs stay exact and unreduced."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from app.rulebooks.language.compile import edge
from app.rulebooks.language.ground import EDGE
from app.rulebooks.language.terms import ChildrenMeasure, ChildrenWhereMeasure, SumMeasure
from app.scoring.engine.facts import Facts
from app.scoring.engine.sheet import Quotient, Reason
from app.scoring.engine.sitting import Measured, Sitting, Take, Test


def total(measure: SumMeasure, takes: Sequence[Take]) -> Take:
    times = [edge(term.times) or 0 for term in measure.terms]

    def take(facts: Facts, sitting: Sitting) -> Measured:
        found, taken = Quotient(0, 1), 0
        sources: list[str] = []
        for one, factor in zip(takes, times, strict=True):
            measured = one(facts, sitting)
            sources += measured.sources
            if isinstance(measured.value, Quotient):
                found, taken = _plus(found, Quotient(measured.value.numerator * factor, measured.value.denominator * EDGE)), taken + 1
            elif not measure.without_missing:
                return Measured(None, measured.reason, tuple(sources))
        if not taken:
            return Measured(None, Reason("nothing-to-add"))
        return Measured(found, Reason("sum-of", (("share", found), ("count", taken))), tuple(sources))

    return take


def ratio(factor: Decimal, above: Take, below: Take) -> Take:
    times = edge(factor) or 0

    def take(facts: Facts, sitting: Sitting) -> Measured:
        of, to = above(facts, sitting), below(facts, sitting)
        sources = (*of.sources, *to.sources)
        for one in (of, to):
            if not isinstance(one.value, Quotient):
                return Measured(None, one.reason, sources)
        assert isinstance(of.value, Quotient)
        assert isinstance(to.value, Quotient)
        if to.value.numerator == 0:
            return Measured(None, Reason("divided-by-nothing"), sources)
        sign = 1 if to.value.numerator > 0 else -1
        numerator = sign * of.value.numerator * to.value.denominator * times
        share = Quotient(numerator, abs(to.value.numerator) * of.value.denominator * EDGE)
        return Measured(share, Reason("ratio", (("above", of.value), ("below", to.value), ("share", share))), sources)

    return take


def summed(measure: ChildrenMeasure, of: Take) -> Take:
    join = _TAKES[measure.take]

    def take(facts: Facts, sitting: Sitting) -> Measured:
        values: list[Quotient] = []
        sources: list[str] = []
        for child in facts.children:
            measured = of(child, sitting)
            sources += measured.sources
            if isinstance(measured.value, Quotient):
                values.append(measured.value)
            elif not measure.without_missing:
                return Measured(None, Reason("child-missing", (("unit", child.unit),)), tuple(sources))
        if not values:
            return Measured(None, Reason("no-children"))
        found = join(values)
        if found is None:
            return Measured(None, Reason("divided-by-nothing"), tuple(sources))
        return Measured(found, Reason(f"children-{measure.take}", (("count", len(values)), ("share", found))), tuple(sources))

    return take


def children_where(measure: ChildrenWhereMeasure, test: Test) -> Take:
    def take(facts: Facts, sitting: Sitting) -> Measured:
        meeting = [child.unit for child in facts.children if test(child, sitting)[0]]
        asked, count = len(facts.children), len(meeting)
        if not asked:
            return Measured(None, Reason("no-children"))
        value = Quotient(count, 1) if measure.take == "count" else Quotient(count * 100, asked)
        return Measured(value, Reason("children-where", (("count", count), ("asked", asked))))

    return take


def _plus(one: Quotient, other: Quotient) -> Quotient:
    if one.denominator == other.denominator:
        return Quotient(one.numerator + other.numerator, one.denominator)
    return Quotient(one.numerator * other.denominator + other.numerator * one.denominator, one.denominator * other.denominator)


def _sum(values: Sequence[Quotient]) -> Quotient:
    found = values[0]
    for value in values[1:]:
        found = _plus(found, value)
    return found


def _mean(values: Sequence[Quotient]) -> Quotient:
    found = _sum(values)
    return Quotient(found.numerator, found.denominator * len(values))


def _ratio_of_sums(values: Sequence[Quotient]) -> Quotient | None:
    """Of shares of a target or of last year: the pairs are unreduced, so their halves are each unit's figure and base."""
    below = sum(value.denominator for value in values)
    return Quotient(sum(value.numerator for value in values), below) if below else None


def _least(values: Sequence[Quotient]) -> Quotient:
    found = values[0]
    for value in values[1:]:
        if value.numerator * found.denominator < found.numerator * value.denominator:
            found = value
    return found


def _most(values: Sequence[Quotient]) -> Quotient:
    negative = _least([Quotient(-value.numerator, value.denominator) for value in values])
    return Quotient(-negative.numerator, negative.denominator)


_TAKES: dict[str, Callable[[Sequence[Quotient]], Quotient | None]] = {
    "sum": _sum,
    "mean": _mean,
    "ratio_of_sums": _ratio_of_sums,
    "least": _least,
    "most": _most,
}
