"""A unit's facts as a facts file: what `thidua score` reads is what the engine was told here."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from app.calendar.rules import Calendar
from app.indicators.rules import TargetKind
from app.rulebooks.language.ground import POINT
from app.scoring.engine.facts import FIGURE, Basis, Facts, Marks, Reported
from app.web.numbers import plain


def exported(facts: Facts, marks: Marks, calendar: Calendar, instant: datetime, until: date | None) -> dict[str, Any]:
    """JSON types in the shape of `FactsFile`. Only indicators that the unit has a target or a figure for are described."""
    found = {
        "instant": instant.isoformat(),
        "calendar": {"off": _days(calendar.off), "working": _days(calendar.working)} | _outages(calendar),
        "indicators": dict(sorted(_indicators(facts))),
        "units": [_unit(facts) | {"marks": list(_marks(marks))}],
    }
    return found if until is None else found | {"until": until.isoformat()}


def _unit(facts: Facts) -> dict[str, Any]:
    days = {name: day.isoformat() for name in ("opens_on", "closes_on") if (day := getattr(facts, name)) is not None}
    return days | {
        "unit": facts.unit,
        "targets": list(_targets(facts)),
        "figures": list(_figures(facts)),
        "tasks": list(_tasks(facts)),
        "events": list(_events(facts)),
        "results": list(_results(facts)),
        "waivers": list(_waivers(facts)),
        "children": [_unit(child) for child in facts.children],
    }


def _given(name: str, value: Any) -> dict[str, Any]:
    return {} if value is None else {name: value}


def _outages(calendar: Calendar) -> dict[str, Any]:
    days = [(one.starts_on.isoformat(), one.ends_on.isoformat(), one.moves_to.isoformat()) for one in calendar.outages]
    return {"outages": [{"from": starts, "to": ends, "moves_to": moved} for starts, ends, moved in days]} if days else {}


def _days(days: frozenset[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]


def _indicators(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    named = {code for code, _ in facts.targets} | {code for held in facts.figures.values() for code in held}
    for child in facts.children:
        yield from _indicators(child)
    for code in named:
        terms = facts.indicators[code]
        yield (
            code,
            {
                "accumulation": terms.accumulation.value,
                "scheme": terms.scheme.value,
                "report_days": terms.report_days,
                "window": {"starts": terms.window_from.isoformat(), "ends": terms.window_to.isoformat()},
                **({"supplied": True} if terms.is_supplied else {}),
            },
        )


def _targets(facts: Facts) -> Iterator[dict[str, str]]:
    for code in sorted({code for code, _ in facts.targets}):
        held = {name: facts.targets[code, kind] for kind, name in KINDS.items() if (code, kind) in facts.targets}
        if facts.last_year.get(code):
            held["last_year"] = facts.last_year[code]
        days = [facts.reported_from.get((code, kind), date.min) for kind in KINDS if (code, kind) in facts.targets]
        begins = {} if min(days) == date.min else {"reported_from": min(days).isoformat()}
        yield {"indicator": code, **{name: plain(figure, FIGURE) for name, figure in held.items()}, **begins}


KINDS = {TargetKind.ASSIGNED: "assigned", TargetKind.STRETCH: "stretch"}


def _figures(facts: Facts) -> Iterator[dict[str, Any]]:
    """What was accepted, then what is claimed in its place: of two for a period the later one counts."""
    claimed, accepted = facts.figures[Basis.CLAIMED], facts.figures[Basis.ACCEPTED]
    for code in sorted(accepted):
        yield from (_figure(code, period, one, is_accepted=True) for period, one in sorted(accepted[code].items()))
    for code in sorted(claimed):
        waiting = {period: one for period, one in claimed[code].items() if accepted.get(code, {}).get(period) != one}
        yield from (_figure(code, period, one, is_accepted=False) for period, one in sorted(waiting.items()))


def _figure(code: str, period: str, one: Reported, *, is_accepted: bool) -> dict[str, Any]:
    told = {"indicator": code, "period": period, "figure": plain(one.figure, FIGURE), "source": one.source}
    return told | {"accepted": is_accepted, "late": one.is_late} | ({"supplied": True} if one.is_supplied else {})


def _tasks(facts: Facts) -> Iterator[dict[str, Any]]:
    """One entry for a task, and another where what is claimed is not what was accepted."""
    for code, task in sorted(facts.tasks.items()):
        told: dict[str, Any] = {"task": code, "roll": task.roll.value}
        if task.due_on is not None:
            told["due_on"] = task.due_on.isoformat()
        done = {basis: task.completed[basis] for basis in (Basis.ACCEPTED, Basis.CLAIMED) if basis in task.completed}
        if not done:
            yield told
        for basis, one in done.items():
            if basis is Basis.CLAIMED and done.get(Basis.ACCEPTED) == one:
                continue
            then = {} if one.due_on is None else {"due_then": one.due_on.isoformat()}
            yield told | then | {"completed_on": one.completed_on.isoformat(), "accepted": basis is Basis.ACCEPTED, "source": one.source}


def _events(facts: Facts) -> Iterator[dict[str, Any]]:
    """Every event that is claimed; of those, the accepted ones count in every view."""
    for kind, events in sorted(facts.events[Basis.CLAIMED].items()):
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


def _marks(marks: Marks) -> Iterator[dict[str, str]]:
    for node in sorted(marks):
        for stage, points in sorted(marks[node].items()):
            yield {"node": node or "total", "stage": stage.value, "points": plain(points, POINT)}
