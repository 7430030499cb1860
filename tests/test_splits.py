"""Plans in cascade: city to district to wards; parts that are the whole, or why not; revisions and why; stretch above assigned."""

from typing import Any

from tests.world import PLAN, World

PATH = f"/plans/{PLAN}/indicators/thu-nsnn"


def target(world: World, unit: str, figure: str, **fields: Any) -> Any:
    return world.post("administrator", f"{PATH}/targets", {"unit": unit, "source": "city", "figure": figure, **fields})


def split(world: World, parts: dict[str, str], **fields: Any) -> Any:
    listed = [{"unit": unit, "figure": figure} for unit, figure in parts.items()]
    return world.post("administrator", f"{PATH}/splits", {"unit": "cau-giay", "parts": listed, **fields})


def figures(world: World) -> dict[str, str]:
    return {row["unit"]: row["figure"] for row in world.get("administrator", f"{PATH}/targets").json()["items"]}


def test_parts_are_the_whole_or_somebody_says_why_not(world: World) -> None:
    assert target(world, "cau-giay", "30.3").status_code == 201
    listed = world.get("secretary", f"{PATH}/splits").json()["items"]
    assert [(one["whole"], one["sum"], one["difference"], one["reason"]) for one in listed] == [("30.3", "20", "10.3", None)], (
        "as it stands"
    )
    refused = split(world, {"dich-vong": "11", "nghia-do": "9.3", "quan-hoa": "9.9"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-the-whole")
    assert "30.2" in refused.json()["detail"]
    assert figures(world) == {"cau-giay": "30.3", "dich-vong": "10", "nghia-do": "10"}, "nothing was assigned"
    made = split(world, {"dich-vong": "11", "nghia-do": "9.3", "quan-hoa": "10"})
    assert (made.status_code, made.json()["difference"], made.json()["without"]) == (201, "0", ["noi-vu", "tai-chinh"])
    assert figures(world) == {"cau-giay": "30.3", "dich-vong": "11", "nghia-do": "9.3", "quan-hoa": "10"}
    reserve = split(world, {"quan-hoa": "8.5"}, reason="Dự phòng 5 % chưa giao").json()
    assert (reserve["sum"], reserve["difference"], reserve["reason"]) == ("28.8", "1.5", "Dự phòng 5 % chưa giao")
    assert split(world, {"quan-hoa": "10"}).json()["reason"] is None, "whole again"
    assert reserve["synthetic"] is False
    assert split(world, {"quan-hoa": "10"}, synthetic=True).json()["synthetic"] is True


def test_exact_sums_of_many_small_parts(world: World) -> None:
    """Three times a third of a long figure: no float could say whether they are the whole."""
    assert target(world, "cau-giay", "0.3").status_code == 201
    assert split(world, {"dich-vong": "0.1", "nghia-do": "0.1", "quan-hoa": "0.1"}).status_code == 201
    assert split(world, {"dich-vong": "0.1", "nghia-do": "0.1", "quan-hoa": "0.1000000001"}).status_code == 409


def test_a_stretch_target_is_split_apart_and_never_below_what_was_assigned(world: World) -> None:
    assert target(world, "dich-vong", "9.9", kind="stretch_target").json()["errors"][0]["pointer"] == "#/figure"
    assert target(world, "dich-vong", "10", kind="stretch_target").status_code == 201
    assert target(world, "cau-giay", "25", kind="stretch_target").status_code == 201
    low = split(world, {"dich-vong": "15", "nghia-do": "9"}, kind="stretch_target")
    assert low.json()["errors"][0]["pointer"] == "#/parts/1/figure"
    assert split(world, {"dich-vong": "13", "nghia-do": "12"}, kind="stretch_target").status_code == 201
    kinds = {(one["unit"], one["kind"]): one["difference"] for one in world.get("secretary", f"{PATH}/splits").json()["items"]}
    assert kinds == {("cau-giay", "stretch_target"): "0"}, "the district was assigned nothing"


def test_what_cannot_be_added_up_needs_no_whole(world: World) -> None:
    fields = {"name": "Tỷ lệ gia đình văn hóa", "unit_of_measure": "%", "accumulation": "point_in_time", "aggregation": "mean_of_ratios"}
    who = {"owner": "noi-vu", "appraiser": "noi-vu", "alternate_appraiser": "tai-chinh", "period_scheme": "year"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators", {"code": "gdvh", **fields, **who}).status_code == 201
    path = f"/plans/{PLAN}/indicators/gdvh"
    assert world.post("administrator", f"{path}/targets", {"unit": "cau-giay", "source": "city", "figure": "90"}).status_code == 201
    parts = [{"unit": "dich-vong", "figure": "91"}, {"unit": "nghia-do", "figure": "92"}]
    assert world.post("administrator", f"{path}/splits", {"unit": "cau-giay", "parts": parts}).status_code == 201


def test_wrong_splits_are_refused(world: World) -> None:
    assert split(world, {"dich-vong": "10"}).json()["errors"][0]["pointer"] == "#/unit", "the district has no target"
    assert target(world, "cau-giay", "20").status_code == 201
    twice = {"unit": "cau-giay", "parts": [{"unit": "dich-vong", "figure": "1"}, {"unit": "dich-vong", "figure": "2"}]}
    assert world.post("administrator", f"{PATH}/splits", twice).json()["errors"][0]["pointer"] == "#/parts"
    assert split(world, {"cau-giay": "10"}).json()["errors"][0]["pointer"] == "#/parts/0/unit"
    assert split(world, {"dich-vong": "10", "khong-co": "10"}).json()["errors"][0]["pointer"] == "#/parts/1/unit"
    assert world.get("dich-vong", f"{PATH}/splits").json()["items"] == [], "a branch is seen as a whole or not at all"
    assert figures(world) == {"cau-giay": "20", "dich-vong": "10", "nghia-do": "10"}


def test_revisions_stay_readable_with_when_and_why(world: World) -> None:
    assert target(world, "dich-vong", "12", reason="Thành phố giao bổ sung").status_code == 201
    rows = world.get("dich-vong", f"{PATH}/targets/dich-vong/versions").json()["items"]
    assert [(row["version"], row["figure"], row["source"], row["reason"]) for row in rows] == [
        (2, "12", "city", "Thành phố giao bổ sung"),
        (1, "10", "district", None),
    ]
    assert rows[0]["at"] >= rows[1]["at"]
    assert world.get("nghia-do", f"{PATH}/targets/dich-vong/versions").status_code == 404
    assert world.get("dich-vong", f"{PATH}/targets/dich-vong/versions", params={"kind": "stretch_target"}).status_code == 404
