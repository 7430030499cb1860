from uuid import UUID

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.errors import CodeTaken, Invalid, Stale
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.tables import add
from app.tasks import queries
from app.tasks.models import SourceDocument, Task, TaskCoordinator, TaskMilestone, TaskVersion
from app.tasks.schemas import SourceDocumentIn, TaskFields
from app.units.queries import check_known


def file_document(session: Session, actor: Actor, *, plan: str, sent: SourceDocumentIn) -> SourceDocument:
    """Enter the document that tasks come out of."""
    actor.require_everywhere(Action.TASK_ASSIGN)
    open_to_record(session, plan)
    subject = Subject("source_document", f"{plan}/{sent.code}")
    entry_id = audit.record(session, actor, "document.filed", subject, ["all"], sent.model_dump(mode="json"))
    fields = sent.model_dump(exclude={"synthetic"})
    row = SourceDocument(plan_code=plan, is_synthetic=sent.synthetic, entry_id=entry_id, **fields)
    return add(session, row, {"pk_source_document": CodeTaken("#/code")})


def assign(session: Session, actor: Actor, *, plan: str, code: str, document: str | None, fields: TaskFields) -> TaskVersion:
    """Giao nhiệm vụ: one lead, any number of coordinators."""
    actor.require(Action.TASK_ASSIGN, fields.lead)
    open_to_record(session, plan)
    if document is not None and session.get(SourceDocument, (plan, document)) is None:
        raise Invalid("#/document", "no-such-document")
    entry_id = _record(session, actor, "task.assigned", plan, code, fields)
    row = Task(plan_code=plan, code=code, document_code=document, entry_id=entry_id)
    add(session, row, {"pk_task": CodeTaken("#/code")})
    return _insert(session, plan, code, 1, fields, entry_id)


def amend(session: Session, actor: Actor, *, plan: str, code: str, expected: int, fields: TaskFields) -> TaskVersion:
    """Change a task by a new version; statuses already reached are judged by the deadline in force then."""
    open_to_record(session, plan)
    known = queries.newest(session, plan, code, lock=True)
    actor.require(Action.TASK_ASSIGN, known.lead_code)
    actor.require(Action.TASK_ASSIGN, fields.lead)
    if known.version != expected:
        raise Stale
    entry_id = _record(session, actor, "task.amended", plan, code, fields, known.lead_code)
    return _insert(session, plan, code, known.version + 1, fields, entry_id)


def _record(session: Session, actor: Actor, verb: str, plan: str, code: str, fields: TaskFields, *before: str) -> UUID:
    scope = [unit_scope(unit) for unit in (fields.lead, *fields.coordinators, *before)]
    return audit.record(session, actor, verb, Subject("task", f"{plan}/{code}"), scope, {"plan": plan, **fields.model_dump(mode="json")})


def _insert(session: Session, plan: str, code: str, version: int, fields: TaskFields, entry_id: UUID) -> TaskVersion:
    _check(session, fields)
    row = TaskVersion(
        plan_code=plan,
        task_code=code,
        version=version,
        lead_code=fields.lead,
        appraiser_code=fields.appraiser,
        is_synthetic=fields.synthetic,
        entry_id=entry_id,
        **fields.model_dump(include={"title", "deadline_phrase", "due_on", "roll", "deliverable"}),
    )
    add(session, row)
    session.add_all(TaskCoordinator(plan_code=plan, task_code=code, version=version, unit_code=unit) for unit in fields.coordinators)
    session.add_all(
        TaskMilestone(plan_code=plan, task_code=code, version=version, number=number, title=step.title, due_on=step.due_on)
        for number, step in enumerate(fields.milestones, 1)
    )
    session.flush()
    return row


def _check(session: Session, fields: TaskFields) -> None:
    if fields.appraiser == fields.lead:
        raise Invalid("#/appraiser", "own-appraiser")
    if fields.lead in fields.coordinators or len(set(fields.coordinators)) != len(fields.coordinators):
        raise Invalid("#/coordinators", "named-twice")
    check_known(session, [("#/lead", fields.lead), ("#/appraiser", fields.appraiser)])
    check_known(session, [(f"#/coordinators/{n}", unit) for n, unit in enumerate(fields.coordinators)])
