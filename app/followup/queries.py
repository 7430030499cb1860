"""Where each task stands, part by part: computed from its versions, reports, updates and requests, at the admission instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit.rules import Subject, unit_scope
from app.calendar.queries import calendar
from app.calendar.rules import DAY, Calendar, Roll, end_of, start_of
from app.errors import Invalid, NotFound, Problem, Stale
from app.followup.recorded import known
from app.followup.rules import QUIET, Part, RequestKind, progress_of
from app.followup.tally import Counted
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.tasks import queries as tasks
from app.tasks.models import TaskVersion
from app.tasks.rules import TaskProgress, TaskTiming, timing


class RequestOpen(Problem):
    """A request about the task waits for its decision."""

    status, slug = 409, "request-open"


@dataclass(frozen=True)
class TaskPart:
    """What one unit has to do with a task, and where it stands."""

    task: TaskVersion
    unit: str
    part: Part
    progress: TaskProgress
    timing: TaskTiming | None
    """None while nobody wants it: suspended, recalled."""
    due_on: date | None
    """The deadline in force, after the roll; of what is done, the one in force when that was reported."""
    first_due_on: date | None
    """The deadline first given, after the roll."""
    completed_on: date | None
    awaiting_since: datetime | None
    """Since when its report waits for confirmation: a clock of its own, which makes no unit late."""
    active_at: datetime | None
    """When the unit last said something of it."""
    begun_at: datetime
    """Since when the present lead has it, in this round."""
    officer: UUID | None
    reminders: int


def parts(session: Session, actor: Actor, plan: str, code: str | None = None) -> list[TaskPart]:
    """Every part of every task within reach, or of one; by task, the lead first."""
    recorded, working, instant = known(session, plan, code), calendar(session), clock.at(session)

    found = []
    for task, coordinators in within_reach(session, actor, plan, code):
        first = recorded.first[task.task_code, task.round]
        for number, unit in enumerate([task.lead_code, *coordinators]):
            part = Part.COORDINATOR if number else Part.LEAD
            key = (task.task_code, unit, task.round, part)
            done, waits, active = recorded.done.get(key), recorded.waiting.get(key), recorded.active.get(key[:3])
            is_back = part is Part.LEAD and recorded.open.get(task.task_code) is RequestKind.SENT_BACK
            progress = progress_of(task.standing, is_done=done is not None, is_waiting=waits is not None, is_back=is_back, active=active)
            due_on = _rolled(working, done[1], Roll.NONE) if done is not None else _rolled(working, task.due_on, task.roll)
            reported_on = done[0] if done is not None else None if waits is None else waits[1]
            found.append(
                TaskPart(
                    task=task,
                    unit=unit,
                    part=part,
                    progress=progress,
                    timing=_timing(progress, due_on, reported_on, instant),
                    due_on=due_on,
                    first_due_on=_rolled(working, first.due_on, first.roll),
                    completed_on=None if done is None else done[0],
                    awaiting_since=None if waits is None else waits[0],
                    active_at=active,
                    begun_at=first.led_since[task.lead_code],
                    officer=recorded.officers.get((task.task_code, unit)),
                    reminders=recorded.reminders.get((task.task_code, unit), 0),
                )
            )
    return found


def _rolled(working: Calendar, day: date | None, roll: Roll) -> date | None:
    return None if day is None else working.rolled(day, roll)


def _timing(progress: TaskProgress, due_on: date | None, reported_on: date | None, instant: datetime) -> TaskTiming | None:
    """What waits for confirmation and was done in time is in time, however slow the confirmer."""
    if progress in {TaskProgress.SUSPENDED, TaskProgress.RECALLED}:
        return None
    expires_at, completed_at = None if due_on is None else end_of(due_on), None if reported_on is None else start_of(reported_on)
    if progress is TaskProgress.DONE:
        return timing(expires_at=expires_at, completed_at=completed_at, instant=instant)
    if completed_at is not None and expires_at is not None and completed_at < expires_at <= instant:
        return TaskTiming.IN_TIME
    return timing(expires_at=expires_at, completed_at=None, instant=instant)


def within_reach(session: Session, actor: Actor, plan: str, code: str | None) -> Iterator[tuple[TaskVersion, list[str]]]:
    """Tasks whose lead, appraiser or a coordinator the actor reaches, by code, with their coordinators."""
    units = actor.units_for(Action.FACT_READ)
    helping = tasks.coordinators_of(session, plan, code)
    known = tasks.versions(session, plan) if code is None else {code: tasks.newest(session, plan, code)}
    for task in known.values():
        coordinators = helping.get((task.task_code, task.version), [])
        if units is None or {task.lead_code, task.appraiser_code, *coordinators} & units:
            yield task, coordinators


def open_parts(session: Session, actor: Actor, plan: str, code: str) -> list[TaskPart]:
    """One task within reach, the lead's part first; a foreign one and a missing one are alike."""
    found = parts(session, actor, plan, code)
    if not found:
        raise NotFound
    return found


def by_task(found: list[TaskPart]) -> dict[str, list[TaskPart]]:
    """By task code, in order; the lead's part first."""
    grouped: dict[str, list[TaskPart]] = {}
    for part in found:
        grouped.setdefault(part.task.task_code, []).append(part)
    return grouped


@dataclass(frozen=True)
class Wanted:
    """What a list of parts is narrowed to."""

    unit: str | None = None
    progress: TaskProgress | None = None
    timing: TaskTiming | None = None
    quiet_days: int | None = None


def narrowed(session: Session, found: list[TaskPart], wanted: Wanted) -> list[TaskPart]:
    """By task and unit."""
    since = None if wanted.quiet_days is None else clock.at(session) - DAY * wanted.quiet_days
    kept = [
        part
        for part in found
        if wanted.unit in {None, part.unit}
        and wanted.progress in {None, part.progress}
        and wanted.timing in {None, part.timing}
        and (since is None or is_quiet(part, since))
    ]
    return sorted(kept, key=lambda part: (part.task.task_code, part.unit))


def is_quiet(part: TaskPart, since: datetime) -> bool:
    """Undone, wanted, waiting for nobody, and not a word of it since that instant, nor was it given after it."""
    return part.progress in QUIET and (part.active_at or part.begun_at) < since


def counted(session: Session, actor: Actor, plan: str, quiet_days: int) -> list[Counted]:
    """Each task within reach of its lead, for statistics."""
    since, years = clock.at(session) - DAY * quiet_days, tasks.years(session, plan)
    return [
        Counted(
            unit=part.unit,
            progress=part.progress,
            timing=part.timing,
            has_deadline=part.task.due_on is not None,
            is_on_time_at_first=_was_on_time_at_first(part),
            is_awaiting=part.awaiting_since is not None,
            is_quiet=is_quiet(part, since),
            year=years[part.task.task_code],
        )
        for part in parts(session, actor, plan)
        if part.part is Part.LEAD and actor.may(Action.FACT_READ, part.unit)
    ]


def _was_on_time_at_first(part: TaskPart) -> bool:
    return part.completed_on is not None and (part.first_due_on is None or part.completed_on <= part.first_due_on)


def open_lead(session: Session, actor: Actor, plan: str, code: str, expected: int) -> TaskPart:
    """A task within reach, locked, at the version that was read, for whoever changes it: its lead's part."""
    open_to_record(session, plan)
    tasks.newest(session, plan, code, lock=True)
    found = open_parts(session, actor, plan, code)[0]
    if found.task.version != expected:
        raise Stale
    return found


def check_ahead(session: Session, due_on: date | None) -> None:
    """A new day that is over when it is named would make the unit late at once."""
    if due_on is not None and due_on < clock.today(session):
        raise Invalid("#/due_on", "is-over")


def subject_of(task: TaskVersion) -> Subject:
    return Subject("task", f"{task.plan_code}/{task.task_code}")


def scope_of(task: TaskVersion, unit: str) -> list[str]:
    """Whose feed and history it belongs to: the unit's, the lead's and the appraiser's."""
    return [unit_scope(one) for one in (unit, task.lead_code, task.appraiser_code)]
