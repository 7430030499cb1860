from datetime import date
from typing import Annotated

from pydantic import Field

from app.wire import Day, In, Out, Source, Title


class CalendarDayIn(In):
    day: Day
    is_working: Annotated[bool, Field(description="false: ngày nghỉ; true: ngày làm bù")]
    name: Title
    source: Source
    """The decision or law that sets the day."""


class CalendarDayOut(Out):
    day: date
    is_working: bool
    name: str
    source: str
    version: int
