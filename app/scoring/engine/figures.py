"""Figures: what an indicator came to in the window, itself or as a share of a target or of last year."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.calendar.rules import DAY, PeriodScheme
from app.calendar.rules import period as period_named
from app.indicators.rules import Accumulation, TargetKind
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.ground import Window
from app.rulebooks.language.terms import FigureMeasure
from app.scoring.engine.facts import FIGURE, Basis, Facts, Reported
from app.scoring.engine.sheet import Form, Why
from app.scoring.engine.sitting import Measured, Sitting, Take

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
            reported = {period: one for period, one in reported.items() if within(window, _last_day(facts.indicators[code].scheme, period))}
        if not reported:
            return None
        if len(reported) == 1:
            ((figure, source, _, _),) = reported.values()
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


def within(window: Window | None, day: date) -> bool:
    return window is None or window.starts <= day <= window.ends


KINDS: dict[str, Callable[[Any, Rulebook], Take]] = {
    "figure": _figure,
    "percent_of_target": _percent("target", _target(TargetKind.ASSIGNED)),
    "percent_of_stretch": _percent("stretch", _target(TargetKind.STRETCH)),
    "percent_of_last_year": _percent("last-year", _last_year),
}
