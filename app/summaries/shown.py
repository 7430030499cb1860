"""Summaries as answers."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app import clock
from app.calendar.rules import DAY
from app.clock import local_date
from app.followup import queries as followup
from app.followup.queries import TaskPart, is_quiet, parts
from app.followup.recorded import waiting
from app.followup.rules import Part
from app.followup.shown import share_shown, tally_shown
from app.followup.tally import tally as task_tally
from app.indicators.rules import TargetKind, percent_of
from app.plans.models import Plan
from app.policy import Action, Actor
from app.summaries import queries
from app.summaries.figures import Line
from app.summaries.rules import Expected, ReportState, tally
from app.summaries.schemas import (
    DueTaskOut,
    ExpectedOut,
    FiguresLineOut,
    MondayOut,
    MondayUnitOut,
    OpenRequestOut,
    OverdueTaskOut,
    QuietTaskOut,
    ReportStatisticsOut,
    ReportTallyOut,
    UnitReportTallyOut,
)
from app.tasks.rules import TaskProgress, TaskTiming

_SETTLED = frozenset({TaskProgress.DONE, TaskProgress.AWAITING_CONFIRMATION, TaskProgress.SUSPENDED, TaskProgress.RECALLED})
"""Nobody is reminded of these."""


def statistics_shown(expected: Collection[Expected]) -> ReportStatisticsOut:
    units = defaultdict[str, list[Expected]](list)
    for one in expected:
        units[one.by].append(one)
    listed = [UnitReportTallyOut(unit=unit, **vars(_tally(units[unit]))) for unit in sorted(units)]
    return ReportStatisticsOut(total=_tally(expected), units=listed)


def _tally(expected: Collection[Expected]) -> ReportTallyOut:
    found = tally(expected)
    shares = {name: share_shown(share) for name, share in vars(found).items() if name != "expected"}
    return ReportTallyOut(expected=found.expected, synthetic=any(one.is_synthetic for one in expected), **shares)


def line_shown(line: Line) -> FiguresLineOut:
    indicator, assigned, stretch = line.indicator, line.targets.get(TargetKind.ASSIGNED), line.targets.get(TargetKind.STRETCH)
    to_date = line.now.to_date
    return FiguresLineOut(
        indicator=indicator.indicator_code,
        name=indicator.name,
        unit_of_measure=indicator.unit_of_measure,
        of_which=indicator.of_which_code,
        period=line.period,
        target=assigned and assigned.figure,
        stretch_target=stretch and stretch.figure,
        in_period=line.now.in_period,
        to_date=to_date,
        percent_of_target=_percent(to_date, assigned and assigned.figure),
        percent_of_stretch=_percent(to_date, stretch and stretch.figure),
        last_year=line.before.to_date,
        percent_of_last_year=None if line.one_year_only else _percent(to_date, line.before.to_date),
        missing=list(line.now.missing),
        reporting=line.reporting,
        silent=line.silent,
        estimated=line.estimated,
        partial=line.partial,
        one_year_only=line.one_year_only,
        synthetic=line.is_synthetic or indicator.is_synthetic or any(one.is_synthetic for one in line.targets.values()),
    )


def _percent(figure: Decimal | None, base: Any) -> Decimal | None:
    return None if figure is None or base is None else percent_of(figure, base)


def monday(db: Session, actor: Actor, plan: Plan, quiet_days: int, due_within: int) -> MondayOut:
    """Over the tasks whose lead, and the reports whose sender, is within reach."""
    expected, today = queries.expected(db, actor, plan), clock.today(db)
    led = [one for one in parts(db, actor, plan.code) if one.part is Part.LEAD and actor.may(Action.FACT_READ, one.unit)]
    asked = waiting(db, [one.task for one in led])
    by_unit, missing = defaultdict[str, list[TaskPart]](list), defaultdict[str, list[Expected]](list)
    for part in led:
        by_unit[part.unit].append(part)
    for one in expected:
        if one.state is ReportState.OVERDUE:
            missing[one.by].append(one)
    since = clock.at(db) - DAY * quiet_days
    units = [
        MondayUnitOut(
            unit=unit,
            overdue=[_overdue(part, today) for part in by_unit[unit] if part.timing is TaskTiming.OVERDUE],
            not_updated=[_quiet(part, today) for part in by_unit[unit] if is_quiet(part, since)],
            due_soon=[_due(part) for part in by_unit[unit] if _is_due_soon(part, today, due_within)],
            requests=[OpenRequestOut.model_validate(asked[part.task.task_code]) for part in by_unit[unit] if part.task.task_code in asked],
            overdue_reports=[ExpectedOut.model_validate(one) for one in missing[unit]],
            synthetic=any(part.task.is_synthetic for part in by_unit[unit]) or any(one.is_synthetic for one in missing[unit]),
        )
        for unit in sorted(by_unit.keys() | missing.keys())
    ]
    return MondayOut(
        plan=plan.code,
        on=today,
        quiet_days=quiet_days,
        due_within_days=due_within,
        tasks=tally_shown(task_tally(followup.counted(db, actor, plan.code, quiet_days))),
        reports=_tally(expected),
        units=[one for one in units if one.overdue or one.not_updated or one.due_soon or one.requests or one.overdue_reports],
        synthetic=plan.is_synthetic or any(part.task.is_synthetic for part in led) or any(one.is_synthetic for one in expected),
    )


def _overdue(part: TaskPart, today: date) -> OverdueTaskOut:
    assert part.due_on is not None
    days = (today - part.due_on).days
    return OverdueTaskOut(task=part.task.task_code, title=part.task.title, due_on=part.due_on, days=days, reminders=part.reminders)


def _quiet(part: TaskPart, today: date) -> QuietTaskOut:
    return QuietTaskOut(task=part.task.task_code, title=part.task.title, days=(today - local_date(part.active_at or part.begun_at)).days)


def _due(part: TaskPart) -> DueTaskOut:
    assert part.due_on is not None
    return DueTaskOut(task=part.task.task_code, title=part.task.title, due_on=part.due_on)


def _is_due_soon(part: TaskPart, today: date, within: int) -> bool:
    return part.progress not in _SETTLED and part.due_on is not None and 0 <= (part.due_on - today).days <= within
