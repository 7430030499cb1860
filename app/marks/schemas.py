from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from app.marks.rules import MarkStage
from app.rulebooks.language.ground import Grade
from app.wire import FigureOut, FigureText, In, Out, Source, Text, exact, example

PointsText = Annotated[
    Decimal,
    BeforeValidator(exact, json_schema_input_type=str),
    Field(max_digits=12, decimal_places=6, ge=-100_000, le=100_000, examples=["9.25"]),
]
"""Points as a string, at most six decimals."""
NodePath = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9]+([.-][A-Za-z0-9]+)*|total)$", max_length=32)]
WHOLE = "total"
"""How the whole sheet is named in an address; its node has no code."""


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
