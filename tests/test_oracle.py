"""D4: thousands of random rulebooks and facts, scored by the engine and by a second reading in fractions."""

import random
from fractions import Fraction
from typing import Any

import pytest

from app.rulebooks.language.load import checked
from app.scoring.engine.facts import View
from app.scoring.engine.program import score
from app.scoring.facts_file import FactsFile, calendar_of, facts_of
from tests import oracle
from tests.examples import DEFAULTS, YEAR, titled

CASES = 2_000
INDICATORS = [f"x{n}" for n in range(5)]
EVENTS = [f"e{n}" for n in range(3)]


class Maker:
    """Random documents that the language takes."""

    def __init__(self, seed: int) -> None:
        self.dice, self.count = random.Random(seed), 0  # noqa: S311

    def decimal(self, low: int, high: int, places: int = 1) -> str:
        return str(self.dice.randint(low * 10**places, high * 10**places) / 10**places)

    def maybe(self, **fields: Any) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if self.dice.random() < 0.4}

    def edges(self) -> dict[str, str]:
        low, high = sorted([self.dice.randint(40, 80), self.dice.randint(81, 130)])
        return {
            self.dice.choice(["at_least", "more_than"]): str(low),
            **self.maybe(**{self.dice.choice(["at_most", "less_than"]): str(high)}),
        }

    def measure(self, depth: int = 1) -> dict[str, Any]:
        kind = self.dice.choice(["figure", "percent_of_target", "events", *(["sum", "ratio"] if depth else [])])
        if kind == "events":
            return {"kind": kind, "events": self.dice.sample(EVENTS, self.dice.randint(1, 2)), **self.maybe(verified=True)}
        if kind == "sum":
            terms = [{"of": self.measure(depth - 1), **self.maybe(times=self.decimal(-2, 2))} for _ in range(self.dice.randint(1, 3))]
            return {"kind": kind, "terms": terms, **self.maybe(without_missing=True)}
        if kind == "ratio":
            return {"kind": kind, "of": self.measure(depth - 1), "to": self.measure(depth - 1), **self.maybe(times=self.decimal(1, 200))}
        return {"kind": kind, "indicator": self.dice.choice(INDICATORS)}

    def award(self, *, deep: bool = True) -> dict[str, Any]:
        shape = self.dice.choice(["proportional", "value", "bands", "steps", "each", *(["strata"] if deep else [])])
        if shape == "proportional":
            return {"shape": shape, **self.maybe(full_at=self.decimal(50, 120), floor=self.decimal(10, 60), ceiling=self.decimal(90, 130))}
        if shape == "value":
            return {"shape": shape, **self.maybe(times=self.decimal(-1, 2))}
        if shape == "bands":
            bands = [{**self.edges(), "points": self.decimal(-3, 5)} for _ in range(self.dice.randint(1, 4))]
            return {"shape": shape, "bands": bands, "otherwise": self.decimal(-2, 2)}
        if shape == "strata":
            strata = [{**self.edges(), "award": self.award(deep=False)} for _ in range(self.dice.randint(1, 3))]
            return {"shape": shape, "by": self.measure(0), "strata": strata, "otherwise": self.decimal(-2, 2)}
        each = {"shape": shape, "points": self.decimal(-2, 2), **self.maybe(limit=self.decimal(0, 4))}
        if shape == "each":
            return each
        more = self.maybe(first=self.decimal(0, 1), counts="started")
        return {**each, "over": self.decimal(60, 100), "per": self.decimal(1, 9), **more}

    def rounding(self) -> dict[str, Any]:
        return {"decimals": self.dice.randint(0, 4), "mode": self.dice.choice(["half_up", "half_even", "truncate", "up"])}

    def node(self, depth: int) -> dict[str, Any]:
        self.count += 1
        code = f"n{self.count}"
        missing = self.dice.choice(["zero", "standard", "excluded"])
        if depth and self.dice.random() < 0.5:
            low, high = sorted([self.dice.randint(-3, 3), self.dice.randint(4, 30)])
            caps = self.maybe(
                maximum=str(high), minimum=str(low), bonuses_at_most=self.decimal(0, 5), deductions_at_most=self.decimal(0, 5)
            )
            more = self.maybe(standard=self.decimal(0, 5), takes="best", rebased=True, missing=missing, rounding=self.rounding())
            return {"code": code, "items": [self.node(depth - 1) for _ in range(self.dice.randint(1, 4))], **caps, **more}
        more = self.maybe(
            standard=self.decimal(0, 10), missing=missing, rounding=self.rounding(), counts_as="bonus", maximum=self.decimal(1, 9)
        )
        when = self.maybe(when={"measure": self.measure(0), **self.edges()})
        return {"code": code, "measure": self.measure(), "award": self.award(), **more, **when}

    def document(self) -> dict[str, Any]:
        caps = self.maybe(maximum="60", minimum="0", bonuses_at_most="8", deductions_at_most="8", rebased=True)
        return {**DEFAULTS, "missing": "zero", **caps, "items": [titled(self.node(2)) for _ in range(self.dice.randint(1, 5))]}

    def facts(self) -> dict[str, Any]:
        return {
            "unit": "u",
            "targets": [{"indicator": code, "assigned": self.decimal(0, 120)} for code in INDICATORS if self.dice.random() < 0.9],
            "figures": [
                {"indicator": code, "period": "2022-12", "figure": self.decimal(0, 140, 3)}
                for code in INDICATORS
                if self.dice.random() < 0.8
            ],
            "events": [
                {"event": kind, "on": "2022-05-01", "verified": self.dice.random() < 0.5, "times": self.dice.randint(1, 6)}
                for kind in EVENTS
            ],
        }


def both(seed: int) -> tuple[Fraction, Fraction]:
    maker = Maker(seed)
    document, facts = maker.document(), maker.facts()
    file = FactsFile.model_validate(
        {"instant": "2022-12-31T12:00:00+07:00", "indicators": {code: {"window": YEAR} for code in INDICATORS}, "units": [facts]}
    )
    sheet = score(checked(document)[1], calendar_of(file), facts_of(file.units[0], file), {}, file.instant, View.APPRAISED)
    return Fraction(sheet.total, 10**6), oracle.total(document, facts)


@pytest.mark.parametrize("chunk", range(4))
def test_two_readings_agree(chunk: int) -> None:
    differing = 0
    for seed in range(chunk, CASES, 4):
        engine, second = both(seed)
        assert engine == second, seed
        differing += engine not in {0, 60}
    assert differing > CASES // 4 * 0.6, "most sheets say something"


def test_a_reading_that_rounds_otherwise_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: an oracle that truncates, and one that minds no caps."""
    rounded = oracle.rounded
    monkeypatch.setattr(oracle, "rounded", lambda value, rounding: rounded(value, {**rounding, "mode": "truncate"}))
    assert any(len(set(both(seed))) > 1 for seed in range(100))
    monkeypatch.setattr(oracle, "rounded", rounded)
    monkeypatch.setattr(oracle, "held", lambda value, _: value)
    assert any(len(set(both(seed))) > 1 for seed in range(100))
