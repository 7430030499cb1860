import json
from typing import Annotated, Any

from fastapi import Body, Path

from app.db import Reading, Writing
from app.movements.routes import MovementPath
from app.policy import Actor
from app.rulebooks import actions, queries
from app.rulebooks.schemas import RulebookAdoptionIn, RulebookAdoptionOut, RulebookDocumentOut, RulebookOut
from app.web.page import Listed
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import router
from app.wire import Code

routes = router("rulebooks")
RulebookPath = Annotated[Code, Path(description="Mã bảng tiêu chí / rulebook code", examples=["cau-giay-25"])]
VersionPath = Annotated[int, Path(ge=1, le=10_000)]


@routes.get("/rulebooks", operation_id="rulebooks_list", summary="Các bảng tiêu chí", responses=documented(*READ))
def rulebooks(db: Reading, actor: Actor) -> Listed[RulebookOut]:
    return Listed(items=[RulebookOut.model_validate(row) for row in queries.table(db, actor)])


@routes.post(
    "/rulebooks",
    operation_id="rulebooks_write",
    status_code=201,
    summary="Ghi một phiên bản bảng tiêu chí",
    responses=documented(*WRITE, actions.FaultyRulebook, actions.VersionTaken),
)
def write(db: Writing, actor: Actor, sent: Annotated[dict[str, Any], Body()]) -> RulebookOut:
    return RulebookOut.model_validate(actions.write(db, actor, document=sent))


@routes.get(
    "/rulebooks/{code}/versions/{version}",
    operation_id="rulebooks_show",
    summary="Một phiên bản bảng tiêu chí",
    responses=documented(*READ),
)
def rulebook(db: Reading, actor: Actor, code: RulebookPath, version: VersionPath) -> RulebookDocumentOut:
    row = queries.open_rulebook(db, code, version)
    return RulebookDocumentOut.model_validate({**row.model_dump(), "document": json.loads(row.document)})


@routes.post(
    "/movements/{movement}/rulebooks",
    operation_id="rulebooks_adopt",
    status_code=201,
    summary="Ban hành bảng tiêu chí cho phong trào hoặc một cụm",
    responses=documented(*WRITE, actions.OwnRulebook),
)
def adopt(db: Writing, actor: Actor, movement: MovementPath, sent: RulebookAdoptionIn) -> RulebookAdoptionOut:
    row = actions.adopt(
        db,
        actor,
        movement=movement,
        cluster=sent.cluster,
        code=sent.rulebook,
        version=sent.version,
        effective_from=sent.effective_from,
    )
    return RulebookAdoptionOut.model_validate(row)
