"""A second reading of the language, in fractions, from the raw document and the raw facts. It shares no code with the service."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor, inf
from typing import Any

Facts = dict[str, Any]


@dataclass
class Given:
    """What a node gives; a node that is left out is None instead."""

    standard: Fraction
    bonus: Fraction
    deduction: Fraction
    base: Fraction
    applies: bool = True

    @property
    def points(self) -> Fraction:
        return self.standard + self.bonus + self.deduction


class Reading:
    """One unit's facts, and what was found of each node so far."""

    def __init__(self, facts: Facts, nodes: dict[str, Any] | None = None) -> None:
        self.facts, self.nodes = facts, nodes or {}
        self.given: dict[str, Given | None] = {}
        self.marks = {mark["node"]: number(mark["points"]) for mark in facts.get("marks", [])}

    def points(self, code: str) -> Fraction:
        found = self.given[code]
        return Fraction(0) if found is None else found.points

    def letter(self, code: str) -> str | None:
        bands = self.nodes[code].get("grades", [])
        return next((band["grade"] for band in bands if within(band, self.points(code))), None)

    def grade(self, assessment: str) -> str | None:
        found = [one for one in self.facts.get("results", []) if one["assessment"] == assessment]
        return found[-1].get("grade") if found else None

    def waived(self, code: str) -> Any:
        """None where nothing is; infinity where all is."""
        found = [one for one in self.facts.get("waivers", []) if one["node"] == code]
        return found[-1].get("occurrences", inf) if found else None


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


def measured(measure: dict[str, Any], of: Reading) -> Fraction | None:  # noqa: C901, PLR0911
    kind, facts = measure["kind"], of.facts
    if kind in {"points", "percent_of_standard"}:
        if of.given[measure["node"]] is None:
            return None
        points = of.points(measure["node"])
        return points if kind == "points" else 100 * points / base(of.nodes[measure["node"]])
    if kind in {"children", "children_where"}:
        return (_of_children if kind == "children" else _where)(measure, [Reading(child) for child in facts.get("children", [])])
    if kind == "events":
        held = [one for one in facts.get("events", []) if one["event"] in measure["events"]]
        return Fraction(sum(one.get("times", 1) for one in held if not measure.get("verified") or one["verified"]))
    if kind == "sum":
        parts = [(measured(term["of"], of), number(term.get("times", 1))) for term in measure["terms"]]
        known = [(value, times) for value, times in parts if value is not None]
        if not known or (len(known) < len(parts) and not measure.get("without_missing")):
            return None
        return sum((value * times for value, times in known), Fraction(0))
    if kind == "ratio":
        above, below = measured(measure["of"], of), measured(measure["to"], of)
        return None if above is None or not below else number(measure.get("times", 100)) * above / below
    figure, target = _halves(measure, of)
    if kind == "figure" or figure is None:
        return figure
    return None if not target else 100 * figure / target


def _halves(measure: dict[str, Any], of: Reading) -> tuple[Fraction | None, Fraction | None]:
    """A unit's figure and its target."""
    figure = next((number(one["figure"]) for one in of.facts.get("figures", []) if one["indicator"] == measure["indicator"]), None)
    target = next((number(one["assigned"]) for one in of.facts.get("targets", []) if one["indicator"] == measure["indicator"]), None)
    return figure, target


def _where(measure: dict[str, Any], children: list[Reading]) -> Fraction | None:
    told = [holds(measure["when"], child) for child in children]
    if not told:
        return None
    return Fraction(sum(told)) if measure.get("take", "count") == "count" else Fraction(100 * sum(told), len(told))


def _of_children(measure: dict[str, Any], children: list[Reading]) -> Fraction | None:
    inner, take = measure["of"], measure["take"]
    told = [(child, measured(inner, child)) for child in children]
    known = [(child, value) for child, value in told if value is not None]
    if take == "ratio_of_sums" and inner["kind"] == "ratio":
        return _ratio_of_sums(measure, children)
    if not known or (len(known) < len(told) and not measure.get("without_missing")):
        return None
    values = [value for _, value in known]
    if take == "ratio_of_sums":
        halves = [_halves(inner, child) for child, _ in known]
        return 100 * sum(figure for figure, _ in halves if figure) / Fraction(sum(target for _, target in halves if target))
    found = {"sum": sum(values), "mean": sum(values) / Fraction(len(values)), "least": min(values), "most": max(values)}[take]
    return Fraction(found)


def _ratio_of_sums(measure: dict[str, Any], children: list[Reading]) -> Fraction | None:
    inner = measure["of"]
    halves = [(measured(inner["of"], child), measured(inner["to"], child)) for child in children]
    both = [(above, below) for above, below in halves if above is not None and below is not None]
    if not both or (len(both) < len(halves) and not measure.get("without_missing")):
        return None
    above, below = sum((one for one, _ in both), Fraction(0)), sum((one for _, one in both), Fraction(0))
    return number(inner.get("times", 100)) * above / below if below else None


def holds(condition: dict[str, Any], of: Reading) -> bool:
    for name, join in (("all", all), ("any", any)):
        if name in condition:
            return join([holds(one, of) for one in condition[name]])
    if "none" in condition:
        return not any(holds(one, of) for one in condition["none"])
    if "assessment" in condition:
        return of.grade(condition["assessment"]) in condition["one_of"]
    if "met" in condition:
        return all(of.points(code) >= base(of.nodes[code]) for code in condition["met"])
    if "nodes" in condition:
        return within(condition, Fraction(sum(of.letter(code) in condition["graded"] for code in condition["nodes"])))
    value = measured(condition["measure"], of)
    return bool(condition.get("missing", False)) if value is None else within(condition, value)


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


def awarded(award: dict[str, Any], value: Fraction, standard: Fraction, rounding: dict[str, Any], of: Reading) -> Fraction:  # noqa: PLR0911
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
        by = measured(award["by"], of)
        chosen = next((one for one in award["strata"] if by is not None and within(one, by)), None)
        return number(award["otherwise"]) if chosen is None else awarded(chosen["award"], value, standard, rounding, of)
    over = value - number(award["over"])
    if over <= 0:
        return Fraction(0)
    steps = over / number(award["per"])
    count = -floor(-steps) if award.get("counts") == "started" else floor(steps)
    return held(number(award.get("first", 0)) + count * number(award["points"]), award.get("limit"))


def by_policy(policy: str, standard: Fraction) -> Given | None:
    zero = Fraction(0)
    return None if policy == "excluded" else Given(standard if policy == "standard" else zero, zero, zero, standard)


def placed(node: dict[str, Any], of: Reading, above: dict[str, Any]) -> Given | None:
    """A node with its conditions around it and a hand mark over it."""
    if "not_applicable_when" in node and holds(node["not_applicable_when"], of):
        for part in node.get("items", []):
            placed(part, of, _own(node, above))
        found = by_policy(node.get("not_applicable", "excluded"), base(node))
    else:
        found = (group if "items" in node else item)(node, of, above)
        if "when" in node and not holds(node["when"], of):
            found = Given(Fraction(0), Fraction(0), Fraction(0), base(node), applies=False)
    mark = of.marks.get(node["code"])
    if mark is not None and node.get("measure", {}).get("kind") != "mark":
        found = Given(max(mark, Fraction(0)), Fraction(0), min(mark, Fraction(0)), Fraction(0) if found is None else found.base)
    of.given[node["code"]] = found
    return found


def _own(node: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    return {name: node.get(name, above[name]) for name in ("rounding", "missing")}


def item(node: dict[str, Any], of: Reading, above: dict[str, Any]) -> Given | None:
    standard, own = number(node.get("standard", 0)), _own(node, above)
    points: Fraction | None
    if node["measure"]["kind"] == "mark":
        points = of.marks.get(node["code"])
        policy = "zero" if own["missing"] == "standard" and not standard else own["missing"]
    elif node["measure"]["kind"] == "grade":
        grade, policy = of.grade(node["measure"]["assessment"]), own["missing"]
        known = {one["grade"]: number(one["points"]) for one in node["award"]["grades"]}
        points = None if grade is None else known.get(grade, number(node["award"]["otherwise"]))
    else:
        value, policy = measured(node["measure"], of), own["missing"]
        waived = of.waived(node["code"]) if node.get("waivable") else None
        if value is not None and waived is not None:
            value = Fraction(floor(value) - min(waived, floor(value)))
        points = None if value is None else awarded(node["award"], value, standard, own["rounding"], of)
    if points is None:
        return by_policy(policy, standard)
    if node["measure"]["kind"] != "mark":
        if "maximum" in node and points > number(node["maximum"]):
            points = number(node["maximum"])
        elif "minimum" in node and points < number(node["minimum"]):
            points = number(node["minimum"])
    side, zero = node.get("counts_as") or ("deduction" if _only_takes(node, above["missing"]) else "standard"), Fraction(0)
    standard_part, bonus, deduction = (points if side == name else zero for name in ("standard", "bonus", "deduction"))
    return Given(standard_part, bonus, deduction, standard)


def _only_takes(node: dict[str, Any], inherited: str) -> bool:
    """Whether no fact makes it give points."""
    standard, measure = number(node.get("standard", 0)), node["measure"]
    if measure["kind"] == "mark":
        return number(measure["maximum"]) <= 0
    may_stand = node.get("missing", inherited) == "standard" or ("not_applicable_when" in node and node.get("not_applicable") == "standard")
    if "minimum" in node and number(node["minimum"]) > 0:
        return False
    if "maximum" in node and number(node["maximum"]) <= 0:
        return True
    return _takes(node["award"], standard, sides(measure)) and not (may_stand and standard > 0)


def sides(measure: dict[str, Any]) -> set[int]:
    """On which sides of nothing its number may lie."""
    if measure["kind"] in {"events", "children_where"}:
        return {1}
    if measure["kind"] == "sum":
        signs = [(number(term.get("times", 1)), side) for term in measure["terms"] for side in sides(term["of"])]
        return {side if times > 0 else -side for times, side in signs if times}
    if measure["kind"] == "ratio" and sides(measure["of"]) | sides(measure["to"]) <= {1}:
        times = number(measure.get("times", 100))
        return {1 if times > 0 else -1} if times else set()
    return sides(measure["of"]) if measure["kind"] == "children" else {1, -1}


def _takes(award: dict[str, Any], standard: Fraction, of: set[int]) -> bool:
    if award["shape"] == "proportional":
        return standard == 0 or 1 not in of
    if award["shape"] == "value":
        times = number(award.get("times", 1))
        return times == 0 or (1 if times > 0 else -1) not in of
    if award["shape"] in {"each", "steps"}:
        return number(award["points"]) <= 0 and number(award.get("first", 0)) <= 0
    if award["shape"] == "strata":
        return number(award["otherwise"]) <= 0 and all(_takes(stratum["award"], standard, of) for stratum in award["strata"])
    held = award.get("bands") or award.get("grades")
    return held is not None and all(number(one) <= 0 for one in [award["otherwise"], *(one["points"] for one in held)])


def group(node: dict[str, Any], of: Reading, above: dict[str, Any]) -> Given | None:
    own = _own(node, above)
    parts = [placed(part, of, own) for part in node["items"]]
    present, given = [part for part in parts if part is not None], number(node.get("standard", 0))
    if not present and not given:
        return None
    if node.get("takes") == "best":
        present = [max(present, key=lambda part: part.points)] if present else []
    if node.get("takes") == "first":
        present = [part for part in present if part.applies][:1]
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
    return own + (max(below) if below and node.get("takes") in {"best", "first"} else sum(below, Fraction(0)))


def read(document: dict[str, Any], facts: Facts) -> tuple[Fraction, list[str], tuple[str, str] | None]:
    """The total, the gates that closed, and the class by the total and the class proposed."""
    of = Reading(facts, {node["code"]: node for node in _nodes(document["items"])})
    root = {name: value for name, value in document.items() if name not in {"rounding", "missing"}} | {"code": ""}
    found = placed(root, of, {"rounding": document["rounding"], "missing": document["missing"]})
    total = Fraction(0) if found is None else found.points
    gates = [gate["code"] for gate in document.get("gates", []) if holds(gate["when"], of)]
    return total, gates, rated(document["ratings"], total, of) if "ratings" in document else None


def _nodes(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for item in items for one in [item, *_nodes(item.get("items", []))]]


def rated(ratings: dict[str, Any], total: Fraction, of: Reading) -> tuple[str, str]:
    classes = ratings["classes"]
    names = [one["rating"] for one in classes]
    by_total = next((n for n, one in enumerate(classes) if within(one["total"], total)), len(names))
    top = by_total
    ceiling = of.grade(ratings["not_above"]) if "not_above" in ratings else None
    if ceiling is not None:
        top = max(top, names.index(ceiling) if ceiling in names else len(names))
    for n in range(top, len(names)):
        floor_only = {name: edge for name, edge in classes[n]["total"].items() if name in {"at_least", "more_than"}}
        if all(holds(one, of) for one in classes[n].get("requires", [])) and within(floor_only, total):
            return [*names, ratings["otherwise"]][by_total], names[n]
    return [*names, ratings["otherwise"]][by_total], ratings["otherwise"]
