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
from app.scoring.engine.sheet import Form, Why
from app.scoring.engine.sitting import Pair, Sitting, Take, Test, Tested

Takers = Callable[[Any, Rulebook], Take]


def tester(condition: Any, rulebook: Rulebook, takers: Takers) -> Test:
    return _KINDS[type(condition)](condition, rulebook, takers)


def holder(edges: Edges) -> Callable[[Pair], bool]:
    """Whether a number lies between the edges."""
    low = edge(edges.at_least if edges.at_least is not None else edges.more_than)
    high = edge(edges.at_most if edges.at_most is not None else edges.less_than)
    low_open, high_open = edges.more_than is not None, edges.less_than is not None

    def holds(value: Pair) -> bool:
        numerator, denominator = value
        scaled = numerator * EDGE
        if low is not None and (scaled < low * denominator or (low_open and scaled == low * denominator)):
            return False
        return high is None or scaled < high * denominator or (not high_open and scaled == high * denominator)

    return holds


def told(edges: Edges) -> tuple[str, dict[str, str | int]]:
    """Which of the four forms the edges have (between, above, below, any), and the values that fill its sentence."""
    low = edge(edges.at_least if edges.at_least is not None else edges.more_than)
    high = edge(edges.at_most if edges.at_most is not None else edges.less_than)
    values: dict[str, str | int] = {}
    if low is not None:
        values |= {"sign_low": ">" if edges.more_than is not None else "≥", "edge_low": low}
    if high is not None:
        values |= {"sign_high": "<" if edges.less_than is not None else "≤", "edge_high": high}
    form = {(True, True): "between", (True, False): "above", (False, True): "below", (False, False): "any"}
    return form[low is not None, high is not None], values


def _wanted(edges: Edges) -> Why:
    form, values = told(edges)
    return (Form(f"wanted-{form}", tuple(values)), *values.values())


def _measure(condition: MeasureCondition, rulebook: Rulebook, takers: Takers) -> Test:
    take, holds, wanted = takers(condition.measure, rulebook), holder(condition), _wanted(condition)

    def test(facts: Facts, sitting: Sitting) -> Tested:
        value, why, _ = take(facts, sitting)
        if not isinstance(value, tuple):
            return condition.missing, () if condition.missing else (why, wanted)
        return (True, ()) if holds(value) else (False, (why, wanted))

    return test


WANTED_GRADE = Form("wanted-grade", ("assessment", "grade", "wanted"))


def _grade(condition: GradeCondition, _: Rulebook, __: Takers) -> Test:
    wanted = ", ".join(condition.one_of)

    def test(facts: Facts, _: Sitting) -> Tested:
        found = facts.results.get(condition.assessment)
        if found is not None and found.grade in condition.one_of:
            return True, ()
        return False, ((WANTED_GRADE, condition.assessment, (found and found.grade) or "–", wanted),)

    return test


WANTED_STANDARD = Form("wanted-standard", ("node", "points", "standard_points"))


def _met(condition: MetCondition, rulebook: Rulebook, _: Takers) -> Test:
    wanted = [(code, rulebook.places[code].standard) for code in condition.met]

    def test(_: Facts, sitting: Sitting) -> Tested:
        short = [(code, standard) for code, standard in wanted if sitting.given[code].points < standard]
        return not short, tuple([(WANTED_STANDARD, code, sitting.given[code].points, standard) for code, standard in short])

    return test


GRADED = Form("graded", ("count", "grades"))


def _graded(condition: GradedCondition, _: Rulebook, __: Takers) -> Test:
    holds, wanted, grades = holder(condition), _wanted(condition), ", ".join(condition.graded)

    def test(_: Facts, sitting: Sitting) -> Tested:
        count = sum(sitting.grades.get(code) in condition.graded for code in condition.nodes)
        return (True, ()) if holds((count, 1)) else (False, ((GRADED, count, grades), wanted))

    return test


WANTED_NONE = Form("wanted-none", ("count",))


def _all(condition: AllCondition, rulebook: Rulebook, takers: Takers) -> Test:
    tests = [tester(one, rulebook, takers) for one in condition.all]

    def test(facts: Facts, sitting: Sitting) -> Tested:
        answers = [one(facts, sitting) for one in tests]
        return all(answer for answer, _ in answers), tuple([why for _, whys in answers for why in whys])

    return test


def _any(condition: AnyCondition, rulebook: Rulebook, takers: Takers) -> Test:
    tests = [tester(one, rulebook, takers) for one in condition.any]

    def test(facts: Facts, sitting: Sitting) -> Tested:
        answers = [one(facts, sitting) for one in tests]
        holds = any(answer for answer, _ in answers)
        return holds, () if holds else tuple([why for _, whys in answers for why in whys])

    return test


def _none(condition: NoneCondition, rulebook: Rulebook, takers: Takers) -> Test:
    tests = [
        (tester(one, rulebook, takers), takers(one.measure, rulebook) if isinstance(one, MeasureCondition) else None)
        for one in condition.none
    ]

    def test(facts: Facts, sitting: Sitting) -> Tested:
        holding = [take for test, take in tests if test(facts, sitting)[0]]
        if not holding:
            return True, ()
        return False, (*[take(facts, sitting)[1] for take in holding if take is not None], (WANTED_NONE, len(holding)))

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
