"""A rulebook made ready to run: each node a closure, composed once, used for every unit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from app.calendar.rules import Calendar
from app.rulebooks.language.compile import Group, Item, Node, Rulebook
from app.rulebooks.language.schema import Missing
from app.scoring.engine.awards import giver
from app.scoring.engine.facts import Basis, Facts, Marks, Put, View, marks_in
from app.scoring.engine.measures import Moment, taker
from app.scoring.engine.sheet import Line, Reason, Sheet


@dataclass(frozen=True, slots=True)
class Sitting:
    """One unit's scoring: what is asked, and the lines and turns that the nodes add as they run."""

    facts: Facts
    moment: Moment
    marks: Mapping[str, Put]
    is_strict: bool
    lines: list[Line]
    turns: list[datetime]


Run = Callable[[Sitting], int]
"""Adds the node's lines in sheet order and the instants at which they may change; returns its points."""


def score(rulebook: Rulebook, calendar: Calendar, facts: Facts, marks: Marks, instant: datetime, view: View) -> Sheet:
    """One unit's sheet. Pure: the same arguments give the same sheet, whatever the order of facts."""
    basis = Basis.CLAIMED if view is View.CLAIMED else Basis.ACCEPTED
    sitting = Sitting(facts, Moment(instant, calendar, basis), marks_in(marks, view), view is View.STRICT, [], [])
    _program(rulebook)(sitting)
    return Sheet(facts.unit, view, tuple(sitting.lines), min(sitting.turns, default=None))


@lru_cache(maxsize=64)
def _program(rulebook: Rulebook) -> Run:
    return _node(rulebook.root)


def _node(node: Node) -> Run:
    if isinstance(node, Group):
        return _group(node)
    return _by_hand(node) if node.award is None else _item(node)


def _item(item: Item) -> Run:
    take, give, code = taker(item.measure), giver(item), item.code
    absent = item.standard if item.missing is Missing.STANDARD else 0
    missing = Reason(f"missing-{item.missing.value}", (("points", absent),))

    def run(sitting: Sitting) -> int:
        value, reason, sources, until = take(sitting.facts, sitting.moment)
        if until is not None:
            sitting.turns.append(until)
        points, why = (absent, missing) if value is None else give(value)
        reasons: tuple[Reason, ...] = (reason, why)
        if code in sitting.marks and not sitting.is_strict:
            points, marked = _marked(sitting.marks[code], points)
            reasons = (reason, why, marked)
        sitting.lines.append(Line(code, points, reasons, sources))
        return points

    return run


def _by_hand(item: Item) -> Run:
    """Where people mark, the mark is the rule, in every view."""
    absent = item.standard if item.missing is Missing.STANDARD else 0
    no_mark = (Reason("no-mark"), Reason(f"missing-{item.missing.value}", (("points", absent),)))

    def run(sitting: Sitting) -> int:
        put = sitting.marks.get(item.code)
        points = absent if put is None else put.points
        reasons = no_mark if put is None else (Reason(f"mark-{put.stage.value}", (("points", points),)),)
        sitting.lines.append(Line(item.code, points, reasons, ()))
        return points

    return run


def _group(group: Group) -> Run:
    parts = [_node(part) for part in group.items]
    code, maximum, minimum = group.code, group.maximum, group.minimum

    def run(sitting: Sitting) -> int:
        place = len(sitting.lines)
        sitting.lines.append(_NOTHING)
        points = total = sum([part(sitting) for part in parts])
        reasons: tuple[Reason, ...] = (Reason("sum", (("points", total),)),)
        if maximum is not None and total > maximum:
            points, reasons = maximum, (Reason("sum-at-maximum", (("sum_points", total), ("points", maximum))),)
        elif minimum is not None and total < minimum:
            points, reasons = minimum, (Reason("sum-at-minimum", (("sum_points", total), ("points", minimum))),)
        if code in sitting.marks and not sitting.is_strict:
            points, marked = _marked(sitting.marks[code], points)
            reasons = (*reasons, marked)
        sitting.lines[place] = Line(code, points, reasons, ())
        return points

    return run


def _marked(put: Put, by_rule: int) -> tuple[int, Reason]:
    """A hand mark takes the place of what the rule gives, and says by how much."""
    return put.points, Reason(f"marked-{put.stage.value}", (("points", put.points), ("rule_points", by_rule)))


_NOTHING = Line("", 0, (), ())
