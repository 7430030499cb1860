"""A second reading of the language, in fractions, from the raw document and the raw facts. It shares no code with the service."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

Facts = dict[str, Any]


@dataclass
class Given:
    """What a node gives; a node that is left out is None instead."""

    standard: Fraction
    bonus: Fraction
    deduction: Fraction
    base: Fraction

    @property
    def points(self) -> Fraction:
        return self.standard + self.bonus + self.deduction


def number(value: Any) -> Fraction:
    return Fraction(str(value))


def within(edges: dict[str, Any], value: Fraction) -> bool:
    fails = [
        "at_least" in edges and value < number(edges["at_least"]),
        "more_than" in edges and value <= number(edges["more_than"]),
        "at_most" in edges and value > number(edges["at_most"]),
        "less_than" in edges and value >= number(edges["less_than"]),
    ]
    return not any(fails)


def measured(measure: dict[str, Any], facts: Facts) -> Fraction | None:
    kind = measure["kind"]
    if kind == "events":
        held = [one for one in facts.get("events", []) if one["event"] in measure["events"]]
        return Fraction(sum(one.get("times", 1) for one in held if not measure.get("verified") or one["verified"]))
    if kind == "sum":
        parts = [(measured(term["of"], facts), number(term.get("times", 1))) for term in measure["terms"]]
        known = [(value, times) for value, times in parts if value is not None]
        if not known or (len(known) < len(parts) and not measure.get("without_missing")):
            return None
        return sum((value * times for value, times in known), Fraction(0))
    if kind == "ratio":
        above, below = measured(measure["of"], facts), measured(measure["to"], facts)
        return None if above is None or not below else number(measure.get("times", 100)) * above / below
    figure = next((number(one["figure"]) for one in facts["figures"] if one["indicator"] == measure["indicator"]), None)
    if kind == "figure" or figure is None:
        return figure
    target = next((number(one["assigned"]) for one in facts["targets"] if one["indicator"] == measure["indicator"]), None)
    return None if not target else 100 * figure / target


def rounded(value: Fraction, rounding: dict[str, Any]) -> Fraction:
    unit = Fraction(1, 10 ** rounding["decimals"])
    whole, rest = divmod(abs(value), unit)
    mode = rounding["mode"]
    up = {
        "half_up": 2 * rest >= unit,
        "half_even": 2 * rest > unit or (2 * rest == unit and whole % 2 == 1),
        "truncate": False,
        "up": rest > 0,
    }[mode]
    found = (whole + up) * unit
    return -found if value < 0 else found


def held(value: Fraction, limit: Any) -> Fraction:
    return value if limit is None else max(-number(limit), min(number(limit), value))


def awarded(award: dict[str, Any], value: Fraction, standard: Fraction, rounding: dict[str, Any], facts: Facts) -> Fraction:  # noqa: PLR0911
    shape = award["shape"]
    if shape == "proportional":
        if "floor" in award and value < number(award["floor"]):
            return Fraction(0)
        used = min(value, number(award["ceiling"])) if "ceiling" in award else value
        return rounded(standard * used / number(award.get("full_at", 100)), rounding)
    if shape == "value":
        return rounded(value * number(award.get("times", 1)), rounding)
    if shape == "bands":
        return next((number(band["points"]) for band in award["bands"] if within(band, value)), number(award["otherwise"]))
    if shape == "each":
        return held(max(0, floor(value)) * number(award["points"]), award.get("limit"))
    if shape == "strata":
        by = measured(award["by"], facts)
        chosen = next((one for one in award["strata"] if by is not None and within(one, by)), None)
        return number(award["otherwise"]) if chosen is None else awarded(chosen["award"], value, standard, rounding, facts)
    over = value - number(award["over"])
    if over <= 0:
        return Fraction(0)
    steps = over / number(award["per"])
    count = -floor(-steps) if award.get("counts") == "started" else floor(steps)
    return held(number(award.get("first", 0)) + count * number(award["points"]), award.get("limit"))


def item(node: dict[str, Any], facts: Facts, above: dict[str, Any]) -> Given | None:
    standard, rounding = number(node.get("standard", 0)), node.get("rounding", above["rounding"])
    if "when" in node:
        value = measured(node["when"]["measure"], facts)
        if value is None or not within(node["when"], value):
            return Given(Fraction(0), Fraction(0), Fraction(0), standard)
    value = measured(node["measure"], facts)
    if value is None:
        policy = node.get("missing", above["missing"])
        return (
            None if policy == "excluded" else Given(standard if policy == "standard" else Fraction(0), Fraction(0), Fraction(0), standard)
        )
    points = awarded(node["award"], value, standard, rounding, facts)
    points = min(points, number(node["maximum"])) if "maximum" in node else points
    side = node.get("counts_as") or ("deduction" if _only_takes(node, above["missing"]) else "standard")
    zero = Fraction(0)
    standard_part, bonus, deduction = (points if side == name else zero for name in ("standard", "bonus", "deduction"))
    return Given(standard_part, bonus, deduction, standard)


def _only_takes(node: dict[str, Any], inherited: str) -> bool:
    """Whether no fact makes it give points."""
    standard = number(node.get("standard", 0))
    return _takes(node["award"], standard) and not (node.get("missing", inherited) == "standard" and standard > 0)


def _takes(award: dict[str, Any], standard: Fraction) -> bool:
    if award["shape"] == "proportional":
        return standard == 0
    if award["shape"] in {"each", "steps"}:
        return number(award["points"]) <= 0
    if award["shape"] == "strata":
        return number(award["otherwise"]) <= 0 and all(_takes(stratum["award"], standard) for stratum in award["strata"])
    return award["shape"] == "bands" and all(number(one) <= 0 for one in [award["otherwise"], *(band["points"] for band in award["bands"])])


def group(node: dict[str, Any], facts: Facts, above: dict[str, Any]) -> Given | None:
    own = {name: node.get(name, above[name]) for name in ("rounding", "missing")}
    parts = [(group if "items" in part else item)(part, facts, own) for part in node["items"]]
    present, given = [part for part in parts if part is not None], number(node.get("standard", 0))
    if not present and not given:
        return None
    if node.get("takes") == "best":
        present = [max(present, key=lambda part: part.points)] if present else []
    bonus = held(sum((part.bonus for part in present), Fraction(0)), node.get("bonuses_at_most"))
    deduction = held(sum((part.deduction for part in present), Fraction(0)), node.get("deductions_at_most"))
    found = Given(
        given + sum((part.standard for part in present), Fraction(0)),
        bonus,
        deduction,
        given + sum((part.base for part in present), Fraction(0)),
    )
    full = base(node)
    if node.get("rebased") and None in parts and found.base > 0 and full > 0:
        earned = found.points - found.bonus - found.deduction
        found = Given(rounded(earned * full / found.base, own["rounding"]), found.bonus, found.deduction, full)
    if "maximum" in node and found.points > number(node["maximum"]):
        cut = found.points - number(node["maximum"])
        kept = max(Fraction(0), found.bonus - cut) if found.bonus > 0 else found.bonus
        found = Given(number(node["maximum"]) - kept - found.deduction, kept, found.deduction, found.base)
    elif "minimum" in node and found.points < number(node["minimum"]):
        lifted = min(Fraction(0), found.deduction + number(node["minimum"]) - found.points)
        found = Given(number(node["minimum"]) - found.bonus - lifted, found.bonus, lifted, found.base)
    return found


def base(node: dict[str, Any]) -> Fraction:
    """The standard points of a node and all below it."""
    own = number(node.get("standard", 0))
    below = [base(part) for part in node.get("items", [])]
    return own + (max(below) if below and node.get("takes") == "best" else sum(below, Fraction(0)))


def total(document: dict[str, Any], facts: Facts) -> Fraction:
    found = group(document, facts, {"rounding": document["rounding"], "missing": document["missing"]})
    return Fraction(0) if found is None else found.points
