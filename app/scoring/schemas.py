from datetime import date
from uuid import UUID

from pydantic import Field

from app.marks.schemas import MarkOut
from app.progress.schemas import MoveOut
from app.rulebooks.language.schema import GateState
from app.scoring.engine.facts import View
from app.scoring.rules import SourceKind
from app.wire import Instant, Out


class SourceOut(Out):
    """What a line rests on: a report or an event with its evidence and who accepted it, a result, a waiver with its reason."""

    kind: SourceKind
    id: UUID
    submission: UUID | None = Field(default=None, description="Mã báo cáo, khi nguồn là báo cáo")
    period: str | None = None
    evidence: list[str] = Field(default=[], description="SHA-256 của tệp minh chứng")
    documents: list[str] = Field(description="Số, ký hiệu và ngày của văn bản minh chứng")
    reviewer: str | None = Field(default=None, description="Đơn vị thẩm định đã chấp nhận")
    reason: str | None = Field(default=None, description="Lý do miễn trừ")
    received_at: Instant


class LineOut(Out):
    code: str
    level: int
    title: str
    points: str = Field(examples=["9.25"])
    standard: str | None = Field(description="Điểm chuẩn")
    maximum: str | None = Field(description="Mức cao nhất có thể đạt; null khi không khống chế")
    rule: str | None = Field(description="Lời văn của tiêu chí")
    inputs: dict[str, str]
    reason: str = Field(examples=["92,5 % của chỉ tiêu → 10 × 0,925 = 9,25"])
    next: str | None = Field(description="Bước tiếp theo đáng bao nhiêu điểm", examples=["Còn thiếu 3 để được 4 điểm (thêm 1)."])
    sources: list[SourceOut]
    grade: str | None = Field(description="Mức xếp bằng chữ của mục")
    left_out: bool = Field(description="Không áp dụng, không tính vào điểm chuẩn")
    mark: MarkOut | None = Field(description="Điểm chấm tay được tính ở cách xem này")


class RatingOut(Out):
    by_total: str = Field(description="Mức theo tổng điểm")
    proposed: str = Field(description="Mức đề xuất sau khi xét điều kiện; Hội đồng quyết định")
    reason: str | None


class StateOut(Out):
    """A gate that closed."""

    gate: str
    state: GateState
    title: str
    rule: str


class CauseOut(Out):
    cause: str = Field(description="Tên nguyên nhân", examples=["not-accepted", "cap-not-applied"])
    text: str


class DifferenceOut(Out):
    code: str
    level: int
    title: str
    points: str
    other_points: str
    causes: list[CauseOut]


class DifferencesOut(Out):
    """The lines in which two views of one sheet differ, and why."""

    movement: str
    unit: str
    name: str
    view: View
    other: View
    total: str
    other_total: str
    lines: list[DifferenceOut]
    position: int
    synthetic: bool


class CriterionOut(Out):
    """A node on which the caller appraises, and how far that has come."""

    node: str
    title: str
    units: int = Field(description="Số đơn vị tôi thẩm định ở mục này")
    drafts: int = Field(description="Số đơn vị có điểm dự thảo")
    released: int = Field(description="Số đơn vị có điểm đã công bố, không có dự thảo mới hơn")


class DeskRuleOut(Out):
    cluster: str
    rulebook: str
    rulebook_version: int
    title: str
    rule: str | None
    standard: str | None
    minimum: str | None
    maximum: str | None


class DeskRowOut(Out):
    unit: str
    name: str
    cluster: str
    by_unit: str = Field(description="Đơn vị thẩm định, hoặc đơn vị thay thế khi đó là chính đơn vị được chấm")
    claimed: str = Field(description="Theo số đơn vị tự báo cáo và tự chấm")
    by_rule: str | None = Field(description="Theo bảng tiêu chí trên số đã được chấp nhận; null khi mục này chấm tay")
    reason: str
    sources: list[SourceOut] = Field(description="Báo cáo, sự việc, kèm văn bản minh chứng; chưa có reviewer là đang chờ")
    released: MarkOut | None
    draft: MarkOut | None
    version: int = Field(description="Phiên bản mới nhất của điểm thẩm định, 0 khi chưa có")


class DeskOut(Out):
    """One criterion over all units that the caller appraises, a page at a time."""

    movement: str
    node: str
    rules: list[DeskRuleOut]
    rows: list[DeskRowOut]
    next: str | None = None
    position: int
    moves: list[MoveOut]
    synthetic: bool


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
    rating: RatingOut | None
    states: list[StateOut]
    lines: list[LineOut]
    position: int
    until: date | None
    valid_until: Instant | None
    synthetic: bool
