"""Decisions after their draft: signed elsewhere, published, annulled."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import movement_scope
from app.awards import queries
from app.awards.checks import WrongDecisionState, check_forms, check_overtaken, check_superseded, granted_in, subject_of
from app.awards.models import AwardAnnulment, AwardPublication, AwardSignature
from app.awards.queries import IN_FORCE, Decided, Proposed
from app.awards.rules import DecisionState
from app.awards.schemas_deciding import AnnulmentIn, SignatureIn
from app.council.queries import meeting_days
from app.errors import Invalid, Problem
from app.movements.queries import lock_movement
from app.policy import Action, Actor
from app.publishing import actions as publishing
from app.publishing.drafting import Drafted
from app.publishing.models import PublicationDraft
from app.publishing.rules import Stage
from app.schemes.queries import base_salary, open_scheme
from app.tables import add


class NumberTaken(Problem):
    """A decision of this number is there: of the movement in that year, or of that day."""

    status, slug = 409, "number-taken"


def sign(session: Session, actor: Actor, *, decision: UUID, sent: SignatureIn) -> Decided:
    """Ghi số, ngày và tệp đã ký, as the document system has them."""
    actor.require_everywhere(Action.AWARD_DECIDE)
    seen = queries.open_decision(session, actor, decision, lock=True)
    row = seen.decision
    lock_movement(session, row.movement_code)
    if seen.state is not DecisionState.DRAFT:
        raise WrongDecisionState
    check_superseded(session, row.movement_code, row.supersedes_id)
    signed = [one.signature for one in queries.decisions(session, row.movement_code) if one.signature is not None]
    if (sent.number, sent.signed_on.year) in {(one.number, one.signed_on.year) for one in signed}:
        raise NumberTaken("#/number")
    proposed = queries.open_proposal(session, actor, row.proposal_id)
    _check_day(session, sent, seen, proposed)
    check_overtaken(session, seen, proposed)
    check_forms(session, actor, proposed, granted_in(seen.lines), {decision, row.supersedes_id})
    scheme = open_scheme(session, actor, row.movement_code, proposed.proposal.scheme_version)[1]
    salary = base_salary(scheme, sent.signed_on)
    content = sent.model_dump(mode="json") | {"base_salary": None if salary is None else salary.model_dump(mode="json")}
    entry_id = audit.record(session, actor, "award_decision.signed", subject_of(decision), [movement_scope(row.movement_code)], content)
    for draft_id in queries.drafts_of(session, row.supersedes_id):
        publishing.withdraw_draft(session, actor, draft_id=draft_id)
    signature = AwardSignature(
        decision_id=decision,
        **sent.model_dump(),
        base_salary=None if salary is None else salary.amount,
        base_salary_source=None if salary is None else salary.source,
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=entry_id,
    )
    taken = {"pk_award_signature": WrongDecisionState(), "uq_award_signature_number": NumberTaken("#/number")}
    add(session, signature, taken)
    return queries.open_decision(session, actor, decision)


def _check_day(session: Session, sent: SignatureIn, seen: Decided, proposed: Proposed) -> None:
    """Not before what it rests on: the published result, the council's meeting, the decision that it supersedes."""
    if sent.signed_on > clock.today(session):
        raise Invalid("#/signed_on", "in-the-future")
    published = queries.publication_of(session, proposed.proposal.movement_code, proposed.proposal.publication)[0]
    if sent.signed_on < clock.local_date(published.published_at):
        raise Invalid("#/signed_on", "before-the-publication")
    superseded = None if seen.decision.supersedes_id is None else session.get(AwardSignature, seen.decision.supersedes_id)
    if superseded is not None and sent.signed_on < superseded.signed_on:
        raise Invalid("#/signed_on", "before-the-superseded")
    met = meeting_days(session, [line.motion_id for line in seen.lines if line.motion_id is not None]).values()
    if met and sent.signed_on < max(met):
        raise Invalid("#/signed_on", "before-the-council")


def annul(session: Session, actor: Actor, *, decision: UUID, sent: AnnulmentIn) -> Decided:
    """Hủy bỏ quyết định đã ký: it stays readable, with the reason."""
    actor.require_everywhere(Action.AWARD_DECIDE)
    seen = queries.open_decision(session, actor, decision, lock=True)
    lock_movement(session, seen.decision.movement_code)
    if seen.state not in IN_FORCE:
        raise WrongDecisionState
    reason = audit.keep_text(session, sent.reason)
    assert reason is not None
    content: dict[str, Any] = {"document": sent.document, "reason": reason}
    scope = [movement_scope(seen.decision.movement_code)]
    entry_id = audit.record(session, actor, "award_decision.annulled", subject_of(decision), scope, content)
    for draft_id in queries.drafts_of(session, decision):
        publishing.withdraw_draft(session, actor, draft_id=draft_id)
    row = AwardAnnulment(
        decision_id=decision,
        document=sent.document,
        reason_commitment=reason,
        annulled_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=entry_id,
    )
    add(session, row, {"pk_award_annulment": WrongDecisionState()})
    return queries.open_decision(session, actor, decision)


def draft_publication(session: Session, actor: Actor, *, decision: UUID, made: Drafted) -> PublicationDraft:
    """Lập bản công bố chính thức kèm quyết định; a second person approves it as any other."""
    actor.require_everywhere(Action.PUBLICATION_DRAFT)
    seen = queries.open_decision(session, actor, decision, lock=True)
    if seen.state not in IN_FORCE:
        raise WrongDecisionState
    row = publishing.draft(session, actor, movement=seen.decision.movement_code, stage=Stage.FINAL, made=made)
    entry_id = audit.record(session, actor, "award_decision.to_publish", subject_of(decision), [], {"draft": str(row.id)})
    add(session, AwardPublication(draft_id=row.id, decision_id=decision, entry_id=entry_id))
    return row
