"""From a document to a tree of plain frozen nodes in integers, which is all that the engine sees."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import rfc8785

from app.rulebooks.language import schema
from app.rulebooks.language.schema import Faulty, Missing, Mode

POINT = 10**schema.POINT_DECIMALS
"""Points are integers in millionths."""
EDGE = 10**10
"""Edges and percentages are integers in units of 10⁻¹⁰."""
DEPTH_LIMIT = 12


@dataclass(frozen=True, slots=True)
class Measure:
    kind: str
    subjects: tuple[str, ...] | None
    """Indicator or task codes; None is all that the movement adopted."""


@dataclass(frozen=True, slots=True)
class Proportional:
    full_at: int
    floor: int | None
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class Band:
    low: int | None
    low_open: bool
    high: int | None
    high_open: bool
    points: int


@dataclass(frozen=True, slots=True)
class Bands:
    bands: tuple[Band, ...]
    otherwise: int


@dataclass(frozen=True, slots=True)
class Steps:
    over: int
    per: int
    points: int
    started: bool
    limit: int | None


@dataclass(frozen=True, slots=True)
class Each:
    points: int
    limit: int | None


Award = Proportional | Bands | Steps | Each


@dataclass(frozen=True, slots=True)
class Item:
    code: str
    standard: int
    maximum: int | None
    """The most this item can give; None where nothing bounds it."""
    measure: Measure
    award: Award | None
    """None where people mark by hand."""
    missing: Missing
    decimals: int
    mode: Mode
    appraiser: str | None = None
    alternate: str | None = None
    minimum: int | None = None
    """The least that a mark may give here."""


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    items: tuple["Group | Item", ...]
    maximum: int | None
    minimum: int | None
    appraiser: str | None = None
    alternate: str | None = None


Node = Group | Item


@dataclass(frozen=True, slots=True)
class Rulebook:
    code: str
    version: int
    digest: str
    root: Group
    tie_break: tuple[str, ...]

    def __hash__(self) -> int:
        return hash(self.digest)


def canonical(document: schema.Rulebook) -> bytes:
    """The canonical JSON (RFC 8785) of a rulebook; its SHA-256 is the rulebook's digest."""
    return rfc8785.dumps(document.model_dump(mode="json", exclude_none=True))


def compiled(document: schema.Rulebook) -> Rulebook:
    """Raise `Faulty` for what a schema cannot see: codes used twice, too deep, edges crossed, a tie-break that names nothing."""
    root = Group("", tuple(_node(part, document, f"items/{n}", 1) for n, part in enumerate(document.items)), points(document.maximum), None)
    codes = Counter(node.code for node in walk(root))
    if "total" in codes:
        raise Faulty("items", "the code total names the whole sheet")
    for code, times in codes.items():
        if times > 1:
            raise Faulty("items", f"code {code} is used twice")
    for code in document.tie_break:
        if code not in codes:
            raise Faulty("tie_break", f"there is no node {code}")
    digest = hashlib.sha256(canonical(document)).hexdigest()
    return Rulebook(document.rulebook, document.version, digest, root, tuple(document.tie_break))


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the sheet."""
    yield node
    if isinstance(node, Group):
        for part in node.items:
            yield from walk(part)


def points(value: Decimal | None) -> int | None:
    return None if value is None else int(value * POINT)


def edge(value: Decimal | None) -> int | None:
    return None if value is None else int(value * EDGE)


Appraisers = tuple[str | None, str | None]
"""Who appraises, and who stands in."""


def _node(part: schema.Group | schema.Item, document: schema.Rulebook, path: str, depth: int, above: Appraisers = (None, None)) -> Node:
    if depth > DEPTH_LIMIT:
        raise Faulty(path, f"deeper than {DEPTH_LIMIT}")
    who = (part.appraiser or above[0], part.alternate_appraiser or above[1])
    if who[0] is not None and who[0] == who[1]:
        raise Faulty(f"{path}/alternate_appraiser", "must be another unit than the appraiser")
    if isinstance(part, schema.Group):
        if part.maximum is not None and part.minimum is not None and part.minimum > part.maximum:
            raise Faulty(f"{path}/minimum", "is above the maximum")
        parts = tuple(_node(below, document, f"{path}/items/{n}", depth + 1, who) for n, below in enumerate(part.items))
        return Group(part.code, parts, points(part.maximum), points(part.minimum), *who)
    rounding = part.rounding or document.rounding
    if isinstance(part.measure, schema.MarkMeasure):
        return _marked(part, part.measure, path, who)
    if part.award is None:
        raise Faulty(f"{path}/award", "is missing")
    award = _award(part.award, path)
    return Item(
        code=part.code,
        standard=int(part.standard * POINT),
        maximum=_most(award, int(part.standard * POINT)),
        measure=_measure(part.measure),
        award=award,
        missing=part.missing or document.missing,
        decimals=rounding.decimals,
        mode=rounding.mode,
        appraiser=who[0],
        alternate=who[1],
    )


def _marked(part: schema.Item, measure: schema.MarkMeasure, path: str, who: Appraisers) -> Item:
    if part.award is not None:
        raise Faulty(f"{path}/award", "a mark is points already")
    if measure.minimum > measure.maximum:
        raise Faulty(f"{path}/measure/minimum", "is above the maximum")
    return Item(
        code=part.code,
        standard=int(part.standard * POINT),
        maximum=points(measure.maximum),
        measure=Measure("mark", None),
        award=None,
        missing=part.missing or Missing.ZERO,
        decimals=schema.POINT_DECIMALS,
        mode=Mode.HALF_UP,
        appraiser=who[0],
        alternate=who[1],
        minimum=points(measure.minimum),
    )


def _measure(measure: Any) -> Measure:
    if isinstance(measure, schema.IndicatorMeasure):
        return Measure(measure.kind, (measure.indicator,))
    subjects = measure.tasks if isinstance(measure, schema.TaskMeasure) else measure.indicators
    return Measure(measure.kind, None if subjects is None else tuple(subjects))


def _award(award: Any, path: str) -> Award:
    if isinstance(award, schema.Proportional):
        if award.full_at <= 0:
            raise Faulty(f"{path}/award/full_at", "must be more than 0")
        return Proportional(int(award.full_at * EDGE), edge(award.floor), edge(award.ceiling))
    if isinstance(award, schema.Bands):
        bands = tuple(_band(band, f"{path}/award/bands/{n}") for n, band in enumerate(award.bands))
        return Bands(bands, int(award.otherwise * POINT))
    if isinstance(award, schema.Steps):
        return Steps(
            int(award.over * EDGE), int(award.per * EDGE), int(award.points * POINT), award.counts == "started", points(award.limit)
        )
    return Each(int(award.points * POINT), points(award.limit))


def _band(band: schema.Band, path: str) -> Band:
    if (band.at_least is not None and band.more_than is not None) or (band.at_most is not None and band.less_than is not None):
        raise Faulty(path, "one lower edge and one upper edge at most")
    low = edge(band.at_least if band.at_least is not None else band.more_than)
    high = edge(band.at_most if band.at_most is not None else band.less_than)
    if low is not None and high is not None and low > high:
        raise Faulty(path, "the lower edge lies above the upper one")
    return Band(low, band.more_than is not None, high, band.less_than is not None, int(band.points * POINT))


def _most(award: Award, standard: int) -> int | None:
    if isinstance(award, Proportional):
        return None if award.ceiling is None else standard * award.ceiling // award.full_at
    if isinstance(award, Bands):
        return max([award.otherwise, *(band.points for band in award.bands)])
    if award.points <= 0:
        return 0
    return award.limit
