from typing import Annotated

from fastapi import Path

from app.db import Reading, Writing
from app.marks import actions, queries
from app.marks.rules import MarkStage
from app.marks.schemas import WHOLE, MarkIn, MarkOut, NodePath
from app.movements.routes import MovementPath
from app.policy import Actor
from app.units.routes import UnitPath
from app.web.page import Cursor, Limit, Listed, after, sliced
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION
from app.web.route import router

routes = router("marks")
MarkNode = Annotated[NodePath, Path(description="Mã mục của bảng tiêu chí; total là cả bảng", examples=["1.1"])]


@routes.get(
    "/movements/{movement}/units/{code}/marks",
    operation_id="marks_list",
    summary="Điểm chấm của một đơn vị, mới nhất theo từng mục và từng bước",
    responses=documented(*READ),
)
def marks(db: Reading, actor: Actor, movement: MovementPath, code: UnitPath, cursor: Cursor = None, limit: Limit = 50) -> Listed[MarkOut]:
    rows = queries.table(db, actor, movement, code)
    return sliced(rows, limit, lambda row: queries.shown(db, row), lambda row: [row.node_code, row.stage], after(cursor, 2))


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
    return queries.shown(db, row)
