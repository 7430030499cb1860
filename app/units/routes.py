from typing import Annotated

from fastapi import Path, Query

from app.db import Reading, Writing
from app.errors import CodeTaken
from app.policy import Action, Actor
from app.units import actions, queries
from app.units.models import UnitVersion
from app.units.rules import UnitKind
from app.units.schemas import ReorganisationIn, SuccessionOut, UnitFields, UnitIn, UnitOut
from app.web.page import Cursor, Limit, Listed, after, page, sliced
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import router
from app.wire import Code

routes = router("units")
UnitPath = Annotated[Code, Path(description="Mã đơn vị / unit code", examples=["dich-vong"])]


@routes.get("/units", operation_id="units_list", summary="Các đơn vị, theo thứ tự tiếng Việt", responses=documented(*READ))
def units(
    db: Reading,
    actor: Actor,
    search: Annotated[
        str | None, Query(max_length=100, pattern=r"^[^\x00-\x1f]*$", description="Không phân biệt dấu / accents do not matter")
    ] = None,
    kind: UnitKind | None = None,
    parent: Annotated[Code | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[UnitOut]:
    rows = queries.table(db, actor, search=search, kind=kind, parent=parent, after=after(cursor, 2), limit=limit)
    return page(rows, limit, UnitOut.model_validate, _key)


@routes.post("/units", operation_id="units_establish", status_code=201, summary="Thêm một đơn vị", responses=documented(*WRITE, CodeTaken))
def establish(db: Writing, actor: Actor, sent: UnitIn) -> UnitOut:
    return UnitOut.model_validate(actions.establish(db, actor, code=sent.code, fields=sent))


@routes.get("/units/{code}", operation_id="units_show", summary="Một đơn vị", responses=documented(*READ))
def unit(db: Reading, actor: Actor, code: UnitPath) -> UnitOut:
    return UnitOut.model_validate(queries.open_unit(db, actor, code))


@routes.put(
    "/units/{code}", operation_id="units_amend", summary="Sửa thông tin, đổi tên, đóng một đơn vị", responses=documented(*TRANSITION)
)
def amend(db: Writing, actor: Actor, code: UnitPath, expected: ExpectedVersion, sent: UnitFields) -> UnitOut:
    return UnitOut.model_validate(actions.amend(db, actor, code=code, expected=expected, fields=sent))


@routes.get("/unit-successions", operation_id="units_successions", summary="Đơn vị nào kế thừa đơn vị nào", responses=documented(*READ))
def successions(db: Reading, actor: Actor, cursor: Cursor = None, limit: Limit = 50) -> Listed[SuccessionOut]:
    actor.require(Action.FACT_READ)
    rows = queries.successions(db)
    return sliced(rows, limit, SuccessionOut.model_validate, lambda row: [row.from_code, row.to_code], after(cursor, 2))


@routes.post(
    "/unit-successions",
    operation_id="units_reorganise",
    status_code=201,
    summary="Sáp nhập, chia, tách đơn vị: đóng, mở và nối các đơn vị trong một lần",
    responses=documented(*WRITE, CodeTaken, actions.AlreadySucceeded),
)
def reorganise(db: Writing, actor: Actor, sent: ReorganisationIn) -> list[SuccessionOut]:
    return [SuccessionOut.model_validate(row) for row in actions.reorganise(db, actor, sent=sent)]


def _key(row: UnitVersion) -> list[str]:
    return [row.order_key, row.unit_code]
