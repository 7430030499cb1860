from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.queries import known_at
from app.errors import NotFound
from app.policy import Action, Actor
from app.tasks.models import SourceDocument, Task, TaskCoordinator, TaskMilestone, TaskVersion


def versions(session: Session, plan: str, seq: int | None = None, *, leads: Collection[str] | None = None) -> dict[str, TaskVersion]:
    """The newest version of each task of a plan, or of those that `leads` lead, by code; for engines, not for answers."""
    asked = known_at(select(TaskVersion), TaskVersion.entry_id, seq).where(TaskVersion.plan_code == plan)
    if leads is not None:
        led = select(TaskVersion.task_code).where(TaskVersion.plan_code == plan, col(TaskVersion.lead_code).in_(leads))
        asked = asked.where(col(TaskVersion.task_code).in_(led))
    found = session.exec(asked.order_by(sa.asc("task_code"), sa.asc("version"))).all()
    newest_of = {row.task_code: row for row in found}
    return {code: row for code, row in newest_of.items() if leads is None or row.lead_code in leads}


def table(session: Session, actor: Actor, plan: str) -> Sequence[TaskVersion]:
    """The tasks whose lead, appraiser or a coordinator lies within reach."""
    found = versions(session, plan).values()
    units = actor.units_for(Action.FACT_READ)
    if units is None:
        return list(found)
    shared = {(row.task_code, row.version) for row in _coordinators(session, plan) if row.unit_code in units}
    return [row for row in found if {row.lead_code, row.appraiser_code} & units or (row.task_code, row.version) in shared]


def _coordinators(session: Session, plan: str) -> Sequence[TaskCoordinator]:
    return session.exec(select(TaskCoordinator).where(TaskCoordinator.plan_code == plan)).all()


def newest(session: Session, plan: str, code: str, *, lock: bool = False) -> TaskVersion:
    """One task, whoever asks; locked for whoever changes it or what hangs on it."""
    asked = select(Task).where(Task.plan_code == plan, Task.code == code)
    if session.exec(asked.with_for_update() if lock else asked).one_or_none() is None:
        raise NotFound
    found = select(TaskVersion).where(TaskVersion.plan_code == plan, TaskVersion.task_code == code)
    return session.exec(found.order_by(sa.desc("version")).limit(1)).one()


def open_task(session: Session, actor: Actor, plan: str, code: str) -> TaskVersion:
    """One task within reach; a foreign one and a missing one are alike."""
    found = newest(session, plan, code)
    involved = {found.lead_code, found.appraiser_code, *coordinators(session, found)}
    if not any(actor.may(Action.FACT_READ, unit) for unit in involved):
        raise NotFound
    return found


def coordinators(session: Session, task: TaskVersion) -> list[str]:
    """Unit codes, in order."""
    where = (
        TaskCoordinator.plan_code == task.plan_code,
        TaskCoordinator.task_code == task.task_code,
        TaskCoordinator.version == task.version,
    )
    return list(session.exec(select(TaskCoordinator.unit_code).where(*where).order_by(col(TaskCoordinator.unit_code))).all())


def milestones(session: Session, task: TaskVersion) -> Sequence[TaskMilestone]:
    where = (TaskMilestone.plan_code == task.plan_code, TaskMilestone.task_code == task.task_code, TaskMilestone.version == task.version)
    return session.exec(select(TaskMilestone).where(*where).order_by(sa.asc("number"))).all()


def documents(session: Session, actor: Actor, plan: str) -> Sequence[SourceDocument]:
    """The documents that a plan's tasks cite, by code; open to whoever is signed in, as plans are."""
    actor.require(Action.FACT_READ)
    return session.exec(select(SourceDocument).where(SourceDocument.plan_code == plan).order_by(sa.asc("code"))).all()


def document_of(session: Session, task: TaskVersion) -> SourceDocument | None:
    where = (Task.plan_code == task.plan_code, Task.code == task.task_code)
    document = session.exec(select(Task.document_code).where(*where)).one()
    return None if document is None else session.get(SourceDocument, (task.plan_code, document))
