"""What every part of a rulebook document is made of: exact numbers, codes, words, edges. Sizes are bounded here.

Points, percentages and edges are exact decimals: whole numbers, or text ("92.5"). A JSON number with a point has been
through a float and is refused; YAML keeps it as the text that was written.
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

ITEMS_LIMIT = 500
NODES_LIMIT = 2_000
LIST_LIMIT = 50
POINT_DECIMALS = 6
POINT = 10**POINT_DECIMALS
"""Points are integers in millionths."""
EDGE = 10**10
"""Edges, figures and percentages are integers in units of 10⁻¹⁰."""


class Faulty(ValueError):
    """A document that cannot be a rulebook: where (`path`), and which sentence of the catalogue's `faults` says why."""

    def __init__(self, path: str, fault: str, **values: object) -> None:
        super().__init__(f"{path}: {fault}")
        self.path, self.fault, self.values = path, fault, values
        self.line: int | None = None
        """Of the text that was read, where there was one."""


def _exact(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and len(value) <= 32 and _PLAIN.fullmatch(value) else value  # noqa: PLR2004


_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def _written(value: Decimal) -> str:
    """Without an exponent, so that what is stored can be read again."""
    return format(value, "f")


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


Number = Annotated[
    Decimal,
    BeforeValidator(_exact, json_schema_input_type=str | int),
    Field(max_digits=20, decimal_places=10),
    PlainSerializer(_written, return_type=str),
]
PointsText = Annotated[
    Decimal,
    BeforeValidator(_exact, json_schema_input_type=str | int),
    Field(max_digits=12, decimal_places=POINT_DECIMALS, ge=-100_000, le=100_000),
    PlainSerializer(_written, return_type=str),
]
Limit = Annotated[PointsText, Field(ge=0)]
Day = Annotated[date, BeforeValidator(_day)]
CODE_FORM = r"^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$"
REFERENCE_FORM = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NodeCode = Annotated[str, StringConstraints(pattern=CODE_FORM, max_length=32)]
Reference = Annotated[str, StringConstraints(pattern=REFERENCE_FORM, max_length=64)]
References = Annotated[list[Reference], Field(min_length=1, max_length=ITEMS_LIMIT)]
Grade = Annotated[str, StringConstraints(min_length=1, max_length=32, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]


class Document(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Title(Document):
    vi: Words
    en: Words | None = None


class Mode(StrEnum):
    """Halves away from zero, halves to even, toward zero, away from zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    TRUNCATE = "truncate"
    UP = "up"


class Rounding(Document):
    decimals: Annotated[int, Field(ge=0, le=POINT_DECIMALS)]
    mode: Annotated[Mode, Field(strict=False)]


class Missing(StrEnum):
    """What a fact that is not there is worth: declared, never by accident."""

    ZERO = "zero"
    STANDARD = "standard"
    EXCLUDED = "excluded"


class Edges(Document):
    """A stretch of numbers. An edge that is not named is open to infinity."""

    at_least: Number | None = None
    more_than: Number | None = None
    at_most: Number | None = None
    less_than: Number | None = None


class Window(Document):
    """Days, both inclusive."""

    starts: Day
    ends: Day
