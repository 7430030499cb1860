"""One unit's scoring while it runs: what is asked, and what the nodes have given so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.calendar.rules import Calendar
from app.scoring.engine.facts import Basis, Facts, Put
from app.scoring.engine.sheet import Given, Got, Why


@dataclass(slots=True)
class Sitting:
    facts: Facts
    instant: datetime
    calendar: Calendar
    basis: Basis
    marks: Mapping[str, Put]
    is_strict: bool
    given: dict[str, Got] = field(default_factory=dict)
    told: dict[str, Given] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)
    turns: list[datetime] = field(default_factory=list)
    """Instants at which a deadline alone may change a line."""


Pair = tuple[int, int]
"""An exact quotient, unreduced; the denominator is positive."""
Measured = tuple[Pair | str | None, Why, tuple[str, ...]]
"""A number, a grade, or None where there is nothing to measure; why; the reports it rests on."""
Take = Callable[[Facts, Sitting], Measured]
"""Measures a unit's facts: the unit's own, or those of one below."""
Tested = tuple[bool, tuple[Why, ...]]
"""Whether a condition holds; where it does not, why."""
Test = Callable[[Facts, Sitting], Tested]
