from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request
from sqlmodel import Session
from starlette.responses import FileResponse

from app.audit.queries import text
from app.db import Reading, Writing
from app.events import actions, queries
from app.events.rules import moves
from app.events.schemas import AcceptEventIn, EventDocumentOut, EventIn, EventKindIn, EventKindOut, EventOut, FileUseOut
from app.evidence.routes import attachment
from app.plans.queries import PlanClosed, open_plan
from app.plans.routes import PlanPath
from app.policy import Actor
from app.progress.reviewing import AlreadyReviewed, OwnWork
from app.progress.rules import SubmissionState
from app.progress.schemas import DecisionOut, MoveOut
from app.progress.schemas_deciding import ReturnIn
from app.web.house import of
from app.web.page import Cursor, Limit, Listed, after, last_id, page, sliced
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code, Digest

routes = router("events")
EventPath = Annotated[UUID, Path(description="Mã sự việc / event id")]
KindPath = Annotated[Code, Path(description="Mã loại sự việc / kind of event", examples=["bai-bao"])]
_REVIEW = documented(*TRANSITION, AlreadyReviewed, OwnWork, PlanClosed)


@routes.get(
    "/plans/{plan}/event-kinds",
    operation_id="event_kinds_list",
    summary="Các loại sự việc được đếm trong kế hoạch",
    responses=documented(*READ),
)
def kinds(db: Reading, actor: Actor, plan: PlanPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[EventKindOut]:
    rows = queries.kinds(db, actor, open_plan(db, plan).code)
    return sliced(rows, limit, EventKindOut.model_validate, lambda row: [row.code], after(cursor, 1))


@routes.put(
    "/plans/{plan}/event-kinds/{kind}",
    operation_id="event_kinds_define",
    summary="Đặt hoặc sửa một loại sự việc; If-Match là phiên bản đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION),
)
def define_kind(db: Writing, actor: Actor, plan: PlanPath, kind: KindPath, expected: ExpectedVersion, sent: EventKindIn) -> EventKindOut:
    return EventKindOut.model_validate(actions.define_kind(db, actor, plan=plan, code=kind, expected=expected, fields=sent))


@routes.post(
    "/counted-events",
    operation_id="events_record",
    status_code=201,
    summary="Ghi nhận một sự việc: đơn vị ghi thì chờ thẩm định, đơn vị thẩm định ghi thì được tính ngay",
    responses=documented(*WRITE, PlanClosed, OwnWork),
)
def record(db: Writing, actor: Actor, sent: EventIn) -> EventOut:
    return _shown(db, actor, queries.as_it_stands(db, actions.record(db, actor, sent=sent)))


@routes.get(
    "/counted-events", operation_id="events_list", summary="Sự việc trong phạm vi của tôi, mới nhất trước", responses=documented(*READ)
)
def events(
    db: Reading,
    actor: Actor,
    plan: Annotated[Code | None, Query()] = None,
    unit: Annotated[Code | None, Query()] = None,
    kind: Annotated[Code | None, Query()] = None,
    state: SubmissionState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[EventOut]:
    rows = queries.table(db, actor, queries.Asked(plan, unit, kind, state), last_id(cursor), limit)
    return page(rows, limit, lambda seen: _shown(db, actor, seen), lambda seen: [str(seen[0].id)])


@routes.get("/counted-events/{event_id}", operation_id="events_show", summary="Một sự việc", responses=documented(*READ))
def event(db: Reading, actor: Actor, event_id: EventPath) -> EventOut:
    return _shown(db, actor, queries.open_event(db, actor, event_id))


@routes.get(
    "/counted-events/{event_id}/document",
    operation_id="events_document",
    summary="Tải về tệp của văn bản minh chứng",
    responses=documented(*READ),
    response_class=FileResponse,
)
def document(request: Request, db: Reading, actor: Actor, event_id: EventPath) -> FileResponse:
    return attachment(of(request), queries.open_file(db, actor, event_id), "minh-chung")


@routes.get(
    "/evidence/{file}/uses",
    operation_id="evidence_uses",
    summary="Một tệp minh chứng đứng sau những báo cáo, sự việc nào trong phạm vi của tôi",
    responses=documented(*READ),
)
def uses(
    db: Reading, actor: Actor, file: Annotated[Digest, Path(description="SHA-256 của tệp")], cursor: Cursor = None, limit: Limit = 50
) -> Listed[FileUseOut]:
    return sliced(queries.uses(db, actor, file), limit, lambda one: one, lambda one: [str(one.id), str(one.number)], after(cursor, 2))


@routes.post(
    "/counted-events/{event_id}/acceptance",
    operation_id="events_accept",
    summary="Chấp nhận một sự việc, hoặc ghi là đã xác minh",
    responses=_REVIEW,
)
def accept(db: Writing, actor: Actor, event_id: EventPath, expected: ExpectedVersion, sent: AcceptEventIn) -> EventOut:
    actions.accept(db, actor, event_id=event_id, expected=expected, verified=sent.verified)
    return _shown(db, actor, queries.open_event(db, actor, event_id))


@routes.post(
    "/counted-events/{event_id}/return",
    operation_id="events_return",
    summary="Trả lại một sự việc, hoặc bỏ sự việc đã chấp nhận, nêu lý do",
    responses=_REVIEW,
)
def return_for_correction(db: Writing, actor: Actor, event_id: EventPath, expected: ExpectedVersion, sent: ReturnIn) -> EventOut:
    actions.return_for_correction(db, actor, event_id=event_id, expected=expected, reason=sent.reason)
    return _shown(db, actor, queries.open_event(db, actor, event_id))


@routes.post("/counted-events/{event_id}/withdrawal", operation_id="events_withdraw", summary="Thu hồi một sự việc", responses=_REVIEW)
def withdraw(db: Writing, actor: Actor, event_id: EventPath, expected: ExpectedVersion) -> EventOut:
    actions.withdraw(db, actor, event_id=event_id, expected=expected)
    return _shown(db, actor, queries.open_event(db, actor, event_id))


def _shown(db: Session, actor: Actor, seen: queries.Seen) -> EventOut:
    row, standing = seen
    state, verified = queries.state(standing), standing.is_verified if standing else row.is_verified
    decision = None
    if standing is not None:
        decision = DecisionOut.model_validate(standing).model_copy(update={"reason": text(db, standing.reason_commitment)})
    allowed = moves(actor, state, row.unit_code, row.appraiser_code, is_verified=verified)
    return EventOut.model_validate(
        {
            **row.model_dump(),
            "verified": verified,
            "document": EventDocumentOut.model_validate(row),
            "note": text(db, row.note_commitment),
            "state": state,
            "version": queries.version(standing),
            "decision": decision,
            "moves": [_move(row.id, name, needs) for name, needs in allowed],
        }
    )


def _move(event_id: UUID, name: str, needs: list[str]) -> MoveOut:
    return MoveOut(name=name, method="POST", url=f"/api/v1/counted-events/{event_id}/{name}", needs=["If-Match", *needs])
