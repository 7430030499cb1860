from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.calendar.rules import period
from app.errors import CodeTaken, Invalid, Problem
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.tables import add
from app.tasks import queries
from app.tasks.models import SourceDocument, Task, TaskCoordinator, TaskMilestone, TaskVersion
from app.tasks.rules import ALLOWED_FROM, LEADS_TO, Recurrence, TaskDeed, TaskStanding, occurrences
from app.tasks.schemas import RecurrenceIn, SourceDocumentIn, TaskFields, TaskIn
from app.units.queries import check_active
from app.wire import LATEST

OCCURRENCES_LIMIT = 60


class NotNow(Problem):
    """The task does not stand so that this can be done."""

    status, slug = 409, "not-now"


def file_document(session: Session, actor: Actor, *, plan: str, sent: SourceDocumentIn) -> SourceDocument:
    """Enter the document that tasks come out of."""
    actor.require_everywhere(Action.TASK_ASSIGN)
    open_to_record(session, plan)
    subject, signatory = Subject("source_document", f"{plan}/{sent.code}"), audit.keep_text(session, sent.signatory)
    fields = sent.model_dump(exclude={"synthetic", "signatory"})
    content = {**sent.model_dump(mode="json"), "signatory": signatory}
    entry_id = audit.record(session, actor, "document.filed", subject, ["all"], content)
    row = SourceDocument(plan_code=plan, is_synthetic=sent.synthetic, signatory_commitment=signatory, entry_id=entry_id, **fields)
    return add(session, row, {"pk_source_document": CodeTaken("#/code")})


def assign(session: Session, actor: Actor, *, plan: str, sent: list[TaskIn], at_root: bool = True) -> list[TaskVersion]:
    """Giao nhiệm vụ, one or many, all or none; of a recurring one, each occurrence. Each has one lead, any number of coordinators."""
    for one in sent:
        actor.require(Action.TASK_ASSIGN, one.lead)
    open_to_record(session, plan)
    made = []
    for number, one in enumerate(sent):
        root = "#" if at_root else f"#/{number}"
        if one.document is not None and session.get(SourceDocument, (plan, one.document)) is None:
            raise Invalid(f"{root}/document", "no-such-document")
        made += [_assign_one(session, actor, plan, task, fields, root) for task, fields in _occurrences(one, root)]
    return made


def _assign_one(session: Session, actor: Actor, plan: str, task: dict[str, Any], fields: TaskFields, root: str) -> TaskVersion:
    _check(session, fields, root)
    content = {**fields.model_dump(mode="json"), **task}
    entry_id = _record(session, actor, "task.assigned", (plan, task["code"]), content, _units(fields))
    add(session, Task(plan_code=plan, entry_id=entry_id, **task), {"pk_task": CodeTaken(f"{root}/code")})
    return _insert(session, (plan, task["code"], 1), fields, {"entry_id": entry_id})


def _occurrences(sent: TaskIn, root: str) -> Iterator[tuple[dict[str, Any], TaskFields]]:
    """What each task row holds, and its fields."""
    fields = TaskFields.model_validate(sent.model_dump(exclude={"code", "document", "point", "recurrence"}))
    row = {"code": sent.code, "document_code": sent.document, "point": sent.point}
    if sent.recurrence is None:
        yield row, fields
        return
    for name in ("due_on", "milestones"):
        if getattr(sent, name):
            raise Invalid(f"{root}/{name}", "recurs")
    for found, due_on in _dated(sent.recurrence, f"{root}/recurrence"):
        code = f"{sent.code}-{found}".lower()
        if len(code) > 64:  # noqa: PLR2004 - what a code may hold
            raise Invalid(f"{root}/code", "too-long", limit=64 - len(found) - 1)
        yield {**row, "code": code, "series_code": sent.code, "period_code": found}, fields.model_copy(update={"due_on": due_on})


def _dated(sent: RecurrenceIn, root: str) -> list[tuple[str, date]]:
    first, last = period(sent.scheme, sent.first), period(sent.scheme, sent.last)
    for name, found in (("first", first), ("last", last)):
        if found is None:
            raise Invalid(f"{root}/{name}", "no-such-period")
    assert first is not None
    assert last is not None
    if last.ends < first.ends:
        raise Invalid(f"{root}/last", "before-its-start")
    dated = [(found.code, due_on) for found, due_on in occurrences(Recurrence(sent.scheme, first, last, sent.day, sent.months_after))]
    if dated[-1][1] > LATEST:
        raise Invalid(f"{root}/last", "wrong-date")
    if len(dated) > OCCURRENCES_LIMIT:
        raise Invalid(f"{root}/last", "too-many-times", limit=OCCURRENCES_LIMIT)
    return dated


def amend(session: Session, actor: Actor, *, known: TaskVersion, fields: TaskFields) -> TaskVersion:
    """Change the task as it was opened and locked, by a new version; what was reached is judged by the deadline in force then."""
    actor.require(Action.TASK_ASSIGN, known.lead_code)
    actor.require(Action.TASK_ASSIGN, fields.lead)
    if known.standing is TaskStanding.RECALLED:
        raise NotNow
    before = queries.fields(session, known)
    _check(session, fields, "#", before)
    plan, code = known.plan_code, known.task_code
    content = {"plan": plan, **fields.model_dump(mode="json")}
    entry_id = _record(session, actor, "task.amended", (plan, code), content, _units(fields) + _units(before))
    kept = {"standing": known.standing, "round": known.round, "reason_commitment": known.reason_commitment}
    return _insert(session, (plan, code, known.version + 1), fields, {**kept, "entry_id": entry_id})


def change(
    session: Session, actor: Actor, *, known: TaskVersion, deed: TaskDeed, because: str, due_on: date | None = None, lead: str | None = None
) -> TaskVersion:
    """Suspend, resume, recall, have it done anew, extend or pass on the task as it was opened and locked: a new version.

    `because` is the commitment of the reason.
    """
    actor.require(Action.TASK_ASSIGN, known.lead_code)
    if known.standing not in ALLOWED_FROM[deed]:
        raise NotNow
    fields = before = queries.fields(session, known)
    if due_on is not None:
        fields = fields.model_copy(update={"due_on": due_on})
    if lead is not None:
        actor.require(Action.TASK_ASSIGN, lead)
        others = [unit for unit in fields.coordinators if unit != lead]
        fields = fields.model_copy(update={"lead": lead, "coordinators": others})
        _check(session, fields, "#", before)
    standing = LEADS_TO.get(deed, TaskStanding.ACTIVE)
    content = {"plan": known.plan_code, **fields.model_dump(mode="json"), "standing": standing, "reason": because}
    entry_id = _record(session, actor, f"task.{deed.value}", (known.plan_code, known.task_code), content, _units(fields) + _units(before))
    told = {"standing": standing, "round": known.round + (deed is TaskDeed.REDONE), "reason_commitment": because, "entry_id": entry_id}
    return _insert(session, (known.plan_code, known.task_code, known.version + 1), fields, told)


def _units(fields: TaskFields) -> list[str]:
    """Whom a version concerns. Its successor concerns them too: who has no part in it any more hears of that."""
    return [fields.lead, *fields.coordinators, fields.appraiser]


def _record(session: Session, actor: Actor, verb: str, key: tuple[str, str], content: dict[str, Any], units: list[str]) -> UUID:
    return audit.record(session, actor, verb, Subject("task", "/".join(key)), [unit_scope(unit) for unit in units], content)


def _insert(session: Session, key: tuple[str, str, int], fields: TaskFields, more: dict[str, Any]) -> TaskVersion:
    plan, code, version = key
    row = TaskVersion(
        plan_code=plan,
        task_code=code,
        version=version,
        lead_code=fields.lead,
        appraiser_code=fields.appraiser,
        is_synthetic=fields.synthetic,
        **fields.model_dump(include={"title", "deadline_phrase", "due_on", "roll", "deliverable", "weight"}),
        **more,
    )
    add(session, row)
    session.add_all(TaskCoordinator(plan_code=plan, task_code=code, version=version, unit_code=unit) for unit in fields.coordinators)
    session.add_all(
        TaskMilestone(plan_code=plan, task_code=code, version=version, number=number, title=step.title, due_on=step.due_on)
        for number, step in enumerate(fields.milestones, 1)
    )
    session.flush()
    return row


def _check(session: Session, fields: TaskFields, root: str, before: TaskFields | None = None) -> None:
    """Units that are named anew work today; whoever was named before may have been closed since."""
    if fields.appraiser == fields.lead:
        raise Invalid(f"{root}/appraiser", "own-appraiser")
    if fields.lead in fields.coordinators or len(set(fields.coordinators)) != len(fields.coordinators):
        raise Invalid(f"{root}/coordinators", "named-twice")
    helping = [(f"{root}/coordinators/{n}", unit) for n, unit in enumerate(fields.coordinators)]
    named = [(f"{root}/lead", fields.lead), (f"{root}/appraiser", fields.appraiser), *helping]
    known = [] if before is None else _units(before)
    check_active(session, [(pointer, unit) for pointer, unit in named if unit not in known])
