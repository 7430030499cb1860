"""What makes a well-formed document no rulebook: names of nothing, crossed edges, awards that do not fit, quotients never rounded."""

import re
from collections.abc import Callable, Iterator
from math import inf
from typing import Any

from app.rulebooks.language.awards import Grades, Proportional, Strata, Value
from app.rulebooks.language.ground import Document, Edges, Faulty, Window
from app.rulebooks.language.schema import Group, Item, Rulebook
from app.rulebooks.language.terms import (
    ChildrenMeasure,
    ChildrenWhereMeasure,
    EventMeasure,
    FigureMeasure,
    GradedCondition,
    MarkMeasure,
    MetCondition,
    NodeMeasure,
    RatioMeasure,
    ReportMeasure,
    ResultMeasure,
    SumMeasure,
    TaskMeasure,
)

Places = dict[str, Any]
"""Places by code."""


def check(document: Rulebook, places: Places) -> None:
    """Raise `Faulty` at the first fault, in the order of the sheet."""
    if "total" in places:
        raise Faulty(f"{places['total'].path}/code", "code-total")
    for place in places.values():
        _check_node(place, places)
    for name in ("gates", "ratings", "quotas"):
        held = getattr(document, name)
        for path, one in _below(name, held):
            _check_part(one, path, places)
    for number, code in enumerate(document.tie_break):
        if code not in places:
            raise Faulty(f"tie_break/{number}", "no-such-node", code=code)
    if document.window is not None:
        _check_part(document.window, "window", places)
    _check_names(document)


def _check_node(place: Any, places: Places) -> None:
    node, path = place.node, place.path
    if place.appraiser is not None and place.appraiser == place.alternate:
        raise Faulty(f"{path}/alternate_appraiser", "own-alternate")
    if node.maximum is not None and node.minimum is not None and node.minimum > node.maximum:
        raise Faulty(f"{path}/minimum", "above-maximum")
    if isinstance(node, Item):
        _check_item(node, path, place.rounding is None)
    elif node.rebased and place.rounding is None:
        raise Faulty(f"{path}/rounding", "needs-rounding", code=node.code)
    for at, one in _below(path, node):
        _check_part(one, at, places)


def _check_item(item: Item, path: str, is_unrounded: bool) -> None:
    award = item.award
    if isinstance(item.measure, MarkMeasure):
        if award is not None:
            raise Faulty(f"{path}/award", "mark-takes-no-award")
        if item.measure.minimum > item.measure.maximum:
            raise Faulty(f"{path}/measure/minimum", "above-maximum")
        return
    if award is None:
        raise Faulty(f"{path}/award", "missing")
    if item.waivable and not _is_count(item.measure):
        raise Faulty(f"{path}/waivable", "waives-occurrences")
    if isinstance(award, Grades) != (isinstance(item.measure, ResultMeasure) and item.measure.kind == "grade"):
        raise Faulty(f"{path}/award", "grades-for-grades")
    shapes = [stratum.award for stratum in award.strata] if isinstance(award, Strata) else [award]
    if is_unrounded and any(isinstance(one, Proportional | Value) for one in shapes):
        raise Faulty(f"{path}/rounding", "needs-rounding", code=item.code)


def _is_count(measure: object) -> bool:
    """Whether its number is of occurrences, one by one: of points or per cent none can be waived."""
    if isinstance(measure, SumMeasure):
        return all(term.times == 1 and _is_count(term.of) for term in measure.terms)
    return isinstance(measure, EventMeasure | TaskMeasure | ReportMeasure) and not measure.kind.startswith("percent")


def _check_part(one: Document, path: str, places: Places) -> None:
    for kinds, look in _LOOKS:
        if isinstance(one, kinds):
            look(one, path, places)


def _check_window(one: Any, path: str, _: Places) -> None:
    if one.starts > one.ends:
        raise Faulty(f"{path}/ends", "before-its-start")


def _check_mark(_one: Any, path: str, _: Places) -> None:
    """A mark is an item's whole measure, never a part of another."""
    if not re.search(r"(^|/)items/\d+/measure$", path):
        raise Faulty(path, "mark-within")


def _check_children(one: Any, path: str, _: Places) -> None:
    """Of the units below there are facts, no sheets."""
    for at, below in _below(path, one):
        if isinstance(below, NodeMeasure | MetCondition | GradedCondition):
            raise Faulty(at, "nodes-of-children")
    if isinstance(one, ChildrenMeasure) and one.take == "ratio_of_sums" and not _is_share(one.of):
        raise Faulty(f"{path}/of", "ratio-needed")


def _is_share(measure: object) -> bool:
    return isinstance(measure, RatioMeasure) or (isinstance(measure, FigureMeasure) and measure.kind != "figure")


def _check_named(one: Any, path: str, places: Places) -> None:
    codes = [one.node] if isinstance(one, NodeMeasure) else (one.met if isinstance(one, MetCondition) else one.nodes)
    for code in codes:
        if code not in places:
            raise Faulty(path, "no-such-node", code=code)
        place = places[code]
        if isinstance(one, NodeMeasure) and one.kind == "percent_of_maximum" and not 0 < place.reach.total.most < inf:
            raise Faulty(path, "no-maximum", code=code)
        if (isinstance(one, MetCondition) or (isinstance(one, NodeMeasure) and one.kind == "percent_of_standard")) and place.standard <= 0:
            raise Faulty(path, "no-standard", code=code)


def _check_graded(one: Any, path: str, places: Places) -> None:
    for code in one.nodes:
        if places[code].node.grades is None:
            raise Faulty(path, "no-grades", code=code)
    known = {band.grade for code in one.nodes for band in places[code].node.grades}
    for number, grade in enumerate(one.graded):
        if grade not in known:
            raise Faulty(f"{path}/graded/{number}", "no-such-grade", grade=grade)


def _check_once(one: Any, path: str, _: Places) -> None:
    """What is named twice in a list would be counted twice."""
    for name, held in one:
        if isinstance(held, list) and all(isinstance(code, str) for code in held):
            for number, code in enumerate(held):
                if code in held[:number]:
                    raise Faulty(f"{path}/{name}/{number}", "stands-twice")


def _check_edges(one: Any, path: str, _: Places) -> None:
    if (one.at_least is not None and one.more_than is not None) or (one.at_most is not None and one.less_than is not None):
        raise Faulty(path, "one-edge-a-side")
    low = one.at_least if one.at_least is not None else one.more_than
    high = one.at_most if one.at_most is not None else one.less_than
    if low is not None and high is not None and (low > high or (low == high and (one.more_than is not None or one.less_than is not None))):
        raise Faulty(path, "crossed-edges")


def _check_names(document: Rulebook) -> None:
    """Gates, ratings and quotas name each other rightly."""
    ratings = [one.rating for one in document.ratings.classes] if document.ratings else []
    for codes, path in (
        (ratings, "ratings/classes"),
        ([q.code for q in document.quotas], "quotas"),
        ([g.code for g in document.gates], "gates"),
    ):
        if len(set(codes)) != len(codes):
            raise Faulty(path, "code-twice")
    earlier: set[str] = set()
    for number, quota in enumerate(document.quotas):
        kind, _, name = quota.of.partition(":")
        known = {"rated": ratings, "quota": earlier}.get(kind, {name})
        if name not in known:
            raise Faulty(f"quotas/{number}/of", "no-such-name", name=name)
        if quota.rating is not None and quota.rating not in ratings:
            raise Faulty(f"quotas/{number}/rating", "no-such-name", name=quota.rating)
        earlier.add(quota.code)


def _below(path: str, of: Any) -> Iterator[tuple[str, Document]]:
    """All documents within, a group's parts left out, each with its path."""
    if isinstance(of, list):
        for number, one in enumerate(of):
            if isinstance(one, Document):
                yield f"{path}/{number}", one
                yield from _below(f"{path}/{number}", one)
    elif isinstance(of, Document):
        for name in type(of).model_fields:
            if isinstance(of, Group) and name == "items":
                continue
            held, at = getattr(of, name, None), f"{path}/{name}".lstrip("/")
            if isinstance(held, Document):
                yield at, held
            yield from _below(at, held)


_LOOKS: list[tuple[Any, Callable[[Any, str, Places], None]]] = [
    (Edges, _check_edges),
    (Window, _check_window),
    (EventMeasure | TaskMeasure | ReportMeasure | MetCondition | GradedCondition, _check_once),
    (MarkMeasure, _check_mark),
    (NodeMeasure | MetCondition | GradedCondition, _check_named),
    (GradedCondition, _check_graded),
    (ChildrenMeasure | ChildrenWhereMeasure, _check_children),
]
