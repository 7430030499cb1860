"""The write path and the read path: one route class that every feature's router uses.

body in → admission instant → gate → authenticate → BEGIN → idempotency → handler → seal → serialise → store → COMMIT → send.
A handler names what it wants: `db: Reading` or `db: Writing`, `actor`, `language`; the rest is FastAPI's.
"""

import functools
import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from sqlmodel import Session
from starlette.responses import Response

from app.audit import queries as audit
from app.db import Reading, Writing
from app.errors import Problem
from app.web import body as bodies
from app.web import guard, idempotency, preconditions
from app.web.house import House, of
from app.web.texts import preferred

Handler = Callable[..., Any]
POSITION_HEADER = "Thidua-Trail-Position"
VARY = "Authorization, Cookie, Accept-Language, Accept-Encoding"
_OURS = ("db", "actor", "language")


@dataclass(frozen=True)
class Rendered:
    """An answer whose bytes a handler had at hand; the route declares its model as `response_model`."""

    body: bytes
    version: int


class _Received(Request):
    """A request whose body is already in, checked and parsed."""

    def __init__(self, request: Request, raw: bytes, value: Any) -> None:
        super().__init__(request.scope, request.receive)
        self._body = raw
        self._json = value


class Route(APIRoute):
    def __init__(self, path: str, endpoint: Handler, **options: Any) -> None:
        self.is_streamed = getattr(endpoint, "is_streamed", False)
        super().__init__(path, endpoint if self.is_streamed else _bound(endpoint, options.get("status_code") or 200), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answered = super().get_route_handler()
        wants = inspect.signature(inspect.unwrap(self.endpoint)).parameters

        async def stream(request: Request) -> Response:
            async with of(request).gate.entered():
                request.state.admission = of(request).admission()
                await run_in_threadpool(_admitted, request, b"", signed=True)
            return await answered(request)

        async def handle(request: Request) -> Response:
            house = of(request)
            receive = getattr(self.endpoint, "receive", None)
            raw = await (_body_of(request, house) if receive is None else _received_by(receive, request, house))
            request.state.admission = house.admission()
            request.state.language = preferred(request.headers.get("accept-language"))
            async with house.gate.entered():
                ready = await run_in_threadpool(_admitted, request, raw, signed="actor" in wants)
                return await answered(ready)

        return stream if self.is_streamed else handle


def router(tag: str) -> APIRouter:
    return APIRouter(prefix="/api/v1", tags=[tag], route_class=Route)


def streamed(endpoint: Handler) -> Handler:
    """An `async` endpoint that answers outside the gate, signed in before it starts and without a session of ours."""
    endpoint.is_streamed = True  # type: ignore[attr-defined]
    return endpoint


def received_by(receive: Handler) -> Callable[[Handler], Handler]:
    """Let `await receive(request)` take a body that is not JSON, outside the gate; its result is `request.state.received`."""

    def mark(endpoint: Handler) -> Handler:
        endpoint.receive = receive  # type: ignore[attr-defined]
        return endpoint

    return mark


def prepared_by(prepare: Handler) -> Callable[[Handler], Handler]:
    """Let `prepare(db: Reading, actor, **fields)` do the slow part before BEGIN; its result arrives as `prepared`."""

    def mark(endpoint: Handler) -> Handler:
        endpoint.prepare = prepare  # type: ignore[attr-defined]
        return endpoint

    return mark


async def _body_of(request: Request, house: House) -> bytes:
    received = bytearray()
    await bodies.receive(request, house.settings, received.extend, house.settings.body_limit_bytes)
    return bytes(received)


async def _received_by(receive: Handler, request: Request, house: House) -> bytes:
    """Signed in before the first byte is taken: strangers fill no disk."""
    request.state.admission = house.admission()
    async with house.gate.entered():
        await run_in_threadpool(_admitted, request, b"", signed=True)
    request.state.received = await receive(request)
    request.state.fingerprint = repr(request.state.received).encode()
    return b""


def _admitted(request: Request, raw: bytes, signed: bool) -> Request:
    if signed:
        with of(request).database.reading(request.state.admission) as session:
            request.state.actor = guard.actor(request, session)
    value = bodies.parsed(raw, request.headers.get("content-type", "")) if raw else None
    request.state.sent = value
    return _Received(request, raw, value)


def _bound(endpoint: Handler, status: int) -> Handler:
    """The endpoint with its session, actor and transaction supplied; its signature keeps what the wire supplies."""
    signature = inspect.signature(endpoint, eval_str=True)
    ours = [name for name in _OURS if name in signature.parameters]
    kept = [p for name, p in signature.parameters.items() if name not in (*_OURS, "prepared", "request")]
    request_parameter = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    writes = signature.parameters["db"].annotation == Writing if "db" in ours else False
    assert writes or "db" not in ours or signature.parameters["db"].annotation == Reading
    answers_bytes = inspect.isclass(signature.return_annotation) and issubclass(signature.return_annotation, Response)
    serialise = TypeAdapter(None if answers_bytes else signature.return_annotation).dump_json

    @functools.wraps(endpoint)
    def call(request: Request, **fields: Any) -> Response:
        if "request" in signature.parameters:
            fields["request"] = request
        given = {name: getattr(request.state, name) for name in ours if name != "db"}
        run = _written if writes else _read
        return run(request, functools.partial(endpoint, **given), fields, serialise, status)

    call.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in kept), request_parameter]
    )
    return call


def _read(request: Request, handler: Handler, fields: dict[str, Any], serialise: Handler, status: int) -> Response:
    with of(request).database.reading(request.state.admission) as session:
        answer = handler(db=session, **fields) if _takes_db(handler) else handler(**fields)
        if isinstance(answer, Response):
            return answer
        position = audit.position(session)
    response = _rendered(answer, serialise, status, position if hasattr(request.state, "actor") else None)
    if preconditions.is_match(request.headers.get("if-none-match"), response.headers["ETag"]):
        return Response(status_code=304, headers={k: v for k, v in response.headers.items() if k not in {"content-length", "content-type"}})
    return response


def _written(request: Request, handler: Handler, fields: dict[str, Any], serialise: Handler, status: int) -> Response:
    house, actor = of(request), getattr(request.state, "actor", None)
    call = idempotency.keyed(request, actor, _fingerprint(request))
    prepare = getattr(inspect.unwrap(getattr(handler, "func", handler)), "prepare", None)
    if prepare is not None:
        with house.database.reading(request.state.admission) as session:
            known, offered = inspect.signature(prepare).parameters, {**fields, "actor": actor}
            fields["prepared"] = prepare(session, **{name: value for name, value in offered.items() if name in known})

    def work(session: Session) -> Response | Problem:
        try:
            answer = handler(db=session, **fields)
        except Problem as refusal:
            if refusal.leaves_a_mark:
                return refusal
            _undo(session)
            if call and (stored := idempotency.earlier(session, call)):
                return stored
            raise
        _sealed(house, session)
        response = _acknowledged(session, answer, serialise, status)
        if call and not idempotency.keep(session, call, response, secret=getattr(answer, "shows_secret", False)):
            _undo(session)
            return idempotency.earlier(session, call) or work(session)  # swept in between: nothing is stored any more
        return response

    outcome = house.database.write(request.state.admission, work)
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def _sealed(house: House, session: Session) -> None:
    """What was only tried (`undone`) leaves nothing: no row, no entry."""
    if session.info.pop("undone", False):
        _undo(session)
    house.database.seal(session)


def _undo(session: Session) -> None:
    session.rollback()
    for name in ("queued", "position", "receipt"):
        session.info.pop(name, None)


def _acknowledged(session: Session, answer: Any, serialise: Handler, status: int) -> Response:
    """The answer to a write, with the receipt of what it recorded."""
    response = answer if isinstance(answer, Response) else _rendered(answer, serialise, status, session.info.get("position"))
    if "receipt" in session.info:
        response.headers[idempotency.RECEIPT] = session.info["receipt"]
    return response


def _fingerprint(request: Request) -> bytes:
    """What was sent, to tell a repeated call from another one under the same key."""
    taken: bytes | None = getattr(request.state, "fingerprint", None)
    return request._body if taken is None else taken  # noqa: SLF001 - set by _Received


def _takes_db(handler: Handler) -> bool:
    return "db" in inspect.signature(handler).parameters


def _rendered(answer: Any, serialise: Handler, status: int, position: int | None) -> Response:
    body = answer.body if isinstance(answer, Rendered) else (b"" if answer is None else serialise(answer))
    headers = {"Vary": VARY, "Cache-Control": "private, no-cache"}
    if body:
        headers["ETag"] = preconditions.etag(preconditions.version_of(answer), body)
    if position is not None:
        headers[POSITION_HEADER] = str(position)
    return Response(body, status, headers, "application/json" if body else None)
