"""Counts over tasks and reports: how many, and the share in time."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from app.calendar.rules import DAY, Calendar, Roll, end_of, periods_ending_within
from app.indicators.rules import TargetKind
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.terms import Days, ReportMeasure, TaskMeasure
from app.scoring.engine.facts import Basis, Facts, IndicatorTerms, Reported, TaskFact
from app.scoring.engine.sheet import Form
from app.scoring.engine.sitting import Measured, Sitting, Take

T = TypeVar("T")


def ahead(on: date, due_on: date | None, by: Days, calendar: Calendar) -> bool:
    """Whether `on` lies so many days before `due_on`."""
    return due_on is not None and _days(on, due_on, by, calendar) >= by.days


def behind(on: date, due_on: date | None, by: Days, calendar: Calendar) -> bool:
    return due_on is not None and _days(due_on, on, by, calendar) >= by.days


def _days(start: date, end: date, by: Days, calendar: Calendar) -> int:
    """Days after `start` up to and with `end`; working days leave the days off out."""
    return calendar.working_days_between(start + DAY, end + DAY) if by.counted == "working" else (end - start).days


def _tasks(wanted: str) -> Callable[[TaskMeasure, Rulebook], Take]:
    def of(measure: TaskMeasure, _: Rulebook) -> Take:
        early_by = measure.early_by or Days(days=1)

        def take(facts: Facts, sitting: Sitting) -> Measured:
            counts = dict.fromkeys(("on_time", "late", "overdue", "ahead", "early"), 0)
            sources = []
            for _, task in _chosen(facts.tasks, measure.tasks):
                due = None if task.due_on is None else end_of(sitting.calendar.rolled(task.due_on, task.roll))
                standing = _standing(task, sitting, due)
                counts[standing] += 1
                done = task.completed.get(sitting.basis)
                if done is not None:
                    sources.append(done.source)
                    counts["early"] += ahead(done.completed_on, done.due_on, early_by, sitting.calendar)
                elif standing == "ahead" and due is not None:
                    sitting.turns.append(due)
            return _told(wanted, counts, "tasks", tuple(sources))

        return take

    return of


def _standing(task: TaskFact, sitting: Sitting, due: datetime | None) -> str:
    """A completion date decides, whenever it was confirmed; a task without a deadline is on time once it is done."""
    done = task.completed.get(sitting.basis)
    if done is not None:
        return "on_time" if done.due_on is None or done.completed_on <= done.due_on else "late"
    return "overdue" if due is not None and sitting.instant >= due else "ahead"


def _reports(wanted: str) -> Callable[[ReportMeasure, Rulebook], Take]:
    def of(measure: ReportMeasure, _: Rulebook) -> Take:
        def take(facts: Facts, sitting: Sitting) -> Measured:
            counts = dict.fromkeys(("on_time", "late", "missing"), 0)
            sources: list[str] = []
            for code, terms in _chosen(facts.indicators, measure.indicators):
                if (code, TargetKind.ASSIGNED) in facts.targets:
                    # What is claimed counts, in every view: reporting is the unit's own duty.
                    claimed = facts.figures.get(Basis.CLAIMED, {}).get(code, {})
                    _count_reports(claimed, replace(terms, window_from=_begins_on(facts, code, terms)), sitting, counts, sources)
            return _told(wanted, counts, "reports", tuple(sources))

        return take

    return of


def _begins_on(facts: Facts, indicator: str, terms: IndicatorTerms) -> date:
    """Nothing is expected from before the earliest day that the targets of an indicator say."""
    said = [facts.reported_from.get((indicator, kind), date.min) for kind in TargetKind if (indicator, kind) in facts.targets]
    return max(terms.window_from, min(said))


def _count_reports(
    reported: dict[str, Reported], terms: IndicatorTerms, sitting: Sitting, counts: dict[str, int], sources: list[str]
) -> None:
    for period, due in dues(terms, sitting.calendar):
        if due > sitting.instant:
            sitting.turns.append(due)
            return
        report = reported.get(period)
        if terms.is_supplied if report is None else report.is_supplied:
            continue
        counts["missing" if report is None else ("late" if report.is_late else "on_time")] += 1
        if report is not None:
            sources.append(report.source)


def dues(terms: IndicatorTerms, calendar: Calendar) -> Iterable[tuple[str, datetime]]:
    """Each period that ends in the window, and the instant at which its report is late."""
    for period in periods_ending_within(terms.scheme, terms.window_from, terms.window_to + DAY):
        yield period.code, end_of(calendar.rolled(period.ends - DAY + timedelta(days=terms.report_days), Roll.FORWARD))


_NAMES = {"tasks": ("ahead", "early", "late", "on_time", "overdue"), "reports": ("late", "missing", "on_time")}
_PLAIN = {name: Form(name, names) for name, names in _NAMES.items()}
_NONE_DUE = {name: Form(f"no-{name[:-1]}-due", names) for name, names in _NAMES.items()}
_PERCENT = {name: Form(f"percent-{name}", (*names, "asked", "share")) for name, names in _NAMES.items()}


def _told(wanted: str, counts: dict[str, int], name: str, sources: tuple[str, ...]) -> Measured:
    """The count that is wanted, or the share in time of those that were due; none due is nothing to measure."""
    values = [counts[one] for one in _NAMES[name]]
    if wanted != "percent":
        return (counts[wanted], 1), (_PLAIN[name], *values), sources
    asked = sum(counts.get(one, 0) for one in ("on_time", "late", "overdue", "missing"))
    if asked == 0:
        return None, (_NONE_DUE[name], *values), sources
    share = counts["on_time"] * 100, asked
    return share, (_PERCENT[name], *values, asked, share), sources


def _chosen(of: Any, subjects: list[str] | None) -> list[tuple[str, Any]]:
    return sorted((code, value) for code, value in of.items() if subjects is None or code in subjects)


KINDS: dict[str, Callable[[Any, Rulebook], Take]] = {
    "tasks_on_time": _tasks("on_time"),
    "tasks_late": _tasks("late"),
    "tasks_overdue": _tasks("overdue"),
    "tasks_early": _tasks("early"),
    "percent_tasks_on_time": _tasks("percent"),
    "reports_late": _reports("late"),
    "reports_missing": _reports("missing"),
    "percent_reports_on_time": _reports("percent"),
}
