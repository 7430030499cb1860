"""Measures: from a unit's facts to one exact number, with where it came from. One function per kind, in one table."""

from collections.abc import Callable
from typing import Any

from app.calendar.rules import DAY
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.ground import Window
from app.rulebooks.language.terms import (
    ChildrenMeasure,
    EventMeasure,
    NodeMeasure,
    RatioMeasure,
    ResultMeasure,
    UnitDaysMeasure,
)
from app.scoring.engine import counts, figures
from app.scoring.engine.combined import children_where, ratio, ratio_of_sums, summed, total
from app.scoring.engine.conditions import tester
from app.scoring.engine.facts import FIGURE, Event, Facts
from app.scoring.engine.sheet import Form, Why
from app.scoring.engine.sitting import Measured, Sitting, Take


def taker(measure: Any, rulebook: Rulebook) -> Take:
    return _KINDS[measure.kind](measure, rulebook)


EVENTS = Form("events", ("count",))
EVENTS_OF_MORE = Form("events-of-more", ("count", "passed_over"))


def _events(measure: EventMeasure, rulebook: Rulebook) -> Take:
    kinds, counts_one = measure.events, _chooser(measure, measure.window or rulebook.document.window)

    def take(facts: Facts, sitting: Sitting) -> Measured:
        held = facts.events[sitting.basis]
        every = [event for kind in kinds if kind in held for event in held[kind]]
        counted = every if counts_one is None else [event for event in every if counts_one(event, sitting)]
        count, passed_over = len(counted), len(every) - len(counted)
        why = (EVENTS_OF_MORE, count, passed_over) if passed_over else (EVENTS, count)
        return (count, 1), why, tuple(sorted([event.source for event in counted]))

    return take


def _chooser(measure: EventMeasure, window: Window | None) -> Callable[[Event, Sitting], bool] | None:
    """Whether an event counts; None where every one does. `early_by` is asked before `late_by`."""
    if window is None and not measure.verified and measure.early_by is None and measure.late_by is None:
        return None

    def counts_one(event: Event, sitting: Sitting) -> bool:
        if (measure.verified and not event.is_verified) or not figures.within(window, event.on):
            return False
        if measure.early_by is not None:
            return counts.ahead(event.on, event.due_on, measure.early_by, sitting.calendar)
        return measure.late_by is None or counts.behind(event.on, event.due_on, measure.late_by, sitting.calendar)

    return counts_one


RESULT_GRADE = Form("result-grade", ("assessment", "grade"))
RESULT = Form("result", ("assessment", "figure"))


def _result(measure: ResultMeasure, _: Rulebook) -> Take:
    code = measure.assessment
    missing: Measured = None, (Form("no-result", ("assessment",)), code), ()

    def take(facts: Facts, _: Sitting) -> Measured:
        found = facts.results.get(code)
        if measure.kind == "grade":
            if found is None or found.grade is None:
                return missing
            return found.grade, (RESULT_GRADE, code, found.grade), (found.source,)
        if found is None or found.number is None:
            return missing
        return (found.number, FIGURE), (RESULT, code, found.number), (found.source,)

    return take


NODE_LEFT_OUT = Form("node-left-out", ("node",))
NODE_POINTS = Form("node-points", ("node", "points"))
NODE_SHARE = Form("node-share", ("node", "points", "base_points", "share"))


def _of_node(measure: NodeMeasure, rulebook: Rulebook) -> Take:
    code, place = measure.node, rulebook.places[measure.node]
    base = {"points": None, "percent_of_standard": place.standard, "percent_of_maximum": place.reach.total.most}[measure.kind]

    def take(_: Facts, sitting: Sitting) -> Measured:
        got = sitting.given[code]
        if got.is_absent:
            return None, (NODE_LEFT_OUT, code), ()
        if base is None:
            return (got.points, 10**6), (NODE_POINTS, code, got.points), ()
        share = got.points * 100, int(base)
        return share, (NODE_SHARE, code, got.points, int(base), share), ()

    return take


NO_WINDOW: Why = (Form("no-window"),)
DAYS_OPEN = Form("days-open", ("count", "asked"))


def _days_open(measure: UnitDaysMeasure, rulebook: Rulebook) -> Take:
    window = measure.window or rulebook.document.window

    def take(facts: Facts, _: Sitting) -> Measured:
        if window is None:
            return None, NO_WINDOW, ()
        first = max(window.starts, facts.opens_on or window.starts)
        after = min(window.ends + DAY, facts.closes_on or window.ends + DAY)
        days = max(0, (after - first).days)
        return (days, 1), (DAYS_OPEN, days, (window.ends + DAY - window.starts).days), ()

    return take


def _children(measure: ChildrenMeasure, rulebook: Rulebook) -> Take:
    of = measure.of
    if measure.take == "ratio_of_sums" and isinstance(of, RatioMeasure):
        return ratio_of_sums(measure, of.times, taker(of.of, rulebook), taker(of.to, rulebook))
    return summed(measure, taker(of, rulebook))


_KINDS: dict[str, Callable[[Any, Rulebook], Take]] = {
    **figures.KINDS,
    **counts.KINDS,
    "events": _events,
    "result": _result,
    "grade": _result,
    "points": _of_node,
    "percent_of_maximum": _of_node,
    "percent_of_standard": _of_node,
    "days_open": _days_open,
    "sum": lambda measure, rulebook: total(measure, [taker(term.of, rulebook) for term in measure.terms]),
    "ratio": lambda measure, rulebook: ratio(measure.times, taker(measure.of, rulebook), taker(measure.to, rulebook)),
    "children": _children,
    "children_where": lambda measure, rulebook: children_where(measure, tester(measure.when, rulebook, taker)),
}
