from collections.abc import Iterator, Sequence
from uuid import UUID

import rfc8785
from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject
from app.awards import queries
from app.awards.models import AwardMotion, AwardProposal, AwardProposalLine
from app.awards.rules import LineKind
from app.awards.schemas import DepartureIn
from app.awards.solving import Basis
from app.council import moving
from app.council.queries import convened
from app.errors import Invalid, Problem, Stale
from app.movements.queries import lock_movement
from app.nominations.queries import those
from app.nominations.rules import NominationState
from app.nominations.shown import lines as dossier_lines
from app.policy import Action, Actor
from app.schemes.queries import newest as newest_scheme
from app.schemes.queries import open_scheme
from app.tables import add, add_all, new_id
from app.web.texts import say


class NothingToVoteOn(Problem):
    """Every line of the proposal is before the council already, or was left out."""

    status, slug = 409, "nothing-to-vote-on"


def propose(session: Session, actor: Actor, *, made: Basis, departures: Sequence[DepartureIn]) -> AwardProposal:
    """Lập phương án khen thưởng. `made` was solved before; departures are people's, each with its reason."""
    actor.require_everywhere(Action.AWARD_PROPOSE)
    lock_movement(session, made.movement)
    scheme = newest_scheme(session, made.movement)
    if scheme is None or scheme.version != made.version:
        raise Stale
    identifier, kinds = new_id(), _kinds(made, departures)
    reasons = {one.nomination: audit.keep_text(session, one.reason) for one in departures}
    content = rfc8785.dumps(made.content).decode()
    told = {
        "publication": made.publication,
        "scheme": made.version,
        "solved": content,
        "lines": [[str(nomination), kind, reasons.get(nomination)] for nomination, kind in sorted(kinds.items())],
    }
    entry_id = audit.record(session, actor, "awards.proposed", Subject("award_proposal", str(identifier)), [], told)
    row = AwardProposal(
        id=identifier,
        movement_code=made.movement,
        publication=made.publication,
        scheme_version=made.version,
        content=content,
        made_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=entry_id,
    )
    add(session, row)
    lines = [
        AwardProposalLine(
            proposal_id=identifier,
            nomination_id=nomination,
            movement_code=made.movement,
            award_code=made.dossiers[str(nomination)].row.award_code,
            kind=kind,
            reason_commitment=reasons.get(nomination),
            entry_id=entry_id,
        )
        for nomination, kind in sorted(kinds.items())
    ]
    if lines:
        add_all(session, lines)
    return row


def _kinds(made: Basis, departures: Sequence[DepartureIn]) -> dict[UUID, LineKind]:
    found = dict[UUID, LineKind]()
    for allotment in made.solved.allotments:
        found |= {UUID(one): LineKind.PROPOSED for one in allotment.recipients}
        found |= {UUID(one): LineKind.AT_THE_CUT for one in allotment.sharing}
    departed = set[UUID]()
    for number, one in enumerate(departures):
        pointer = f"#/departures/{number}/nomination"
        if str(one.nomination) not in made.dossiers:
            raise Invalid(pointer, "no-such-dossier")
        if one.nomination in departed:
            raise Invalid(pointer, "stands-already")
        departed.add(one.nomination)
        stands = found.get(one.nomination)
        if (stands is LineKind.PROPOSED) if one.take else (stands is None):
            raise Invalid(f"#/departures/{number}/take", "no-departure")
        found[one.nomination] = LineKind.ADDED if one.take else LineKind.LEFT_OUT
    return found


def table_motions(session: Session, actor: Actor, *, proposal: UUID, meeting: UUID) -> list[UUID]:
    """Đưa từng trường hợp ra Hội đồng: a motion for each line that has none, under the threshold of its award."""
    actor.require_everywhere(Action.AWARD_PROPOSE)
    seen, known = queries.open_proposal(session, actor, proposal, lock=True), convened(session, actor, meeting)
    row = seen.proposal
    if known.meeting.movement_code != row.movement_code or known.meeting.publication != row.publication:
        raise Invalid("#/meeting", "other-papers")
    scheme = open_scheme(session, actor, row.movement_code, row.scheme_version)[1]
    made = list[UUID]()
    for line, text in _to_vote_on(session, seen):
        award = scheme.award(line.award_code)
        assert award is not None, "held by the proposal"
        if known.regulation.named(award.threshold) is None:
            raise Invalid("#/meeting", "regulation-lacks-a-threshold", threshold=award.threshold)
        motion = moving.table(session, actor, meeting=meeting, text=text, threshold=award.threshold)
        content = {"motion": str(motion.id), "nomination": str(line.nomination_id)}
        entry_id = audit.record(session, actor, "awards.tabled", Subject("award_proposal", str(proposal)), [], content)
        add(session, AwardMotion(motion_id=motion.id, proposal_id=proposal, nomination_id=line.nomination_id, entry_id=entry_id))
        made.append(motion.id)
    if not made:
        raise NothingToVoteOn
    return made


def _to_vote_on(session: Session, seen: queries.Proposed) -> Iterator[tuple[AwardProposalLine, str]]:
    """With the words of the motion; not what was withdrawn since."""
    wanted = [one for one in seen.lines if one.kind is not LineKind.LEFT_OUT and one.nomination_id not in seen.motions]
    known = those(session, [one.nomination_id for one in wanted])
    told = {one.id: one for one in dossier_lines(session, list(known.values()))}
    for line in wanted:
        one = told[line.nomination_id]
        if one.state is NominationState.WITHDRAWN:
            continue
        yield line, say("vi", "awards", "motion", award=one.award_name, name=one.name or str(one.id))
