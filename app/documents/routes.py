"""Workbooks: a table of a plan leaves as one, comes back as one, and is tried before it is recorded."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.db import Reading, Writing
from app.documents import importing, queries, workbook
from app.documents.importing import Outcome
from app.documents.lines import lines
from app.documents.rules import LineState, TableKind
from app.documents.schemas import CellProblemOut, ChangeOut, ImportOut
from app.documents.workbook import Grid, NotAWorkbook, WorkbookTooLarge
from app.errors import Invalid, Problem
from app.plans.queries import PlanClosed
from app.policy import Actor
from app.web import body
from app.web.house import of
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
PlanQuery = Annotated[Code | None, Query(description="Mã kế hoạch; không cần với bảng đơn vị", examples=["kt-xh-2022"])]


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


async def _read(request: Request) -> _Received:
    kept = bytearray()
    await body.receive(request, of(request).settings, kept.extend, WORKBOOK_LIMIT)
    return _Received(await run_in_threadpool(workbook.opened, bytes(kept)), hashlib.sha256(kept).hexdigest())


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
    empty: Annotated[bool, Query(description="Chỉ lấy mẫu")] = False,
) -> Response:
    rows = queries.rows(db, actor, kind, plan, language)
    heads = queries.headings(db, kind, plan, language)
    content = workbook.written(catalogue(language)["workbooks"]["names"][kind], heads, iter(()) if empty else rows)
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
    openapi_extra={"requestBody": {"required": True, "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
@received_by(_read)
def imported(
    request: Request,
    db: Writing,
    actor: Actor,
    language: Language,
    kind: TablePath,
    plan: PlanQuery = None,
    apply: Annotated[bool, Query(description="Ghi nhận; mặc định chỉ chạy thử")] = False,
    synthetic: Annotated[bool, Query(description="Các dòng là dữ liệu minh họa")] = False,
) -> ImportOut:
    if kind is not TableKind.UNITS and plan is None:
        raise Invalid("query:plan", "missing")
    read = lines(kind, request.state.received.grids, queries.names(db, plan))
    outcomes = importing.put_in(db, actor, kind=kind, plan=plan or "", lines=read, synthetic=synthetic)
    wrong = [problem for outcome in outcomes for problem in _problems(outcome, language)]
    if apply and wrong:
        raise ImportRefused("#", count=len(wrong)).telling((one.cell, one.detail) for one in wrong[:TOLD])
    db.info["undone"] = not apply
    states = [outcome.state for outcome in outcomes]
    return ImportOut(
        kind=kind,
        rows=len(outcomes),
        new=states.count(LineState.NEW),
        changed=states.count(LineState.CHANGED),
        same=states.count(LineState.SAME),
        applied=apply,
        wrong=len(wrong),
        errors=wrong[:TOLD],
        changes=[
            ChangeOut(row=one.line.row, state=one.state, line=one.body, before=one.before)
            for one in outcomes
            if one.state not in {None, LineState.SAME}
        ][:TOLD],
    )


def _problems(outcome: Outcome, language: Language) -> Iterable[CellProblemOut]:
    """By cell, as far as a refusal names a field of the line; else at its first."""
    first = next(iter(outcome.line.cells.values()))
    for wrong in outcome.line.wrong:
        yield CellProblemOut(cell=wrong.cell, detail=say(language, "reasons", wrong.reason, **wrong.values))
    told: LineProblem | None = None
    if outcome.malformed is not None:
        told = malformed_line(language, outcome.malformed, outcome.body)
    elif outcome.refused is not None:
        told = of_line(language, outcome.refused)
    if told is not None and not told.errors:
        yield CellProblemOut(cell=first, detail=told.detail)
    for error in told.errors if told is not None else []:
        parts = [part for part in error.pointer.split("/") if part in outcome.line.cells]
        yield CellProblemOut(cell=outcome.line.cells[parts[-1]] if parts else first, detail=error.detail)
