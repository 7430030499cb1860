from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from app.db import Reading, Writing
from app.drafting import actions, queries
from app.drafting.models import ReportDraft
from app.drafting.schemas import DraftedReportOut, DraftOut, SendIn
from app.plans.queries import PlanClosed
from app.policy import Action, Actor
from app.progress.aims import NeedsConfirmation
from app.progress.schemas import MoveOut, Sent, SubmissionIn, SubmissionOut
from app.progress.shown import some_shown
from app.web.page import Cursor, Limit, Listed, last_id, page
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code

routes = router("drafting")
DraftPath = Annotated[UUID, Path(description="Mã bản soạn / draft id")]


@routes.post(
    "/report-drafts",
    operation_id="drafting_keep",
    status_code=201,
    summary="Soạn báo cáo để lãnh đạo ký gửi, một hoặc nhiều; được kiểm tra như khi gửi",
    responses=documented(*WRITE, PlanClosed, NeedsConfirmation),
)
def keep(db: Writing, actor: Actor, sent: Sent) -> DraftOut | list[DraftOut]:
    if isinstance(sent, list):
        return [_shown(actor, row) for row in actions.keep(db, actor, claims=sent, at_root=False)]
    return _shown(actor, actions.keep(db, actor, claims=[sent])[0])


@routes.get(
    "/report-drafts",
    operation_id="drafting_list",
    summary="Các bản soạn của đơn vị mình, mới nhất trước",
    responses=documented(*READ),
)
def drafts(
    db: Reading, actor: Actor, unit: Annotated[Code | None, Query()] = None, cursor: Cursor = None, limit: Limit = 50
) -> Listed[DraftOut]:
    rows = queries.table(db, actor, unit, last_id(cursor), limit)
    return page(rows, limit, lambda row: _shown(actor, row), lambda row: [str(row.id)])


@routes.get("/report-drafts/{draft_id}", operation_id="drafting_show", summary="Một bản soạn", responses=documented(*READ))
def draft(db: Reading, actor: Actor, draft_id: DraftPath) -> DraftOut:
    return _shown(actor, queries.open_draft(db, actor, draft_id))


@routes.put(
    "/report-drafts/{draft_id}",
    operation_id="drafting_change",
    summary="Sửa một bản soạn; từ đây xét chậm theo giờ sửa này",
    responses=documented(*TRANSITION, PlanClosed, NeedsConfirmation),
)
def change(db: Writing, actor: Actor, draft_id: DraftPath, expected: ExpectedVersion, sent: SubmissionIn) -> DraftOut:
    return _shown(actor, actions.change(db, actor, draft_id=draft_id, expected=expected, claim=sent))


@routes.post(
    "/report-drafts/{draft_id}/discard",
    operation_id="drafting_discard",
    status_code=204,
    summary="Bỏ một bản soạn",
    responses=documented(*TRANSITION),
)
def discard(db: Writing, actor: Actor, draft_id: DraftPath, expected: ExpectedVersion) -> None:
    actions.discard(db, actor, draft_id=draft_id, expected=expected)


@routes.post(
    "/report-drafts/sending",
    operation_id="drafting_send",
    status_code=201,
    summary="Lãnh đạo ký gửi các bản soạn: thành báo cáo, xét chậm theo giờ soạn; tất cả hoặc không",
    responses=documented(*TRANSITION, PlanClosed, NeedsConfirmation),
)
def send(db: Writing, actor: Actor, sent: SendIn) -> list[SubmissionOut]:
    return some_shown(db, actor, actions.send(db, actor, sent=sent))


def _shown(actor: Actor, row: ReportDraft) -> DraftOut:
    claim = SubmissionIn.model_validate_json(row.body)
    moves = [
        MoveOut(name="discard", method="POST", url=f"{_URL}/{row.id}/discard", needs=["If-Match"]),
        MoveOut(name="change", method="PUT", url=f"{_URL}/{row.id}", needs=["If-Match"]),
    ]
    if actor.may(Action.PROGRESS_SIGN, row.unit_code):
        moves.append(MoveOut(name="sending", method="POST", url=f"{_URL}/sending", needs=["capacity", "drafts"]))
    report = DraftedReportOut.model_validate(claim.model_dump())
    return DraftOut(id=row.id, unit=row.unit_code, version=row.version, kept_at=row.kept_at, report=report, moves=moves)


_URL = "/api/v1/report-drafts"
