from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request
from starlette.responses import FileResponse

from app.db import Reading, Writing
from app.errors import Stale
from app.evidence.routes import attachment, thumbnail
from app.plans.queries import PlanClosed, open_plan
from app.plans.routes import PlanPath
from app.policy import Actor
from app.progress import actions, objecting, queries, results, reviewing, signing
from app.progress.aims import NeedsConfirmation
from app.progress.citing import open_evidence, open_scan
from app.progress.results_shown import BranchResultOut, IndicatorResultOut, branch_shown, result_shown
from app.progress.rules import SubmissionState
from app.progress.schemas import LINES_SCHEMA, LinesOut, ReceiptOut, Sent, SentLines, SubmissionIn, SubmissionOut
from app.progress.schemas_deciding import AcceptIn, DecisionsIn, ObjectionIn, ReturnIn, SignOffIn
from app.progress.shown import lines_shown, made_shower, read_lines, receipt, shower, shown, some_shown
from app.units.routes import UnitPath
from app.web.house import of
from app.web.page import Cursor, Limit, Listed, after, last_id, page, sliced
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.web.texts import Language
from app.wire import Code, PeriodCode

routes = router("progress")
SubmissionPath = Annotated[UUID, Path(description="Mã báo cáo / submission id")]
NumberPath = Annotated[int, Path(ge=1, le=20, description="Thứ tự của minh chứng trong báo cáo, từ 1")]
_REVIEW = documented(*TRANSITION, reviewing.AlreadyReviewed, reviewing.Superseded, reviewing.OwnWork, reviewing.ObjectionRuns)


@routes.post(
    "/submissions",
    operation_id="progress_submit",
    status_code=201,
    summary="Gửi báo cáo, một hoặc nhiều",
    responses=documented(*WRITE, PlanClosed, NeedsConfirmation),
)
def submit(db: Writing, actor: Actor, sent: Sent) -> SubmissionOut | list[SubmissionOut]:
    if isinstance(sent, list):
        made = actions.submit(db, actor, claims=sent, at_root=False)
        return list(map(made_shower(db, actor, made), made))
    made = actions.submit(db, actor, claims=[sent])
    return made_shower(db, actor, made)(made[0])


@routes.post(
    "/submissions/lines",
    operation_id="progress_submit_lines",
    summary="Gửi nhiều báo cáo, từng dòng một: dòng đúng được nhận, dòng sai bị từ chối riêng",
    responses=documented(*WRITE),
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": LINES_SCHEMA}}}},
)
def submit_lines(db: Writing, actor: Actor, language: Language, sent: SentLines) -> LinesOut:
    read = read_lines(sent, language)
    made = actions.submit_each(db, actor, claims=[one for one in read if isinstance(one, SubmissionIn)])
    return lines_shown(db, actor, read, made, language)


@routes.get(
    "/submissions", operation_id="progress_list", summary="Báo cáo trong phạm vi của tôi, mới nhất trước", responses=documented(*READ)
)
def submissions(
    db: Reading,
    actor: Actor,
    plan: Annotated[Code | None, Query()] = None,
    unit: Annotated[Code | None, Query()] = None,
    indicator: Annotated[Code | None, Query()] = None,
    period: Annotated[PeriodCode | None, Query()] = None,
    task: Annotated[Code | None, Query()] = None,
    state: SubmissionState | None = None,
    signed: Annotated[bool | None, Query(description="Đã hoặc chưa có người ký duyệt cho đơn vị")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[SubmissionOut]:
    asked = queries.Asked(plan, unit, indicator, period, task, state, signed)
    rows = queries.table(db, actor, asked, last_id(cursor), limit)
    return page(rows, limit, shower(db, actor, rows), lambda seen: [str(seen[0].id)])


@routes.get("/submissions/{submission_id}", operation_id="progress_show", summary="Một báo cáo", responses=documented(*READ))
def submission(db: Reading, actor: Actor, submission_id: SubmissionPath) -> SubmissionOut:
    return shown(db, actor, queries.open_submission(db, actor, submission_id))


@routes.get(
    "/submissions/{submission_id}/receipt",
    operation_id="progress_receipt",
    summary="Biên nhận của một báo cáo: chứng minh được về sau là đã gửi gì, lúc nào",
    responses=documented(*READ),
)
def receipt_of(db: Reading, actor: Actor, submission_id: SubmissionPath) -> ReceiptOut:
    return receipt(db, actor, submission_id)


@routes.post(
    "/submissions/{submission_id}/acceptance",
    operation_id="progress_accept",
    summary="Chấp nhận báo cáo, hoặc chấp nhận với số điều chỉnh kèm lý do",
    responses=_REVIEW,
)
def accept(
    db: Writing, actor: Actor, submission_id: SubmissionPath, expected: ExpectedVersion, sent: AcceptIn | None = None
) -> SubmissionOut:
    figure, reason = (None, None) if sent is None else (sent.figure, sent.reason)
    reviewing.accept(db, actor, submission_id=submission_id, expected=expected, figure=figure, reason=reason)
    return shown(db, actor, queries.open_submission(db, actor, submission_id))


@routes.post("/submissions/{submission_id}/return", operation_id="progress_return", summary="Trả lại báo cáo, nêu lý do", responses=_REVIEW)
def return_for_correction(
    db: Writing, actor: Actor, submission_id: SubmissionPath, expected: ExpectedVersion, sent: ReturnIn
) -> SubmissionOut:
    reviewing.return_for_correction(
        db, actor, submission_id=submission_id, expected=expected, reason=sent.reason, supplement_by=sent.supplement_by
    )
    return shown(db, actor, queries.open_submission(db, actor, submission_id))


@routes.post(
    "/submissions/decisions",
    operation_id="progress_decide_many",
    summary="Chấp nhận hoặc trả lại nhiều báo cáo với một lý do; tất cả hoặc không",
    responses=documented(*WRITE, Stale, reviewing.AlreadyReviewed, reviewing.Superseded, reviewing.OwnWork, reviewing.ObjectionRuns),
)
def decide_many(db: Writing, actor: Actor, sent: DecisionsIn) -> list[SubmissionOut]:
    return some_shown(db, actor, [row.id for row in reviewing.decide_many(db, actor, sent=sent)])


@routes.post(
    "/submissions/{submission_id}/objection",
    operation_id="progress_object",
    status_code=201,
    summary="Nêu ý kiến về số do đơn vị khác cung cấp cho đơn vị",
    responses=documented(*WRITE, PlanClosed, objecting.NoObjection),
)
def object_to(db: Writing, actor: Actor, submission_id: SubmissionPath, sent: ObjectionIn) -> SubmissionOut:
    objecting.object_to(db, actor, submission_id=submission_id, reason=sent.reason)
    return shown(db, actor, queries.open_submission(db, actor, submission_id))


@routes.post(
    "/sign-offs",
    operation_id="progress_sign_off",
    summary="Ký duyệt nhiều báo cáo của đơn vị: ký ngay, hoặc đính kèm văn bản đã ký trên giấy",
    responses=documented(*WRITE, PlanClosed, signing.AlreadySigned),
)
def sign_off(db: Writing, actor: Actor, sent: SignOffIn) -> list[SubmissionOut]:
    return some_shown(db, actor, signing.sign_off(db, actor, sent=sent))


@routes.post("/submissions/{submission_id}/withdrawal", operation_id="progress_withdraw", summary="Thu hồi báo cáo", responses=_REVIEW)
def withdraw(db: Writing, actor: Actor, submission_id: SubmissionPath, expected: ExpectedVersion) -> SubmissionOut:
    reviewing.withdraw(db, actor, submission_id=submission_id, expected=expected)
    return shown(db, actor, queries.open_submission(db, actor, submission_id))


@routes.get(
    "/submissions/{submission_id}/evidence/{number}",
    operation_id="progress_evidence",
    summary="Tải về một tệp minh chứng của báo cáo",
    responses=documented(*READ),
    response_class=FileResponse,
)
def evidence(request: Request, db: Reading, actor: Actor, submission_id: SubmissionPath, number: NumberPath) -> FileResponse:
    return attachment(of(request), open_evidence(db, actor, submission_id, number), f"minh-chung-{number}")


@routes.get(
    "/submissions/{submission_id}/evidence/{number}/thumbnail",
    operation_id="progress_thumbnail",
    summary="Ảnh thu nhỏ của một ảnh minh chứng (JPEG)",
    responses=documented(*READ),
    response_class=FileResponse,
)
def evidence_thumbnail(request: Request, db: Reading, actor: Actor, submission_id: SubmissionPath, number: NumberPath) -> FileResponse:
    return thumbnail(of(request), open_evidence(db, actor, submission_id, number))


@routes.get(
    "/submissions/{submission_id}/sign-off/file",
    operation_id="progress_scan",
    summary="Tải về bản quét văn bản đã ký trên giấy",
    responses=documented(*READ),
    response_class=FileResponse,
)
def scan(request: Request, db: Reading, actor: Actor, submission_id: SubmissionPath) -> FileResponse:
    return attachment(of(request), open_scan(db, actor, submission_id), "van-ban-da-ky")


@routes.get(
    "/plans/{plan}/results",
    operation_id="progress_results",
    summary="Kết quả thực hiện chỉ tiêu trong phạm vi của tôi",
    responses=documented(*READ),
)
def indicator_results(db: Reading, actor: Actor, plan: PlanPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[IndicatorResultOut]:
    rows = results.indicator_results(db, actor, open_plan(db, plan))
    return sliced(
        rows, limit, result_shown, lambda row: [row.target.unit_code, row.target.indicator_code, row.target.kind], after(cursor, 3)
    )


@routes.get(
    "/plans/{plan}/branches/{code}/results",
    operation_id="progress_branch_results",
    summary="Kết quả cộng gộp của các đơn vị bên dưới một đơn vị",
    responses=documented(*READ),
)
def branch_results(
    db: Reading, actor: Actor, plan: PlanPath, code: UnitPath, cursor: Cursor = None, limit: Limit = 50
) -> Listed[BranchResultOut]:
    rows = results.branch_results(db, actor, open_plan(db, plan), code)
    return sliced(rows, limit, branch_shown, lambda row: [row.indicator.indicator_code], after(cursor, 1))
