from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.council.models import (
    Attendance,
    Council,
    CouncilMember,
    CouncilMemberEnd,
    CouncilRegulation,
    Meeting,
    Motion,
    MotionClosing,
    MotionOpening,
    MotionVoter,
    Recusal,
    Vote,
)
from app.council.rules import CouncilPosition, MotionState, Presence, motion_state
from app.council.schemas import RegulationIn
from app.errors import NotFound
from app.policy import Action, Actor

Seat = tuple[CouncilMember, date | None]
"""With the last day."""


def councils(session: Session, actor: Actor) -> Sequence[Council]:
    actor.require(Action.COUNCIL_READ)
    return session.exec(select(Council).order_by(Council.code)).all()


def open_council(session: Session, actor: Actor, code: str, *, lock: bool = False) -> Council:
    asked = select(Council).where(Council.code == code)
    found = session.exec(asked.with_for_update() if lock else asked).one_or_none()
    if found is None or not actor.may(Action.COUNCIL_READ):
        raise NotFound
    return found


def seats(session: Session, council: str, on: date | None = None) -> Sequence[Seat]:
    """In the order in which they were seated; with a day, those who are members on it."""
    asked = select(CouncilMember, CouncilMemberEnd).outerjoin(CouncilMemberEnd, col(CouncilMemberEnd.member_id) == CouncilMember.id)
    rows = session.exec(asked.where(CouncilMember.council_code == council).order_by(col(CouncilMember.id))).all()
    found = [(row, None if end is None else end.until) for row, end in rows]
    return [(row, until) for row, until in found if on is None or (row.since <= on and (until is None or on <= until))]


def open_member(session: Session, council: str, member_id: UUID) -> Seat:
    found = next((seat for seat in seats(session, council) if seat[0].id == member_id), None)
    if found is None:
        raise NotFound
    return found


def regulation(session: Session, council: str, version: int | None = None) -> CouncilRegulation | None:
    """That version, or the newest."""
    asked = select(CouncilRegulation).where(CouncilRegulation.council_code == council)
    if version is not None:
        asked = asked.where(CouncilRegulation.version == version)
    return session.exec(asked.order_by(sa.desc(col(CouncilRegulation.version))).limit(1)).one_or_none()


def read(row: CouncilRegulation) -> RegulationIn:
    return RegulationIn.model_validate_json(row.content)


def meetings(session: Session, actor: Actor, council: str, after: UUID | None, limit: int) -> Sequence[Meeting]:
    """Newest first, one more than `limit`."""
    open_council(session, actor, council)
    asked = select(Meeting).where(Meeting.council_code == council)
    if after is not None:
        asked = asked.where(col(Meeting.id) < after)
    return session.exec(asked.order_by(sa.desc(col(Meeting.id))).limit(limit + 1)).all()


@dataclass(frozen=True)
class Convened:
    """A meeting with its rules and with who takes part, as the newest list says."""

    meeting: Meeting
    regulation: RegulationIn
    seats: Sequence[CouncilMember]
    version: int
    """Of the list; 0 before the first."""
    listed: dict[UUID, Attendance]

    def presence(self, member: UUID) -> Presence:
        return self.listed[member].presence if member in self.listed else Presence.ABSENT

    @property
    def present(self) -> int:
        """Who counts for the quorum: whoever is there, and substitutes where they vote."""
        there = {Presence.PRESENT} | ({Presence.SUBSTITUTE} if self.regulation.substitutes_vote else set())
        return sum(self.presence(seat.id) in there for seat in self.seats)

    @property
    def quorum(self) -> int:
        return self.regulation.quorum.share().needed(len(self.seats))

    def voters(self, recused: set[UUID]) -> dict[UUID, UUID | None]:
        """Who votes for each member that takes part; None where their opinion is in writing."""
        found = dict[UUID, UUID | None]()
        for seat in self.seats:
            how = self.presence(seat.id)
            if seat.id in recused or how is Presence.ABSENT:
                continue
            if how is Presence.PRESENT:
                found[seat.id] = seat.person_id
            elif how is Presence.SUBSTITUTE and self.regulation.substitutes_vote:
                found[seat.id] = self.listed[seat.id].substitute_id
            elif how is Presence.WRITTEN and self.regulation.written_opinions_count:
                found[seat.id] = None
        return found

    def chairs(self, member: UUID) -> bool:
        """Whether the chair sits there in person."""
        seat = next(one for one in self.seats if one.id == member)
        return seat.position is CouncilPosition.CHAIR and self.presence(member) is Presence.PRESENT


def convened(session: Session, actor: Actor, meeting_id: UUID, *, lock: bool = False) -> Convened:
    asked = select(Meeting).where(Meeting.id == meeting_id)
    row = session.exec(asked.with_for_update() if lock else asked).one_or_none()
    if row is None or not actor.may(Action.COUNCIL_READ):
        raise NotFound
    rules = regulation(session, row.council_code, row.regulation)
    assert rules is not None
    listed = session.exec(select(Attendance).where(Attendance.meeting_id == meeting_id)).all()
    version = max((one.version for one in listed), default=0)
    newest = {one.member_id: one for one in listed if one.version == version}
    seated = [seat for seat, _ in seats(session, row.council_code, row.held_on)]
    return Convened(row, read(rules), seated, version, newest)


def motions(session: Session, meeting_id: UUID) -> Sequence[Motion]:
    return session.exec(select(Motion).where(Motion.meeting_id == meeting_id).order_by(col(Motion.number))).all()


def motion_states(session: Session, ids: Collection[UUID]) -> dict[UUID, MotionState]:
    opened = set(session.exec(select(MotionOpening.motion_id).where(col(MotionOpening.motion_id).in_(ids))).all())
    adopted = {one.motion_id: one.is_adopted for one in closings(session, ids).values()}
    return {motion: motion_state(is_open=motion in opened, is_adopted=adopted.get(motion)) for motion in ids}


def closings(session: Session, ids: Collection[UUID]) -> dict[UUID, MotionClosing]:
    """Of those on which the vote is over."""
    return {one.motion_id: one for one in session.exec(select(MotionClosing).where(col(MotionClosing.motion_id).in_(ids))).all()}


def meeting_days(session: Session, motions: Collection[UUID]) -> dict[UUID, date]:
    """When the meeting of each motion is held."""
    asked: Any = select(Motion, Meeting).join(Meeting, col(Meeting.id) == Motion.meeting_id)
    return {motion.id: meeting.held_on for motion, meeting in session.exec(asked.where(col(Motion.id).in_(motions))).all()}


def last_meeting(session: Session, movement: str) -> Meeting | None:
    asked = select(Meeting).where(Meeting.movement_code == movement)
    return session.exec(asked.order_by(sa.desc(col(Meeting.held_on)), sa.desc(col(Meeting.id))).limit(1)).one_or_none()


@dataclass(frozen=True)
class Moved:
    """A motion with everything that happened to it."""

    motion: Motion
    opening: MotionOpening | None
    closing: MotionClosing | None
    recusals: Sequence[Recusal]
    voters: Sequence[MotionVoter]
    votes: dict[UUID, Vote]
    """The newest of each member."""


def open_motion(session: Session, actor: Actor, motion_id: UUID, *, lock: bool = False) -> Moved:
    asked = select(Motion).where(Motion.id == motion_id)
    row = session.exec(asked.with_for_update() if lock else asked).one_or_none()
    if row is None or not actor.may(Action.COUNCIL_READ):
        raise NotFound
    return moved(session, row)


def moved(session: Session, row: Motion) -> Moved:
    votes = session.exec(select(Vote).where(Vote.motion_id == row.id).order_by(col(Vote.version))).all()
    return Moved(
        motion=row,
        opening=session.get(MotionOpening, row.id),
        closing=session.get(MotionClosing, row.id),
        recusals=session.exec(select(Recusal).where(Recusal.motion_id == row.id).order_by(col(Recusal.member_id))).all(),
        voters=session.exec(select(MotionVoter).where(MotionVoter.motion_id == row.id).order_by(col(MotionVoter.member_id))).all(),
        votes={vote.member_id: vote for vote in votes},
    )
