"""What the engine answers: points with their reasons as codes and values; texts are worded elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.rulebooks.language.schema import GateState
from app.scoring.engine.facts import View


class Reason(NamedTuple):
    """A slug of the text catalogue and what fills its sentence."""

    slug: str
    values: tuple[tuple[str, "Value"], ...] = ()


class Quotient(NamedTuple):
    """An exact pair; the denominator is positive."""

    numerator: int
    denominator: int


Value = int | str | Quotient
"""Points in millionths under names that end in `points`, figures in 10⁻¹⁰ under `figure…` and `edge…`, else plain."""


class Line(NamedTuple):
    code: str
    points: int
    """In millionths."""
    reasons: tuple[Reason, ...]
    sources: tuple[str, ...]
    """Ids of the submissions it rests on."""
    grade: str | None = None
    """The letter that its points earn."""
    is_left_out: bool = False


class Standing(NamedTuple):
    """A gate that closed: the state with its reason."""

    gate: str
    state: GateState
    reasons: tuple[Reason, ...]


class Rated(NamedTuple):
    """The class of the total alone, and the one that is proposed once conditions and ceilings are heard."""

    by_total: str
    proposed: str
    reasons: tuple[Reason, ...]
    """Why the two differ; people decide."""


@dataclass(frozen=True, slots=True)
class Sheet:
    unit: str
    view: View
    lines: tuple[Line, ...]
    """In the order of the rulebook; the first is the total."""
    valid_until: datetime | None
    """The next instant at which a deadline alone would change it."""
    states: tuple[Standing, ...] = ()
    rated: Rated | None = None

    @property
    def total(self) -> int:
        return self.lines[0].points
