from uuid import UUID

from fastapi import Request

from app.awards import checks, deciding, publishing, queries, shown_decisions, shown_recipients, signing, solving
from app.awards.publishing import NotSigned, ResultMoved
from app.awards.schemas_deciding import (
    AnnulmentIn,
    AwardDecisionIn,
    AwardDecisionOut,
    AwardHeldOut,
    DecisionListOut,
    FinalDraftIn,
    PublicDecisionOut,
    RecipientOut,
    SignatureIn,
)
from app.db import Reading, Writing
from app.movements.queries import open_shown
from app.movements.routes import MovementPath
from app.nominations.queries import open_nomination
from app.policy import Action, Actor
from app.publishing import queries as publications
from app.publishing.actions import NotTheNewest, SamePerson
from app.publishing.computing import NoSigningKey, NotFinal, root_of_files
from app.publishing.drafting import Drafted
from app.publishing.routes import NumberPath
from app.publishing.rules import Edition
from app.publishing.schemas import PublicationDraftOut
from app.web.house import of
from app.web.page import Listed
from app.web.problems import documented
from app.web.refusals import OPEN, READ, WRITE
from app.web.route import prepared_by, router
from app.web.texts import Language

routes = router("awards")


@routes.get(
    "/movements/{movement}/award-decisions",
    operation_id="awards_decisions",
    summary="Các quyết định khen thưởng, mới nhất trước",
    responses=documented(*READ),
)
def decisions(db: Reading, actor: Actor, movement: MovementPath) -> Listed[DecisionListOut]:
    actor.require_everywhere(Action.AWARD_READ)
    open_shown(db, actor, movement)
    return Listed(items=[shown_decisions.line(one) for one in queries.decisions(db, movement)])


@routes.post(
    "/award-proposals/{proposal_id}/decision",
    operation_id="awards_decide",
    status_code=201,
    summary="Dự thảo quyết định khen thưởng: theo ý kiến Hội đồng, hoặc khác và nêu lý do",
    responses=documented(*WRITE, checks.WrongDecisionState, checks.SecondForm, queries.ProposalOvertaken),
)
def decide(db: Writing, actor: Actor, proposal_id: UUID, sent: AwardDecisionIn) -> AwardDecisionOut:
    return shown_decisions.whole(db, actor, deciding.decide(db, actor, proposal=proposal_id, sent=sent))


@routes.get(
    "/award-decisions/{decision_id}",
    operation_id="awards_decision",
    summary="Một quyết định khen thưởng: danh sách, tiền thưởng, số và ngày ký",
    responses=documented(*READ),
)
def decision(db: Reading, actor: Actor, decision_id: UUID) -> AwardDecisionOut:
    return shown_decisions.whole(db, actor, queries.open_decision(db, actor, decision_id))


@routes.get(
    "/award-decisions/{decision_id}/recipients/{nomination_id}",
    operation_id="awards_recipient",
    summary="Vì sao được khen (hoặc không): điều kiện, bảng chấm điểm, ý kiến Hội đồng",
    responses=documented(*READ),
)
def recipient(request: Request, db: Reading, actor: Actor, language: Language, decision_id: UUID, nomination_id: UUID) -> RecipientOut:
    seen = queries.open_decision(db, actor, decision_id)
    row = queries.open_proposal(db, actor, seen.decision.proposal_id).proposal
    placed = solving.placed_of(db, root_of_files(of(request).settings), row.movement_code, row.publication, nomination_id)
    return shown_recipients.recipient(db, actor, seen, nomination_id, placed, language)


@routes.get(
    "/nominations/{nomination_id}/past-awards",
    operation_id="awards_held",
    summary="Đã được khen những gì theo các quyết định còn hiệu lực ghi trong hệ thống, cũ trước",
    responses=documented(*READ),
)
def held(db: Reading, actor: Actor, nomination_id: UUID) -> Listed[AwardHeldOut]:
    """Cá nhân: theo đơn vị và họ tên, có thể là người trùng tên. Tập thể: kể cả của đơn vị đã sáp nhập vào.

    Đơn vị đề nghị chỉ thấy quyết định đã công bố.
    """
    return Listed(items=shown_recipients.had_before(db, actor, open_nomination(db, actor, nomination_id)))


@routes.post(
    "/award-decisions/{decision_id}/signature",
    operation_id="awards_sign",
    summary="Ghi số, ngày và tệp quyết định đã ký, theo hệ thống văn bản",
    responses=documented(*WRITE, checks.WrongDecisionState, checks.SecondForm, checks.DraftOvertaken, signing.NumberTaken),
)
def sign(db: Writing, actor: Actor, decision_id: UUID, sent: SignatureIn) -> AwardDecisionOut:
    """Chữ ký của tệp ghi theo khai báo, không kiểm tra."""
    return shown_decisions.whole(db, actor, signing.sign(db, actor, decision=decision_id, sent=sent))


@routes.post(
    "/award-decisions/{decision_id}/annulment",
    operation_id="awards_annul",
    summary="Ghi việc hủy bỏ một quyết định đã ký, nêu lý do",
    responses=documented(*WRITE, checks.WrongDecisionState),
)
def annul(db: Writing, actor: Actor, decision_id: UUID, sent: AnnulmentIn) -> AwardDecisionOut:
    """Quyết định bị hủy vẫn đọc được."""
    return shown_decisions.whole(db, actor, signing.annul(db, actor, decision=decision_id, sent=sent))


def _drafted(db: Reading, actor: Actor, request: Request, decision_id: UUID, sent: FinalDraftIn) -> Drafted:
    seen = queries.open_decision(db, actor, decision_id)
    return publishing.drafted(db, actor, seen, sent.reason, of(request).settings)


@routes.post(
    "/award-decisions/{decision_id}/publication-draft",
    operation_id="awards_draft_publication",
    status_code=201,
    summary="Lập bản công bố chính thức kèm quyết định, chờ người thứ hai duyệt",
    responses=documented(*WRITE, NotSigned, ResultMoved, NotFinal, NoSigningKey, SamePerson, NotTheNewest, checks.WrongDecisionState),
)
@prepared_by(_drafted)
def draft_publication(
    request: Request, db: Writing, actor: Actor, decision_id: UUID, sent: FinalDraftIn, prepared: Drafted
) -> PublicationDraftOut:
    return PublicationDraftOut.model_validate(signing.draft_publication(db, actor, decision=decision_id, made=prepared))


@routes.get(
    "/movements/{movement}/publications/{number}/decision",
    operation_id="awards_published",
    summary="Quyết định khen thưởng trong một lần công bố chính thức",
    responses=documented(*READ),
)
def published(request: Request, db: Reading, actor: Actor, movement: MovementPath, number: NumberPath) -> PublicDecisionOut:
    publications.check_edition(actor, Edition.PUBLIC)
    file = publications.open_edition(db, movement, number, Edition.PUBLIC)
    return publishing.published(db, root_of_files(of(request).settings), movement, number, file)


@routes.get(
    "/public/movements/{movement}/publications/{number}/decision",
    operation_id="public_decision",
    summary="Quyết định khen thưởng trong một lần công bố chính thức, cho mọi người",
    responses=documented(*OPEN),
)
def public_decision(request: Request, db: Reading, movement: MovementPath, number: NumberPath) -> PublicDecisionOut:
    publications.check_public(db, movement)
    file = publications.open_edition(db, movement, number, Edition.PUBLIC)
    return publishing.published(db, root_of_files(of(request).settings), movement, number, file)
