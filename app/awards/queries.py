from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.awards.models import (
    AwardAnnulment,
    AwardDecision,
    AwardDecisionLine,
    AwardMotion,
    AwardProposal,
    AwardProposalLine,
    AwardPublication,
    AwardSignature,
)
from app.awards.rules import DecisionState
from app.clock import local_date
from app.council.models import MotionOpening
from app.council.queries import last_meeting
from app.errors import NotFound, Problem
from app.movements.queries import lock_movement
from app.policy import Action, Actor
from app.publishing.models import Publication, PublicationDraft
from app.publishing.queries import publications
from app.publishing.rules import Stage
from app.schemes.rules import PlanStep


class ProposalOvertaken(Problem):
    """A newer proposal was made: that one goes on. What the council voted counts for it too."""

    status, slug = 409, "proposal-overtaken"


@dataclass(frozen=True)
class Tabled:
    """A motion on a dossier."""

    motion: UUID
    proposal: UUID
    publication: int
    is_opened: bool
    """Voted on, or being voted on."""


@dataclass(frozen=True)
class Proposed:
    proposal: AwardProposal
    lines: Sequence[AwardProposalLine]
    tabled: dict[UUID, list[Tabled]]
    """Every motion on each dossier, oldest first, whichever proposal it came with."""

    @property
    def motions(self) -> dict[UUID, UUID]:
        """The newest on each dossier in the publication that the proposal was made from: the council's word on one result is no word
        on another. What was opened goes before what only waits, perhaps for a meeting that was never held.
        """
        found = dict[UUID, UUID]()
        for dossier, each in self.tabled.items():
            here = [one for one in each if one.publication == self.proposal.publication]
            for one in sorted(here, key=lambda one: (one.is_opened, one.motion))[-1:]:
                found[dossier] = one.motion
        return found

    def rounds(self, dossier: UUID) -> int:
        """How often it was voted on in this publication."""
        return sum(one.is_opened and one.publication == self.proposal.publication for one in self.tabled.get(dossier, []))

    def can_be_tabled(self, dossier: UUID) -> bool:
        """Never opened on this result, and not tabled with this proposal yet."""
        here = [one for one in self.tabled.get(dossier, []) if one.publication == self.proposal.publication]
        return not any(one.is_opened or one.proposal == self.proposal.id for one in here)

    def line(self, nomination: UUID) -> AwardProposalLine | None:
        return next((one for one in self.lines if one.nomination_id == nomination), None)


@dataclass(frozen=True)
class Decided:
    """A decision with everything that happened to it."""

    decision: AwardDecision
    lines: Sequence[AwardDecisionLine]
    signature: AwardSignature | None
    annulment: AwardAnnulment | None
    superseded_by: UUID | None
    """By a signed one."""
    publication: int | None

    @property
    def state(self) -> DecisionState:
        if self.annulment is not None:
            return DecisionState.ANNULLED
        if self.superseded_by is not None:
            return DecisionState.SUPERSEDED
        if self.publication is not None:
            return DecisionState.PUBLISHED
        return DecisionState.DRAFT if self.signature is None else DecisionState.SIGNED


IN_FORCE = frozenset({DecisionState.SIGNED, DecisionState.PUBLISHED})


def proposals(session: Session, actor: Actor, movement: str) -> Sequence[AwardProposal]:
    """Newest first."""
    actor.require_everywhere(Action.AWARD_READ)
    asked = select(AwardProposal).where(AwardProposal.movement_code == movement)
    return session.exec(asked.order_by(sa.desc(col(AwardProposal.id)))).all()


def open_proposal(session: Session, actor: Actor, identifier: UUID) -> Proposed:
    row = session.get(AwardProposal, identifier)
    if row is None or actor.units_for(Action.AWARD_READ) is not None:
        raise NotFound
    asked_lines = select(AwardProposalLine).where(AwardProposalLine.proposal_id == identifier)
    lines = session.exec(asked_lines.order_by(col(AwardProposalLine.award_code), col(AwardProposalLine.nomination_id))).all()
    return Proposed(row, lines, tabled(session, [one.nomination_id for one in lines]))


def tabled(session: Session, dossiers: Collection[UUID]) -> dict[UUID, list[Tabled]]:
    """Every motion on these dossiers, oldest first."""
    asked: Any = select(AwardMotion, AwardProposal, col(MotionOpening.motion_id).is_not(None))
    asked = asked.join(AwardProposal, col(AwardProposal.id) == AwardMotion.proposal_id)
    asked = asked.outerjoin(MotionOpening, col(MotionOpening.motion_id) == AwardMotion.motion_id)
    found = dict[UUID, list[Tabled]]()
    for one, proposal, is_opened in session.exec(
        asked.where(col(AwardMotion.nomination_id).in_(dossiers)).order_by(col(AwardMotion.motion_id))
    ).all():
        found.setdefault(one.nomination_id, []).append(Tabled(one.motion_id, proposal.id, proposal.publication, is_opened))
    return found


def hold_newest(session: Session, actor: Actor, identifier: UUID) -> Proposed:
    """A proposal as it stands, and the movement held, so that it stays so; `ProposalOvertaken` where another was made since."""
    row = open_proposal(session, actor, identifier).proposal
    lock_movement(session, row.movement_code)
    newer = select(AwardProposal.id).where(AwardProposal.movement_code == row.movement_code, col(AwardProposal.id) > identifier)
    if session.exec(newer.limit(1)).first() is not None:
        raise ProposalOvertaken
    return open_proposal(session, actor, identifier)


def decisions(session: Session, movement: str) -> list[Decided]:
    """Newest first; for those who asked the policy."""
    asked = select(AwardDecision).where(AwardDecision.movement_code == movement).order_by(sa.desc(col(AwardDecision.id)))
    return [_decided(session, row) for row in session.exec(asked).all()]


def open_decision(session: Session, actor: Actor, identifier: UUID, *, lock: bool = False) -> Decided:
    asked = select(AwardDecision).where(AwardDecision.id == identifier)
    row = session.exec(asked.with_for_update() if lock else asked).one_or_none()
    if row is None or actor.units_for(Action.AWARD_READ) is not None:
        raise NotFound
    return _decided(session, row)


def _decided(session: Session, row: AwardDecision) -> Decided:
    lines = select(AwardDecisionLine).where(AwardDecisionLine.decision_id == row.id).order_by(col(AwardDecisionLine.nomination_id))
    signed = select(AwardDecision.id).join(AwardSignature, col(AwardSignature.decision_id) == AwardDecision.id)
    by_draft = (col(Publication.draft_id) == AwardPublication.draft_id) & (AwardPublication.decision_id == row.id)
    published = select(Publication.number).join(AwardPublication, by_draft).order_by(sa.desc(col(Publication.number))).limit(1)
    return Decided(
        row,
        session.exec(lines).all(),
        session.get(AwardSignature, row.id),
        session.get(AwardAnnulment, row.id),
        session.exec(signed.where(AwardDecision.supersedes_id == row.id)).one_or_none(),
        session.exec(published).one_or_none(),
    )


def drafts_of(session: Session, decision: UUID | None) -> Sequence[UUID]:
    """Final publications that were drafted with a decision."""
    return session.exec(select(AwardPublication.draft_id).where(AwardPublication.decision_id == decision)).all()


def published_with(session: Session, draft_id: UUID) -> Decided | None:
    """The decision with which a final publication was drafted, as it is now."""
    row = session.get(AwardPublication, draft_id)
    found = None if row is None else session.get(AwardDecision, row.decision_id)
    return None if found is None else _decided(session, found)


def known_steps(session: Session, movement: str) -> dict[PlanStep, date]:
    """The days of what happened or was fixed on the way to the ceremony: the first posting, the last meeting, the last decision."""
    found = dict[PlanStep, date]()
    posted = [local_date(row.published_at) for row, draft in publications(session, movement) if draft.stage is Stage.POSTED]
    if posted:
        found[PlanStep.POSTING] = posted[0]
    meeting = last_meeting(session, movement)
    if meeting is not None:
        found |= {PlanStep.PAPERS: meeting.papers_sent_on, PlanStep.COUNCIL: meeting.held_on}
    signed = [one.signature.signed_on for one in decisions(session, movement) if one.signature is not None and one.state in IN_FORCE]
    return found | ({PlanStep.DECISION: max(signed)} if signed else {})


def publication_of(session: Session, movement: str, number: int) -> tuple[Publication, PublicationDraft]:
    found = next((one for one in publications(session, movement) if one[0].number == number), None)
    if found is None:
        raise NotFound
    return found
