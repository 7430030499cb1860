"""Places: equal points share one (1, 1, 3); what is declared breaks ties, nothing else does."""

from collections.abc import Mapping
from enum import StrEnum

Points = tuple[int, ...]
"""The total, then the tie-break nodes of the rulebook."""


class Unranked(StrEnum):
    """States with a reason, that act before any ranking."""

    EXCLUDED = "excluded"
    DEFERRED = "deferred"
    NOT_RATED = "not_rated"


class MoveCause(StrEnum):
    """Why a place is another than it was, in the order in which it is taken apart."""

    LATENESS = "lateness"
    """Time alone: deadlines passed."""
    CORRECTION = "correction"
    """What was known then is known otherwise now."""
    PROGRESS = "progress"
    """What is new of the unit's own."""
    RULES = "rules"
    """Another rulebook, or another version."""
    OTHERS = "others"
    """What the others of the cluster did, and who takes part."""


class LostBecause(StrEnum):
    """Why points can be won no more."""

    DEADLINE_PASSED = "deadline_passed"
    """Tasks or reports whose day is over."""
    COUNTED = "counted"
    """Deductions for what happened."""
    DECIDED = "decided"
    """The mark was decided."""
    REPORTING_CLOSED = "reporting_closed"
    """The movement takes no more reports."""


class SignalKind(StrEnum):
    """What is worth a look; never a verdict."""

    BUNCHING = "bunching"
    """Many results just above a threshold, few just below."""
    LAST_HOUR = "last_hour"
    """Many reports of one unit on the last day."""
    REUSED_EVIDENCE = "reused_evidence"
    """One file behind reports of several units."""
    LENIENT_APPRAISER = "lenient_appraiser"
    """Accepts as it was sent more often than the others do."""


def places(points: Mapping[str, Points]) -> dict[str, int]:
    """Each unit's place in its cluster."""
    ordered = sorted(points.values(), reverse=True)
    first = {held: place for place, held in reversed(list(enumerate(ordered, 1)))}
    return {unit: first[held] for unit, held in points.items()}


def shown_order(places_of: Mapping[str, int]) -> list[str]:
    """By place, then by code: never by name, id or insertion."""
    return sorted(places_of, key=lambda unit: (places_of[unit], unit))
