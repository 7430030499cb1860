from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.progress.rules import Capacity
from app.progress.schemas import LINES_LIMIT, MoveOut
from app.wire import FigureOut, In, Instant, Out, example


class DraftedEvidenceOut(Out):
    document_number: str
    document_date: date
    issuer: str
    file: str | None


class DraftedReportOut(Out):
    """What would be sent, as it was drafted."""

    plan: str
    unit: str
    indicator: str | None
    period: str | None
    figure: FigureOut | None
    task: str | None
    completed_on: date | None
    confirmed: bool
    note: str | None
    estimate: bool
    sent_at: Instant | None
    evidence: list[DraftedEvidenceOut]
    synthetic: bool


class DraftOut(Out):
    id: UUID
    unit: str
    version: int
    kept_at: Instant = Field(description="Lúc sửa lần cuối: khi lãnh đạo ký gửi, báo cáo được xét chậm theo giờ này")
    report: DraftedReportOut
    moves: list[MoveOut]


class DraftRef(In):
    id: Annotated[UUID, Field(strict=False)]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    confirmed: bool = Field(default=False, description="Đã kiểm tra: số đúng như vậy, dù khác thường")


class SendIn(In):
    """Drafts as they were read: what is signed is what was seen. All or none."""

    model_config = example(capacity="head", drafts=[{"id": "0190a1b2-0000-7000-8000-000000000001", "version": 1}])

    capacity: Annotated[Capacity, Field(strict=False)]
    drafts: Annotated[list[DraftRef], Field(min_length=1, max_length=LINES_LIMIT)]
