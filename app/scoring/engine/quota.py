"""Quotas: how many places a share of a denominator makes, and for whom. Over a cluster, not a unit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from app.rulebooks.language.ground import EDGE
from app.rulebooks.language.schema import Quota
from app.scoring.engine.numbers import whole
from app.scoring.engine.sheet import Sheet


class Allotted(NamedTuple):
    """`places` of `base`, who is within them by place and code, and who shares the place at the cut, for people to decide."""

    quota: Quota
    base: int
    places: int
    within: list[str]
    sharing: list[str]


def counts_of(sheets: Iterable[Sheet]) -> dict[str, int]:
    """What a quota may be a share of: `registered`, `ranked` and `rated:<class proposed for a ranked unit>`."""
    found = Counter[str]()
    for sheet in sheets:
        found["registered"] += 1
        if not sheet.states:
            found["ranked"] += 1
            if sheet.rated is not None:
                found[f"rated:{sheet.rated.proposed}"] += 1
    return found


def places_of(quotas: Sequence[Quota], counts: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The denominator and the places, by quota. A rating that nobody has counts 0."""
    found: dict[str, tuple[int, int]] = {}
    for quota in quotas:
        kind, _, name = quota.of.partition(":")
        base = found[name][1] if kind == "quota" else counts.get(quota.of, 0)
        found[quota.code] = base, whole(base * int(quota.share * EDGE), 100 * EDGE, quota.rounding)
    return found


def allotted(quotas: Sequence[Quota], sheets: Sequence[Sheet], places: Mapping[str, int]) -> Iterator[Allotted]:
    """`places` are those of the ranking (1, 1, 3). A quota for a rating goes to those for whom it is proposed."""
    found, rated = places_of(quotas, counts_of(sheets)), {sheet.unit: sheet.rated and sheet.rated.proposed for sheet in sheets}
    for quota in quotas:
        base, count = found[quota.code]
        asked = {unit: place for unit, place in places.items() if quota.rating in {None, rated[unit]}}
        yield Allotted(quota, base, count, *in_line(asked, count))


def in_line(places: Mapping[str, int], count: int) -> tuple[list[str], list[str]]:
    """Who is within so many places, and who shares the place at the cut: one that would overrun the count is not cut through."""
    within: list[str] = []
    for place in sorted(set(places.values())):
        sharing = sorted(unit for unit, held in places.items() if held == place)
        if len(within) + len(sharing) > count:
            return within, sharing if len(within) < count else []
        within += sharing
    return within, []
