from enum import StrEnum
from typing import Annotated

from fastapi import Path, Request, Response

from app.db import Reading
from app.documents import papers, printed, score_tables, workbook
from app.documents.letters import sayer
from app.documents.papers import Paper
from app.documents.routes import XLSX
from app.documents.routes_papers import DOCX, sent
from app.documents.workbook import Heading
from app.movements.routes import MovementPath
from app.policy import Actor
from app.ranking import queries as ranking
from app.ranking.routes import worded
from app.units.routes import UnitPath
from app.web.problems import documented
from app.web.refusals import READ
from app.web.route import router
from app.web.texts import Language

routes = router("documents")
PDF = "application/pdf"


class PaperForm(StrEnum):
    """As which file a paper is wanted."""

    DOCX = "docx"
    PDF = "pdf"


FormPath = Annotated[PaperForm, Path(description="Loại tệp: docx để sửa, pdf để in", examples=["pdf"])]


def paper_sent(paper: Paper, form: PaperForm, language: Language, name: str) -> Response:
    say = sayer(language)
    if form is PaperForm.DOCX:
        return sent(papers.written(paper, say), DOCX, f"{name}.docx")
    return sent(printed.printed(paper, say), PDF, f"{name}.pdf")


@routes.get(
    "/movements/{movement}/units/{code}/score-sheet.{form}",
    operation_id="documents_score_sheet",
    summary="Bảng chấm điểm của một đơn vị: tự chấm, thẩm định, quyết định (Word, PDF)",
    responses=documented(*READ),
    response_class=Response,
)
def score_sheet(db: Reading, actor: Actor, language: Language, movement: MovementPath, code: UnitPath, form: FormPath) -> Response:
    found = score_tables.scored(db, actor, movement, code)
    return paper_sent(score_tables.sheet(found, language, sayer(language)), form, language, f"bang-diem-{code}")


@routes.get(
    "/movements/{movement}/units/{code}/sheet.xlsx",
    operation_id="documents_sheet_workbook",
    summary="Bảng chấm điểm của một đơn vị (Excel)",
    responses=documented(*READ),
    response_class=Response,
)
def sheet_workbook(db: Reading, actor: Actor, language: Language, movement: MovementPath, code: UnitPath) -> Response:
    say, found = sayer(language), score_tables.scored(db, actor, movement, code)
    version = found.setting.seen.version
    titles = [say("score-abstract", unit=found.setting.units[code].name, movement=version.name)]
    titles += [say("synthetic")] if score_tables.is_synthetic(found.setting, code) else []
    headings = [Heading(title, "", 50 if place == 1 else 14) for place, title in enumerate(say("score-columns").split("|"))]
    content = workbook.written(say("score-sheet"), headings, score_tables.sheet_rows(found, language, say), titles)
    return sent(content, XLSX, f"bang-diem-{code}.xlsx")


@routes.get(
    "/movements/{movement}/ranking.xlsx",
    operation_id="documents_ranking",
    summary="Bảng xếp hạng (Excel)",
    responses=documented(*READ),
    response_class=Response,
)
def ranking_workbook(request: Request, db: Reading, actor: Actor, language: Language, movement: MovementPath) -> Response:
    asked, say = ranking.Asked(movement), sayer(language)
    told = worded(asked, ranking.read(db, request.app.state.board, actor, asked), language)
    titles = [say("ranking-title", movement=told.name), *([say("synthetic")] if told.synthetic else [])]
    headings = [Heading(title, "", 30 if place in {0, 2, 5} else 14) for place, title in enumerate(say("ranking-columns").split("|"))]
    content = workbook.written(say("ranking-sheet"), headings, score_tables.ranking_rows(told), titles)
    return sent(content, XLSX, "xep-hang.xlsx")
