"""From a document to its places: every node with what it inherits, in the order of the sheet and in an order of evaluation."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from math import isinf
from typing import Any, overload

import rfc8785

from app.rulebooks.language import checks
from app.rulebooks.language.ground import EDGE, NODES_LIMIT, POINT, Document, Faulty, Missing, Rounding
from app.rulebooks.language.reach import Reach, reach_of_group, reach_of_item
from app.rulebooks.language.schema import Group, Item
from app.rulebooks.language.schema import Rulebook as Written
from app.rulebooks.language.terms import GradedCondition, MarkMeasure, MetCondition, NodeMeasure

__all__ = ["EDGE", "POINT", "Place", "Rulebook", "canonical", "compiled", "edge", "points"]

DEPTH_LIMIT = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A node where it stands. Points in millionths."""

    node: Item | Group
    path: str
    level: int
    parts: tuple[str, ...]
    """Codes of a group's parts."""
    appraiser: str | None
    alternate: str | None
    missing: Missing
    rounding: Rounding | None
    standard: int
    """Its own, or those of its parts where a group declares none."""
    reach: Reach
    """The least and the most that it can give."""

    @property
    def code(self) -> str:
        return self.node.code

    @property
    def is_by_hand(self) -> bool:
        return isinstance(self.node, Item) and isinstance(self.node.measure, MarkMeasure)

    @property
    def most(self) -> int | None:
        """None where nothing bounds it."""
        return None if isinf(self.reach.total.most) else int(self.reach.total.most)

    @property
    def least(self) -> int | None:
        return None if isinf(self.reach.total.least) else int(self.reach.total.least)


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    document: Written
    digest: str
    places: dict[str, Place]
    """In the order of the sheet; the first, under the empty code, is the whole."""
    order: tuple[str, ...]
    """Every node after those on which it depends."""

    @property
    def code(self) -> str:
        return self.document.rulebook

    @property
    def version(self) -> int:
        return self.document.version

    @property
    def tie_break(self) -> tuple[str, ...]:
        return tuple(self.document.tie_break)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rulebook) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def canonical(document: Written) -> bytes:
    """The canonical JSON (RFC 8785) of what was written, defaults left out; its SHA-256 is the rulebook's digest."""
    return rfc8785.dumps(document.model_dump(mode="json", exclude_none=True, exclude_unset=True))


def compiled(document: Written) -> Rulebook:
    """Raise `Faulty` for what a schema cannot see."""
    places: dict[str, Place] = {}
    root = Group.model_construct(
        code="",
        title=document.title,
        items=document.items,
        **{name: getattr(document, name) for name in ("bonuses_at_most", "deductions_at_most", "rebased", "maximum", "minimum")},
    )
    _place(root, "", 0, _Above(None, None, document.missing, document.rounding), places)
    checks.check(document, places)
    digest = hashlib.sha256(canonical(document)).hexdigest()
    return Rulebook(document, digest, places, _order(places))


@dataclass(frozen=True)
class _Above:
    """What a node takes from the group that it stands in."""

    appraiser: str | None
    alternate: str | None
    missing: Missing
    rounding: Rounding | None


def _place(node: Item | Group, path: str, level: int, above: _Above, places: dict[str, Place]) -> Place:
    if level > DEPTH_LIMIT:
        raise Faulty(path, "too-deep", limit=DEPTH_LIMIT)
    if node.code in places:
        raise Faulty(f"{path}/code", "code-twice")
    if len(places) > NODES_LIMIT:
        raise Faulty(path, "too-many-nodes", limit=NODES_LIMIT)
    own = _Above(
        node.appraiser or above.appraiser,
        node.alternate_appraiser or above.alternate,
        node.missing or above.missing,
        node.rounding or above.rounding,
    )
    places[node.code] = _STANDING  # before its parts: the order of the sheet
    parts: list[Place] = []
    if isinstance(node, Group):
        parts = [_place(part, f"{path}/items/{n}".lstrip("/"), level + 1, own, places) for n, part in enumerate(node.items)]
    standard = points(node.standard)
    if isinstance(node, Group):
        below = [part.standard for part in parts]
        standard += sum(below) if node.takes == "sum" else max(below)
    reach = reach_of_group(node, [part.reach for part in parts]) if isinstance(node, Group) else reach_of_item(node, own.missing)
    made = Place(
        node=node,
        path=path,
        level=level,
        parts=tuple(part.code for part in parts),
        appraiser=own.appraiser,
        alternate=own.alternate,
        missing=own.missing,
        rounding=own.rounding,
        standard=standard,
        reach=reach,
    )
    places[node.code] = made
    return made


_STANDING: Any = None
"""Holds a code while the node's parts are placed."""


@overload
def points(value: Decimal) -> int: ...
@overload
def points(value: None) -> None: ...
@overload
def points(value: Decimal | None) -> int | None: ...
def points(value: Decimal | None) -> int | None:
    """In millionths."""
    return None if value is None else int(value * POINT)


@overload
def edge(value: Decimal) -> int: ...
@overload
def edge(value: None) -> None: ...
@overload
def edge(value: Decimal | None) -> int | None: ...
def edge(value: Decimal | None) -> int | None:
    """In units of 10⁻¹⁰."""
    return None if value is None else int(value * EDGE)


def documents(of: Document) -> Iterator[Document]:
    """A document and all that stand in it, but for a group's parts."""
    yield of
    for name in type(of).model_fields:
        if not (isinstance(of, Group) and name == "items"):
            held = getattr(of, name, None)
            for one in held if isinstance(held, list) else (held,):
                if isinstance(one, Document):
                    yield from documents(one)


def named_in(of: Document) -> Iterator[str]:
    """The codes of other nodes on which it depends."""
    for one in documents(of):
        if isinstance(one, NodeMeasure):
            yield one.node
        elif isinstance(one, MetCondition):
            yield from one.met
        elif isinstance(one, GradedCondition):
            yield from one.nodes


def _order(places: dict[str, Place]) -> tuple[str, ...]:
    graph = {code: [*place.parts, *named_in(place.node)] for code, place in places.items()}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        code = error.args[1][0]
        raise Faulty(places[code].path, "cycle", code=code) from None
