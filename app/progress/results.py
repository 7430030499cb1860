"""What depends on reports: results of indicators, status of tasks. Lower chapters hold only the pure rule."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app import clock
from app.calendar.queries import calendar
from app.calendar.rules import end_of, start_of
from app.indicators.models import IndicatorVersion
from app.indicators.queries import targets, versions
from app.indicators.rules import Result, accumulated, percent_of, result
from app.plans.models import Plan
from app.policy import Action, Actor
from app.progress.queries import Taken, completions, figures
from app.tasks import queries as tasks
from app.tasks.models import TaskVersion
from app.tasks.rules import TaskProgress, TaskTiming, timing


@dataclass(frozen=True)
class IndicatorResult:
    target: Any
    """A row of `Target`."""
    indicator: IndicatorVersion
    figure: Decimal | None
    """What was accepted, added up as the indicator says."""
    result: Result
    percent_of_target: Decimal | None
    percent_of_last_year: Decimal | None


@dataclass(frozen=True)
class TaskStatus:
    task: TaskVersion
    progress: TaskProgress
    timing: TaskTiming
    due_on: date | None
    """After the roll."""
    completed_on: date | None


Done = tuple[date, date | None]
"""The completion date, and the deadline in force when it was reported."""


def indicator_results(session: Session, actor: Actor, plan: Plan) -> list[IndicatorResult]:
    """Every target within reach, by unit and indicator."""
    units = actor.units_for(Action.FACT_READ)
    known, figures = versions(session, plan.code), _accepted_figures(session, plan.code, units)
    year_ends, found = date(plan.year + 1, 1, 1), []
    for target in sorted(targets(session, plan.code, units=units), key=lambda row: (row.unit_code, row.indicator_code, row.kind)):
        indicator = known[target.indicator_code]
        reported = figures[target.unit_code, target.indicator_code]
        figure = accumulated(indicator.accumulation, [reported[code] for code in sorted(reported)])
        is_due = clock.today(session) >= (indicator.evaluated_on or year_ends)
        found.append(_judged(target, indicator, figure, is_due))
    return found


def _judged(target: Any, indicator: IndicatorVersion, figure: Decimal | None, is_due: bool) -> IndicatorResult:
    return IndicatorResult(
        target=target,
        indicator=indicator,
        figure=figure,
        result=result(indicator.comparator, figure, target.figure, is_due=is_due),
        percent_of_target=None if figure is None else percent_of(figure, target.figure),
        percent_of_last_year=None if figure is None or target.last_year is None else percent_of(figure, target.last_year),
    )


def _accepted_figures(session: Session, plan: str, units: frozenset[str] | None) -> dict[tuple[str, str], dict[str, Decimal]]:
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for _, unit, indicator, reported, figure, _, is_accepted in figures(session, Taken(plan, units)):
        if is_accepted:
            found[unit, indicator][reported] = Decimal(figure)
    return found


def task_statuses(session: Session, actor: Actor, plan: str) -> list[TaskStatus]:
    """Every task within reach, by code, at the admission instant."""
    waiting, done, working = set(), {}, calendar(session)
    for _, unit, task_code, completed_on, due_on, is_accepted in completions(session, Taken(plan)):
        if is_accepted:
            done[task_code, unit] = (completed_on, due_on)
            waiting.discard((task_code, unit))
        else:
            waiting.add((task_code, unit))
    found = []
    for task in tasks.table(session, actor, plan):
        key, due_on = (task.task_code, task.lead_code), None if task.due_on is None else working.rolled(task.due_on, task.roll)
        found.append(_status(task, due_on, done.get(key), key in waiting, clock.at(session)))
    return found


def _status(task: TaskVersion, due_on: date | None, done: Done | None, is_waiting: bool, instant: datetime) -> TaskStatus:
    """What was done is judged by the deadline in force when it was reported."""
    if done is not None:
        completed_on, due_then = done
        timed = timing(expires_at=_expiry(due_then), completed_at=start_of(completed_on), instant=instant)
        return TaskStatus(task, TaskProgress.DONE, timed, due_on, completed_on)
    progress = TaskProgress.AWAITING_CONFIRMATION if is_waiting else TaskProgress.NOT_STARTED
    return TaskStatus(task, progress, timing(expires_at=_expiry(due_on), completed_at=None, instant=instant), due_on, None)


def _expiry(due_on: date | None) -> datetime | None:
    return None if due_on is None else end_of(due_on)
