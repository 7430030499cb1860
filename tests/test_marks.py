"""Marks: who may put one, where, and what each view makes of it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.world import MOVEMENT, RULEBOOK, World

BY_HAND = {
    "code": "C",
    "title": {"vi": "Sáng kiến", "en": "Initiatives"},
    "clause": "Cơ quan thẩm định chấm từ 0 đến 10 điểm.",
    "appraiser": "noi-vu",
    "alternate_appraiser": "tai-chinh",
    "measure": {"kind": "mark", "maximum": "10"},
}
MARKED = RULEBOOK | {"version": 2, "items": [RULEBOOK["items"][0] | {"appraiser": "tai-chinh"}, RULEBOOK["items"][1], BY_HAND]}


@pytest.fixture
def marked(world: World) -> World:
    """The world under a rulebook with an item that is marked by hand."""
    assert world.post("administrator", "/rulebooks", MARKED).status_code == 201
    adoption = {"rulebook": "thu", "version": 2, "effective_from": "2022-06-01", "acknowledged": ["no-alternate"]}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption).status_code == 201
    return world


def put(world: World, who: str, node: str, stage: str, points: str | None, version: int = 0, **fields: Any) -> Any:
    path = f"/movements/{MOVEMENT}/units/{fields.pop('unit', 'dich-vong')}/marks/{node}/{stage}"
    return world.call(who, "PUT", path, json={"points": points, "reason": "Vì sao", **fields}, headers={"If-Match": f'"{version}"'})


def sheet(world: World, view: str, who: str = "secretary") -> dict[str, Any]:
    answer = world.get(who, f"/movements/{MOVEMENT}/units/dich-vong/sheet", params={"view": view})
    assert answer.status_code == 200, answer.text
    return {line["code"]: line for line in answer.json()["lines"]} | {"total": answer.json()["total"]}


VIEWS = ("claimed", "appraised", "council_proposed", "decided", "strict")


def test_each_view_takes_its_own_marks(marked: World) -> None:
    marked.accept(marked.report(figure="9").json()["id"])
    assert put(marked, "dich-vong", "A", "claimed", "60", reason=None).status_code == 200
    assert put(marked, "dich-vong", "C", "claimed", "10").status_code == 200
    assert put(marked, "alternate", "C", "appraised", "7.25").status_code == 200
    assert put(marked, "appraiser", "A", "appraised", "50").status_code == 200
    assert put(marked, "secretary", "C", "council_proposed", "8").status_code == 200
    assert put(marked, "secretary", "total", "decided", "66").status_code == 200
    totals = {view: sheet(marked, view)["total"] for view in VIEWS}
    assert totals == {"claimed": "70", "appraised": "57.25", "council_proposed": "58", "decided": "66", "strict": "61.25"}
    assert marked.standings()["dich-vong"] == (1, "66"), "the board ranks by the decided mark"
    line = sheet(marked, "appraised")["A"]
    assert line["reason"].endswith("Cơ quan thẩm định chấm 50 điểm; theo bảng tiêu chí 54 điểm.")
    assert line["mark"] == line["mark"] | {"stage": "appraised", "points": "50", "by_unit": "tai-chinh", "reason": "Vì sao", "version": 1}
    assert sheet(marked, "decided")["total"] == "66"


def test_a_mark_is_taken_back_and_the_rule_counts_again(marked: World) -> None:
    marked.accept(marked.report(figure="9").json()["id"])
    assert put(marked, "appraiser", "A", "appraised", "50").json()["version"] == 1
    assert marked.standings()["dich-vong"] == (1, "50")
    assert put(marked, "appraiser", "A", "appraised", None, version=0).status_code == 412
    assert put(marked, "appraiser", "A", "appraised", None, version=1).json()["points"] is None
    assert marked.standings()["dich-vong"] == (1, "54")
    [listed] = marked.get("dich-vong", f"/movements/{MOVEMENT}/units/dich-vong/marks").json()["items"]
    assert (listed["node"], listed["version"], listed["points"]) == ("A", 2, None)


REFUSED = [
    ("nghia-do", "A", "claimed", "1", {}, 404),
    ("viewer", "A", "claimed", "1", {}, 403),
    ("alternate", "A", "appraised", "1", {}, 403),
    ("secretary", "A", "appraised", "1", {}, 403),
    ("appraiser", "B", "appraised", "1", {}, 409),
    ("appraiser", "A", "decided", "1", {}, 403),
    ("administrator", "A", "decided", "1", {}, 403),
    ("appraiser", "A", "appraised", "66.01", {}, 422),
    ("alternate", "C", "appraised", "-0.01", {}, 422),
    ("alternate", "C", "appraised", "5", {"reason": None}, 422),
    ("dich-vong", "A", "claimed", 5, {}, 422),
    ("dich-vong", "A", "claimed", "1e3", {}, 422),
    ("dich-vong", "A", "claimed", "0.0000001", {}, 422),
    ("dich-vong", "Z", "claimed", "1", {}, 404),
    ("dich-vong", "A", "khong-co", "1", {}, 422),
    ("secretary", "A", "decided", "1", {"unit": "noi-vu"}, 404),
]


@pytest.mark.parametrize(("who", "node", "stage", "points", "fields", "status"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(marked: World, who: str, node: str, stage: str, points: Any, fields: dict[str, Any], status: int) -> None:
    before = marked.standings()
    assert put(marked, who, node, stage, points, **fields).status_code == status
    assert marked.standings() == before
    assert marked.get("secretary", f"/movements/{MOVEMENT}/units/dich-vong/marks").json()["items"] == []


def test_what_the_council_proposes_is_for_the_council(marked: World) -> None:
    assert put(marked, "secretary", "C", "council_proposed", "8").status_code == 200
    path = f"/movements/{MOVEMENT}/units/dich-vong"
    assert marked.get("dich-vong", f"{path}/marks").json()["items"] == []
    assert [mark["points"] for mark in marked.get("secretary", f"{path}/marks").json()["items"]] == ["8"]
    assert marked.get("dich-vong", f"{path}/sheet", params={"view": "council_proposed"}).status_code == 403
    assert marked.get("nghia-do", f"{path}/marks").status_code == 404


def test_a_mark_is_known_from_its_instant_on(marked: World, hand: Any) -> None:
    hand.forward(days=1)
    put(marked, "secretary", "total", "decided", "33")
    hand.forward(days=1)
    assert marked.standings()["dich-vong"] == (1, "33")
    assert marked.standings(as_of=(hand.now() - timedelta(days=1, seconds=1)).isoformat())["dich-vong"] == (1, "0")
