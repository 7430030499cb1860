"""Reports: states, and what a caller may do next."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import NamedTuple

from app.calendar.rules import Calendar, end_of
from app.policy import Action, Actor

_ZERO = Decimal(0)


class SubmissionState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Capacity(StrEnum):
    """In which capacity somebody signs for a unit (Decree 30/2020, annex I)."""

    HEAD = "head"
    DEPUTY = "deputy"
    """KT., ký thay."""
    BY_ORDER = "by_order"
    """TL., ký thừa lệnh."""
    DELEGATE = "delegate"
    """TUQ., ký thừa ủy quyền."""


class Outcome(StrEnum):
    """What ends the waiting: one of these, once."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Silence(StrEnum):
    """What counts if nothing comes after a return: declared with it, so that silence has a known effect."""

    NOTHING_COUNTS = "nothing_counts"
    EARLIER_COUNTS = "earlier_counts"
    """The report accepted before stays."""


class Flag(StrEnum):
    """Said of a report beside its figure; never a reason to refuse it."""

    LATE = "late"
    EVIDENCE_OUTSIDE_WINDOW = "evidence_outside_window"
    FILE_USED_ELSEWHERE = "file_used_elsewhere"
    """A file of it also stands behind another report that the reader may see."""
    FIGURE_DEPARTS = "figure_departs"
    CUMULATIVE_FALLS = "cumulative_falls"
    ESTIMATE = "estimate"


class Doubt(StrEnum):
    """Why a sender was asked to look at a figure once more, before it was taken."""

    DEPARTS = "figure_departs"
    """From what was reported before, by the indicator's factor: triệu for tỷ."""
    FALLS = "cumulative_falls"


class Near(NamedTuple):
    """What stands beside a figure: of the period before, of the one after, and the year's target."""

    earlier: Decimal | None = None
    later: Decimal | None = None
    target: Decimal | None = None


def state_of(outcome: Outcome | None) -> SubmissionState:
    return SubmissionState.WAITING if outcome is None else SubmissionState(outcome.value)


def version_of(outcome: Outcome | None) -> int:
    """A report moves once: waiting is version 1, decided is version 2."""
    return 1 if outcome is None else 2


def is_late(received_at: datetime, due_on: date | None) -> bool:
    """Half-open: the first instant of the next day is late."""
    return due_on is not None and received_at >= end_of(due_on)


def is_excused(received_at: datetime, due_on: date | None, calendar: Calendar) -> bool:
    """Late by the deadline of then, but an outage that was recorded since has moved it."""
    return due_on is not None and not is_late(received_at, calendar.moved(due_on))


def doubt(figure: Decimal, near: Near, factor: int, *, is_cumulative: bool) -> Doubt | None:
    """It departs when it is `factor` times the figure of the period before (else of the one after), or one of as many parts.

    Where neither was reported: when it is a tenth of the factor times the year's target.
    """
    if is_cumulative and ((near.earlier is not None and figure < near.earlier) or (near.later is not None and figure > near.later)):
        return Doubt.FALLS
    beside, size, target = abs(near.earlier or near.later or _ZERO), abs(figure), abs(near.target or _ZERO)
    by_beside, by_target = size >= factor * beside or 0 < factor * size <= beside, 0 < factor * target <= 10 * size
    return Doubt.DEPARTS if (by_beside if beside else by_target) else None


def may_be_signed(state: SubmissionState) -> bool:
    """Also what was accepted already: a signature is recorded, and is never a reason to be late."""
    return state in {SubmissionState.WAITING, SubmissionState.ACCEPTED}


class Objection(Enum):
    """Where the unit stands towards a figure that another supplied for it: it may still object, it has, it no longer may."""

    RUNS, MADE, OVER = range(3)


def moves(
    actor: Actor,
    state: SubmissionState,
    unit: str,
    appraiser: str,
    *,
    is_superseded: bool,
    supplier: str | None = None,
    objection: Objection | None = None,
) -> list[tuple[str, bool]]:
    """The deeds this caller may do next, and whether each needs a reason. What is superseded is neither accepted nor objected to.

    `supplier` and `objection` are None where the unit reported itself.
    """
    if state is not SubmissionState.WAITING:
        return []
    found: list[tuple[str, bool]] = []
    is_own = unit == appraiser or any(actor.belongs_to(one) for one in (unit, supplier) if one is not None)
    if not is_own and actor.may(Action.PROGRESS_REVIEW, appraiser):
        can_accept = not is_superseded and objection is not Objection.RUNS
        found += [("acceptance", objection is Objection.MADE)] * can_accept + [("return", True)]
    if (objection is None or (objection is Objection.RUNS and not is_superseded)) and actor.may(Action.PROGRESS_SUBMIT, unit):
        found.append(("withdrawal", False) if objection is None else ("objection", True))
    return found
