from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.accounts.queries import person_codes, person_names
from app.audit.queries import texts
from app.council import queries
from app.council.models import Council, CouncilMember, CouncilRegulation, Meeting, Motion, MotionClosing, Vote
from app.council.queries import Moved
from app.council.rules import motion_state
from app.council.schemas import AttendanceLineOut, CouncilOut, MeetingLineOut, MemberOut, RegulationIn, RegulationOut
from app.council.schemas_voting import MeetingOut, MotionOut, MotionResultOut, RecusalOut, VoteOut
from app.policy import Actor
from app.web.texts import say


def council(session: Session, row: Council) -> CouncilOut:
    seats = queries.seats(session, row.code)
    codes = person_codes(session, {seat.person_id for seat, _ in seats})
    members = [member(seat, codes[seat.person_id], until) for seat, until in seats]
    return CouncilOut(code=row.code, name=row.name, decision=row.decision, synthetic=row.is_synthetic, members=members)


def member(seat: CouncilMember, code: str, until: date | None) -> MemberOut:
    return MemberOut(id=seat.id, person=code, position=seat.position, since=seat.since, until=until)


def regulation(row: CouncilRegulation) -> RegulationOut:
    return RegulationOut(council=row.council_code, version=row.version, regulation=queries.read(row))


def meeting_line(row: Meeting, said: Mapping[str | None, str]) -> MeetingLineOut:
    return MeetingLineOut(
        id=row.id,
        council=row.council_code,
        movement=row.movement_code,
        held_on=row.held_on,
        papers_sent_on=row.papers_sent_on,
        publication=row.publication,
        late_reason=said.get(row.late_reason_commitment),
        regulation=row.regulation,
    )


def meeting(session: Session, actor: Actor, meeting_id: UUID) -> MeetingOut:
    known = queries.convened(session, actor, meeting_id)
    substitutes = {one.member_id: one.substitute_id for one in known.listed.values() if one.substitute_id is not None}
    people = {*(seat.person_id for seat in known.seats), *substitutes.values()}
    codes, names = person_codes(session, people), person_names(session, people)
    attendance = [
        AttendanceLineOut(
            member=seat.id,
            person=codes[seat.person_id],
            name=names.get(seat.person_id),
            position=seat.position,
            presence=known.presence(seat.id),
            substitute=codes[substitutes[seat.id]] if seat.id in substitutes else None,
            substitute_name=names.get(substitutes[seat.id]) if seat.id in substitutes else None,
        )
        for seat in known.seats
    ]
    line = meeting_line(known.meeting, texts(session, [known.meeting.late_reason_commitment]))
    tabled = [queries.moved(session, row) for row in queries.motions(session, meeting_id)]
    return MeetingOut(
        **vars(line),
        version=known.version,
        attendance=attendance,
        members=len(known.seats),
        present=known.present,
        quorum=known.quorum,
        quorate=known.present >= known.quorum,
        motions=[_motion(session, actor, known.regulation, one) for one in tabled],
    )


def motion(session: Session, actor: Actor, motion_id: UUID) -> MotionOut:
    seen = queries.open_motion(session, actor, motion_id)
    known = queries.convened(session, actor, seen.motion.meeting_id)
    return _motion(session, actor, known.regulation, seen)


def _motion(session: Session, actor: Actor, rules: RegulationIn, seen: Moved) -> MotionOut:
    threshold = rules.named(seen.motion.threshold)
    assert threshold is not None
    said = texts(session, [seen.motion.text_commitment, seen.motion.about_commitment, *(one.reason_commitment for one in seen.recusals)])
    own = {one.member_id for one in seen.voters if one.person_id == actor.id}
    mine = next((one for member, one in seen.votes.items() if member in own), None)
    return MotionOut(
        id=seen.motion.id,
        meeting=seen.motion.meeting_id,
        number=seen.motion.number,
        text=_text(seen.motion, said),
        threshold=threshold,
        state=motion_state(is_open=seen.opening is not None, is_adopted=None if seen.closing is None else seen.closing.is_adopted),
        members=seen.opening.members if seen.opening else None,
        voters=[one.member_id for one in seen.voters],
        recused=[RecusalOut(member=one.member_id, reason=said.get(one.reason_commitment)) for one in seen.recusals],
        mine=None if mine is None else vote(mine),
        votes=[vote(one) for _, one in sorted(seen.votes.items())] if seen.closing else [],
        result=None if seen.closing is None else _result(seen.closing),
    )


def _text(row: Motion, said: Mapping[str | None, str]) -> str | None:
    """With the person whom it is about at its end; of both, what was not erased."""
    text = said.get(row.text_commitment)
    if text is None or row.about_commitment is None:
        return text
    return f"{text} {said.get(row.about_commitment) or say('vi', 'papers', 'erased')}"


def vote(row: Vote) -> VoteOut:
    return VoteOut.model_validate({**row.model_dump(), "member": row.member_id, "choice": row.chosen})


def _result(row: MotionClosing) -> MotionResultOut:
    return MotionResultOut.model_validate(row)
