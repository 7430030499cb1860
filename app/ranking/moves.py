"""Why a place moved between two moments: worlds between then and now, each changing one thing; their differences are the whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.ranking.rules import MoveCause, Points, places
from app.rulebooks.language.compile import Rulebook
from app.scoring.engine.facts import Basis, Facts, Marks, TaskFact


@dataclass(frozen=True)
class Moment:
    """All that the sheets of a cluster are made of, as one moment knew it."""

    rulebook: Rulebook
    instant: datetime
    facts: Mapping[str, Facts]
    marks: Mapping[str, Marks]
    ranked: frozenset[str]
    """Who takes part in the ranking."""


@dataclass(frozen=True)
class World:
    """What a unit has after a cause was let in. Points in millionths."""

    cause: MoveCause | None
    """None: as it was then."""
    points: int
    place: int | None


Score = Callable[[Rulebook, Facts, Marks, datetime], Points]
"""The total, then the tie-break nodes."""


def worlds(unit: str, then: Moment, now: Moment, score: Score) -> list[World]:
    """From then to now; the last is how it stands now."""
    facts, marks = then.facts[unit], then.marks.get(unit, {})
    known, known_marks = corrected(facts, now.facts[unit]), corrected_marks(marks, now.marks.get(unit, {}))
    own: list[tuple[MoveCause | None, Rulebook, Facts, Marks, datetime]] = [
        (None, then.rulebook, facts, marks, then.instant),
        (MoveCause.LATENESS, then.rulebook, facts, marks, now.instant),
        (MoveCause.CORRECTION, then.rulebook, known, known_marks, now.instant),
        (MoveCause.PROGRESS, then.rulebook, now.facts[unit], now.marks.get(unit, {}), now.instant),
        (MoveCause.RULES, now.rulebook, now.facts[unit], now.marks.get(unit, {}), now.instant),
    ]
    found = []
    others = {rulebook: _others(unit, then, rulebook, score) for rulebook in {then.rulebook, now.rulebook}}
    for cause, rulebook, held, put, instant in own:
        found.append(_world(cause, unit, score(rulebook, held, put, instant), others[rulebook], unit in then.ranked))
    last = _others(unit, now, now.rulebook, score)
    found.append(_world(MoveCause.OTHERS, unit, score(own[-1][1], *own[-1][2:]), last, unit in now.ranked))
    return found


def _others(unit: str, of: Moment, rulebook: Rulebook, score: Score) -> dict[str, Points]:
    return {other: score(rulebook, of.facts[other], of.marks.get(other, {}), of.instant) for other in of.ranked if other != unit}


def _world(cause: MoveCause | None, unit: str, points: Points, others: Mapping[str, Points], is_ranked: bool) -> World:
    return World(cause, points[0], places({**others, unit: points})[unit] if is_ranked else None)


def corrected(then: Facts, now: Facts) -> Facts:
    """What was known then, as it is known now: corrected, revised or taken back; nothing that came since."""
    children = {child.unit: child for child in now.children}
    return replace(
        then,
        indicators=now.indicators,
        targets=_those(then.targets, now.targets),
        reported_from=_those(then.targets, now.reported_from),
        last_year=_those(then.last_year, now.last_year),
        figures={basis: _figures(then.figures[basis], now.figures[basis]) for basis in Basis},
        tasks={code: _task(task, now.tasks[code]) for code, task in then.tasks.items() if code in now.tasks},
        events={basis: _events(then.events[basis], now.events[basis]) for basis in Basis},
        results=_those(then.results, now.results),
        waivers=_those(then.waivers, now.waivers),
        children=tuple(corrected(child, children[child.unit]) for child in then.children if child.unit in children),
    )


def _those(then: Mapping[Any, Any], now: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: now[key] for key in then if key in now}


def _figures(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    return {code: _those(periods, now.get(code, {})) for code, periods in then.items()}


def _task(then: TaskFact, now: TaskFact) -> TaskFact:
    return replace(now, completed=_those(then.completed, now.completed))


def _events(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for kind, events in then.items():
        known = {event.source for event in events}
        found[kind] = [event for event in now.get(kind, []) if event.source in known]
    return found


def corrected_marks(then: Marks, now: Marks) -> Marks:
    return {node: _those(stages, now.get(node, {})) for node, stages in then.items()}
