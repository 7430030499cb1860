from collections.abc import Sequence
from datetime import date
from uuid import UUID

import rfc8785
from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.queries import person_coded
from app.audit import actions as audit
from app.audit.rules import Subject, person_scope
from app.calendar.queries import calendar
from app.clock import local_date
from app.council import queries
from app.council.models import Attendance, Council, CouncilMember, CouncilMemberEnd, CouncilRegulation, Meeting
from app.council.rules import CouncilPosition, Presence
from app.council.schemas import AttendanceLineIn, CouncilIn, MeetingIn, MemberIn, RegulationIn
from app.errors import CodeTaken, Invalid, Problem, Stale
from app.movements.queries import open_shown
from app.policy import Action, Actor
from app.publishing.queries import publications
from app.tables import add, add_all, new_id


class SeatTaken(Problem):
    """The council has a chair then, or this person sits on it already."""

    status, slug = 409, "seat-taken"


class SeatVacated(Problem):
    """This member's last day was recorded before."""

    status, slug = 409, "seat-vacated"


class NoRegulation(Problem):
    """Without its regulation a council does not meet."""

    status, slug = 409, "no-regulation"


def found(session: Session, actor: Actor, *, sent: CouncilIn) -> Council:
    """Lập Hội đồng."""
    actor.require_everywhere(Action.COUNCIL_MANAGE)
    subject = Subject("council", sent.code)
    row = Council(
        code=sent.code,
        name=sent.name,
        decision=sent.decision,
        is_synthetic=sent.synthetic,
        entry_id=audit.record(session, actor, "council.founded", subject, [], sent.model_dump(mode="json")),
    )
    return add(session, row, {"pk_council": CodeTaken()})


def regulate(session: Session, actor: Actor, *, council: str, expected: int, sent: RegulationIn) -> CouncilRegulation:
    """Ban hành quy chế. Meetings that were called keep theirs."""
    actor.require_everywhere(Action.COUNCIL_MANAGE)
    queries.open_council(session, actor, council, lock=True)
    newest = queries.regulation(session, council)
    if expected != (newest.version if newest else 0):
        raise Stale
    _check(sent)
    content = sent.model_dump(mode="json")
    row = CouncilRegulation(
        council_code=council,
        version=expected + 1,
        content=rfc8785.dumps(content).decode(),
        entry_id=audit.record(session, actor, "council.regulated", Subject("council", council), [], content),
    )
    return add(session, row)


def _check(sent: RegulationIn) -> None:
    shares = {"#/quorum": sent.quorum} | {f"#/thresholds/{number}/share": one.share for number, one in enumerate(sent.thresholds)}
    for pointer, share in shares.items():
        if share.numerator + share.strict > share.denominator:
            raise Invalid(pointer, "more-than-the-whole")
    codes = [one.code for one in sent.thresholds]
    for number, one in enumerate(sent.thresholds):
        if one.code in codes[:number]:
            raise Invalid(f"#/thresholds/{number}/code", "stands-already")
        if one.chair_breaks_ties and (one.secret or 2 * one.share.numerator != one.share.denominator):
            raise Invalid(f"#/thresholds/{number}/chair_breaks_ties", "tie-of-halves")


def seat(session: Session, actor: Actor, *, council: str, sent: MemberIn) -> CouncilMember:
    """Thêm thành viên, from a day on. One chair at a time, and nobody twice."""
    actor.require_everywhere(Action.COUNCIL_MANAGE)
    queries.open_council(session, actor, council, lock=True)
    person = _person(session, sent.person, "#/person")
    for one, until in queries.seats(session, council):
        is_over = until is not None and until < sent.since
        is_second = one.position is CouncilPosition.CHAIR is sent.position
        if not is_over and (is_second or one.person_id == person.id):
            raise SeatTaken
    identifier = new_id()
    content = {"person": str(person.id), "position": sent.position, "since": sent.since.isoformat()}
    scope, subject = [person_scope(person.id)], Subject("council", council)
    row = CouncilMember(
        id=identifier,
        council_code=council,
        person_id=person.id,
        position=sent.position,
        since=sent.since,
        entry_id=audit.record(session, actor, "council.seated", subject, scope, {"id": str(identifier), **content}),
    )
    return add(session, row)


def _person(session: Session, code: str, pointer: str) -> Person:
    person = person_coded(session, code)
    if person is None:
        raise Invalid(pointer, "no-such-person")
    return person


def unseat(session: Session, actor: Actor, *, council: str, member: UUID, until: date) -> None:
    """Thôi là thành viên sau ngày đó."""
    actor.require_everywhere(Action.COUNCIL_MANAGE)
    queries.open_council(session, actor, council, lock=True)
    row, over = queries.open_member(session, council, member)
    if over is not None:
        raise SeatVacated
    if until < row.since:
        raise Invalid("#/until", "before-its-start")
    scope, subject = [person_scope(row.person_id)], Subject("council", council)
    content = {"member": str(member), "until": until.isoformat()}
    entry_id = audit.record(session, actor, "council.unseated", subject, scope, content)
    add(session, CouncilMemberEnd(member_id=member, until=until, entry_id=entry_id), {"pk_council_member_end": SeatVacated()})


def call(session: Session, actor: Actor, *, council: str, sent: MeetingIn) -> Meeting:
    """Triệu tập phiên họp, under the regulation in force; late papers need a reason."""
    actor.require_everywhere(Action.COUNCIL_MANAGE)
    queries.open_council(session, actor, council, lock=True)
    rules = queries.regulation(session, council)
    if rules is None:
        raise NoRegulation
    open_shown(session, actor, sent.movement)
    _check_papers(session, sent, queries.read(rules).papers_days)
    identifier, reason = new_id(), audit.keep_text(session, sent.late_reason)
    content = {**sent.model_dump(mode="json"), "late_reason": reason, "regulation": rules.version}
    scope = [person_scope(one.person_id) for one, _ in queries.seats(session, council, sent.held_on)]
    row = Meeting(
        id=identifier,
        council_code=council,
        regulation=rules.version,
        movement_code=sent.movement,
        held_on=sent.held_on,
        papers_sent_on=sent.papers_sent_on,
        publication=sent.publication,
        late_reason_commitment=reason,
        entry_id=audit.record(session, actor, "meeting.called", Subject("meeting", str(identifier)), scope, content),
    )
    return add(session, row)


def _check_papers(session: Session, sent: MeetingIn, days: int) -> None:
    if sent.held_on < sent.papers_sent_on:
        raise Invalid("#/papers_sent_on", "after-the-meeting")
    if calendar(session).working_days_between(sent.papers_sent_on, sent.held_on) < days and sent.late_reason is None:
        raise Invalid("#/late_reason", "papers-late", days=days)
    if sent.publication is None:
        return
    named = [row for row, _ in publications(session, sent.movement) if row.number == sent.publication]
    if not named or local_date(named[0].published_at) > sent.papers_sent_on:
        raise Invalid("#/publication", "no-such-publication")


def list_attendance(session: Session, actor: Actor, *, meeting: UUID, expected: int, sent: Sequence[AttendanceLineIn]) -> None:
    """Ghi thành viên dự họp. A motion that is open keeps those with whom it was opened."""
    actor.require_everywhere(Action.COUNCIL_MANAGE)
    known = queries.convened(session, actor, meeting, lock=True)
    if expected != known.version:
        raise Stale
    persons = {one.id: one.person_id for one in known.seats}
    substitutes = _substitutes(session, sent, set(persons.values()))
    for number, line in enumerate(sent):
        if line.member not in persons:
            raise Invalid(f"#/members/{number}/member", "no-such-member")
        if line.member in {other.member for other in sent[:number]}:
            raise Invalid(f"#/members/{number}/member", "stands-already")
    content = {"version": expected + 1, "members": [line.model_dump(mode="json") for line in sent]}
    scope = [person_scope(one) for one in persons.values()]
    entry_id = audit.record(session, actor, "meeting.attended", Subject("meeting", str(meeting)), scope, content)
    presences = dict.fromkeys(persons, Presence.ABSENT) | {line.member: line.presence for line in sent}
    rows = [
        Attendance(
            meeting_id=meeting,
            version=expected + 1,
            member_id=member,
            council_code=known.meeting.council_code,
            presence=presence,
            substitute_id=substitutes.get(member),
            entry_id=entry_id,
        )
        for member, presence in presences.items()
    ]
    if rows:
        add_all(session, rows)


def _substitutes(session: Session, sent: Sequence[AttendanceLineIn], members: set[UUID]) -> dict[UUID, UUID]:
    found = dict[UUID, UUID]()
    for number, line in enumerate(sent):
        pointer = f"#/members/{number}/substitute"
        if (line.presence is Presence.SUBSTITUTE) != (line.substitute is not None):
            raise Invalid(pointer, "missing" if line.substitute is None else "no-substitute")
        if line.substitute is None:
            continue
        person = _person(session, line.substitute, pointer)
        if person.id in members or person.id in found.values():
            raise Invalid(pointer, "sits-already")
        found[line.member] = person.id
    return found
