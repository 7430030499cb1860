"""What a well-formed rulebook may still have wrong: nothing here refuses, people read it and say that they have."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf, isinf
from typing import NamedTuple

from app.rulebooks.language.awards import Bands, Strata
from app.rulebooks.language.compile import Place, Rulebook, documents
from app.rulebooks.language.ground import EDGE, POINT, Document, Edges, Missing
from app.rulebooks.language.reach import COUNTS
from app.rulebooks.language.schema import Group, Item
from app.rulebooks.language.terms import MeasureCondition


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
        for slug, more in (*_of_bands(place), *_of_bounds(place, rulebook), *_of_appraisers(place), *_of_conditions(*_conditions(place))):
            found.append(Warned(place.path, slug, (*values, *more)))
    for gate in rulebook.document.gates:
        found += [Warned("gates", slug, (("node", gate.code), *more)) for slug, more in _of_conditions(gate.when)]
    return [*found, *(Warned("ratings", slug, (("node", "ratings"), *more)) for slug, more in _of_ratings(rulebook))]


Found = Iterator[tuple[str, tuple[tuple[str, str | int], ...]]]


def _of_bands(place: Place) -> Found:
    """Values that no band holds between two that do, values that two bands hold, bands that hold nothing of their own; of letters too."""
    grades = place.node.grades or []
    yield from _between(grades, "letters")
    yield from _hidden(grades)
    award = place.node.award if isinstance(place.node, Item) else None
    held: list[Sequence[Edges]] = []
    if isinstance(award, Strata):
        held += [award.strata, *(stratum.award.bands for stratum in award.strata if isinstance(stratum.award, Bands))]
    elif isinstance(award, Bands):
        held.append(award.bands)
    for bands in held:
        yield from _between(bands, "bands")
        yield from _hidden(bands)
    for grade in grades:
        if _lies_above(grade, place.reach.total.most) or _lies_below(grade, place.reach.total.least):
            yield "letter-never-reached", (("grade", grade.grade),)


def _of_ratings(rulebook: Rulebook) -> Found:
    """A class that the total cannot reach is still proposed where a condition of a higher one fails: only the top can be out of reach."""
    ratings = rulebook.document.ratings
    if ratings is None:
        return
    yield from _between([one.total for one in ratings.classes], "classes")
    for one in ratings.classes:
        if not _lies_above(one.total, rulebook.places[""].reach.total.most):
            return
        yield "class-never-reached", (("grade", one.rating),)


PER_POINT: int = EDGE // POINT
"""Edges are in a finer unit than points."""


def _lies_above(band: Edges, points: float) -> bool:
    low, _, is_open, _ = _span(band)
    return low > points * PER_POINT or (is_open and low == points * PER_POINT)


def _lies_below(band: Edges, points: float) -> bool:
    _, high, _, is_open = _span(band)
    return high < points * PER_POINT or (is_open and high == points * PER_POINT)


def _between(bands: Sequence[Edges], name: str) -> Found:
    spans = sorted((_span(band) for band in bands), key=lambda span: (span[0], span[2]))
    for (_, high, __, high_open), (low, ___, low_open, ____) in pairwise(spans):
        if high < low or (high == low and high_open and low_open):
            yield f"{name}-gap", (("edge_from", int(high)), ("edge_to", int(low)))
        elif high > low or (high == low and not high_open and not low_open):
            yield f"{name}-overlap", (("edge", int(low)),)


def _hidden(bands: Sequence[Edges]) -> Found:
    """Bands of which earlier ones hold all. The line is cut at every edge: even cells are the stretches between, odd ones the edges."""
    spans = [_span(band) for band in bands]
    cuts = {edge: 2 * number + 1 for number, edge in enumerate(sorted({edge for low, high, *_ in spans for edge in (low, high)}))}
    taken: set[int] = set()
    for number, (low, high, low_open, high_open) in enumerate(spans, 1):
        cells = set(range(cuts[low] + low_open, cuts[high] + 1 - high_open))
        if cells <= taken:
            yield "band-hidden", (("number", number),)
        taken |= cells


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
            yield ("uncapped-bonus" if node.counts_as == "bonus" else "uncapped"), ()
        if place.reach.total == (0, 0):
            yield "gives-nothing", ()
        return
    assert isinstance(node, Group)
    if node.takes == "first":
        yield from _after_the_last([rulebook.places[code] for code in place.parts])
    if node.maximum is None:
        return
    maximum, parts = int(node.maximum * POINT), [rulebook.places[code].reach.total.most for code in place.parts]
    most = int(node.standard * POINT) + (sum(parts) if node.takes == "sum" else max(parts))
    if most < maximum:
        yield "maximum-never-reached", (("points", int(most)), ("maximum_points", maximum))
    if place.standard > maximum:
        yield "standard-over-maximum", (("standard_points", place.standard), ("maximum_points", maximum))


def _after_the_last(parts: Sequence[Place]) -> Found:
    """Of the first that applies: what stands behind an item that always does, since nothing can leave it out."""
    always = False
    for part in parts:
        if always:
            yield "part-never-reached", (("part", part.code),)
        node = part.node
        is_free = node.when is None and node.not_applicable_when is None and part.missing is not Missing.EXCLUDED
        always = always or (is_free and isinstance(node, Item))


def _held_above(rulebook: Rulebook) -> set[str]:
    """Codes that stand below a cap of their group or of one above it."""
    found: set[str] = set()
    for place in rulebook.places.values():
        node = place.node
        if isinstance(node, Group) and (place.code in found or node.maximum is not None or node.bonuses_at_most is not None):
            found.update(place.parts)
    return found


def _conditions(place: Place) -> list[Document]:
    return [one for one in (place.node.when, place.node.not_applicable_when) if one is not None]


def _of_conditions(*conditions: Document) -> Found:
    """Counts are always there: without an edge such a condition always holds."""
    for condition in conditions:
        for one in documents(condition):
            if isinstance(one, MeasureCondition) and one.measure.kind in COUNTS and _span(one)[:2] == (-inf, inf):
                yield "always-holds", (("kind", one.measure.kind),)


def _of_appraisers(place: Place) -> Found:
    if place.is_by_hand and place.appraiser is None:
        yield "nobody-appraises", ()
    if place.node.appraiser is not None and place.alternate is None:
        yield "no-alternate", ()
