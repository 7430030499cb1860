"""D4: thousands of random rulebooks and facts, scored by the engine and by the verifier, which reads them in fractions."""

import json
import random
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from app.ranking.verifier import thidua_verify as oracle
from app.rulebooks.language.load import checked
from app.scoring.engine.facts import View
from app.scoring.engine.program import score
from app.scoring.facts_file import FactsFile
from app.scoring.facts_read import calendar_of, facts_of, marks_of
from tests.examples import DEFAULTS, YEAR, titled

CASES = 2000
INDICATORS = [f"x{n}" for n in range(5)]
EVENTS = [f"e{n}" for n in range(3)]
GRADES = ["A", "B", "C"]
Read = tuple[Fraction, list[str], tuple[str, str] | None]


def counts(measure: dict[str, Any]) -> bool:
    if measure["kind"] == "sum":
        return all(Fraction(term.get("times", "1")) == 1 and counts(term["of"]) for term in measure["terms"])
    return bool(measure["kind"] == "events")


class Maker:
    """Random documents that the language takes."""

    def __init__(self, seed: int) -> None:
        self.dice, self.count = random.Random(seed), 0  # noqa: S311
        self.leaves: list[str] = []
        self.standards: list[str] = []
        self.lettered: list[str] = []

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

    def measure(self, depth: int = 1, *, of_child: bool = False) -> dict[str, Any]:  # noqa: PLR0911
        more = ["sum", "ratio", *([] if of_child else ["children", "children_where", *(["points"] if self.leaves else [])])]
        kind = self.dice.choice(["figure", "percent_of_target", "events", *(more if depth else [])])
        if kind == "events":
            return {"kind": kind, "events": self.dice.sample(EVENTS, self.dice.randint(1, 2)), **self.maybe(verified=True)}
        if kind == "sum":
            terms = [
                {"of": self.measure(depth - 1, of_child=of_child), **self.maybe(times=self.decimal(-2, 2))}
                for _ in range(self.dice.randint(1, 3))
            ]
            return {"kind": kind, "terms": terms, **self.maybe(without_missing=True)}
        if kind == "ratio":
            halves = {name: self.measure(depth - 1, of_child=of_child) for name in ("of", "to")}
            return {"kind": kind, **halves, **self.maybe(times=self.decimal(1, 200))}
        if kind == "children":
            take = self.dice.choice(["sum", "mean", "least", "most", "ratio_of_sums"])
            of = self._share(depth) if take == "ratio_of_sums" else self.measure(depth, of_child=True)
            return {"kind": kind, "take": take, "of": of, **self.maybe(without_missing=True)}
        if kind == "children_where":
            return {"kind": kind, "when": self.condition(of_child=True), **self.maybe(take="percent")}
        if kind == "points":
            code = self.dice.choice(self.leaves)
            is_share = self.dice.random() < 0.5 and code in self.standards
            return {"kind": "percent_of_standard" if is_share else "points", "node": code}
        return {"kind": kind, "indicator": self.dice.choice(INDICATORS)}

    def _share(self, depth: int) -> dict[str, Any]:
        if self.dice.random() < 0.5:
            return {"kind": "percent_of_target", "indicator": self.dice.choice(INDICATORS)}
        return {"kind": "ratio", **{name: self.measure(depth - 1, of_child=True) for name in ("of", "to")}, **self.maybe(times="0.5")}

    def condition(self, depth: int = 1, *, of_child: bool = False) -> dict[str, Any]:
        kinds = ["measure", "grade", *([] if of_child else ["met"] * bool(self.standards) + ["graded"] * bool(self.lettered))]
        kind = self.dice.choice([*kinds, *(["all", "any", "none"] if depth else [])])
        if kind == "grade":
            return {"assessment": "par", "one_of": self.dice.sample(GRADES, 2)}
        if kind == "met":
            return {"met": self.dice.sample(self.standards, min(2, len(self.standards)))}
        if kind == "graded":
            count = self.dice.choice([{"at_least": "1"}, {"less_than": "2"}, {"more_than": "1"}])
            return {"nodes": self.dice.sample(self.lettered, min(2, len(self.lettered))), "graded": self.dice.sample(GRADES, 2), **count}
        if kind == "measure":
            return {"measure": self.measure(0, of_child=of_child), **self.maybe(missing=True), **self.edges()}
        return {kind: [self.condition(depth - 1, of_child=of_child) for _ in range(self.dice.randint(1, 3))]}

    def around(self) -> dict[str, Any]:
        """Conditions, letters."""
        letters = [{"grade": grade, **edges} for grade, edges in zip(GRADES, ({"at_least": "4"}, {"more_than": "1"}, {}), strict=True)]
        policy = self.maybe(not_applicable=self.dice.choice(["zero", "standard", "excluded"]))
        skipped = {"not_applicable_when": self.condition(), **policy} if self.dice.random() < 0.2 else {}
        return {**self.maybe(grades=letters), **({"when": self.condition()} if self.dice.random() < 0.3 else {}), **skipped}

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
        """Conditions and measures look at items that were made before: there is no way round."""
        self.count += 1
        code, around = f"n{self.count}", self.around()
        missing = self.dice.choice(["zero", "standard", "excluded"])
        if depth and self.dice.random() < 0.5:
            low, high = sorted([self.dice.randint(-3, 3), self.dice.randint(4, 30)])
            caps = self.maybe(
                maximum=str(high), minimum=str(low), bonuses_at_most=self.decimal(0, 5), deductions_at_most=self.decimal(0, 5)
            )
            more = self.maybe(
                standard=self.decimal(0, 5),
                takes=self.dice.choice(["best", "first"]),
                rebased=True,
                missing=missing,
                rounding=self.rounding(),
            )
            return {"code": code, "items": [self.node(depth - 1) for _ in range(self.dice.randint(1, 4))], **caps, **more, **around}
        more = self.maybe(
            standard=self.decimal(0, 10),
            missing=missing,
            rounding=self.rounding(),
            counts_as=self.dice.choice(["bonus", "deduction"]),
        )
        found = {"code": code, **self.rule(), **more, **around}
        self.leaves.append(code)
        if float(found.get("standard", "0")) > 0:
            self.standards.append(code)
        if "grades" in found:
            self.lettered.append(code)
        return found

    def rule(self) -> dict[str, Any]:
        kind = self.dice.random()
        if kind < 0.1:
            return {"measure": {"kind": "mark", "minimum": "-5", "maximum": self.dice.choice(["5", "0"])}}
        caps = self.maybe(maximum=self.decimal(1, 9), minimum=self.decimal(-9, 0))
        if kind < 0.2:
            grades = [{"grade": grade, "points": self.decimal(-2, 5)} for grade in GRADES[:2]]
            award = {"shape": "grades", "grades": grades, "otherwise": self.decimal(-2, 1)}
            return {"measure": {"kind": "grade", "assessment": "par"}, "award": award, **caps}
        measure = {"kind": "events", "events": self.dice.sample(EVENTS, 2)} if kind < 0.35 else self.measure()
        return {"measure": measure, "award": self.award(), **caps, **(self.maybe(waivable=True) if counts(measure) else {})}

    def document(self) -> dict[str, Any]:
        caps = self.maybe(maximum="60", minimum="0", bonuses_at_most="8", deductions_at_most="8", rebased=True)
        items = [titled(self.node(2)) for _ in range(self.dice.randint(1, 5))]
        gates = [
            {"code": f"g{n}", "title": {"vi": "g"}, "state": "excluded", "clause": "g", "when": self.condition()}
            for n in range(self.dice.randint(0, 2))
        ]
        totals = ({"at_least": "30"}, {"at_least": "12", "less_than": "30"}, {"more_than": "2", "less_than": "12"})
        classes = [
            {"rating": grade, "title": {"vi": grade}, "total": total, **self.maybe(requires=[self.condition()])}
            for grade, total in zip(GRADES, totals, strict=True)
        ]
        ratings = {"classes": classes, "otherwise": "none", **self.maybe(not_above="par")}
        return {**DEFAULTS, "missing": "zero", **caps, "items": items, "gates": gates, "ratings": ratings}

    def marks(self) -> list[dict[str, Any]]:
        codes = ["total", *(f"n{n + 1}" for n in range(self.count))]
        odds = {"total": 0.05}
        return [
            {"node": code, "stage": "appraised", "points": self.decimal(-3, 6)}
            for code in codes
            if self.dice.random() < odds.get(code, 0.15)
        ]

    def facts(self, depth: int = 1) -> dict[str, Any]:
        below = [{**self.facts(0), "unit": f"c{n}"} for n in range(self.dice.randint(0, 3))] if depth else []
        return {**self.one(), "children": below, "marks": self.marks() if depth else []}

    def one(self) -> dict[str, Any]:
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
            "results": [{"assessment": "par", "grade": grade} for grade in self.dice.sample([*GRADES, "other"], self.dice.randint(0, 1))],
            "waivers": [
                {"node": code, **self.maybe(occurrences=self.dice.randint(1, 4))} for code in self.leaves if self.dice.random() < 0.3
            ],
        }


def both(seed: int) -> tuple[Read, Read]:
    maker = Maker(seed)
    document, facts = maker.document(), maker.facts()
    file = FactsFile.model_validate(
        {"instant": "2022-12-31T12:00:00+07:00", "indicators": {code: {"window": YEAR} for code in INDICATORS}, "units": [facts]}
    )
    unit = file.units[0]
    sheet = score(checked(document)[1], calendar_of(file), facts_of(unit, file), marks_of(unit), file.instant, View.APPRAISED)
    rated = None if sheet.rated is None else (sheet.rated.by_total, sheet.rated.proposed)
    return (Fraction(sheet.total, 10**6), [state.gate for state in sheet.states], rated), second(document, facts)


def second(document: dict[str, Any], facts: dict[str, Any]) -> Read:
    """As the verifier reads it, from the raw document and the raw facts."""
    terms = oracle.Terms("2022-12-31T12:00:00+07:00", {}, {code: {"window": YEAR} for code in INDICATORS})
    told = oracle.sheet(oracle.Book(document), facts, terms, "appraised")
    rated = None if told["rating"] is None else (told["rating"]["by_total"], told["rating"]["proposed"])
    return Fraction(told["total"]), [one["gate"] for one in told["states"]], rated


@pytest.mark.parametrize("chunk", range(4))
def test_two_readings_agree(chunk: int) -> None:
    differing = 0
    for seed in range(chunk, CASES, 4):
        engine, second = both(seed)
        assert engine == second, seed
        differing += engine[0] not in {0, 60}
    assert differing > CASES // 4 * 0.6, "most sheets say something"


def test_the_random_rulebooks_reach_everything() -> None:
    """A floor under what the agreement is worth: gates close, classes are lowered, marks are put, children are counted."""
    seen = Counter[str]()
    for seed in range(300):
        (_, gates, rated), _ = both(seed)
        maker = Maker(seed)
        text = json.dumps([maker.document(), maker.facts()])
        assert rated is not None
        seen.update({"closed": bool(gates), "lowered": rated[0] != rated[1], "ranked": rated[1] != "none"})
        seen.update({word: f'"{word}"' in text for word in WORDS})
    assert all(seen[word] >= 15 for word in ["closed", "lowered", "ranked", *WORDS]), seen


WORDS = ["children", "children_where", "ratio_of_sums", "mean", "least", "most", "all", "any", "none", "met", "graded", "one_of", "points"]
WORDS += ["percent_of_standard", "not_applicable_when", "first", "best", "rebased", "mark", "grade", "waivable", "occurrences", "not_above"]

BLIND: dict[str, Any] = {
    "truncates": ("rounded", lambda value, rounding, true=oracle.rounded: true(value, {**rounding, "mode": "truncate"})),
    "minds no caps": ("held", lambda value, _: value),
    "sees no units below": ("_of_children", lambda *_: None),
    "counts no units below": ("_where", lambda *_: None),
    "meets every condition": ("holds", lambda *_: True),
    "has one policy": ("by_policy", lambda _, standard, true=oracle.by_policy: true("zero", standard)),
    "rates by the total": ("rated", lambda ratings, total, of, true=oracle.rated: (true(ratings, total, of)[0],) * 2),
    "waives nothing": ("Reading.waived", lambda *_: None),
    "reads no letters": ("Reading.letter", lambda *_: None),
    "knows no results": ("Reading.grade", lambda *_: None),
}


@pytest.mark.parametrize("name", BLIND)
def test_a_reading_that_is_blind_is_caught(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The negative controls."""
    what, instead = BLIND[name]
    monkeypatch.setattr(f"app.ranking.verifier.thidua_verify.{what}", instead)
    assert any(one != other for one, other in map(both, range(200)))
