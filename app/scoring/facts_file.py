"""A facts file: what the engine is told about units, as a document that people and machines can write. Read and written alike."""

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from app.calendar.rules import PeriodScheme, Roll, end_of, period
from app.indicators.rules import Accumulation
from app.marks.rules import MarkStage
from app.rulebooks.language.ground import Day, Document, Faulty, Grade, NodeCode, Number, PointsText, Reference, Window
from app.rulebooks.language.load import validated

Source = Annotated[str, StringConstraints(max_length=100)]


class IndicatorFact(Document):
    """What the plan says of an indicator, and in which days the movement takes its periods."""

    accumulation: Annotated[Accumulation, Field(strict=False)] = Accumulation.CUMULATIVE
    scheme: Annotated[PeriodScheme, Field(strict=False)] = PeriodScheme.MONTH
    report_days: Annotated[int, Field(ge=0, le=366)] = 5
    window: Window
    supplied: bool = False
    """Another unit enters the figures: a report that is missing is not the unit's."""


class TargetFact(Document):
    indicator: Reference
    assigned: Number | None = None
    stretch: Number | None = None
    last_year: Number | None = None
    reported_from: Day | None = None
    """Reports are expected of periods that end on this day or later; None is the whole window."""


class FigureFact(Document):
    """One period's figure. What is not accepted counts in the claimed view alone; of two for a period, the later one counts."""

    indicator: Reference
    period: Annotated[str, StringConstraints(max_length=16)]
    figure: Number | None = None
    """None: a report that waits was received, and its figure is not told."""
    accepted: bool = True
    late: bool = False
    supplied: bool = False
    """Another unit sent it: early or late, it is not the unit's."""
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


class OutageFact(Document):
    """What was due on these days is due on another."""

    starts: Day = Field(alias="from")
    ends: Day = Field(alias="to")
    moves_to: Day


class DaysOff(Document):
    off: list[Day] = []
    working: list[Day] = []
    outages: list[OutageFact] = []


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


def read(raw: Any) -> FactsFile:
    """Parsed YAML or JSON as a facts file in which every name and period is known. Raise `Faulty` for the first fault."""
    file = validated(FactsFile, raw)
    for code, one in file.indicators.items():
        if one.window.ends < one.window.starts and one.window.ends != file.until:  # a window that has not begun by then counts nothing
            raise Faulty(f"indicators/{code}/window/ends", "before-its-start")
    _check_units(file.units, file, "units")
    return file


def _check_units(units: list[UnitFacts], file: FactsFile, path: str) -> None:
    """`path` is that of the list of units."""
    _check_once([one.unit for one in units], path)
    for number, unit in enumerate(units):
        root = f"{path}/{number}"
        # Of two figures, completions or marks the later one counts; of two of anything else neither is known to be meant.
        _check_once([one.indicator for one in unit.targets], f"{root}/targets")
        _check_once([one.assessment for one in unit.results], f"{root}/results")
        _check_once([one.node for one in unit.waivers], f"{root}/waivers")
        for at, target in enumerate(unit.targets):
            _described(target.indicator, file, f"{root}/targets/{at}/indicator")
        for at, figure in enumerate(unit.figures):
            scheme = _described(figure.indicator, file, f"{root}/figures/{at}/indicator").scheme
            if figure.figure is None and figure.accepted:
                raise Faulty(f"{root}/figures/{at}/figure", "missing")
            if period(scheme, figure.period) is None:
                raise Faulty(f"{root}/figures/{at}/period", "no-such-period", name=figure.indicator, period=figure.period)
        _check_units(unit.children, file, f"{root}/children")


def _described(indicator: str, file: FactsFile, path: str) -> IndicatorFact:
    if indicator not in file.indicators:
        raise Faulty(path, "not-described", name=indicator)
    return file.indicators[indicator]


def _check_once(keys: list[str], path: str) -> None:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if key in seen:
            raise Faulty(f"{path}/{number}", "stands-twice")
        seen.add(key)
