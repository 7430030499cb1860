"""The cases of a proposal before the council: each a motion, under the threshold of its award."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject
from app.awards import queries
from app.awards.models import AwardMotion, AwardProposalLine
from app.awards.rules import LineKind
from app.awards.schemas import AgainIn
from app.council import moving
from app.council.queries import closings, convened
from app.errors import Invalid, Problem
from app.nominations.queries import those
from app.nominations.rules import NominationState
from app.nominations.shown import lines as dossier_lines
from app.policy import Action, Actor
from app.schemes.queries import open_scheme
from app.tables import add
from app.web.texts import say


class NothingToVoteOn(Problem):
    """Every line of the proposal is before the council already, or was left out."""

    status, slug = 409, "nothing-to-vote-on"


def table_motions(session: Session, actor: Actor, *, proposal: UUID, meeting: UUID, again: Sequence[AgainIn]) -> list[UUID]:
    """Đưa từng trường hợp ra Hội đồng: a motion for each line that was not voted on yet, under the threshold of its award.

    What was voted on is voted on again with a newer proposal alone, and with a reason, which stands in the motion's words.
    """
    actor.require_everywhere(Action.AWARD_PROPOSE)
    seen, known = queries.hold_newest(session, actor, proposal), convened(session, actor, meeting)
    row = seen.proposal
    if known.meeting.movement_code != row.movement_code or known.meeting.publication != row.publication:
        raise Invalid("#/meeting", "other-papers")
    scheme = open_scheme(session, actor, row.movement_code, row.scheme_version)[1]
    made = list[UUID]()
    for line, text, about in _to_vote_on(session, seen, _again(session, seen, again)):
        award = scheme.award(line.award_code)
        assert award is not None, "held by the proposal"
        if known.regulation.named(award.threshold) is None:
            raise Invalid("#/meeting", "regulation-lacks-a-threshold", threshold=award.threshold)
        motion = moving.table(session, actor, meeting=meeting, text=text, threshold=award.threshold, about=about)
        content = {"motion": str(motion.id), "nomination": str(line.nomination_id)}
        entry_id = audit.record(session, actor, "awards.tabled", Subject("award_proposal", str(proposal)), [], content)
        add(session, AwardMotion(motion_id=motion.id, proposal_id=proposal, nomination_id=line.nomination_id, entry_id=entry_id))
        made.append(motion.id)
    if not made:
        raise NothingToVoteOn
    return made


def _again(session: Session, seen: queries.Proposed, again: Sequence[AgainIn]) -> dict[UUID, str]:
    """Why each of these is voted on once more, by dossier: the vote before it is over, and came with an earlier proposal."""
    over, found = closings(session, seen.motions.values()), dict[UUID, str]()
    for number, one in enumerate(again):
        pointer, line = f"#/again/{number}/nomination", seen.line(one.nomination)
        if line is None or line.kind is LineKind.LEFT_OUT:
            raise Invalid(pointer, "not-in-the-proposal")
        if one.nomination in found:
            raise Invalid(pointer, "stands-already")
        if seen.motions.get(one.nomination) not in over:
            raise Invalid(pointer, "no-vote-to-repeat")
        if seen.proposal.id in {before.proposal for before in seen.tabled[one.nomination]}:
            raise Invalid(pointer, "voted-on-with-this-proposal")
        found[one.nomination] = one.reason
    return found


def _to_vote_on(session: Session, seen: queries.Proposed, again: Mapping[UUID, str]) -> Iterator[tuple[AwardProposalLine, str, str | None]]:
    """With the words of the motion, and the person whom it is about; not what was withdrawn since."""
    wanted = [one for one in seen.lines if one.kind is not LineKind.LEFT_OUT]
    waiting = [one for one in wanted if seen.can_be_tabled(one.nomination_id) or one.nomination_id in again]
    known = those(session, [one.nomination_id for one in waiting])
    told = {one.id: one for one in dossier_lines(session, list(known.values()), seen.proposal.entry_id)}
    for line in waiting:
        one, about = told[line.nomination_id], known[line.nomination_id].row.name_commitment
        if one.state is NominationState.WITHDRAWN:
            continue
        words = {"award": one.award_name, "name": one.name or "" if about is None else "", "reason": again.get(one.id, "")}
        slug = "motion-again" if one.id in again else "motion"
        yield line, say("vi", "awards", slug, round=seen.rounds(one.id) + 1, **words).strip(), about
