"""What a well-formed rulebook may still have wrong: nothing here refuses, people read it and say that they have."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isinf
from typing import NamedTuple

from app.rulebooks.language.awards import Bands, Strata
from app.rulebooks.language.compile import Place, Rulebook
from app.rulebooks.language.ground import EDGE, POINT, Edges
from app.rulebooks.language.reach import class_of
from app.rulebooks.language.schema import Group, Item


class Warned(NamedTuple):
    """A sentence of the catalogue's `warnings`, where it applies, and what fills it: points in millionths, edges in 10⁻¹⁰."""

    path: str
    slug: str
    values: tuple[tuple[str, str | int], ...] = ()


def warnings(rulebook: Rulebook) -> list[Warned]:
    """In the order of the sheet."""
    found: list[Warned] = []
    for place in rulebook.places.values():
        values = (("node", place.code or "total"),)
        for slug, more in (*_of_bands(place), *_of_bounds(place, rulebook), *_of_appraisers(place)):
            found.append(Warned(place.path, slug, (*values, *more)))
    ratings = rulebook.document.ratings
    if ratings is not None:
        found += [Warned("ratings", slug, (("node", "ratings"), *more)) for slug, more in _between([one.total for one in ratings.classes])]
    return found


Found = Iterator[tuple[str, tuple[tuple[str, str | int], ...]]]


def _of_bands(place: Place) -> Found:
    """Values that no band holds between two that do, and values that two bands hold; of letters and classes too."""
    yield from _between(place.node.grades or [])
    award = place.node.award if isinstance(place.node, Item) else None
    held = [award] if isinstance(award, Bands) else []
    if isinstance(award, Strata):
        held += [stratum.award for stratum in award.strata if isinstance(stratum.award, Bands)]
        yield from _between(award.strata)
    for bands in held:
        yield from _between(bands.bands)


def _between(bands: Sequence[Edges]) -> Found:
    spans = sorted((_span(band) for band in bands), key=lambda span: (span[0], span[2]))
    for (_, high, __, high_open), (low, ___, low_open, ____) in pairwise(spans):
        if high < low or (high == low and high_open and low_open):
            yield "bands-gap", (("edge_from", int(high)), ("edge_to", int(low)))
        elif high > low or (high == low and not high_open and not low_open):
            yield "bands-overlap", (("edge", int(low)),)


def _span(band: Edges) -> tuple[float, float, bool, bool]:
    low = band.at_least if band.at_least is not None else band.more_than
    high = band.at_most if band.at_most is not None else band.less_than
    bottom = float("-inf") if low is None else int(low * EDGE)
    return bottom, float("inf") if high is None else int(high * EDGE), band.more_than is not None, band.less_than is not None


def _of_bounds(place: Place, rulebook: Rulebook) -> Found:
    """Bonuses without an end, items that can give nothing, and maxima that the parts never reach or always overrun."""
    node = place.node
    if isinstance(node, Item):
        if isinf(place.reach.total.most) and place.code not in _held_above(rulebook):
            yield ("uncapped-bonus" if class_of(node, place.missing) == "bonus" else "uncapped"), ()
        if place.reach.total == (0, 0):
            yield "gives-nothing", ()
        return
    assert isinstance(node, Group)
    if node.maximum is None:
        return
    maximum, parts = int(node.maximum * POINT), [rulebook.places[code].reach.total.most for code in place.parts]
    most = int(node.standard * POINT) + (sum(parts) if node.takes == "sum" else max(parts))
    if most < maximum:
        yield "maximum-never-reached", (("points", int(most)), ("maximum_points", maximum))
    if place.standard > maximum:
        yield "standard-over-maximum", (("standard_points", place.standard), ("maximum_points", maximum))


def _held_above(rulebook: Rulebook) -> set[str]:
    """Codes that stand below a cap of their group or of one above it."""
    found: set[str] = set()
    for place in rulebook.places.values():
        node = place.node
        if isinstance(node, Group) and (place.code in found or node.maximum is not None or node.bonuses_at_most is not None):
            found.update(place.parts)
    return found


def _of_appraisers(place: Place) -> Found:
    if place.is_by_hand and place.appraiser is None:
        yield "nobody-appraises", ()
    if place.node.appraiser is not None and place.alternate is None:
        yield "no-alternate", ()
