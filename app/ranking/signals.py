"""What is worth a look before a ranking is believed: counts beside what the others do. Signals, not verdicts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt

from app.clock import local_date
from app.progress.rules import Outcome
from app.ranking.rules import SignalKind
from app.rulebooks.language.ground import EDGE

LEAST, FAR = 5, 2.0
"""So many cases at least, and so many standard errors from the others."""
_NEAR = 100
"""Within a hundredth of a threshold."""


@dataclass(frozen=True)
class Signal:
    """`count` of `of` cases; `others` of `others_of` elsewhere (for bunching: just below)."""

    kind: SignalKind
    subject: str
    """A unit, an item of the rulebook, or the hash of a file."""
    count: int
    of: int
    others: int
    others_of: int
    units: tuple[str, ...] = ()
    edge: int | None = None
    """In 10⁻¹⁰."""


def stands_out(count: int, of: int, others: int, others_of: int) -> bool:
    """Two shares differ by more than chance would often make: a two-proportion z test, one-sided."""
    if of < LEAST or others_of < LEAST:
        return False
    share, other, both = count / of, others / others_of, (count + others) / (of + others_of)
    error = sqrt(both * (1 - both) * (1 / of + 1 / others_of))
    return error > 0 and (share - other) / error >= FAR


def _compared(kind: SignalKind, counts: Mapping[str, tuple[int, int]]) -> list[Signal]:
    """(count, of) of each subject beside all others together."""
    whole = [sum(one[at] for one in counts.values()) for at in (0, 1)]
    found = [Signal(kind, subject, count, of, whole[0] - count, whole[1] - of) for subject, (count, of) in sorted(counts.items())]
    return [one for one in found if stands_out(one.count, one.of, one.others, one.others_of)]


def last_hour(arrived: Iterable[tuple[str, datetime, date]]) -> list[Signal]:
    """Units that send more of their reports on the very last day than the others do."""
    late, whole = Counter[str](), Counter[str]()
    for unit, at, due_on in arrived:
        whole[unit] += 1
        late[unit] += local_date(at) == due_on
    return _compared(SignalKind.LAST_HOUR, {unit: (late[unit], of) for unit, of in whole.items()})


def lenient(verdicts: Iterable[tuple[str, Outcome, bool, int]]) -> list[Signal]:
    """Appraisers who accept as it was sent more often than the others do."""
    plain, whole = Counter[str](), Counter[str]()
    for unit, outcome, is_corrected, count in verdicts:
        whole[unit] += count
        plain[unit] += count if outcome is Outcome.ACCEPTED and not is_corrected else 0
    return _compared(SignalKind.LENIENT_APPRAISER, {unit: (plain[unit], of) for unit, of in whole.items()})


def reused(shared: Mapping[str, Sequence[str]]) -> list[Signal]:
    return [Signal(SignalKind.REUSED_EVIDENCE, file, len(units), len(units), 0, 0, tuple(units)) for file, units in shared.items()]


def bunching(measured: Iterable[tuple[str, str, tuple[int, int], Sequence[int]]]) -> list[Signal]:
    """(unit, item, what was measured, its edges): thresholds that many pass by less than a hundredth, and few miss by as little."""
    above, below = dict[tuple[str, int], list[str]](), Counter[tuple[str, int]]()
    for unit, item, (numerator, denominator), edges in measured:
        for edge in edges:
            distance, near = numerator * EDGE - edge * denominator, edge * denominator
            if abs(distance) * _NEAR <= near:
                if distance >= 0:
                    above.setdefault((item, edge), []).append(unit)
                else:
                    below[item, edge] += 1
    found = [
        Signal(SignalKind.BUNCHING, item, len(units), len(units) + below[item, edge], below[item, edge], 0, tuple(sorted(units)), edge)
        for (item, edge), units in sorted(above.items())
    ]
    return [one for one in found if one.count >= LEAST and one.count >= 3 * one.others]
