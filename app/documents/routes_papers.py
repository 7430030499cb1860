from typing import Annotated

from fastapi import Query, Response

from app import clock
from app.db import Reading
from app.documents import letters, papers, workbook
from app.documents.routes import XLSX
from app.documents.workbook import Heading
from app.plans.queries import open_plan
from app.plans.routes import PlanPath
from app.policy import Actor
from app.summaries.figures import table
from app.summaries.routes import BranchQuery, UntilQuery
from app.summaries.shown import line_shown
from app.summaries.shown import monday as monday_shown
from app.units.queries import all_units
from app.units.routes import UnitPath
from app.web.numbers import worded_day
from app.web.problems import documented
from app.web.refusals import READ
from app.web.route import router
from app.web.texts import Language

routes = router("documents")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
QuietQuery = Annotated[int, Query(ge=1, le=366, description="Coi là chưa cập nhật sau ngần ấy ngày")]


@routes.get(
    "/plans/{plan}/units/{code}/reminder.docx",
    operation_id="documents_reminder",
    summary="Dự thảo công văn đôn đốc một đơn vị (Word); không tính là một lần đôn đốc",
    responses=documented(*READ),
    response_class=Response,
)
def reminder(db: Reading, actor: Actor, language: Language, plan: PlanPath, code: UnitPath, quiet_days: QuietQuery = 30) -> Response:
    say = letters.sayer(language)
    paper = letters.reminder(db, actor, open_plan(db, plan), code, quiet_days, say)
    return sent(papers.written(paper, say), DOCX, f"don-doc-{code}.docx")


@routes.get(
    "/plans/{plan}/monday-report.docx",
    operation_id="documents_monday",
    summary="Báo cáo giao ban thứ Hai (Word)",
    responses=documented(*READ),
    response_class=Response,
)
def monday(db: Reading, actor: Actor, language: Language, plan: PlanPath, quiet_days: QuietQuery = 30) -> Response:
    say, found = letters.sayer(language), open_plan(db, plan)
    paper = letters.monday(db, found, monday_shown(db, actor, found, quiet_days, 7), language)
    return sent(papers.written(paper, say), DOCX, "giao-ban.docx")


@routes.get(
    "/plans/{plan}/units/{code}/figures.xlsx",
    operation_id="documents_figures",
    summary="Biểu kinh tế - xã hội của một đơn vị (Excel)",
    responses=documented(*READ),
    response_class=Response,
)
def figures(
    db: Reading, actor: Actor, language: Language, plan: PlanPath, code: UnitPath, until: UntilQuery = None, branch: BranchQuery = False
) -> Response:
    say, found, day = letters.sayer(language), open_plan(db, plan), until or clock.today(db)
    names = {unit: row.name for unit, row in all_units(db).items()}
    lines = list(map(line_shown, table(db, actor, found, code, day, is_branch=branch)))
    titles = [say("figures-title", unit=names[code], plan=found.name), say("figures-until", on=worded_day(day))]
    titles += [say("synthetic")] if found.is_synthetic or any(line.synthetic for line in lines) else []
    headings = [Heading(title, "", 40 if not place else 16) for place, title in enumerate(say("figures-columns").split("|"))]
    content = workbook.written(say("figures-sheet"), headings, letters.figures(lines, names, language), titles)
    return sent(content, XLSX, f"kt-xh-{code}.xlsx")


def sent(content: bytes, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)
