"""What the points lead to: gates that close, and the class that the rating table proposes."""

from collections.abc import Callable

from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.ground import Edges
from app.rulebooks.language.schema import Ratings
from app.scoring.engine.conditions import holder, tester
from app.scoring.engine.measures import taker
from app.scoring.engine.sheet import Form, Rated, Standing, Why, reasons
from app.scoring.engine.sitting import Sitting


def gates_of(rulebook: Rulebook) -> Callable[[Sitting], tuple[Standing, ...]]:
    gates = [(gate, tester(gate.when, rulebook, taker)) for gate in rulebook.document.gates]

    def closed(sitting: Sitting) -> tuple[Standing, ...]:
        return tuple(Standing(gate.code, gate.state) for gate, test in gates if test(sitting.facts, sitting)[0])

    return closed


def rater_of(rulebook: Rulebook) -> Callable[[Sitting], Rated | None]:
    ratings = rulebook.document.ratings
    return _rater(ratings, rulebook) if ratings is not None else lambda _: None


CEILING = Form("rating-ceiling", ("assessment", "grade"))
UNMET = Form("rating-unmet", ("grade",))


def _rater(ratings: Ratings, rulebook: Rulebook) -> Callable[[Sitting], Rated | None]:
    """From the class of the total downwards, the first whose conditions all hold and which is not above the ceiling.

    Below that class its own upper edge no longer matters: who has too many points for a lower class and misses a condition
    of the higher one still comes down.
    """
    names = [one.rating for one in ratings.classes]
    bands = [holder(one.total) for one in ratings.classes]
    floors = [holder(Edges(at_least=one.total.at_least, more_than=one.total.more_than)) for one in ratings.classes]
    tests = [[tester(condition, rulebook, taker) for condition in one.requires] for one in ratings.classes]

    def rate(sitting: Sitting) -> Rated:
        total = sitting.given[""].points, 10**6
        at = next((n for n, holds in enumerate(bands) if holds(total)), len(names))
        by_total = [*names, ratings.otherwise][at]
        whys: list[Why] = []
        lowest = _ceiling(ratings, names, sitting)
        if lowest > at:
            whys.append((CEILING, str(ratings.not_above), names[lowest] if lowest < len(names) else ""))
        for n in range(max(at, lowest), len(names)):
            unmet = [one for test in tests[n] for held, why in [test(sitting.facts, sitting)] if not held for one in why]
            if not unmet and floors[n](total):
                return Rated(by_total, names[n], reasons(whys))
            whys += [(UNMET, names[n]), *unmet]
        return Rated(by_total, ratings.otherwise, reasons(whys))

    return rate


def _ceiling(ratings: Ratings, names: list[str], sitting: Sitting) -> int:
    """The highest class that the linked grade allows; no result yet is no ceiling."""
    if ratings.not_above is None:
        return 0
    found = sitting.facts.results.get(ratings.not_above)
    if found is None or found.grade is None:
        return 0
    return names.index(found.grade) if found.grade in names else len(names)
