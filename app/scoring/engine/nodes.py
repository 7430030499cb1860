"""What every node does around its own rule: does it apply, is its condition met, did somebody mark it, which letter does it earn."""

from collections.abc import Callable

from app.rulebooks.language.compile import Place, Rulebook
from app.rulebooks.language.ground import Missing
from app.scoring.engine.conditions import holder, tester
from app.scoring.engine.facts import Put
from app.scoring.engine.measures import taker
from app.scoring.engine.sheet import Line, Quotient, Reason
from app.scoring.engine.sitting import ABSENT, Got, Sitting

Run = Callable[[Sitting], None]
Given = tuple[Got, tuple[Reason, ...], tuple[str, ...]]
"""What a node's own rule gives, why, and from which reports."""
Core = Callable[[Sitting], Given]


def node_runner(place: Place, rulebook: Rulebook, core: Core) -> Run:
    code, node = place.code, place.node
    skips = None if node.not_applicable_when is None else tester(node.not_applicable_when, rulebook, taker)
    asks = None if node.when is None else tester(node.when, rulebook, taker)
    grade = _grader(place)
    skipped = by_policy(node.not_applicable, place.standard, "not-applicable")

    def run(sitting: Sitting) -> None:
        sources: tuple[str, ...] = ()
        if skips is not None and skips(sitting.facts, sitting)[0]:
            got, reasons = skipped
        else:
            holds, unmet = (True, ()) if asks is None else asks(sitting.facts, sitting)
            if holds:
                got, reasons, sources = core(sitting)
            else:
                got, reasons = Got(0, 0, 0, place.standard, applies=False), (NOT_MET, *unmet)
        put = sitting.marks.get(code)
        if put is not None and not sitting.is_strict and not place.is_by_hand:
            got, reasons = _marked(got, put), (*reasons, _told(put, got.points))
        if grade is not None:
            got = got._replace(grade=grade(got.points))
        sitting.given[code] = got
        sitting.lines[code] = Line(code, got.points, reasons, sources, got.grade, got.is_absent)

    return run


NOT_MET = Reason("condition-not-met", (("points", 0),))


def by_policy(policy: Missing, standard: int, why: str) -> tuple[Got, tuple[Reason, ...]]:
    """What a node is worth that has nothing to measure, or does not apply."""
    if policy is Missing.EXCLUDED:
        return ABSENT, (Reason(f"{why}-excluded"),)
    points = standard if policy is Missing.STANDARD else 0
    return Got(points, 0, 0, standard), (Reason(f"{why}-{policy.value}", (("points", points),)),)


def _marked(got: Got, put: Put) -> Got:
    """A hand mark takes the place of what the rule gives; a section's caps take it as standard points, or as a deduction below zero."""
    deduction = min(put.points, 0)
    return Got(put.points, 0, deduction, got.standard)


def _told(put: Put, by_rule: int) -> Reason:
    return Reason(f"marked-{put.stage.value}", (("points", put.points), ("rule_points", by_rule)))


def _grader(place: Place) -> Callable[[int], str | None] | None:
    if place.node.grades is None:
        return None
    bands = [(holder(band), band.grade) for band in place.node.grades]
    return lambda points: next((grade for holds, grade in bands if holds(Quotient(points, 10**6))), None)
