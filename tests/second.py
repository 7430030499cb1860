"""The same facts, read a second time by the verifier, which shares no code with the engine."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.calendar.rules import Calendar
from app.ranking.verifier import thidua_verify as second
from app.rulebooks.language.compile import POINT, Rulebook, canonical
from app.scoring.engine.facts import Basis, Completion, Facts, Marks, View
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Sheet
from app.scoring.facts_export import exported
from app.web.numbers import plain


def agreed(rulebook: Rulebook, calendar: Calendar, facts: Facts, marks: Marks, instant: datetime) -> None:
    """In every view, every line: points, letters, what is left out, gates and classes."""
    facts = whole(facts)
    told: Any = json.loads(json.dumps(exported(facts, marks, calendar, instant, None)))
    book: Any = second.Book(json.loads(canonical(rulebook.document)))
    terms: Any = second.Terms(told["instant"], told["calendar"], told["indicators"])
    for view in View:
        found = said(score(rulebook, calendar, facts, marks, instant, view))
        assert second.sheet(book, told["units"][0], terms, view.value) == found, (view, told)


def whole(of: Facts) -> Facts:
    """Tests name what one view takes; in the rows, what was accepted was claimed before, and each indicator has its terms."""
    accepted, claimed = of.figures.get(Basis.ACCEPTED, {}), of.figures.get(Basis.CLAIMED, {})
    both = {code: {**accepted.get(code, {}), **claimed.get(code, {})} for code in accepted.keys() | claimed.keys()}
    events = {basis: {kind: list(held) for kind, held in kinds.items()} for basis, kinds in of.events.items()}
    for kind, held in events[Basis.ACCEPTED].items():
        known = events[Basis.CLAIMED].setdefault(kind, [])
        known += [one for one in held if one not in known]
    children = tuple(map(whole, of.children))
    named = [*both, *of.last_year, *(code for code, _ in of.targets), *(code for child in children for code in child.indicators)]
    return replace(
        of,
        indicators={code: next(iter(of.indicators.values())) for code in named} | dict(of.indicators),
        figures={Basis.ACCEPTED: accepted, Basis.CLAIMED: both},
        tasks={code: replace(task, completed=_claimed(task.completed)) for code, task in of.tasks.items()},
        events=events,
        children=children,
    )


def _claimed(done: dict[Basis, Completion]) -> dict[Basis, Completion]:
    return {Basis.CLAIMED: done[Basis.ACCEPTED], **done} if Basis.ACCEPTED in done else done


def said(sheet: Sheet) -> dict[str, Any]:
    return {
        "total": plain(sheet.total, POINT),
        "states": [{"gate": one.gate, "state": one.state.value} for one in sheet.states],
        "rating": None if sheet.rated is None else {"by_total": sheet.rated.by_total, "proposed": sheet.rated.proposed},
        "lines": [
            {"code": line.code or "total", "points": plain(line.points, POINT), "grade": line.grade, "left_out": line.is_left_out}
            for line in sheet.lines
        ],
    }
