from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.calendar.rules import PeriodScheme
from app.indicators.rules import Accumulation, Aggregation, Comparator, Scale, TargetKind, TargetSource
from app.wire import Code, Day, FigureOut, FigureText, In, Instant, Out, Text, Title, example

Measure = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), Field(examples=["tỷ đồng"])]


class IndicatorFields(In):
    model_config = example(
        name="Thu ngân sách nhà nước trên địa bàn",
        unit_of_measure="tỷ đồng",
        scale="billion",
        accumulation="cumulative",
        comparator="at_least",
        owner="tai-chinh-ke-hoach",
        appraiser="tai-chinh-ke-hoach",
        alternate_appraiser="van-phong",
        period_scheme="month",
        report_days=5,
    )

    name: Title
    unit_of_measure: Measure
    scale: Annotated[Scale, Field(strict=False)] = Scale.ONE
    accumulation: Annotated[Accumulation, Field(strict=False)]
    comparator: Annotated[Comparator, Field(strict=False)] = Comparator.AT_LEAST
    aggregation: Annotated[Aggregation, Field(strict=False)] = Aggregation.SUM
    owner: Code
    appraiser: Code
    alternate_appraiser: Code
    period_scheme: Annotated[PeriodScheme, Field(strict=False)]
    report_days: Annotated[int, Field(ge=0, le=366)] = 5
    doubt_factor: Annotated[
        int, Field(ge=2, le=1_000_000, description="Số gấp chừng này lần số trước, hoặc bằng một phần chừng này, thì hỏi lại một lần")
    ] = 100
    supplier: Code | None = Field(default=None, description="Đơn vị cung cấp số liệu của mọi đơn vị; bỏ trống: từng đơn vị tự báo cáo")
    objection_days: Annotated[int, Field(ge=0, le=60, description="Số ngày để đơn vị nêu ý kiến về số do đơn vị khác cung cấp")] = 5
    evaluated_on: Day | None = None
    of_which: Code | None = None
    numerator: Code | None = Field(default=None, description="Với tỷ lệ cộng gộp: chỉ tiêu là tử số")
    denominator: Code | None = Field(default=None, description="Chỉ tiêu là mẫu số; cùng có hoặc cùng không với tử số")
    synthetic: bool = False


class IndicatorIn(IndicatorFields):
    model_config = example(
        code="thu-nsnn",
        name="Thu ngân sách nhà nước trên địa bàn",
        unit_of_measure="tỷ đồng",
        scale="billion",
        accumulation="cumulative",
        comparator="at_least",
        owner="tai-chinh-ke-hoach",
        appraiser="tai-chinh-ke-hoach",
        alternate_appraiser="van-phong",
        period_scheme="month",
        report_days=5,
    )

    code: Code


class IndicatorOut(Out):
    plan: str = Field(validation_alias="plan_code")
    code: str = Field(validation_alias="indicator_code")
    name: str
    unit_of_measure: str
    scale: Scale
    accumulation: Accumulation
    comparator: Comparator
    aggregation: Aggregation
    owner: str = Field(validation_alias="owner_code")
    appraiser: str = Field(validation_alias="appraiser_code")
    alternate_appraiser: str = Field(validation_alias="alternate_appraiser_code")
    period_scheme: PeriodScheme
    report_days: int
    doubt_factor: int
    supplier: str | None = Field(validation_alias="supplier_code")
    objection_days: int
    evaluated_on: date | None
    of_which: str | None = Field(validation_alias="of_which_code")
    numerator: str | None = Field(validation_alias="numerator_code")
    denominator: str | None = Field(validation_alias="denominator_code")
    synthetic: bool = Field(validation_alias="is_synthetic")
    version: int


class TargetIn(In):
    model_config = example(unit="dich-vong", kind="assigned_target", source="district", figure="182.5", last_year="178.1", synthetic=True)

    unit: Code
    kind: Annotated[TargetKind, Field(strict=False)] = TargetKind.ASSIGNED
    source: Annotated[TargetSource, Field(strict=False)]
    figure: FigureText
    last_year: FigureText | None = Field(default=None, description="Thực hiện năm trước; bỏ trống: như lần giao trước")
    reported_from: Day | None = Field(
        default=None, description="Báo cáo từ kỳ kết thúc vào hoặc sau ngày này; bỏ trống: như lần giao trước, lần đầu là cả năm kế hoạch"
    )
    reason: Text | None = Field(default=None, description="Lý do điều chỉnh")
    synthetic: bool = False


class TargetOut(Out):
    indicator: str = Field(validation_alias="indicator_code")
    unit: str = Field(validation_alias="unit_code")
    kind: TargetKind
    source: TargetSource
    figure: FigureOut
    last_year: FigureOut | None
    reported_from: date | None
    synthetic: bool = Field(validation_alias="is_synthetic")
    version: int


class TargetVersionOut(TargetOut):
    """One of the figures that were assigned, with when and why."""

    at: Instant
    reason: str | None


class PartIn(In):
    unit: Code
    figure: FigureText
    last_year: FigureText | None = None
    reported_from: Day | None = None


class SplitIn(In):
    """A unit's target, divided among units directly below it. Parts that are not named stay as they are."""

    model_config = example(
        unit="cau-giay",
        parts=[{"unit": "dich-vong", "figure": "182.5"}, {"unit": "nghia-do", "figure": "174"}],
        reason="Dự phòng 5 % chưa giao.",
        synthetic=True,
    )

    unit: Code
    kind: Annotated[TargetKind, Field(strict=False)] = TargetKind.ASSIGNED
    source: Annotated[TargetSource, Field(strict=False)] = TargetSource.DISTRICT
    parts: Annotated[list[PartIn], Field(min_length=1, max_length=1000)]
    reason: Text | None = None
    """Needed where the parts are not the whole."""
    synthetic: bool = False


class SplitPartOut(Out):
    unit: str
    figure: FigureOut


class SplitOut(Out):
    """A target and those of the units directly below, as they stand."""

    indicator: str
    unit: str
    kind: TargetKind
    whole: FigureOut
    parts: list[SplitPartOut]
    sum: FigureOut
    difference: FigureOut = Field(description="Mức giao cho đơn vị trừ tổng mức giao cho các đơn vị trực thuộc")
    without: list[str] = Field(description="Đơn vị trực thuộc chưa được giao")
    reason: str | None = Field(description="Vì sao tổng không khớp, như đã nêu khi phân bổ lần cuối")
    synthetic: bool
