"""Results of indicators as answers."""

from pydantic import Field

from app.indicators.rules import Aggregation, Result, TargetKind, TargetSource
from app.progress import results
from app.wire import FigureOut, Out


class IndicatorResultOut(Out):
    unit: str
    indicator: str
    name: str
    unit_of_measure: str
    kind: TargetKind
    source: TargetSource
    target: FigureOut
    figure: FigureOut | None = Field(description="Số đã được chấp nhận, cộng theo cách của chỉ tiêu")
    result: Result
    percent_of_target: FigureOut | None
    last_year: FigureOut | None
    percent_of_last_year: FigureOut | None
    synthetic: bool


class BranchResultOut(Out):
    indicator: str
    name: str
    unit_of_measure: str
    aggregation: Aggregation
    figure: FigureOut | None = Field(description="Cộng gộp các đơn vị bên dưới, số đã được chấp nhận; null khi chưa đủ số để cộng gộp")
    target: FigureOut | None = Field(description="Chỉ tiêu giao cho chính đơn vị")
    percent_of_target: FigureOut | None
    reporting: list[str] = Field(description="Đơn vị có số trong kết quả")
    silent: list[str] = Field(description="Đơn vị được giao chỉ tiêu, chưa có số được chấp nhận")
    needs_parts: bool = Field(description="Tỷ lệ cộng gộp mà chỉ tiêu chưa nêu tử số, mẫu số: chưa tính được")
    synthetic: bool


def result_shown(found: results.IndicatorResult) -> IndicatorResultOut:
    target, indicator = found.target, found.indicator
    return IndicatorResultOut(
        unit=target.unit_code,
        indicator=target.indicator_code,
        name=indicator.name,
        unit_of_measure=indicator.unit_of_measure,
        kind=target.kind,
        source=target.source,
        target=target.figure,
        figure=found.figure,
        result=found.result,
        percent_of_target=found.percent_of_target,
        last_year=target.last_year,
        percent_of_last_year=found.percent_of_last_year,
        synthetic=found.is_synthetic,
    )


def branch_shown(found: results.BranchResult) -> BranchResultOut:
    indicator, target = found.indicator, found.target
    return BranchResultOut(
        indicator=indicator.indicator_code,
        name=indicator.name,
        unit_of_measure=indicator.unit_of_measure,
        aggregation=indicator.aggregation,
        figure=found.figure,
        target=None if target is None else target.figure,
        percent_of_target=found.percent_of_target,
        reporting=found.reporting,
        silent=found.silent,
        needs_parts=found.needs_parts,
        synthetic=found.is_synthetic or indicator.is_synthetic or (target is not None and target.is_synthetic),
    )
