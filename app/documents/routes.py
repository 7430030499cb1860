"""Workbooks: a table of a plan leaves as one, comes back as one, and is tried before it is recorded."""

import asyncio
import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.collector import resting
from app.db import Reading, Writing
from app.documents import feed, importing, queries, workbook
from app.documents.importing import Outcome
from app.documents.lines import lines
from app.documents.rules import ImportStage, LineState, TableKind
from app.documents.schemas import CellProblemOut, ImportedLineOut, ImportOut, ImportProgressOut
from app.documents.underway import Tell, told, underway
from app.documents.workbook import Grid, NotAWorkbook, WorkbookTooLarge
from app.errors import Busy, NotFound, Problem
from app.movements.queries import open_shown
from app.plans.queries import PlanClosed, open_plan
from app.plans.routes import PlanPath
from app.policy import Action, Actor
from app.units.queries import unit_as_it_stands
from app.units.routes import UnitPath
from app.web import body
from app.web.house import of
from app.web.idempotency import key_of
from app.web.problems import LineProblem, documented, malformed_line, of_line
from app.web.refusals import READ, WRITE
from app.web.route import received_by, router
from app.web.texts import Language, catalogue, say
from app.wire import Code

routes = router("documents")
WORKBOOK_LIMIT = 20_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOLD = 200
TablePath = Annotated[TableKind, Path(description="Loại bảng / kind of table")]
PlanQuery = Annotated[Code | None, Query(description="Mã kế hoạch; không cần với bảng đơn vị, cá nhân", examples=["kt-xh-2022"])]
MovementQuery = Annotated[Code | None, Query(description="Mã phong trào, với danh sách cá nhân đề nghị khen thưởng")]


class ImportRefused(Problem):
    """Cells are wrong; nothing was recorded."""

    status, slug = 422, "import-refused"


@dataclass(frozen=True)
class _Received:
    grids: list[Grid]
    digest: str

    def __repr__(self) -> str:
        """What tells one file from another under one Idempotency-Key."""
        return self.digest


_MAY = {
    TableKind.UNITS: Action.UNIT_MANAGE,
    TableKind.TARGETS: Action.INDICATOR_ASSIGN,
    TableKind.TASKS: Action.TASK_ASSIGN,
    TableKind.REPORTS: Action.PROGRESS_SUBMIT,
    TableKind.NOMINEES: Action.NOMINATION_SEND,
}
_TURNS = 2
"""So many files are read at a time, in threads of their own: each may take ten seconds and a gigabyte before it is stopped."""
_WAIT_SECONDS = 20
_readers = ThreadPoolExecutor(_TURNS, thread_name_prefix="workbook")


async def _read(request: Request) -> _Received:
    """For whoever may record such lines at all; others take nobody's time."""
    kind = request.path_params["kind"]
    if kind in set(TableKind):
        request.state.actor.require(_MAY[TableKind(kind)])
    kept = bytearray()
    await body.receive(request, of(request).settings, kept.extend, WORKBOOK_LIMIT)
    grids = asyncio.get_running_loop().run_in_executor(_readers, workbook.opened, bytes(kept))
    with _underway(request) as tell:
        tell(ImportStage.READING, 0, 0)
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                return _Received(await grids, hashlib.sha256(kept).hexdigest())
        except TimeoutError:
            raise Busy from None


def _underway(request: Request) -> AbstractContextManager[Tell]:
    return underway(of(request).settings.data_dir, request.state.actor.id, key_of(request))


@routes.get(
    "/workbooks/progress",
    operation_id="documents_import_progress",
    summary="Một lần nhập bảng đang chạy đã đến đâu, theo Idempotency-Key của lần gửi",
    responses=documented(*READ),
)
def progress(request: Request, actor: Actor, key: Annotated[str, Query(min_length=1, max_length=128)]) -> ImportProgressOut:
    found = told(of(request).settings.data_dir, actor.id, key)
    if found is None:
        raise NotFound
    return ImportProgressOut.model_validate(found._asdict())


@routes.get(
    "/workbooks/{kind}",
    operation_id="documents_workbook",
    summary="Bảng tính của một bảng trong phạm vi của tôi, hoặc mẫu trống để điền",
    responses=documented(*READ),
    response_class=Response,
)
def exported(
    db: Reading,
    actor: Actor,
    language: Language,
    kind: TablePath,
    plan: PlanQuery = None,
    movement: MovementQuery = None,
    empty: Annotated[bool, Query(description="Chỉ lấy mẫu")] = False,
) -> Response:
    if plan is not None:
        open_plan(db, plan)
    if movement is not None:
        open_shown(db, actor, movement)
    queries.check_where(kind, plan, movement)
    actor.require(Action.FACT_READ)
    found = queries.EMPTY if empty else queries.filled(db, actor, kind, plan, language, movement)
    heads, words = queries.headings(db, kind, plan, language, movement), catalogue(language)
    titles = [words["workbooks"]["synthetic"]] if found.is_synthetic else []
    content = workbook.written(words["workbooks"]["names"][kind], heads, iter(found.rows), titles)
    headers = {
        "Content-Disposition": f'attachment; filename="{kind}.xlsx"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=XLSX, headers=headers)


@routes.post(
    "/workbooks/{kind}",
    operation_id="documents_import",
    summary="Nhập một bảng tính: chạy thử trước, ghi nhận khi apply=true; tất cả hoặc không",
    responses=documented(*WRITE, NotAWorkbook, WorkbookTooLarge, ImportRefused, PlanClosed),
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
@received_by(_read)
def imported(
    request: Request,
    db: Writing,
    actor: Actor,
    language: Language,
    kind: TablePath,
    plan: PlanQuery = None,
    movement: MovementQuery = None,
    apply: Annotated[bool, Query(description="Ghi nhận; mặc định chỉ chạy thử")] = False,
    synthetic: Annotated[bool, Query(description="Các dòng là dữ liệu minh họa")] = False,
    confirmed: Annotated[bool, Query(description="Báo cáo: các số khác thường đã được kiểm tra")] = False,
) -> ImportOut:
    queries.check_where(kind, plan, movement)
    if movement is not None:
        open_shown(db, actor, movement)
    said = importing.Said(synthetic, confirmed)
    db.info["undone"] = not apply
    with _underway(request) as tell, resting(for_long=True):
        read = lines(kind, request.state.received.grids, queries.names(db, plan, movement))
        outcomes = importing.put_in(db, actor, kind=kind, plan=movement or plan or "", lines=read.lines, said=said, tell=tell)
    wrong = [problem for outcome in outcomes for problem in _problems(outcome, language)]
    if apply and wrong:
        raise ImportRefused("#", count=len(wrong)).telling((one.cell, one.detail) for one in wrong[:TOLD])
    good = [outcome for outcome in outcomes if outcome.is_good]
    states = [outcome.state for outcome in good]
    return ImportOut(
        kind=kind,
        sheet=read.sheet,
        unread_columns=list(read.unread_columns),
        unread_sheets=read.unread_sheets,
        rows=len(outcomes),
        new=states.count(LineState.NEW),
        changed=states.count(LineState.CHANGED),
        same=states.count(LineState.SAME),
        applied=apply,
        wrong=len(wrong),
        errors=wrong[:TOLD],
        changes=[
            ImportedLineOut(row=one.line.row, state=one.state, line=one.body, before=one.before)
            for one in good
            if one.state not in {None, LineState.SAME}
        ][:TOLD],
    )


@routes.get(
    "/plans/{plan}/units/{code}/deadlines.ics",
    operation_id="documents_deadlines",
    summary="Lịch iCalendar: hạn các nhiệm vụ chưa hoàn thành của đơn vị và các mốc của phong trào",
    responses=documented(*READ),
    response_class=Response,
)
def deadlines(request: Request, db: Reading, actor: Actor, language: Language, plan: PlanPath, code: UnitPath) -> Response:
    entries = list(queries.deadlines(db, actor, plan, code, str(request.base_url).rstrip("/")))
    name = say(language, "workbooks", "deadlines", unit=unit_as_it_stands(db, code).name)
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(feed.written(name, entries), media_type="text/calendar; charset=utf-8", headers=headers)


def _problems(outcome: Outcome, language: Language) -> Iterable[CellProblemOut]:
    """By cell, as far as a refusal names a field of the line; else at its first."""
    line = outcome.line
    for wrong in line.wrong:
        yield CellProblemOut(cell=wrong.cell, detail=say(language, "reasons", wrong.reason, **wrong.values))
    told: LineProblem | None = None
    if outcome.malformed is not None:
        told = malformed_line(language, outcome.malformed, outcome.body)
    elif outcome.refused is not None:
        told = of_line(language, outcome.refused)
    if told is not None and not told.errors:
        yield CellProblemOut(cell=line.cell(), detail=told.detail)
    for error in told.errors if told is not None else []:
        parts = [part for part in error.pointer.split("/") if part in line.places]
        yield CellProblemOut(cell=line.cell(parts[-1] if parts else None), detail=error.detail)
