"""One unit's scoring while it runs: what is asked, and what the nodes have given so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.calendar.rules import Calendar
from app.scoring.engine.facts import Basis, Facts, Put
from app.scoring.engine.sheet import Line, Quotient, Reason


class Got(NamedTuple):
    """What a node gives, in millionths: all of it, and how much of that is bonus and how much deduction."""

    points: int
    bonus: int
    deduction: int
    standard: int
    """The standard points that applied; less than the node's own where parts were left out."""
    is_absent: bool = False
    """Left out: neither points nor standard count."""
    applies: bool = True
    grade: str | None = None


ABSENT = Got(0, 0, 0, 0, is_absent=True, applies=False)


@dataclass(slots=True)
class Sitting:
    facts: Facts
    instant: datetime
    calendar: Calendar
    basis: Basis
    marks: Mapping[str, Put]
    is_strict: bool
    given: dict[str, Got] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    turns: list[datetime] = field(default_factory=list)
    """Instants at which a deadline alone may change a line."""


class Measured(NamedTuple):
    """An exact pair or a grade, or None with the reason why there is nothing to measure."""

    value: Quotient | str | None
    reason: Reason
    sources: tuple[str, ...] = ()


Take = Callable[[Facts, Sitting], Measured]
"""Measures a unit's facts: the unit's own, or those of one below."""
Tested = tuple[bool, tuple[Reason, ...]]
"""Whether a condition holds; where it does not, why."""
Test = Callable[[Facts, Sitting], Tested]
