"""A rulebook as a document: what a person writes in YAML or JSON. Sizes and depths are bounded here.

Points, percentages and edges are exact decimals, written as strings ("92.5").
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, PlainSerializer, StringConstraints, Tag

ITEMS_LIMIT = 500
POINT_DECIMALS = 6


def _exact(value: object) -> object:
    """A number with a point has been through a float unless it came as text; a whole one has not."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and len(value) <= 32 and _PLAIN.fullmatch(value) else value  # noqa: PLR2004


_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def _written(value: Decimal) -> str:
    """Without an exponent, so that what is stored can be read again."""
    return format(value, "f")


def _from_text(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


Number = Annotated[
    Decimal,
    BeforeValidator(_exact, json_schema_input_type=str),
    Field(max_digits=20, decimal_places=10),
    PlainSerializer(_written, return_type=str),
]
PointsText = Annotated[
    Decimal,
    BeforeValidator(_exact, json_schema_input_type=str),
    Field(max_digits=12, decimal_places=POINT_DECIMALS, ge=-100_000, le=100_000),
    PlainSerializer(_written, return_type=str),
]
Day = Annotated[date, BeforeValidator(_from_text)]
NodeCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$", max_length=32)]
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class Document(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


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


class Title(Document):
    vi: Words
    en: Words | None = None


class IndicatorMeasure(Document):
    """A figure, or its share in per cent of the target, the stretch target or last year's figure."""

    kind: Literal["figure", "percent_of_target", "percent_of_stretch", "percent_of_last_year"]
    indicator: Reference


class TaskMeasure(Document):
    """Of the adopted tasks that the unit leads (or those named): a count, or the share done on time in per cent of those due."""

    kind: Literal["tasks_on_time", "tasks_late", "tasks_overdue", "percent_tasks_on_time"]
    tasks: Annotated[list[Reference], Field(max_length=500)] | None = None


class ReportMeasure(Document):
    """Of the reports that were due: a count, or the share in time in per cent."""

    kind: Literal["reports_late", "reports_missing", "percent_reports_on_time"]
    indicators: Annotated[list[Reference], Field(max_length=ITEMS_LIMIT)] | None = None


class MarkMeasure(Document):
    """Points that the appraiser puts by hand within a range; there is no rule to compute."""

    kind: Literal["mark"]
    minimum: PointsText = Decimal(0)
    maximum: PointsText


Measure = Annotated[IndicatorMeasure | TaskMeasure | ReportMeasure | MarkMeasure, Field(discriminator="kind")]


class Proportional(Document):
    """standard × measure / full_at; nothing below `floor`, no more than for `ceiling`."""

    shape: Literal["proportional"]
    full_at: Number = Decimal(100)
    floor: Number | None = None
    ceiling: Number | None = None


class Band(Document):
    """A stretch of the measure and its points. An edge that is not named is open to infinity."""

    at_least: Number | None = None
    more_than: Number | None = None
    at_most: Number | None = None
    less_than: Number | None = None
    points: PointsText


class Bands(Document):
    """The first band that holds the measure; `otherwise` where none does."""

    shape: Literal["bands"]
    bands: Annotated[list[Band], Field(min_length=1, max_length=50)]
    otherwise: PointsText


class Steps(Document):
    """`points` for each full (or started) `per` by which the measure exceeds `over`, at most `limit`."""

    shape: Literal["steps"]
    over: Number
    per: Annotated[Number, Field(gt=0)]
    points: PointsText
    counts: Literal["full", "started"] = "full"
    limit: Annotated[PointsText, Field(ge=0)] | None = None


class Each(Document):
    """`points` for each occurrence (negative for a deduction), at most `limit` in all, either way."""

    shape: Literal["each"]
    points: PointsText
    limit: Annotated[PointsText, Field(ge=0)] | None = None


Award = Annotated[Proportional | Bands | Steps | Each, Field(discriminator="shape")]


class Node(Document):
    """What an item and a group share. `appraiser` and `alternate_appraiser` are unit codes and hold for all below."""

    code: NodeCode
    title: Title
    appraiser: Reference | None = None
    alternate_appraiser: Reference | None = None


class Item(Node):
    """Mục: one measure, one way from it to points. A mark is points already and takes no award."""

    clause: Words
    """The words of the rule as the sheet prints them."""
    standard: PointsText = Decimal(0)
    measure: Measure
    award: Award | None = None
    missing: Annotated[Missing, Field(strict=False)] | None = None
    rounding: Rounding | None = None


class Group(Node):
    """Tiêu chuẩn, tiêu chí: the sum of its parts, held between `minimum` and `maximum`."""

    items: Annotated[list["Part"], Field(min_length=1, max_length=ITEMS_LIMIT)]
    maximum: PointsText | None = None
    minimum: PointsText | None = None


def _kind_of(part: object) -> str:
    return "group" if (isinstance(part, dict) and "items" in part) or isinstance(part, Group) else "item"


Part = Annotated[Annotated[Group, Tag("group")] | Annotated[Item, Tag("item")], Discriminator(_kind_of)]
"""What has items is a group; anything else is an item."""


class Rulebook(Document):
    rulebook: Reference
    version: Annotated[int, Field(ge=1, le=10_000)]
    title: Title
    source: Words
    synthetic: bool
    rounding: Rounding
    """For every item that names none of its own."""
    missing: Annotated[Missing, Field(strict=False)]
    items: Annotated[list[Part], Field(min_length=1, max_length=ITEMS_LIMIT)]
    maximum: PointsText | None = None
    tie_break: Annotated[list[NodeCode], Field(max_length=50)] = []
    """Between equal totals: more points in these nodes, in this order. What stays equal shares the place."""


class Faulty(ValueError):
    """A document that cannot be a rulebook; `path` says where."""

    def __init__(self, path: str, fault: str) -> None:
        super().__init__(f"{path}: {fault}")
        self.path, self.fault = path, fault
