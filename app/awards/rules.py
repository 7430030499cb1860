"""What an award asks, who asks for it, and what came of it: the words of the solver, of proposals and of decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from app.ranking.rules import Unranked
from app.rulebooks.language.ground import Mode
from app.schemes.rules import PastRule, QuotaPer, RecipientKind


class Criterion(StrEnum):
    """What an award asks of a candidate."""

    NOMINATED = "nominated"
    DOSSIER_COMPLETE = "dossier_complete"
    DOSSIER_IN_TIME = "dossier_in_time"
    CLUSTER = "cluster"
    RANKED = "ranked"
    RATING = "rating"
    PLACE = "place"
    POINTS = "points"
    CONDITION = "condition"
    PAST = "past"
    ONE_FORM = "one_form"
    """No second form for one achievement."""


class LineKind(StrEnum):
    """Why somebody is in a proposal, or left out of it."""

    PROPOSED = "proposed"
    """Meets everything and is within the quota."""
    AT_THE_CUT = "at_the_cut"
    """Shares the place at which the quota ends: the council decides."""
    ADDED = "added"
    """By people, with a reason."""
    LEFT_OUT = "left_out"
    """By people, with a reason."""


class DecisionState(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"
    PUBLISHED = "published"
    ANNULLED = "annulled"
    SUPERSEDED = "superseded"


class ConditionOf(Protocol):
    """A bound on a figure, or on its share of another in percent."""

    @property
    def name(self) -> str: ...
    @property
    def figure(self) -> str: ...
    @property
    def of(self) -> str | None: ...


@dataclass(frozen=True)
class Past:
    rule: PastRule
    awards: frozenset[str]
    years: int
    times: int


@dataclass(frozen=True)
class Quota:
    """`share` percent, in units of 10⁻¹⁰, of a denominator; or `count`."""

    per: QuotaPer
    count: int | None = None
    share: int | None = None
    of: str = ""
    rounding: Mode = Mode.TRUNCATE


@dataclass(frozen=True)
class Award:
    """What an award asks, as the scheme says it."""

    code: str
    recipient: RecipientKind
    clusters: frozenset[str] = frozenset()
    """Empty: all."""
    ratings: frozenset[str] = frozenset()
    place_at_most: int | None = None
    points_at_least: int | None = None
    """In millionths."""
    conditions: Sequence[ConditionOf] = ()
    past: Sequence[Past] = ()
    quota: Quota | None = None
    is_exclusive: bool = True


@dataclass(frozen=True)
class Placed:
    """What a publication says of a unit. Points in millionths."""

    cluster: str
    place: int | None
    points: int | None
    state: Unranked | None
    rating: str | None


@dataclass(frozen=True)
class Candidate:
    id: str
    """Of the dossier; of a collective that nobody nominated, `unit:` and its code."""
    holder: str
    """The same for all dossiers of one collective or one person."""
    placed: Placed | None
    """Of the collective; of an individual, of the unit that nominates."""
    award: str
    is_complete: bool = False
    is_late: bool = False
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    past: Sequence[tuple[str, int]] = ()
    """(award, year)."""

    @property
    def is_nominated(self) -> bool:
        return not self.id.startswith("unit:")


@dataclass(frozen=True)
class Check:
    """`found` and `wanted` as numbers or codes; `name` in the scheme's own words."""

    criterion: Criterion
    is_met: bool
    found: str | None = None
    wanted: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Allotment:
    """Of one award, in one cluster or over the movement (`cluster` None)."""

    award: str
    cluster: str | None
    base: int | None
    places: int | None
    """None: no quota."""
    recipients: list[str]
    sharing: list[str]
    """The place at which the quota ends is shared: none of them is within it, none is behind another."""
    next_in_line: list[str]
    eligible: list[str]


@dataclass(frozen=True)
class Solved:
    allotments: list[Allotment]
    checks: dict[str, list[Check]]
    """By candidate."""
    near_misses: dict[str, Check]
    """Candidates who fail exactly one criterion."""
