"""A unit's facts as a facts file: what `thidua score` reads is what the engine was told here."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from app.calendar.rules import Calendar
from app.indicators.rules import TargetKind
from app.marks.rules import MarkStage
from app.rulebooks.language.ground import POINT
from app.scoring.engine.facts import FIGURE, STAGES, Basis, Facts, IndicatorTerms, Marks, Reported, View
from app.web.numbers import plain


def exported(facts: Facts, marks: Marks, calendar: Calendar, instant: datetime, until: date | None) -> dict[str, Any]:
    """JSON types in the shape of `FactsFile`. Only indicators that the unit has a target or a figure for are described."""
    found = {
        "instant": instant.isoformat(),
        "calendar": calendar_told(calendar),
        "indicators": {code: indicator_told(facts.indicators[code]) for code in sorted(_named(facts))},
        "units": [unit_told(facts, marks)],
    }
    return found if until is None else found | {"until": until.isoformat()}


def calendar_told(calendar: Calendar) -> dict[str, Any]:
    return {"off": _days(calendar.off), "working": _days(calendar.working)} | _outages(calendar)


def indicator_told(terms: IndicatorTerms) -> dict[str, Any]:
    return {
        "accumulation": terms.accumulation.value,
        "scheme": terms.scheme.value,
        "report_days": terms.report_days,
        "window": {"starts": terms.window_from.isoformat(), "ends": terms.window_to.isoformat()},
        **({"supplied": True} if terms.is_supplied else {}),
    }


def unit_told(facts: Facts, marks: Marks, *, only_accepted: bool = False) -> dict[str, Any]:
    """One unit of a facts file. `only_accepted`: of what waits only that it was received, and no mark but what the decided view takes."""
    stages = STAGES[View.DECIDED] if only_accepted else tuple(MarkStage)
    return _unit(facts, only_accepted) | {"marks": list(_marks(marks, stages))}


def _unit(facts: Facts, only_accepted: bool) -> dict[str, Any]:
    days = {name: day.isoformat() for name in ("opens_on", "closes_on") if (day := getattr(facts, name)) is not None}
    return days | {
        "unit": facts.unit,
        "targets": list(_targets(facts)),
        "figures": list(_figures(facts, only_accepted)),
        "tasks": list(_tasks(facts, (Basis.ACCEPTED,) if only_accepted else (Basis.ACCEPTED, Basis.CLAIMED))),
        "events": list(_events(facts, Basis.ACCEPTED if only_accepted else Basis.CLAIMED)),
        "results": list(_results(facts)),
        "waivers": list(_waivers(facts)),
        "children": [_unit(child, only_accepted) for child in facts.children],
    }


def _given(name: str, value: Any) -> dict[str, Any]:
    return {} if value is None else {name: value}


def _outages(calendar: Calendar) -> dict[str, Any]:
    days = [(one.starts_on.isoformat(), one.ends_on.isoformat(), one.moves_to.isoformat()) for one in calendar.outages]
    return {"outages": [{"from": starts, "to": ends, "moves_to": moved} for starts, ends, moved in days]} if days else {}


def _days(days: frozenset[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]


def _named(facts: Facts) -> set[str]:
    """The indicators of which the unit, or one below it, has a target or a figure."""
    own = {code for code, _ in facts.targets} | {code for held in facts.figures.values() for code in held}
    return own.union(*map(_named, facts.children))


def _targets(facts: Facts) -> Iterator[dict[str, str]]:
    for code in sorted({code for code, _ in facts.targets} | {code for code, figure in facts.last_year.items() if figure}):
        held = {name: facts.targets[code, kind] for kind, name in KINDS.items() if (code, kind) in facts.targets}
        if facts.last_year.get(code):
            held["last_year"] = facts.last_year[code]
        days = [facts.reported_from.get((code, kind), date.min) for kind in KINDS if (code, kind) in facts.targets]
        begins = {} if min(days, default=date.min) == date.min else {"reported_from": min(days).isoformat()}
        yield {"indicator": code, **{name: plain(figure, FIGURE) for name, figure in held.items()}, **begins}


KINDS = {TargetKind.ASSIGNED: "assigned", TargetKind.STRETCH: "stretch"}


def _figures(facts: Facts, only_accepted: bool) -> Iterator[dict[str, Any]]:
    """What was accepted, then what is claimed in its place: of two for a period the later one counts."""
    claimed, accepted = facts.figures[Basis.CLAIMED], facts.figures[Basis.ACCEPTED]
    for code in sorted(accepted):
        yield from (_figure(code, period, one, is_accepted=True) for period, one in sorted(accepted[code].items()))
    for code in sorted(claimed):
        waiting = {period: one for period, one in claimed[code].items() if accepted.get(code, {}).get(period) != one}
        for period, one in sorted(waiting.items()):
            told = _figure(code, period, one, is_accepted=False)
            yield {name: value for name, value in told.items() if not only_accepted or name not in {"figure", "source"}}


def _figure(code: str, period: str, one: Reported, *, is_accepted: bool) -> dict[str, Any]:
    told = {"indicator": code, "period": period, "figure": plain(one.figure, FIGURE), "source": one.source}
    return told | {"accepted": is_accepted, "late": one.is_late} | ({"supplied": True} if one.is_supplied else {})


def _tasks(facts: Facts, bases: Sequence[Basis]) -> Iterator[dict[str, Any]]:
    """One entry for a task, and another where what is claimed is not what was accepted."""
    for code, task in sorted(facts.tasks.items()):
        told: dict[str, Any] = {"task": code, "roll": task.roll.value}
        if task.due_on is not None:
            told["due_on"] = task.due_on.isoformat()
        done = {basis: task.completed[basis] for basis in bases if basis in task.completed}
        if not done:
            yield told
        for basis, one in done.items():
            if basis is Basis.CLAIMED and done.get(Basis.ACCEPTED) == one:
                continue
            then = {} if one.due_on is None else {"due_then": one.due_on.isoformat()}
            yield told | then | {"completed_on": one.completed_on.isoformat(), "accepted": basis is Basis.ACCEPTED, "source": one.source}


def _events(facts: Facts, basis: Basis) -> Iterator[dict[str, Any]]:
    """Every event of a basis; the accepted ones count in every view."""
    for kind, events in sorted(facts.events[basis].items()):
        accepted = {event.source for event in facts.events[Basis.ACCEPTED].get(kind, [])}
        for event in events:
            due = {} if event.due_on is None else {"due_on": event.due_on.isoformat()}
            told = {"event": kind, "on": event.on.isoformat(), "verified": event.is_verified, "source": event.source}
            yield told | due | {"accepted": event.source in accepted}


def _results(facts: Facts) -> Iterator[dict[str, Any]]:
    for assessment, one in sorted(facts.results.items()):
        number = None if one.number is None else plain(one.number, FIGURE)
        yield _given("number", number) | _given("grade", one.grade) | {"assessment": assessment, "source": one.source}


def _waivers(facts: Facts) -> Iterator[dict[str, Any]]:
    for node, one in sorted(facts.waivers.items()):
        yield _given("occurrences", one.occurrences) | {"node": node, "source": one.source}


def _marks(marks: Marks, stages: Collection[MarkStage]) -> Iterator[dict[str, str]]:
    for node in sorted(marks):
        for stage, points in sorted(marks[node].items()):
            if stage in stages:
                yield {"node": node or "total", "stage": stage.value, "points": plain(points, POINT)}
