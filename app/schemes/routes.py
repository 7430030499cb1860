from typing import Annotated

from fastapi import Query

from app.db import Reading, Writing
from app.movements.queries import open_shown
from app.movements.routes import MovementPath
from app.policy import Action, Actor
from app.schemes import actions, queries
from app.schemes.schemas import AwardSchemeIn, AwardSchemeOut
from app.schemes.schemas_law import LegalFactsOut
from app.web.preconditions import ExpectedVersion
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION
from app.web.route import router

routes = router("schemes")


@routes.get(
    "/movements/{movement}/award-scheme",
    operation_id="schemes_show",
    summary="Quy định khen thưởng của phong trào: hình thức, điều kiện, hạn mức, hồ sơ",
    responses=documented(*READ),
)
def scheme(
    db: Reading, actor: Actor, movement: MovementPath, version: Annotated[int | None, Query(ge=1, le=100_000)] = None
) -> AwardSchemeOut:
    open_shown(db, actor, movement)
    return queries.shown(queries.open_scheme(db, actor, movement, version)[0])


@routes.put(
    "/movements/{movement}/award-scheme",
    operation_id="schemes_lay_down",
    summary="Ban hành hoặc sửa quy định khen thưởng; If-Match là phiên bản đã đọc, 0 khi chưa có",
    responses=documented(*TRANSITION),
)
def lay_down(db: Writing, actor: Actor, movement: MovementPath, expected: ExpectedVersion, sent: AwardSchemeIn) -> AwardSchemeOut:
    """Hồ sơ đã nộp giữ phiên bản cũ."""
    return queries.shown(actions.lay_down(db, actor, movement=movement, expected=expected, sent=sent))


@routes.get(
    "/legal-facts",
    operation_id="schemes_legal_facts",
    summary="Tên loại hình khen thưởng, mức lương cơ sở và các ngưỡng đã thấy, theo thời điểm, kèm nguồn",
    responses=documented(*READ),
)
def legal_facts(db: Reading, actor: Actor) -> LegalFactsOut:
    """Dữ liệu đi kèm phần mềm, chưa đối chiếu với văn bản gốc."""
    actor.require(Action.FACT_READ)
    return queries.legal_facts()
