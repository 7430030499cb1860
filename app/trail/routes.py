import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Header, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from app.audit.rules import Subject
from app.db import Reading
from app.errors import Invalid, NotSignedIn
from app.policy import Actor
from app.trail import queries
from app.trail.feed import Feed
from app.trail.schemas import ChangesOut, EntryOut, SubjectChangeOut, shown
from app.web import guard
from app.web.house import House, of
from app.web.page import Cursor, Limit, Listed, after, page
from app.web.problems import documented
from app.web.refusals import READ
from app.web.route import router, streamed

routes = router("trail")
BATCH = 200
HEARTBEAT_SECONDS = 15.0


@routes.get(
    "/history/{kind}/{subject:path}",
    operation_id="trail_history",
    summary="Ai đã làm gì với nội dung này, mới nhất trước",
    responses=documented(*READ),
)
def history(
    db: Reading,
    actor: Actor,
    kind: Annotated[str, Path(pattern=r"^[a-z_]{1,32}$", examples=["submission"])],
    subject: Annotated[str, Path(pattern=r"^[a-z0-9./-]{1,160}$")],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[EntryOut]:
    key = after(cursor, 1)
    if key is not None and not (key[0].isascii() and key[0].isdigit() and len(key[0]) < 19):  # noqa: PLR2004
        raise Invalid("query:cursor", "wrong-form")
    rows = queries.history(db, actor, Subject(kind, subject), None if key is None else int(key[0]), limit)
    return page(rows, limit, shown, lambda entry: [str(entry.seq)])


@routes.get(
    "/changes",
    operation_id="trail_changes",
    summary="Những gì đã thay đổi sau một vị trí, trong phạm vi của tôi: để máy ở vùng mạng yếu chỉ tải phần mới",
    responses=documented(*READ),
)
def changes(
    db: Reading,
    actor: Actor,
    since: Annotated[int, Query(ge=0, le=2**53, description="`position` của lần đọc trước, hoặc Thidua-Trail-Position")],
    limit: Limit = 200,
) -> ChangesOut:
    found = queries.changes(db, actor, since, limit)
    items = [
        SubjectChangeOut(
            kind=entry.subject_kind,
            id=entry.subject_id,
            seq=entry.seq,
            verb=entry.verb,
            gone=Subject(entry.subject_kind, entry.subject_id) in found.gone,
        )
        for entry in found.changed
    ]
    return ChangesOut(position=found.position, more=found.has_more, reset=found.reset, items=items)


@routes.get(
    "/events",
    operation_id="trail_events",
    summary="Dòng sự kiện trực tiếp (SSE)",
    responses=documented(*READ),
    response_class=StreamingResponse,
)
@streamed
async def events(
    request: Request,
    since: Annotated[int | None, Query(ge=0, le=2**53, description="Bắt đầu sau vị trí này; mặc định từ hiện tại")] = None,
    last_event_id: Annotated[str | None, Header(pattern=r"^[0-9]{0,16}$")] = None,
) -> StreamingResponse:
    start = int(last_event_id) if last_event_id else since
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(request, start), media_type="text/event-stream", headers=headers)


async def _stream(request: Request, start: int | None) -> AsyncIterator[str]:
    """Entries in order; those outside the reader's reach arrive as `withheld`, so the count has no holes."""
    house, feed = of(request), feed_of(request)
    position = await house.head.position() if start is None else start
    yield "retry: 2000\n: ok\n\n"
    while not feed.is_closing:
        if await feed.newer_than(position, HEARTBEAT_SECONDS) <= position:
            yield ": still here\n\n"
            continue
        try:
            batch = await run_in_threadpool(_batch, house, request, position)
        except NotSignedIn:
            return
        for seq, text in batch:
            position = seq
            yield text
        await asyncio.sleep(0)


def _batch(house: House, request: Request, position: int) -> list[tuple[int, str]]:
    """Signed in anew each time: a revoked key ends its stream."""
    with house.database.reading(house.admission()) as session:
        sees = queries.sight(session, guard.actor(request, session))
        return [(entry.seq, _event(entry.seq, shown(entry) if sees(entry) else None)) for entry in queries.events(session, position, BATCH)]


def _event(seq: int, entry: EntryOut | None) -> str:
    kind = "withheld" if entry is None else entry.verb
    data = json.dumps({"seq": seq}) if entry is None else entry.model_dump_json()
    return f"id: {seq}\nevent: {kind}\ndata: {data}\n\n"


def feed_of(request: Request) -> Feed:
    feed: Feed = request.app.state.feed
    return feed
