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


def places(points: Mapping[str, Points]) -> dict[str, int]:
    """Each unit's place in its cluster."""
    ordered = sorted(points.values(), reverse=True)
    first = {held: place for place, held in reversed(list(enumerate(ordered, 1)))}
    return {unit: first[held] for unit, held in points.items()}


def shown_order(places_of: Mapping[str, int]) -> list[str]:
    """By place, then by code: never by name, id or insertion."""
    return sorted(places_of, key=lambda unit: (places_of[unit], unit))
