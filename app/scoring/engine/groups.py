"""Groups: which parts count, caps for bonuses and deductions apart, scaling up where parts are left out, caps for all."""

from collections.abc import Callable, Sequence

from app.rulebooks.language.compile import Place, Rulebook, points
from app.rulebooks.language.schema import Group
from app.scoring.engine.awards import limited
from app.scoring.engine.nodes import Core
from app.scoring.engine.numbers import rounder
from app.scoring.engine.sheet import ABSENT, Form, Given, Got, Why, got
from app.scoring.engine.sitting import Sitting

ALL_LEFT_OUT: Why = (Form("all-left-out"),)
SUM = Form("sum", ("points",))
SUM_OVER_OWN = Form("sum-over-own", ("own_points", "points"))
AT_MAXIMUM = Form("sum-at-maximum", ("points",))
AT_MINIMUM = Form("sum-at-minimum", ("points",))
BEST_OF = Form("best-of", ("node", "points"))
FIRST_OF = Form("first-of", ("node", "points"))
NONE_APPLIES: Why = (Form("none-applies"),)
BONUSES_LIMITED = Form("bonuses-limited", ("rule_points", "points"))
DEDUCTIONS_LIMITED = Form("deductions-limited", ("rule_points", "points"))
REBASED = Form("rebased", ("rule_points", "applied_points", "full_points", "points"))


def group_runner(place: Place, _: Rulebook) -> Core:
    group, codes = place.node, place.parts
    assert isinstance(group, Group)
    own, choice = points(group.standard), _CHOICES[group.takes]
    bonus_limit, deduction_limit = points(group.bonuses_at_most), points(group.deductions_at_most)
    maximum, minimum = points(group.maximum), points(group.minimum)

    def run(sitting: Sitting) -> Given:
        parts = [sitting.given[code] for code in codes]
        present = [part for part in parts if not part.is_absent]
        if not present and not own:
            return ABSENT, (ALL_LEFT_OUT,), ()
        whys: tuple[Why, ...] = ()
        chosen = present
        if choice is not None:
            chosen, whys = choice(codes, parts)
        given, capped = _sides(_added(own, chosen), bonus_limit, deduction_limit)
        if capped:
            whys += capped
        if group.rebased and len(present) < len(parts):
            given, rebased = _rebased(given, place)
            whys += rebased
        found = given.points
        whys = (*whys, (SUM_OVER_OWN, own, found) if own else (SUM, found))
        if maximum is not None and found > maximum:
            return _lowered(given, maximum), (*whys, (AT_MAXIMUM, maximum)), ()
        if minimum is not None and found < minimum:
            return _raised(given, minimum), (*whys, (AT_MINIMUM, minimum)), ()
        return given, whys, ()

    return run


Chosen = tuple[list[Got], tuple[Why, ...]]


def _best(codes: Sequence[str], parts: Sequence[Got]) -> Chosen:
    """The one with most points; the first of those that tie."""
    present = [(part.points, -n) for n, part in enumerate(parts) if not part.is_absent]
    if not present:
        return [], ()
    n = -max(present)[1]
    return [parts[n]], ((BEST_OF, codes[n], parts[n].points),)


def _first(codes: Sequence[str], parts: Sequence[Got]) -> Chosen:
    """The first whose condition is met."""
    for code, part in zip(codes, parts, strict=True):
        if part.applies:
            return [part], ((FIRST_OF, code, part.points),)
    return [], (NONE_APPLIES,)


_CHOICES: dict[str, Callable[[Sequence[str], Sequence[Got]], Chosen] | None] = {"sum": None, "best": _best, "first": _first}


def _added(own: int, parts: list[Got]) -> Got:
    points_, bonus, deduction, standard = own, 0, 0, own
    for part_points, part_bonus, part_deduction, part_standard, _, _ in parts:
        points_ += part_points
        bonus += part_bonus
        deduction += part_deduction
        standard += part_standard
    return got((points_, bonus, deduction, standard, False, True))


def _sides(given: Got, bonus_limit: int | None, deduction_limit: int | None) -> tuple[Got, tuple[Why, ...]]:
    """Each side held on its own: a cap on deductions leaves bonuses untouched, and the other way round."""
    whys: tuple[Why, ...] = ()
    bonus, bonus_cut = limited(given.bonus, bonus_limit)
    deduction, deduction_cut = limited(given.deduction, deduction_limit)
    if bonus_cut:
        whys += ((BONUSES_LIMITED, given.bonus, bonus),)
    if deduction_cut:
        whys += ((DEDUCTIONS_LIMITED, given.deduction, deduction),)
    if not whys:
        return given, whys
    points_ = given.points - given.bonus - given.deduction + bonus + deduction
    return given._replace(points=points_, bonus=bonus, deduction=deduction), whys


def _rebased(given: Got, place: Place) -> tuple[Got, tuple[Why, ...]]:
    """The standard points that apply, scaled up to the full standard and rounded as declared; bonuses and deductions stay as they are."""
    assert place.rounding is not None, "checked when the rulebook was compiled"
    if given.standard <= 0 or place.standard <= 0:
        return given, ()
    sides = given.bonus + given.deduction
    earned = given.points - sides
    found = rounder(place.rounding.decimals, place.rounding.mode)(earned * place.standard, given.standard)
    why = REBASED, earned, given.standard, place.standard, found
    return given._replace(points=found + sides, standard=place.standard), (why,)


def _lowered(given: Got, maximum: int) -> Got:
    """The cut is taken off the bonus first, then off the standard points."""
    bonus = max(0, given.bonus - (given.points - maximum)) if given.bonus > 0 else given.bonus
    return given._replace(points=maximum, bonus=bonus)


def _raised(given: Got, minimum: int) -> Got:
    """The lift takes back deductions first."""
    deduction = min(0, given.deduction + (minimum - given.points))
    return given._replace(points=minimum, deduction=deduction)
