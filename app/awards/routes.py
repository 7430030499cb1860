from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from app import clock
from app.awards import actions, queries, shown, tabling
from app.awards.schemas import (
    AwardPlanOut,
    AwardProposalIn,
    AwardProposalLineOut,
    AwardProposalOut,
    MotionsIn,
    PlannedOut,
    SolvedOut,
)
from app.awards.solving import Basis, basis
from app.calendar.queries import calendar
from app.db import Reading, Writing
from app.movements.queries import open_shown
from app.movements.routes import MovementPath
from app.policy import Actor
from app.publishing.computing import root_of_files
from app.schemes.queries import open_scheme
from app.schemes.rules import PlanStep, Term, backwards
from app.web.house import of
from app.web.page import Listed
from app.web.problems import documented
from app.web.refusals import READ, TRANSITION, WRITE
from app.web.route import prepared_by, router
from app.web.texts import Language, catalogue

routes = router("awards")


@routes.get(
    "/movements/{movement}/award-plan",
    operation_id="awards_plan",
    summary="Kế hoạch khen thưởng tính ngược từ ngày lễ; thời hạn nào không còn kịp",
    responses=documented(*READ),
)
def plan(db: Reading, actor: Actor, language: Language, movement: MovementPath) -> AwardPlanOut:
    version = open_shown(db, actor, movement).version
    scheme, days, today = open_scheme(db, actor, movement)[1], calendar(db), clock.today(db)
    terms = [Term(one.step, one.days, one.working, one.source) for one in scheme.terms]
    known = queries.known_steps(db, movement) | {
        PlanStep.CLOSING: scheme.closes_on,
        PlanStep.SUPPLEMENT: days.working_day_after(scheme.closes_on, scheme.supplement_days),
    }
    ceremony, words = version.ceremony_on or version.goal_on, catalogue(language)["words"]["plan_step"]
    steps = backwards(terms, ceremony, days, known, today)
    return AwardPlanOut(
        movement=movement,
        ceremony_on=ceremony,
        today=today,
        fits=all(one.fits for one in steps),
        steps=[
            PlannedOut(
                step=one.step,
                name=words[one.step],
                latest=one.latest,
                on=one.on,
                fits=one.fits,
                days=None if one.term is None else one.term.days,
                working=None if one.term is None else one.term.is_working,
                source=None if one.term is None else one.term.source,
            )
            for one in steps
        ],
    )


@routes.get(
    "/movements/{movement}/award-solution",
    operation_id="awards_solved",
    summary="Theo quy định và một lần công bố: ai đủ điều kiện, ai trong hạn mức, ai thiếu gì, ai kế tiếp",
    responses=documented(*READ),
)
def solution(
    request: Request,
    db: Reading,
    actor: Actor,
    language: Language,
    movement: MovementPath,
    publication: Annotated[int, Query(ge=1, le=100_000)],
) -> SolvedOut:
    """Hệ thống đề xuất, con người quyết định."""
    return shown.solved(db, basis(db, actor, root_of_files(of(request).settings), movement, publication), language)


@routes.get(
    "/movements/{movement}/award-proposals",
    operation_id="awards_proposals",
    summary="Các phương án khen thưởng, mới nhất trước",
    responses=documented(*READ),
)
def proposals(db: Reading, actor: Actor, movement: MovementPath) -> Listed[AwardProposalLineOut]:
    open_shown(db, actor, movement)
    found = queries.proposals(db, actor, movement)
    return Listed(
        items=[
            AwardProposalLineOut(id=row.id, publication=row.publication, scheme=row.scheme_version, made_at=row.made_at) for row in found
        ]
    )


def _basis(db: Reading, actor: Actor, request: Request, movement: str, sent: AwardProposalIn) -> Basis:
    return basis(db, actor, root_of_files(of(request).settings), movement, sent.publication)


@routes.post(
    "/movements/{movement}/award-proposals",
    operation_id="awards_propose",
    status_code=201,
    summary="Lập phương án khen thưởng từ một lần công bố; khác đề xuất của hệ thống thì nêu lý do",
    responses=documented(*TRANSITION),
)
@prepared_by(_basis)
def propose(
    request: Request, db: Writing, actor: Actor, language: Language, movement: MovementPath, sent: AwardProposalIn, prepared: Basis
) -> AwardProposalOut:
    row = actions.propose(db, actor, made=prepared, departures=sent.departures)
    return shown.proposal(db, queries.open_proposal(db, actor, row.id), language)


@routes.get(
    "/award-proposals/{proposal_id}",
    operation_id="awards_proposal",
    summary="Một phương án khen thưởng: từng trường hợp, điều kiện, ý kiến Hội đồng",
    responses=documented(*READ),
)
def proposal(db: Reading, actor: Actor, language: Language, proposal_id: UUID) -> AwardProposalOut:
    return shown.proposal(db, queries.open_proposal(db, actor, proposal_id), language)


@routes.post(
    "/award-proposals/{proposal_id}/motions",
    operation_id="awards_table",
    status_code=201,
    summary="Đưa từng trường hợp của phương án ra Hội đồng biểu quyết",
    responses=documented(*WRITE, tabling.NothingToVoteOn, queries.ProposalOvertaken),
)
def table_motions(db: Writing, actor: Actor, language: Language, proposal_id: UUID, sent: MotionsIn) -> AwardProposalOut:
    tabling.table_motions(db, actor, proposal=proposal_id, meeting=sent.meeting, again=sent.again)
    return shown.proposal(db, queries.open_proposal(db, actor, proposal_id), language)
