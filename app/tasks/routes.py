from typing import Annotated

from fastapi import Path
from sqlmodel import Session

from app.db import Reading, Writing
from app.errors import CodeTaken
from app.plans.queries import PlanClosed, open_plan
from app.plans.routes import PlanPath
from app.policy import Actor
from app.tasks import actions, queries
from app.tasks.models import TaskVersion
from app.tasks.schemas import MilestoneOut, SourceDocumentIn, SourceDocumentOut, TaskFields, TaskIn, TaskOut
from app.web.page import Cursor, Limit, Listed, after, sliced
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code

routes = router("tasks")
TaskPath = Annotated[Code, Path(description="Mã nhiệm vụ / task code", examples=["trong-tam-1"])]


@routes.get("/plans/{plan}/documents", operation_id="tasks_documents", summary="Văn bản giao việc", responses=documented(*READ))
def documents(db: Reading, actor: Actor, plan: PlanPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[SourceDocumentOut]:
    rows = queries.documents(db, actor, open_plan(db, plan).code)
    return sliced(rows, limit, SourceDocumentOut.model_validate, lambda row: [row.code], after(cursor, 1))


@routes.post(
    "/plans/{plan}/documents",
    operation_id="tasks_file_document",
    status_code=201,
    summary="Nhập văn bản giao việc",
    responses=documented(*WRITE, CodeTaken, PlanClosed),
)
def file_document(db: Writing, actor: Actor, plan: PlanPath, sent: SourceDocumentIn) -> SourceDocumentOut:
    return SourceDocumentOut.model_validate(actions.file_document(db, actor, plan=plan, sent=sent))


@routes.get("/plans/{plan}/tasks", operation_id="tasks_list", summary="Các nhiệm vụ trong phạm vi của tôi", responses=documented(*READ))
def tasks(db: Reading, actor: Actor, plan: PlanPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[TaskOut]:
    open_plan(db, plan)
    rows = queries.table(db, actor, plan)
    return sliced(rows, limit, lambda row: shown(db, row), lambda row: [row.task_code], after(cursor, 1))


@routes.post(
    "/plans/{plan}/tasks",
    operation_id="tasks_assign",
    status_code=201,
    summary="Giao một nhiệm vụ",
    responses=documented(*WRITE, CodeTaken, PlanClosed),
)
def assign(db: Writing, actor: Actor, plan: PlanPath, sent: TaskIn) -> TaskOut:
    return shown(db, actions.assign(db, actor, plan=plan, code=sent.code, document=sent.document, fields=sent))


@routes.get("/plans/{plan}/tasks/{code}", operation_id="tasks_show", summary="Một nhiệm vụ", responses=documented(*READ))
def task(db: Reading, actor: Actor, plan: PlanPath, code: TaskPath) -> TaskOut:
    return shown(db, queries.open_task(db, actor, plan, code))


@routes.put(
    "/plans/{plan}/tasks/{code}",
    operation_id="tasks_amend",
    summary="Điều chỉnh một nhiệm vụ",
    responses=documented(*TRANSITION, PlanClosed),
)
def amend(db: Writing, actor: Actor, plan: PlanPath, code: TaskPath, expected: ExpectedVersion, sent: TaskFields) -> TaskOut:
    return shown(db, actions.amend(db, actor, plan=plan, code=code, expected=expected, fields=sent))


def shown(db: Session, row: TaskVersion) -> TaskOut:
    document = queries.document_of(db, row)
    return TaskOut.model_validate(row).model_copy(
        update={
            "coordinators": queries.coordinators(db, row),
            "milestones": [MilestoneOut.model_validate(m) for m in queries.milestones(db, row)],
            "document": None if document is None else SourceDocumentOut.model_validate(document),
        }
    )
