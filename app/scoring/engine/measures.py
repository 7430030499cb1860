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
from app.scoring.engine.sheet import Quotient, Reason
from app.scoring.engine.sitting import Measured, Sitting, Take


def taker(measure: Any, rulebook: Rulebook) -> Take:
    return _KINDS[measure.kind](measure, rulebook)


def _figure(measure: FigureMeasure, _: Rulebook) -> Take:
    code, window = measure.indicator, measure.window

    def take(facts: Facts, sitting: Sitting) -> Measured:
        found = _accumulated(facts, sitting.basis, code, window)
        if found is None:
            return Measured(None, NO_FIGURE)
        figure, sources = found
        return Measured(Quotient(figure, FIGURE), Reason("figure", (("figure", figure),)), sources)

    return take


NO_FIGURE = Reason("no-figure")


def _percent(name: str, base_of: Callable[[Facts, str], int | None]) -> Callable[[FigureMeasure, Rulebook], Take]:
    no_base, slug = Reason(f"no-{name}"), f"percent-of-{name}"

    def of(measure: FigureMeasure, _: Rulebook) -> Take:
        code, window = measure.indicator, measure.window

        def take(facts: Facts, sitting: Sitting) -> Measured:
            base = base_of(facts, code)
            if not base:
                return Measured(None, no_base)
            found = _accumulated(facts, sitting.basis, code, window)
            if found is None:
                return Measured(None, NO_FIGURE)
            figure, sources = found
            share = Quotient(figure * 100, base) if base > 0 else Quotient(-figure * 100, -base)
            return Measured(share, Reason(slug, (("figure", figure), ("figure_base", base), ("share", share))), sources)

        return take

    return of


def _accumulated(facts: Facts, basis: Basis, code: str, window: Window | None) -> tuple[int, tuple[str, ...]] | None:
    """The figure of all periods within the window, and the reports it rests on."""
    reported = facts.figures.get(basis, _NOTHING).get(code)
    if reported and window is not None:
        reported = {period: one for period, one in reported.items() if _within(window, _last_day(facts.indicators[code].scheme, period))}
    if not reported:
        return None
    if len(reported) == 1:
        only = next(iter(reported.values()))
        return only.figure, (only.source,)
    if facts.indicators[code].accumulation is Accumulation.PERIOD_VALUE:
        ordered = [reported[period] for period in sorted(reported)]
        return sum(one.figure for one in ordered), tuple(one.source for one in ordered)
    newest = reported[max(reported)]
    return newest.figure, (newest.source,)


def _last_day(scheme: PeriodScheme, code: str) -> date:
    found = period_named(scheme, code)
    assert found is not None, "facts name periods of their scheme"
    return found.ends - DAY


_NOTHING: dict[str, dict[str, Reported]] = {}


def _events(measure: EventMeasure, rulebook: Rulebook) -> Take:
    window = measure.window or rulebook.document.window

    def counted(event: Event, sitting: Sitting) -> bool:
        if (measure.verified and not event.is_verified) or not _within(window, event.on):
            return False
        if measure.early_by is not None:
            return counts.ahead(event.on, event.due_on, measure.early_by, sitting.calendar)
        return measure.late_by is None or counts.behind(event.on, event.due_on, measure.late_by, sitting.calendar)

    def take(facts: Facts, sitting: Sitting) -> Measured:
        held = facts.events.get(sitting.basis, {})
        every = sorted(event for kind in measure.events for event in held.get(kind, ()))
        chosen = [event for event in every if counted(event, sitting)]
        values = (("count", len(chosen)), ("passed_over", len(every) - len(chosen)))
        return Measured(Quotient(len(chosen), 1), Reason("events", values), tuple(event.source for event in chosen))

    return take


def _within(window: Window | None, day: date) -> bool:
    return window is None or window.starts <= day <= window.ends


def _result(measure: ResultMeasure, _: Rulebook) -> Take:
    code, missing = measure.assessment, Measured(None, Reason("no-result", (("assessment", measure.assessment),)))

    def take(facts: Facts, _: Sitting) -> Measured:
        found = facts.results.get(code)
        if measure.kind == "grade":
            if found is None or found.grade is None:
                return missing
            return Measured(found.grade, Reason("result-grade", (("assessment", code), ("grade", found.grade))), (found.source,))
        if found is None or found.number is None:
            return missing
        reason = Reason("result", (("assessment", code), ("figure", found.number)))
        return Measured(Quotient(found.number, FIGURE), reason, (found.source,))

    return take


def _of_node(measure: NodeMeasure, rulebook: Rulebook) -> Take:
    place = rulebook.places[measure.node]
    base = {"points": None, "percent_of_standard": place.standard, "percent_of_maximum": place.reach.total.most}[measure.kind]

    def take(_: Facts, sitting: Sitting) -> Measured:
        got = sitting.given[measure.node]
        if got.is_absent:
            return Measured(None, Reason("node-left-out", (("node", measure.node),)))
        if base is None:
            return Measured(Quotient(got.points, 10**6), Reason("node-points", (("node", measure.node), ("points", got.points))))
        share = Quotient(got.points * 100, int(base))
        values = (("node", measure.node), ("points", got.points), ("base_points", int(base)), ("share", share))
        return Measured(share, Reason("node-share", values))

    return take


def _days_open(measure: UnitDaysMeasure, rulebook: Rulebook) -> Take:
    window = measure.window or rulebook.document.window

    def take(facts: Facts, _: Sitting) -> Measured:
        if window is None:
            return Measured(None, Reason("no-window"))
        first = max(window.starts, facts.opens_on or window.starts)
        after = min(window.ends + DAY, facts.closes_on or window.ends + DAY)
        days = max(0, (after - first).days)
        return Measured(Quotient(days, 1), Reason("days-open", (("count", days), ("asked", (window.ends + DAY - window.starts).days))))

    return take


def _children(measure: ChildrenMeasure, rulebook: Rulebook) -> Take:
    of = measure.of
    if measure.take == "ratio_of_sums" and isinstance(of, RatioMeasure):
        return ratio(of.times, *(summed(measure, taker(part, rulebook)) for part in (of.of, of.to)))
    return summed(measure, taker(of, rulebook))


_KINDS: dict[str, Callable[[Any, Rulebook], Take]] = {
    "figure": _figure,
    "percent_of_target": _percent("target", lambda facts, code: facts.targets.get((code, TargetKind.ASSIGNED))),
    "percent_of_stretch": _percent("stretch", lambda facts, code: facts.targets.get((code, TargetKind.STRETCH))),
    "percent_of_last_year": _percent("last-year", lambda facts, code: facts.last_year.get(code)),
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
