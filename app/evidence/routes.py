import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

from fastapi import Path as InPath
from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from app.db import Reading, Writing
from app.errors import Busy, Invalid, NotFound, Problem
from app.evidence import actions, queries
from app.evidence.examining import REFUSALS, SCANNER_SECONDS, Examined, examined
from app.evidence.models import EvidenceFile
from app.evidence.rules import SUFFIXES, Secrecy, is_picture
from app.evidence.schemas import EvidenceFileOut, HeldFileOut
from app.evidence.store import Draft, keep, path_of
from app.policy import Action, Actor
from app.web import body
from app.web.house import House, of
from app.web.page import Cursor, Limit, Listed, last_id, page
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import received_by, router
from app.wire import Code, Digest

routes = router("evidence")
_TURNS, _WAIT_SECONDS = 2, 50
"""So many files are examined at a time, in threads of their own: a picture may take 25 seconds and a gigabyte before it is stopped."""
_examiners = ThreadPoolExecutor(_TURNS, thread_name_prefix="evidence")


class StateSecret(Problem):
    """Declared to bear a level of secrecy: it may not enter this service at all."""

    status, slug = 422, "state-secret"


def folder_of(house: House) -> Path:
    return house.settings.data_dir / "evidence"


def thumbnails_of(house: House) -> Path:
    return house.settings.data_dir / "thumbnails"


def attachment(house: House, file: EvidenceFile, name: str) -> FileResponse:
    """A kept file, served as an attachment that no browser runs."""
    path = path_of(folder_of(house), file.hash)
    if not path.exists():
        raise NotFound
    return FileResponse(path, media_type=file.media_type, filename=name + SUFFIXES[file.media_type], headers=_HARMLESS)


def thumbnail(house: House, file: EvidenceFile) -> FileResponse:
    """The small picture (JPEG, at most 480 points a side) beside a photograph; `NotFound` where there is none."""
    path = path_of(thumbnails_of(house), file.hash)
    if not is_picture(file.media_type) or not path.exists():
        raise NotFound
    return FileResponse(path, media_type="image/jpeg", headers=_HARMLESS)


_HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-cache",
}


async def _store(request: Request) -> EvidenceFileOut:
    """What is refused for who sends it, or for what it is declared to be, is refused before a byte of it is taken."""
    house, unit = of(request), request.query_params.get("unit")
    request.state.actor.require(Action.EVIDENCE_UPLOAD, unit)
    _check_declared(request.query_params.get("secrecy"))
    draft = await run_in_threadpool(Draft, folder_of(house))
    try:
        await body.receive(request, house.settings, draft.take, house.settings.evidence_limit_bytes)
        sent = draft.end()
        return await run_in_threadpool(_known, request, unit, sent) or await _kept(house, draft, sent)
    finally:
        await run_in_threadpool(draft.drop)


def _check_declared(secrecy: str | None) -> None:
    if secrecy not in set(Secrecy):
        raise Invalid("query:secrecy", "missing" if secrecy is None else "not-a-choice")
    if secrecy != Secrecy.NONE:
        raise StateSecret


def _known(request: Request, unit: str | None, sent: str) -> EvidenceFileOut | None:
    """What was made of it before, so that the same photograph sent again is the same file."""
    house = of(request)
    with house.database.reading(request.state.admission) as session:
        file = queries.kept_of(session, str(unit), sent)
    if file is None or not path_of(folder_of(house), file.hash).exists():
        return None
    return EvidenceFileOut(file=file.hash, sent=sent, size=file.size, media_type=file.media_type)


async def _kept(house: House, draft: Draft, sent: str) -> EvidenceFileOut:
    looked_at = asyncio.get_running_loop().run_in_executor(_examiners, examined, draft, sent, house.settings.scanner)
    try:
        async with asyncio.timeout(_WAIT_SECONDS + (SCANNER_SECONDS if house.settings.scanner else 0)):
            found = await looked_at
    except TimeoutError:
        raise Busy from None
    size = found.path.stat().st_size
    await run_in_threadpool(_keep, house, found)
    return EvidenceFileOut(file=found.digest, sent=sent, size=size, media_type=found.media_type)


def _keep(house: House, found: Examined) -> None:
    if found.thumbnail is not None:
        keep(thumbnails_of(house), found.thumbnail, found.digest)
    keep(folder_of(house), found.path, found.digest)


@routes.post(
    "/evidence",
    operation_id="evidence_upload",
    status_code=201,
    summary="Tải lên một tệp minh chứng; báo cáo trích dẫn tệp bằng mã băm. Không tải lên tài liệu mật",
    responses=documented(*WRITE, StateSecret, *REFUSALS),
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
@received_by(_store)
def upload(
    request: Request,
    db: Writing,
    actor: Actor,
    unit: Annotated[Code, Query(description="Đơn vị giữ tệp")],
    secrecy: Annotated[Secrecy, Query(description="Người gửi khai độ mật của tệp; chỉ nhận tệp không mật")],
) -> EvidenceFileOut:
    kept: EvidenceFileOut = request.state.received
    actions.hold(db, actor, unit=unit, kept=kept)
    return kept


@routes.get(
    "/units/{code}/evidence",
    operation_id="evidence_list",
    summary="Tệp minh chứng mà một đơn vị giữ, mới nhất trước; hỏi theo mã băm để biết tệp đã tới nơi chưa",
    responses=documented(*READ),
)
def held(
    db: Reading,
    actor: Actor,
    code: Annotated[Code, InPath(description="Mã đơn vị / unit code", examples=["dich-vong"])],
    file: Annotated[Digest | None, Query(description="SHA-256 của tệp, như đã gửi hoặc như được giữ")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[HeldFileOut]:
    rows = queries.table(db, actor, code, file, last_id(cursor), limit)
    return page(rows, limit, _shown, lambda row: [str(row[0].entry_id)])


def _shown(row: queries.Held) -> HeldFileOut:
    holding, file, at = row
    return HeldFileOut(file=file.hash, sent=holding.sent_hash or file.hash, size=file.size, media_type=file.media_type, at=at)
