from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlmodel import Session

from app.awards import queries, shown, shown_decisions, solving
from app.council import shown as council_shown
from app.council.queries import open_council
from app.db import Reading
from app.documents import achievement as achievement_report
from app.documents import award_letters, council_letters, printed, workbook
from app.documents import briefing as briefing_note
from app.documents.award_letters import Told
from app.documents.letters import sayer
from app.documents.routes import XLSX
from app.documents.routes_papers import sent
from app.documents.routes_scores import PDF, FormPath, paper_sent
from app.documents.workbook import Heading
from app.errors import NotAllowed, NotFound
from app.movements.queries import newest
from app.nominations import shown as nominations_shown
from app.nominations.queries import open_nomination
from app.plans.queries import open_plan
from app.policy import Action, Actor
from app.publishing import bundle
from app.publishing.computing import root_of_files
from app.ranking import analysis
from app.ranking.robustness import Asked, Solid
from app.schemes.queries import open_scheme
from app.scoring import sheets
from app.scoring.engine.facts import View
from app.scoring.queries import Moment, moment
from app.web.house import of
from app.web.problems import documented
from app.web.refusals import READ
from app.web.route import router
from app.web.texts import Language
from app.wire import Code

routes = router("documents")


def _told(db: Session, actor: Actor, movement: str, scheme: int, language: Language) -> Told:
    seen = newest(db, movement)
    _, held = open_scheme(db, actor, movement, scheme)
    return Told(db, open_plan(db, seen.movement.plan_code), seen, held, language, sayer(language))


@routes.get(
    "/award-proposals/{proposal_id}/proposal-letter.{form}",
    operation_id="documents_proposal_letter",
    summary="Tờ trình phương án khen thưởng (Word, PDF)",
    responses=documented(*READ),
    response_class=Response,
)
def proposal_letter(db: Reading, actor: Actor, language: Language, proposal_id: UUID, form: FormPath) -> Response:
    seen = queries.open_proposal(db, actor, proposal_id)
    row, told = seen.proposal, shown.proposal(db, seen, language)
    digest = queries.publication_of(db, row.movement_code, row.publication)[1].digest
    with_ = _told(db, actor, row.movement_code, row.scheme_version, language)
    return paper_sent(award_letters.proposal_letter(with_, seen, told, digest), form, language, "to-trinh")


@routes.get(
    "/award-decisions/{decision_id}/decision.{form}",
    operation_id="documents_decision",
    summary="Quyết định khen thưởng kèm danh sách (Word, PDF)",
    responses=documented(*READ),
    response_class=Response,
)
def decision(db: Reading, actor: Actor, language: Language, decision_id: UUID, form: FormPath) -> Response:
    """Dự thảo để trống số, ngày; khi đã ký thì ghi theo hệ thống văn bản."""
    seen = queries.open_decision(db, actor, decision_id)
    row = queries.open_proposal(db, actor, seen.decision.proposal_id).proposal
    with_ = _told(db, actor, row.movement_code, row.scheme_version, language)
    return paper_sent(award_letters.decision(with_, shown_decisions.whole(db, actor, seen)), form, language, "quyet-dinh")


@routes.get(
    "/award-decisions/{decision_id}/briefing.{form}",
    operation_id="documents_briefing",
    summary="Phiếu trình một trang A4 cho người ký (Word, PDF); chỉ cho thư ký Hội đồng",
    responses=documented(*READ),
    response_class=Response,
)
def briefing(request: Request, db: Reading, actor: Actor, language: Language, decision_id: UUID, form: FormPath) -> Response:
    seen = queries.open_decision(db, actor, decision_id)
    if actor.units_for(Action.RANKING_TEST) is not None:
        raise NotAllowed
    row = queries.open_proposal(db, actor, seen.decision.proposal_id).proposal
    root = root_of_files(of(request).settings)
    made = solving.basis(db, actor, root, row.movement_code, row.publication)
    draft = queries.publication_of(db, row.movement_code, row.publication)[1]
    instant = datetime.fromisoformat(bundle.result(root, draft.file_hash)["instant"])
    with_ = _told(db, actor, row.movement_code, row.scheme_version, language)
    solid = _solid(db, actor, row.movement_code, Moment(instant, draft.position))
    paper = briefing_note.briefing(with_, seen, shown_decisions.whole(db, actor, seen), made.units, solid)
    return paper_sent(paper, form, language, "phieu-trinh")


def _solid(db: Session, actor: Actor, movement: str, when: Moment) -> dict[str, Solid]:
    """Of every cluster that had a rulebook and somebody ranked when the result was published."""
    found = dict[str, Solid]()
    for cluster in analysis.clusters_of(db, movement, when):
        try:
            found |= {one.unit: one for one in analysis.solidity(db, actor, movement, cluster, Asked(draws=2000), when).found}
        except NotFound:
            continue
    return found


@routes.get(
    "/award-decisions/{decision_id}/certificates.pdf",
    operation_id="documents_certificates",
    summary="Giấy khen, bằng khen in lên phôi: mỗi người nhận một trang; test=true in một tờ thử có lưới mm",
    responses=documented(*READ),
    response_class=Response,
)
def certificates(
    db: Reading,
    actor: Actor,
    language: Language,
    decision_id: UUID,
    award: Code,
    test: Annotated[bool, Query(description="Một tờ thử, có khung và lưới 10 mm")] = False,
) -> Response:
    seen = queries.open_decision(db, actor, decision_id)
    row = queries.open_proposal(db, actor, seen.decision.proposal_id).proposal
    with_, whole = _told(db, actor, row.movement_code, row.scheme_version, language), shown_decisions.whole(db, actor, seen)
    held = with_.scheme.award(award)
    pages = award_letters.certificate_pages(with_, whole, award)
    if held is None or held.certificate is None or not pages:
        raise NotFound
    layout = held.certificate
    fields = [field.model_dump(mode="json") for field in layout.fields]
    content = printed.certificates(
        (layout.width, layout.height),
        fields,
        pages[:1] if test else pages,
        is_test=test,
        synthetic=sayer(language)("synthetic") if award_letters.is_synthetic(with_, whole.lines) else "",
    )
    return sent(content, PDF, f"{award}.pdf")


@routes.get(
    "/award-decisions/{decision_id}/money.xlsx",
    operation_id="documents_money",
    summary="Danh sách tiền thưởng của một quyết định (Excel)",
    responses=documented(*READ),
    response_class=Response,
)
def money(db: Reading, actor: Actor, language: Language, decision_id: UUID) -> Response:
    seen, say = queries.open_decision(db, actor, decision_id), sayer(language)
    row = queries.open_proposal(db, actor, seen.decision.proposal_id).proposal
    with_, whole = _told(db, actor, row.movement_code, row.scheme_version, language), shown_decisions.whole(db, actor, seen)
    number = say("number-open") if whole.signature is None else whole.signature.number
    titles = [say("money-title", number=number)]
    if whole.state in award_letters.VOID:
        titles.append(say(f"decision-{whole.state.value}", document=whole.annulled_by or ""))
    if award_letters.is_synthetic(with_, whole.lines):
        titles.append(say("synthetic"))
    headings = [Heading(title, "", 40 if place == 1 else 20) for place, title in enumerate(say("money-columns").split("|"))]
    return sent(workbook.written(say("money-sheet"), headings, award_letters.money_rows(with_, whole), titles), XLSX, "tien-thuong.xlsx")


@routes.get(
    "/meetings/{meeting_id}/minutes.{form}",
    operation_id="documents_minutes",
    summary="Biên bản họp Hội đồng (Word, PDF)",
    responses=documented(*READ),
    response_class=Response,
)
def minutes(db: Reading, actor: Actor, language: Language, meeting_id: UUID, form: FormPath) -> Response:
    told = council_shown.meeting(db, actor, meeting_id)
    plan = open_plan(db, newest(db, told.movement).movement.plan_code)
    council = open_council(db, actor, told.council)
    return paper_sent(council_letters.minutes(db, plan, council, told, language, sayer(language)), form, language, "bien-ban-hop")


@routes.get(
    "/meetings/{meeting_id}/ballot-minutes.{form}",
    operation_id="documents_ballot_minutes",
    summary="Biên bản kiểm phiếu (Word, PDF)",
    responses=documented(*READ),
    response_class=Response,
)
def ballot_minutes(db: Reading, actor: Actor, language: Language, meeting_id: UUID, form: FormPath) -> Response:
    told = council_shown.meeting(db, actor, meeting_id)
    plan = open_plan(db, newest(db, told.movement).movement.plan_code)
    council = open_council(db, actor, told.council)
    return paper_sent(council_letters.ballots(db, plan, council, told, sayer(language)), form, language, "bien-ban-kiem-phieu")


@routes.get(
    "/nominations/{nomination_id}/achievement-report.{form}",
    operation_id="documents_achievement",
    summary="Báo cáo thành tích từ hồ sơ và bảng điểm (Word, PDF)",
    responses=documented(*READ),
    response_class=Response,
)
def achievement(db: Reading, actor: Actor, language: Language, nomination_id: UUID, form: FormPath) -> Response:
    seen = open_nomination(db, actor, nomination_id)
    told = nominations_shown.whole(db, actor, seen)
    try:
        opened = sheets.open_sheet(db, actor, told.movement, told.collective or told.unit, moment(db, None, None), View.DECIDED)
        sheet = sheets.worded(db, opened, language)
    except NotFound:
        sheet = None
    with_ = _told(db, actor, told.movement, told.scheme, language)
    return paper_sent(achievement_report.achievement(with_, told, sheet), form, language, "bao-cao-thanh-tich")
