"""Groups: which parts count, caps for bonuses and deductions apart, scaling up where parts are left out, caps for all."""

from app.rulebooks.language.compile import Place, Rulebook, points
from app.rulebooks.language.schema import Group
from app.scoring.engine.awards import limited
from app.scoring.engine.nodes import Core, Given
from app.scoring.engine.numbers import rounded
from app.scoring.engine.sheet import Reason
from app.scoring.engine.sitting import ABSENT, Got, Sitting


def group_runner(place: Place, _: Rulebook) -> Core:
    group, codes = place.node, place.parts
    assert isinstance(group, Group)
    own, choose = points(group.standard) or 0, _CHOICES[group.takes]
    bonus_limit, deduction_limit = points(group.bonuses_at_most), points(group.deductions_at_most)
    maximum, minimum = points(group.maximum), points(group.minimum)

    def run(sitting: Sitting) -> Given:
        held = [(code, sitting.given[code]) for code in codes]
        present = [(code, got) for code, got in held if not got.is_absent]
        if not present and not own:
            return ABSENT, (Reason("all-left-out"),), ()
        chosen, reasons = choose(present)
        got = _added(own, chosen)
        got, capped = _sides(got, bonus_limit, deduction_limit)
        reasons = (*reasons, *capped)
        if group.rebased and len(present) < len(held):
            got, rebased = _rebased(got, place)
            reasons = (*reasons, *rebased)
        reasons = (*reasons, Reason("sum", (("points", got.points),)))
        if maximum is not None and got.points > maximum:
            got, reasons = _lowered(got, maximum), (*reasons, Reason("sum-at-maximum", (("points", maximum),)))
        elif minimum is not None and got.points < minimum:
            got, reasons = _raised(got, minimum), (*reasons, Reason("sum-at-minimum", (("points", minimum),)))
        return got, reasons, ()

    return run


Parts = list[tuple[str, Got]]
Chosen = tuple[list[Got], tuple[Reason, ...]]


def _all(present: Parts) -> Chosen:
    return [got for _, got in present], ()


def _best(present: Parts) -> Chosen:
    """The one with most points; the first of those that tie."""
    if not present:
        return [], ()
    code, got = max(present, key=lambda part: part[1].points)
    return [got], (Reason("best-of", (("node", code), ("points", got.points))),)


def _first(present: Parts) -> Chosen:
    """The first whose condition is met."""
    for code, got in present:
        if got.applies:
            return [got], (Reason("first-of", (("node", code), ("points", got.points))),)
    return [], (Reason("none-applies"),)


_CHOICES = {"sum": _all, "best": _best, "first": _first}


def _added(own: int, parts: list[Got]) -> Got:
    return Got(
        own + sum([got.points for got in parts]),
        sum([got.bonus for got in parts]),
        sum([got.deduction for got in parts]),
        own + sum([got.standard for got in parts]),
    )


def _sides(got: Got, bonus_limit: int | None, deduction_limit: int | None) -> tuple[Got, tuple[Reason, ...]]:
    """Each side held on its own: a cap on deductions leaves bonuses untouched, and the other way round."""
    reasons: tuple[Reason, ...] = ()
    bonus, bonus_cut = limited(got.bonus, bonus_limit)
    deduction, deduction_cut = limited(got.deduction, deduction_limit)
    if bonus_cut:
        reasons += (Reason("bonuses-limited", (("rule_points", got.bonus), ("points", bonus))),)
    if deduction_cut:
        reasons += (Reason("deductions-limited", (("rule_points", got.deduction), ("points", deduction))),)
    if not reasons:
        return got, reasons
    points_ = got.points - got.bonus - got.deduction + bonus + deduction
    return Got(points_, bonus, deduction, got.standard), reasons


def _rebased(got: Got, place: Place) -> tuple[Got, tuple[Reason, ...]]:
    """What applies, scaled up to the full standard and rounded as declared."""
    assert place.rounding is not None, "checked when the rulebook was compiled"
    if got.standard <= 0 or place.standard <= 0:
        return got, ()
    found = rounded(got.points * place.standard, got.standard, place.rounding.decimals, place.rounding.mode)
    values = (("rule_points", got.points), ("applied_points", got.standard), ("full_points", place.standard), ("points", found))
    return Got(found, got.bonus, got.deduction, place.standard), (Reason("rebased", values),)


def _lowered(got: Got, maximum: int) -> Got:
    """The cut is taken off the bonus first, then off the standard points."""
    bonus = max(0, got.bonus - (got.points - maximum)) if got.bonus > 0 else got.bonus
    return got._replace(points=maximum, bonus=bonus)


def _raised(got: Got, minimum: int) -> Got:
    """The lift takes back deductions first."""
    deduction = min(0, got.deduction + (minimum - got.points))
    return got._replace(points=minimum, deduction=deduction)
