from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from app.marks.rules import MarkStage
from app.wire import In, Out, Text, exact, example

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


class MarkOut(Out):
    node: str
    stage: MarkStage
    points: str | None
    by_unit: str | None
    reason: str | None
    version: int
