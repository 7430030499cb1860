from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.audit.models import Entry
from app.audit.queries import known_at
from app.calendar.queries import calendar
from app.calendar.rules import Roll
from app.clock import local_date
from app.errors import Invalid, NotAllowed, NotFound
from app.policy import Action, Actor
from app.tasks import reading
from app.tasks.models import SourceDocument, Task, TaskCoordinator, TaskMilestone, TaskVersion
from app.tasks.phrases import Context
from app.tasks.reading import Read
from app.tasks.schemas import TASKS_LIMIT, TaskFields, TaskMilestoneIn
from app.units.queries import all_units


def versions(session: Session, plan: str, seq: int | None = None, *, leads: Collection[str] | None = None) -> dict[str, TaskVersion]:
    """The newest version of each task of a plan, or of those that `leads` lead, by code; for engines, not for answers."""
    asked = known_at(select(TaskVersion), TaskVersion.entry_id, seq).where(TaskVersion.plan_code == plan)
    if leads is not None:
        led = select(TaskVersion.task_code).where(TaskVersion.plan_code == plan, col(TaskVersion.lead_code).in_(leads))
        asked = asked.where(col(TaskVersion.task_code).in_(led))
    found = session.exec(asked.order_by(sa.asc("task_code"), sa.asc("version"))).all()
    newest_of = {row.task_code: row for row in found}
    return {code: row for code, row in newest_of.items() if leads is None or row.lead_code in leads}


@dataclass(frozen=True)
class First:
    """How a round of a task began."""

    version: int
    began_at: datetime
    due_on: date | None
    """The first day that it was given, with the roll of that version."""
    roll: Roll
    led_since: dict[str, datetime]
    """Since when each unit that has led it did so, the last time."""


def firsts(session: Session, plan: str, code: str | None = None) -> dict[tuple[str, int], First]:
    """By task and round. A version that this very transaction made has no instant in the trail yet: it is of now."""
    asked = sa.select(TaskVersion, col(Entry.at)).outerjoin(Entry, col(Entry.id) == col(TaskVersion.entry_id))
    asked = asked.where(col(TaskVersion.plan_code) == plan)
    if code is not None:
        asked = asked.where(col(TaskVersion.task_code) == code)
    found: dict[tuple[str, int], First] = {}
    before: dict[tuple[str, int], str] = {}
    for row, recorded_at in session.exec(asked.order_by(col(TaskVersion.version))).all():  # type: ignore[call-overload]
        key, at = (row.task_code, row.round), recorded_at or clock.at(session)
        known = found.get(key)
        if known is None or (known.due_on is None and row.due_on is not None):
            known = First(row.version, at, row.due_on, row.roll, {}) if known is None else replace(known, due_on=row.due_on, roll=row.roll)
            found[key] = known
        if before.get(key) != row.lead_code:
            known.led_since[row.lead_code] = at
            before[key] = row.lead_code
    return found


def coordinators_of(session: Session, plan: str, code: str | None = None) -> dict[tuple[str, int], list[str]]:
    """Unit codes in order, by task and version."""
    found: dict[tuple[str, int], list[str]] = {}
    asked = select(TaskCoordinator).where(TaskCoordinator.plan_code == plan)
    if code is not None:
        asked = asked.where(TaskCoordinator.task_code == code)
    for row in session.exec(asked.order_by(col(TaskCoordinator.unit_code))).all():
        found.setdefault((row.task_code, row.version), []).append(row.unit_code)
    return found


@dataclass(frozen=True)
class Beside:
    """What stands beside the versions of some tasks of one plan, by task code."""

    tasks: dict[str, Task]
    documents: dict[str, SourceDocument]
    milestones: dict[str, list[TaskMilestone]]


def beside(session: Session, versions: Collection[TaskVersion]) -> Beside:
    """Three questions, however many tasks."""
    keys = [(one.plan_code, one.task_code) for one in versions]
    rows = session.exec(select(Task).where(sa.tuple_(Task.plan_code, Task.code).in_(keys))).all()
    cited = {(row.plan_code, row.document_code) for row in rows if row.document_code is not None}
    documents = session.exec(select(SourceDocument).where(sa.tuple_(SourceDocument.plan_code, SourceDocument.code).in_(cited))).all()
    named = {document.code: document for document in documents}
    at = sa.tuple_(TaskMilestone.plan_code, TaskMilestone.task_code, TaskMilestone.version)
    steps = select(TaskMilestone).where(at.in_([(one.plan_code, one.task_code, one.version) for one in versions]))
    found: dict[str, list[TaskMilestone]] = {}
    for step in session.exec(steps.order_by(sa.asc("number"))).all():
        found.setdefault(step.task_code, []).append(step)
    return Beside({row.code: row for row in rows}, {row.code: named[row.document_code] for row in rows if row.document_code}, found)


def years(session: Session, plan: str) -> dict[str, int]:
    """The year in which each task was assigned, by code: its document's, or else that of its first entry."""
    document = (col(SourceDocument.plan_code) == col(Task.plan_code)) & (col(SourceDocument.code) == col(Task.document_code))
    asked = sa.select(col(Task.code), col(SourceDocument.issued_on), col(Entry.at)).join(Entry, col(Entry.id) == col(Task.entry_id))
    rows = session.connection().execute(asked.outerjoin(SourceDocument, document).where(col(Task.plan_code) == plan)).all()
    return {code: (issued_on or local_date(at)).year for code, issued_on, at in rows}


def newest(session: Session, plan: str, code: str, *, lock: bool = False) -> TaskVersion:
    """One task, whoever asks; locked for whoever changes it or what hangs on it."""
    asked = select(Task).where(Task.plan_code == plan, Task.code == code)
    if session.exec(asked.with_for_update() if lock else asked).one_or_none() is None:
        raise NotFound
    found = select(TaskVersion).where(TaskVersion.plan_code == plan, TaskVersion.task_code == code)
    return session.exec(found.order_by(sa.desc("version")).limit(1)).one()


def coordinators(session: Session, task: TaskVersion) -> list[str]:
    """Unit codes, in order."""
    where = (
        TaskCoordinator.plan_code == task.plan_code,
        TaskCoordinator.task_code == task.task_code,
        TaskCoordinator.version == task.version,
    )
    return list(session.exec(select(TaskCoordinator.unit_code).where(*where).order_by(col(TaskCoordinator.unit_code))).all())


def fields(session: Session, task: TaskVersion) -> TaskFields:
    """A version as it would be sent, for the next one to start from."""
    steps = beside(session, [task]).milestones.get(task.task_code, [])
    return TaskFields(
        title=task.title,
        lead=task.lead_code,
        coordinators=coordinators(session, task),
        appraiser=task.appraiser_code,
        deadline_phrase=task.deadline_phrase,
        due_on=task.due_on,
        roll=task.roll,
        deliverable=task.deliverable,
        weight=task.weight,
        milestones=[TaskMilestoneIn(title=step.title, due_on=step.due_on) for step in steps],
        synthetic=task.is_synthetic,
    )


def documents(session: Session, actor: Actor, plan: str) -> Sequence[SourceDocument]:
    """The documents that a plan's tasks cite, by code; open to whoever is signed in, as plans are."""
    actor.require(Action.FACT_READ)
    return session.exec(select(SourceDocument).where(SourceDocument.plan_code == plan).order_by(sa.asc("code"))).all()


def open_document(session: Session, actor: Actor, plan: str, code: str) -> SourceDocument:
    actor.require(Action.FACT_READ)
    found = session.get(SourceDocument, (plan, code))
    if found is None:
        raise NotFound
    return found


def read(session: Session, actor: Actor, document: SourceDocument, text: str) -> list[Read]:
    """The tasks that a document's text seems to hold; for whoever may assign them."""
    if not actor.may(Action.TASK_ASSIGN):
        raise NotAllowed
    names = {code: row.name for code, row in all_units(session).items()}
    found = reading.read(text, names, Context(document.issued_on, calendar(session)))
    if len(found) > TASKS_LIMIT:
        raise Invalid("#/text", "too-many", limit=TASKS_LIMIT)
    return found
