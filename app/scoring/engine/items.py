"""Items: a measure, what is waived of it, an award, the item's own caps."""

from app.rulebooks.language.compile import Place, Rulebook, points
from app.rulebooks.language.ground import Missing
from app.rulebooks.language.reach import class_of
from app.rulebooks.language.schema import Item
from app.scoring.engine.awards import giver
from app.scoring.engine.facts import Waiver
from app.scoring.engine.measures import taker
from app.scoring.engine.nodes import Core, Given, by_policy
from app.scoring.engine.sheet import Quotient, Reason
from app.scoring.engine.sitting import Got, Sitting


def item_runner(place: Place, rulebook: Rulebook) -> Core:
    return _by_hand(place) if place.is_by_hand else _by_rule(place, rulebook)


def _by_rule(place: Place, rulebook: Rulebook) -> Core:
    item = place.node
    assert isinstance(item, Item)
    assert item.award is not None, "checked when the rulebook was compiled"
    take, give = taker(item.measure, rulebook), giver(item.award, place, rulebook, taker)
    missing, standard, side = by_policy(place.missing, place.standard, "missing"), place.standard, class_of(item, place.missing)
    maximum, minimum, code, may_waive = points(item.maximum), points(item.minimum), place.code, item.waivable

    def run(sitting: Sitting) -> Given:
        value, reason, sources = take(sitting.facts, sitting)
        reasons: tuple[Reason, ...] = (reason,)
        if value is None:
            got, why = missing
            return got, (reason, *why), sources
        waiver = sitting.facts.waivers.get(code) if may_waive else None
        if waiver is not None and isinstance(value, Quotient):
            value, waived = _waived(value, waiver)
            reasons, sources = (reason, waived), (*sources, waiver.source)
        found, why = give(value, sitting.facts, sitting)
        if maximum is not None and found > maximum:
            why, found = (*why, Reason("at-maximum", (("rule_points", found), ("points", maximum)))), maximum
        elif minimum is not None and found < minimum:
            why, found = (*why, Reason("at-minimum", (("rule_points", found), ("points", minimum)))), minimum
        return _on_side(side, found, standard), (*reasons, *why), sources

    return run


def _waived(value: Quotient, waiver: Waiver) -> tuple[Quotient, Reason]:
    """Occurrences that are waived do not count; never more than there are."""
    count = value.numerator // value.denominator
    waived = count if waiver.occurrences is None else min(waiver.occurrences, count)
    return Quotient(count - waived, 1), Reason("waived", (("count", waived), ("rest", count - waived)))


def _on_side(side: str, found: int, standard: int) -> Got:
    return Got(found, found if side == "bonus" else 0, found if side == "deduction" else 0, standard)


def _by_hand(place: Place) -> Core:
    """Where people mark, the mark is the rule, in every view."""
    item = place.node
    assert isinstance(item, Item)
    missing, standard, side, code = (
        by_policy(place.missing, place.standard, "missing"),
        place.standard,
        class_of(item, place.missing),
        place.code,
    )
    if place.missing is Missing.STANDARD and not standard:
        missing = by_policy(Missing.ZERO, 0, "missing")

    def run(sitting: Sitting) -> Given:
        put = sitting.marks.get(code)
        if put is None:
            return missing[0], (Reason("no-mark"), *missing[1]), ()
        return _on_side(side, put.points, standard), (Reason(f"mark-{put.stage.value}", (("points", put.points),)),), ()

    return run
