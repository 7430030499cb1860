import json
from typing import Annotated, Any

from fastapi import Path, Query, Request
from sqlmodel import Session

from app.db import Reading, Writing
from app.movements.queries import open_shown
from app.movements.routes import MovementPath
from app.policy import Action, Actor
from app.rulebooks import actions, fit, queries
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.lint import warnings
from app.rulebooks.language.schema import Rulebook as Document
from app.rulebooks.schemas import EXAMPLE, RulebookAdoptionIn, RulebookAdoptionOut, RulebookDocumentOut, RulebookOut, WarningOut
from app.rulebooks.wording import warning
from app.web import body
from app.web.house import of
from app.web.page import Listed
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import prepared_by, received_by, router
from app.web.texts import Language
from app.wire import Code

routes = router("rulebooks")
RulebookPath = Annotated[Code, Path(description="Mã bảng tiêu chí / rulebook code", examples=["cau-giay-25"])]
VersionPath = Annotated[int, Path(ge=1, le=10_000)]


@routes.get("/rulebooks", operation_id="rulebooks_list", summary="Các bảng tiêu chí", responses=documented(*READ))
def rulebooks(db: Reading, actor: Actor) -> Listed[RulebookOut]:
    return Listed(items=[RulebookOut.model_validate(row) for row in queries.table(db, actor)])


async def _taken(request: Request) -> tuple[bytes, str]:
    """The bytes, and what they are said to be."""
    request.state.actor.require_everywhere(Action.RULEBOOK_WRITE)
    received, settings = bytearray(), of(request).settings
    await body.receive(request, settings, received.extend, settings.body_limit_bytes)
    return bytes(received), request.headers.get("content-type", "")


def _opened(_db: Session, request: Request) -> tuple[Document, Rulebook]:
    """Reading and checking half a thousand items takes its time, so it comes before the transaction."""
    raw, said = request.state.received
    return queries.opened_from(body.yaml_text(raw) if body.is_yaml(said) else body.parsed(raw, said))


@routes.post(
    "/rulebooks",
    operation_id="rulebooks_write",
    status_code=201,
    summary="Ghi một phiên bản bảng tiêu chí",
    responses=documented(*WRITE, queries.FaultyRulebook, actions.VersionTaken),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"type": "object", "examples": [EXAMPLE]}},
                "application/yaml": {"schema": {"type": "string"}},
            },
        }
    },
)
@received_by(_taken)
@prepared_by(_opened)
def write(request: Request, db: Writing, actor: Actor, prepared: tuple[Document, Rulebook]) -> RulebookOut:
    return RulebookOut.model_validate(actions.write(db, actor, document=prepared))


@routes.get(
    "/rulebooks/{code}/versions/{version}",
    operation_id="rulebooks_show",
    summary="Một phiên bản bảng tiêu chí",
    responses=documented(*READ),
)
def rulebook(db: Reading, actor: Actor, code: RulebookPath, version: VersionPath) -> RulebookDocumentOut:
    row = queries.open_rulebook(db, code, version)
    return RulebookDocumentOut.model_validate({**row.model_dump(), "document": json.loads(row.document)})


@routes.get(
    "/rulebooks/{code}/versions/{version}/warnings",
    operation_id="rulebooks_warnings",
    summary="Những điều cần đọc trước khi ban hành",
    responses=documented(*READ),
)
def warned(
    db: Reading,
    actor: Actor,
    language: Language,
    code: RulebookPath,
    version: VersionPath,
    movement: Annotated[Code | None, Query(description="Phong trào sẽ áp dụng: nêu thêm chỉ tiêu, sự việc chưa có ở đó")] = None,
) -> Listed[WarningOut]:
    rulebook = queries.opened(queries.open_rulebook(db, code, version).document)[1]
    found = warnings(rulebook) if movement is None else fit.warned(db, open_shown(db, actor, movement).movement.code, rulebook)
    return Listed(items=[WarningOut(warning=one.slug, path=one.path or "total", text=warning(one, language)) for one in found])


@routes.get("/rulebooks/schema", operation_id="rulebooks_schema", summary="JSON Schema của bảng tiêu chí", responses=documented(*READ))
def schema(actor: Actor) -> dict[str, Any]:
    return Document.model_json_schema()


@routes.post(
    "/movements/{movement}/rulebooks",
    operation_id="rulebooks_adopt",
    status_code=201,
    summary="Ban hành bảng tiêu chí cho phong trào hoặc một cụm",
    responses=documented(*WRITE, actions.OwnRulebook, actions.Unacknowledged),
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
        acknowledged=sent.acknowledged,
    )
    return RulebookAdoptionOut.model_validate({**row.model_dump(), "acknowledged": row.acknowledged.split()})
