from datetime import date
from typing import Annotated

from pydantic import Field

from app.wire import Day, In, Out, Source, Title, example


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
