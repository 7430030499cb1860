"""What a facts file says, as the engine takes it. The file is one that `facts_file.read` gave, in which every name is known."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from app.calendar.rules import DAY, Calendar, Outage, period
from app.indicators.rules import TargetKind
from app.marks.rules import MarkStage
from app.rulebooks.language.ground import POINT
from app.scoring.engine.facts import FIGURE, Basis, Completion, Event, Facts, IndicatorTerms, Marks, Outcome, Reported, TaskFact, Waiver
from app.scoring.facts_file import FactsFile, FigureFact, IndicatorFact, TaskFile, UnitFacts


def calendar_of(file: FactsFile) -> Calendar:
    outages = sorted(Outage(one.starts, one.ends, one.moves_to) for one in file.calendar.outages)
    return Calendar(frozenset(file.calendar.off), frozenset(file.calendar.working), tuple(outages))


def facts_of(unit: UnitFacts, file: FactsFile) -> Facts:
    terms = {
        code: IndicatorTerms(one.accumulation, one.scheme, one.report_days, one.window.starts, one.window.ends, one.supplied)
        for code, one in file.indicators.items()
    }
    return _facts(unit, terms, file)


def marks_of(unit: UnitFacts) -> Marks:
    found: dict[str, dict[MarkStage, int]] = {}
    for mark in unit.marks:
        found.setdefault("" if mark.node == "total" else mark.node, {})[mark.stage] = int(mark.points * POINT)
    return found


def _facts(unit: UnitFacts, terms: Mapping[str, IndicatorTerms], file: FactsFile) -> Facts:
    until = file.until or date.max
    found = Facts(unit.unit, terms, opens_on=unit.opens_on, closes_on=unit.closes_on)
    found.targets = dict(_targets(unit))
    found.reported_from = {
        (one.indicator, kind): one.reported_from for one in unit.targets for kind in TargetKind if one.reported_from is not None
    }
    found.last_year = {one.indicator: _scaled(one.last_year) for one in unit.targets if one.last_year is not None}
    for one in (one for one in unit.figures if lies_within(one, file.indicators[one.indicator])):
        for basis in _bases(one.accepted):
            found.figures[basis].setdefault(one.indicator, {})[one.period] = Reported(
                _scaled(one.figure or Decimal(0)), one.source, one.late, one.supplied
            )
    for task in unit.tasks:
        done = {} if task.completed_on is None or task.completed_on > until else _completed(task.completed_on, task)
        before = found.tasks[task.task].completed if task.task in found.tasks else {}
        found.tasks[task.task] = TaskFact(task.due_on, task.roll, {**before, **done})
    for event in (one for one in unit.events if one.on <= until):
        for basis in _bases(event.accepted):
            same = [Event(event.on, event.due_on, event.verified, event.source)] * event.times
            found.events[basis].setdefault(event.event, []).extend(same)
    found.results = {
        one.assessment: Outcome(None if one.number is None else _scaled(one.number), one.grade, one.source) for one in unit.results
    }
    found.waivers = {one.node: Waiver(one.occurrences, one.source) for one in unit.waivers}
    found.children = tuple(_facts(child, terms, file) for child in sorted(unit.children, key=lambda child: child.unit))
    return found


def _targets(unit: UnitFacts) -> Iterator[tuple[tuple[str, TargetKind], int]]:
    for target in unit.targets:
        for kind, figure in ((TargetKind.ASSIGNED, target.assigned), (TargetKind.STRETCH, target.stretch)):
            if figure is not None:
                yield (target.indicator, kind), _scaled(figure)


def lies_within(one: FigureFact, of: IndicatorFact) -> bool:
    """Whether the period's last day lies in the indicator's window."""
    reported = period(of.scheme, one.period)
    assert reported is not None
    return of.window.starts <= reported.ends - DAY <= of.window.ends


def _completed(completed_on: date, task: TaskFile) -> dict[Basis, Completion]:
    done = Completion(completed_on, task.due_on if task.due_then is None else task.due_then, task.source)
    return dict.fromkeys(_bases(task.accepted), done)


def _bases(accepted: bool) -> tuple[Basis, ...]:
    return (Basis.CLAIMED, Basis.ACCEPTED) if accepted else (Basis.CLAIMED,)


def _scaled(figure: Decimal) -> int:
    return int(figure * FIGURE)
