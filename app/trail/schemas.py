from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.trail.rules import Reset
from app.wire import In, Instant, Out, example


class EntryOut(Out):
    seq: int
    at: Instant
    verb: str = Field(examples=["progress.accepted"])
    actor_kind: str
    actor_id: str
    subject_kind: str
    subject_id: str
    scope: list[str]
    digest: str
    leaf: str


def shown(row: Any) -> EntryOut:
    return EntryOut(
        seq=row.seq,
        at=row.at,
        verb=row.verb,
        actor_kind=row.actor_kind,
        actor_id=str(row.actor_id),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        scope=row.scope.split(),
        digest=row.digest,
        leaf=row.leaf.hex(),
    )


class SubjectChangeOut(Out):
    kind: str = Field(examples=["submission"])
    id: str
    seq: int = Field(description="Vị trí mới nhất về nội dung này")
    verb: str
    gone: bool = Field(description="Tôi không còn được xem: xóa bản đang giữ")


class ChangesOut(Out):
    """What to read anew. Ask again with `since` = `position`, at once while `more`."""

    position: int
    more: bool
    reset: Reset | None = Field(description="Khác null: bỏ hết bản đang giữ và đọc lại từ đầu")
    items: list[SubjectChangeOut]


_URL = r"^https?://[a-zA-Z0-9]([a-zA-Z0-9.-]{0,252}[a-zA-Z0-9])?(:(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5]?[0-9]{1,4}))?(/[!-~]*)?$"
Kind = Literal[
    "api_key", "appraisal_notice", "award_decision", "award_proposal", "award_scheme", "calendar_day",
    "clock", "comment", "council", "event", "event_kind", "evidence",
    "indicator", "mailbox", "meeting", "motion", "movement", "nomination", "outage", "person", "plan", "publication",
    "publication_draft", "re_examination", "report_draft", "rulebook", "sheet", "source_document", "submission",
    "task", "unit", "webhook",
]  # fmt: skip
"""Of the subjects that entries are about."""


class WebhookIn(In):
    model_config = example(key="0190a1b2-0000-7000-8000-000000000001", url="https://he-thong.example.vn/thi-dua", kinds=["submission"])

    key: Annotated[UUID, Field(strict=False, description="Khóa của hệ thống nhận: quyền xem của khóa quyết định được báo những gì")]
    url: Annotated[str, StringConstraints(pattern=_URL, max_length=500)]
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=50)] | None = Field(default=None, description="Bỏ trống: mọi loại nội dung")


class ReplayIn(In):
    model_config = example(since=1200)

    since: Annotated[int, Field(ge=0, le=2**53, description="Gửi lại mọi mục sau vị trí này")]


class WebhookOut(Out):
    id: UUID
    key: UUID
    url: str
    kinds: list[str] | None
    position: int = Field(description="Đã báo đến vị trí này")
    failures: int = Field(description="Số lần liên tiếp chưa gửi được mục kế tiếp")
    stopped: bool = Field(description="Đã ngừng sau nhiều lần không gửi được; gửi lại (replay) để tiếp tục")
    ended: bool
    next_try_at: Instant
    last_outcome: str | None = Field(description="Mã trạng thái, hoặc lý do không có trả lời")


class NewWebhookOut(WebhookOut):
    """The secret (Standard Webhooks) is shown in this answer and never again."""

    shows_secret: ClassVar[bool] = True
    secret: str


def webhook_shown(webhook: Any, row: Any, is_ended: bool) -> WebhookOut:
    return WebhookOut(
        id=webhook.id,
        key=webhook.key_id,
        url=webhook.url,
        kinds=None if webhook.kinds is None else webhook.kinds.split(),
        position=row.position,
        failures=row.failures,
        stopped=row.is_stopped,
        ended=is_ended,
        next_try_at=row.next_try_at,
        last_outcome=row.last_outcome,
    )
