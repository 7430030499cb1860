"""What the papers of a council's meeting say: minutes, and the counting board's minutes. They write themselves from what was recorded."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from app.council.models import Council
from app.council.rules import Presence
from app.council.schemas import AttendanceLineOut
from app.council.schemas_voting import MeetingOut, MotionOut
from app.documents.letters import issuer_of
from app.documents.papers import Paper, Say, Table
from app.errors import NotFound
from app.movements.queries import newest
from app.plans.models import Plan
from app.web.numbers import worded_day
from app.web.texts import Language, catalogue


def minutes(session: Session, plan: Plan, council: Council, told: MeetingOut, language: Language, say: Say) -> Paper:
    """Biên bản họp: who was there, what was voted on and how it came out."""
    words = catalogue(language)["words"]
    there = [
        (
            one.name or one.person,
            words["council_position"][one.position],
            _presence(one, words),
        )
        for one in told.attendance
    ]
    counts = {how: sum(one.presence is how for one in told.attendance) for how in Presence}
    return Paper(
        issuer=[" ".join(issuer_of(session, plan, say)), council.name.upper()],
        title=say("minutes-title"),
        abstract=say("minutes-abstract", council=council.name, on=worded_day(told.held_on)),
        addressee=None,
        paragraphs=[
            say("minutes-opening", on=worded_day(told.held_on), sent=worded_day(told.papers_sent_on)),
            say(
                "minutes-quorum",
                members=told.members,
                present=told.present,
                quorum=told.quorum,
                written=counts[Presence.WRITTEN],
                absent=counts[Presence.ABSENT],
                held=say("quorate" if told.quorate else "not-quorate"),
            ),
            *([say("minutes-late", reason=told.late_reason)] if told.late_reason else []),
        ],
        tables=[
            Table(say("attendance-table"), say("attendance-columns").split("|"), there, (5, 5.5, 6)),
            Table(
                say("motions-table"),
                say("motions-columns").split("|"),
                [_motion(one, words) for one in told.motions],
                (1.3, 5.5, 1.7, 1.9, 1.8, 1.4, 2.9),
            ),
        ],
        closing=[*_recused(told, say), say("minutes-closing")],
        signers=[[say("secretary-line")], [say("chair-line")]],
        is_synthetic=_is_synthetic(session, plan, council, told),
    )


def _presence(one: AttendanceLineOut, words: Any) -> str:
    said: str = words["presence"][one.presence]
    return f"{said} ({one.substitute_name or one.substitute})" if one.substitute else said


def _motion(one: MotionOut, words: Any) -> Sequence[str]:
    found = one.result
    counts = ("", "", "", "") if found is None else tuple(map(str, (found.votes_for, found.votes_against, found.abstained, found.needed)))
    return (str(one.number), one.text or "", *counts, words["motion_state"][one.state])


def _recused(told: MeetingOut, say: Say) -> list[str]:
    persons = {one.member: one.name or one.person for one in told.attendance}
    return [
        say("recused", number=motion.number, person=persons[one.member], reason=one.reason or "")
        for motion in told.motions
        for one in motion.recused
    ]


def _is_synthetic(session: Session, plan: Plan, council: Council, told: MeetingOut) -> bool:
    return plan.is_synthetic or council.is_synthetic or newest(session, told.movement).movement.is_synthetic


def ballots(session: Session, plan: Plan, council: Council, told: MeetingOut, say: Say) -> Paper:
    """Biên bản kiểm phiếu, of the motions that were voted on by secret ballot; `NotFound` where none was counted."""
    counted = [one for one in told.motions if one.result is not None and one.threshold.secret]
    if not counted:
        raise NotFound
    rows, widths = list(map(_counted, counted)), (1.3, 4, 1.5, 1.5, 1.5, 1.9, 1.8, 1.9, 1.1)
    return Paper(
        issuer=[" ".join(issuer_of(session, plan, say)), council.name.upper()],
        title=say("ballots-title"),
        abstract=say("ballots-abstract", council=council.name, on=worded_day(told.held_on)),
        addressee=None,
        paragraphs=[say("ballots-opening", on=worded_day(told.held_on), members=told.members, present=told.present)],
        tables=[Table(say("ballots-table"), say("ballots-columns").split("|"), rows, widths)],
        closing=[say("ballots-closing")],
        signers=[[say("counter-line")], [say("counting-head-line")]],
        is_synthetic=_is_synthetic(session, plan, council, told),
    )


def _counted(one: MotionOut) -> Sequence[str]:
    found = one.result
    assert found is not None, "chosen by it"
    valid = found.votes_for + found.votes_against + found.abstained
    returned = found.returned or 0
    figures = (found.issued or 0, returned, valid, returned - valid, found.votes_for, found.votes_against, found.needed)
    return (str(one.number), one.text or "", *map(str, figures))
