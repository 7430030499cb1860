"""What the engine is told about one unit. Plain values: a facts file and a database row look alike here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import NamedTuple

from app.calendar.rules import PeriodScheme, Roll
from app.indicators.rules import Accumulation
from app.marks.rules import MarkStage

FIGURE = 10**10
"""Figures are integers in units of 10⁻¹⁰."""


class View(StrEnum):
    """Which of a unit's numbers."""

    CLAIMED = "claimed"
    """What the unit says, self-entered marks included."""
    APPRAISED = "appraised"
    """What was accepted, and the appraisers' marks."""
    COUNCIL_PROPOSED = "council_proposed"
    """The council's marks where there are any, else as appraised."""
    DECIDED = "decided"
    """The decided marks where there are any, else as appraised: the view that ranks."""
    STRICT = "strict"
    """The written rule on accepted facts: no hand mark where there is a rule."""


class Basis(IntEnum):
    """Which reports a view takes."""

    CLAIMED = 0
    ACCEPTED = 1


STAGES: dict[View, tuple[MarkStage, ...]] = {
    View.CLAIMED: (MarkStage.CLAIMED,),
    View.APPRAISED: (MarkStage.APPRAISED,),
    View.COUNCIL_PROPOSED: (MarkStage.COUNCIL_PROPOSED, MarkStage.APPRAISED),
    View.DECIDED: (MarkStage.DECIDED, MarkStage.APPRAISED),
    View.STRICT: (MarkStage.APPRAISED,),
}
"""Whose mark each view takes, the first that is there."""


class Put(NamedTuple):
    """A mark that somebody put."""

    stage: MarkStage
    points: int
    """In millionths."""


Marks = Mapping[str, Mapping[MarkStage, int]]
"""Points in millionths by node and stage."""


def marks_in(marks: Marks, view: View) -> dict[str, Put]:
    """The mark that counts in a view, by node."""
    found = {}
    for node, by_stage in marks.items():
        stage = next((stage for stage in STAGES[view] if stage in by_stage), None)
        if stage is not None:
            found[node] = Put(stage, by_stage[stage])
    return found


@dataclass(frozen=True, slots=True)
class IndicatorTerms:
    """What the plan says of an indicator; shared by all units."""

    accumulation: Accumulation
    scheme: PeriodScheme
    report_days: int
    window_from: date
    window_to: date
    is_supplied: bool = False
    """Another unit enters the figures: a report that is missing is not the unit's."""


class Reported(NamedTuple):
    """One period's figure."""

    figure: int
    source: str
    is_late: bool
    is_supplied: bool = False
    """Another unit sent it: early or late, it is not the unit's."""


class Completion(NamedTuple):
    """When a task was done, and by when it was to be done as things stood when that was reported (after the roll)."""

    completed_on: date
    due_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class TaskFact:
    due_on: date | None
    roll: Roll
    completed: dict[Basis, Completion]


class Event(NamedTuple):
    """Something that happened and is counted."""

    on: date
    due_on: date | None
    is_verified: bool
    source: str


class Outcome(NamedTuple):
    """The unit's result in another assessment: a number in 10⁻¹⁰, a grade, or both."""

    number: int | None
    grade: str | None
    source: str


class Waiver(NamedTuple):
    """So many occurrences of an item are waived; None is all of them."""

    occurrences: int | None
    source: str


def _by_basis() -> dict[Basis, dict[str, dict[str, Reported]]]:
    return {basis: {} for basis in Basis}


@dataclass(slots=True)
class Facts:
    unit: str
    indicators: Mapping[str, IndicatorTerms]
    """The adopted ones."""
    targets: dict[tuple[str, str], int] = field(default_factory=dict)
    """By indicator and kind of target."""
    reported_from: dict[tuple[str, str], date] = field(default_factory=dict)
    """The same, where the target says from which day its figures are reported."""
    last_year: dict[str, int] = field(default_factory=dict)
    figures: dict[Basis, dict[str, dict[str, Reported]]] = field(default_factory=_by_basis)
    """By basis, indicator and period."""
    tasks: dict[str, TaskFact] = field(default_factory=dict)
    """The adopted ones that this unit leads."""
    events: dict[Basis, dict[str, list[Event]]] = field(default_factory=lambda: {basis: {} for basis in Basis})
    """By basis and kind of event."""
    results: dict[str, Outcome] = field(default_factory=dict)
    """By assessment."""
    waivers: dict[str, Waiver] = field(default_factory=dict)
    """By node."""
    children: tuple["Facts", ...] = ()
    """The units below, by code."""
    opens_on: date | None = None
    """None: before any window."""
    closes_on: date | None = None
    """The first day on which it is no more; None: after any window."""
