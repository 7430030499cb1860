"""What changed since a position: what a phone on a bad network reads instead of everything."""

from typing import Any

from tests.test_followup import amend, assigned, done, move
from tests.world import MOVEMENT, PLAN, World


def changed(world: World, who: str, since: int, **params: Any) -> Any:
    answer = world.get(who, "/changes", params={"since": since, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def named(found: Any) -> list[tuple[str, str, bool]]:
    return [(one["verb"], one["id"], one["gone"]) for one in found["items"]]


def test_each_subject_is_told_once_at_its_newest(world: World) -> None:
    start = changed(world, "dich-vong", 0)["position"]
    first = world.report().json()["id"]
    second = world.report(period="2022-04").json()["id"]
    world.report("nghia-do")
    world.accept(first)
    told = changed(world, "dich-vong", start)
    assert named(told) == [("progress.submitted", second, False), ("progress.accepted", first, False)]
    assert (told["more"], told["reset"]) == (False, None)
    assert changed(world, "dich-vong", told["position"])["items"] == []


def test_a_long_absence_is_caught_up_page_by_page(world: World) -> None:
    start = changed(world, "dich-vong", 0)["position"]
    wanted = [world.report(period=f"2022-0{month}").json()["id"] for month in range(1, 6)]
    found, position, pages = [], start, 0
    while True:
        told = changed(world, "dich-vong", position, limit=2)
        found += [one["id"] for one in told["items"]]
        position, pages = told["position"], pages + 1
        if not told["more"]:
            break
    assert (found, pages) == (wanted, 3)


def test_a_task_that_passed_to_another_unit_is_gone(world: World) -> None:
    assigned(world, coordinators=["quan-hoa"])
    start = changed(world, "dich-vong", 0)["position"]
    assert amend(world, "viec", lead="nghia-do", coordinators=[]).status_code == 200
    assert named(changed(world, "dich-vong", start)) == [("task.amended", f"{PLAN}/viec", True)]
    assert named(changed(world, "nghia-do", start)) == [("task.amended", f"{PLAN}/viec", False)]
    quan_hoa = {"label": "q", "role": "unit_officer", "unit": "quan-hoa", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["quan-hoa"] = world.post("administrator", "/keys", quan_hoa).json()["key"]
    told = [one for one in named(changed(world, "quan-hoa", start)) if one[0] != "key.issued"]
    assert told == [("task.amended", f"{PLAN}/viec", True)], "who helped hears of it too"


def test_a_confirmer_hears_of_what_it_confirms(world: World) -> None:
    start = changed(world, "alternate", 0)["position"]
    assigned(world)
    assert named(changed(world, "alternate", start)) == [("task.assigned", f"{PLAN}/viec", False)]
    done(world, accept=False)
    move(world, "recall", {"reason": "x"})
    assert {verb for verb, _, _ in named(changed(world, "alternate", start))} == {"task.recalled", "progress.submitted"}


def test_whoever_sees_other_things_now_starts_anew(world: World) -> None:
    start = changed(world, "dich-vong", 0)["position"]
    unit = world.get("dich-vong", "/units/quan-hoa").json()
    sent = {name: unit[name] for name in ("name", "kind", "parent", "opens_on")}
    assert world.call("administrator", "PUT", "/units/quan-hoa", json=sent, headers={"If-Match": '"1"'}).status_code == 200
    assert changed(world, "dich-vong", start)["reset"] == "access_changed"
    assert changed(world, "dich-vong", start + 1_000_000)["reset"] == "position_unknown", "an older state was restored"


def test_a_new_role_starts_anew_for_its_bearer_alone(world: World) -> None:
    person = world.post("administrator", "/people", {"code": "cb-1"}).json()["id"]
    start = changed(world, "dich-vong", 0)["position"]
    world.post("administrator", f"/people/{person}/roles", {"role": "unit_officer", "unit": "quan-hoa"})
    assert changed(world, "dich-vong", start)["reset"] is None


def test_a_draft_of_a_movement_is_told_to_those_who_manage_it(world: World) -> None:
    def told(who: str) -> bool:
        return any(one["kind"] == "movement" for one in changed(world, who, 0)["items"])

    assert (told("viewer"), told("secretary")) == (False, True)
    assert world.get("viewer", f"/history/movement/{MOVEMENT}").status_code == 404
    moved = world.post("secretary", f"/movements/{MOVEMENT}/state", {"state": "launched"}, headers={"If-Match": '"1"'})
    assert moved.status_code == 200
    assert told("viewer")
