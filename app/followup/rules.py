"""What happens to a task once it is assigned: where it stands, and what whoever asks may do next."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.policy import Action, Actor
from app.tasks.rules import TaskProgress, TaskStanding


class RequestKind(StrEnum):
    """What the lead asks of whoever assigned the task."""

    EXTENSION = "extension"
    """Gia hạn: a later day."""
    NEW_LEAD = "new_lead"
    """Đề nghị đổi đơn vị chủ trì."""
    SENT_BACK = "sent_back"
    """Trả lại nhiệm vụ: not within the unit's competence."""


class RequestOutcome(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Part(StrEnum):
    """What a unit has to do with a task."""

    LEAD = "lead"
    COORDINATOR = "coordinator"


class ReminderLevel(StrEnum):
    """Whom a reminder speaks to."""

    OFFICER = "officer"
    UNIT_HEAD = "unit_head"


REMINDERS_BEFORE_ESCALATION = 2
"""From the third on a reminder goes to the unit's head."""


def level_of(sent_before: int) -> ReminderLevel:
    return ReminderLevel.OFFICER if sent_before < REMINDERS_BEFORE_ESCALATION else ReminderLevel.UNIT_HEAD


def progress_of(standing: TaskStanding, *, is_done: bool, is_waiting: bool, is_back: bool, active: datetime | None) -> TaskProgress:
    """The first axis. What nobody wants any more is neither done nor undone."""
    if standing is not TaskStanding.ACTIVE:
        return TaskProgress(standing.value)
    steps = (
        (is_done, TaskProgress.DONE),
        (is_waiting, TaskProgress.AWAITING_CONFIRMATION),
        (is_back, TaskProgress.SENT_BACK),
        (active is not None, TaskProgress.IN_PROGRESS),
    )
    return next((progress for holds, progress in steps if holds), TaskProgress.NOT_STARTED)


class Move(NamedTuple):
    """A deed that a caller may do next. `path` follows the task's own address; None is a report."""

    name: str
    method: str
    path: str | None
    needs: tuple[str, ...]


_OPEN = frozenset({TaskProgress.NOT_STARTED, TaskProgress.IN_PROGRESS})
UNDONE = _OPEN | {TaskProgress.AWAITING_CONFIRMATION, TaskProgress.SENT_BACK}
QUIET = _OPEN | {TaskProgress.SENT_BACK}
"""Where a unit's silence is a silence."""
_MATCH = "If-Match"
_ASSIGNER: tuple[tuple[frozenset[TaskProgress], Move], ...] = (
    (UNDONE | {TaskProgress.DONE, TaskProgress.SUSPENDED}, Move("amendment", "PUT", "", (_MATCH,))),
    (UNDONE, Move("suspension", "POST", "/suspension", (_MATCH, "reason"))),
    (frozenset({TaskProgress.SUSPENDED}), Move("resumption", "POST", "/resumption", (_MATCH, "reason"))),
    (UNDONE | {TaskProgress.SUSPENDED}, Move("recall", "POST", "/recall", (_MATCH, "reason"))),
    (frozenset({TaskProgress.DONE}), Move("redo", "POST", "/redo", (_MATCH, "reason"))),
)
_DECIDER = (
    Move("grant", "POST", "/requests/{number}/grant", (_MATCH,)),
    Move("refusal", "POST", "/requests/{number}/refusal", (_MATCH, "reason")),
)
_OWN_REQUEST = Move("request-withdrawal", "POST", "/requests/{number}/withdrawal", (_MATCH,))
_REQUEST = Move("request", "POST", "/requests", (_MATCH, "kind", "reason"))
_REPORT = Move("report", "POST", None, ("plan", "unit", "task", "completed_on"))
_UPDATE = Move("update", "POST", "/updates", ("unit", "note"))
_OFFICER = Move("officer", "POST", "/officers", ("unit", "person"))


def moves(actor: Actor, lead: str, parts: Mapping[str, TaskProgress], asked_by: UUID | None) -> list[Move]:
    """What this caller may do next with a task. `parts` are the units' progress; `asked_by`: whose request waits, if one does."""
    progress, is_asked, found = parts[lead], asked_by is not None, list[Move]()
    if actor.may(Action.TASK_ASSIGN, lead):
        found += [move for standing, move in _ASSIGNER if progress in standing]
        if is_asked and progress in UNDONE and actor.id != asked_by and not actor.belongs_to(lead):
            found += _DECIDER
    if actor.may(Action.PROGRESS_SUBMIT, lead):
        if is_asked:
            found.append(_OWN_REQUEST)
        elif progress in _OPEN:
            found.append(_REQUEST)
    own = [unit for unit in parts if actor.may(Action.PROGRESS_SUBMIT, unit)]
    if any(parts[unit] in _OPEN for unit in own):
        found.append(_UPDATE)
    if any(parts[unit] in UNDONE for unit in own):
        found += [_REPORT, _OFFICER]
    return found
