"""Tasks: two axes of status, computed from what happened and the instant at which one asks."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.calendar.rules import DAY, Period, PeriodScheme, periods_ending_within

DUE_SOON = timedelta(days=7)


class TaskStanding(StrEnum):
    """Whether whoever assigned a task still wants it."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    RECALLED = "recalled"


class TaskProgress(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    DONE = "done"
    SENT_BACK = "sent_back"
    SUSPENDED = "suspended"
    RECALLED = "recalled"


class TaskTiming(StrEnum):
    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    NO_DEADLINE = "no_deadline"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"


def timing(*, expires_at: datetime | None, completed_at: datetime | None, instant: datetime) -> TaskTiming:
    """`completed_at` is the start of the day after the confirmed completion date's beginning: a day counts as reached.

    A slow confirmer makes nobody late: the completion date decides, not the day of the confirmation.
    """
    if completed_at is not None:
        return TaskTiming.DONE_ON_TIME if expires_at is None or completed_at < expires_at else TaskTiming.DONE_LATE
    if expires_at is None:
        return TaskTiming.NO_DEADLINE
    if instant >= expires_at:
        return TaskTiming.OVERDUE
    return TaskTiming.DUE_SOON if expires_at - instant <= DUE_SOON else TaskTiming.IN_TIME


class TaskDeed(StrEnum):
    """What whoever assigned a task does with it afterwards, with a reason."""

    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RECALLED = "recalled"
    REDONE = "redone"
    """To be done anew: what was reported before counts no more."""
    EXTENDED = "extended"
    PASSED_ON = "passed_on"
    """To another lead."""


ALLOWED_FROM: dict[TaskDeed, frozenset[TaskStanding]] = {
    TaskDeed.SUSPENDED: frozenset({TaskStanding.ACTIVE}),
    TaskDeed.RESUMED: frozenset({TaskStanding.SUSPENDED}),
    TaskDeed.RECALLED: frozenset({TaskStanding.ACTIVE, TaskStanding.SUSPENDED}),
    TaskDeed.REDONE: frozenset({TaskStanding.ACTIVE}),
    TaskDeed.EXTENDED: frozenset({TaskStanding.ACTIVE}),
    TaskDeed.PASSED_ON: frozenset({TaskStanding.ACTIVE}),
}
LEADS_TO: dict[TaskDeed, TaskStanding] = {
    TaskDeed.SUSPENDED: TaskStanding.SUSPENDED,
    TaskDeed.RECALLED: TaskStanding.RECALLED,
}
"""Every other deed leads to an active task."""


class Lacking(StrEnum):
    """What a well-written task says; its want is told, and stops nothing."""

    DOCUMENT = "document"
    POINT = "point"
    DEADLINE = "deadline"
    DELIVERABLE = "deliverable"


class Unread(StrEnum):
    """What a person has to tell of a point that was read from a document."""

    LEAD = "lead"
    DEADLINE = "deadline"


@dataclass(frozen=True)
class Recurrence:
    """Nhiệm vụ định kỳ: one occurrence in each period from `first` to `last`."""

    scheme: PeriodScheme
    first: Period
    last: Period
    day: int | None
    """Of the month in which it falls due; None, and a day that the month has not, is its last."""
    months_after: int
    """From the last month of the period to the one in which it falls due."""


def occurrences(of: Recurrence) -> Iterator[tuple[Period, date]]:
    """Each period with the last day of its occurrence."""
    for found in periods_ending_within(of.scheme, of.first.ends - DAY, of.last.ends):
        last = found.ends - DAY
        month = last.year * 12 + last.month - 1 + of.months_after
        year, length = month // 12, monthrange(month // 12, month % 12 + 1)[1]
        yield found, date(year, month % 12 + 1, min(of.day or length, length))
