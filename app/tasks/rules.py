"""Tasks: two axes of status, computed from what happened and the instant at which one asks."""

from datetime import datetime, timedelta
from enum import StrEnum

DUE_SOON = timedelta(days=7)


class TaskProgress(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    DONE = "done"


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
