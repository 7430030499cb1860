"""A rulebook made ready to run: each node a closure, composed once, run in order of dependence for every unit."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from app.calendar.rules import Calendar
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.schema import GateState, Item
from app.scoring.engine.facts import Basis, Facts, Marks, View, marks_in
from app.scoring.engine.groups import group_runner
from app.scoring.engine.items import item_runner
from app.scoring.engine.nodes import Run, node_runner
from app.scoring.engine.sheet import Rated, Sheet, Standing
from app.scoring.engine.sitting import Sitting
from app.scoring.engine.verdict import gates_of, rater_of


def score(rulebook: Rulebook, calendar: Calendar, facts: Facts, marks: Marks, instant: datetime, view: View) -> Sheet:
    """One unit's sheet. Pure: the same arguments give the same sheet, whatever the order of facts."""
    basis = Basis.CLAIMED if view is View.CLAIMED else Basis.ACCEPTED
    sitting = Sitting(facts, instant, calendar, basis, marks_in(marks, view), view is View.STRICT)
    program = _program(rulebook)
    for run in program.runs:
        run(sitting)
    states = program.gates(sitting)
    return Sheet(
        unit=facts.unit,
        view=view,
        order=rulebook.places,
        told=sitting.told,
        grades=sitting.grades,
        states=states,
        rated=None if any(one.state is GateState.NOT_RATED for one in states) else program.rate(sitting),
        valid_until=min(sitting.turns, default=None),
    )


class _Program:
    def __init__(self, rulebook: Rulebook) -> None:
        places = rulebook.places
        self.runs: list[Run] = [
            node_runner(
                places[code], rulebook, (item_runner if isinstance(places[code].node, Item) else group_runner)(places[code], rulebook)
            )
            for code in rulebook.order
        ]
        self.gates: Callable[[Sitting], tuple[Standing, ...]] = gates_of(rulebook)
        self.rate: Callable[[Sitting], Rated | None] = rater_of(rulebook)


@lru_cache(maxsize=64)
def _program(rulebook: Rulebook) -> _Program:
    return _Program(rulebook)
