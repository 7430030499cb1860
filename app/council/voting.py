"""Votes on an open motion, and its closing with what was counted."""

from collections import Counter
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import person_scope
from app.council import queries
from app.council.models import MotionClosing, MotionVoter, Vote
from app.council.moving import all_members, opened, subject_of
from app.council.queries import Moved
from app.council.rules import Choice, Outcome, Tally, outcome
from app.council.schemas_voting import BallotsIn, VoteIn
from app.errors import Invalid, NotAllowed, NotFound, Problem, Stale
from app.policy import Action, Actor, ActorKind
from app.tables import add


class VotingClosed(Problem):
    """It is not open yet, or over."""

    status, slug = 409, "voting-closed"


class OnPaper(Problem):
    """Votes on this motion are secret: ballots of paper, never the service."""

    status, slug = 409, "on-paper"


class NotYourVote(Problem):
    """A vote is cast by the member or their substitute; an opinion in writing is entered by the office."""

    status, slug = 403, "not-your-vote"


def vote(session: Session, actor: Actor, *, motion: UUID, member: UUID, expected: int, sent: VoteIn) -> Vote:
    """Biểu quyết, or change one's vote while it is open."""
    seen = queries.open_motion(session, actor, motion, lock=True)
    voter = next((one for one in seen.voters if one.member_id == member), None)
    _check_voter(actor, voter, sent)
    if seen.motion.is_secret:
        raise OnPaper
    if seen.opening is None or seen.closing is not None:
        raise VotingClosed
    earlier = seen.votes.get(member)
    if expected != (earlier.version if earlier else 0):
        raise Stale
    content = {**sent.model_dump(mode="json"), "member": str(member), "version": expected + 1}
    row = Vote(
        motion_id=motion,
        member_id=member,
        version=expected + 1,
        chosen=sent.choice,
        document=sent.document,
        cast_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=audit.record(session, actor, "vote.cast", subject_of(motion), [person_scope(actor.id)], content),
    )
    return add(session, row)


def _check_voter(actor: Actor, voter: MotionVoter | None, sent: VoteIn) -> None:
    if voter is None:
        raise NotFound
    if voter.person_id is None:
        if not actor.may(Action.COUNCIL_MANAGE):
            raise NotYourVote
        if sent.document is None:
            raise Invalid("#/document", "missing")
        return
    if actor.kind is not ActorKind.PERSON or actor.id != voter.person_id:
        raise NotYourVote
    if not actor.may(Action.COUNCIL_VOTE):
        raise NotAllowed
    if sent.document is not None:
        raise Invalid("#/document", "of-an-absent-member")


def close(session: Session, actor: Actor, *, motion: UUID, ballots: BallotsIn | None) -> MotionClosing:
    """Kết thúc biểu quyết: count the votes, or enter what the counting board found."""
    actor.require_everywhere(Action.COUNCIL_MANAGE)
    known, seen = opened(session, actor, motion)
    if seen.opening is None or seen.closing is not None:
        raise VotingClosed
    if seen.motion.is_secret != (ballots is not None):
        raise Invalid("#/ballots", "missing" if ballots is None else "not-on-paper")
    rules = known.regulation.named(seen.motion.threshold)
    assert rules is not None
    tally = _tally(seen, ballots)
    found = outcome(rules.threshold(), tally)
    content = {
        "votes": {one: tally.votes.get(one, 0) for one in Choice},
        "ballots": None if ballots is None else ballots.model_dump(mode="json"),
        "whole": found.whole,
        "needed": found.needed,
        "adopted": found.is_adopted,
        "by_the_chair": found.by_the_chair,
    }
    entry_id = audit.record(session, actor, "motion.closed", subject_of(motion), all_members(known), content)
    return add(session, _closing(session, actor, seen, tally, found, ballots, entry_id), {"pk_motion_closing": VotingClosed()})


def _tally(seen: Moved, ballots: BallotsIn | None) -> Tally:
    assert seen.opening is not None
    chair = next((one.member_id for one in seen.voters if one.is_chair), None)
    if ballots is None:
        votes = Counter(vote.chosen for vote in seen.votes.values())
        chairs = seen.votes[chair].chosen if chair in seen.votes else None
        return Tally(seen.opening.members, len(seen.voters), votes, chairs)
    counted = {Choice.FOR: ballots.votes_for, Choice.AGAINST: ballots.votes_against, Choice.ABSTAIN: ballots.abstained}
    for name, most in (("issued", len(seen.voters)), ("returned", ballots.issued)):
        if getattr(ballots, name) > most:
            raise Invalid(f"#/ballots/{name}", "too-large", limit=most)
    if sum(counted.values()) > ballots.returned:
        raise Invalid("#/ballots", "more-than-returned")
    return Tally(seen.opening.members, len(seen.voters), counted)


def _closing(
    session: Session, actor: Actor, seen: Moved, tally: Tally, found: Outcome, ballots: BallotsIn | None, entry_id: UUID
) -> MotionClosing:
    return MotionClosing(
        motion_id=seen.motion.id,
        is_secret=seen.motion.is_secret,
        votes_for=tally.votes.get(Choice.FOR, 0),
        votes_against=tally.votes.get(Choice.AGAINST, 0),
        abstained=tally.votes.get(Choice.ABSTAIN, 0),
        whole=found.whole,
        needed=found.needed,
        is_adopted=found.is_adopted,
        by_the_chair=found.by_the_chair,
        issued=ballots.issued if ballots else None,
        returned=ballots.returned if ballots else None,
        protocol=ballots.protocol if ballots else None,
        closed_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=entry_id,
    )
