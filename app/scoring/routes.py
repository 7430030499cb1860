from typing import Annotated, Any

from fastapi import Query
from pydantic import AwareDatetime

from app.db import Reading
from app.marks.routes import MarkNode
from app.marks.schemas import WHOLE
from app.movements.routes import MovementPath
from app.policy import Actor
from app.scoring import comparison, desk, sheets
from app.scoring.engine.facts import View
from app.scoring.queries import moment
from app.scoring.schemas import CriterionOut, DeskOut, DifferencesOut, SheetOut
from app.units.routes import UnitPath
from app.web.page import Cursor, Limit, Listed, after, sliced
from app.web.problems import documented
from app.web.refusals import READ
from app.web.route import router
from app.web.texts import Language
from app.wire import FIRST_INSTANT, LAST_INSTANT, Day

routes = router("scoring")
AsOf = Annotated[
    AwareDatetime | None,
    Query(ge=FIRST_INSTANT, le=LAST_INSTANT, description="Thế giới như đã ghi nhận vào lúc này", examples=["2022-06-01T00:00:00+07:00"]),
]
Until = Annotated[Day | None, Query(description="Chỉ tính đến hết ngày này")]


@routes.get(
    "/movements/{movement}/units/{code}/sheet",
    operation_id="scoring_sheet",
    summary="Bảng điểm của một đơn vị: vì sao có con số này",
    responses=documented(*READ),
)
def sheet(
    db: Reading,
    actor: Actor,
    language: Language,
    movement: MovementPath,
    code: UnitPath,
    as_of: AsOf = None,
    until: Until = None,
    view: View = View.DECIDED,
) -> SheetOut:
    when = moment(db, as_of, until)
    return sheets.worded(db, sheets.open_sheet(db, actor, movement, code, when, view), language)


@routes.get(
    "/movements/{movement}/units/{code}/facts",
    operation_id="scoring_facts",
    summary="Số liệu của một đơn vị dưới dạng tệp số liệu: chấm lại được bằng thidua score",
    responses=documented(*READ),
)
def unit_facts(
    db: Reading, actor: Actor, movement: MovementPath, code: UnitPath, as_of: AsOf = None, until: Until = None
) -> dict[str, Any]:
    return sheets.facts_file(db, actor, movement, code, moment(db, as_of, until))


@routes.get(
    "/movements/{movement}/units/{code}/sheet/differences",
    operation_id="scoring_differences",
    summary="Hai cách xem của một bảng điểm khác nhau ở đâu, vì sao",
    responses=documented(*READ),
)
def sheet_differences(
    db: Reading,
    actor: Actor,
    language: Language,
    movement: MovementPath,
    code: UnitPath,
    as_of: AsOf = None,
    until: Until = None,
    view: View = View.CLAIMED,
    other: View = View.DECIDED,
) -> DifferencesOut:
    return comparison.compared(db, actor, movement, code, moment(db, as_of, until), (view, other), language)


@routes.get(
    "/movements/{movement}/desk",
    operation_id="scoring_criteria",
    summary="Các tiêu chí tôi thẩm định, và đã thẩm định đến đâu",
    responses=documented(*READ),
)
def criteria(
    db: Reading, actor: Actor, language: Language, movement: MovementPath, cursor: Cursor = None, limit: Limit = 50
) -> Listed[CriterionOut]:
    rows = desk.criteria(db, actor, movement, language)
    return sliced(rows, limit, lambda row: row, lambda row: [row.node], after(cursor, 1))


@routes.get(
    "/movements/{movement}/desk/{node}",
    operation_id="scoring_desk",
    summary="Bàn thẩm định: một tiêu chí, mọi đơn vị tôi thẩm định, căn cứ và điểm dự thảo",
    responses=documented(*READ),
)
def criterion(
    db: Reading, actor: Actor, language: Language, movement: MovementPath, node: MarkNode, cursor: Cursor = None, limit: Limit = 50
) -> DeskOut:
    found = desk.open_desk(db, actor, movement, "" if node == WHOLE else node)
    part = sliced(list(found.appraised), limit, lambda unit: unit, lambda unit: [unit], after(cursor, 1))
    return desk.worded(db, actor, found, part.items, language).model_copy(update={"next": part.next})
