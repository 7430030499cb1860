"""What the engine answers: points with their reasons as codes and values; texts are worded elsewhere.

While it runs, a reason is a flat tuple: its form, then what fills it. Lines and reasons are made when somebody asks why; a
ranking asks for points alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, cast

from app.rulebooks.language.schema import GateState
from app.scoring.engine.facts import View


@dataclass(frozen=True, slots=True)
class Form:
    """A slug of the text catalogue, and the names of the values that fill its sentence."""

    slug: str
    names: tuple[str, ...] = ()


Why = tuple[Any, ...]
"""A `Form` and a value for each of its names; a pair of integers is an exact quotient."""


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


def reasons(whys: Iterable[Why]) -> tuple[Reason, ...]:
    return tuple(Reason(form.slug, tuple(zip(form.names, map(_value, values), strict=True))) for form, *values in whys)


def _value(value: Value | tuple[int, int]) -> Value:
    return Quotient(*value) if isinstance(value, tuple) else value


class Got(NamedTuple):
    """What a node gives, in millionths: all of it, and how much of that is bonus and how much deduction."""

    points: int
    bonus: int
    deduction: int
    standard: int
    """The standard points that applied; less than the node's own where parts were left out."""
    is_absent: bool
    """Left out: neither points nor standard count."""
    applies: bool


got = cast("Callable[[tuple[int, int, int, int, bool, bool]], Got]", partial(tuple.__new__, Got))
"""`Got(*fields)` in a third of the time."""
ABSENT = Got(0, 0, 0, 0, is_absent=True, applies=False)


Given = tuple[Got, tuple[Why, ...], tuple[str, ...]]
"""What a node gives, why, and from which reports."""


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
    """A gate that closed; its clause in the rulebook is the reason."""

    gate: str
    state: GateState


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
    order: Iterable[str]
    """The codes of the rulebook's nodes as it has them; the first, empty one is the whole."""
    told: Mapping[str, Given]
    """What each node gives, by code."""
    grades: Mapping[str, str]
    """The letters that points earned, by node."""
    valid_until: datetime | None
    """The next instant at which a deadline alone would change it."""
    states: tuple[Standing, ...] = ()
    rated: Rated | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """In the order of the rulebook; the first is the total. Made anew each time."""
        return tuple(map(self.line, self.order))

    def line(self, code: str) -> Line:
        given, whys, sources = self.told[code]
        return Line(code, given.points, reasons(whys), sources, self.grades.get(code), given.is_absent)

    def points(self, code: str) -> int:
        return self.told[code][0].points

    def ranking_points(self, tie_break: Iterable[str]) -> tuple[int, ...]:
        """What it is ranked by: the total, then these nodes."""
        return (self.total, *map(self.points, tie_break))

    @property
    def total(self) -> int:
        return self.points("")
