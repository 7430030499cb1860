"""What strangers read: publications and nothing else, the same bytes for everybody."""

from fastapi import Request
from starlette.responses import FileResponse

from app.db import Reading
from app.movements.routes import MovementPath
from app.publishing import queries
from app.publishing.routes import NumberPath, proven, sent_whole, told
from app.publishing.rules import Edition
from app.publishing.schemas import ProvenOut, PublicationOut, PublishedResultOut
from app.units.routes import UnitPath
from app.web.page import Listed
from app.web.problems import documented
from app.web.refusals import OPEN
from app.web.route import Rendered, router

routes = router("publishing")


@routes.get(
    "/public/movements/{movement}/publications",
    operation_id="public_list",
    summary="Các lần công bố kết quả, cho mọi người",
    responses=documented(*OPEN),
)
def public_publications(db: Reading, movement: MovementPath) -> Listed[PublicationOut]:
    queries.check_public(db, movement)
    return Listed(items=queries.table(db, None, movement))


@routes.get(
    "/public/movements/{movement}/publications/{number}",
    operation_id="public_result",
    summary="Kết quả của một lần công bố, cho mọi người",
    response_model=PublishedResultOut,
    responses=documented(*OPEN),
)
def public_result(request: Request, db: Reading, movement: MovementPath, number: NumberPath) -> Rendered:
    queries.check_public(db, movement)
    return told(request, queries.open_edition(db, movement, number, Edition.PUBLIC), number)


@routes.get(
    "/public/movements/{movement}/publications/{number}/units/{code}",
    operation_id="public_unit",
    summary="Kết quả của một đơn vị trong một lần công bố, cho mọi người",
    responses=documented(*OPEN),
)
def public_unit(request: Request, db: Reading, movement: MovementPath, number: NumberPath, code: UnitPath) -> ProvenOut:
    queries.check_public(db, movement)
    return proven(request, queries.open_edition(db, movement, number, Edition.PUBLIC), code)


@routes.get(
    "/public/movements/{movement}/publications/{number}/bundle",
    operation_id="public_bundle",
    summary="Gói kết quả để ai cũng tự tính lại được",
    response_class=FileResponse,
    responses=documented(*OPEN),
)
def public_whole(request: Request, db: Reading, movement: MovementPath, number: NumberPath) -> FileResponse:
    queries.check_public(db, movement)
    return sent_whole(request, queries.open_edition(db, movement, number, Edition.PUBLIC), f"{movement}-{number}")
