"""What the engine is told about one unit. Plain values: a facts file and a database row look alike here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.calendar.rules import PeriodScheme, Roll
from app.indicators.rules import Accumulation

FIGURE = 10**10
"""Figures are integers in units of 10⁻¹⁰."""


class View(StrEnum):
    """Which of a unit's numbers: what it claims, or what was accepted."""

    CLAIMED = "claimed"
    APPRAISED = "appraised"


@dataclass(frozen=True, slots=True)
class IndicatorTerms:
    """What the plan says of an indicator; shared by all units."""

    accumulation: Accumulation
    scheme: PeriodScheme
    report_days: int
    window_from: date
    window_to: date


class Reported(NamedTuple):
    """One period's figure."""

    figure: int
    source: str
    is_late: bool


class Completion(NamedTuple):
    """When a task was done, and by when it was to be done as things stood when that was reported (after the roll)."""

    completed_on: date
    due_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class TaskFact:
    due_on: date | None
    roll: Roll
    completed: dict[View, Completion]


def _by_view() -> dict[View, dict[str, dict[str, Reported]]]:
    return {view: {} for view in View}


@dataclass(slots=True)
class Facts:
    unit: str
    indicators: Mapping[str, IndicatorTerms]
    """The adopted ones."""
    targets: dict[tuple[str, str], int] = field(default_factory=dict)
    """By indicator and kind of target."""
    last_year: dict[str, int] = field(default_factory=dict)
    figures: dict[View, dict[str, dict[str, Reported]]] = field(default_factory=_by_view)
    """By view, indicator and period."""
    tasks: dict[str, TaskFact] = field(default_factory=dict)
    """The adopted ones that this unit leads."""
