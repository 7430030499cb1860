"""Decisions: drafted here after the council advised, signed elsewhere, published, annulled or superseded."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.awards import checks, queries
from app.awards.models import AwardDecision, AwardDecisionLine
from app.awards.queries import Decided, Proposed
from app.awards.schemas_deciding import AwardDecisionIn, DecisionLineIn
from app.errors import Invalid
from app.nominations.queries import those
from app.nominations.rules import NominationState
from app.policy import Action, Actor
from app.tables import add, add_all, new_id


def decide(session: Session, actor: Actor, *, proposal: UUID, sent: AwardDecisionIn) -> Decided:
    """Dự thảo quyết định: what is not told follows the council; the chairman may depart from it, with a reason."""
    actor.require_everywhere(Action.AWARD_DECIDE)
    seen = queries.hold_newest(session, actor, proposal)
    movement, identifier = seen.proposal.movement_code, new_id()
    checks.check_superseded(session, movement, sent.supersedes)
    lines = _lines(session, seen, _told(seen, sent.lines))
    checks.check_forms(session, actor, seen, {one.nomination_id: one.is_separate for one in lines if one.is_granted}, {sent.supersedes})
    reasons = [audit.keep_text(session, one.reason) for one in lines]
    content = {
        "proposal": str(proposal),
        "supersedes": None if sent.supersedes is None else str(sent.supersedes),
        "lines": [
            [str(one.nomination_id), one.is_granted, one.is_advised, one.motion_id and str(one.motion_id), one.is_separate, why]
            for one, why in zip(lines, reasons, strict=True)
        ],
    }
    entry_id = audit.record(session, actor, "award_decision.drafted", checks.subject_of(identifier), [], content)
    row = AwardDecision(
        id=identifier,
        movement_code=movement,
        proposal_id=proposal,
        supersedes_id=sent.supersedes,
        drafted_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=entry_id,
    )
    add(session, row)
    rows = [
        AwardDecisionLine(
            decision_id=identifier,
            nomination_id=one.nomination_id,
            is_granted=one.is_granted,
            is_advised=one.is_advised,
            motion_id=one.motion_id,
            is_separate=one.is_separate,
            reason_commitment=why,
            entry_id=entry_id,
        )
        for one, why in zip(lines, reasons, strict=True)
    ]
    if rows:
        add_all(session, rows)
    return queries.open_decision(session, actor, identifier)


class _Line(NamedTuple):
    nomination_id: UUID
    is_granted: bool
    is_advised: bool | None
    motion_id: UUID | None
    is_separate: bool
    reason: str | None


def _lines(session: Session, seen: Proposed, told: Mapping[UUID, tuple[int, DecisionLineIn]]) -> list[_Line]:
    """Every line of the proposal, as it was told, else as the council advised."""
    dossiers, advice = those(session, [line.nomination_id for line in seen.lines]), checks.advice(session, seen)
    found = []
    for line in seen.lines:
        last, state = advice.get(line.nomination_id), dossiers[line.nomination_id].step.state
        advised = None if last is None else last.is_adopted
        number, said = told.get(line.nomination_id, (None, None))
        at = "#/lines" if number is None else f"#/lines/{number}"
        granted, separate, reason = (bool(advised), False, None) if said is None else (said.granted, said.separate, said.reason)
        if separate and not granted:
            raise Invalid(f"{at}/separate", "only-where-granted")
        if separate and reason is None:
            raise Invalid(f"{at}/reason", "missing")
        if granted is not bool(advised) and reason is None:
            raise Invalid(f"{at}/reason", "departs-from-the-council")
        if granted and state is NominationState.WITHDRAWN:
            raise Invalid(at, "dossier-withdrawn")
        if granted and state is not NominationState.COMPLETE and reason is None:
            raise Invalid(at, "dossier-not-complete")
        found.append(_Line(line.nomination_id, granted, advised, None if last is None else last.motion_id, separate, reason))
    return found


def _told(seen: Proposed, lines: Sequence[DecisionLineIn]) -> dict[UUID, tuple[int, DecisionLineIn]]:
    found = dict[UUID, tuple[int, DecisionLineIn]]()
    for number, line in enumerate(lines):
        if seen.line(line.nomination) is None:
            raise Invalid(f"#/lines/{number}/nomination", "not-in-the-proposal")
        if line.nomination in found:
            raise Invalid(f"#/lines/{number}/nomination", "stands-already")
        found[line.nomination] = number, line
    return found
