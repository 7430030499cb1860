"""What every node does around its own rule: does it apply, is its condition met, did somebody mark it, which letter does it earn."""

from collections.abc import Callable

from app.rulebooks.language.compile import Place, Rulebook
from app.rulebooks.language.ground import Missing
from app.scoring.engine.conditions import holder, tester
from app.scoring.engine.facts import Put
from app.scoring.engine.measures import taker
from app.scoring.engine.sheet import ABSENT, Form, Given, Got, Why, got
from app.scoring.engine.sitting import Sitting

Run = Callable[[Sitting], None]
Core = Callable[[Sitting], Given]


def node_runner(place: Place, rulebook: Rulebook, core: Core) -> Run:
    """Only what the node asks for stands in its way."""
    if place.node.when is not None:
        core = _where_it_holds(place, rulebook, core)
    if place.node.not_applicable_when is not None:
        core = _where_it_applies(place, rulebook, core)
    code, is_by_hand, grade = place.code, place.is_by_hand, _grader(place)

    def run(sitting: Sitting) -> None:
        given = core(sitting)
        if sitting.marks and not is_by_hand and not sitting.is_strict:
            put = sitting.marks.get(code)
            if put is not None:
                given = _marked(given, put)
        sitting.told[code] = given
        sitting.given[code] = given[0]
        if grade is not None:
            grade(given[0].points, sitting)

    return run


def _where_it_applies(place: Place, rulebook: Rulebook, core: Core) -> Core:
    skips = tester(place.node.not_applicable_when, rulebook, taker)
    given, whys = by_policy(place.node.not_applicable, place.standard, "not-applicable")
    return lambda sitting: (given, whys, ()) if skips(sitting.facts, sitting)[0] else core(sitting)


def _where_it_holds(place: Place, rulebook: Rulebook, core: Core) -> Core:
    asks, nothing = tester(place.node.when, rulebook, taker), got((0, 0, 0, place.standard, False, False))

    def run(sitting: Sitting) -> Given:
        holds, unmet = asks(sitting.facts, sitting)
        return core(sitting) if holds else (nothing, (NOT_MET, *unmet), ())

    return run


NOT_MET: Why = (Form("condition-not-met", ("points",)), 0)


def by_policy(policy: Missing, standard: int, why: str) -> tuple[Got, tuple[Why, ...]]:
    """What a node is worth that has nothing to measure, or does not apply."""
    if policy is Missing.EXCLUDED:
        return ABSENT, ((Form(f"{why}-excluded"),),)
    points = standard if policy is Missing.STANDARD else 0
    return got((points, 0, 0, standard, False, True)), ((Form(f"{why}-{policy.value}", ("points",)), points),)


def _marked(given: Given, put: Put) -> Given:
    """A hand mark takes the place of what the rule gives; a section's caps take it as standard points, or as a deduction below zero."""
    by_rule, whys, sources = given
    why = Form(f"marked-{put.stage.value}", ("points", "rule_points")), put.points, by_rule.points
    return got((put.points, 0, min(put.points, 0), by_rule.standard, False, True)), (*whys, why), sources


def _grader(place: Place) -> Callable[[int, Sitting], None] | None:
    if place.node.grades is None:
        return None
    bands = [(holder(band), band.grade) for band in place.node.grades]

    def grade(points: int, sitting: Sitting) -> None:
        found = next((grade for holds, grade in bands if holds((points, 10**6))), None)
        if found is not None:
            sitting.grades[place.code] = found

    return grade
