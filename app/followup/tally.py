"""Statistics over tasks: every share says of what it is one."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.tasks.rules import TaskProgress, TaskTiming

_UNWANTED = frozenset({TaskProgress.SUSPENDED, TaskProgress.RECALLED})
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Counted:
    """One task, by its lead."""

    unit: str
    progress: TaskProgress
    timing: TaskTiming | None
    has_deadline: bool
    is_on_time_at_first: bool
    """Done by the deadline first given."""
    is_awaiting: bool
    """A report of it waits for confirmation; also one that corrects what was confirmed."""
    is_quiet: bool
    """Not a word of it for so many days."""
    year: int
    """In which it was assigned."""


@dataclass(frozen=True)
class Share:
    count: int
    of: int

    @property
    def percent(self) -> Decimal | None:
        """Rounded half up to two decimals; None of nothing."""
        return None if not self.of else (Decimal(100 * self.count) / self.of).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Tally:
    all: int
    wanted: int
    with_deadline: int
    states: list[tuple[TaskProgress, TaskTiming | None, int]]
    overdue_of_wanted: Share
    overdue_of_dated: Share
    not_updated: Share
    on_time: Share
    on_time_at_first: Share
    awaiting: Share
    backlog: list[tuple[int, int]]


def tally(counted: Collection[Counted]) -> Tally:
    """Suspended and recalled tasks stand in `all` and `states` alone."""
    wanted = [one for one in counted if one.progress not in _UNWANTED]
    undone = [one for one in wanted if one.progress is not TaskProgress.DONE]
    done = len(wanted) - len(undone)
    dated = sum(one.has_deadline for one in wanted)

    def count(holds: Callable[[Counted], bool]) -> int:
        return sum(holds(one) for one in wanted)

    overdue = count(lambda one: one.timing is TaskTiming.OVERDUE)
    on_time = count(lambda one: one.timing is TaskTiming.DONE_ON_TIME)
    states = Counter((one.progress, one.timing) for one in counted)
    return Tally(
        all=len(counted),
        wanted=len(wanted),
        with_deadline=dated,
        states=[(*state, states[state]) for state in sorted(states, key=lambda state: (state[0], state[1] or ""))],
        overdue_of_wanted=Share(overdue, len(wanted)),
        overdue_of_dated=Share(overdue, dated),
        not_updated=Share(sum(one.is_quiet for one in undone), len(undone)),
        on_time=Share(on_time, done),
        on_time_at_first=Share(count(lambda one: one.is_on_time_at_first), done),
        awaiting=Share(count(lambda one: one.is_awaiting), len(wanted)),
        backlog=sorted(Counter(one.year for one in undone).items()),
    )
