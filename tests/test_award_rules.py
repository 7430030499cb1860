"""The solver and the plan, pure: hand tables, and laws that hold for whatever is drawn."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.awards.rules import Award, Candidate, Criterion, Past, Placed, Quota, Solved
from app.awards.solver import solved
from app.calendar.rules import Calendar
from app.ranking.rules import places
from app.rulebooks.language.ground import EDGE, POINT, Mode
from app.schemes.rules import PastRule, PlanStep, QuotaPer, RecipientKind, Term, backwards

COLLECTIVE = RecipientKind.COLLECTIVE


@dataclass
class Condition:
    figure: str = "a"
    of: str | None = None
    at_least: Decimal | None = None
    above: Decimal | None = None
    at_most: Decimal | None = None
    below: Decimal | None = None
    name: str = "x"


def ranked(points: dict[str, int], cluster: str = "c") -> dict[str, Placed]:
    placed = places({unit: (value,) for unit, value in points.items()})
    return {unit: Placed(cluster, placed[unit], value * POINT, None, "tot") for unit, value in points.items()}


def all_nominated(award: str, units: dict[str, Placed], **fields: object) -> list[Candidate]:
    return [replace(Candidate(f"{award}-{unit}", unit, placed, award, is_complete=True), **fields) for unit, placed in units.items()]  # type: ignore[arg-type]


def share(percent: str, of: str, mode: Mode = Mode.TRUNCATE, per: QuotaPer = QuotaPer.CLUSTER) -> Quota:
    return Quota(per, share=int(Decimal(percent) * EDGE), of=of, rounding=mode)


def only(found: Solved) -> tuple[list[str], list[str], list[str]]:
    (one,) = found.allotments
    return one.recipients, one.sharing, one.next_in_line


def test_twenty_percent_of_seven_is_one_and_who_is_next_is_named() -> None:
    units = ranked({name: 100 - number for number, name in enumerate("abcdefg")})
    award = Award("k", COLLECTIVE, quota=share("20", "ranked"))
    assert only(solved([award], all_nominated("k", units), units, 2022)) == (["k-a"], [], ["k-b"])
    up = replace(award, quota=share("20", "ranked", Mode.UP))
    assert only(solved([up], all_nominated("k", units), units, 2022))[0] == ["k-a", "k-b"]


def test_a_quota_of_a_quota() -> None:
    """floor(47 × 70 %) = 32, floor(32 × 15 %) = 4 (rule type R47)."""
    units = ranked({f"u{number:02}": 100 - number for number in range(47)})
    wide = Award("a", COLLECTIVE, quota=share("70", "registered", per=QuotaPer.MOVEMENT), is_exclusive=False)
    narrow = Award("b", COLLECTIVE, quota=share("15", "award:a", per=QuotaPer.MOVEMENT), is_exclusive=False)
    found = solved([wide, narrow], [*all_nominated("a", units), *all_nominated("b", units)], units, 2022)
    assert [(one.base, one.places, len(one.recipients)) for one in found.allotments] == [(47, 32, 32), (32, 4, 4)]


@pytest.mark.parametrize("size", range(2, 51))
def test_who_shares_the_place_at_the_cut_is_left_to_people(size: int) -> None:
    """Battery D7: two to fifty at one place, with fewer places than that, and one in front."""
    units = ranked({"first": 10} | {f"u{number:02}": 5 for number in range(size)} | {"last": 1})
    award = Award("k", COLLECTIVE, quota=Quota(QuotaPer.CLUSTER, count=size))
    within, sharing, following = only(solved([award], all_nominated("k", units), units, 2022))
    assert (within, len(sharing), following) == (["k-first"], size, ["k-last"])
    enough = replace(award, quota=Quota(QuotaPer.CLUSTER, count=size + 1))
    assert len(only(solved([enough], all_nominated("k", units), units, 2022))[0]) == size + 1


def test_a_millionth_of_a_point_is_no_tie() -> None:
    units = {"a": Placed("c", 1, 5 * POINT + 1, None, None), "b": Placed("c", 2, 5 * POINT, None, None)}
    award = Award("k", COLLECTIVE, quota=Quota(QuotaPer.CLUSTER, count=1), points_at_least=5 * POINT + 1)
    found = solved([award], all_nominated("k", units), units, 2022)
    assert only(found)[0] == ["k-a"]
    assert (found.near_misses["k-b"].found, found.near_misses["k-b"].wanted) == ("5", "5.000001")


@pytest.mark.parametrize(
    ("condition", "figures", "is_met"),
    [
        (Condition(of="n", above=Decimal(50)), {"a": "9", "n": "17"}, True),
        (Condition(of="n", above=Decimal(50)), {"a": "8.5", "n": "17"}, False),
        (Condition(of="n", at_least=Decimal(50)), {"a": "8.5", "n": "17"}, True),
        (Condition(of="n", at_least=Decimal(70)), {"a": "12", "n": "17"}, True),
        (Condition(of="n", at_least=Decimal(70)), {"a": "11", "n": "17"}, False),
        (Condition(at_least=Decimal(1)), {"a": "1"}, True),
        (Condition(at_most=Decimal(0)), {"a": "0"}, True),
        (Condition(below=Decimal(1)), {"a": "1"}, False),
        (Condition(at_most=Decimal(0)), {}, False),
        (Condition(of="n", at_least=Decimal(0)), {"a": "1", "n": "0"}, False),
        (Condition(of="n", above=Decimal("33.3333333333")), {"a": "1", "n": "3"}, True),
        (Condition(of="n", at_least=Decimal("33.3333333334")), {"a": "1", "n": "3"}, False),
        (Condition(at_most=Decimal("99999999999999999999.9999999998")), {"a": "99999999999999999999.9999999999"}, False),
    ],
)
def test_conditions_are_exact(condition: Condition, figures: dict[str, str], is_met: bool) -> None:
    units = ranked({"a": 1})
    held = {code: Decimal(value) for code, value in figures.items()}
    found = solved([Award("k", COLLECTIVE, conditions=[condition])], all_nominated("k", units, figures=held), units, 2022)
    assert (only(found)[0] == ["k-a"]) is is_met


def test_earlier_awards_are_counted_within_their_years() -> None:
    units, had = ranked({"a": 1}), [("gk", 2021), ("gk", 2020), ("khac", 2022)]
    for rule, years, times, is_met in (
        (PastRule.NEEDED, 3, 2, True),
        (PastRule.NEEDED, 2, 2, False),
        (PastRule.RULED_OUT, 1, 1, True),
        (PastRule.RULED_OUT, 2, 1, False),
        (PastRule.RULED_OUT, 3, 3, True),
    ):
        award = Award("k", COLLECTIVE, past=[Past(rule, frozenset({"gk"}), years, times)])
        assert (only(solved([award], all_nominated("k", units, past=had), units, 2022))[0] == ["k-a"]) is is_met, (rule, years, times)


def test_individuals_share_one_place() -> None:
    units = ranked({"a": 2, "b": 1})
    people = [Candidate(f"p{number}", f"a/p{number}", units["a"], "k", is_complete=True) for number in range(3)]
    two = Award("k", RecipientKind.INDIVIDUAL, quota=Quota(QuotaPer.MOVEMENT, count=2))
    assert only(solved([two], people, units, 2022)) == ([], ["p0", "p1", "p2"], [])
    assert only(solved([replace(two, quota=None)], people, units, 2022))[0] == ["p0", "p1", "p2"]


POINTS = st.dictionaries(st.sampled_from([f"u{number}" for number in range(12)]), st.integers(0, 4), min_size=1)
AWARDS = st.lists(
    st.builds(
        lambda code, count, per, place, is_exclusive: Award(
            code, COLLECTIVE, quota=None if count is None else Quota(per, count=count), place_at_most=place, is_exclusive=is_exclusive
        ),
        st.sampled_from("klm"),
        st.none() | st.integers(0, 5),
        st.sampled_from(QuotaPer),
        st.none() | st.integers(1, 4),
        st.booleans(),
    ),
    min_size=1,
    unique_by=lambda award: award.code,
)


@settings(max_examples=500, deadline=None)
@given(POINTS, POINTS, AWARDS, st.randoms(use_true_random=False))
def test_laws_of_the_solver(left: dict[str, int], right: dict[str, int], awards: list[Award], random: object) -> None:
    """No quota is overrun, nobody is passed over, nobody has two exclusive awards, and the order of what is sent changes nothing."""
    units = ranked(left, "x") | {f"r{unit}": placed for unit, placed in ranked(right, "y").items()}
    candidates = [one for award in awards for one in all_nominated(award.code, units)]
    found = solved(awards, candidates, units, 2022)
    again = solved(awards, sorted(candidates, key=lambda _: random.random()), units, 2022)  # type: ignore[attr-defined]
    assert (found, list(found.checks)) == (again, list(again.checks))
    exclusive = [one.removeprefix(f"{award.code}-") for award in awards if award.is_exclusive for one in _given(found, award.code)]
    assert len(exclusive) == len(set(exclusive))
    for one in found.allotments:
        assert one.places is None or len(one.recipients) <= one.places
        place = {identifier: units[identifier.partition("-")[2]].place or 0 for identifier in one.eligible}
        rest = [place[identifier] for identifier in one.eligible if identifier not in one.recipients]
        assert not one.recipients or not rest or max(place[identifier] for identifier in one.recipients) < min(rest)
        if one.sharing:
            assert one.places is not None
            assert len({place[identifier] for identifier in one.sharing}) == 1
            assert len(one.recipients) < one.places < len(one.recipients) + len(one.sharing)
        assert one.places is None or one.sharing or len(one.recipients) == min(one.places, len(one.eligible)) or one.places == 0
        for identifier in one.eligible:
            assert all(check.is_met for check in found.checks[identifier])
    for identifier, check in found.near_misses.items():
        assert [one for one in found.checks[identifier] if not one.is_met] == [check]


def _given(found: Solved, award: str) -> list[str]:
    return [identifier for one in found.allotments if one.award == award for identifier in one.recipients]


def test_who_has_no_dossier_fails_by_that_and_is_a_near_miss() -> None:
    units = ranked({"a": 1})
    found = solved([Award("k", COLLECTIVE)], [Candidate("unit:k/a", "a", units["a"], "k")], units, 2022)
    assert found.near_misses["unit:k/a"].criterion is Criterion.NOMINATED
    assert only(found) == ([], [], [])


HOLIDAYS = Calendar(off=frozenset({date(2022, 9, 1), date(2022, 9, 2)}))
TERMS = [
    Term(PlanStep.CLOSING, 3, is_working=True, source="x"),
    Term(PlanStep.POSTING, 5, is_working=False, source="x"),
    Term(PlanStep.PAPERS, 3, is_working=True, source="x"),
    Term(PlanStep.COUNCIL, 2, is_working=True, source="x"),
    Term(PlanStep.DECISION, 2, is_working=True, source="x"),
]


def test_backwards_from_the_25th_of_august() -> None:
    """Ceremony Thursday 25/8/2022: decision 23/8, council 19/8, papers 16/8, posting Thursday 11/8, closing 8/8."""
    steps = backwards(TERMS, date(2022, 8, 25), HOLIDAYS, {}, date(2022, 8, 8))
    assert [(one.step.value, one.latest.day) for one in steps] == [
        ("closing", 8),
        ("posting", 11),
        ("papers", 16),
        ("council", 19),
        ("decision", 23),
        ("ceremony", 25),
    ]
    assert all(one.fits for one in steps)
    late = backwards(TERMS, date(2022, 8, 25), HOLIDAYS, {}, date(2022, 8, 9))
    assert [one.step for one in late if not one.fits] == [PlanStep.CLOSING]


def test_an_anniversary_among_days_off() -> None:
    """Goal day 01/9 and its holiday: a decision two working days before it is signed by Tuesday 30/8."""
    steps = backwards(TERMS[-1:], date(2022, 9, 1), HOLIDAYS, {}, date(2022, 8, 1))
    assert steps[0].latest == date(2022, 8, 30)
    after = backwards(TERMS[-1:], date(2022, 9, 5), HOLIDAYS, {}, date(2022, 8, 1))
    assert after[0].latest == date(2022, 8, 30), "01/9, 02/9 and the weekend are no working days"


def test_what_is_fixed_moves_what_comes_before_it() -> None:
    known = {PlanStep.COUNCIL: date(2022, 8, 15), PlanStep.PAPERS: date(2022, 8, 11)}
    steps = {one.step: one for one in backwards(TERMS, date(2022, 8, 25), HOLIDAYS, known, date(2022, 8, 1))}
    assert (steps[PlanStep.PAPERS].latest, steps[PlanStep.PAPERS].fits) == (date(2022, 8, 10), False), "Thursday for Monday: two days"
    assert steps[PlanStep.COUNCIL].fits
    assert steps[PlanStep.POSTING].latest == date(2022, 8, 5)


@settings(max_examples=300, deadline=None)
@given(
    st.dates(date(2021, 1, 1), date(2030, 12, 31)),
    st.integers(0, 20),
    st.booleans(),
    st.sets(st.dates(date(2021, 1, 1), date(2030, 12, 31))),
)
def test_a_term_lies_whole_before_the_next_step(ceremony: date, days: int, is_working: bool, off: set[date]) -> None:
    calendar = Calendar(off=frozenset(off))
    latest = backwards([Term(PlanStep.DECISION, days, is_working, "x")], ceremony, calendar, {}, ceremony)[0].latest

    def holds(day: date) -> bool:
        between = calendar.working_days_between(day, ceremony) if is_working else (ceremony - day).days
        return between >= days and calendar.is_working(day)

    assert holds(latest)
    later = [latest + timedelta(days=ahead) for ahead in range(1, (ceremony - latest).days + 1)]
    assert not any(holds(day) for day in later), "no later day would do"


def test_a_quota_of_an_award_that_nobody_here_could_have_is_none() -> None:
    units = ranked({"a": 2, "b": 1})
    first = Award("k", COLLECTIVE, clusters=frozenset({"khac"}), quota=share("50", "ranked"))
    second = Award("l", COLLECTIVE, quota=share("50", "award:k"))
    found = solved([first, second], all_nominated("k", units) + all_nominated("l", units), units, 2022)
    assert [(one.award, one.base, one.places, one.recipients) for one in found.allotments] == [("l", 0, 0, [])]


def test_whoever_is_in_no_cluster_is_not_eligible_within_one() -> None:
    units = ranked({"a": 1})
    award = Award("k", RecipientKind.INDIVIDUAL, quota=Quota(QuotaPer.CLUSTER, count=1))
    found = solved([award], [Candidate("x", "x", None, "k", is_complete=True)], units, 2022)
    assert found.near_misses["x"].criterion is Criterion.CLUSTER
