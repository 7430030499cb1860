"""What stands between a movement and its publication, and what may be published when."""

from dataclasses import dataclass
from enum import StrEnum

from app.movements.rules import MovementState
from app.scoring.engine.facts import View


class BlockerKind(StrEnum):
    """Why a result is not final yet."""

    NOT_UNDER_REVIEW = "not_under_review"
    """The movement still takes reports, or is over."""
    REPORT_WAITING = "report_waiting"
    EVENT_WAITING = "event_waiting"
    MARK_NOT_RELEASED = "mark_not_released"
    RE_EXAMINATION_OPEN = "re_examination_open"
    COMMENT_UNANSWERED = "comment_unanswered"
    SHEET_NOT_POSTED = "sheet_not_posted"
    POSTING_OPEN = "posting_open"
    NO_RULEBOOK = "no_rulebook"
    RULEBOOK_WARNING = "rulebook_warning"
    """One that nobody has read and acknowledged."""


class Stage(StrEnum):
    """Of one chain of publications."""

    COUNCIL = "council"
    """What the members of the council saw; not for the public."""
    POSTED = "posted"
    """For opinion."""
    FINAL = "final"
    """After the decision."""


class Edition(StrEnum):
    """Two readings of one result."""

    FULL = "full"
    """Every view, reasons of exclusion and the trail's position: for those who see all units."""
    PUBLIC = "public"
    """What counts for the decided view, and of units that are not ranked only that they are not."""

    @property
    def views(self) -> tuple[View, ...]:
        return tuple(View) if self is Edition.FULL else (View.DECIDED,)


EDITIONS: dict[Stage, tuple[Edition, ...]] = {
    Stage.COUNCIL: (Edition.FULL,),
    Stage.POSTED: (Edition.FULL, Edition.PUBLIC),
    Stage.FINAL: (Edition.FULL, Edition.PUBLIC),
}
NEVER_OVERRIDDEN = frozenset({BlockerKind.NOT_UNDER_REVIEW})
PUBLISHING = frozenset({MovementState.UNDER_REVIEW, MovementState.DECIDED, MovementState.PUBLISHED})
"""The states in which results are published or corrected."""


@dataclass(frozen=True)
class Blocker:
    """One thing that stands in the way. `subject` is an id or codes, as in `link`."""

    kind: BlockerKind
    subject: str
    unit: str | None
    link: str
    """The path under which it is looked at."""
