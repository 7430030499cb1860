from datetime import date

from pydantic import Field

from app.followup.rules import RequestKind
from app.followup.schemas import ShareOut, TallyOut
from app.summaries.rules import ReportState
from app.wire import FigureOut, Instant, Out


class ExpectedOut(Out):
    unit: str
    by: str = Field(description="Đơn vị phải gửi: chính đơn vị, hoặc đơn vị cung cấp số liệu")
    indicator: str
    period: str
    due_on: date = Field(description="Hạn gửi, sau khi dời theo lịch và sự cố")
    state: ReportState
    returned: bool = Field(validation_alias="is_back", description="Đã gửi, bị trả lại và chưa gửi lại")
    synthetic: bool = Field(validation_alias="is_synthetic")


class ReportTallyOut(Out):
    """Over the reports of periods that are over, by units within reach."""

    expected: int
    received: ShareOut = Field(description="Đã nhận, trên số báo cáo phải gửi")
    on_time: ShareOut = Field(description="Đúng hạn, trên báo cáo đã đến hạn")
    late: ShareOut = Field(description="Chậm, trên báo cáo đã đến hạn")
    overdue: ShareOut = Field(description="Quá hạn chưa gửi, trên báo cáo đã đến hạn")
    not_updated: ShareOut = Field(description="Chưa có số của kỳ gần nhất đã kết thúc, trên số cặp đơn vị và chỉ tiêu")
    synthetic: bool = Field(description="Có báo cáo hoặc mức giao là dữ liệu minh họa")


class UnitReportTallyOut(ReportTallyOut):
    unit: str


class ReportStatisticsOut(Out):
    total: ReportTallyOut
    units: list[UnitReportTallyOut]


class FiguresLineOut(Out):
    """A line of the socio-economic table (biểu kinh tế - xã hội), from accepted figures."""

    indicator: str
    name: str
    unit_of_measure: str
    of_which: str | None = Field(description="Trong đó: thuộc chỉ tiêu này")
    period: str | None = Field(description="Kỳ gần nhất đã kết thúc")
    target: FigureOut | None = Field(description="Chỉ tiêu giao cho chính đơn vị")
    stretch_target: FigureOut | None
    in_period: FigureOut | None = Field(description="Trong kỳ")
    to_date: FigureOut | None = Field(description="Lũy kế đến hết kỳ")
    percent_of_target: FigureOut | None
    percent_of_stretch: FigureOut | None
    last_year: FigureOut | None = Field(description="Cùng kỳ năm trước, lũy kế, theo kế hoạch năm trước")
    percent_of_last_year: FigureOut | None = Field(description="Không tính khi hai năm không cùng đơn vị")
    missing: list[str] = Field(description="Kỳ còn thiếu số; lũy kế chưa trọn")
    partial: list[str] = Field(description="Đơn vị có số lũy kế nhưng còn thiếu kỳ")
    one_year_only: list[str] = Field(description="Đơn vị chỉ có số của một trong hai năm; khi đó không so với cùng kỳ")
    reporting: list[str] = Field(description="Đơn vị có số trong lũy kế")
    silent: list[str]
    estimated: list[str] = Field(description="Đơn vị còn dùng số ước thực hiện")
    synthetic: bool


class FiguresTableOut(Out):
    plan: str
    unit: str
    until: date
    branch: bool
    lines: list[FiguresLineOut]


class OverdueTaskOut(Out):
    task: str
    title: str
    due_on: date
    days: int = Field(description="Số ngày đã quá hạn")
    reminders: int


class QuietTaskOut(Out):
    task: str
    title: str
    days: int = Field(description="Số ngày chưa cập nhật")


class DueTaskOut(Out):
    task: str
    title: str
    due_on: date


class OpenRequestOut(Out):
    task: str = Field(validation_alias="task_code")
    number: int
    kind: RequestKind
    due_on: date | None = Field(description="Ngày xin gia hạn đến")
    at: Instant = Field(validation_alias="asked_at")


class MondayUnitOut(Out):
    unit: str
    overdue: list[OverdueTaskOut]
    not_updated: list[QuietTaskOut]
    due_soon: list[DueTaskOut]
    requests: list[OpenRequestOut]
    overdue_reports: list[ExpectedOut]
    synthetic: bool


class MondayOut(Out):
    """What the district office looks at on a Monday morning: two different lists, each with its denominator."""

    plan: str
    on: date
    quiet_days: int
    due_within_days: int
    tasks: TallyOut
    reports: ReportTallyOut
    units: list[MondayUnitOut] = Field(description="Chỉ đơn vị có việc cần nhắc")
    synthetic: bool
