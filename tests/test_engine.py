"""The engine on facts alone: each shape at its edges, by hand."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar.rules import Calendar, PeriodScheme, Roll
from app.clock import ZONE
from app.indicators.rules import Accumulation, TargetKind
from app.rulebooks.language.ground import Faulty
from app.rulebooks.language.load import checked, loaded
from app.scoring.engine.facts import FIGURE, Basis, Completion, Event, Facts, IndicatorTerms, Reported, TaskFact, View
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Sheet
from app.scoring.explain import sentence
from app.web.texts import LANGUAGES
from tests.second import agreed

NOON = datetime(2022, 6, 15, 12, tzinfo=ZONE)
TERMS = IndicatorTerms(Accumulation.CUMULATIVE, PeriodScheme.MONTH, 5, date(2022, 1, 1), date(2022, 9, 1))


def book(measure: dict[str, Any], award: dict[str, Any], **fields: Any) -> dict[str, Any]:
    item = {"code": "A", "title": {"vi": "A"}, "clause": "a", "standard": "10", "measure": measure, "award": award, **fields}
    head = {"rulebook": "thu", "version": 1, "title": {"vi": "Thử"}, "source": "tests", "synthetic": True}
    return head | {"rounding": {"decimals": 2, "mode": "half_up"}, "missing": "zero", "items": [item]}


def facts(figure: str | None = None, target: str = "100", **more: Any) -> Facts:
    reported = {} if figure is None else {"x": {"2022-05": Reported(int(Decimal(figure) * FIGURE), "s1", False)}}
    targets: dict[tuple[str, str], int] = {
        ("x", TargetKind.ASSIGNED): int(Decimal(target) * FIGURE),
        ("x", TargetKind.STRETCH): int(Decimal(target) * FIGURE),
    }
    found = Facts("u", {"x": TERMS}, targets=targets, figures={Basis.ACCEPTED: reported, Basis.CLAIMED: reported})
    for name, value in more.items():
        setattr(found, name, value)
    return found


def scored(document: dict[str, Any], of: Facts, instant: datetime = NOON) -> Sheet:
    sheet = score(checked(document)[1], Calendar(), of, {}, instant, View.APPRAISED)
    agreed(checked(document)[1], Calendar(), of, {}, instant)
    for language in LANGUAGES:
        for line in sheet.lines:
            assert all(sentence(reason, language) for reason in line.reasons)
    return sheet


def points(document: dict[str, Any], of: Facts, instant: datetime = NOON) -> Decimal:
    return Decimal(scored(document, of, instant).total) / 10**6


OF_TARGET = {"kind": "percent_of_target", "indicator": "x"}
PROPORTIONAL = {"shape": "proportional", "full_at": "100", "floor": "70", "ceiling": "115"}


@pytest.mark.parametrize(
    ("figure", "wanted"),
    [("92", "9.2"), ("92.5", "9.25"), ("115", "11.5"), ("116", "11.5"), ("70", "7"), ("69.9999999999", "0"), ("65", "0"), ("33.335", "0")],
)
def test_proportional_r01_r02_r06(figure: str, wanted: str) -> None:
    assert points(book(OF_TARGET, PROPORTIONAL), facts(figure)) == Decimal(wanted)


def test_a_third_is_rounded_once_where_it_is_declared() -> None:
    document = book(OF_TARGET, {"shape": "proportional", "full_at": "100"})
    assert points(document, facts("1", target="3")) == Decimal("3.33")
    assert points(document | {"rounding": {"decimals": 0, "mode": "up"}}, facts("1", target="3")) == 4
    item = document["items"][0] | {"rounding": {"decimals": 4, "mode": "truncate"}}
    assert points(document | {"items": [item]}, facts("2", target="3")) == Decimal("6.6666")


C1 = {
    "shape": "bands",
    "bands": [
        {"more_than": "98", "points": "5"},
        {"at_least": "97", "less_than": "98", "points": "4"},
        {"at_least": "96", "less_than": "97", "points": "3"},
    ],
    "otherwise": "0",
}


@pytest.mark.parametrize(
    ("figure", "wanted"),
    [("98.0000000001", "5"), ("98", "0"), ("97.9999999999", "4"), ("97", "4"), ("96.5", "3"), ("96", "3"), ("95.9", "0")],
)
def test_bands_keep_their_edges_and_their_gaps_r03(figure: str, wanted: str) -> None:
    """The real sheet leaves exactly 98 undefined: so does the encoding, in the open."""
    assert points(book({"kind": "figure", "indicator": "x"}, C1), facts(figure)) == Decimal(wanted)


@pytest.mark.parametrize(("figure", "wanted"), [("92", "0"), ("92.5", "0"), ("93", "0.1"), ("96.9", "0.4"), ("97", "0.5"), ("99", "0.5")])
def test_full_steps_over_a_threshold_r04(figure: str, wanted: str) -> None:
    steps = {"shape": "steps", "over": "92", "per": "1", "points": "0.1", "limit": "0.5"}
    assert points(book({"kind": "figure", "indicator": "x"}, steps), facts(figure)) == Decimal(wanted)


@pytest.mark.parametrize(("figure", "wanted"), [("92", "0"), ("92.1", "0.1"), ("93", "0.1"), ("93.1", "0.2")])
def test_started_steps(figure: str, wanted: str) -> None:
    steps = {"shape": "steps", "over": "92", "per": "1", "points": "0.1", "counts": "started"}
    assert points(book({"kind": "figure", "indicator": "x"}, steps), facts(figure)) == Decimal(wanted)


def task(due: date | None, done: date | None) -> TaskFact:
    return TaskFact(due, Roll.NONE, {} if done is None else {Basis.ACCEPTED: Completion(done, due, "s")})


DAY = date(2022, 6, 10)
TASKS = {
    "a": task(DAY, DAY),
    "b": task(DAY, DAY + timedelta(days=1)),
    "c": task(DAY, None),
    "d": task(date(2022, 7, 1), None),
    "e": task(None, DAY),
    "f": task(None, None),
}


@pytest.mark.parametrize(("kind", "count"), [("tasks_on_time", 2), ("tasks_late", 1), ("tasks_overdue", 1)])
def test_tasks_are_counted_r23(kind: str, count: int) -> None:
    each = {"shape": "each", "points": "-0.5", "limit": "5"}
    assert points(book({"kind": kind}, each), facts(tasks=TASKS)) == Decimal("-0.5") * count


def test_the_share_of_tasks_names_its_denominator_and_the_sheet_its_next_turn() -> None:
    sheet = scored(book({"kind": "percent_tasks_on_time"}, {"shape": "proportional", "full_at": "100"}), facts(tasks=TASKS))
    assert Decimal(sheet.total) / 10**6 == 5
    assert sentence(sheet.lines[1].reasons[0], "vi") == "Nhiệm vụ đúng hạn 2/4 (muộn 1, quá hạn 1; chưa đến hạn 2): 50 %."
    assert sheet.valid_until == datetime(2022, 7, 2, tzinfo=ZONE)


def test_limits_bind_either_way_r13_r15() -> None:
    many = {str(n): task(DAY, None) for n in range(9)}
    assert points(book({"kind": "tasks_overdue"}, {"shape": "each", "points": "-0.2", "limit": "1"}), facts(tasks=many)) == -1
    assert points(book({"kind": "tasks_overdue"}, {"shape": "each", "points": "0.2", "limit": "1"}), facts(tasks=many)) == 1
    assert points(book({"kind": "tasks_overdue"}, {"shape": "each", "points": "0.2"}), facts(tasks=many)) == Decimal("1.8")


def test_reports_are_due_five_days_after_their_month() -> None:
    late = Reported(1, "s", True)
    found = facts()
    found.figures = {Basis.ACCEPTED: {}, Basis.CLAIMED: {"x": {"2022-01": late._replace(is_late=False), "2022-02": late}}}
    each = {"shape": "each", "points": "-1"}
    assert points(book({"kind": "reports_late"}, each), found) == -1
    assert points(book({"kind": "reports_missing"}, each), found) == -3
    sheet = scored(book({"kind": "percent_reports_on_time"}, {"shape": "proportional", "full_at": "100"}), found)
    assert Decimal(sheet.total) / 10**6 == 2
    assert sheet.valid_until == datetime(2022, 7, 6, tzinfo=ZONE)


@pytest.mark.parametrize(("policy", "wanted"), [("zero", 0), ("standard", 10)])
def test_missing_is_never_zero_by_accident(policy: str, wanted: int) -> None:
    sheet = scored(book(OF_TARGET, PROPORTIONAL, missing=policy), facts(None))
    assert Decimal(sheet.total) / 10**6 == wanted
    assert sheet.lines[1].reasons[1].slug == f"missing-{policy}"
    assert scored(book(OF_TARGET, PROPORTIONAL), facts("5", target="0")).lines[1].reasons[0].slug == "no-target"


def test_groups_hold_their_sum_between_their_bounds() -> None:
    item = book(OF_TARGET, {"shape": "proportional", "full_at": "100"})["items"][0]
    group = {"code": "G", "title": {"vi": "G"}, "items": [item, item | {"code": "B"}], "maximum": "15"}
    document = book(OF_TARGET, PROPORTIONAL) | {"items": [group]}
    sheet = scored(document, facts("100"))
    assert [(line.code, line.points // 10**6) for line in sheet.lines] == [("", 15), ("G", 15), ("A", 10), ("B", 10)]
    assert sheet.lines[1].reasons[1].slug == "sum-at-maximum"


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([f"2022-0{n}" for n in range(1, 10)]), st.integers(0, 10**12), min_size=1), st.randoms())
def test_the_order_of_facts_never_matters(figures: dict[str, int], dice: Any) -> None:
    shuffled = list(figures.items())
    dice.shuffle(shuffled)
    for accumulation in Accumulation:
        sheets = []
        for order in (figures.items(), shuffled):
            reported = {period: Reported(figure, period, False) for period, figure in order}
            of = Facts("u", {"x": replace(TERMS, accumulation=accumulation)}, figures={Basis.ACCEPTED: {"x": reported}})
            sheets.append(
                score(
                    checked(book({"kind": "figure", "indicator": "x"}, {"shape": "each", "points": "0.000001"}))[1],
                    Calendar(),
                    of,
                    {},
                    NOON,
                    View.APPRAISED,
                )
            )
        assert sheets[0] == sheets[1]


def test_an_engine_that_minds_the_order_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above, and of the second reading: the figure that came last, not the newest period's."""
    monkeypatch.setattr("app.scoring.engine.figures._together", lambda reported, _: (list(reported.values())[-1].figure, ()))
    document = book({"kind": "figure", "indicator": "x"}, {"shape": "each", "points": "1"})
    one, two = Reported(FIGURE, "a", False), Reported(2 * FIGURE, "b", False)
    found, agreements = set(), 0
    for order in ({"2022-01": one, "2022-02": two}, {"2022-02": two, "2022-01": one}):
        of = facts()
        of.figures[Basis.ACCEPTED] = {"x": order}
        with suppress(AssertionError):
            agreed(checked(document)[1], Calendar(), of, {}, NOON)
            agreements += 1
        found.add(score(checked(document)[1], Calendar(), of, {}, NOON, View.APPRAISED).total)
    assert (len(found), agreements) == (2, 1)


def test_events_of_one_day_count_whatever_is_known_of_their_deadline() -> None:
    """They were once put in order by all they hold, and a day with a deadline stumbled over one without."""
    of, day = facts(), date(2022, 5, 1)
    of.events[Basis.ACCEPTED] = {"print": [Event(day, None, True, "b"), Event(day, day, True, "a")]}
    sheet = scored(book({"kind": "events", "events": ["print"]}, {"shape": "each", "points": "1"}), of)
    assert (sheet.total, sheet.lines[1].sources) == (2 * 10**6, ("a", "b"))


FAULTS: list[tuple[str, str]] = [
    ("rulebook: x\n", "version"),
    ("a: &a [1]\nb: *a\n", "line 1"),
    ("a: 1\nb: !!python/object/apply:os.system ['true']", "line 2"),
    ("{" * 300_000, "line 1"),
    ("a: 1\na: 2", "line 2"),
    ("a:\n  b: 1\n c: 2", "line 3"),
    ("--- 1\n--- 2", "line 2"),
    ("? [1]\n: 2", "line 1"),
    ("x: 1\n" * 300_000, "yaml"),
]


@pytest.mark.parametrize(("text", "path"), FAULTS, ids=[str(n) for n in range(len(FAULTS))])
def test_faulty_documents_are_refused_with_a_place(text: str, path: str) -> None:
    with pytest.raises(Faulty) as refused:
        loaded(text)
    assert path in refused.value.path


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"items": []}, "items"),
        ({"tie_break": ["Z"]}, "tie_break"),
        ({"items": [book(OF_TARGET, PROPORTIONAL)["items"][0]] * 2}, "items"),
        ({"version": "1"}, "version"),
        ({"unknown": 1}, "unknown"),
        ({"items": [book(OF_TARGET, {"shape": "proportional", "full_at": "0"})["items"][0]]}, "items/0/award/full_at"),
        (
            {"items": [book(OF_TARGET, C1 | {"bands": [{"at_least": "9", "at_most": "1", "points": "1"}]})["items"][0]]},
            "items/0/award/bands/0",
        ),
        (
            {"items": [book(OF_TARGET, C1 | {"bands": [{"at_least": "1", "more_than": "1", "points": "1"}]})["items"][0]]},
            "items/0/award/bands/0",
        ),
        ({"items": [book(OF_TARGET, PROPORTIONAL, standard=10.5)["items"][0]]}, "standard"),
    ],
)
def test_a_faulty_rulebook_names_the_place(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Faulty) as refused:
        checked(book(OF_TARGET, PROPORTIONAL) | change)
    assert path in refused.value.path


def test_the_digest_follows_the_content_and_nothing_else() -> None:
    document = book(OF_TARGET, PROPORTIONAL)
    reordered = dict(reversed(document.items()))
    assert checked(document)[1].digest == checked(reordered)[1].digest
    assert checked(document)[1].digest != checked(document | {"version": 2})[1].digest
