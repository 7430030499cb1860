"""Measures: from a unit's facts to one exact number, with where it came from. One function per kind, in one table."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.calendar.rules import DAY, PeriodScheme
from app.calendar.rules import period as period_named
from app.indicators.rules import Accumulation, TargetKind
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.ground import Window
from app.rulebooks.language.terms import (
    ChildrenMeasure,
    EventMeasure,
    FigureMeasure,
    NodeMeasure,
    RatioMeasure,
    ResultMeasure,
    UnitDaysMeasure,
)
from app.scoring.engine import counts
from app.scoring.engine.combined import children_where, ratio, summed, total
from app.scoring.engine.conditions import tester
from app.scoring.engine.facts import FIGURE, Basis, Event, Facts, Reported
from app.scoring.engine.sheet import Form, Why
from app.scoring.engine.sitting import Measured, Sitting, Take


def taker(measure: Any, rulebook: Rulebook) -> Take:
    return _KINDS[measure.kind](measure, rulebook)


NO_FIGURE: Why = (Form("no-figure"),)
FIGURE_TOLD = Form("figure", ("figure",))
Accumulated = Callable[[Facts, Basis], tuple[int, tuple[str, ...]] | None]


def _figure(measure: FigureMeasure, _: Rulebook) -> Take:
    accumulated = _accumulator(measure)

    def take(facts: Facts, sitting: Sitting) -> Measured:
        found = accumulated(facts, sitting.basis)
        if found is None:
            return None, NO_FIGURE, ()
        figure, sources = found
        return (figure, FIGURE), (FIGURE_TOLD, figure), sources

    return take


def _percent(name: str, base_of: Callable[[str], Callable[[Facts], int | None]]) -> Callable[[FigureMeasure, Rulebook], Take]:
    no_base: Why = (Form(f"no-{name}"),)
    form = Form(f"percent-of-{name}", ("figure", "figure_base", "share"))

    def of(measure: FigureMeasure, _: Rulebook) -> Take:
        accumulated, held = _accumulator(measure), base_of(measure.indicator)

        def take(facts: Facts, sitting: Sitting) -> Measured:
            base = held(facts)
            if not base:
                return None, no_base, ()
            found = accumulated(facts, sitting.basis)
            if found is None:
                return None, NO_FIGURE, ()
            figure, sources = found
            share = (figure * 100, base) if base > 0 else (-figure * 100, -base)
            return share, (form, figure, base, share), sources

        return take

    return of


def _target(kind: TargetKind) -> Callable[[str], Callable[[Facts], int | None]]:
    def of(code: str) -> Callable[[Facts], int | None]:
        key = (code, kind)
        return lambda facts: facts.targets.get(key)

    return of


def _last_year(code: str) -> Callable[[Facts], int | None]:
    return lambda facts: facts.last_year.get(code)


def _accumulator(measure: FigureMeasure) -> Accumulated:
    """The figure of all periods within the window, and the reports it rests on."""
    code, window = measure.indicator, measure.window

    def accumulated(facts: Facts, basis: Basis) -> tuple[int, tuple[str, ...]] | None:
        reported = facts.figures[basis].get(code)
        if reported and window is not None:
            reported = {
                period: one for period, one in reported.items() if _within(window, _last_day(facts.indicators[code].scheme, period))
            }
        if not reported:
            return None
        if len(reported) == 1:
            ((figure, source, _),) = reported.values()
            return figure, (source,)
        return _together(reported, facts.indicators[code].accumulation)

    return accumulated


def _together(reported: dict[str, Reported], accumulation: Accumulation) -> tuple[int, tuple[str, ...]]:
    if accumulation is Accumulation.PERIOD_VALUE:
        ordered = [reported[period] for period in sorted(reported)]
        return sum(one.figure for one in ordered), tuple([one.source for one in ordered])
    newest = reported[max(reported)]
    return newest.figure, (newest.source,)


def _last_day(scheme: PeriodScheme, code: str) -> date:
    found = period_named(scheme, code)
    assert found is not None, "facts name periods of their scheme"
    return found.ends - DAY


EVENTS = Form("events", ("count", "passed_over"))


def _events(measure: EventMeasure, rulebook: Rulebook) -> Take:
    kinds, counts_one = measure.events, _chooser(measure, measure.window or rulebook.document.window)

    def take(facts: Facts, sitting: Sitting) -> Measured:
        held = facts.events[sitting.basis]
        every = [event for kind in kinds if kind in held for event in held[kind]]
        counted = every if counts_one is None else [event for event in every if counts_one(event, sitting)]
        return (len(counted), 1), (EVENTS, len(counted), len(every) - len(counted)), tuple(sorted([event.source for event in counted]))

    return take


def _chooser(measure: EventMeasure, window: Window | None) -> Callable[[Event, Sitting], bool] | None:
    """Whether an event counts; None where every one does. `early_by` is asked before `late_by`."""
    if window is None and not measure.verified and measure.early_by is None and measure.late_by is None:
        return None

    def counts_one(event: Event, sitting: Sitting) -> bool:
        if (measure.verified and not event.is_verified) or not _within(window, event.on):
            return False
        if measure.early_by is not None:
            return counts.ahead(event.on, event.due_on, measure.early_by, sitting.calendar)
        return measure.late_by is None or counts.behind(event.on, event.due_on, measure.late_by, sitting.calendar)

    return counts_one


def _within(window: Window | None, day: date) -> bool:
    return window is None or window.starts <= day <= window.ends


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
        return ratio(of.times, *(summed(measure, taker(part, rulebook)) for part in (of.of, of.to)))
    return summed(measure, taker(of, rulebook))


_KINDS: dict[str, Callable[[Any, Rulebook], Take]] = {
    "figure": _figure,
    "percent_of_target": _percent("target", _target(TargetKind.ASSIGNED)),
    "percent_of_stretch": _percent("stretch", _target(TargetKind.STRETCH)),
    "percent_of_last_year": _percent("last-year", _last_year),
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
