"""A facts file: what the engine is told about units, as a document that people and machines can write. Read and written alike."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from app.calendar.rules import DAY, Calendar, PeriodScheme, Roll, end_of, period
from app.indicators.rules import Accumulation, TargetKind
from app.marks.rules import MarkStage
from app.rulebooks.language.ground import POINT, Day, Document, Faulty, Grade, NodeCode, Number, PointsText, Reference, Window
from app.scoring.engine.facts import (
    FIGURE,
    Basis,
    Completion,
    Event,
    Facts,
    IndicatorTerms,
    Marks,
    Outcome,
    Reported,
    TaskFact,
    Waiver,
)

Source = Annotated[str, StringConstraints(max_length=100)]


class IndicatorFact(Document):
    """What the plan says of an indicator, and in which days the movement takes its periods."""

    accumulation: Annotated[Accumulation, Field(strict=False)] = Accumulation.CUMULATIVE
    scheme: Annotated[PeriodScheme, Field(strict=False)] = PeriodScheme.MONTH
    report_days: Annotated[int, Field(ge=0, le=366)] = 5
    window: Window


class TargetFact(Document):
    indicator: Reference
    assigned: Number | None = None
    stretch: Number | None = None
    last_year: Number | None = None


class FigureFact(Document):
    """One period's figure. What is not accepted counts in the claimed view alone; of two for a period, the later one counts."""

    indicator: Reference
    period: Annotated[str, StringConstraints(max_length=16)]
    figure: Number
    accepted: bool = True
    late: bool = False
    source: Source = ""


class TaskFile(Document):
    """A task; of two entries for one, the later one's completion takes the place of the earlier one's where both count."""

    task: Reference
    due_on: Day | None = None
    roll: Annotated[Roll, Field(strict=False)] = Roll.NONE
    completed_on: Day | None = None
    due_then: Day | None = None
    """The deadline in force when it was reported; None is `due_on`."""
    accepted: bool = True
    source: Source = ""


class EventFact(Document):
    event: Reference
    on: Day
    due_on: Day | None = None
    verified: bool = True
    accepted: bool = True
    times: Annotated[int, Field(ge=1, le=10_000)] = 1
    """The same, so many times on one day."""
    source: Source = ""


class ResultFact(Document):
    assessment: Reference
    number: Number | None = None
    grade: Grade | None = None
    source: Source = ""


class WaiverFact(Document):
    node: NodeCode
    occurrences: Annotated[int, Field(ge=1, le=10_000)] | None = None
    source: Source = ""


class MarkFact(Document):
    """`node` is a code of the rulebook, or `total` for the whole sheet."""

    node: NodeCode
    stage: Annotated[MarkStage, Field(strict=False)]
    points: PointsText


class UnitFacts(Document):
    unit: Reference
    opens_on: Day | None = None
    closes_on: Day | None = None
    targets: list[TargetFact] = []
    figures: list[FigureFact] = []
    tasks: list[TaskFile] = []
    events: list[EventFact] = []
    results: list[ResultFact] = []
    waivers: list[WaiverFact] = []
    marks: list[MarkFact] = []
    children: list["UnitFacts"] = []


class DaysOff(Document):
    off: list[Day] = []
    working: list[Day] = []


class FactsFile(Document):
    instant: Annotated[AwareDatetime, Field(strict=False)]
    calendar: DaysOff = DaysOff()
    indicators: dict[Reference, IndicatorFact] = {}
    until: Day | None = None
    """The last day that counts; None is no end."""
    units: Annotated[list[UnitFacts], Field(min_length=1, max_length=10_000)]

    def up_to(self, day: date) -> "FactsFile":
        """The same, as if `day` were the last of every window and the end of it the instant."""
        held = {
            code: one.model_copy(update={"window": Window(starts=one.window.starts, ends=min(one.window.ends, day))})
            for code, one in self.indicators.items()
        }
        return self.model_copy(update={"instant": min(self.instant, end_of(day)), "indicators": held, "until": day})


def calendar_of(file: FactsFile) -> Calendar:
    return Calendar(frozenset(file.calendar.off), frozenset(file.calendar.working))


def facts_of(unit: UnitFacts, file: FactsFile) -> Facts:
    terms = {
        code: IndicatorTerms(one.accumulation, one.scheme, one.report_days, one.window.starts, one.window.ends)
        for code, one in file.indicators.items()
    }
    for code, one in file.indicators.items():
        if one.window.ends < one.window.starts:
            raise Faulty(f"indicators/{code}/window/ends", "before-its-start")
    return _facts(unit, terms, file.until or date.max, "")


def marks_of(unit: UnitFacts) -> Marks:
    found: dict[str, dict[MarkStage, int]] = {}
    for mark in unit.marks:
        found.setdefault("" if mark.node == "total" else mark.node, {})[mark.stage] = int(mark.points * POINT)
    return found


def _facts(unit: UnitFacts, terms: Mapping[str, IndicatorTerms], until: date, root: str) -> Facts:
    """`root` is the unit's path in its file, for what is refused."""
    _check_once(unit, root)
    found = Facts(unit.unit, terms, opens_on=unit.opens_on, closes_on=unit.closes_on)
    _add_targets(found, unit.targets, root)
    for one in (one for number, one in enumerate(unit.figures) if _counts(one, terms, f"{root}figures/{number}")):
        for basis in _bases(one.accepted):
            found.figures[basis].setdefault(one.indicator, {})[one.period] = Reported(_scaled(one.figure), one.source, one.late)
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
    below = [(child.unit, _facts(child, terms, until, f"{root}children/{number}/")) for number, child in enumerate(unit.children)]
    found.children = tuple(facts for _, facts in sorted(below, key=lambda pair: pair[0]))
    return found


def _add_targets(found: Facts, targets: list[TargetFact], root: str) -> None:
    for number, target in enumerate(targets):
        if target.indicator not in found.indicators:
            raise Faulty(f"{root}targets/{number}/indicator", "not-described", name=target.indicator)
        kinds = ((TargetKind.ASSIGNED, target.assigned), (TargetKind.STRETCH, target.stretch))
        found.targets |= {(target.indicator, kind): _scaled(figure) for kind, figure in kinds if figure is not None}
        if target.last_year is not None:
            found.last_year[target.indicator] = _scaled(target.last_year)


def _check_once(unit: UnitFacts, root: str) -> None:
    """Of two figures or marks the later one counts; of two of anything else neither is known to be meant."""
    keys: dict[str, list[object]] = {
        "targets": [one.indicator for one in unit.targets],
        "results": [one.assessment for one in unit.results],
        "waivers": [one.node for one in unit.waivers],
        "children": [one.unit for one in unit.children],
    }
    for name, held in keys.items():
        for number, key in enumerate(held):
            if key in held[:number]:
                raise Faulty(f"{root}{name}/{number}", "stands-twice")


def _counts(one: FigureFact, terms: Mapping[str, IndicatorTerms], path: str) -> bool:
    """Whether the period's last day lies in the indicator's window. Raise `Faulty` for what names no indicator or no period."""
    if one.indicator not in terms:
        raise Faulty(f"{path}/indicator", "not-described", name=one.indicator)
    held = terms[one.indicator]
    reported = period(held.scheme, one.period)
    if reported is None:
        raise Faulty(f"{path}/period", "no-such-period", name=one.indicator, period=one.period)
    return held.window_from <= reported.ends - DAY <= held.window_to


def _completed(completed_on: date, task: TaskFile) -> dict[Basis, Completion]:
    done = Completion(completed_on, task.due_on if task.due_then is None else task.due_then, task.source)
    return dict.fromkeys(_bases(task.accepted), done)


def _bases(accepted: bool) -> tuple[Basis, ...]:
    return (Basis.CLAIMED, Basis.ACCEPTED) if accepted else (Basis.CLAIMED,)


def _scaled(figure: Decimal) -> int:
    return int(figure * FIGURE)
