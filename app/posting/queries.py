from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.queries import texts
from app.errors import Invalid, NotFound
from app.events.models import Event
from app.marks.models import AppraisalNotice, Mark, MarkRelease
from app.marks.rules import MarkStage
from app.marks.schemas import WHOLE
from app.movements.queries import newest, registrations
from app.policy import Action, Actor
from app.posting.models import CommentAnswer, PostedSheet, PostingComment, ReExamination, ReExaminationAnswer
from app.posting.schemas import AnswerOut, CommentOut, ReExaminationAnswerOut, ReExaminationOut

Commented = tuple[PostingComment, CommentAnswer | None]
Asked = tuple[ReExamination, ReExaminationAnswer | None]


def open_registered(session: Session, actor: Actor, movement: str, unit: str) -> None:
    """`NotFound` unless the unit takes part in the movement."""
    actor.require(Action.FACT_READ)
    newest(session, movement)
    if unit not in registrations(session, movement):
        raise NotFound


def postings(session: Session, actor: Actor, movement: str, unit: str) -> Sequence[PostedSheet]:
    """The newest first; what is posted is for everybody signed in."""
    open_registered(session, actor, movement, unit)
    asked = select(PostedSheet).where(PostedSheet.movement_code == movement, PostedSheet.unit_code == unit)
    return session.exec(asked.order_by(sa.desc("number"))).all()


def newest_postings(session: Session, movement: str) -> dict[str, date]:
    """Of each unit that posted its sheet, the last day for comments on the newest."""
    asked = sa.select(col(PostedSheet.unit_code), col(PostedSheet.open_until)).where(col(PostedSheet.movement_code) == movement)
    rows = session.connection().execute(asked.order_by(col(PostedSheet.number))).all()
    return {row.unit_code: row.open_until for row in rows}


def unanswered_comments(session: Session, movement: str) -> Sequence[tuple[UUID, str, int]]:
    """(comment, unit, number of the posting)."""
    asked: Any = select(PostingComment.id, PostingComment.unit_code, PostingComment.posting)
    asked = asked.outerjoin(CommentAnswer, col(CommentAnswer.comment_id) == PostingComment.id)
    rows: Sequence[tuple[UUID, str, int]] = session.exec(
        asked.where(PostingComment.movement_code == movement, col(CommentAnswer.outcome).is_(None))
    ).all()
    return rows


def unanswered_re_examinations(session: Session, movement: str) -> Sequence[tuple[UUID, str]]:
    """(re-examination, unit)."""
    answered = col(ReExaminationAnswer.re_examination_id) == ReExamination.id
    asked: Any = select(ReExamination.id, ReExamination.unit_code).outerjoin(ReExaminationAnswer, answered)
    rows: Sequence[tuple[UUID, str]] = session.exec(
        asked.where(ReExamination.movement_code == movement, col(ReExaminationAnswer.outcome).is_(None))
    ).all()
    return rows


def open_posting(session: Session, actor: Actor, movement: str, unit: str, number: int) -> PostedSheet:
    open_registered(session, actor, movement, unit)
    found = session.get(PostedSheet, (movement, unit, number))
    if found is None:
        raise NotFound
    return found


def comments(session: Session, actor: Actor, posting: PostedSheet, after: UUID | None, limit: int) -> Sequence[Commented]:
    """Oldest first, one more than `limit`: all to the unit and the office, else those of the reader's own units."""
    asked = select(PostingComment, CommentAnswer).outerjoin(CommentAnswer, col(CommentAnswer.comment_id) == PostingComment.id)
    asked = asked.where(
        PostingComment.movement_code == posting.movement_code,
        PostingComment.unit_code == posting.unit_code,
        PostingComment.posting == posting.number,
    )
    units = actor.units_for(Action.FACT_READ)
    if units is not None and not _answers(actor, posting.unit_code):
        asked = asked.where(col(PostingComment.by_unit_code).in_(units))
    if after is not None:
        asked = asked.where(col(PostingComment.id) > after)
    rows: Sequence[Commented] = session.exec(asked.order_by(col(PostingComment.id)).limit(limit + 1)).all()
    return rows


def _answers(actor: Actor, unit: str) -> bool:
    return actor.may(Action.FACT_READ, unit) or actor.may(Action.MOVEMENT_MANAGE)


def open_comment(session: Session, actor: Actor, comment_id: UUID) -> Commented:
    """For whoever answers: the unit whose sheet it is about, and the office."""
    row = session.exec(select(PostingComment).where(PostingComment.id == comment_id).with_for_update()).one_or_none()
    if row is None or not _answers(actor, row.unit_code):
        raise NotFound
    return row, session.get(CommentAnswer, comment_id)


def check_event(session: Session, event_id: UUID, unit: str) -> None:
    """`Invalid` unless the event is about that unit."""
    found = session.get(Event, event_id)
    if found is None or found.unit_code != unit:
        raise Invalid("#/event", "no-such-event")


def comments_shown(session: Session, actor: Actor, seen: Collection[Commented]) -> list[CommentOut]:
    spoken = [one for row, _ in seen for one in (row.text_commitment, row.author_commitment)]
    said = texts(session, [*spoken, *(answer.text_commitment for _, answer in seen if answer is not None)])
    return [
        CommentOut(
            id=row.id,
            posting=row.posting,
            node=WHOLE if row.node_code == "" else row.node_code,
            channel=row.channel,
            by_unit=row.by_unit_code,
            author=said.get(row.author_commitment) if _answers(actor, row.unit_code) else None,
            text=said.get(row.text_commitment),
            received_on=row.received_on,
            late=row.is_late,
            answer=None if answer is None else _answer_shown(answer, said.get(answer.text_commitment)),
        )
        for row, answer in seen
    ]


def _answer_shown(answer: CommentAnswer, said: str | None) -> AnswerOut:
    return AnswerOut(outcome=answer.outcome, text=said, event=answer.event_id, answered_at=answer.answered_at)


def released_mark(session: Session, movement: str, unit: str, node: str) -> tuple[Mark, AppraisalNotice | None] | None:
    """The appraised mark that counts, with its notice."""
    same = (Mark.movement_code, Mark.unit_code, Mark.node_code, Mark.version)
    other = (MarkRelease.movement_code, MarkRelease.unit_code, MarkRelease.node_code, MarkRelease.version)
    asked = select(Mark, AppraisalNotice).join(MarkRelease, sa.tuple_(*same) == sa.tuple_(*other))
    asked = asked.outerjoin(AppraisalNotice, col(AppraisalNotice.id) == MarkRelease.notice_id)
    where = (Mark.movement_code == movement, Mark.unit_code == unit, Mark.node_code == node, Mark.stage == MarkStage.APPRAISED)
    counting = asked.where(*where).order_by(sa.desc(col(Mark.version))).limit(1)
    found: tuple[Mark, AppraisalNotice | None] | None = session.exec(counting).first()
    return found


def asked_about(session: Session, asked: ReExamination) -> Mark:
    """The mark of which a second look was asked for."""
    key = (asked.movement_code, asked.unit_code, asked.node_code, MarkStage.APPRAISED, asked.mark_version)
    found = session.get(Mark, key)
    assert found is not None
    return found


def re_examinations(session: Session, actor: Actor, movement: str, *, unanswered: bool) -> Sequence[Asked]:
    """Oldest first: all to those who see all units, else by reach over the unit."""
    newest(session, movement)
    asked = select(ReExamination, ReExaminationAnswer).outerjoin(
        ReExaminationAnswer, col(ReExaminationAnswer.re_examination_id) == ReExamination.id
    )
    asked = asked.where(ReExamination.movement_code == movement)
    units = actor.units_for(Action.FACT_READ)
    if units is not None and not actor.may(Action.MOVEMENT_SEE_ALL):
        asked = asked.where(col(ReExamination.unit_code).in_(units))
    if unanswered:
        asked = asked.where(col(ReExaminationAnswer.outcome).is_(None))
    rows: Sequence[Asked] = session.exec(asked.order_by(col(ReExamination.id))).all()
    return rows


def open_re_examination(session: Session, actor: Actor, asked_id: UUID) -> Asked:
    """For whoever may answer: an appraiser, or somebody of the unit, who is then told why not."""
    row = session.exec(select(ReExamination).where(ReExamination.id == asked_id).with_for_update()).one_or_none()
    if row is None or not (actor.may(Action.MOVEMENT_SEE_ALL) or actor.may(Action.FACT_READ, row.unit_code)):
        raise NotFound
    return row, session.get(ReExaminationAnswer, asked_id)


def re_examinations_shown(session: Session, seen: Collection[Asked]) -> list[ReExaminationOut]:
    answers = [answer.reason_commitment for _, answer in seen if answer is not None]
    said = texts(session, [*(row.reason_commitment for row, _ in seen), *answers])
    return [
        ReExaminationOut(
            id=row.id,
            unit=row.unit_code,
            node=row.node_code or WHOLE,
            mark_version=row.mark_version,
            reason=said.get(row.reason_commitment),
            asked_at=row.asked_at,
            answer=None
            if answer is None
            else ReExaminationAnswerOut(
                outcome=answer.outcome,
                mark_version=answer.mark_version,
                reason=said.get(answer.reason_commitment),
                answered_at=answer.answered_at,
            ),
        )
        for row, answer in seen
    ]
