"""A rulebook as a person reads it: each node with its points and clause, then what the total leads to."""

from collections.abc import Iterator

from app.offline.told import state
from app.rulebooks.language.compile import Place, Rulebook, edge
from app.rulebooks.language.ground import Edges
from app.rulebooks.language.schema import Item
from app.rulebooks.wording import shown
from app.scoring import explain
from app.web.texts import Language, say


def as_sheet(book: Rulebook, language: Language) -> Iterator[str]:
    """A line each."""
    for place in book.places.values():
        clause = f" — {place.node.clause}" if place.node.clause else ""
        notes = f" [{'; '.join(_notes(place, language))}]" if any(_notes(place, language)) else ""
        indent, code = "  " * place.level, place.code or "*"
        yield f"{indent}{code}  {explain.title(place.node.title, language)} ({_bounds(place, language)}){clause}{notes}"
    for gate in book.document.gates:
        yield f"× {gate.code}  {explain.title(gate.title, language)} → {state(gate.state, language)} — {gate.clause}"
    yield from _ratings(book, language)
    for quota in book.document.quotas:
        kind, _, name = quota.of.partition(":")
        code = quota.code + (f" ({quota.rating})" if quota.rating else "")
        share = shown("edge", edge(quota.share), language)
        yield "% " + say(language, "sheets", f"quota-of-{kind}", code=code, share=share, name=name)
    if book.tie_break:
        yield "# " + say(language, "sheets", "tie-break", nodes=", ".join(book.tie_break))
    for reading in book.document.readings:
        yield f"! {reading}"


def _bounds(place: Place, language: Language) -> str:
    least, most = (
        say(language, "sheets", "unbounded") if points is None else shown("points", points, language)
        for points in (place.least, place.most)
    )
    return say(language, "sheets", "bounds", standard=shown("points", place.standard, language), least=least, most=most)


def _notes(place: Place, language: Language) -> Iterator[str]:
    """What the clause alone need not say."""
    node = place.node
    for slug, unit in (("appraiser", node.appraiser), ("alternate", node.alternate_appraiser)):
        if unit is not None:
            yield say(language, "sheets", slug, unit=unit)
    conditions = (("conditional", node.when is not None), ("may-not-apply", node.not_applicable_when is not None))
    for slug, holds in (*conditions, ("waivable", isinstance(node, Item) and node.waivable)):
        if holds:
            yield say(language, "sheets", slug)


def _ratings(book: Rulebook, language: Language) -> Iterator[str]:
    ratings = book.document.ratings
    if ratings is None:
        return
    for one in ratings.classes:
        total = _edges(one.total, language) or say(language, "sheets", "any-total")
        more = " " + say(language, "sheets", "conditions", count=len(one.requires)) if one.requires else ""
        yield f"= {one.rating}  {explain.title(one.title, language)}: {total}{more}"
    yield f"= {ratings.otherwise}: " + say(language, "sheets", "otherwise")
    if ratings.not_above is not None:
        yield "≤ " + say(language, "sheets", "not-above", assessment=ratings.not_above)


def _edges(edges: Edges, language: Language) -> str:
    signs = (("≥", edges.at_least), (">", edges.more_than), ("≤", edges.at_most), ("<", edges.less_than))
    return ", ".join(f"{sign} {shown('edge', edge(value), language)}" for sign, value in signs if value is not None)
