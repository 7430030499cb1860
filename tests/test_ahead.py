"""What the next step of an item would be worth, each by hand."""

from typing import Any

import pytest

from app.calendar.rules import Calendar
from app.rulebooks.language.load import checked
from app.scoring.engine.ahead import next_steps
from app.scoring.engine.facts import View
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
    (SHARE, {"shape": "proportional"}, "90", None),  # no step: every bit counts
]


@pytest.mark.parametrize(("measure", "award", "figure", "wanted"), CASES, ids=range(len(CASES)))
def test_the_next_step(measure: dict[str, Any], award: dict[str, Any], figure: str, wanted: str | None) -> None:
    target = "200" if measure is SHARE else "100"
    found = next_steps(checked(book(measure, award))[1], Calendar(), facts(figure, target=target), NOON, View.APPRAISED)
    assert [sentence(reason, "vi") for reason in reasons(found.values())] == ([] if wanted is None else [wanted])


def test_the_next_step_stands_on_the_sheet(world: World) -> None:
    path = f"/movements/{MOVEMENT}/units/dich-vong/sheet"
    lines = {line["code"]: line["next"] for line in world.get("dich-vong", path).json()["lines"]}
    assert lines == {"": None, "A": None, "B": "Đạt 1 thì được 40 điểm (thêm 40)."}
