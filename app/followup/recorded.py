"""What was recorded about the tasks of a plan, or about one of them, before anybody asks where they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.followup.models import TaskOfficer, TaskReminder, TaskRequest, TaskRequestDecision, TaskUpdate
from app.followup.rules import Part, RequestKind
from app.progress.taken import Taken, completions, reported
from app.tasks.models import TaskVersion
from app.tasks.queries import First, firsts

Asked = tuple[TaskRequest, TaskRequestDecision | None]
Key = tuple[str, str, int]
"""Task, unit, round."""
PartKey = tuple[str, str, int, Part]


@dataclass(frozen=True)
class Known:
    """What was recorded about the tasks of a plan, or about one of them."""

    done: dict[PartKey, tuple[date, date | None]]
    """The completion date, and the deadline in force when it was reported."""
    waiting: dict[PartKey, tuple[datetime, date]]
    """When it was reported, and the completion date."""
    active: dict[Key, datetime]
    open: dict[str, RequestKind]
    """What the lead asks and waits for a decision, by task."""
    officers: dict[tuple[str, str], UUID]
    reminders: dict[tuple[str, str], int]
    first: dict[tuple[str, int], First]


def known(session: Session, plan: str, code: str | None) -> Known:
    done: dict[PartKey, tuple[date, date | None]] = {}
    waiting: dict[PartKey, tuple[datetime, date]] = {}
    rows = completions(session, Taken(plan, task=code))
    for _, unit, task, completed_on, due_on, number, as_coordinator, received_at, is_accepted in rows:
        part = (task, unit, number, Part.COORDINATOR if as_coordinator else Part.LEAD)
        if is_accepted:
            done[part] = (completed_on, due_on)
            waiting.pop(part, None)
        else:
            waiting[part] = (received_at, completed_on)
    active = reported(session, plan, code)
    for key, said_at in _said(session, plan, code).items():
        active[key] = max(said_at, active.get(key, said_at))
    return Known(
        done=done,
        waiting=waiting,
        active=active,
        open={request.task_code: request.kind for request, decision in requests(session, plan, code) if decision is None},
        officers={(row.task_code, row.unit_code): row.person_id for row in officers(session, plan, code)},
        reminders=_reminded(session, plan, code),
        first=firsts(session, plan, code),
    )


def _said(session: Session, plan: str, code: str | None) -> dict[Key, datetime]:
    key = (col(TaskUpdate.task_code), col(TaskUpdate.unit_code), col(TaskUpdate.round))
    rows = session.exec(_of(sa.select(*key, sa.func.max(TaskUpdate.said_at)), TaskUpdate, plan, code).group_by(*key)).all()
    return {(task, unit, number): said_at for task, unit, number, said_at in rows}


def _reminded(session: Session, plan: str, code: str | None) -> dict[tuple[str, str], int]:
    key = (col(TaskReminder.task_code), col(TaskReminder.unit_code))
    rows = session.exec(_of(sa.select(*key, sa.func.count()), TaskReminder, plan, code).group_by(*key)).all()
    return {(task, unit): count for task, unit, count in rows}


def _of(asked: Any, table: Any, plan: str, code: str | None) -> Any:
    found = asked.where(table.plan_code == plan)
    return found if code is None else found.where(table.task_code == code)


def requests(session: Session, plan: str, code: str | None) -> Sequence[Asked]:
    """What was asked about a task, or about all of a plan, the oldest first, with what came of it."""
    same = (TaskRequestDecision.plan_code, TaskRequestDecision.task_code, TaskRequestDecision.number)
    asked = (TaskRequest.plan_code, TaskRequest.task_code, TaskRequest.number)
    joined = select(TaskRequest, TaskRequestDecision).outerjoin(TaskRequestDecision, sa.tuple_(*same) == sa.tuple_(*asked))
    found: Sequence[Asked] = session.exec(_of(joined, TaskRequest, plan, code).order_by(sa.asc(col(TaskRequest.number)))).all()
    return found


def waiting(session: Session, versions: Collection[TaskVersion]) -> dict[str, TaskRequest]:
    """What is asked about each of these tasks, undecided; by task code."""
    key = (TaskRequest.plan_code, TaskRequest.task_code)
    same = (TaskRequestDecision.plan_code, TaskRequestDecision.task_code, TaskRequestDecision.number)
    decided = sa.exists().where(sa.tuple_(*same) == sa.tuple_(*key, TaskRequest.number))
    asked = select(TaskRequest).where(sa.tuple_(*key).in_([(one.plan_code, one.task_code) for one in versions]), ~decided)
    return {row.task_code: row for row in session.exec(asked).all()}


def officers(session: Session, plan: str, code: str | None) -> Sequence[TaskOfficer]:
    """Every version, the oldest first."""
    found: Sequence[TaskOfficer] = session.exec(_of(select(TaskOfficer), TaskOfficer, plan, code).order_by(sa.asc("version"))).all()
    return found


def updates(session: Session, plan: str, code: str, after: UUID | None, limit: int) -> Sequence[TaskUpdate]:
    """What was said of a task on the way, the newest first, one more than `limit`."""
    asked = _of(select(TaskUpdate), TaskUpdate, plan, code)
    if after is not None:
        asked = asked.where(col(TaskUpdate.id) < after)
    found: Sequence[TaskUpdate] = session.exec(asked.order_by(sa.desc(col(TaskUpdate.id))).limit(limit + 1)).all()
    return found
