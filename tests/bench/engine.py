"""The engine against the same rulebook as one straight-line function in Decimal, which explains nothing."""

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.calendar.rules import Calendar, PeriodScheme
from app.indicators.rules import Accumulation, TargetKind
from app.rulebooks.language.load import checked
from app.scoring.engine.facts import FIGURE, Basis, Event, Facts, IndicatorTerms, Reported, View
from app.scoring.engine.program import score
from app.scoring.explain import sentences

ITEMS = 100
INSTANT = datetime(2026, 12, 31, tzinfo=UTC)
BANDS = [("98", None, "5"), ("97", "98", "4"), ("96", "97", "3")]


def rulebook() -> dict[str, Any]:
    """Ten sections of ten items, four kinds in turn, each section capped at 40."""
    groups = [
        {
            "code": f"G{g}",
            "title": {"vi": f"G{g}"},
            "maximum": "40",
            "deductions_at_most": "3",
            "items": [_item(g * 10 + n) for n in range(10)],
        }
        for g in range(10)
    ]
    head = {"rulebook": "bench", "version": 1, "title": {"vi": "Bench"}, "source": "bench", "synthetic": True, "missing": "zero"}
    return head | {"rounding": {"decimals": 2, "mode": "half_up"}, "items": groups}


def _item(n: int) -> dict[str, Any]:
    code, figure = f"x{n}", {"kind": "figure", "indicator": f"x{n}"}
    bands = [{"at_least": low, **({"less_than": high} if high else {}), "points": points} for low, high, points in BANDS]
    made = [
        ({"kind": "percent_of_target", "indicator": f"x{n}"}, {"shape": "proportional", "floor": "50", "ceiling": "110"}),
        (figure, {"shape": "bands", "bands": bands, "otherwise": "0"}),
        (figure, {"shape": "steps", "over": "92", "per": "1", "points": "0.1", "limit": "0.5"}),
        ({"kind": "events", "events": [f"e{n}"]}, {"shape": "each", "points": "-0.5", "limit": "1.5"}),
    ]
    measure, award = made[n % 4]
    return {"code": code, "title": {"vi": code}, "clause": code, "standard": "5", "measure": measure, "award": award}


def straight_line() -> Callable[[dict[str, Decimal], dict[str, Decimal], dict[str, int]], Decimal]:
    """The same rules, one statement after another; the text is made here because nobody should read a hundred of them."""
    said = ["def scored(figures, targets, events):", " total = D(0)"]
    for group in range(10):
        said.append(" section, taken = D(0), D(0)")
        for n in range(group * 10, group * 10 + 10):
            said += _statements(n)
        said += [" section += max(taken, D(-3))", " total += min(section, D(40))"]
    said.append(" return total")
    names: dict[str, Any] = {"D": Decimal, "CENT": Decimal("0.01"), "UP": ROUND_HALF_UP}
    exec("\n".join(said), names)  # noqa: S102 - our own text, a few lines above
    found: Callable[[dict[str, Decimal], dict[str, Decimal], dict[str, int]], Decimal] = names["scored"]
    return found


def _statements(n: int) -> list[str]:
    figure = f" v = figures['x{n}']"
    if n % 4 == 0:
        return [f" p = figures['x{n}'] * 100 / targets['x{n}']", " if p >= 50: section += (5 * min(p, D(110)) / 100).quantize(CENT, UP)"]
    if n % 4 == 1:
        return [figure, " section += D(5) if v >= 98 else D(4) if v >= 97 else D(3) if v >= 96 else D(0)"]
    if n % 4 == 2:
        return [figure, " if v > 92: section += min((v - 92) // 1 * D('0.1'), D('0.5'))"]
    return [f" taken += max(events['e{n}'] * D('-0.5'), D('-1.5'))"]


def inputs(units: int) -> Iterator[tuple[Facts, dict[str, Decimal], dict[str, Decimal], dict[str, int]]]:
    """The same facts for both: as the engine's, and as plain Decimals."""
    dice = random.Random(7)  # noqa: S311
    terms = {
        f"x{n}": IndicatorTerms(Accumulation.CUMULATIVE, PeriodScheme.YEAR, 5, date(2026, 1, 1), date(2026, 12, 31)) for n in range(ITEMS)
    }
    for unit in range(units):
        figures = {f"x{n}": Decimal(dice.randint(400, 1200)) / 10 for n in range(ITEMS)}
        targets = {f"x{n}": Decimal(dice.choice([80, 90, 93, 100])) for n in range(ITEMS)}
        events = {f"e{n}": dice.randint(0, 4) for n in range(ITEMS)}
        held = Facts(f"u{unit}", terms)
        held.targets = {(code, TargetKind.ASSIGNED): int(target * FIGURE) for code, target in targets.items()}
        held.figures[Basis.ACCEPTED] = {code: {"2026": Reported(int(figure * FIGURE), "s", False)} for code, figure in figures.items()}
        held.events[Basis.ACCEPTED] = {kind: [Event(date(2026, 5, 1), None, True, "s")] * times for kind, times in events.items()}
        yield held, figures, targets, events


def measured(units: int) -> dict[str, float]:
    """Seconds for the engine, for the straight line and for wording every reason; bytes a kept sheet. Every total is compared."""
    book, calendar, baseline = checked(rulebook())[1], Calendar(), straight_line()
    held = list(inputs(units))
    warm = score(book, calendar, held[0][0], {}, INSTANT, View.APPRAISED)
    assert all(sentences(line.reasons, "vi") for line in warm.lines)
    repeats = max(3, 500 // units)
    engine = line = wording = 0.0
    for _ in range(repeats):
        started = time.perf_counter()
        totals = [baseline(figures, targets, events) for _, figures, targets, events in held]
        line += time.perf_counter() - started
        started = time.perf_counter()
        # As the board does: a sheet is dropped once its points are taken.
        points = [score(book, calendar, facts, {}, INSTANT, View.APPRAISED).total for facts, *_ in held]
        engine += time.perf_counter() - started
        assert [Decimal(total) / 10**6 for total in points] == totals, "both give the same points"
    few = [score(book, calendar, facts, {}, INSTANT, View.APPRAISED) for facts, *_ in held[: max(1, 500 // repeats)]]
    started = time.perf_counter()
    for _ in range(repeats):
        for sheet in few:
            for one in sheet.lines:
                sentences(one.reasons, "vi")
    wording = (time.perf_counter() - started) / len(few) * units
    tracemalloc.start()
    kept = [score(book, calendar, facts, {}, INSTANT, View.APPRAISED) for facts, *_ in held[:50]]
    size = tracemalloc.get_traced_memory()[0] / len(kept)
    tracemalloc.stop()
    return {"engine": engine, "line": line, "wording": wording, "bytes": size}
