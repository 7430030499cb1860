"""Quotas: how many places a share of a denominator makes. Over a cluster, not a unit."""

from collections.abc import Mapping, Sequence

from app.rulebooks.language.ground import EDGE
from app.rulebooks.language.schema import Quota
from app.scoring.engine.numbers import whole


def places_of(quotas: Sequence[Quota], counts: Mapping[str, int]) -> dict[str, int]:
    """Places by quota. `counts` holds `registered`, `ranked` and `rated:<rating>`; a rating that nobody has counts 0."""
    found: dict[str, int] = {}
    for quota in quotas:
        kind, _, name = quota.of.partition(":")
        base = found[name] if kind == "quota" else counts.get(quota.of, 0)
        found[quota.code] = whole(base * int(quota.share * EDGE), 100 * EDGE, quota.rounding)
    return found


def in_line(places: Mapping[str, int], count: int) -> tuple[list[str], list[str]]:
    """Who is within so many places, by code, and who shares the place at the cut, for people to decide.

    `places` are those of the ranking (1, 1, 3): a place that would overrun the count is not cut through.
    """
    within: list[str] = []
    for place in sorted(set(places.values())):
        sharing = sorted(unit for unit, held in places.items() if held == place)
        if len(within) + len(sharing) > count:
            return within, sharing if len(within) < count else []
        within += sharing
    return within, []
