"""What a unit can still win, and what is lost already. An upper bound while nobody adds a task or takes a decision back: what waits to be
appraised is still open, what is open may turn out not to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.calendar.rules import Calendar
from app.clock import local_date
from app.marks.rules import MarkStage
from app.ranking.rules import LostBecause
from app.rulebooks.language.compile import Place, Rulebook
from app.rulebooks.language.schema import Item
from app.rulebooks.language.terms import ReportMeasure, TaskMeasure
from app.scoring.engine.facts import Basis, Completion, Facts, Marks, TaskFact, View
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Sheet


@dataclass(frozen=True)
class Open:
    """One item. Points in millionths; `best` is None where nothing bounds it."""

    code: str
    now: int
    best: int | None
    lost: int
    """Of what it could give at most, what can be won no more."""
    because: LostBecause | None

    @property
    def gain(self) -> int:
        return 0 if self.best is None else self.best - self.now


@dataclass(frozen=True)
class Attainable:
    now: int
    best: int
    """The total if every item came to its best, after the caps; without what nothing bounds."""
    items: list[Open]

    @property
    def is_bounded(self) -> bool:
        return all(item.best is not None for item in self.items)


def attainable(rulebook: Rulebook, calendar: Calendar, facts: Facts, marks: Marks, instant: datetime, closes_at: datetime) -> Attainable:
    sheet = score(rulebook, calendar, facts, marks, instant, View.DECIDED)
    is_closed = instant >= closes_at
    hoped = facts if is_closed else _done_today(facts, calendar, instant)
    hopeful = [score(rulebook, calendar, hoped, marks, instant, view) for view in (View.DECIDED, View.CLAIMED)]
    items = [
        _open(place, sheet, hopeful, marks.get(code, {}), is_closed=is_closed)
        for code, place in rulebook.places.items()
        if isinstance(place.node, Item)
    ]
    wanted = {item.code: item.best for item in items if item.best is not None and item.best > item.now}
    put: Marks = {**marks, **{code: {MarkStage.DECIDED: points} for code, points in wanted.items()}}
    total, most = score(rulebook, calendar, facts, put, instant, View.DECIDED).total, rulebook.places[""].most
    return Attainable(sheet.total, max(sheet.total, total if most is None else min(total, most)), items)


def _open(place: Place, sheet: Sheet, hopeful: Sequence[Sheet], marks: Mapping[MarkStage, int], *, is_closed: bool) -> Open:
    now, most = sheet.points(place.code), place.most
    hoped = max(now, *(one.points(place.code) for one in hopeful))
    best, because = _best(place, now, hoped, marks, is_closed=is_closed)
    lost = 0 if most is None or best is None else max(0, most - best)
    return Open(place.code, now, best, lost, because if lost else None)


def _best(place: Place, now: int, hoped: int, marks: Mapping[MarkStage, int], *, is_closed: bool) -> tuple[int | None, LostBecause | None]:
    """The most that an item can come to, and what keeps it from its maximum."""
    assert isinstance(place.node, Item)
    most, measure = place.most, place.node.measure
    if MarkStage.DECIDED in marks:
        return now, LostBecause.DECIDED
    if is_closed and not place.is_by_hand:
        return hoped, LostBecause.REPORTING_CLOSED
    if most is not None and most <= 0:
        return now, LostBecause.COUNTED
    if isinstance(measure, TaskMeasure):
        return hoped, LostBecause.DEADLINE_PASSED
    if isinstance(measure, ReportMeasure) and measure.kind != "percent_reports_on_time":
        return hoped, LostBecause.DEADLINE_PASSED
    return None if most is None else max(now, most), None


def _done_today(facts: Facts, calendar: Calendar, instant: datetime) -> Facts:
    """Every task that is neither done nor overdue, as if it were done now and accepted."""
    today = local_date(instant)

    def done(task: TaskFact) -> TaskFact:
        due = None if task.due_on is None else calendar.rolled(task.due_on, task.roll)
        if Basis.ACCEPTED in task.completed or (due is not None and due < today):
            return task
        return replace(task, completed=dict.fromkeys(Basis, Completion(today, due, "")))

    return replace(facts, tasks={code: done(task) for code, task in facts.tasks.items()})


@dataclass(frozen=True)
class Aim:
    """A place, what is missing for it, and the fewest items that could bring it."""

    place: int
    needs: int
    """More than this many points, in millionths, where the place is not to be shared."""
    items: list[Open]
    is_reachable: bool


def aims(own: Attainable, ahead: Sequence[int]) -> list[Aim]:
    """For each place ahead, if nobody else moves. `ahead` are the totals of those who stand before, best first."""
    offers = sorted((item for item in own.items if item.gain > 0), key=lambda item: (-item.gain, item.code))
    found = []
    for place, total in enumerate(ahead, 1):
        needs, chosen, won = total - own.now, list[Open](), 0
        for item in offers:
            if won >= needs:
                break
            chosen.append(item)
            won += item.gain
        is_reachable = own.best >= total or not own.is_bounded
        found.append(Aim(place, needs, chosen if is_reachable else [], is_reachable))
    return found
