"""Posting (công khai): how long a self-scored sheet is open to comments, and how long a unit may ask for a second look."""

from datetime import date, datetime
from enum import StrEnum

from app.calendar.rules import DAY, Calendar, Roll, end_of

POSTING_DAYS = 5
"""At least so many days, as the score sheet of tiep-can-phap-luat-2022 asks."""
RE_EXAMINATION_DAYS = 10
"""Working days after the notice; no source names a number, so it is ours."""


class CommentChannel(StrEnum):
    UNIT = "unit"
    """By a unit of the movement, in this service."""
    POST = "post"
    PORTAL = "portal"
    MEETING = "meeting"


class CommentOutcome(StrEnum):
    EXPLAINED = "explained"
    """Answered; nothing changes."""
    UNVERIFIED = "unverified"
    """Could not be verified; nothing changes."""
    VERIFIED = "verified"
    """Right: a recorded event changes the facts."""


class ReExaminationOutcome(StrEnum):
    UPHELD = "upheld"
    CHANGED = "changed"


def open_until(posted_on: date, days: int, calendar: Calendar) -> date:
    """The last day for comments: the day of posting is not counted, the last is a working day (Civil Code 2015, art. 147-148)."""
    return calendar.rolled(posted_on + DAY * days, Roll.FORWARD)


def last_day_to_ask(noticed_on: date, calendar: Calendar) -> date:
    return calendar.working_day_after(noticed_on, RE_EXAMINATION_DAYS)


def is_over(last: date, instant: datetime) -> bool:
    return instant >= end_of(last)
