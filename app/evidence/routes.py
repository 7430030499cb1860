from pathlib import Path
from typing import Annotated

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from app.db import Writing
from app.errors import Problem
from app.evidence import actions
from app.evidence.models import EvidenceFile
from app.evidence.rules import SUFFIXES, media_type
from app.evidence.schemas import EvidenceFileOut
from app.evidence.store import Draft, path_of
from app.policy import Action, Actor
from app.web import body
from app.web.house import House, of
from app.web.problems import documented
from app.web.refusals import WRITE
from app.web.route import received_by, router
from app.wire import Code

routes = router("evidence")


class UnknownKind(Problem):
    """Not a PDF, a JPEG, a PNG, a Word or an Excel file."""

    status, slug = 415, "unknown-kind"


def folder_of(house: House) -> Path:
    return house.settings.data_dir / "evidence"


def attachment(house: House, file: EvidenceFile, name: str) -> FileResponse:
    """A kept file, served as an attachment that no browser runs."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-cache",
    }
    path = path_of(folder_of(house), file.hash)
    return FileResponse(path, media_type=file.media_type, filename=name + SUFFIXES[file.media_type], headers=headers)


async def _store(request: Request) -> EvidenceFileOut:
    house = of(request)
    request.state.actor.require(Action.EVIDENCE_UPLOAD)
    draft = await run_in_threadpool(Draft, folder_of(house))
    try:
        await body.receive(request, house.settings, draft.take, house.settings.evidence_limit_bytes)
        kind = media_type(draft.head)
        if kind is None:
            raise UnknownKind
        digest = await run_in_threadpool(draft.keep)
    finally:
        await run_in_threadpool(draft.drop)
    return EvidenceFileOut(file=digest, size=draft.size, media_type=kind)


@routes.post(
    "/evidence",
    operation_id="evidence_upload",
    status_code=201,
    summary="Tải lên một tệp minh chứng; báo cáo trích dẫn tệp bằng mã băm",
    responses=documented(*WRITE, UnknownKind),
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
@received_by(_store)
def upload(request: Request, db: Writing, actor: Actor, unit: Annotated[Code, Query(description="Đơn vị giữ tệp")]) -> EvidenceFileOut:
    kept: EvidenceFileOut = request.state.received
    actions.hold(db, actor, unit=unit, file_hash=kept.file, size=kept.size, media_type=kept.media_type)
    return kept
