from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.marks.schemas import NodePath, PointsText
from app.posting.rules import POSTING_DAYS, CommentChannel, CommentOutcome, ReExaminationOutcome
from app.wire import Code, Day, In, Instant, Out, Text, Title, example


class PostingIn(In):
    model_config = example(days=5)

    days: Annotated[int, Field(ge=POSTING_DAYS, le=60)] = POSTING_DAYS
    """For comments, counted from the day after."""


class PostingOut(Out):
    movement: str = Field(validation_alias="movement_code")
    unit: str = Field(validation_alias="unit_code")
    number: int
    posted_at: Instant
    open_until: date = Field(description="Ngày cuối nhận ý kiến")
    digest: str = Field(description="SHA-256 của content ở dạng JSON chuẩn (RFC 8785)")
    position: int
    content: dict[str, Any] | None = Field(default=None, description="Bảng tự chấm như lúc công khai")


class CommentIn(In):
    """By a unit (`channel` unit, `by_unit`), or as it was received otherwise (`author`, `received_on`)."""

    model_config = example(channel="unit", by_unit="nghia-do", node="1.1", text="Đề nghị xem lại số liệu tháng 5.")

    channel: Annotated[CommentChannel, Field(strict=False)]
    by_unit: Code | None = None
    author: Title | None = None
    received_on: Day | None = None
    node: NodePath | None = None
    text: Text


class AnswerIn(In):
    """`event` names the recorded event by which a verified comment changed the facts."""

    model_config = example(outcome="explained", text="Số liệu tháng 5 đã đối chiếu với Chi cục Thuế.")

    outcome: Annotated[CommentOutcome, Field(strict=False)]
    text: Text
    event: Annotated[UUID, Field(strict=False)] | None = None


class AnswerOut(Out):
    outcome: CommentOutcome
    text: str | None
    event: UUID | None
    answered_at: Instant


class CommentOut(Out):
    id: UUID
    posting: int
    node: str | None
    channel: CommentChannel
    by_unit: str | None
    author: str | None = Field(description="Chỉ hiện với đơn vị và cơ quan thường trực")
    text: str | None
    received_on: date
    late: bool
    answer: AnswerOut | None


class ReExaminationIn(In):
    model_config = example(node="1.1", reason="Báo cáo tháng 5 gửi đúng hạn, có biên nhận.")

    node: NodePath
    reason: Text


class ReExaminationAnswerIn(In):
    """`points` where the mark is changed."""

    model_config = example(outcome="changed", points="9.5", reason="Đã đối chiếu biên nhận.")

    outcome: Annotated[ReExaminationOutcome, Field(strict=False)]
    points: PointsText | None = None
    reason: Text


class ReExaminationAnswerOut(Out):
    outcome: ReExaminationOutcome
    mark_version: int | None
    reason: str | None
    answered_at: Instant


class ReExaminationOut(Out):
    id: UUID
    unit: str
    node: str
    mark_version: int
    reason: str | None
    asked_at: Instant
    answer: ReExaminationAnswerOut | None
