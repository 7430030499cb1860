from typing import Any

from pydantic import Field

from app.trail.rules import Reset
from app.wire import Instant, Out


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
