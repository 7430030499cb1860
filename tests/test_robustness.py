"""How solid a place is: laws, closed forms, an independent simulation."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ranking import rules
from app.ranking.robustness import Asked, Solid, Table, places, robustness

PLAIN = Asked(draws=4000, seed=1, marking=0)


def table(shares: list[list[float]], weights: list[float] | None = None, fixed: list[float] | None = None, by_hand: bool = False) -> Table:
    held = np.array(shares, float)
    return Table(
        tuple(f"u{number:03}" for number in range(len(shares))),
        np.array(weights or [1.0] * held.shape[1]),
        held,
        np.array(fixed or [0.0] * len(shares)),
        np.full(held.shape[1], by_hand),
    )


def by_unit(found: list[Solid]) -> dict[str, Solid]:
    return {one.unit: one for one in found}


def test_the_same_seed_gives_the_same_answer_and_another_one_another() -> None:
    held = table([[0.5, 0.6, 0.7], [0.7, 0.6, 0.5], [0.6, 0.61, 0.6]])
    assert robustness(held, PLAIN) == robustness(held, PLAIN)
    assert robustness(held, PLAIN) != robustness(held, replace(PLAIN, seed=2))


def test_two_opposite_units_are_first_as_often_as_beta_says() -> None:
    """The weight of the first item is Beta(0.6 c, 0.4 c); Python's own generator draws it anew."""
    found = by_unit(robustness(table([[1, 0], [0, 1]], [6, 4]), replace(PLAIN, draws=20_000, concentration=10)))
    dice = random.Random(5)  # noqa: S311
    share = sum(dice.betavariate(6, 4) > 0.5 for _ in range(200_000)) / 200_000
    assert abs(found["u000"].first - share) < 4 * math.sqrt(0.25 / 20_000)
    assert found["u000"].first + found["u001"].first == pytest.approx(1)


@pytest.mark.parametrize("ahead", [0.0, 0.01, 0.05])
def test_noise_of_marks_is_the_normal_one(ahead: float) -> None:
    """One mark of weight 10, spread 3 %: the difference of two units has the deviation 0.3 · sqrt 2."""
    asked = Asked(draws=20_000, seed=3, concentration=1e9, marking=0.03)
    found = by_unit(robustness(table([[0.5 + ahead], [0.5]], [10], by_hand=True), asked))
    share = 0.5 * (1 + math.erf(10 * ahead / (0.3 * math.sqrt(2)) / math.sqrt(2)))
    assert abs(found["u000"].first - share) < 4 * math.sqrt(0.25 / 20_000)


def test_items_by_rule_have_no_noise_of_marks() -> None:
    found = by_unit(robustness(table([[0.5001], [0.5]], [10]), Asked(draws=500, marking=0.5)))
    assert (found["u000"].first, found["u001"].low) == (1, 2)


POINTS = st.lists(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=3, max_size=3), min_size=1, max_size=8)


@settings(max_examples=100, deadline=None)
@given(POINTS, st.lists(st.sampled_from([1.0, 2.0, 5.0]), min_size=3, max_size=3))
def test_laws(shares: list[list[float]], weights: list[float]) -> None:
    held = table(shares, weights)
    found = robustness(held, Asked(draws=200, marking=0))
    solid = by_unit(found)
    assert [one.tier for one in found] == sorted(one.tier for one in found)
    assert found[0].tier == 1
    for one in found:
        assert 1 <= one.low <= one.median <= one.high <= len(shares)
        assert 0 <= one.first <= 1
    assert sum(one.first for one in found) >= 1 - 1e-9
    for left, mine in zip(held.units, shares, strict=True):
        for right, theirs in zip(held.units, shares, strict=True):
            if mine == theirs:
                assert replace(solid[left], unit="") == replace(solid[right], unit=""), "equal units are equal in every draw"
            elif all(a >= b for a, b in zip(mine, theirs, strict=True)):
                assert solid[left].high <= solid[right].high
                assert solid[left].first >= solid[right].first


@settings(max_examples=100, deadline=None)
@given(POINTS, st.lists(st.integers(-3, 3), min_size=8, max_size=8))
def test_without_any_spread_it_is_the_ranking(shares: list[list[float]], fixed: list[int]) -> None:
    """Quarters are exact in floating point up to the draws' last bits: those are rounded away here."""
    held = table(shares, [4, 8, 4], [float(one) for one in fixed[: len(shares)]])
    totals = np.round(held.shares @ held.weights + held.fixed, 6)
    wanted = rules.places({unit: (int(total * 1000),) for unit, total in zip(held.units, totals, strict=True)})
    assert dict(zip(held.units, places(totals[None, :])[0].tolist(), strict=True)) == wanted


def test_tiers_part_where_the_difference_is_sure() -> None:
    found = robustness(table([[0.9, 0.9], [0.91, 0.89], [0.2, 0.2], [0.21, 0.19]]), PLAIN)
    assert sorted((one.unit, one.tier) for one in found) == [("u000", 1), ("u001", 1), ("u002", 2), ("u003", 2)]


def test_equal_units_are_equal_to_the_last_bit_however_many_there_are() -> None:
    """A product of matrices computes its last columns another way: 501 units showed it, 101 did not."""
    drawn = np.random.default_rng(1).random((501, 97))
    drawn[-1] = drawn[0]
    found = by_unit(robustness(table(drawn.tolist()), Asked(draws=500, marking=0)))
    assert replace(found["u000"], unit="") == replace(found["u500"], unit="")
