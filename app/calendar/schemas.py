from datetime import date
from typing import Annotated

from pydantic import Field

from app.wire import Day, In, Out, Source, Text, Title, example


class CalendarDayIn(In):
    model_config = example(
        day="2022-04-11", is_working=False, name="Nghỉ bù Giỗ Tổ Hùng Vương", source="Bộ luật Lao động năm 2019, khoản 3 Điều 111"
    )

    day: Day
    is_working: Annotated[bool, Field(description="false: ngày nghỉ; true: ngày làm bù")]
    name: Title
    source: Source
    """The decision or law that sets the day."""


class YearIn(In):
    model_config = example(year=2027)

    year: Annotated[int, Field(ge=2000, le=2100)]


class CalendarDayOut(Out):
    day: date
    is_working: bool
    name: str
    source: str
    version: int


class OutageIn(In):
    model_config = example(
        starts_on="2022-06-14",
        ends_on="2022-06-16",
        moves_to="2022-06-20",
        reason="Hệ thống của quận ngừng hoạt động từ 20 giờ ngày 14/6 đến trưa 16/6.",
        source="Văn bản số 15/UBND-NV ngày 17/6/2022",
    )

    starts_on: Day
    ends_on: Day
    """The last day on which the service could not be reached."""
    moves_to: Day | None
    """The day, a working one, to which every deadline of those days goes; null takes the outage back."""
    reason: Text
    source: Source


class OutageOut(Out):
    code: str
    starts_on: date
    ends_on: date
    moves_to: date | None
    reason: str | None = None
    source: str
    version: int
