"""Units that are merged and split: their past stays readable, their matters go to whoever stands for them."""

from datetime import datetime
from typing import Any

import pytest

from app.clock import ZONE
from tests.conftest import Hand
from tests.test_changes import changed
from tests.test_followup import assigned, done, kind, move, part, pointers, shown
from tests.world import MOVEMENT, PLAN, World

NEW = {"code": "cau-giay-moi", "name": "Phường Cầu Giấy", "kind": "ward", "parent": "cau-giay"}


def reorganised(
    world: World, units: list[str], into: list[Any], kind: str = "merged", on: str = "2022-06-15", who: str = "administrator"
) -> Any:
    new = [one if isinstance(one, dict) else {"code": one} for one in into]
    return world.post(who, "/unit-successions", {"kind": kind, "on": on, "units": units, "into": new, "source": "NQ 1656"})


def officer(world: World, unit: str, role: str = "unit_officer") -> str:
    sent = {"label": f"{unit}-{role}", "role": role, "unit": unit, "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys[f"{unit}-{role}"] = world.post("administrator", "/keys", sent).json()["key"]
    return f"{unit}-{role}"


def merged(world: World) -> str:
    """Dịch Vọng and Nghĩa Đô into a new ward; its officer."""
    answer = reorganised(world, ["dich-vong", "nghia-do"], [NEW])
    assert answer.status_code == 201, answer.text
    return officer(world, "cau-giay-moi")


def test_two_units_become_one_and_their_past_is_its_to_read(world: World) -> None:
    report = world.report().json()["id"]
    before = changed(world, "viewer", 0)["position"]
    new = merged(world)
    closed, opened = (world.get("viewer", f"/units/{code}").json() for code in ("dich-vong", "cau-giay-moi"))
    assert (closed["closes_on"], opened["opens_on"], opened["closes_on"]) == ("2022-06-15", "2022-06-15", None)
    listed = world.get("viewer", "/unit-successions").json()["items"]
    assert [(one["unit"], one["into"], one["kind"]) for one in listed] == [
        ("dich-vong", "cau-giay-moi", "merged"),
        ("nghia-do", "cau-giay-moi", "merged"),
    ]
    assert world.get(new, f"/submissions/{report}").json()["state"] == "waiting"
    assert world.post(new, f"/submissions/{report}/withdrawal", headers={"If-Match": '"1"'}).status_code == 200
    assert pointers(world.report(period="2022-04")) == ["#/unit"], "what is closed reports nothing more"
    assert changed(world, "viewer", before)["reset"] == "access_changed"


def test_nobody_of_the_successor_appraises_what_its_predecessor_sent(world: World) -> None:
    report = world.report().json()["id"]
    reorganised(world, ["dich-vong"], ["tai-chinh"])
    assert kind(world.accept(report)) == (403, "own-work")


def test_what_an_appraising_unit_had_before_it_goes_to_its_successor(world: World) -> None:
    report = world.report().json()["id"]
    reorganised(world, ["tai-chinh"], [{"code": "tai-chinh-moi", "name": "Phòng Kinh tế", "kind": "department", "parent": "cau-giay"}])
    assert world.accept(report, officer(world, "tai-chinh-moi", "appraiser")).status_code == 200


def test_tasks_that_are_not_done_are_passed_on_in_one_act(world: World) -> None:
    assigned(world, "a")
    assigned(world, "b", lead="quan-hoa", coordinators=["dich-vong", "nghia-do"])
    assigned(world, "c")
    done(world, code="c")
    assigned(world, "d")
    move(world, "suspension", {"reason": "x"}, code="d")
    merged(world)
    sent = {"unit": "dich-vong", "into": "cau-giay-moi", "reason": "Sáp nhập"}
    passed = world.post("administrator", f"/plans/{PLAN}/task-inheritances", sent)
    assert passed.status_code == 201, passed.text
    assert sorted(task["code"] for task in passed.json()) == ["a", "b", "d", "tet"]
    assert (shown(world, "a")["lead"], shown(world, "a")["standing_reason"]) == ("cau-giay-moi", "Sáp nhập")
    assert (shown(world, "b")["lead"], shown(world, "b")["coordinators"]) == ("quan-hoa", ["cau-giay-moi", "nghia-do"])
    assert (shown(world, "c")["lead"], part(world, code="c")["progress"]) == ("dich-vong", "done"), "what is done stays whose it was"
    assert (shown(world, "d")["lead"], shown(world, "d")["standing"]) == ("cau-giay-moi", "suspended")
    second = world.post("administrator", f"/plans/{PLAN}/task-inheritances", {**sent, "unit": "nghia-do"}).json()
    assert [(task["code"], task["coordinators"]) for task in second] == [("b", ["cau-giay-moi"])]


def test_whoever_splits_says_who_takes_what(world: World) -> None:
    assigned(world, "a")
    assigned(world, "b")
    two = [{**NEW, "code": code, "name": code} for code in ("dich-vong-1", "dich-vong-2")]
    assert reorganised(world, ["dich-vong"], two, "split").status_code == 201
    for unit, task in (("dich-vong-1", "a"), ("dich-vong-2", "b")):
        sent = {"unit": "dich-vong", "into": unit, "reason": "x", "tasks": [task]}
        assert [one["code"] for one in world.post("administrator", f"/plans/{PLAN}/task-inheritances", sent).json()] == [task]
    assert (shown(world, "a")["lead"], shown(world, "b")["lead"]) == ("dich-vong-1", "dich-vong-2")
    again = world.post(
        "administrator", f"/plans/{PLAN}/task-inheritances", {"unit": "dich-vong", "into": "dich-vong-1", "reason": "x", "tasks": ["a"]}
    )
    assert pointers(again) == ["#/tasks"]


def test_what_is_asked_is_decided_before_it_is_passed_on(world: World) -> None:
    move(world, "requests", {"kind": "sent_back", "reason": "x"}, "dich-vong", "tet")
    merged(world)
    sent = {"unit": "dich-vong", "into": "cau-giay-moi", "reason": "x"}
    assert kind(world.post("administrator", f"/plans/{PLAN}/task-inheritances", sent)) == (409, "request-open")
    assert pointers(world.post("administrator", f"/plans/{PLAN}/task-inheritances", {**sent, "into": "quan-hoa"})) == ["#/into"]


def test_one_unit_may_take_up_another_and_go_on(world: World) -> None:
    assert reorganised(world, ["nghia-do"], ["dich-vong"]).status_code == 201
    assert world.get("viewer", "/units/dich-vong").json()["closes_on"] is None
    assert world.get("dich-vong", "/submissions", params={"unit": "nghia-do"}).status_code == 200
    assert kind(reorganised(world, ["nghia-do"], ["dich-vong"], on="2022-06-10")) == (409, "already-succeeded")


@pytest.mark.parametrize(
    ("units", "into", "what", "on", "pointer"),
    [
        (["dich-vong", "nghia-do"], ["quan-hoa", "noi-vu"], "merged", "2022-06-15", "#/into"),
        (["dich-vong", "nghia-do"], ["quan-hoa", "noi-vu"], "split", "2022-06-15", "#/units"),
        (["dich-vong"], ["quan-hoa"], "split", "2022-06-15", "#/into"),
        (["dich-vong"], ["dich-vong"], "merged", "2022-06-15", "#/into"),
        (["dich-vong", "dich-vong"], ["quan-hoa"], "merged", "2022-06-15", "#/units"),
        (["dich-vong", "khong-co"], ["quan-hoa"], "merged", "2022-06-15", "#/units/1"),
        (["dich-vong"], ["khong-co"], "merged", "2022-06-15", "#/into/0/name"),
        (["dich-vong"], ["quan-hoa"], "merged", "1997-09-01", "#/units/0"),
    ],
)
def test_what_is_no_reorganisation_is_refused(world: World, units: list[str], into: list[str], what: str, on: str, pointer: str) -> None:
    assert pointers(reorganised(world, units, into, what, on)) == [pointer]
    assert world.get("viewer", "/unit-successions").json()["items"] == []
    assert world.get("viewer", "/units/dich-vong").json()["version"] == 1


def test_a_movement_stays_as_it_was_when_its_units_are_gone(world: World, hand: Hand) -> None:
    """Three years later the wards are merged and the district is no more; the movement of 2022 ranks those that took part."""
    world.accept(world.report(figure="9").json()["id"])
    hand.at = datetime(2022, 9, 10, 12, tzinfo=ZONE)
    then = world.standings()
    assert then["dich-vong"][0] == 1
    sheet = world.get("secretary", f"/movements/{MOVEMENT}/units/dich-vong/sheet").json()
    hand.at = datetime(2025, 7, 2, 12, tzinfo=ZONE)
    assert reorganised(world, ["dich-vong", "nghia-do"], [NEW], on="2025-07-01").status_code == 201
    unit = world.get("viewer", "/units/cau-giay").json()
    gone = {**{name: unit[name] for name in ("name", "kind", "parent", "opens_on")}, "closes_on": "2025-07-01"}
    assert world.call("administrator", "PUT", "/units/cau-giay", json=gone, headers={"If-Match": '"1"'}).status_code == 200
    assert world.standings() == then
    assert world.standings(as_of="2022-09-10T12:00:00+07:00") == then
    again = world.get("secretary", f"/movements/{MOVEMENT}/units/dich-vong/sheet").json()
    assert again["lines"] == sheet["lines"]


def test_a_unit_that_closes_within_the_movement_is_not_ranked_from_then_on(world: World, hand: Hand) -> None:
    hand.at = datetime(2022, 6, 30, 12, tzinfo=ZONE)
    reorganised(world, ["nghia-do"], ["dich-vong"], on="2022-07-01")
    assert world.standings()["nghia-do"][0] is not None
    hand.at = datetime(2022, 7, 1, tzinfo=ZONE)
    assert world.standings()["nghia-do"] == (None, None)
    assert world.standings(until="2022-06-30")["nghia-do"][0] is not None
