"""Awards: from a number to points."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from app.rulebooks.language.ground import LIST_LIMIT, Document, Edges, Grade, Limit, Number, PointsText
from app.rulebooks.language.terms import Measure


class Proportional(Document):
    """standard × measure / full_at; nothing below `floor`, no more than for `ceiling`."""

    shape: Literal["proportional"]
    full_at: Annotated[Number, Field(gt=0)] = Decimal(100)
    floor: Number | None = None
    ceiling: Number | None = None


class Value(Document):
    """The measure itself, times `times`, is the points."""

    shape: Literal["value"]
    times: Number = Decimal(1)


class Band(Edges):
    points: PointsText


class Bands(Document):
    """The first band that holds the measure; `otherwise` where none does."""

    shape: Literal["bands"]
    bands: Annotated[list[Band], Field(min_length=1, max_length=LIST_LIMIT)]
    otherwise: PointsText


class Steps(Document):
    """`points` for each full (or started) `per` by which the measure exceeds `over`, at most `limit`.

    With `first`, reaching past `over` alone is worth that much, before any step.
    """

    shape: Literal["steps"]
    over: Number
    per: Annotated[Number, Field(gt=0)]
    points: PointsText
    counts: Literal["full", "started"] = "full"
    first: PointsText | None = None
    limit: Limit | None = None


class Each(Document):
    """`points` for each occurrence (negative for a deduction), at most `limit` in all, either way."""

    shape: Literal["each"]
    points: PointsText
    limit: Limit | None = None


class GradePoints(Document):
    grade: Grade
    points: PointsText


class Grades(Document):
    """Points by the grade in another assessment."""

    shape: Literal["grades"]
    grades: Annotated[list[GradePoints], Field(min_length=1, max_length=LIST_LIMIT)]
    otherwise: PointsText


class Stratum(Edges):
    """A stretch of the stratifying measure, and the award that holds in it."""

    award: Proportional | Value | Bands | Steps | Each = Field(discriminator="shape")


class Strata(Document):
    """The award of the first stratum that holds `by` (volume, size); `otherwise` where none does or `by` is missing."""

    shape: Literal["strata"]
    by: Measure
    strata: Annotated[list[Stratum], Field(min_length=1, max_length=LIST_LIMIT)]
    otherwise: PointsText


Award = Annotated[Proportional | Value | Bands | Steps | Each | Grades | Strata, Field(discriminator="shape")]
