"""What the next step of an item would be worth: the nearest higher value of its measure at which its rule gives more points."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from app.calendar.rules import Calendar
from app.rulebooks.language.awards import Bands, Each, Steps, Strata
from app.rulebooks.language.compile import Rulebook, edge, points
from app.rulebooks.language.ground import EDGE
from app.rulebooks.language.schema import Item
from app.scoring.engine.awards import giver
from app.scoring.engine.facts import Basis, Facts, View
from app.scoring.engine.measures import taker
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Form, Why
from app.scoring.engine.sitting import Pair, Sitting

SHORT = Form("next-short", ("figure_short", "points", "gain_points"))
SHORT_OPEN = Form("next-short-open", SHORT.names)
REACH = Form("next-reach", ("edge", "points", "gain_points"))
REACH_OPEN = Form("next-reach-open", REACH.names)


class Step(NamedTuple):
    """An edge in 10⁻¹⁰; an open one must be passed."""

    edge: int
    is_open: bool


def next_steps(rulebook: Rulebook, calendar: Calendar, facts: Facts, instant: datetime, view: View) -> dict[str, Why]:
    """By item, for those that a higher number takes further. By the rule alone: marks, waivers and caps above the item are left aside."""
    found = {}
    for item, value, why, sitting in _measured(rulebook, calendar, facts, instant, view):
        now = sitting.given[item.code].points
        step = _next(item, rulebook, value, now, facts, sitting)
        if step is not None:
            found[item.code] = _told(item.measure.kind, value, why, *step, now)
    return found


def near_thresholds(
    rulebook: Rulebook, calendar: Calendar, facts: Facts, instant: datetime, view: View
) -> Iterator[tuple[str, Pair, list[int]]]:
    """(item, what was measured, the edges in 10⁻¹⁰ at which it may begin to give more) of items with such edges."""
    for item, value, _, _ in _measured(rulebook, calendar, facts, instant, view):
        edges = sorted({step.edge for step in _edges(item.award, value) if step.edge > 0})
        if edges:
            yield item.code, value, edges


def _measured(
    rulebook: Rulebook, calendar: Calendar, facts: Facts, instant: datetime, view: View
) -> Iterator[tuple[Item, Pair, Why, Sitting]]:
    """Items by rule that apply and are not waived, with the number that was measured."""
    sheet = score(rulebook, calendar, facts, {}, instant, view)
    basis = Basis.CLAIMED if view is View.CLAIMED else Basis.ACCEPTED
    sitting = Sitting(facts, instant, calendar, basis, {}, False, given={code: given for code, (given, *_) in sheet.told.items()})
    for code, place in rulebook.places.items():
        if isinstance(place.node, Item) and not place.is_by_hand and sitting.given[code].applies and code not in facts.waivers:
            value, why, _ = taker(place.node.measure, rulebook)(facts, sitting)
            if isinstance(value, tuple):
                yield place.node, value, why, sitting


def _next(item: Item, rulebook: Rulebook, value: Pair, now: int, facts: Facts, sitting: Sitting) -> tuple[Step, int] | None:
    """The nearest step above `value` that gives more than `now`, and how much it gives."""
    give, maximum = giver(item.award, rulebook.places[item.code], rulebook, taker), points(item.maximum)
    numerator, denominator = value
    for step in sorted(set(_edges(item.award, value))):
        distance = step.edge * denominator - numerator * EDGE
        if distance > 0 or (distance == 0 and step.is_open):
            there = (step.edge * 10 + 1, EDGE * 10) if step.is_open else (step.edge, EDGE)
            gives, _ = give(there, facts, sitting)
            gives = gives if maximum is None else min(gives, maximum)
            if gives > now:
                return step, gives
    return None


def _edges(award: Any, value: Pair) -> Iterator[Step]:
    """Where an award may begin to give more: where a band begins, or where one that stands before it ends."""
    if isinstance(award, Bands):
        for band in award.bands:
            edges = ((band.at_least, False), (band.more_than, True), (band.less_than, False), (band.at_most, True))
            yield from (Step(edge(one), is_open) for one, is_open in edges if one is not None)
    elif isinstance(award, Steps):
        over, per = edge(award.over), edge(award.per)
        taken = max(0, (value[0] * EDGE - over * value[1]) // (per * value[1]))
        yield Step(over, is_open=True)
        yield from (Step(over + (taken + more) * per, award.counts == "started") for more in (0, 1))
    elif isinstance(award, Each):
        yield Step((value[0] // value[1] + 1) * EDGE, is_open=False)
    elif isinstance(award, Strata):
        yield from chain.from_iterable(_edges(stratum.award, value) for stratum in award.strata)


def _told(kind: str, value: Pair, why: Why, step: Step, gives: int, now: int) -> Why:
    """How much is missing where the measure is a figure, a share of one or a count; else the value to reach."""
    if kind.startswith("percent_of_") and len(why) == len(("form", "figure", "base", "share")) and why[2] > 0:
        figure, base = why[1], why[2]
        short = -(-step.edge * base // (100 * EDGE)) - figure
    elif kind in {"figure", "events"}:
        short = -(-(step.edge * value[1] - value[0] * EDGE) // value[1])
    else:
        return REACH_OPEN if step.is_open else REACH, step.edge, gives, gives - now
    return SHORT_OPEN if step.is_open else SHORT, short, gives, gives - now
