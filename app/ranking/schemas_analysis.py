from datetime import datetime

from pydantic import Field

from app.ranking.rules import LostBecause, MoveCause, SignalKind
from app.wire import Instant, Out


class SolidOut(Out):
    unit: str
    name: str
    points: str
    place_low: int = Field(description="Hạng tốt nhất của khoảng")
    place_median: int
    place_high: int = Field(description="Hạng kém nhất của khoảng")
    first: str = Field(description="Tỷ lệ lần rút đứng đầu, %", examples=["62.4"])
    tier: int = Field(description="Nhóm không phân biệt được với đơn vị đầu nhóm")


class SolidityOut(Out):
    """How far a ranking can be trusted: never on pages that are shared."""

    movement: str
    cluster: str
    method: str
    draws: int
    seed: int
    concentration: str
    marking: str
    confidence: str
    units: list[SolidOut]
    synthetic: bool


class WorldOut(Out):
    """What the unit has once a cause is let in."""

    cause: MoveCause | None = Field(description="Trống: như lúc đầu")
    text: str
    points: str
    points_change: str
    place: int | None
    place_change: int | None = Field(description="Dương là lên hạng")


class MovedOut(Out):
    movement: str
    unit: str
    name: str
    cluster: str
    since: datetime
    until: Instant
    steps: list[WorldOut] = Field(description="Cộng lại đúng bằng toàn bộ thay đổi")
    synthetic: bool


class OpenItemOut(Out):
    code: str
    title: str
    points: str
    best: str | None = Field(description="Nhiều nhất còn đạt được; trống là không giới hạn")
    gain: str | None
    lost: str = Field(description="Không còn đạt được nữa, trừ khi giao thêm nhiệm vụ hoặc một quyết định thẩm định được xem lại")
    because: LostBecause | None
    because_text: str | None
    next: str | None = Field(description="Bước tiếp theo của mục này")


class AimOut(Out):
    place: int
    needs: str = Field(description="Số điểm còn thiếu so với đơn vị đang ở hạng này, nếu đơn vị khác giữ nguyên")
    reachable: bool
    items: list[str] = Field(description="Ít mục nhất có thể đem lại số điểm đó")


class PathOut(Out):
    """An upper bound: what is told as lost is lost, unless a task is added or a decision taken back; what is open may not be won."""

    movement: str
    unit: str
    name: str
    points: str
    best: str = Field(description="Tổng điểm cao nhất còn đạt được")
    lost: str
    items: list[OpenItemOut]
    aims: list[AimOut] = Field(description="Chỉ khi được xem cả cụm, khối")
    cannot_be_caught: list[str] = Field(description="Đơn vị không còn đuổi kịp, nếu họ giữ nguyên điểm")
    cannot_catch_up: list[str] = Field(description="Đơn vị không còn đuổi kịp đơn vị này")
    synthetic: bool


class SignalOut(Out):
    kind: SignalKind
    subject: str
    text: str
    count: int
    of: int
    others: int
    others_of: int
    units: list[str]


class SignalsOut(Out):
    """What is worth a look; never a verdict."""

    movement: str
    signals: list[SignalOut]
    synthetic: bool
