from datetime import date

from sqlmodel import Session

from app import clock
from app.accounts.queries import grants_of, person_coded
from app.audit import actions as audit
from app.errors import Invalid, NotFound
from app.followup import queries, recorded
from app.followup.models import TaskOfficer, TaskUpdate
from app.followup.queries import scope_of, subject_of
from app.followup.schemas import OfficerIn, UpdateIn
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.tables import add
from app.tasks import actions as tasks
from app.tasks.actions import NotNow
from app.tasks.models import TaskVersion
from app.tasks.queries import newest
from app.tasks.rules import TaskDeed, TaskProgress


def update(session: Session, actor: Actor, *, plan: str, code: str, sent: UpdateIn) -> TaskUpdate:
    """Cập nhật tiến độ of one's own part."""
    actor.require(Action.PROGRESS_SUBMIT, sent.unit)
    open_to_record(session, plan)
    part = _own_part(session, actor, plan, code, sent.unit)
    if part.progress not in {TaskProgress.NOT_STARTED, TaskProgress.IN_PROGRESS}:
        raise NotNow
    if sent.percent is None and sent.note is None:
        raise Invalid("#/note", "missing")
    note = audit.keep_text(session, sent.note)
    content = {"unit": sent.unit, "percent": sent.percent, "note": note, "round": part.task.round}
    row = TaskUpdate(
        plan_code=plan,
        task_code=code,
        unit_code=sent.unit,
        round=part.task.round,
        percent=sent.percent,
        note_commitment=note,
        said_at=clock.at(session),
        sender_kind=actor.kind,
        sender_id=actor.id,
        entry_id=audit.record(session, actor, "task.updated", subject_of(part.task), scope_of(part.task, sent.unit), content),
    )
    return add(session, row)


def put_in_charge(session: Session, actor: Actor, *, plan: str, code: str, unit: str, sent: OfficerIn) -> TaskOfficer:
    """Phân công cán bộ phụ trách, or hand the task over to another of the unit."""
    actor.require(Action.PROGRESS_SUBMIT, unit)
    open_to_record(session, plan)
    part = _own_part(session, actor, plan, code, unit)
    person = person_coded(session, sent.person)
    if person is None or not any(grant.unit_code == unit for grant in grants_of(session, person.id)):
        raise Invalid("#/person", "no-such-officer")
    known = [row for row in recorded.officers(session, plan, code) if row.unit_code == unit]
    if known and known[-1].person_id == person.id:
        raise Invalid("#/person", "in-charge-already")
    if known and sent.reason is None:
        raise Invalid("#/reason", "missing")
    reason = audit.keep_text(session, sent.reason)
    content = {"unit": unit, "person": str(person.id), "reason": reason}
    row = TaskOfficer(
        plan_code=plan,
        task_code=code,
        unit_code=unit,
        version=len(known) + 1,
        person_id=person.id,
        reason_commitment=reason,
        entry_id=audit.record(session, actor, "task.officer_named", subject_of(part.task), scope_of(part.task, unit), content),
    )
    return add(session, row)


def _own_part(session: Session, actor: Actor, plan: str, code: str, unit: str) -> queries.TaskPart:
    """The unit's part of a task, locked; where it has none, there is no such task."""
    newest(session, plan, code, lock=True)
    found = next((part for part in queries.parts(session, actor, plan, code) if part.unit == unit), None)
    if found is None:
        raise NotFound
    return found


def stand(
    session: Session, actor: Actor, *, plan: str, code: str, expected: int, deed: TaskDeed, reason: str, due_on: date | None = None
) -> TaskVersion:
    """Tạm dừng, tiếp tục, thu hồi, yêu cầu làm lại. What is done can only be done anew; what is not done cannot."""
    part = queries.open_lead(session, actor, plan, code, expected)
    actor.require(Action.TASK_ASSIGN, part.task.lead_code)
    if (part.progress is TaskProgress.DONE) != (deed is TaskDeed.REDONE):
        raise NotNow
    because = audit.keep_text(session, reason)
    assert because is not None
    return tasks.change(session, actor, known=part.task, deed=deed, because=because, due_on=due_on)
