from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from app.marks.rules import MarkStage
from app.rulebooks.language.ground import Grade
from app.wire import Code, FigureOut, FigureText, In, Instant, Out, Source, Text, exact, example

PointsText = Annotated[
    Decimal,
    BeforeValidator(exact, json_schema_input_type=str),
    Field(max_digits=12, decimal_places=6, ge=-100_000, le=100_000, examples=["9.25"]),
]
"""Points as a string, at most six decimals."""
NodePath = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9]+([.-][A-Za-z0-9]+)*|total)$", max_length=32)]
WHOLE = "total"
"""How the whole sheet is named in an address; its node has no code."""
MARKS_LIMIT = 1000


class MarkIn(In):
    model_config = example(points="9.25", reason="Hồ sơ đủ, trừ một báo cáo chậm")

    points: PointsText | None = Field(description="null để rút điểm đã chấm")
    reason: Text | None = Field(default=None, description="Bắt buộc, trừ điểm tự chấm")


class WaiverIn(In):
    model_config = example(
        occurrences=2,
        document="Văn bản số 15/UBND-NV ngày 10/6/2022",
        reason="Hai lần chậm do hệ thống của quận ngừng hoạt động",
    )

    occurrences: Annotated[int, Field(ge=0, le=10_000)] | None = Field(description="null là tất cả; 0 để rút lại")
    document: Source
    reason: Text


class WaiverOut(Out):
    node: str = Field(validation_alias="node_code")
    occurrences: int | None
    document: str
    reason: str | None
    version: int


class ResultIn(In):
    """Neither number nor grade takes the result back."""

    model_config = example(number="91.5", grade="Tốt", document="Quyết định số 45/QĐ-UBND ngày 12/01/2022")

    number: FigureText | None = None
    grade: Grade | None = None
    document: Source
    synthetic: bool = False


class ResultOut(Out):
    assessment: str = Field(validation_alias="assessment_code")
    number: FigureOut | None
    grade: str | None
    document: str
    version: int
    synthetic: bool = Field(validation_alias="is_synthetic")


class MarkOut(Out):
    node: str
    stage: MarkStage
    points: str | None
    by_unit: str | None
    reason: str | None
    version: int
    draft: bool = Field(default=False, description="Điểm thẩm định còn là dự thảo, chưa công bố, chưa được tính")


class MarkRefIn(In):
    """A mark as it was read."""

    unit: Code
    node: NodePath
    version: Annotated[int, Field(ge=0, le=1_000_000)]


class ManyMarkIn(MarkRefIn):
    points: PointsText | None = Field(description="null để rút điểm đã chấm")


class ManyMarksIn(In):
    """One reason for many marks of one stage; `version` is the one that was read, 0 for none. All or none."""

    model_config = example(
        stage="appraised",
        reason="Trừ 0,5 điểm các đơn vị gửi báo cáo quý I sau ngày 15/4.",
        marks=[{"unit": "dich-vong", "node": "1.1", "points": "9.25", "version": 0}],
    )

    stage: Annotated[MarkStage, Field(strict=False)]
    reason: Text
    marks: Annotated[list[ManyMarkIn], Field(min_length=1, max_length=MARKS_LIMIT)]


class AppraisalNoticeIn(In):
    """The drafts of a unit that appraises, to be released together; each as it was read. All or none."""

    model_config = example(by_unit="noi-vu", note="Thẩm định quý II/2022", marks=[{"unit": "dich-vong", "node": "1.1", "version": 1}])

    by_unit: Code
    note: Text | None = None
    marks: Annotated[list[MarkRefIn], Field(min_length=1, max_length=MARKS_LIMIT)]


class ReleasedMarkOut(Out):
    unit: str
    node: str
    version: int
    points: str | None


class AppraisalNoticeOut(Out):
    id: UUID
    by_unit: str
    note: str | None
    released_at: Instant
    marks: list[ReleasedMarkOut] = Field(description="Điểm của các đơn vị trong phạm vi của tôi")
