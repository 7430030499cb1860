"""Days, deadlines and periods in Asia/Ho_Chi_Minh.

A term ends at 24:00 of its last day (Civil Code 2015, art. 147-148), that is: before the next local midnight.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from app.clock import ZONE

DAY = timedelta(days=1)
_SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 1990, 2100


class Roll(StrEnum):
    """Where a deadline goes that falls on a day off."""

    NONE = "none"
    FORWARD = "forward"
    BACKWARD = "backward"


class PeriodScheme(StrEnum):
    """Which days a report speaks of; a period is named by the month or year in which it ends."""

    MONTH = "month"
    MONTH_15_14 = "month_15_14"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    YEAR_15_12 = "year_15_12"
    YEAR_16_11 = "year_16_11"
    SCHOOL_YEAR = "school_year"


class Outage(NamedTuple):
    """The service could not be reached: what was due from one day to another is due later."""

    starts_on: date
    ends_on: date
    moves_to: date


@dataclass(frozen=True)
class Calendar:
    """Weekends are off, but for what the data says: `off` are holidays, `working` are days worked in exchange."""

    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    outages: tuple[Outage, ...] = ()
    """In order of their first day."""

    def is_working(self, day: date) -> bool:
        if day in self.working:
            return True
        return day.weekday() < _SATURDAY and day not in self.off

    def rolled(self, day: date, roll: Roll) -> date:
        """The last day of a term that would end with `day`: after the roll, and after the outages that it fell into."""
        step = {Roll.NONE: timedelta(0), Roll.FORWARD: DAY, Roll.BACKWARD: -DAY}[roll]
        while step and not self.is_working(day):
            day += step
        return self.moved(day)

    def moved(self, day: date) -> date:
        """A last day as outages leave it: of those that cover it the furthest counts, and where that falls into another, so does that one.

        A day that was declared off since is no last day: the next working day is.
        """
        while covering := [outage.moves_to for outage in self.outages if outage.starts_on <= day <= outage.ends_on]:
            day = max(covering)
            while not self.is_working(day):
                day += DAY
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days in [start, end); negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + DAY * n) for n in range((end - start).days))

    def working_day_after(self, day: date, count: int) -> date:
        """The last day of a term of so many working days; the day itself is not counted, and outages move it."""
        while count:
            day += DAY
            count -= self.is_working(day)
        return self.moved(day)


@dataclass(frozen=True)
class Period:
    """[starts, ends): `ends` is the first day after it."""

    code: str
    starts: date
    ends: date

    def lies_in(self, year: int) -> bool:
        """Whether it ends in the year: from 15/12 to 14/01 is the new year's."""
        return (self.ends - DAY).year == year


@lru_cache(1024)
def end_of(day: date) -> datetime:
    """The first instant at which a term that ends with `day` has expired, in UTC."""
    return datetime.combine(day + DAY, time.min, ZONE).astimezone(UTC)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE).astimezone(UTC)


# How many months a period spans, the day of the month on which it begins, and by how many months it begins
# before the period that its name says (15/12-14/12 "2022" begins a month before January 2022).
_MONTHS = {
    PeriodScheme.MONTH: (1, 1, 0),
    PeriodScheme.MONTH_15_14: (1, 15, 1),
    PeriodScheme.QUARTER: (3, 1, 0),
    PeriodScheme.HALF_YEAR: (6, 1, 0),
    PeriodScheme.YEAR: (12, 1, 0),
    PeriodScheme.YEAR_15_12: (12, 15, 1),
    PeriodScheme.YEAR_16_11: (12, 16, 2),
    PeriodScheme.SCHOOL_YEAR: (12, 1, 4),
}
_FORMS = {
    1: re.compile(r"(\d{4})-(\d{2})"),
    3: re.compile(r"(\d{4})-Q([1-4])"),
    6: re.compile(r"(\d{4})-H([12])"),
    12: re.compile(r"(\d{4})()"),
}
_SCHOOL_YEAR = re.compile(r"(\d{4})-(\d{4})")


@lru_cache(maxsize=4096)
def period(scheme: PeriodScheme, code: str) -> Period | None:
    """The period that `code` names (2022-05, 2022-Q2, 2022-H1, 2022, 2021-2022), or None."""
    span = _MONTHS[scheme][0]
    if scheme is PeriodScheme.SCHOOL_YEAR:
        found = _SCHOOL_YEAR.fullmatch(code)
        if not found or int(found[2]) != int(found[1]) + 1:
            return None
        year, index = int(found[2]), 0
    else:
        found = _FORMS[span].fullmatch(code)
        if not found:
            return None
        year, index = int(found[1]), int(found[2] or 1) - 1
    if not FIRST_YEAR <= year <= LAST_YEAR or not 0 <= index * span < 12:  # noqa: PLR2004
        return None
    return _nth(scheme, year * 12 // span + index)


def period_of(scheme: PeriodScheme, day: date) -> Period:
    """The period that contains `day`."""
    span = _MONTHS[scheme][0]
    nth = (day.year * 12 + day.month - 1) // span
    for candidate in (nth + 1, nth, nth - 1):
        found = _nth(scheme, candidate)
        if found.starts <= day < found.ends:
            return found
    raise AssertionError("every day lies in a period")


def periods_ending_within(scheme: PeriodScheme, starts: date, ends: date) -> Iterator[Period]:
    """The periods whose last day lies in [starts, ends), in order."""
    found = period_of(scheme, starts)
    while found.ends - DAY < ends:
        yield found
        found = period_of(scheme, found.ends)


def _nth(scheme: PeriodScheme, nth: int) -> Period:
    span, first_day, lead = _MONTHS[scheme]
    starts, ends = _month(nth * span - lead, first_day), _month((nth + 1) * span - lead, first_day)
    return Period(_code(scheme, nth), starts, ends)


def _code(scheme: PeriodScheme, nth: int) -> str:
    span = _MONTHS[scheme][0]
    year, index = divmod(nth * span, 12)
    if scheme is PeriodScheme.SCHOOL_YEAR:
        return f"{year - 1:04d}-{year:04d}"
    return {1: f"{year:04d}-{index + 1:02d}", 3: f"{year:04d}-Q{index // 3 + 1}", 6: f"{year:04d}-H{index // 6 + 1}", 12: f"{year:04d}"}[
        span
    ]


def _month(number: int, day: int) -> date:
    return date(number // 12, number % 12 + 1, day)
