from datetime import date

from sqlmodel import Session

from app import clock
from app.accounts.queries import grants_of, person_coded
from app.audit import actions as audit
from app.errors import Invalid, NotFound
from app.followup import queries, recorded
from app.followup.models import TaskOfficer, TaskReminder, TaskUpdate
from app.followup.queries import RequestOpen, check_ahead, scope_of, subject_of
from app.followup.rules import QUIET, UNDONE, level_of
from app.followup.schemas import InheritanceIn, OfficerIn, RemindersIn, UpdateIn
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.tables import add
from app.tasks import actions as tasks
from app.tasks.actions import NotNow
from app.tasks.models import TaskVersion
from app.tasks.queries import fields as fields_of
from app.tasks.queries import newest
from app.tasks.rules import TaskDeed, TaskProgress, TaskStanding
from app.tasks.schemas import TaskFields
from app.units.queries import check_known, is_successor, lock_units


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


def put_in_charge(session: Session, actor: Actor, *, plan: str, code: str, sent: OfficerIn) -> TaskOfficer:
    """Phân công cán bộ phụ trách, or hand the task over to another of the unit."""
    unit = sent.unit
    actor.require(Action.PROGRESS_SUBMIT, unit)
    open_to_record(session, plan)
    part = _own_part(session, actor, plan, code, unit)
    if part.progress not in UNDONE:
        raise NotNow
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


def remind(session: Session, actor: Actor, *, plan: str, sent: RemindersIn) -> list[tuple[queries.TaskPart, TaskReminder]]:
    """Đôn đốc a unit about its undone parts: counted, and from the third on to the unit's head. All or none."""
    actor.require(Action.TASK_ASSIGN, sent.unit)
    open_to_record(session, plan)
    check_known(session, [("#/unit", sent.unit)])
    lock_units(session, [sent.unit])
    known = {part.task.task_code: part for part in queries.parts(session, actor, plan) if part.unit == sent.unit}
    made = []
    for place, code in enumerate(sent.tasks):
        part = known.get(code)
        if part is None:
            raise Invalid(f"#/tasks/{place}", "no-such-task")
        actor.require(Action.TASK_ASSIGN, part.task.lead_code)
        if part.progress not in QUIET or code in sent.tasks[:place]:
            raise Invalid(f"#/tasks/{place}", "nothing-to-remind")
        number, level = part.reminders + 1, level_of(part.reminders)
        content = {"unit": sent.unit, "number": number, "level": level}
        row = TaskReminder(
            plan_code=plan,
            task_code=code,
            unit_code=sent.unit,
            number=number,
            level=level,
            reminded_at=clock.at(session),
            by_kind=actor.kind,
            by_id=actor.id,
            entry_id=audit.record(session, actor, "task.reminded", subject_of(part.task), scope_of(part.task, sent.unit), content),
        )
        made.append((part, add(session, row)))
    return made


def amend(session: Session, actor: Actor, *, plan: str, code: str, expected: int, fields: TaskFields) -> TaskVersion:
    """Điều chỉnh. What is done keeps its lead: it can only be done anew. So does what the lead asks about, until that is decided."""
    part = queries.open_lead(session, actor, plan, code, expected)
    actor.require(Action.TASK_ASSIGN, part.unit)
    if fields.lead != part.unit:
        if part.progress is TaskProgress.DONE:
            raise NotNow
        if recorded.waiting(session, [part.task]):
            raise RequestOpen
    return tasks.amend(session, actor, known=part.task, fields=fields)


def stand(
    session: Session, actor: Actor, *, plan: str, code: str, expected: int, deed: TaskDeed, reason: str, due_on: date | None = None
) -> TaskVersion:
    """Tạm dừng, tiếp tục, thu hồi, yêu cầu làm lại. What is done can only be done anew; what is not done cannot."""
    part = queries.open_lead(session, actor, plan, code, expected)
    actor.require(Action.TASK_ASSIGN, part.task.lead_code)
    check_ahead(session, due_on)
    if (part.progress is TaskProgress.DONE) != (deed is TaskDeed.REDONE):
        raise NotNow
    because = audit.keep_text(session, reason)
    assert because is not None
    return tasks.change(session, actor, known=part.task, deed=deed, because=because, due_on=due_on)


def inherit(session: Session, actor: Actor, *, plan: str, sent: InheritanceIn) -> list[TaskVersion]:
    """Chuyển giao nhiệm vụ of a unit that was merged or split: what is not done goes to the unit that stands for it. All or none."""
    actor.require(Action.TASK_ASSIGN, sent.unit)
    open_to_record(session, plan)
    if not is_successor(session, sent.into, sent.unit):
        raise Invalid("#/into", "no-succession")
    reason = audit.keep_text(session, sent.reason)
    assert reason is not None
    undone = UNDONE | {TaskProgress.SUSPENDED}
    wanted = [part for part in queries.parts(session, actor, plan) if part.unit == sent.unit and part.progress in undone]
    if not {*(sent.tasks or [])} <= {part.task.task_code for part in wanted}:
        raise Invalid("#/tasks", "no-such-task")
    chosen = [part.task for part in wanted if sent.tasks is None or part.task.task_code in sent.tasks]
    if recorded.waiting(session, [task for task in chosen if task.lead_code == sent.unit]):
        raise RequestOpen
    return [_inherited(session, actor, newest(session, plan, task.task_code, lock=True), sent, reason) for task in chosen]


def _inherited(session: Session, actor: Actor, known: TaskVersion, sent: InheritanceIn, because: str) -> TaskVersion:
    if sent.into == known.appraiser_code:
        raise Invalid("#/into", "own-appraiser")
    if known.lead_code == sent.unit and known.standing is TaskStanding.ACTIVE:
        return tasks.change(session, actor, known=known, deed=TaskDeed.PASSED_ON, because=because, lead=sent.into)
    before = fields_of(session, known)
    lead = sent.into if before.lead == sent.unit else before.lead
    helping = [sent.into if unit == sent.unit else unit for unit in before.coordinators]
    helping = [unit for place, unit in enumerate(helping) if unit != lead and unit not in helping[:place]]
    return tasks.amend(session, actor, known=known, fields=before.model_copy(update={"lead": lead, "coordinators": helping}))
