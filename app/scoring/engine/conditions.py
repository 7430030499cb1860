"""Conditions: yes or no, and what was wanted where it is no. Edges are compared by cross-multiplication: reached exactly or not at all."""

from collections.abc import Callable
from typing import Any

from app.rulebooks.language.compile import Rulebook, edge
from app.rulebooks.language.ground import EDGE, Edges
from app.rulebooks.language.terms import (
    AllCondition,
    AnyCondition,
    GradeCondition,
    GradedCondition,
    MeasureCondition,
    MetCondition,
    NoneCondition,
)
from app.scoring.engine.facts import Facts
from app.scoring.engine.sheet import Quotient, Reason
from app.scoring.engine.sitting import Sitting, Take, Test, Tested

Takers = Callable[[Any, Rulebook], Take]


def tester(condition: Any, rulebook: Rulebook, takers: Takers) -> Test:
    return _KINDS[type(condition)](condition, rulebook, takers)


def holder(edges: Edges) -> Callable[[Quotient], bool]:
    """Whether a number lies between the edges."""
    low = edge(edges.at_least if edges.at_least is not None else edges.more_than)
    high = edge(edges.at_most if edges.at_most is not None else edges.less_than)
    low_open, high_open = edges.more_than is not None, edges.less_than is not None

    def holds(value: Quotient) -> bool:
        scaled, denominator = value.numerator * EDGE, value.denominator
        if low is not None and (scaled < low * denominator or (low_open and scaled == low * denominator)):
            return False
        return high is None or scaled < high * denominator or (not high_open and scaled == high * denominator)

    return holds


def told(edges: Edges) -> tuple[str, tuple[tuple[str, str | int], ...]]:
    """Which of the four forms the edges have (between, above, below, any), and the values that fill its sentence."""
    low = edge(edges.at_least if edges.at_least is not None else edges.more_than)
    high = edge(edges.at_most if edges.at_most is not None else edges.less_than)
    values: tuple[tuple[str, str | int], ...] = ()
    if low is not None:
        values += (("sign_low", ">" if edges.more_than is not None else "≥"), ("edge_low", low))
    if high is not None:
        values += (("sign_high", "<" if edges.less_than is not None else "≤"), ("edge_high", high))
    form = {(True, True): "between", (True, False): "above", (False, True): "below", (False, False): "any"}
    return form[low is not None, high is not None], values


def _measure(condition: MeasureCondition, rulebook: Rulebook, takers: Takers) -> Test:
    take, holds = takers(condition.measure, rulebook), holder(condition)
    form, edges = told(condition)
    wanted = Reason(f"wanted-{form}", edges)

    def test(facts: Facts, sitting: Sitting) -> Tested:
        measured = take(facts, sitting)
        if not isinstance(measured.value, Quotient):
            return condition.missing, () if condition.missing else (measured.reason, wanted)
        return (True, ()) if holds(measured.value) else (False, (measured.reason, wanted))

    return test


def _grade(condition: GradeCondition, _: Rulebook, __: Takers) -> Test:
    def test(facts: Facts, _: Sitting) -> Tested:
        found = facts.results.get(condition.assessment)
        if found is not None and found.grade in condition.one_of:
            return True, ()
        values = (("assessment", condition.assessment), ("grade", (found and found.grade) or "–"), ("wanted", ", ".join(condition.one_of)))
        return False, (Reason("wanted-grade", values),)

    return test


def _met(condition: MetCondition, rulebook: Rulebook, _: Takers) -> Test:
    wanted = [(code, rulebook.places[code].standard) for code in condition.met]

    def test(_: Facts, sitting: Sitting) -> Tested:
        short = [(code, standard) for code, standard in wanted if sitting.given[code].points < standard]
        told_of = [
            Reason("wanted-standard", (("node", code), ("points", sitting.given[code].points), ("standard_points", standard)))
            for code, standard in short
        ]
        return not short, tuple(told_of)

    return test


def _graded(condition: GradedCondition, _: Rulebook, __: Takers) -> Test:
    holds = holder(condition)
    form, edges = told(condition)

    def test(_: Facts, sitting: Sitting) -> Tested:
        count = sum(sitting.given[code].grade in condition.graded for code in condition.nodes)
        if holds(Quotient(count, 1)):
            return True, ()
        return False, (Reason("graded", (("count", count), ("grades", ", ".join(condition.graded)))), Reason(f"wanted-{form}", edges))

    return test


def _all(condition: AllCondition, rulebook: Rulebook, takers: Takers) -> Test:
    tests = [tester(one, rulebook, takers) for one in condition.all]

    def test(facts: Facts, sitting: Sitting) -> Tested:
        answers = [one(facts, sitting) for one in tests]
        return all(answer for answer, _ in answers), tuple(reason for _, reasons in answers for reason in reasons)

    return test


def _any(condition: AnyCondition, rulebook: Rulebook, takers: Takers) -> Test:
    tests = [tester(one, rulebook, takers) for one in condition.any]

    def test(facts: Facts, sitting: Sitting) -> Tested:
        answers = [one(facts, sitting) for one in tests]
        holds = any(answer for answer, _ in answers)
        return holds, () if holds else tuple(reason for _, reasons in answers for reason in reasons)

    return test


def _none(condition: NoneCondition, rulebook: Rulebook, takers: Takers) -> Test:
    tests = [tester(one, rulebook, takers) for one in condition.none]

    def test(facts: Facts, sitting: Sitting) -> Tested:
        holding = sum(one(facts, sitting)[0] for one in tests)
        return holding == 0, () if holding == 0 else (Reason("wanted-none", (("count", holding),)),)

    return test


_KINDS: dict[type, Callable[[Any, Rulebook, Takers], Test]] = {
    MeasureCondition: _measure,
    GradeCondition: _grade,
    MetCondition: _met,
    GradedCondition: _graded,
    AllCondition: _all,
    AnyCondition: _any,
    NoneCondition: _none,
}
