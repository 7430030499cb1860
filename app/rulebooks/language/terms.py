"""Measures (a number, taken from facts or from other nodes) and conditions (yes or no)."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from app.rulebooks.language.ground import (
    LIST_LIMIT,
    Document,
    Edges,
    Grade,
    NodeCode,
    Number,
    PointsText,
    Reference,
    References,
    Window,
)


class Days(Document):
    """At least so many days, counted on the calendar or as working days."""

    days: Annotated[int, Field(ge=0, le=366)]
    counted: Literal["calendar", "working"] = "calendar"


class FigureMeasure(Document):
    """A unit's figure of all periods in the window, or its share in per cent of the target, the stretch target or last year's figure."""

    kind: Literal["figure", "percent_of_target", "percent_of_stretch", "percent_of_last_year"]
    indicator: Reference
    window: Window | None = None
    """Only periods whose last day lies in it; None is what the movement adopted."""


class TaskMeasure(Document):
    """Of the adopted tasks that the unit leads (or those named): a count, or the share done on time in per cent of those due.

    `tasks_early` counts those done before their deadline, by `early_by` or more where it is named.
    """

    kind: Literal["tasks_on_time", "tasks_late", "tasks_overdue", "tasks_early", "percent_tasks_on_time"]
    tasks: References | None = None
    early_by: Days | None = None


class ReportMeasure(Document):
    """Of the reports that were due: a count, or the share in time in per cent."""

    kind: Literal["reports_late", "reports_missing", "percent_reports_on_time"]
    indicators: References | None = None


class EventMeasure(Document):
    """How often something happened in the window: articles printed, complaints, disciplines."""

    kind: Literal["events"]
    events: References
    verified: bool = False
    """Count only what was verified; what was not has no effect."""
    early_by: Days | None = None
    """Count only those that came so long before they were due."""
    late_by: Days | None = None
    """Count only those that came so long after they were due."""
    window: Window | None = None


class ResultMeasure(Document):
    """The unit's result in another assessment: a number here, its grade under the award `grades`."""

    kind: Literal["result", "grade"]
    assessment: Reference


class NodeMeasure(Document):
    """The points of another node, or their share in per cent of its maximum or its standard."""

    kind: Literal["points", "percent_of_maximum", "percent_of_standard"]
    node: NodeCode


class UnitDaysMeasure(Document):
    """For how many days of the window the unit was open: new, merged and split units."""

    kind: Literal["days_open"]
    window: Window | None = None


class MarkMeasure(Document):
    """Points that the appraiser puts by hand within a range; there is no rule to compute."""

    kind: Literal["mark"]
    minimum: PointsText = Decimal(0)
    maximum: PointsText


class Term(Document):
    of: "Measure"
    times: Number = Decimal(1)


class SumMeasure(Document):
    """Σ times × measure. One that is missing makes the sum missing, unless `without_missing` leaves it out."""

    kind: Literal["sum"]
    terms: Annotated[list[Term], Field(min_length=1, max_length=LIST_LIMIT)]
    without_missing: bool = False


class RatioMeasure(Document):
    """times × of / to; missing where `to` is 0."""

    kind: Literal["ratio"]
    of: "Measure"
    to: "Measure"
    times: Number = Decimal(100)


class ChildrenMeasure(Document):
    """One number from those of the units below. One that has none makes it missing, unless `without_missing` leaves it out."""

    kind: Literal["children"]
    of: "Measure"
    take: Literal["sum", "mean", "ratio_of_sums", "least", "most"]
    without_missing: bool = False


class ChildrenWhereMeasure(Document):
    """How many of the units below meet a condition, or their share in per cent; missing where there are none."""

    kind: Literal["children_where"]
    when: "Condition"
    take: Literal["count", "percent"] = "count"


Measure = Annotated[
    FigureMeasure
    | TaskMeasure
    | ReportMeasure
    | EventMeasure
    | ResultMeasure
    | NodeMeasure
    | UnitDaysMeasure
    | MarkMeasure
    | SumMeasure
    | RatioMeasure
    | ChildrenMeasure
    | ChildrenWhereMeasure,
    Field(discriminator="kind"),
]


class MeasureCondition(Edges):
    """A measure lies between the edges; what is missing does not, unless `missing` says so."""

    measure: Measure
    missing: bool = False


class GradeCondition(Document):
    """The unit's grade in another assessment is one of these."""

    assessment: Reference
    one_of: Annotated[list[Grade], Field(min_length=1, max_length=LIST_LIMIT)]


class MetCondition(Document):
    """Every one of these nodes has its standard points or more."""

    met: Annotated[list[NodeCode], Field(min_length=1, max_length=LIST_LIMIT)]


class GradedCondition(Edges):
    """So many of these nodes bear one of these grades."""

    nodes: Annotated[list[NodeCode], Field(min_length=1, max_length=LIST_LIMIT)]
    graded: Annotated[list[Grade], Field(min_length=1, max_length=LIST_LIMIT)]


class AllCondition(Document):
    all: Annotated[list["Condition"], Field(min_length=1, max_length=LIST_LIMIT)]


class AnyCondition(Document):
    any: Annotated[list["Condition"], Field(min_length=1, max_length=LIST_LIMIT)]


class NoneCondition(Document):
    none: Annotated[list["Condition"], Field(min_length=1, max_length=LIST_LIMIT)]


_BY_KEY = {"measure": "measure", "assessment": "grade", "met": "met", "nodes": "graded", "all": "all", "any": "any", "none": "none"}


def kind_of(value: Any) -> str:
    """The key that stands in it tells what a condition is."""
    return next((tag for key, tag in _BY_KEY.items() if (key in value if isinstance(value, dict) else hasattr(value, key))), "measure")


Condition = Annotated[
    Annotated[MeasureCondition, Tag("measure")]
    | Annotated[GradeCondition, Tag("grade")]
    | Annotated[MetCondition, Tag("met")]
    | Annotated[GradedCondition, Tag("graded")]
    | Annotated[AllCondition, Tag("all")]
    | Annotated[AnyCondition, Tag("any")]
    | Annotated[NoneCondition, Tag("none")],
    Discriminator(kind_of),
]
for _model in (
    Term,
    RatioMeasure,
    ChildrenMeasure,
    ChildrenWhereMeasure,
    SumMeasure,
    MeasureCondition,
    AllCondition,
    AnyCondition,
    NoneCondition,
):
    _model.model_rebuild()
