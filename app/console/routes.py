"""The first pages: read-only, over the same queries as the API. Strangers see the movement, never points."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse

from app import clock
from app.console.pages import language_of, shown
from app.db import Reading
from app.errors import NotFound
from app.followup import queries as followup
from app.followup import recorded
from app.followup.shown import request_shown, task_shown, update_shown
from app.movements import queries as movements
from app.movements.routes import timeline_of
from app.movements.rules import MovementState
from app.policy import Actor
from app.ranking.queries import Asked, read
from app.ranking.routes import worded
from app.ranking.schemas import ClusterStandingsOut
from app.scoring import sheets
from app.scoring.engine.facts import View
from app.scoring.queries import moment
from app.units.queries import all_units
from app.web import guard
from app.web.page import PAGE_LIMIT
from app.web.route import Route
from app.web.texts import Language, say
from app.wire import Code

routes = APIRouter(route_class=Route, include_in_schema=False)


@routes.get("/")
def front(request: Request, db: Reading) -> HTMLResponse:
    """The newest movement that is launched."""
    actor = guard.actor_if_any(request, db)
    launched = [seen for seen in movements.table(db) if seen.version.state is not MovementState.DRAFT]
    if not launched:
        return _message(request, actor, "no-movement")
    chosen = max(launched, key=lambda seen: (seen.version.launched_on, seen.movement.code))
    return _movement(request, db, actor, chosen.movement.code)


def _movement(request: Request, db: Session, actor: Actor | None, code: str) -> HTMLResponse:
    timeline = timeline_of(db, code, clock.today(db))
    table = None
    if actor is not None:
        asked = Asked(code)
        table = worded(asked, read(db, request.app.state.board, actor, asked), language_of(request))
    return shown(
        request,
        "movement.html",
        actor,
        timeline=timeline,
        ranking=table,
        share=_share,
        live=table is not None,
        position=table.position if table else 0,
        synthetic=timeline.synthetic,
    )


@routes.get("/movements/{movement}/units/{code}")
def unit(request: Request, db: Reading, movement: Annotated[Code, Path()], code: Annotated[Code, Path()]) -> HTMLResponse:
    actor = guard.actor_if_any(request, db)
    if actor is None:
        return _message(request, None, "signed-out", 401)
    try:
        opened = sheets.open_sheet(db, actor, movement, code, moment(db, None, None), View.DECIDED)
    except NotFound:
        return _message(request, actor, "not-found", 404)
    sheet = sheets.worded(db, opened, language_of(request))
    names = {found: row.name for found, row in all_units(db).items()}
    return shown(request, "sheet.html", actor, sheet=sheet, names=names, live=True, position=sheet.position, synthetic=sheet.synthetic)


@routes.get("/t/{plan}/{code}")
def task(request: Request, db: Reading, plan: Annotated[Code, Path()], code: Annotated[Code, Path()]) -> HTMLResponse:
    """The short link of a task. Who is signed out comes back to it after signing in."""
    actor = guard.actor_if_any(request, db)
    if actor is None:
        return _message(request, None, "signed-out-task", 401, come_back=True)
    try:
        parts = followup.open_parts(db, actor, plan, code)
    except NotFound:
        return _message(request, actor, "not-found", 404)
    names = {found: row.name for found, row in all_units(db).items()}
    said = [update_shown(db, row) for row in recorded.updates(db, plan, code, None, PAGE_LIMIT)]
    asked = [request_shown(db, one) for one in recorded.requests(db, plan, code)]
    found = task_shown(db, actor, parts)
    return shown(request, "task.html", actor, task=found, names=names, updates=said, requests=asked, synthetic=found.synthetic)


@routes.get("/sign-in")
def sign_in(request: Request, db: Reading) -> HTMLResponse:
    """The token stands after the #, which no server and no log sees; the script posts it once."""
    return _message(request, guard.actor_if_any(request, db), "sign-in-how", sign_in=True)


@routes.get("/docs")
def docs(request: Request, db: Reading) -> HTMLResponse:
    """The API's documentation, without a request to anywhere else."""
    tags: dict[str, list[dict[str, Any]]] = {}
    document = request.app.openapi()
    language = language_of(request)
    for path, operations in document["paths"].items():
        for method, said in operations.items():
            tags.setdefault(say(language, "chapters", said["tags"][0]), []).append(
                _operation(method, path, said, document["components"]["schemas"], language)
            )
    return shown(request, "docs.html", guard.actor_if_any(request, db), tags=tags)


def _operation(method: str, path: str, said: dict[str, Any], schemas: dict[str, Any], language: Language) -> dict[str, Any]:
    fine = say(language, "page", "answered")
    responses = [
        (status, fine if status.startswith("2") else answer.get("description", "")) for status, answer in said["responses"].items()
    ]
    body = _example(said, schemas)
    example = None if body is None else json.dumps(body, ensure_ascii=False, indent=1)
    return {
        "method": method,
        "path": path,
        "summary": said.get("summary", ""),
        "parameters": said.get("parameters", []),
        "responses": responses,
        "example": example,
    }


def _example(said: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """The first example of the body's schema, or of the first of its alternatives."""
    schema = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    for candidate in (schema, *schema.get("oneOf", []), *schema.get("anyOf", [])):
        examples = schemas.get(candidate.get("$ref", "").rpartition("/")[2], candidate).get("examples")
        if examples:
            return examples[0]
    return None


def nothing_here(request: Request) -> HTMLResponse:
    """For a browser that asks for a page which is not there; without a look at who asks."""
    return _message(request, None, "not-found", 404)


def _message(
    request: Request, actor: Actor | None, slug: str, status: int = 200, *, sign_in: bool = False, come_back: bool = False
) -> HTMLResponse:
    said = say(language_of(request), "page", slug)
    return shown(request, "message.html", actor, status, said=said, sign_in=sign_in, come_back=come_back)


def _share(points: str, table: ClusterStandingsOut) -> str:
    """The bar's length in per cent of the cluster's highest points, or of 100 where those are fewer."""
    most = max(100.0, *(float(row.points) for row in table.standings if row.points))
    return f"{max(0.0, float(points)) / most * 100:.1f}"
