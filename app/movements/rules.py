"""Movements: states, phases of visibility, and who sees whose points."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MovementKind(StrEnum):
    """Thường xuyên, or theo đợt / chuyên đề."""

    YEARLY = "yearly"
    THEMATIC = "thematic"


class MovementState(StrEnum):
    DRAFT = "draft"
    LAUNCHED = "launched"
    REPORTING_CLOSED = "reporting_closed"
    UNDER_REVIEW = "under_review"
    DECIDED = "decided"
    PUBLISHED = "published"
    ARCHIVED = "archived"


NEXT: dict[MovementState, MovementState | None] = dict(zip(MovementState, [*list(MovementState)[1:], None], strict=True))


class Phase(StrEnum):
    """How far a unit sees beyond itself. `public` opens publications, and them only."""

    OWN = "own"
    CLUSTER = "cluster"
    ALL_UNITS = "all_units"
    PUBLIC = "public"


class MilestoneTiming(StrEnum):
    PASSED = "passed"
    TODAY = "today"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Sight:
    """Whose points a reader may see in a movement: `units` None is everybody's.

    Why a unit is excluded or deferred is for the council's own roles; others read that it is so by rule.
    """

    units: frozenset[str] | None
    knows_reasons: bool = False

    def sees(self, unit: str) -> bool:
        return self.units is None or unit in self.units


def sight(phase: Phase, clusters: dict[str, str], own: frozenset[str] | None, *, sees_all: bool) -> Sight:
    """`clusters` maps each unit to its cluster, `own` are the units within the reader's reach (None: everywhere)."""
    if sees_all or own is None or phase in {Phase.ALL_UNITS, Phase.PUBLIC}:
        return Sight(None, knows_reasons=sees_all)
    if phase is Phase.OWN:
        return Sight(own)
    shared = {clusters[unit] for unit in own if unit in clusters}
    return Sight(own | {unit for unit, cluster in clusters.items() if cluster in shared})


def days_to(goal: date, today: date) -> int:
    """Negative once it has passed."""
    return (goal - today).days


def where(due: date, today: date) -> MilestoneTiming:
    if due == today:
        return MilestoneTiming.TODAY
    return MilestoneTiming.PASSED if due < today else MilestoneTiming.AHEAD
