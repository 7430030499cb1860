"""A rulebook made ready to run: each node a closure, composed once, used for every unit."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from app.calendar.rules import Calendar
from app.rulebooks.language.compile import Group, Item, Node, Rulebook
from app.rulebooks.language.schema import Missing
from app.scoring.engine.awards import giver
from app.scoring.engine.facts import Facts, View
from app.scoring.engine.measures import Moment, taker
from app.scoring.engine.sheet import Line, Reason, Sheet

Run = Callable[[Facts, Moment, list[Line], list[datetime]], int]
"""Appends the node's lines in sheet order and the instants at which they may change; returns its points."""


def score(rulebook: Rulebook, calendar: Calendar, facts: Facts, instant: datetime, view: View) -> Sheet:
    """One unit's sheet. Pure: the same arguments give the same sheet, whatever the order of facts."""
    lines: list[Line] = []
    turns: list[datetime] = []
    _program(rulebook)(facts, Moment(instant, calendar, view), lines, turns)
    return Sheet(facts.unit, view, tuple(lines), min(turns, default=None))


@lru_cache(maxsize=64)
def _program(rulebook: Rulebook) -> Run:
    return _node(rulebook.root)


def _node(node: Node) -> Run:
    return _group(node) if isinstance(node, Group) else _item(node)


def _item(item: Item) -> Run:
    take, give, code = taker(item.measure), giver(item), item.code
    absent = item.standard if item.missing is Missing.STANDARD else 0
    missing = Reason(f"missing-{item.missing.value}", (("points", absent),))

    def run(facts: Facts, moment: Moment, lines: list[Line], turns: list[datetime]) -> int:
        value, reason, sources, until = take(facts, moment)
        if until is not None:
            turns.append(until)
        points, why = (absent, missing) if value is None else give(value)
        lines.append(Line(code, points, (reason, why), sources))
        return points

    return run


def _group(group: Group) -> Run:
    parts = [_node(part) for part in group.items]
    code, maximum, minimum = group.code, group.maximum, group.minimum

    def run(facts: Facts, moment: Moment, lines: list[Line], turns: list[datetime]) -> int:
        place = len(lines)
        lines.append(_NOTHING)
        points = total = sum([part(facts, moment, lines, turns) for part in parts])
        reason = Reason("sum", (("points", total),))
        if maximum is not None and total > maximum:
            points, reason = maximum, Reason("sum-at-maximum", (("sum_points", total), ("points", maximum)))
        elif minimum is not None and total < minimum:
            points, reason = minimum, Reason("sum-at-minimum", (("sum_points", total), ("points", minimum)))
        lines[place] = Line(code, points, (reason,), ())
        return points

    return run


_NOTHING = Line("", 0, (), ())
