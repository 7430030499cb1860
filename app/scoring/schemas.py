from datetime import date
from uuid import UUID

from pydantic import Field

from app.marks.schemas import MarkOut
from app.scoring.engine.facts import View
from app.wire import Instant, Out


class SourceOut(Out):
    """A report that a line rests on, its evidence and who accepted it."""

    submission: UUID
    period: str | None
    evidence: list[str] = Field(description="SHA-256 của tệp minh chứng")
    documents: list[str] = Field(description="Số, ký hiệu và ngày của văn bản minh chứng")
    reviewer: str | None = Field(description="Đơn vị thẩm định đã chấp nhận")
    received_at: Instant


class LineOut(Out):
    code: str
    level: int
    title: str
    points: str = Field(examples=["9.25"])
    maximum: str | None
    rule: str | None = Field(description="Lời văn của tiêu chí")
    inputs: dict[str, str]
    reason: str = Field(examples=["92,5 % của chỉ tiêu → 10 × 0,925 = 9,25"])
    sources: list[SourceOut]
    mark: MarkOut | None = Field(description="Điểm chấm tay được tính ở cách xem này")


class SheetOut(Out):
    movement: str
    unit: str
    name: str
    cluster: str
    view: View
    rulebook: str
    rulebook_version: int
    rulebook_digest: str
    rulebook_synthetic: bool
    total: str
    maximum: str | None
    lines: list[LineOut]
    position: int
    until: date | None
    valid_until: Instant | None
    synthetic: bool
