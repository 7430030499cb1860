"""Sheets as they are printed, or given to machines."""

from collections.abc import Iterator
from typing import Any

from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.ground import POINT
from app.rulebooks.language.schema import GateState
from app.rulebooks.wording import shown
from app.scoring import explain
from app.scoring.engine.quota import Allotted
from app.scoring.engine.sheet import Sheet
from app.web.numbers import plain
from app.web.texts import Language, catalogue, say


def state(of: GateState, language: Language) -> str:
    return str(catalogue(language)["words"]["gate_state"][of])


def as_told(book: Rulebook, sheet: Sheet, place: int | None, quotas: list[Allotted], language: Language) -> dict[str, Any]:
    """For machines: points as text, sentences in `language`."""
    clauses = {gate.code: gate.clause for gate in book.document.gates}
    found: dict[str, Any] = {"unit": sheet.unit, "view": sheet.view, "total": plain(sheet.total, POINT), "place": place}
    if sheet.rated is not None:
        found |= {"rating": sheet.rated.proposed, "by_total": sheet.rated.by_total, "why": explain.sentences(sheet.rated.reasons, language)}
    found["states"] = [{"gate": one.gate, "state": one.state, "clause": clauses[one.gate]} for one in sheet.states]
    if quotas:
        found["quotas"] = [{"quota": one.quota.code, "places": one.places, "stands": _stands(one, sheet.unit)} for one in quotas]
    found["lines"] = list(_lines(book, sheet, language))
    return found


def _stands(one: Allotted, unit: str) -> str:
    return "within" if unit in one.within else "at the cut" if unit in one.sharing else "outside"


def _lines(book: Rulebook, sheet: Sheet, language: Language) -> Iterator[dict[str, Any]]:
    for line in sheet.lines:
        place = book.places[line.code]
        yield {
            "code": line.code or "total",
            "level": place.level,
            "title": explain.title(place.node.title, language),
            "points": plain(line.points, POINT),
            "grade": line.grade,
            "rule": place.node.clause,
            "reason": explain.sentences(line.reasons, language),
            "sources": [source for source in line.sources if source],
        }


def printed(told: dict[str, Any], language: Language) -> Iterator[str]:
    """One sheet, a line each."""
    yield "  ".join([told["unit"], told["total"], *_headline(told, language)])
    yield from (f"  × {one['clause']}" for one in told["states"])
    yield f"  = {told['lines'][0]['reason']}"
    for line in told["lines"][1:]:
        letter = f" [{line['grade']}]" if line["grade"] else ""
        yield f"{'  ' * line['level']}{line['code']}  {line['points']}{letter}  {line['title']}: {line['reason']}"


def _headline(told: dict[str, Any], language: Language) -> Iterator[str]:
    """Place or state, then the class that is proposed and why it is not that of the total."""
    if told["place"] is not None:
        yield f"#{told['place']}"
    yield from (f"{state(one['state'], language)} ({one['gate']})" for one in told["states"])
    if "rating" in told:
        yield told["rating"] + (f" ({told['why']})" if told["why"] else "")


def allotment(one: Allotted, language: Language) -> str:
    """What makes the places, who is within them, and who shares the place at the cut."""
    kind, _, name = one.quota.of.partition(":")
    of = say(language, "quotas", f"of-{kind}", count=one.base, name=name)
    code = one.quota.code + (f" ({one.quota.rating})" if one.quota.rating else "")
    share = shown("edge", int(one.quota.share * 10**10), language)
    found = say(language, "quotas", "places", code=code, share=share, of=of, count=one.places, units=", ".join(one.within) or "–")
    return found + (" " + say(language, "quotas", "at-the-cut", units=", ".join(one.sharing)) if one.sharing else "")
