from typing import Annotated

from fastapi import Path

from app.db import Reading, Writing
from app.errors import Stale
from app.marks import actions, granting, queries
from app.marks.rules import MarkStage
from app.marks.schemas import (
    WHOLE,
    AppraisalNoticeIn,
    AppraisalNoticeOut,
    ManyMarksIn,
    MarkIn,
    MarkOut,
    NodePath,
    ResultIn,
    ResultOut,
    WaiverIn,
    WaiverOut,
)
from app.movements.routes import MovementPath
from app.policy import Actor
from app.units.routes import UnitPath
from app.web.page import Cursor, Limit, Listed, after, last_id, page, sliced
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code

routes = router("marks")
MarkNode = Annotated[NodePath, Path(description="Mã mục của bảng tiêu chí; total là cả bảng", examples=["1.1"])]
AssessmentPath = Annotated[Code, Path(description="Mã đánh giá khác / other assessment", examples=["par-index-2022"])]


@routes.get(
    "/movements/{movement}/units/{code}/marks",
    operation_id="marks_list",
    summary="Điểm chấm của một đơn vị, mới nhất theo từng mục và từng bước",
    responses=documented(*READ),
)
def marks(db: Reading, actor: Actor, movement: MovementPath, code: UnitPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[MarkOut]:
    rows = queries.table(db, actor, movement, code)
    return sliced(
        rows,
        limit,
        lambda row: queries.shown(db, row.mark, is_draft=row.is_draft),
        lambda row: [row.mark.node_code, row.mark.stage, str(row.is_draft)],
        after(cursor, 3),
    )


@routes.post(
    "/movements/{movement}/marks",
    operation_id="marks_put_many",
    summary="Chấm điểm nhiều đơn vị, nhiều mục với một lý do; tất cả hoặc không",
    responses=documented(*WRITE, actions.NobodyAppraises, Stale),
)
def put_many(db: Writing, actor: Actor, movement: MovementPath, sent: ManyMarksIn) -> list[MarkOut]:
    is_draft = sent.stage is MarkStage.APPRAISED
    return [queries.shown(db, row, is_draft=is_draft) for row in actions.put_many(db, actor, movement=movement, sent=sent)]


@routes.get(
    "/movements/{movement}/appraisal-notices",
    operation_id="marks_notices",
    summary="Thông báo kết quả thẩm định, mới nhất trước",
    responses=documented(*READ),
)
def notices(db: Reading, actor: Actor, movement: MovementPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[AppraisalNoticeOut]:
    rows = queries.notices(db, actor, movement, last_id(cursor), limit)
    return page(rows, limit, lambda row: queries.notice_shown(db, *row), lambda row: [str(row[0].id)])


@routes.post(
    "/movements/{movement}/appraisal-notices",
    operation_id="marks_release",
    status_code=201,
    summary="Công bố kết quả thẩm định: các điểm dự thảo được nêu cùng có hiệu lực",
    responses=documented(*WRITE, Stale),
)
def release(db: Writing, actor: Actor, movement: MovementPath, sent: AppraisalNoticeIn) -> AppraisalNoticeOut:
    notice = actions.release(db, actor, movement=movement, sent=sent)
    return queries.notice_shown(db, notice, queries.released(db, [notice.id])[notice.id])


@routes.put(
    "/movements/{movement}/units/{code}/marks/{node}/{stage}",
    operation_id="marks_put",
    summary="Chấm điểm một mục, hoặc rút điểm đã chấm; If-Match là phiên bản đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION, actions.NobodyAppraises),
)
def put(
    db: Writing,
    actor: Actor,
    movement: MovementPath,
    code: UnitPath,
    node: MarkNode,
    stage: MarkStage,
    expected: ExpectedVersion,
    sent: MarkIn,
) -> MarkOut:
    row = actions.put(
        db,
        actor,
        movement=movement,
        unit=code,
        node="" if node == WHOLE else node,
        stage=stage,
        expected=expected,
        points=sent.points,
        reason=sent.reason,
    )
    return queries.shown(db, row, is_draft=stage is MarkStage.APPRAISED)


@routes.get(
    "/movements/{movement}/units/{code}/waivers",
    operation_id="waivers_list",
    summary="Những lần được miễn trừ của một đơn vị",
    responses=documented(*READ),
)
def waivers(
    db: Reading, actor: Actor, movement: MovementPath, code: UnitPath, cursor: Cursor = None, limit: Limit = 50
) -> Listed[WaiverOut]:
    queries.open_granted(db, actor, movement, code)
    rows = [row for _, row in sorted(queries.waivers(db, movement, [code]).items())]
    return sliced(rows, limit, lambda row: queries.waiver_shown(db, row), lambda row: [row.node_code], after(cursor, 1))


@routes.put(
    "/movements/{movement}/units/{code}/waivers/{node}",
    operation_id="waivers_grant",
    summary="Miễn trừ một số lần của một mục, hoặc rút lại; If-Match là phiên bản đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION, granting.NotWaivable),
)
def waive(
    db: Writing, actor: Actor, movement: MovementPath, code: UnitPath, node: MarkNode, expected: ExpectedVersion, sent: WaiverIn
) -> WaiverOut:
    row = granting.waive(
        db,
        actor,
        movement=movement,
        unit=code,
        node=node,
        expected=expected,
        occurrences=sent.occurrences,
        document=sent.document,
        reason=sent.reason,
    )
    return queries.waiver_shown(db, row)


@routes.get(
    "/movements/{movement}/units/{code}/results",
    operation_id="results_list",
    summary="Kết quả của đơn vị ở các đánh giá khác",
    responses=documented(*READ),
)
def results(
    db: Reading, actor: Actor, movement: MovementPath, code: UnitPath, cursor: Cursor = None, limit: Limit = 50
) -> Listed[ResultOut]:
    queries.open_granted(db, actor, movement, code)
    rows = [row for _, row in sorted(queries.results(db, movement, [code]).items())]
    return sliced(rows, limit, ResultOut.model_validate, lambda row: [row.assessment_code], after(cursor, 1))


@routes.put(
    "/movements/{movement}/units/{code}/results/{assessment}",
    operation_id="results_record",
    summary="Ghi kết quả của đơn vị ở một đánh giá khác, hoặc rút lại; If-Match là phiên bản đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION),
)
def record_result(
    db: Writing, actor: Actor, movement: MovementPath, code: UnitPath, assessment: AssessmentPath, expected: ExpectedVersion, sent: ResultIn
) -> ResultOut:
    row = granting.record_result(db, actor, movement=movement, unit=code, assessment=assessment, expected=expected, fields=sent)
    return ResultOut.model_validate(row)
