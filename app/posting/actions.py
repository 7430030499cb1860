from decimal import Decimal
from uuid import UUID

import rfc8785
from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.queries import entry_of
from app.audit.rules import Subject, digest, unit_scope
from app.calendar.queries import calendar
from app.clock import local_date
from app.errors import Invalid, NotAllowed, Problem
from app.marks import actions as marks
from app.marks.schemas import WHOLE
from app.policy import Action, Actor
from app.posting import queries
from app.posting.models import CommentAnswer, PostedSheet, PostingComment, ReExamination, ReExaminationAnswer
from app.posting.rules import CommentChannel, CommentOutcome, ReExaminationOutcome, is_over, last_day_to_ask, open_until
from app.posting.schemas import AnswerIn, CommentIn, ReExaminationAnswerIn, ReExaminationIn
from app.progress.reviewing import OwnWork
from app.tables import add, new_id


class AlreadyPosted(Problem):
    """Another sheet of the unit is open to comments."""

    status, slug = 409, "already-posted"


class AlreadyAnswered(Problem):
    status, slug = 409, "already-answered"


class AlreadyAsked(Problem):
    """A second look at this very mark was asked for before."""

    status, slug = 409, "already-asked"


class TooLateToAsk(Problem):
    status, slug = 409, "too-late-to-ask"


class FirstDecided(Problem):
    """Whoever decided first does not look a second time."""

    status, slug = 403, "first-decided"


def post(session: Session, actor: Actor, *, movement: str, unit: str, days: int, content: dict[str, object], position: int) -> PostedSheet:
    """Công khai bảng tự chấm, frozen as it stood at `position`. The next may follow when the last day for comments is over."""
    actor.require(Action.MARK_CLAIM, unit)
    known = queries.postings(session, actor, movement, unit)
    if known and not is_over(known[0].open_until, clock.at(session)):
        raise AlreadyPosted
    number, last = (known[0].number if known else 0) + 1, open_until(clock.today(session), days, calendar(session))
    told = {"number": number, "digest": digest(content), "position": position, "open_until": last.isoformat()}
    row = PostedSheet(
        movement_code=movement,
        unit_code=unit,
        number=number,
        content=rfc8785.dumps(content).decode(),  # type: ignore[arg-type]
        digest=str(told["digest"]),
        position=position,
        posted_at=clock.at(session),
        open_until=last,
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=audit.record(session, actor, "sheet.posted", Subject("sheet", f"{movement}/{unit}"), ["all"], told),
    )
    return add(session, row, {"pk_posted_sheet": AlreadyPosted()})


def comment(session: Session, actor: Actor, *, movement: str, unit: str, number: int, sent: CommentIn) -> PostingComment:
    """Góp ý về bảng tự chấm. Late ones are taken and marked; what came by another way is recorded by the office."""
    posting = queries.open_posting(session, actor, movement, unit, number)
    by_unit = _speaker(actor, sent)
    if sent.received_on is not None and sent.received_on > clock.today(session):
        raise Invalid("#/received_on", "in-the-future")
    received_on = sent.received_on or clock.today(session)
    text, author = audit.keep_text(session, sent.text), audit.keep_text(session, sent.author)
    assert text is not None
    identifier, node = new_id(), "" if sent.node == WHOLE else sent.node
    content = {**sent.model_dump(mode="json"), "text": text, "author": author, "posting": number, "received_on": received_on.isoformat()}
    scopes = [unit_scope(unit), *([unit_scope(by_unit)] if by_unit else [])]
    row = PostingComment(
        id=identifier,
        movement_code=movement,
        unit_code=unit,
        posting=number,
        node_code=node,
        channel=sent.channel,
        by_unit_code=by_unit,
        author_commitment=author,
        text_commitment=text,
        received_on=received_on,
        is_late=received_on > posting.open_until,
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=audit.record(session, actor, "comment.made", Subject("comment", str(identifier)), scopes, content),
    )
    return add(session, row)


def _speaker(actor: Actor, sent: CommentIn) -> str | None:
    """The unit in whose name a comment is made; None where the office records what reached it."""
    if sent.channel is not CommentChannel.UNIT:
        actor.require_everywhere(Action.COMMENT_RECORD)
        if sent.by_unit is not None:
            raise Invalid("#/by_unit", "not-by-a-unit")
        return None
    if sent.by_unit is None:
        raise Invalid("#/by_unit", "missing")
    actor.require(Action.MARK_CLAIM, sent.by_unit)
    for name in ("author", "received_on"):
        if getattr(sent, name) is not None:
            raise Invalid(f"#/{name}", "by-a-unit")
    return sent.by_unit


def answer(session: Session, actor: Actor, *, comment_id: UUID, sent: AnswerIn) -> PostingComment:
    """Giải trình, trả lời ý kiến. Only a verified complaint changes facts, by the event that is named."""
    row, earlier = queries.open_comment(session, actor, comment_id)
    if not actor.may(Action.MARK_CLAIM, row.unit_code):
        actor.require_everywhere(Action.COMMENT_RECORD)
    if (sent.outcome is CommentOutcome.VERIFIED) != (sent.event is not None):
        raise Invalid("#/event", "missing" if sent.event is None else "of-a-verified-comment")
    if sent.event is not None:
        queries.check_event(session, sent.event, row.unit_code)
    if earlier is not None:
        raise AlreadyAnswered
    text = audit.keep_text(session, sent.text)
    assert text is not None
    content = {**sent.model_dump(mode="json"), "text": text}
    scopes = [unit_scope(row.unit_code), *([unit_scope(row.by_unit_code)] if row.by_unit_code else [])]
    made = CommentAnswer(
        comment_id=comment_id,
        outcome=sent.outcome,
        text_commitment=text,
        event_id=sent.event,
        answered_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=audit.record(session, actor, "comment.answered", Subject("comment", str(comment_id)), scopes, content),
    )
    add(session, made, {"pk_comment_answer": AlreadyAnswered()})
    return row


def ask_again(session: Session, actor: Actor, *, movement: str, unit: str, sent: ReExaminationIn) -> ReExamination:
    """Đề nghị phúc tra một điểm thẩm định đã công bố, within ten working days of its notice."""
    queries.open_registered(session, actor, movement, unit)
    actor.require(Action.MARK_CLAIM, unit)
    node = "" if sent.node == WHOLE else sent.node
    found = queries.released_mark(session, movement, unit, node)
    if found is None:
        raise Invalid("#/node", "no-such-mark")
    mark, notice = found
    noticed_at = entry_of(session, mark.entry_id).at if notice is None else notice.released_at
    if is_over(last_day_to_ask(local_date(noticed_at), calendar(session)), clock.at(session)):
        raise TooLateToAsk
    reason = audit.keep_text(session, sent.reason)
    assert reason is not None
    identifier = new_id()
    content = {"node": node, "mark_version": mark.version, "reason": reason}
    scopes = [unit_scope(unit), unit_scope(mark.by_unit_code or unit)]
    row = ReExamination(
        id=identifier,
        movement_code=movement,
        unit_code=unit,
        node_code=node,
        mark_version=mark.version,
        reason_commitment=reason,
        asked_at=clock.at(session),
        sender_kind=actor.kind,
        sender_id=actor.id,
        entry_id=audit.record(session, actor, "re_examination.asked", Subject("re_examination", str(identifier)), scopes, content),
    )
    return add(session, row, {"uq_re_examination_of_a_mark": AlreadyAsked()})


def answer_again(session: Session, actor: Actor, *, asked_id: UUID, sent: ReExaminationAnswerIn) -> ReExamination:
    """Kết quả phúc tra, by another appraiser of the same unit than the one who decided first; a changed mark counts at once."""
    asked, earlier = queries.open_re_examination(session, actor, asked_id)
    first = queries.asked_about(session, asked)
    if actor.belongs_to(asked.unit_code) or actor.may(Action.MARK_CLAIM, asked.unit_code):
        raise OwnWork
    if first.by_unit_code is None or not actor.may(Action.MARK_APPRAISE, first.by_unit_code):
        raise NotAllowed
    if actor.id == entry_of(session, first.entry_id).actor_id:
        raise FirstDecided
    if earlier is not None:
        raise AlreadyAnswered
    version = _changed(session, actor, asked, sent)
    reason = audit.keep_text(session, sent.reason)
    assert reason is not None
    content = {"outcome": sent.outcome, "mark_version": version, "reason": reason}
    scopes = [unit_scope(asked.unit_code), unit_scope(first.by_unit_code)]
    made = ReExaminationAnswer(
        re_examination_id=asked_id,
        outcome=sent.outcome,
        mark_version=version,
        reason_commitment=reason,
        answered_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=audit.record(session, actor, "re_examination.answered", Subject("re_examination", str(asked_id)), scopes, content),
    )
    add(session, made, {"pk_re_examination_answer": AlreadyAnswered()})
    return asked


def _changed(session: Session, actor: Actor, asked: ReExamination, sent: ReExaminationAnswerIn) -> int | None:
    """The version of the mark that takes the first one's place."""
    points: Decimal | None = sent.points
    if (sent.outcome is ReExaminationOutcome.CHANGED) != (points is not None):
        raise Invalid("#/points", "missing" if points is None else "of-a-change")
    if points is None:
        return None
    key = (asked.movement_code, asked.unit_code, asked.node_code)
    return marks.replace_released(session, actor, key=key, points=points, reason=sent.reason).version
