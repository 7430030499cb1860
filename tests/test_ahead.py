"""What the next step of an item would be worth, each by hand."""

from datetime import date
from typing import Any

import pytest

from app.calendar.rules import Calendar, Roll
from app.rulebooks.language.load import checked
from app.scoring.engine.ahead import next_steps
from app.scoring.engine.facts import Basis, Completion, Event, Facts, TaskFact, View
from app.scoring.engine.sheet import reasons
from app.scoring.explain import sentence
from tests.test_engine import NOON, book, facts
from tests.world import MOVEMENT, World

BANDS = {
    "shape": "bands",
    "bands": [{"at_least": "98", "points": "5"}, {"more_than": "95", "less_than": "98", "points": "4"}],
    "otherwise": "0",
}
STEPS = {"shape": "steps", "over": "92", "per": "2", "points": "1", "limit": "2"}
FIRST = STEPS | {"first": "0.5"}
FIGURE_X, SHARE = {"kind": "figure", "indicator": "x"}, {"kind": "percent_of_target", "indicator": "x"}
HALF = {"kind": "ratio", "of": FIGURE_X, "to": FIGURE_X}
EVENTS = {"kind": "events", "events": ["e"]}
STRATA = {"shape": "strata", "by": FIGURE_X, "otherwise": "0", "strata": [{"at_least": "0", "award": BANDS}]}
ABOVE = {"shape": "bands", "bands": [{"more_than": "100", "points": "1"}], "otherwise": "0"}
UP = {"shape": "bands", "bands": [{"more_than": "100", "points": "3"}, {"at_least": "100", "points": "1"}], "otherwise": "0"}
MIDDLE = {"shape": "bands", "bands": [{"at_least": "1", "at_most": "3", "points": "5"}], "otherwise": "0"}
ENDS = {"shape": "bands", "bands": [{"at_most": "3", "points": "1"}, {"at_least": "2", "points": "2"}], "otherwise": "0"}
FROM_ZERO = {"shape": "bands", "bands": [{"at_least": "0", "points": "2"}], "otherwise": "0"}
PASSED = {"shape": "bands", "bands": [{"more_than": "1", "at_most": "3", "points": "5"}], "otherwise": "0"}
EXACTLY = {"shape": "bands", "bands": [{"at_least": "3", "at_most": "3", "points": "5"}], "otherwise": "0"}
LOW = {"shape": "bands", "bands": [{"less_than": "3", "points": "1"}, {"at_least": "0.4", "points": "2"}], "otherwise": "0"}
CASES: list[tuple[dict[str, Any], dict[str, Any], str, str | None]] = [
    (FIGURE_X, BANDS, "90", "Cần hơn 5 nữa để được 4 điểm (thêm 4)."),
    (FIGURE_X, BANDS, "95", "Cần hơn 0 nữa để được 4 điểm (thêm 4)."),
    (FIGURE_X, BANDS, "96.5", "Còn thiếu 1,5 để được 5 điểm (thêm 1)."),
    (FIGURE_X, BANDS, "98", None),
    (SHARE, BANDS, "188", "Cần hơn 2 nữa để được 4 điểm (thêm 4)."),  # of 200: more than 95 % is more than 190
    (SHARE, BANDS, "191", "Còn thiếu 5 để được 5 điểm (thêm 1)."),  # 98 % of 200 is 196
    (FIGURE_X, STEPS, "90", "Còn thiếu 4 để được 1 điểm (thêm 1)."),
    (FIGURE_X, STEPS, "94.5", "Còn thiếu 1,5 để được 2 điểm (thêm 1)."),
    (FIGURE_X, STEPS, "97", None),  # the limit of 2 is reached
    (FIGURE_X, FIRST, "92", "Cần hơn 0 nữa để được 0,5 điểm (thêm 0,5)."),
    (FIGURE_X, STEPS | {"counts": "started"}, "94", "Cần hơn 0 nữa để được 2 điểm (thêm 1)."),
    (FIGURE_X, {"shape": "each", "points": "0.5", "limit": "2"}, "3", "Còn thiếu 1 để được 2 điểm (thêm 0,5)."),
    (FIGURE_X, {"shape": "each", "points": "0.5", "limit": "2"}, "4", None),
    (FIGURE_X, {"shape": "each", "points": "-0.5"}, "4", None),  # more takes more
    (HALF, BANDS, "7", None),  # 100
    (HALF, ABOVE, "7", "Vượt 100 thì được 1 điểm (thêm 1)."),
    (HALF, {"shape": "bands", "bands": [{"at_least": "150", "points": "1"}], "otherwise": "0"}, "7", "Đạt 150 thì được 1 điểm (thêm 1)."),
    (HALF, UP, "7", "Vượt 100 thì được 3 điểm (thêm 2)."),
    (FIGURE_X, MIDDLE, "7", None),  # fewer would give more: no step ahead
    (FIGURE_X, MIDDLE, "0.5", "Còn thiếu 0,5 để được 5 điểm (thêm 5)."),
    (FIGURE_X, ENDS, "2.5", "Cần hơn 0,5 nữa để được 2 điểm (thêm 1)."),
    (FIGURE_X, FROM_ZERO, "-3", "Còn thiếu 3 để được 2 điểm (thêm 2)."),
    (FIGURE_X, STRATA | {"strata": [{"award": {"shape": "each", "points": "1"}}]}, "3", "Còn thiếu 1 để được 4 điểm (thêm 1)."),
    (FIGURE_X, STRATA, "90", "Cần hơn 5 nữa để được 4 điểm (thêm 4)."),
    (FIGURE_X, LOW, "0.3", "Còn thiếu 2,7 để được 2 điểm (thêm 1)."),  # below 3 the first band holds
    (FIGURE_X, BANDS, "-3", "Cần hơn 98 nữa để được 4 điểm (thêm 4)."),
    (FIGURE_X, STEPS, "92", "Còn thiếu 2 để được 1 điểm (thêm 1)."),
    (FIGURE_X, STEPS, "50", "Còn thiếu 44 để được 1 điểm (thêm 1)."),
    (FIGURE_X, {"shape": "steps", "over": "0", "per": "0.5", "points": "1"}, "0.2", "Còn thiếu 0,3 để được 1 điểm (thêm 1)."),
    (SHARE, {"shape": "proportional"}, "90", None),  # no step: every bit counts
    (FIGURE_X, PASSED, "7", None),  # less would give more
    (FIGURE_X, EXACTLY, "1", "Còn thiếu 2 để được 5 điểm (thêm 5)."),
]


@pytest.mark.parametrize(("measure", "award", "figure", "wanted"), CASES, ids=range(len(CASES)))
def test_the_next_step(measure: dict[str, Any], award: dict[str, Any], figure: str, wanted: str | None) -> None:
    target = "200" if measure is SHARE else "100"
    found = next_steps(checked(book(measure, award))[1], Calendar(), facts(figure, target=target), NOON, View.APPRAISED)
    assert [sentence(reason, "vi") for reason in reasons(found.values())] == ([] if wanted is None else [wanted])


EVERY_DAY = Calendar()


def steps_of(measure: Any, award: Any, of: Facts, view: View = View.APPRAISED, calendar: Calendar = EVERY_DAY, **fields: Any) -> list[str]:
    found = next_steps(checked(book(measure, award, **fields))[1], calendar, of, NOON, view)
    return [sentence(reason, "vi") for reason in reasons(found.values())]


def test_a_maximum_ends_the_steps() -> None:
    assert steps_of(FIGURE_X, BANDS, facts("96"), maximum="4") == []
    assert steps_of(FIGURE_X, BANDS, facts("90"), maximum="3") == ["Cần hơn 5 nữa để được 3 điểm (thêm 3)."]


def test_each_view_steps_on_from_its_own_facts() -> None:
    of = facts("96", figures={Basis.ACCEPTED: facts("90").figures[Basis.ACCEPTED], Basis.CLAIMED: facts("96").figures[Basis.CLAIMED]})
    assert steps_of(FIGURE_X, BANDS, of) == ["Cần hơn 5 nữa để được 4 điểm (thêm 4)."]
    assert steps_of(FIGURE_X, BANDS, of, View.CLAIMED) == ["Còn thiếu 2 để được 5 điểm (thêm 1)."]


def test_occurrences_and_tasks_step_by_one() -> None:
    happened = {basis: {"e": [Event(date(2022, 5, 1), None, True, "s")] * 2} for basis in Basis}
    assert steps_of(EVENTS, {"shape": "each", "points": "0.5"}, facts(events=happened)) == ["Còn thiếu 1 để được 1,5 điểm (thêm 0,5)."]
    done = {basis: Completion(date(2022, 6, 13), date(2022, 6, 13), "t") for basis in Basis}
    open_until_monday = TaskFact(date(2022, 6, 12), Roll.FORWARD, {})
    tasks = {"a": TaskFact(date(2022, 6, 13), Roll.NONE, done), "b": open_until_monday}
    share = {"kind": "percent_tasks_on_time"}
    half = {"shape": "bands", "bands": [{"at_least": "60", "points": "3"}], "otherwise": "0"}
    assert steps_of(share, half, facts(tasks=tasks)) == ["Đạt 60 thì được 3 điểm (thêm 3)."], "one of two due is 50 %"
    holiday = Calendar(frozenset({date(2022, 6, 13), date(2022, 6, 14), date(2022, 6, 15)}))
    assert steps_of(share, half, facts(tasks=tasks), calendar=holiday) == [], "not due yet: all that was due is on time"


def test_the_least_figure_that_is_enough_is_asked_for() -> None:
    """98 % of three smallest units is more than two of them."""
    smallest = "0.0000000001"
    bands = {"shape": "bands", "bands": [{"at_least": "98", "points": "5"}], "otherwise": "0"}
    assert steps_of(SHARE, bands, facts(smallest, target="0.0000000003")) == ["Còn thiếu 0,0000000002 để được 5 điểm (thêm 5)."]
    assert steps_of(SHARE, bands, facts("0", target=smallest)) == ["Còn thiếu 0,0000000001 để được 5 điểm (thêm 5)."]


def test_a_stratum_by_another_node_is_known_ahead() -> None:
    other = {"code": "B", "title": {"vi": "B"}, "clause": "b", "measure": FIGURE_X, "award": {"shape": "each", "points": "1"}}
    strata = {"shape": "strata", "by": {"kind": "points", "node": "B"}, "otherwise": "0", "strata": [{"at_least": "3", "award": BANDS}]}
    document = book(FIGURE_X, strata)
    document["items"].append(other)
    found = next_steps(checked(document)[1], Calendar(), facts("90"), NOON, View.APPRAISED)
    assert [sentence(reason, "vi") for reason in reasons([found["A"]])] == ["Cần hơn 5 nữa để được 4 điểm (thêm 4)."]


def test_what_is_missing_or_without_a_base_has_no_next_step() -> None:
    assert steps_of(SHARE, BANDS, facts("90", target="0")) == []
    assert steps_of(FIGURE_X, BANDS, facts()) == []


def test_the_next_step_stands_on_the_sheet(world: World) -> None:
    path = f"/movements/{MOVEMENT}/units/dich-vong/sheet"
    lines = {line["code"]: line["next"] for line in world.get("dich-vong", path).json()["lines"]}
    assert lines == {"": None, "A": None, "B": "Đạt 1 thì được 40 điểm (thêm 40)."}
