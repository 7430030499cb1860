"""What a rulebook takes from outside itself: the indicators, tasks, events and assessments that it names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache

from app.rulebooks.language.compile import Rulebook, documents
from app.rulebooks.language.ground import Document
from app.rulebooks.language.schema import Item, Ratings
from app.rulebooks.language.terms import (
    ChildrenMeasure,
    ChildrenWhereMeasure,
    EventMeasure,
    FigureMeasure,
    GradeCondition,
    ReportMeasure,
    ResultMeasure,
    TaskMeasure,
)


@dataclass(frozen=True)
class Needs:
    indicators: frozenset[str] = frozenset()
    tasks: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    assessments: frozenset[str] = frozenset()
    grades: frozenset[str] = frozenset()
    """The assessments whose grade is asked for."""
    numbers: frozenset[str] = frozenset()
    """Those whose number is."""
    waivers: bool = False
    """Some item may be waived."""
    children: bool = False
    """It looks at the units below."""


def together(of: Iterable[Needs]) -> Needs:
    held = list(of)
    named = {field.name: frozenset[str]().union(*(getattr(one, field.name) for one in held)) for field in fields(Needs)[:6]}
    return Needs(**named, waivers=any(one.waivers for one in held), children=any(one.children for one in held))


NAMED: dict[type[Document], tuple[str, str]] = {
    FigureMeasure: ("indicator", "indicators"),
    ReportMeasure: ("indicators", "indicators"),
    TaskMeasure: ("tasks", "tasks"),
    EventMeasure: ("events", "events"),
    ResultMeasure: ("assessment", "assessments"),
    GradeCondition: ("assessment", "assessments"),
    Ratings: ("not_above", "assessments"),
}
"""The field that names what is outside, and what is named."""


@lru_cache(maxsize=64)
def needs(rulebook: Rulebook) -> Needs:
    held = [*documents(rulebook.document), *(one for place in rulebook.places.values() for one in documents(place.node))]
    found = defaultdict[str, set[str]](set)
    for part in held:
        if type(part) in NAMED:
            field, name = NAMED[type(part)]
            value = getattr(part, field)
            codes = value if isinstance(value, list) else [value] if value is not None else []
            found[name].update(codes)
            if name == "assessments":
                found["numbers" if isinstance(part, ResultMeasure) and part.kind == "result" else "grades"].update(codes)
    return Needs(
        **{name: frozenset(codes) for name, codes in found.items()},
        waivers=any(isinstance(part, Item) and part.waivable for part in held),
        children=any(isinstance(part, ChildrenMeasure | ChildrenWhereMeasure) for part in held),
    )
