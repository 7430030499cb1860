"""Items: a measure, what is waived of it, an award, the item's own caps."""

from app.rulebooks.language.compile import Place, Rulebook, points
from app.rulebooks.language.ground import Missing
from app.rulebooks.language.reach import class_of
from app.rulebooks.language.schema import Item
from app.scoring.engine.awards import giver
from app.scoring.engine.facts import Waiver
from app.scoring.engine.measures import taker
from app.scoring.engine.nodes import Core, by_policy
from app.scoring.engine.sheet import Form, Given, Why, got
from app.scoring.engine.sitting import Pair, Sitting


def item_runner(place: Place, rulebook: Rulebook) -> Core:
    return _by_hand(place) if place.is_by_hand else _by_rule(place, rulebook)


def _by_rule(place: Place, rulebook: Rulebook) -> Core:
    item = place.node
    assert isinstance(item, Item)
    assert item.award is not None, "checked when the rulebook was compiled"
    take, give = taker(item.measure, rulebook), giver(item.award, place, rulebook, taker)
    absent, absent_why = by_policy(place.missing, place.standard, "missing")
    is_bonus, is_deduction = _side(place)
    standard, maximum, minimum, code, may_waive = place.standard, points(item.maximum), points(item.minimum), place.code, item.waivable

    def run(sitting: Sitting) -> Given:
        value, why, sources = take(sitting.facts, sitting)
        if value is None:
            return absent, (why, *absent_why), sources
        before: tuple[Why, ...] = (why,)
        waiver = sitting.facts.waivers.get(code) if may_waive else None
        if waiver is not None and isinstance(value, tuple):
            value, waived = _waived(value, waiver)
            before, sources = (why, waived), (*sources, waiver.source)
        found, awarded = give(value, sitting.facts, sitting)
        whys = before + awarded
        if maximum is not None and found > maximum:
            whys, found = (*whys, (AT_MAXIMUM, found, maximum)), maximum
        elif minimum is not None and found < minimum:
            whys, found = (*whys, (AT_MINIMUM, found, minimum)), minimum
        return got((found, found if is_bonus else 0, found if is_deduction else 0, standard, False, True)), whys, sources

    return run


AT_MAXIMUM = Form("at-maximum", ("rule_points", "points"))
AT_MINIMUM = Form("at-minimum", ("rule_points", "points"))
WAIVED = Form("waived", ("count", "rest"))
NO_MARK: Why = (Form("no-mark"),)


def _side(place: Place) -> tuple[bool, bool]:
    """Whether the section's caps take it as a bonus, or as a deduction."""
    assert isinstance(place.node, Item)
    side = class_of(place.node, place.missing)
    return side == "bonus", side == "deduction"


def _waived(value: Pair, waiver: Waiver) -> tuple[Pair, Why]:
    """Occurrences that are waived do not count; never more than there are."""
    count = value[0] // value[1]
    waived = count if waiver.occurrences is None else min(waiver.occurrences, count)
    return (count - waived, 1), (WAIVED, waived, count - waived)


def _by_hand(place: Place) -> Core:
    """Where people mark, the mark is the rule, in every view."""
    policy = Missing.ZERO if place.missing is Missing.STANDARD and not place.standard else place.missing
    absent, absent_why = by_policy(policy, place.standard, "missing")
    (is_bonus, is_deduction), standard, code = _side(place), place.standard, place.code

    def run(sitting: Sitting) -> Given:
        put = sitting.marks.get(code)
        if put is None:
            return absent, (NO_MARK, *absent_why), ()
        found = put.points
        given = got((found, found if is_bonus else 0, found if is_deduction else 0, standard, False, True))
        return given, ((Form(f"mark-{put.stage.value}", ("points",)), found),), ()

    return run
