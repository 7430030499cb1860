"""Motions before the vote: tabled, recused from, and opened with whoever may vote then."""

from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, person_scope
from app.council import queries
from app.council.models import Motion, MotionOpening, MotionVoter, Recusal
from app.council.queries import Convened, Moved
from app.errors import Invalid, Problem
from app.policy import Action, Actor
from app.tables import add, add_all, new_id


class NoQuorum(Problem):
    """Too few members are there, or nobody may vote."""

    status, slug = 409, "no-quorum"


class BeforeTheMeeting(Problem):
    status, slug = 409, "before-the-meeting"


class VotingBegan(Problem):
    """It is open or over: who may vote is fixed."""

    status, slug = 409, "voting-began"


def table(session: Session, actor: Actor, *, meeting: UUID, text: str, threshold: str, about: str | None = None) -> Motion:
    """Đưa nội dung ra biểu quyết. `about` is the commitment of a person's name, which the text leaves out."""
    actor.require_everywhere(Action.COUNCIL_MANAGE)
    known = queries.convened(session, actor, meeting, lock=True)
    rules = known.regulation.named(threshold)
    if rules is None:
        raise Invalid("#/threshold", "no-such-threshold")
    commitment = audit.keep_text(session, text)
    assert commitment is not None
    identifier, number = new_id(), len(queries.motions(session, meeting)) + 1
    content = {"meeting": str(meeting), "number": number, "text": commitment, "about": about, "threshold": threshold}
    row = Motion(
        id=identifier,
        meeting_id=meeting,
        number=number,
        text_commitment=commitment,
        about_commitment=about,
        threshold=threshold,
        is_secret=rules.secret,
        entry_id=audit.record(session, actor, "motion.tabled", subject_of(identifier), all_members(known), content),
    )
    return add(session, row)


def subject_of(motion: UUID) -> Subject:
    return Subject("motion", str(motion))


def all_members(known: Convened) -> list[str]:
    return [person_scope(seat.person_id) for seat in known.seats]


def recuse(session: Session, actor: Actor, *, motion: UUID, member: UUID, reason: str) -> None:
    """Không tham gia biểu quyết: by the member, or as the office records it."""
    known, seen = opened(session, actor, motion)
    seat = next((one for one in known.seats if one.id == member), None)
    if seat is None:
        raise Invalid("#/member", "no-such-member")
    if actor.id != seat.person_id:
        actor.require_everywhere(Action.COUNCIL_MANAGE)
    if seen.opening is not None:
        raise VotingBegan
    if member in {one.member_id for one in seen.recusals}:
        raise Invalid("#/member", "stands-already")
    commitment = audit.keep_text(session, reason)
    assert commitment is not None
    content = {"member": str(member), "reason": commitment}
    entry_id = audit.record(session, actor, "motion.recused", subject_of(motion), all_members(known), content)
    row = Recusal(motion_id=motion, member_id=member, reason_commitment=commitment, entry_id=entry_id)
    add(session, row)


def opened(session: Session, actor: Actor, motion: UUID) -> tuple[Convened, Moved]:
    seen = queries.open_motion(session, actor, motion, lock=True)
    return queries.convened(session, actor, seen.motion.meeting_id), seen


def open_vote(session: Session, actor: Actor, *, motion: UUID) -> MotionOpening:
    """Mở biểu quyết: whoever takes part now and is not recused may vote; what comes later changes nothing."""
    actor.require_everywhere(Action.COUNCIL_MANAGE)
    known, seen = opened(session, actor, motion)
    if seen.opening is not None:
        raise VotingBegan
    if clock.today(session) < known.meeting.held_on:
        raise BeforeTheMeeting
    recused = {one.member_id for one in seen.recusals}
    voters = known.voters(recused)
    if known.present < known.quorum or not voters:
        raise NoQuorum
    members = sum(seat.id not in recused for seat in known.seats)
    told = {str(member): None if person is None else str(person) for member, person in voters.items()}
    entry_id = audit.record(session, actor, "motion.opened", subject_of(motion), all_members(known), {"members": members, "voters": told})
    is_secret = seen.motion.is_secret
    row = MotionOpening(motion_id=motion, is_secret=is_secret, members=members, opened_at=clock.at(session), entry_id=entry_id)
    add(session, row, {"pk_motion_opening": VotingBegan()})
    frozen = [
        MotionVoter(
            motion_id=motion, member_id=member, is_secret=is_secret, person_id=person, is_chair=known.chairs(member), entry_id=entry_id
        )
        for member, person in voters.items()
    ]
    add_all(session, frozen)
    return row
