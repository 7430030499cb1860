"""How solid is a place? Many rankings with other weights and noisy marks, drawn around what the rulebook and the appraisers say.

Weights: Dirichlet around the rulebook's own (SMAA: Lahdelma, Hokkanen and Salminen 1998; OECD/JRC Handbook on Constructing
Composite Indicators, 2008, ch. 7), with a concentration that says how far they stray: a share w of the whole has the standard
deviation sqrt(w (1 - w) / (concentration + 1)). Marks by hand: one normal deviation a unit, whose variance is the sum of what
each of its marks contributes. Floating point, on purpose: this says how far a ranking can be trusted, it never ranks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int32]
_CHUNK = 500
"""Draws at a time: the totals of 500 units stay within 2 MB."""


@dataclass(frozen=True)
class Asked:
    """`concentration` 200: a weight of 10 % strays by 2 points of a hundred. `marking`: the spread between appraisers, as a share of a
    mark's standard points.
    """

    draws: int = 10_000
    seed: int = 0
    concentration: float = 200.0
    marking: float = 0.03
    confidence: float = 0.9


@dataclass(frozen=True)
class Table:
    """One cluster's sheets, in points: what scales with a weight, and what does not (bonuses, deductions, caps)."""

    units: tuple[str, ...]
    weights: Numbers
    """Standard points of each item, positive."""
    shares: Numbers
    """Units by items: the points of an item as a share of its weight."""
    fixed: Numbers
    """Of each unit, what no weight scales."""
    by_hand: NDArray[np.bool_]
    """Which items are marked by hand."""


@dataclass(frozen=True)
class Solid:
    """`low` to `high` is the interval of places that holds `confidence` of the draws, both ends included."""

    unit: str
    median: int
    low: int
    high: int
    first: float
    """The share of draws in which it stands first, alone or with others."""
    tier: int
    """Units of one tier are not told apart: none of them stands behind the tier's first in `confidence` of the draws."""


def robustness(table: Table, asked: Asked) -> list[Solid]:
    """In order of the median place. The same arguments give the same answer."""
    drawn = _drawn(table, asked)
    tail = (1 - asked.confidence) / 2
    at = [int(level * (asked.draws - 1)) for level in (0.5, tail, 1 - tail)]
    ordered = np.partition(drawn, sorted(set(at)), axis=1)
    found = sorted((*map(int, ordered[row, at]), row) for row in range(len(table.units)))
    tiers = _tiers([row for *_, row in found], drawn, asked.confidence)
    return [
        Solid(table.units[row], median, low, high, float(np.mean(drawn[row] == 1)), tier)
        for (median, low, high, row), tier in zip(found, tiers, strict=True)
    ]


def _tiers(order: list[int], drawn: Places, confidence: float) -> list[int]:
    """A unit opens a new tier when it stands behind the first of the tier before in enough of the draws."""
    tiers, first = list[int](), None
    for row in order:
        is_new = first is None or float(np.mean(drawn[row] > drawn[first])) >= confidence
        first = row if is_new else first
        tiers.append((tiers[-1] if tiers else 0) + is_new)
    return tiers


def _drawn(table: Table, asked: Asked) -> Places:
    """Units by draws: each one's place."""
    random, found = np.random.default_rng(asked.seed), np.empty((len(table.units), asked.draws), np.int32)
    deviation = asked.marking * float(np.sqrt((table.weights[table.by_hand] ** 2).sum()))
    rows, same = np.unique(table.shares, axis=0, return_inverse=True)  # what is equal stays equal to the last bit
    for start in range(0, asked.draws, _CHUNK):
        size = min(_CHUNK, asked.draws - start)
        totals = np.take(weights(table, asked, random, size) @ rows.T, same.ravel(), axis=1) + table.fixed
        if deviation:
            totals += random.standard_normal(totals.shape) * deviation
        found[:, start : start + size] = places(totals).T
    return found


def weights(table: Table, asked: Asked, random: np.random.Generator, size: int) -> Numbers:
    """`size` draws of the items' weights, each summing up to the whole that the rulebook's do."""
    whole = table.weights.sum()
    drawn = random.standard_gamma(asked.concentration * table.weights / whole, (size, len(table.weights)))
    return np.asarray(drawn * (whole / drawn.sum(axis=1, keepdims=True)))


def places(totals: Numbers) -> Places:
    """Of each draw (a row), the place of each unit; equal totals share one (1, 1, 3)."""
    order = np.argsort(-totals, axis=1)
    ranked = np.take_along_axis(totals, order, axis=1)
    numbers = np.arange(1, totals.shape[1] + 1)
    is_next = np.concatenate([np.ones((len(totals), 1), bool), ranked[:, 1:] != ranked[:, :-1]], axis=1)
    place = np.empty(totals.shape, np.int32)
    np.put_along_axis(place, order, np.maximum.accumulate(np.where(is_next, numbers, 0), axis=1), axis=1)
    return place
