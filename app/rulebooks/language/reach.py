"""The least and the most that a node can give, in millionths of a point. A bound, not always reached: conditions are not weighed."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from app.rulebooks.language.awards import Award, Bands, Each, Grades, Proportional, Steps, Strata, Value
from app.rulebooks.language.ground import POINT, Missing
from app.rulebooks.language.schema import Group, Item
from app.rulebooks.language.terms import ChildrenMeasure, MarkMeasure, Measure, RatioMeasure, SumMeasure

Bound = int | float
"""A whole number of millionths, or an infinity where nothing bounds."""


class Span(NamedTuple):
    least: Bound
    most: Bound


class Reach(NamedTuple):
    total: Span
    standard: Span
    bonus: Span
    deduction: Span


NOTHING = Span(0, 0)


def class_of(item: Item, missing: Missing) -> str:
    """On which side a section's caps take an item."""
    return item.counts_as or ("deduction" if span_of(item, missing).most <= 0 else "standard")


def reach_of_item(item: Item, missing: Missing) -> Reach:
    """`missing` is the policy that holds here, inherited or its own."""
    total = span_of(item, missing)
    classes = dict.fromkeys(("standard", "bonus", "deduction"), NOTHING) | {class_of(item, missing): total}
    return Reach(total, **classes)


def reach_of_group(group: Group, parts: Sequence[Reach]) -> Reach:
    """The sum of the totals, and that of the classes after their caps: the tighter of the two."""
    join = _sum if group.takes == "sum" else _either
    own = int(group.standard * POINT)
    standard = _sum([Span(own, own), join([part.standard for part in parts])])
    bonus, deduction = join([part.bonus for part in parts]), join([part.deduction for part in parts])
    if group.bonuses_at_most is not None:
        bonus = _held(bonus, None, int(group.bonuses_at_most * POINT))
    if group.deductions_at_most is not None:
        deduction = _held(deduction, -int(group.deductions_at_most * POINT), None)
    by_part, by_class = _sum([Span(own, own), join([part.total for part in parts])]), _sum([standard, bonus, deduction])
    total = Span(max(by_part.least, by_class.least), min(by_part.most, by_class.most))
    return Reach(_capped(total, group), standard, bonus, deduction)


def span_of(item: Item, missing: Missing) -> Span:
    """Award, missing policy, conditions and caps together."""
    if isinstance(item.measure, MarkMeasure):
        return Span(int(item.measure.minimum * POINT), int(item.measure.maximum * POINT))
    standard = int(item.standard * POINT)
    found = NOTHING if item.award is None else _of_award(item.award, standard, signs_of(item.measure))
    if item.when is not None or Missing.ZERO in {missing, item.not_applicable}:
        found = _either([found, NOTHING])
    if missing is Missing.STANDARD or (item.not_applicable_when is not None and item.not_applicable is Missing.STANDARD):
        found = _either([found, Span(standard, standard)])
    return _capped(found, item)


class Signs(NamedTuple):
    """On which sides of nothing a measure may lie."""

    below: bool
    above: bool


def signs_of(measure: Measure) -> Signs:
    if isinstance(measure, SumMeasure):
        terms = [(signs_of(term.of), term.times) for term in measure.terms]
        return Signs(
            any(signs.below if times > 0 else signs.above for signs, times in terms if times),
            any(signs.above if times > 0 else signs.below for signs, times in terms if times),
        )
    if isinstance(measure, RatioMeasure) and not signs_of(measure.of).below and not signs_of(measure.to).below:
        return Signs(measure.times < 0, measure.times > 0)
    if isinstance(measure, ChildrenMeasure):
        return signs_of(measure.of)
    return Signs(measure.kind not in COUNTS, above=True)


COUNTS = {
    *("tasks_on_time", "tasks_late", "tasks_overdue", "tasks_early", "percent_tasks_on_time"),
    *("reports_late", "reports_missing", "percent_reports_on_time"),
    *("events", "days_open", "children_where"),
}
"""Measures that are never below nothing; figures and what is made of them may be."""


def _of_award(award: Award, standard: int, signs: Signs) -> Span:
    if isinstance(award, Proportional):
        below = signs.below and not (award.floor is not None and award.floor >= 0)
        most = inf if award.ceiling is None else int(standard * award.ceiling / award.full_at)
        return NOTHING if standard == 0 else Span(-inf if below else 0, most if signs.above else 0)
    if isinstance(award, Value):
        below, above = signs if award.times > 0 else reversed(signs) if award.times else (False, False)
        return Span(-inf if below else 0, inf if above else 0)
    if isinstance(award, Strata):
        other = int(award.otherwise * POINT)
        return _either([Span(other, other), *(_of_award(stratum.award, standard, signs) for stratum in award.strata)])
    if isinstance(award, Bands | Grades):
        held = [award.otherwise, *(one.points for one in (award.bands if isinstance(award, Bands) else award.grades))]
        return Span(int(min(held) * POINT), int(max(held) * POINT))
    return _of_count(award)


def _of_count(award: Steps | Each) -> Span:
    """Nothing, what passing the first threshold gives, and that with ever more steps."""
    first = int(award.first * POINT) if isinstance(award, Steps) and award.first is not None else 0
    far = 0 if award.points == 0 else inf if award.points > 0 else -inf
    limit = inf if award.limit is None else int(award.limit * POINT)
    return _held(Span(min(0, first, first + far), max(0, first, first + far)), -limit, limit)


def _sum(spans: Sequence[Span]) -> Span:
    return Span(sum(span.least for span in spans), sum(span.most for span in spans))


def _either(spans: Sequence[Span]) -> Span:
    return Span(min(span.least for span in spans), max(span.most for span in spans))


def _capped(span: Span, node: Item | Group) -> Span:
    low = None if node.minimum is None else int(node.minimum * POINT)
    return _held(span, low, None if node.maximum is None else int(node.maximum * POINT))


def _held(span: Span, low: Bound | None, high: Bound | None) -> Span:
    least, most = span
    if high is not None:
        least, most = min(least, high), min(most, high)
    if low is not None:
        least, most = max(least, low), max(most, low)
    return Span(least, most)
