"""A rulebook as a document: what a person writes in YAML or JSON."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from app.rulebooks.language.awards import Award
from app.rulebooks.language.ground import (
    ITEMS_LIMIT,
    LIST_LIMIT,
    Document,
    Edges,
    Grade,
    Limit,
    Missing,
    Mode,
    NodeCode,
    Number,
    PointsText,
    Reference,
    Rounding,
    Title,
    Window,
    Words,
)
from app.rulebooks.language.terms import Condition, Measure


class GradeBand(Edges):
    grade: Grade


class Node(Document):
    """What an item and a group share. The appraisers (unit codes), `missing` and `rounding` hold for all below."""

    code: NodeCode
    title: Title
    clause: Words | None = None
    """The words of the rule as the sheet prints them."""
    appraiser: Reference | None = None
    alternate_appraiser: Reference | None = None
    when: Condition | None = None
    """Otherwise it gives no points."""
    not_applicable_when: Condition | None = None
    not_applicable: Annotated[Missing, Field(strict=False)] = Missing.EXCLUDED
    """What it is worth then: nothing, its standard points, or it is left out (and the group may be re-based)."""
    missing: Annotated[Missing, Field(strict=False)] | None = None
    rounding: Rounding | None = None
    grades: Annotated[list[GradeBand], Field(min_length=1, max_length=LIST_LIMIT)] | None = None
    """The letter that its points earn: the first that holds them."""


class Item(Node):
    """Mục: one measure, one way from it to points. A mark is points already and takes no award."""

    clause: Words
    standard: PointsText = Decimal(0)
    measure: Measure
    award: Award | None = None
    maximum: PointsText | None = None
    minimum: PointsText | None = None
    counts_as: Literal["standard", "bonus", "deduction"] | None = None
    """On which side a section's caps take it; None: a deduction where it can only take, else standard."""
    waivable: bool = False
    """Occurrences may be waived, with a reason, by an approver."""


class Group(Node):
    """Tiêu chuẩn, tiêu chí: its standard points and its parts, within caps."""

    items: Annotated[list["Part"], Field(min_length=1, max_length=ITEMS_LIMIT)]
    takes: Literal["sum", "best", "first"] = "sum"
    """All parts; or one of them: the one with most points, or the first that applies."""
    standard: PointsText = Decimal(0)
    """What it gives before its parts add and take (điểm chuẩn giao trước, trừ dần)."""
    bonuses_at_most: Limit | None = None
    deductions_at_most: Limit | None = None
    rebased: bool = False
    """Where parts are left out, the rest is scaled up to the full standard."""
    maximum: PointsText | None = None
    minimum: PointsText | None = None


def _kind_of(part: object) -> str:
    return "group" if (isinstance(part, dict) and "items" in part) or isinstance(part, Group) else "item"


Part = Annotated[Annotated[Group, Tag("group")] | Annotated[Item, Tag("item")], Discriminator(_kind_of)]
"""What has items is a group; anything else is an item."""


class GateState(StrEnum):
    """Không xét, chưa xét, không xếp loại."""

    EXCLUDED = "excluded"
    DEFERRED = "deferred"
    NOT_RATED = "not_rated"


class Gate(Document):
    """A condition that takes the unit out of the ranking, as a state with a reason; it gives no points and takes none."""

    code: NodeCode
    title: Title
    state: Annotated[GateState, Field(strict=False)]
    when: Condition
    clause: Words


class Rating(Document):
    """One class of the rating table: the total lies between the edges and every condition holds."""

    rating: Grade
    title: Title
    total: Edges
    requires: Annotated[list[Condition], Field(max_length=LIST_LIMIT)] = []


class Ratings(Document):
    """From the highest class to the lowest. Where a condition fails, a lower class is proposed and people are told."""

    classes: Annotated[list[Rating], Field(min_length=1, max_length=LIST_LIMIT)]
    otherwise: Grade
    not_above: Reference | None = None
    """The assessment whose grade is a ceiling: nobody is rated above it."""


QUOTA_FORM = r"^(registered|ranked|rated:.{1,32}|quota:[A-Za-z0-9.-]{1,32})$"


class Quota(Document):
    """Of the units of a cluster, at most `share` per cent may have a rating."""

    code: NodeCode
    rating: Grade | None = None
    """For whom the places are; None is for any rating, in order of place."""
    share: Annotated[Number, Field(gt=0, le=100)]
    of: Annotated[str, Field(pattern=QUOTA_FORM)]
    """The denominator: the registered, the ranked, those with a rating, or the places of another quota."""
    rounding: Annotated[Mode, Field(strict=False)] = Mode.TRUNCATE


class Rulebook(Document):
    rulebook: Reference
    version: Annotated[int, Field(ge=1, le=10_000)]
    title: Title
    source: Words
    synthetic: bool
    rounding: Rounding | None = None
    """For every item that names none of its own."""
    missing: Annotated[Missing, Field(strict=False)]
    window: Window | None = None
    """For events and days open; figures have the movement's windows."""
    items: Annotated[list[Part], Field(min_length=1, max_length=ITEMS_LIMIT)]
    bonuses_at_most: Limit | None = None
    deductions_at_most: Limit | None = None
    rebased: bool = False
    maximum: PointsText | None = None
    minimum: PointsText | None = None
    gates: Annotated[list[Gate], Field(max_length=LIST_LIMIT)] = []
    ratings: Ratings | None = None
    quotas: Annotated[list[Quota], Field(max_length=LIST_LIMIT)] = []
    tie_break: Annotated[list[NodeCode], Field(max_length=LIST_LIMIT)] = []
    """Between equal totals: more points in these nodes, in this order. What stays equal shares the place."""
    readings: Annotated[list[Words], Field(max_length=LIST_LIMIT)] = []
    """Where the printed sheet has a gap: which reading was chosen, said in the open."""
