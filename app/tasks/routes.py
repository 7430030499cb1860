from typing import Annotated

from fastapi import Path

from app.audit.queries import texts
from app.db import Reading, Writing
from app.errors import CodeTaken
from app.plans.queries import PlanClosed, open_plan
from app.plans.routes import PlanPath
from app.policy import Actor
from app.tasks import actions, queries
from app.tasks.models import SourceDocument
from app.tasks.reading import Read
from app.tasks.rules import Unread
from app.tasks.schemas import ReadDeadlineOut, ReadingIn, ReadTaskOut, SourceDocumentIn, SourceDocumentOut
from app.web.page import Cursor, Limit, Listed, after, sliced
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import prepared_by, router
from app.wire import Code

routes = router("tasks")
DocumentPath = Annotated[Code, Path(description="Mã văn bản / document code", examples=["tb-17"])]


@routes.get("/plans/{plan}/documents", operation_id="tasks_documents", summary="Văn bản giao việc", responses=documented(*READ))
def documents(db: Reading, actor: Actor, plan: PlanPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[SourceDocumentOut]:
    rows = queries.documents(db, actor, open_plan(db, plan).code)
    signed = texts(db, [row.signatory_commitment for row in rows])
    return sliced(
        rows, limit, lambda row: shown_document(row, signed.get(row.signatory_commitment)), lambda row: [row.code], after(cursor, 1)
    )


@routes.post(
    "/plans/{plan}/documents",
    operation_id="tasks_file_document",
    status_code=201,
    summary="Nhập văn bản giao việc",
    responses=documented(*WRITE, CodeTaken, PlanClosed),
)
def file_document(db: Writing, actor: Actor, plan: PlanPath, sent: SourceDocumentIn) -> SourceDocumentOut:
    return shown_document(actions.file_document(db, actor, plan=plan, sent=sent), sent.signatory)


def _prepared(db: Reading, actor: Actor, plan: str, document: str, sent: ReadingIn) -> list[Read]:
    """A long text takes its time: no transaction waits for it."""
    return queries.read(db, actor, queries.open_document(db, actor, plan, document), sent.text)


@routes.post(
    "/plans/{plan}/documents/{document}/reading",
    operation_id="tasks_read_document",
    summary="Đọc lời văn của văn bản thành các nhiệm vụ đề xuất; chưa ghi nhận gì",
    responses=documented(*WRITE),
)
@prepared_by(_prepared)
def read(db: Writing, actor: Actor, plan: PlanPath, document: DocumentPath, sent: ReadingIn, prepared: list[Read]) -> list[ReadTaskOut]:
    return [_read(found) for found in prepared]


def shown_document(row: SourceDocument, signatory: str | None) -> SourceDocumentOut:
    return SourceDocumentOut.model_validate(row).model_copy(update={"signatory": signatory})


def _read(found: Read) -> ReadTaskOut:
    said = found.deadline
    return ReadTaskOut(
        point=found.point.label or None,
        title=found.point.text,
        lead=found.lead,
        coordinators=list(found.coordinators),
        deadline_phrase=found.phrase,
        deadline=None if said is None else ReadDeadlineOut(due_on=said.due_on, roll=said.roll, scheme=said.scheme, day=said.day),
        unread=[name for name, known in ((Unread.LEAD, found.lead), (Unread.DEADLINE, said)) if known is None],
    )
