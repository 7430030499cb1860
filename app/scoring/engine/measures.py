"""Measures: from a unit's facts to one exact number, with where it came from. One function per kind, in one table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from app.calendar.rules import DAY, Calendar, Roll, end_of, periods_ending_within
from app.indicators.rules import Accumulation, TargetKind
from app.rulebooks.language.compile import Measure
from app.scoring.engine.facts import FIGURE, Basis, Facts, IndicatorTerms, Reported, TaskFact
from app.scoring.engine.sheet import Quotient, Reason

T = TypeVar("T")


class Measured(NamedTuple):
    """An exact pair, or None with the reason why there is nothing to measure."""

    value: Quotient | None
    reason: Reason
    sources: tuple[str, ...] = ()
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When one asks, on which calendar, and on which reports."""

    instant: datetime
    calendar: Calendar
    basis: Basis


Take = Callable[[Facts, Moment], Measured]


def taker(measure: Measure) -> Take:
    return _KINDS[measure.kind](measure)


def _figure(measure: Measure) -> Take:
    code = _only(measure)

    def take(facts: Facts, moment: Moment) -> Measured:
        found = _accumulated(facts, moment.basis, code)
        if found is None:
            return Measured(None, Reason("no-figure"))
        figure, sources = found
        return Measured(Quotient(figure, FIGURE), Reason("figure", (("figure", figure),)), sources)

    return take


def _percent_of_target(measure: Measure) -> Take:
    return _share(_only(measure), lambda facts, code: facts.targets.get((code, TargetKind.ASSIGNED)), "target")


def _percent_of_stretch(measure: Measure) -> Take:
    return _share(_only(measure), lambda facts, code: facts.targets.get((code, TargetKind.STRETCH)), "stretch")


def _percent_of_last_year(measure: Measure) -> Take:
    return _share(_only(measure), lambda facts, code: facts.last_year.get(code), "last-year")


def _share(code: str, base_of: Callable[[Facts, str], int | None], name: str) -> Take:
    no_base, no_figure, slug = Reason(f"no-{name}"), Reason("no-figure"), f"percent-of-{name}"

    def take(facts: Facts, moment: Moment) -> Measured:
        base = base_of(facts, code)
        if not base:
            return Measured(None, no_base)
        found = _accumulated(facts, moment.basis, code)
        if found is None:
            return Measured(None, no_figure)
        figure, sources = found
        share = Quotient(figure * 100, base) if base > 0 else Quotient(-figure * 100, -base)
        return Measured(share, Reason(slug, (("figure", figure), ("figure_base", base), ("share", share))), sources)

    return take


def _accumulated(facts: Facts, basis: Basis, code: str) -> tuple[int, tuple[str, ...]] | None:
    """The figure of all periods within the window, and the reports it rests on."""
    reported = facts.figures.get(basis, _NOTHING).get(code)
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


def _tasks(wanted: str) -> Callable[[Measure], Take]:
    def of(measure: Measure) -> Take:
        def take(facts: Facts, moment: Moment) -> Measured:
            counts = dict.fromkeys(("on_time", "late", "overdue", "ahead"), 0)
            sources, turns = [], []
            for _, task in _chosen(facts.tasks.items(), measure.subjects):
                due = _due(task, moment.calendar)
                standing = _standing(task, moment, due)
                counts[standing] += 1
                if moment.basis in task.completed:
                    sources.append(task.completed[moment.basis].source)
                if standing == "ahead" and due is not None:
                    turns.append(due)
            asked = counts["on_time"] + counts["late"] + counts["overdue"]
            values = tuple(sorted(counts.items()))
            until = min(turns, default=None)
            if wanted != "percent_on_time":
                return Measured(Quotient(counts[wanted], 1), Reason("tasks", values), tuple(sources), until)
            if asked == 0:
                return Measured(None, Reason("no-task-due", values), tuple(sources), until)
            share = Quotient(counts["on_time"] * 100, asked)
            return Measured(share, Reason("percent-tasks", (*values, ("asked", asked), ("share", share))), tuple(sources), until)

        return take

    return of


def _due(task: TaskFact, calendar: Calendar) -> datetime | None:
    return None if task.due_on is None else end_of(calendar.rolled(task.due_on, task.roll))


def _standing(task: TaskFact, moment: Moment, due: datetime | None) -> str:
    """A completion date decides, whenever it was confirmed; a task without a deadline is on time once it is done."""
    done = task.completed.get(moment.basis)
    if done is not None:
        return "on_time" if done.due_on is None or done.completed_on <= done.due_on else "late"
    return "overdue" if due is not None and moment.instant >= due else "ahead"


def _reports(wanted: str) -> Callable[[Measure], Take]:
    def of(measure: Measure) -> Take:
        def take(facts: Facts, moment: Moment) -> Measured:
            counts, sources, until = _counted_reports(facts, moment, measure.subjects)
            asked, values = sum(counts.values()), tuple(sorted(counts.items()))
            if wanted != "percent_on_time":
                return Measured(Quotient(counts[wanted], 1), Reason("reports", values), sources, until)
            if asked == 0:
                return Measured(None, Reason("no-report-due", values), (), until)
            share = Quotient(counts["on_time"] * 100, asked)
            return Measured(share, Reason("percent-reports", (*values, ("asked", asked), ("share", share))), sources, until)

        return take

    return of


def _counted_reports(
    facts: Facts, moment: Moment, subjects: tuple[str, ...] | None
) -> tuple[dict[str, int], tuple[str, ...], datetime | None]:
    """Reports by standing, their ids, and when the next falls due. What is claimed counts: reporting is the unit's own duty."""
    counts = dict.fromkeys(("on_time", "late", "missing"), 0)
    turns, sources = [], []
    for code, terms in _chosen(facts.indicators.items(), subjects):
        if (code, TargetKind.ASSIGNED) not in facts.targets:
            continue
        reported = facts.figures.get(Basis.CLAIMED, _NOTHING).get(code, {})
        for period, due in dues(terms, moment.calendar):
            report = reported.get(period)
            if due > moment.instant:
                turns.append(due)
                break
            standing = "missing" if report is None else ("late" if report.is_late else "on_time")
            counts[standing] += 1
            if report is not None:
                sources.append(report.source)
    return counts, tuple(sources), min(turns, default=None)


def dues(terms: IndicatorTerms, calendar: Calendar) -> Iterable[tuple[str, datetime]]:
    """Each period that ends in the window, and the instant at which its report is late."""
    for period in periods_ending_within(terms.scheme, terms.window_from, terms.window_to + DAY):
        yield period.code, end_of(calendar.rolled(period.ends - DAY + timedelta(days=terms.report_days), Roll.FORWARD))


def _only(measure: Measure) -> str:
    assert measure.subjects is not None
    return measure.subjects[0]


def _chosen(of: Iterable[tuple[str, T]], subjects: tuple[str, ...] | None) -> list[tuple[str, T]]:
    return sorted((code, value) for code, value in of if subjects is None or code in subjects)


_NOTHING: dict[str, dict[str, Reported]] = {}
_KINDS: dict[str, Callable[[Measure], Take]] = {
    "figure": _figure,
    "percent_of_target": _percent_of_target,
    "percent_of_stretch": _percent_of_stretch,
    "percent_of_last_year": _percent_of_last_year,
    "tasks_on_time": _tasks("on_time"),
    "tasks_late": _tasks("late"),
    "tasks_overdue": _tasks("overdue"),
    "percent_tasks_on_time": _tasks("percent_on_time"),
    "reports_late": _reports("late"),
    "reports_missing": _reports("missing"),
    "percent_reports_on_time": _reports("percent_on_time"),
}
