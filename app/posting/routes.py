import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query

from app.db import Reading, Writing
from app.errors import NotAllowed
from app.marks.actions import NobodyAppraises
from app.movements.routes import MovementPath
from app.policy import Action, Actor
from app.posting import actions, queries
from app.posting.models import PostedSheet
from app.posting.schemas import (
    AnswerIn,
    CommentIn,
    CommentOut,
    PostingIn,
    PostingOut,
    ReExaminationAnswerIn,
    ReExaminationIn,
    ReExaminationOut,
)
from app.progress.reviewing import OwnWork
from app.scoring import sheets
from app.scoring.engine.facts import View
from app.scoring.queries import moment
from app.scoring.schemas import SheetOut
from app.units.routes import UnitPath
from app.web.page import Cursor, Limit, Listed, after, last_id, page, sliced
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import prepared_by, router

routes = router("posting")
PostingPath = Annotated[int, Path(ge=1, le=1000, description="Lần công khai thứ mấy")]


def _frozen(db: Reading, actor: Actor, movement: str, code: str) -> SheetOut:
    """In Vietnamese, the language in which it is posted; scoring and wording take their time before any transaction."""
    if not actor.may(Action.MARK_CLAIM, code):
        raise NotAllowed
    return sheets.worded(db, sheets.open_sheet(db, actor, movement, code, moment(db, None, None), View.CLAIMED), "vi")


@routes.post(
    "/movements/{movement}/units/{code}/postings",
    operation_id="posting_post",
    status_code=201,
    summary="Công khai bảng tự chấm của đơn vị để lấy ý kiến",
    responses=documented(*WRITE, actions.AlreadyPosted),
)
@prepared_by(_frozen)
def post(db: Writing, actor: Actor, movement: MovementPath, code: UnitPath, sent: PostingIn, prepared: SheetOut) -> PostingOut:
    content = prepared.model_dump(mode="json", exclude={"position", "valid_until"})
    row = actions.post(db, actor, movement=movement, unit=code, days=sent.days, content=content, position=prepared.position)
    return shown(row, content)


def shown(row: PostedSheet, content: dict[str, Any] | None = None) -> PostingOut:
    return PostingOut.model_validate({**vars(row), "content": content})


@routes.get(
    "/movements/{movement}/units/{code}/postings",
    operation_id="posting_list",
    summary="Các lần công khai bảng tự chấm của một đơn vị, mới nhất trước",
    responses=documented(*READ),
)
def postings(db: Reading, actor: Actor, movement: MovementPath, code: UnitPath) -> Listed[PostingOut]:
    return Listed(items=[shown(row) for row in queries.postings(db, actor, movement, code)])


@routes.get(
    "/movements/{movement}/units/{code}/postings/{number}",
    operation_id="posting_show",
    summary="Bảng tự chấm như lúc công khai",
    responses=documented(*READ),
)
def posting(db: Reading, actor: Actor, movement: MovementPath, code: UnitPath, number: PostingPath) -> PostingOut:
    row = queries.open_posting(db, actor, movement, code, number)
    return shown(row, json.loads(row.content))


@routes.get(
    "/movements/{movement}/units/{code}/postings/{number}/comments",
    operation_id="posting_comments",
    summary="Ý kiến về bảng tự chấm, và trả lời",
    responses=documented(*READ),
)
def comments(
    db: Reading, actor: Actor, movement: MovementPath, code: UnitPath, number: PostingPath, cursor: Cursor = None, limit: Limit = 50
) -> Listed[CommentOut]:
    row = queries.open_posting(db, actor, movement, code, number)
    rows = queries.comments(db, actor, row, last_id(cursor), limit)
    told = queries.comments_shown(db, actor, rows)
    return page(told, limit, lambda one: one, lambda one: [str(one.id)])


@routes.post(
    "/movements/{movement}/units/{code}/postings/{number}/comments",
    operation_id="posting_comment",
    status_code=201,
    summary="Góp ý về bảng tự chấm, hoặc ghi nhận ý kiến nhận qua bưu điện, cổng thông tin, hội nghị",
    responses=documented(*WRITE),
)
def comment(db: Writing, actor: Actor, movement: MovementPath, code: UnitPath, number: PostingPath, sent: CommentIn) -> CommentOut:
    row = actions.comment(db, actor, movement=movement, unit=code, number=number, sent=sent)
    return queries.comments_shown(db, actor, [(row, None)])[0]


@routes.post(
    "/comments/{comment_id}/answer",
    operation_id="posting_answer",
    summary="Trả lời một ý kiến",
    responses=documented(*WRITE, actions.AlreadyAnswered),
)
def answer(db: Writing, actor: Actor, comment_id: UUID, sent: AnswerIn) -> CommentOut:
    actions.answer(db, actor, comment_id=comment_id, sent=sent)
    return queries.comments_shown(db, actor, [queries.open_comment(db, actor, comment_id)])[0]


@routes.get(
    "/movements/{movement}/re-examinations",
    operation_id="posting_re_examinations",
    summary="Các đề nghị phúc tra",
    responses=documented(*READ),
)
def re_examinations(
    db: Reading,
    actor: Actor,
    movement: MovementPath,
    unanswered: Annotated[bool, Query(description="Chỉ những đề nghị chưa trả lời")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[ReExaminationOut]:
    told = queries.re_examinations_shown(db, queries.re_examinations(db, actor, movement, unanswered=unanswered))
    return sliced(told, limit, lambda one: one, lambda one: [str(one.id)], after(cursor, 1))


@routes.post(
    "/movements/{movement}/units/{code}/re-examinations",
    operation_id="posting_ask_again",
    status_code=201,
    summary="Đề nghị phúc tra một điểm thẩm định đã công bố",
    responses=documented(*WRITE, actions.AlreadyAsked, actions.TooLateToAsk),
)
def ask_again(db: Writing, actor: Actor, movement: MovementPath, code: UnitPath, sent: ReExaminationIn) -> ReExaminationOut:
    return queries.re_examinations_shown(db, [(actions.ask_again(db, actor, movement=movement, unit=code, sent=sent), None)])[0]


@routes.post(
    "/re-examinations/{asked_id}/answer",
    operation_id="posting_answer_again",
    summary="Kết quả phúc tra, bởi người không quyết định lần đầu",
    responses=documented(*WRITE, actions.AlreadyAnswered, actions.FirstDecided, OwnWork, NobodyAppraises),
)
def answer_again(db: Writing, actor: Actor, asked_id: UUID, sent: ReExaminationAnswerIn) -> ReExaminationOut:
    actions.answer_again(db, actor, asked_id=asked_id, sent=sent)
    return queries.re_examinations_shown(db, [queries.open_re_examination(db, actor, asked_id)])[0]
