"""What the lead asks of whoever assigned a task, and what comes of it."""

from datetime import date

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.calendar.queries import calendar
from app.calendar.rules import end_of
from app.errors import Invalid, NotFound, Problem
from app.followup import queries, recorded
from app.followup.models import TaskRequest, TaskRequestDecision
from app.followup.queries import RequestOpen, check_ahead, scope_of, subject_of
from app.followup.rules import UNDONE, RequestKind, RequestOutcome
from app.followup.schemas import RequestGrantIn, RequestIn
from app.policy import Action, Actor
from app.progress.reviewing import OwnWork
from app.tables import add
from app.tasks import actions as tasks
from app.tasks.actions import NotNow
from app.tasks.models import TaskVersion
from app.tasks.queries import firsts
from app.tasks.rules import TaskDeed, TaskProgress
from app.units.queries import check_known


class RequestDecided(Problem):
    status, slug = 409, "request-decided"


def ask(session: Session, actor: Actor, *, plan: str, code: str, expected: int, sent: RequestIn) -> TaskRequest:
    """Xin gia hạn, đề nghị đổi đơn vị chủ trì, trả lại nhiệm vụ: by the lead, while the task is not done."""
    part = queries.open_lead(session, actor, plan, code, expected)
    task = part.task
    actor.require(Action.PROGRESS_SUBMIT, task.lead_code)
    if part.progress not in {TaskProgress.NOT_STARTED, TaskProgress.IN_PROGRESS}:
        raise NotNow
    if recorded.waiting(session, [task]):
        raise RequestOpen
    known = recorded.requests(session, plan, code)
    _check_asked(session, task, sent)
    reason = audit.keep_text(session, sent.reason)
    assert reason is not None
    content = {**sent.model_dump(mode="json"), "reason": reason, "number": len(known) + 1, "task_version": task.version}
    row = TaskRequest(
        plan_code=plan,
        task_code=code,
        number=len(known) + 1,
        kind=sent.kind,
        unit_code=task.lead_code,
        task_version=task.version,
        due_on=sent.due_on,
        lead_code=sent.lead,
        is_late=part.due_on is not None and clock.at(session) >= end_of(part.due_on),
        reason_commitment=reason,
        asked_at=clock.at(session),
        sender_kind=actor.kind,
        sender_id=actor.id,
        entry_id=audit.record(session, actor, f"task.{sent.kind.value}_asked", subject_of(task), scope_of(task, task.lead_code), content),
    )
    return add(session, row)


def _check_asked(session: Session, task: TaskVersion, sent: RequestIn) -> None:
    if sent.kind is RequestKind.EXTENSION:
        if sent.lead is not None:
            raise Invalid("#/lead", "one-request")
        if task.due_on is None:
            raise Invalid("#/kind", "no-deadline")
        if sent.due_on is None:
            raise Invalid("#/due_on", "missing")
        check_ahead(session, sent.due_on)
        _check_later(session, task, sent.due_on)
        return
    if sent.due_on is not None:
        raise Invalid("#/due_on", "one-request")
    _check_another(task, sent.lead)
    check_known(session, [("#/lead", sent.lead)])


def _check_another(task: TaskVersion, lead: str | None) -> None:
    """Another lead than the present one, who does not confirm its own work."""
    if lead == task.lead_code:
        raise Invalid("#/lead", "leads-already")
    if lead == task.appraiser_code:
        raise Invalid("#/lead", "own-appraiser")


def _check_later(session: Session, task: TaskVersion, due_on: date) -> None:
    """An extension names a day after the deadline in force."""
    assert task.due_on is not None
    if calendar(session).rolled(due_on, task.roll) <= calendar(session).rolled(task.due_on, task.roll):
        raise Invalid("#/due_on", "not-later")


def grant(session: Session, actor: Actor, *, plan: str, code: str, number: int, expected: int, sent: RequestGrantIn) -> TaskRequest:
    """Chấp thuận: the task changes by a new version. Of extensions, one is the rule; each further one needs a reason of its own."""
    part, request = _open_request(session, actor, plan, code, number, expected)
    if part.progress not in UNDONE:
        raise NotNow
    deed, due_on, lead = _granted(session, part.task, request, sent)
    made = tasks.change(session, actor, known=part.task, deed=deed, because=request.reason_commitment, due_on=due_on, lead=lead)
    return _decide(session, actor, part.task, request, RequestOutcome.GRANTED, sent.reason, made.version)


def _granted(session: Session, task: TaskVersion, request: TaskRequest, sent: RequestGrantIn) -> tuple[TaskDeed, date | None, str | None]:
    if request.kind is RequestKind.EXTENSION:
        if sent.lead is not None:
            raise Invalid("#/lead", "one-request")
        due_on = sent.due_on or request.due_on
        if task.due_on is None:
            raise NotNow
        assert due_on is not None
        _check_later(session, task, due_on)
        if sent.reason is None and _extensions(session, task):
            raise Invalid("#/reason", "extended-already")
        return TaskDeed.EXTENDED, due_on, None
    if sent.due_on is not None:
        raise Invalid("#/due_on", "one-request")
    lead = sent.lead or request.lead_code
    if lead is None and request.kind is RequestKind.NEW_LEAD:
        raise Invalid("#/lead", "missing")
    _check_another(task, lead)
    return (TaskDeed.RECALLED, None, None) if lead is None else (TaskDeed.PASSED_ON, None, lead)


def _extensions(session: Session, task: TaskVersion) -> int:
    """How often the task was extended in this round."""
    decided = recorded.requests(session, task.plan_code, task.task_code)
    begun = firsts(session, task.plan_code, task.task_code)[task.task_code, task.round].version
    return sum(
        request.task_version >= begun
        and request.kind is RequestKind.EXTENSION
        and decision is not None
        and decision.outcome is RequestOutcome.GRANTED
        for request, decision in decided
    )


def refuse(session: Session, actor: Actor, *, plan: str, code: str, number: int, expected: int, reason: str) -> TaskRequest:
    """Không chấp thuận, nêu lý do. The task stays as it is."""
    part, request = _open_request(session, actor, plan, code, number, expected)
    return _decide(session, actor, part.task, request, RequestOutcome.REFUSED, reason, None)


def withdraw(session: Session, actor: Actor, *, plan: str, code: str, number: int, expected: int) -> TaskRequest:
    """Rút đề nghị, by the unit that asked, while nobody has decided."""
    part = queries.open_lead(session, actor, plan, code, expected)
    actor.require(Action.PROGRESS_SUBMIT, part.task.lead_code)
    return _decide(session, actor, part.task, _waiting(session, part.task, number), RequestOutcome.WITHDRAWN, None, None)


def _open_request(session: Session, actor: Actor, plan: str, code: str, number: int, expected: int) -> tuple[queries.TaskPart, TaskRequest]:
    """One that waits, for whoever assigned the task; nobody decides on what their own unit asks."""
    part = queries.open_lead(session, actor, plan, code, expected)
    actor.require(Action.TASK_ASSIGN, part.task.lead_code)
    request = _waiting(session, part.task, number)
    if actor.id == request.sender_id or actor.belongs_to(request.unit_code):
        raise OwnWork
    return part, request


def _waiting(session: Session, task: TaskVersion, number: int) -> TaskRequest:
    """A request that nobody has decided on."""
    known = recorded.requests(session, task.plan_code, task.task_code)
    found = next((asked for asked in known if asked[0].number == number), None)
    if found is None:
        raise NotFound
    if found[1] is not None:
        raise RequestDecided
    return found[0]


def _decide(
    session: Session, actor: Actor, task: TaskVersion, request: TaskRequest, outcome: RequestOutcome, reason: str | None, made: int | None
) -> TaskRequest:
    commitment = audit.keep_text(session, reason)
    content = {"number": request.number, "outcome": outcome, "reason": commitment, "task_version": made}
    row = TaskRequestDecision(
        plan_code=request.plan_code,
        task_code=request.task_code,
        number=request.number,
        outcome=outcome,
        task_version=made,
        reason_commitment=commitment,
        decided_at=clock.at(session),
        decider_kind=actor.kind,
        decider_id=actor.id,
        entry_id=audit.record(
            session, actor, f"task.request_{outcome.value}", subject_of(task), scope_of(task, request.unit_code), content
        ),
    )
    add(session, row, {"pk_task_request_decision": RequestDecided()})
    return request
