from typing import Annotated

from fastapi import Path

from app.db import Reading, Writing
from app.followup import asking, queries, recorded
from app.followup.routes import TaskPath, task
from app.followup.schemas import ReasonIn, RequestGrantIn, RequestIn, RequestOut, TaskOut
from app.followup.shown import request_shown
from app.plans.queries import PlanClosed
from app.plans.routes import PlanPath
from app.policy import Actor
from app.progress.reviewing import OwnWork
from app.tasks import actions as tasks
from app.web.page import Listed
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION
from app.web.route import router

routes = router("tasks")
RequestPath = Annotated[int, Path(ge=1, le=1000, description="Số thứ tự của đề nghị")]
_DECIDE = documented(*TRANSITION, PlanClosed, tasks.NotNow, asking.RequestDecided, OwnWork)


@routes.get(
    "/plans/{plan}/tasks/{code}/requests",
    operation_id="tasks_requests",
    summary="Các đề nghị về nhiệm vụ: gia hạn, đổi đơn vị chủ trì, trả lại",
    responses=documented(*READ),
)
def requests(db: Reading, actor: Actor, plan: PlanPath, code: TaskPath) -> Listed[RequestOut]:
    queries.open_parts(db, actor, plan, code)
    return Listed(items=[request_shown(db, asked) for asked in recorded.requests(db, plan, code)])


@routes.post(
    "/plans/{plan}/tasks/{code}/requests",
    operation_id="tasks_ask",
    status_code=201,
    summary="Xin gia hạn, đề nghị đổi đơn vị chủ trì, hoặc trả lại nhiệm vụ",
    responses=documented(*TRANSITION, PlanClosed, tasks.NotNow, queries.RequestOpen),
)
def ask(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, expected: ExpectedVersion, sent: RequestIn) -> RequestOut:
    return request_shown(db, (asking.ask(db, actor, plan=plan, code=code, expected=expected, sent=sent), None))


@routes.post(
    "/plans/{plan}/tasks/{code}/requests/{number}/grant", operation_id="tasks_grant", summary="Chấp thuận một đề nghị", responses=_DECIDE
)
def grant(
    db: Writing,
    actor: Actor,
    plan: PlanPath,
    code: TaskPath,
    number: RequestPath,
    expected: ExpectedVersion,
    sent: RequestGrantIn | None = None,
) -> TaskOut:
    asking.grant(db, actor, plan=plan, code=code, number=number, expected=expected, sent=sent or RequestGrantIn())
    return task(db, actor, plan, code)


@routes.post(
    "/plans/{plan}/tasks/{code}/requests/{number}/refusal",
    operation_id="tasks_refuse",
    summary="Không chấp thuận một đề nghị, nêu lý do",
    responses=_DECIDE,
)
def refuse(
    db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, number: RequestPath, expected: ExpectedVersion, sent: ReasonIn
) -> TaskOut:
    asking.refuse(db, actor, plan=plan, code=code, number=number, expected=expected, reason=sent.reason)
    return task(db, actor, plan, code)


@routes.post(
    "/plans/{plan}/tasks/{code}/requests/{number}/withdrawal",
    operation_id="tasks_withdraw_request",
    summary="Rút đề nghị của đơn vị mình",
    responses=_DECIDE,
)
def withdraw(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, number: RequestPath, expected: ExpectedVersion) -> TaskOut:
    asking.withdraw(db, actor, plan=plan, code=code, number=number, expected=expected)
    return task(db, actor, plan, code)
