"""From a ranking to what is published: what stands in the way, and who answers for it."""

from datetime import datetime
from typing import Any

from app.clock import ZONE
from tests.conftest import Hand
from tests.test_marks import marked, put, release  # noqa: F401 - a fixture
from tests.test_posting import answered, asked, posted, said, second
from tests.world import MOVEMENT, PLAN, World

GATE = f"/movements/{MOVEMENT}/finalisation"


def advanced(world: World, *states: str) -> None:
    for state in states:
        version = world.get("secretary", f"/movements/{MOVEMENT}").json()["version"]
        told = world.post("secretary", f"/movements/{MOVEMENT}/state", {"state": state}, headers={"If-Match": f'"{version}"'})
        assert told.status_code == 200, told.text


def gate(world: World) -> dict[str, list[str]]:
    """The subjects of the blockers that nobody answers for, by kind."""
    told = world.get("secretary", GATE).json()
    found: dict[str, list[str]] = {}
    for one in told["blockers"]:
        if one["override"] is None:
            found.setdefault(one["kind"], []).append(one["subject"])
    assert {kind: len(subjects) for kind, subjects in found.items()} == told["counts"]
    assert told["ready"] is not bool(found)
    return found


def override(world: World, kind: str, subjects: list[str], who: str = "secretary") -> Any:
    return world.post(who, f"/movements/{MOVEMENT}/overrides", {"kind": kind, "subjects": subjects, "reason": "Hội đồng đã xem."})


def test_everything_in_the_way_is_named_and_leaves_when_it_is_done(marked: World) -> None:  # noqa: F811
    world = marked
    report = world.report(figure="9").json()["id"]
    task = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-01-27"}
    done = world.post("dich-vong", "/submissions", task).json()["id"]
    assert put(world, "alternate", "C", "appraised", "7").status_code == 200
    found = gate(world)
    assert found == {
        "not_under_review": [MOVEMENT],
        "report_waiting": sorted([report, done]),
        "mark_not_released": ["dich-vong/C"],
        "sheet_not_posted": ["dich-vong", "nghia-do"],
    }, "Quan Hoa is not registered and blocks nothing"
    world.accept(report)
    assert gate(world)["report_waiting"] == [done]
    world.report(figure="9.5")
    assert len(gate(world)["report_waiting"]) == 2, "what would take the place of what was accepted waits too"
    links = [one["link"] for one in world.get("secretary", GATE).json()["blockers"] if one["kind"] == "report_waiting"]
    assert all(world.get("administrator", link.removeprefix("/api/v1")).status_code == 200 for link in links)


def test_an_override_is_of_one_blocker_by_name(world: World) -> None:
    report = world.report(figure="9").json()["id"]
    assert override(world, "report_waiting", [report, report]).json() == {
        "movement": MOVEMENT,
        "kind": "report_waiting",
        "overridden": 1,
    }
    assert "report_waiting" not in gate(world)
    [told] = [one for one in world.get("administrator", GATE).json()["blockers"] if one["kind"] == "report_waiting"]
    assert (told["override"]["reason"], told["override"]["by"]) == ("Hội đồng đã xem.", "secretary")
    assert override(world, "report_waiting", [report], "administrator").json()["overridden"] == 0, "once"
    other = world.report(figure="4", period="2022-04").json()["id"]
    assert gate(world)["report_waiting"] == [other], "what comes up afterwards blocks anew"
    for kind, subject in (("report_waiting", "nghia-do"), ("event_waiting", other)):
        refused = override(world, kind, [other, subject] if kind == "report_waiting" else [subject])
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == ("#/subjects/1" if kind == "report_waiting" else "#/subjects/0")
    assert gate(world)["report_waiting"] == [other], "all or none"
    never = override(world, "not_under_review", [MOVEMENT])
    assert (never.status_code, never.json()["type"]) == (409, "/problems/never-overridden")
    assert override(world, "sheet_not_posted", ["dich-vong"], "appraiser").status_code == 403
    assert world.get("viewer", GATE).status_code == 403


def test_questions_without_an_answer_and_days_for_comments_block(marked: World, hand: Hand) -> None:  # noqa: F811
    world = marked
    advanced(world, "launched", "reporting_closed", "under_review")
    assert gate(world) == {"sheet_not_posted": ["dich-vong", "nghia-do"]}
    put(world, "alternate", "C", "appraised", "7")
    release(world, "alternate", "noi-vu", ("dich-vong", "C", 1))
    look = asked(world).json()["id"]
    assert posted(world).status_code == 201
    comment = said(world).json()["id"]
    assert gate(world) == {
        "re_examination_open": [look],
        "comment_unanswered": [comment],
        "sheet_not_posted": ["nghia-do"],
        "posting_open": ["dich-vong"],
    }
    assert answered(world, look, second(world), outcome="upheld", points=None).status_code == 200
    told = world.post("dich-vong", f"/comments/{comment}/answer", {"outcome": "explained", "text": "Đã đối chiếu"})
    assert told.status_code == 200, told.text
    hand.at = datetime(2022, 6, 20, 23, 59, 59, 999_999, ZONE)
    assert gate(world) == {"sheet_not_posted": ["nghia-do"], "posting_open": ["dich-vong"]}
    hand.forward(seconds=0.000001)
    assert gate(world) == {"sheet_not_posted": ["nghia-do"]}
    assert override(world, "sheet_not_posted", ["nghia-do"]).status_code == 201
    assert gate(world) == {}


def test_a_cluster_without_a_rulebook_and_a_warning_that_nobody_read(world: World) -> None:
    """A rulebook is adopted before the movement loses what it counts on: no amendment of the movement passes unseen."""
    cluster = {"code": "truong", "name": "Khối trường"}
    assert world.post("secretary", f"/movements/{MOVEMENT}/clusters", cluster).status_code == 201
    now = world.get("secretary", f"/movements/{MOVEMENT}").json()
    fields = {name: now[name] for name in ("name", "launched_on", "goal_on", "ceremony_on", "closes_on", "phase")}
    window = {"window_from": "2022-08-01", "window_to": "2022-08-31"}
    assert world.call("secretary", "PUT", f"/movements/{MOVEMENT}", json=fields | window, headers={"If-Match": '"1"'}).status_code == 200
    assert gate(world)["rulebook_warning"] == ["phuong/known-too-late", "truong/known-too-late"]
    force = {"rulebook": "thu", "version": 1, "effective_from": "2022-01-01", "acknowledged": ["known-too-late"]}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", force).status_code == 201
    assert "rulebook_warning" not in gate(world)
