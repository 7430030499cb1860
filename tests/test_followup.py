"""What happens to a task once it is assigned: parts, updates, requests, standing, rounds, statistics."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.clock import Admission
from app.followup import actions
from app.policy import SYSTEM
from app.tasks.rules import TaskDeed
from tests.conftest import Hand
from tests.test_lines import statements
from tests.world import MOVEMENT, PLAN, World

MONTHS = {"scheme": "month", "first": "2022-01", "last": "2022-02"}
TET = f"/plans/{PLAN}/tasks/tet"
TASKS = f"/plans/{PLAN}/tasks"
STATUSES = f"/plans/{PLAN}/task-statuses"


def assigned(world: World, code: str = "viec", **fields: Any) -> Any:
    sent = {"code": code, "title": "Việc", "lead": "dich-vong", "appraiser": "noi-vu", "due_on": "2022-07-15", **fields}
    return world.post("administrator", TASKS, sent)


def shown(world: World, code: str = "viec", who: str = "administrator") -> Any:
    return world.get(who, f"{TASKS}/{code}").json()


def move(world: World, what: str, sent: Any = None, who: str = "administrator", code: str = "viec", version: int = 0) -> Any:
    """At the version that stands, unless another is said."""
    at = version or shown(world, code)["version"]
    return world.post(who, f"{TASKS}/{code}/{what}", sent, headers={"If-Match": f'"{at}"'})


def done(world: World, unit: str = "dich-vong", code: str = "viec", on: str = "2022-06-10", accept: bool = True) -> Any:
    report = world.post(unit, "/submissions", {"plan": PLAN, "unit": unit, "task": code, "completed_on": on})
    assert report.status_code == 201, report.text
    if accept:
        assert world.accept(report.json()["id"], "alternate").status_code == 200
    return report.json()


def part(world: World, unit: str = "dich-vong", code: str = "viec") -> Any:
    return next(one for one in shown(world, code)["parts"] if one["unit"] == unit)


def names(world: World, who: str, code: str = "viec") -> set[str]:
    return {one["name"] for one in shown(world, code, who)["moves"]}


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").rpartition("/")[2]


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["pointer"] for error in answer.json()["errors"]]


def test_many_tasks_are_assigned_together_or_none(world: World) -> None:
    document = {"code": "tb-17", "issued_on": "2022-01-04", "issuer": "UBND quận", "abstract": "Kết luận", "signatory": "Chủ tịch"}
    filed = world.post("administrator", f"/plans/{PLAN}/documents", document).json()
    assert filed["signatory"] == "Chủ tịch"
    one = {"code": "a", "title": "A", "lead": "dich-vong", "appraiser": "noi-vu", "document": "tb-17", "point": "II.3.a"}
    refused = world.post("administrator", TASKS, [one, {**one, "code": "b", "appraiser": "dich-vong"}])
    assert pointers(refused) == ["#/1/appraiser"]
    assert world.get("administrator", f"{TASKS}/a").status_code == 404
    assert kind(world.post("administrator", TASKS, [one, one])) == (409, "code-taken")
    made = world.post("administrator", TASKS, [one, {**one, "code": "b", "weight": 5, "due_on": "2022-09-01", "deliverable": "Tờ trình"}])
    assert [task["code"] for task in made.json()] == ["a", "b"]
    first, second = made.json()
    assert (first["point"], first["document"]["number"], first["weight"]) == ("II.3.a", None, None)
    assert (first["lacking"], second["lacking"], second["weight"]) == (["deadline", "deliverable"], [], 5)


def test_a_recurring_task_is_a_task_for_each_occurrence(world: World) -> None:
    recurrence = {"scheme": "month", "first": "2022-01", "last": "2022-03", "day": 31}
    made = assigned(world, "giao-ban", due_on=None, recurrence=recurrence).json()
    assert [(task["code"], task["due_on"]) for task in made] == [
        ("giao-ban-2022-01", "2022-01-31"),
        ("giao-ban-2022-02", "2022-02-28"),
        ("giao-ban-2022-03", "2022-03-31"),
    ]
    assert {(task["series"], task["period"]) for task in made} == {("giao-ban", f"2022-0{n}") for n in (1, 2, 3)}
    done(world, code="giao-ban-2022-02", on="2022-02-20")
    assert [part(world, code=task["code"])["progress"] for task in made] == ["not_started", "done", "not_started"]
    later = {"scheme": "quarter", "first": "2021-Q4", "last": "2022-Q1", "day": 10, "months_after": 1}
    assert [task["due_on"] for task in assigned(world, "quy", due_on=None, recurrence=later).json()] == ["2022-01-10", "2022-04-10"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"recurrence": {"scheme": "month", "first": "2022-Q1", "last": "2022-03"}}, "#/recurrence/first"),
        ({"recurrence": {"scheme": "month", "first": "2022-03", "last": "2022-01"}}, "#/recurrence/last"),
        ({"recurrence": {"scheme": "month", "first": "2022-01", "last": "2030-01"}}, "#/recurrence/last"),
        ({"recurrence": {"scheme": "month", "first": "2022-01", "last": "2022-02"}, "due_on": "2022-01-31"}, "#/due_on"),
        ({"recurrence": MONTHS, "milestones": [{"title": "x", "due_on": "2022-01-31"}]}, "#/milestones"),
        ({"lead": "da-giai-the"}, "#/lead"),
        ({"coordinators": ["nghia-do", "chua-lap"]}, "#/coordinators/1"),
        ({"appraiser": "chua-lap"}, "#/appraiser"),
        ({"recurrence": {"scheme": "month", "first": "2022-01", "last": "2022-02"}, "code": "a" * 60}, "#/code"),
        ({"recurrence": {"scheme": "month", "first": "2100-12", "last": "2100-12", "months_after": 12}}, "#/recurrence/last"),
        ({"weight": 0}, "#/weight"),
        ({"document": "khong-co"}, "#/document"),
        ({"coordinators": ["khong-co"]}, "#/coordinators/0"),
    ],
)
def test_what_cannot_be_assigned_is_refused_at_its_field(world: World, fields: dict[str, Any], pointer: str) -> None:
    for code, day in (("chua-lap", "2022-06-16"), ("da-giai-the", "1997-09-01")):
        unit = {"name": code, "kind": "ward", "parent": "cau-giay", "opens_on": day}
        assert world.post("administrator", "/units", {"code": code, **unit}).status_code == 201
    closed = {**unit, "closes_on": "2022-06-15"}
    assert world.call("administrator", "PUT", "/units/da-giai-the", json=closed, headers={"If-Match": '"1"'}).status_code == 200
    answer = assigned(world, **{"due_on": None, **fields})
    assert pointer in pointers(answer)
    assert [task["code"] for task in world.get("administrator", TASKS).json()["items"]] == ["tet"]


def test_a_task_goes_from_not_started_to_done(world: World, hand: Hand) -> None:
    assert (part(world, code="tet")["progress"], part(world, code="tet")["timing"]) == ("not_started", "overdue")
    assigned(world)
    assert (part(world)["progress"], part(world)["timing"]) == ("not_started", "in_time")
    hand.forward(days=1)
    said = world.post("dich-vong", f"{TASKS}/viec/updates", {"unit": "dich-vong", "percent": 40, "note": "Đã họp tổ dân phố"})
    assert said.status_code == 201, said.text
    assert (part(world)["progress"], part(world)["active_at"]) == ("in_progress", said.json()["at"])
    [told] = world.get("dich-vong", f"{TASKS}/viec/updates").json()["items"]
    assert (told["percent"], told["note"]) == (40, "Đã họp tổ dân phố")
    report = done(world, on="2022-06-16", accept=False)
    assert (part(world)["progress"], part(world)["awaiting_since"]) == ("awaiting_confirmation", report["received_at"])
    hand.forward(days=40)
    assert part(world)["timing"] == "in_time", "done in time: a slow confirmer makes nobody late"
    assert world.accept(report["id"], "alternate").status_code == 200
    assert (part(world)["progress"], part(world)["timing"], part(world)["completed_on"]) == ("done", "done_on_time", "2022-06-16")
    assert kind(world.post("dich-vong", f"{TASKS}/viec/updates", {"unit": "dich-vong", "note": "x"})) == (409, "not-now")


def test_each_coordinator_has_a_part_of_its_own(world: World) -> None:
    assigned(world, coordinators=["nghia-do", "noi-vu"])
    done(world, "nghia-do")
    assert [(one["unit"], one["part"], one["progress"]) for one in shown(world)["parts"]] == [
        ("dich-vong", "lead", "not_started"),
        ("nghia-do", "coordinator", "done"),
        ("noi-vu", "coordinator", "not_started"),
    ]
    stranger = {"plan": PLAN, "unit": "quan-hoa", "task": "viec", "completed_on": "2022-06-01"}
    assert world.post("administrator", "/submissions", stranger).status_code == 403
    assert world.get("nghia-do", f"{TASKS}/viec").status_code == 200
    assert world.post("nghia-do", f"{TASKS}/viec/updates", {"unit": "dich-vong", "note": "x"}).status_code == 403
    rows = world.get("administrator", STATUSES, params={"unit": "nghia-do"}).json()["items"]
    assert [(row["task"], row["progress"]) for row in rows] == [("viec", "done")]


def test_an_extension_is_asked_and_granted_once(world: World) -> None:
    assigned(world)
    assert {"request", "update", "report", "officer"} & names(world, "dich-vong") == {"request", "update", "report", "officer"}
    asked = move(world, "requests", {"kind": "extension", "reason": "Chờ số liệu thuế", "due_on": "2022-07-20"}, "dich-vong")
    assert (asked.status_code, asked.json()["late"], asked.json()["reason"]) == (201, False, "Chờ số liệu thuế")
    again = move(world, "requests", {"kind": "extension", "reason": "x", "due_on": "2022-07-21"}, "dich-vong")
    assert kind(again) == (409, "request-open")
    assert "request-withdrawal" in names(world, "dich-vong")
    assert {"grant", "refusal"} <= names(world, "administrator")
    granted = move(world, "requests/1/grant", {"due_on": "2022-07-18"})
    assert (granted.status_code, granted.json()["due_on"], granted.json()["version"]) == (200, "2022-07-18", 2)
    assert (part(world)["due_on"], part(world)["first_due_on"]) == ("2022-07-18", "2022-07-15")
    assert kind(move(world, "requests/1/refusal", {"reason": "x"})) == (409, "request-decided")
    move(world, "requests", {"kind": "extension", "reason": "x", "due_on": "2022-07-30"}, "dich-vong")
    assert pointers(move(world, "requests/2/grant", {})) == ["#/reason"]
    assert move(world, "requests/2/grant", {"reason": "Thiên tai"}).json()["due_on"] == "2022-07-30"
    [first, second] = world.get("dich-vong", f"{TASKS}/viec/requests").json()["items"]
    assert (first["decision"]["outcome"], first["decision"]["task_version"]) == ("granted", 2)
    assert second["decision"]["reason"] == "Thiên tai"
    done(world, on="2022-06-15")
    verbs = [entry["verb"] for entry in world.get("dich-vong", f"/history/task/{PLAN}%2Fviec").json()["items"]]
    assert verbs[:2] == ["task.request_granted", "task.extended"]


def test_each_round_may_be_extended_once(world: World) -> None:
    assigned(world)
    for asked, due in ((1, "2022-07-20"), (2, "2022-07-25")):
        move(world, "requests", {"kind": "extension", "reason": "x", "due_on": due}, "dich-vong")
        assert move(world, f"requests/{asked}/grant").status_code == 200, "the second in the second round"
        if asked == 1:
            done(world)
            assert move(world, "redo", {"reason": "x"}).status_code == 200
    move(world, "requests", {"kind": "extension", "reason": "x", "due_on": "2022-07-30"}, "dich-vong")
    assert pointers(move(world, "requests/3/grant")) == ["#/reason"]


def test_a_late_request_is_flagged_and_late_work_stays_late(world: World) -> None:
    """'tet' was due on 28/01; it is 15/6."""
    asked = move(world, "requests", {"kind": "extension", "reason": "Quên xin", "due_on": "2022-06-30"}, "dich-vong", "tet")
    assert asked.json()["late"] is True
    assert move(world, "requests/1/refusal", {"reason": "Xin sau khi quá hạn"}, code="tet").status_code == 200
    done(world, code="tet", on="2022-06-14")
    assert part(world, code="tet")["timing"] == "done_late"
    assert amend(world, "tet", due_on="2022-12-31").status_code == 200
    assert (part(world, code="tet")["timing"], part(world, code="tet")["first_due_on"]) == ("done_late", "2022-01-28")


def amend(world: World, code: str, **fields: Any) -> Any:
    known = shown(world, code)
    kept = ("title", "lead", "coordinators", "appraiser", "deadline_phrase", "due_on", "roll", "deliverable", "weight", "synthetic")
    sent = {name: known[name] for name in kept} | fields
    return world.call("administrator", "PUT", f"{TASKS}/{code}", json=sent, headers={"If-Match": f'"{known["version"]}"'})


def test_an_extension_granted_on_the_last_day_holds(world: World, hand: Hand) -> None:
    """To the last microsecond of the day; at midnight the request is late."""
    assigned(world, due_on="2022-06-15")
    hand.at = hand.at.replace(hour=23, minute=59, second=59, microsecond=999999)
    assert part(world)["timing"] == "due_soon"
    assert move(world, "requests", {"kind": "extension", "reason": "x", "due_on": "2022-06-16"}, "dich-vong").json()["late"] is False
    assert move(world, "requests/1/grant", {}).status_code == 200
    hand.forward(microseconds=1)
    assert part(world)["timing"] == "due_soon"
    hand.forward(days=1)
    assert part(world)["timing"] == "overdue"
    assert move(world, "requests", {"kind": "extension", "reason": "x", "due_on": "2022-06-20"}, "dich-vong").json()["late"] is True


def test_a_task_is_sent_back_and_passed_on(world: World) -> None:
    assigned(world, coordinators=["nghia-do"])
    asked = move(world, "requests", {"kind": "sent_back", "reason": "Không thuộc thẩm quyền", "lead": "nghia-do"}, "dich-vong")
    assert asked.status_code == 201, asked.text
    assert part(world)["progress"] == "sent_back"
    assert kind(world.post("dich-vong", f"{TASKS}/viec/updates", {"unit": "dich-vong", "note": "x"})) == (409, "not-now")
    passed = move(world, "requests/1/grant", {}).json()
    assert (passed["lead"], passed["coordinators"], passed["version"]) == ("nghia-do", [], 2)
    assert world.get("dich-vong", f"{TASKS}/viec").status_code == 404, "it is theirs no more"
    assert part(world, "nghia-do")["progress"] == "not_started"


def test_a_request_is_decided_before_another_unit_leads(world: World) -> None:
    assigned(world)
    move(world, "requests", {"kind": "sent_back", "reason": "x"}, "dich-vong")
    assert kind(amend(world, "viec", lead="nghia-do")) == (409, "request-open")
    assert amend(world, "viec", title="Việc khác").status_code == 200, "the lead stays"
    assert move(world, "requests/1/grant", {"lead": "nghia-do"}).json()["lead"] == "nghia-do"
    assert part(world, "nghia-do")["progress"] == "not_started"
    assert {"grant", "refusal"} & names(world, "administrator") == set()
    assert move(world, "requests", {"kind": "new_lead", "reason": "x", "lead": "quan-hoa"}, "nghia-do").status_code == 201
    assert move(world, "requests/2/grant", {}).json()["lead"] == "quan-hoa"


def test_what_is_done_is_undone_by_no_request(world: World) -> None:
    assigned(world)
    move(world, "requests", {"kind": "sent_back", "reason": "x"}, "dich-vong")
    done(world)
    assert "grant" not in names(world, "administrator")
    assert kind(move(world, "requests/1/grant", {})) == (409, "not-now")
    assert kind(amend(world, "viec", lead="nghia-do")) == (409, "not-now")
    assert (part(world)["progress"], shown(world)["version"]) == ("done", 1)
    assert move(world, "requests/1/refusal", {"reason": "Đã xong"}).status_code == 200
    assert "officer" not in names(world, "dich-vong")
    assert kind(world.post("dich-vong", f"{TASKS}/viec/officers", {"unit": "dich-vong", "person": "cb-1"})) == (409, "not-now")


def test_a_coordinator_that_becomes_the_lead_has_the_whole_before_it(world: World) -> None:
    """Its own part was confirmed; the task is not. Nor does the board take it for done."""
    assert amend(world, "tet", coordinators=["nghia-do"]).status_code == 200
    done(world, "nghia-do", "tet", on="2022-01-20")
    move(world, "requests", {"kind": "new_lead", "reason": "x", "lead": "nghia-do"}, "dich-vong", "tet")
    assert move(world, "requests/1/grant", code="tet").json()["lead"] == "nghia-do"
    assert (part(world, "nghia-do", "tet")["progress"], world.standings()["nghia-do"][1]) == ("in_progress", "0")
    done(world, "nghia-do", "tet", on="2022-01-25")
    assert (part(world, "nghia-do", "tet")["progress"], world.standings()["nghia-do"][1]) == ("done", "40")


def test_a_foreign_task_is_amended_like_a_missing_one(world: World) -> None:
    assigned(world)
    sent = {"title": "x", "lead": "nghia-do", "appraiser": "noi-vu"}
    for code in ("viec", "khong-co"):
        answer = world.call("nghia-do", "PUT", f"{TASKS}/{code}", json=sent, headers={"If-Match": '"1"'})
        assert kind(answer) == (404, "not-found")


def test_a_task_that_nobody_takes_is_recalled(world: World) -> None:
    assigned(world)
    move(world, "requests", {"kind": "sent_back", "reason": "Trùng nhiệm vụ khác"}, "dich-vong")
    recalled = move(world, "requests/1/grant", {}).json()
    assert (recalled["standing"], recalled["standing_reason"]) == ("recalled", "Trùng nhiệm vụ khác")
    assert (part(world)["progress"], part(world)["timing"]) == ("recalled", None)
    assert recalled["moves"] == []
    assert kind(move(world, "resumption", {"reason": "x"})) == (409, "not-now")
    assert kind(amend(world, "viec", title="Khác")) == (409, "not-now")


def test_another_lead_is_asked_for_and_refused_or_named(world: World) -> None:
    assigned(world)
    assert pointers(move(world, "requests", {"kind": "new_lead", "reason": "x", "lead": "dich-vong"}, "dich-vong")) == ["#/lead"]
    move(world, "requests", {"kind": "new_lead", "reason": "Đơn vị khác phù hợp hơn"}, "dich-vong")
    assert part(world)["progress"] == "not_started", "asking does not stop the work"
    assert pointers(move(world, "requests/1/grant", {})) == ["#/lead"]
    assert pointers(move(world, "requests/1/grant", {"lead": "noi-vu"})) == ["#/lead"]
    assert move(world, "requests/1/withdrawal", who="dich-vong").status_code == 200
    assert kind(move(world, "requests/1/grant", {"lead": "nghia-do"})) == (409, "request-decided")
    move(world, "requests", {"kind": "new_lead", "reason": "x", "lead": "nghia-do"}, "dich-vong")
    assert move(world, "requests/2/grant", {"lead": "quan-hoa"}).json()["lead"] == "quan-hoa"


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"kind": "extension"}, "#/due_on"),
        ({"kind": "extension", "due_on": "2022-07-15"}, "#/due_on"),
        ({"kind": "extension", "due_on": "2022-07-30", "lead": "nghia-do"}, "#/lead"),
        ({"kind": "new_lead", "due_on": "2022-07-30"}, "#/due_on"),
        ({"kind": "sent_back", "lead": "khong-co"}, "#/lead"),
        ({"kind": "new_lead", "lead": "noi-vu"}, "#/lead"),
        ({"kind": "new_lead", "lead": "dich-vong"}, "#/lead"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(world: World, sent: dict[str, Any], pointer: str) -> None:
    assigned(world)
    assert pointers(move(world, "requests", {"reason": "x", **sent}, "dich-vong")) == [pointer]
    assert world.get("dich-vong", f"{TASKS}/viec/requests").json()["items"] == []


def test_only_whoever_assigned_decides_and_never_on_their_own_request(world: World) -> None:
    assigned(world)
    for who in ("nghia-do", "secretary", "viewer"):
        assert move(world, "requests", {"kind": "new_lead", "reason": "x"}, who).status_code in {403, 404}, who
    move(world, "requests", {"kind": "new_lead", "reason": "x"}, "dich-vong")
    for who in ("dich-vong", "nghia-do", "secretary"):
        assert move(world, "requests/1/refusal", {"reason": "x"}, who).status_code in {403, 404}, who
        assert move(world, "recall", {"reason": "x"}, who).status_code in {403, 404}, who
    assert kind(move(world, "recall", {"reason": "x"}, version=7)) == (412, "stale")
    assert world.post("administrator", f"{TASKS}/viec/recall", {"reason": "x"}).status_code == 428
    assert shown(world)["version"] == 1


def test_whoever_belongs_to_the_unit_decides_nothing_for_it(world: World) -> None:
    key = {"label": "x", "role": "administrator", "unit": "dich-vong", "reach": "everywhere", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["insider"] = world.post("administrator", "/keys", key).json()["key"]
    assigned(world)
    move(world, "requests", {"kind": "new_lead", "reason": "x", "lead": "nghia-do"}, "dich-vong")
    assert {"grant", "refusal"} & names(world, "insider") == set()
    for deed, sent in (("grant", {}), ("refusal", {"reason": "x"})):
        assert kind(move(world, f"requests/1/{deed}", sent, "insider")) == (403, "own-work")


def test_a_suspended_task_counts_nowhere_until_it_is_resumed(world: World, hand: Hand) -> None:
    assigned(world)
    assert move(world, "suspension", {"reason": "Chờ luật mới"}).json()["standing_reason"] == "Chờ luật mới"
    assert (part(world)["progress"], part(world)["timing"]) == ("suspended", None)
    report = {"plan": PLAN, "unit": "dich-vong", "task": "viec", "completed_on": "2022-06-01"}
    assert pointers(world.post("dich-vong", "/submissions", report)) == ["#/task"]
    hand.forward(days=60)
    assert world.get("administrator", STATUSES, params={"timing": "overdue"}).json()["items"][0]["task"] == "tet"
    assert kind(move(world, "suspension", {"reason": "x"})) == (409, "not-now")
    resumed = move(world, "resumption", {"reason": "Đã có luật", "due_on": "2022-09-30"}).json()
    assert (resumed["standing"], resumed["due_on"], part(world)["timing"]) == ("active", "2022-09-30", "in_time")


def test_what_is_done_anew_counts_anew(world: World, hand: Hand) -> None:
    """Also on the board, and not in the past of the board."""
    done(world, code="tet", on="2022-01-20")
    assert world.standings()["dich-vong"][1] == "40"
    then = hand.now()
    hand.forward(days=1)
    assert kind(move(world, "recall", {"reason": "x"}, code="tet")) == (409, "not-now")
    again = move(world, "redo", {"reason": "Thiếu danh sách", "due_on": "2022-06-30"}, code="tet").json()
    assert (again["round"], part(world, code="tet")["progress"], part(world, code="tet")["timing"]) == (2, "not_started", "in_time")
    assert world.standings()["dich-vong"][1] == "0"
    assert world.standings(as_of=then.isoformat())["dich-vong"][1] == "40"
    assert part(world, code="tet")["first_due_on"] == "2022-06-30"
    assert kind(move(world, "redo", {"reason": "x"}, code="tet")) == (409, "not-now")
    early = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-06-15"}
    assert pointers(world.post("dich-vong", "/submissions", early)) == ["#/completed_on"], "asked for on the 16th"
    done(world, code="tet", on="2022-06-16")
    assert (part(world, code="tet")["timing"], world.standings()["dich-vong"][1]) == ("done_on_time", "40")


@pytest.mark.parametrize("deed", ["recall", "suspension"])
def test_what_nobody_wants_leaves_the_facts_of_the_board(world: World, hand: Hand, deed: str) -> None:
    def tasks(**asked: str) -> list[str]:
        facts = world.get("secretary", f"/movements/{MOVEMENT}/units/dich-vong/facts", params=asked).json()
        return [task["task"] for task in facts["units"][0].get("tasks", [])]

    assert tasks() == ["tet"]
    then = hand.now()
    hand.forward(days=1)
    assert move(world, deed, {"reason": "Giao nhầm"}, code="tet").status_code == 200
    assert (tasks(), tasks(as_of=then.isoformat())) == ([], ["tet"])


def test_an_officer_is_put_in_charge_and_hands_over(world: World) -> None:
    for code in ("cb-1", "cb-2", "cb-khac"):
        person = world.post("administrator", "/people", {"code": code}).json()["id"]
        unit = "nghia-do" if code == "cb-khac" else "dich-vong"
        world.post("administrator", f"/people/{person}/roles", {"role": "unit_officer", "unit": unit})

    def named(code: str, who: str = "dich-vong", **more: str) -> Any:
        return world.post(who, f"{TET}/officers", {"unit": "dich-vong", "person": code, **more})

    assert named("cb-1").json()["parts"][0]["officer"] == "cb-1"
    assert pointers(named("cb-1")) == ["#/person"]
    assert pointers(named("cb-2")) == ["#/reason"]
    assert pointers(named("cb-khac", reason="x")) == ["#/person"]
    assert named("cb-2", "nghia-do", reason="x").status_code == 403
    assert named("cb-2", reason="Nghỉ phép").json()["parts"][0]["officer"] == "cb-2"
    assert shown(world, "tet", "alternate")["parts"][0]["officer"] is None, "who appraises need not know"


def test_reminders_are_counted_and_go_to_the_head_from_the_third_on(world: World) -> None:
    assigned(world, title="Rà soát\nhộ nghèo")
    sent = {"unit": "dich-vong", "tasks": ["viec", "tet"]}
    first = world.post("administrator", f"/plans/{PLAN}/reminders", sent).json()
    assert [(one["task"], one["number"], one["level"]) for one in first["items"]] == [("viec", 1, "officer"), ("tet", 1, "officer")]
    assert first["text"].splitlines() == [
        "Kính gửi Phường Dịch Vọng. Đề nghị thực hiện và cập nhật 2 nhiệm vụ sau:",
        "1. Rà soát hộ nghèo. Hạn 15/7/2022. Đôn đốc lần 1.",
        f"http://127.0.0.1/t/{PLAN}/viec",
        "2. Chuẩn bị Tết Nhâm Dần. Hạn 28/01/2022, quá hạn 138 ngày. Đôn đốc lần 1.",
        f"http://127.0.0.1/t/{PLAN}/tet",
    ]
    world.post("administrator", f"/plans/{PLAN}/reminders", {"unit": "dich-vong", "tasks": ["tet"]})
    third = world.post("administrator", f"/plans/{PLAN}/reminders", sent, headers={"Accept-Language": "en"}).json()
    assert [(one["task"], one["number"], one["level"]) for one in third["items"]] == [("viec", 2, "officer"), ("tet", 3, "unit_head")]
    assert third["text"].startswith("To the head of Phường Dịch Vọng.")
    assert (part(world)["reminders"], part(world, code="tet")["reminders"]) == (2, 3)


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"unit": "dich-vong", "tasks": ["tet", "khong-co"]}, "#/tasks/1"),
        ({"unit": "dich-vong", "tasks": ["tet", "tet"]}, "#/tasks/1"),
        ({"unit": "dich-vong", "tasks": ["tet", "viec"]}, "#/tasks/1"),
        ({"unit": "nghia-do", "tasks": ["tet"]}, "#/tasks/0"),
        ({"unit": "khong-co", "tasks": ["tet"]}, "#/unit"),
    ],
)
def test_who_cannot_be_reminded_is_refused_and_nobody_is(world: World, sent: Any, pointer: str) -> None:
    assigned(world)
    done(world)
    assert pointers(world.post("administrator", f"/plans/{PLAN}/reminders", sent)) == [pointer]
    assert part(world, code="tet")["reminders"] == 0
    assert world.post("dich-vong", f"/plans/{PLAN}/reminders", {"unit": "dich-vong", "tasks": ["tet"]}).status_code == 403


def test_a_new_day_is_not_over_when_it_is_named(world: World, hand: Hand) -> None:
    """The deadline is past, so that a later one may be past too."""
    for code, deed in (("a", "suspension"), ("b", "redo")):
        assigned(world, code, due_on="2022-06-10")
        if deed == "redo":
            done(world, code=code)
        else:
            assert move(world, deed, {"reason": "x"}, code=code).status_code == 200
    over, today = ({"reason": "x", "due_on": day} for day in ("2022-06-14", "2022-06-15"))
    for code, deed in (("a", "resumption"), ("b", "redo")):
        assert pointers(move(world, deed, over, code=code)) == ["#/due_on"]
        assert move(world, deed, today, code=code).json()["due_on"] == "2022-06-15"
    assigned(world, "c", due_on="2022-06-10")
    assert pointers(move(world, "requests", {"kind": "extension", **over}, "dich-vong", code="c")) == ["#/due_on"]
    assert move(world, "requests", {"kind": "extension", **today}, "dich-vong", code="c").status_code == 201
    hand.forward(days=3)
    granted = move(world, "requests/1/grant", {}, code="c")
    assert granted.json()["due_on"] == "2022-06-15", "a day that was asked in time may be granted late"


def test_an_extension_is_not_granted_where_no_deadline_is_left(world: World) -> None:
    assigned(world)
    move(world, "requests", {"kind": "extension", "reason": "x", "due_on": "2022-07-30"}, "dich-vong")
    assert amend(world, "viec", due_on=None).status_code == 200
    assert kind(move(world, "requests/1/grant", {})) == (409, "not-now")
    assert move(world, "requests/1/refusal", {"reason": "Không còn hạn"}).status_code == 200


def test_a_correction_of_what_is_done_waits_in_the_statistics(world: World) -> None:
    assigned(world)
    done(world)
    done(world, on="2022-06-12", accept=False)
    told = world.get("administrator", f"/plans/{PLAN}/task-statistics").json()["total"]
    assert (part(world)["progress"], part(world)["awaiting_since"] is not None) == ("done", True)
    assert told["awaiting"] == {"count": 1, "of": 2, "percent": "50"}


def test_a_closed_plan_offers_no_moves(world: World) -> None:
    assigned(world)
    report = done(world, accept=False)
    assert "recall" in names(world, "administrator")
    assert world.get("alternate", f"/submissions/{report['id']}").json()["moves"]
    assert world.post("administrator", f"/plans/{PLAN}/closing").status_code == 200
    assert names(world, "administrator") == names(world, "dich-vong") == set()
    assert world.get("alternate", f"/submissions/{report['id']}").json()["moves"] == []


def test_updates_are_listed_by_pages(world: World) -> None:
    for percent in range(5):
        world.post("dich-vong", f"{TET}/updates", {"unit": "dich-vong", "percent": percent})
    first = world.get("dich-vong", f"{TET}/updates", params={"limit": 3}).json()
    rest = world.get("dich-vong", f"{TET}/updates", params={"limit": 3, "cursor": first["next"]}).json()
    assert [one["percent"] for one in first["items"] + rest["items"]] == [4, 3, 2, 1, 0]
    assert rest["next"] is None


def test_a_short_link_leads_to_the_task_also_after_signing_in(world: World, hand: Hand) -> None:
    """The script keeps the address of a page marked so, and goes there once somebody has signed in."""
    document = {"code": "tb-1", "number": "17/TB-UBND", "issued_on": "2022-01-04", "issuer": "UBND quận", "abstract": "Kết luận"}
    world.post("administrator", f"/plans/{PLAN}/documents", document)
    assigned(world, document="tb-1", point="II.3", coordinators=["nghia-do"], milestones=[{"title": "Họp", "due_on": "2022-07-01"}])
    hand.at = hand.at.replace(hour=1)
    world.post("dich-vong", f"{TASKS}/viec/updates", {"unit": "dich-vong", "percent": 40, "note": "<b>Đã họp</b>"})
    move(world, "requests", {"kind": "new_lead", "reason": "Quá tải", "lead": "quan-hoa"}, "dich-vong")
    move(world, "requests/1/refusal", {"reason": "Đã bàn"})
    move(world, "requests", {"kind": "extension", "reason": "x", "due_on": "2022-08-01"}, "dich-vong")
    link = f"/t/{PLAN}/viec"
    stranger = world.get(None, link)
    assert (stranger.status_code, "data-come-back" in stranger.text, "Việc" in stranger.text) == (401, True, False)
    assert world.get("head", f"/t/{PLAN}/tet").status_code == 404
    assert world.get("head", link).status_code == 200
    page = world.get("dich-vong", link).text
    for said in (
        *("Phường Dịch Vọng chủ trì", "Phòng Nội vụ xác nhận", "Theo 17/TB-UBND ngày 04/01/2022, điểm II.3", "Hạn 15/7/2022"),
        *("Đang thực hiện · Trong hạn", "Chưa thực hiện", "01/7/2022: Họp", "15/6/2022 · Phường Dịch Vọng · 40 %: &lt;b&gt;Đã họp"),
        *("Phường Quan Hoa: Quá tải · Không chấp thuận: Đã bàn", "đến 01/8/2022: x · chờ quyết định"),
    ):
        assert said in page, said
    assert "data-come-back" not in page


def test_a_list_of_tasks_asks_as_little_as_one(world: World) -> None:
    assigned(world, "a", milestones=[{"title": "Họp", "due_on": "2022-07-01"}])
    with statements() as one:
        assert len(world.get("administrator", TASKS).json()["items"]) == 2
    many = [{"code": f"b{n}", "title": "B", "lead": "dich-vong", "appraiser": "noi-vu", "coordinators": ["nghia-do"]} for n in range(40)]
    assert world.post("administrator", TASKS, many).status_code == 201
    with statements() as all_:
        assert len(world.get("administrator", TASKS).json()["items"]) == 42
    assert 10 < len(one) == len(all_), (len(one), len(all_))


def test_statistics_say_of_what_they_are_a_share(world: World, hand: Hand) -> None:
    document = {"code": "tb-1", "issued_on": "2021-03-01", "issuer": "UBND quận", "abstract": "Kết luận"}
    world.post("administrator", f"/plans/{PLAN}/documents", document)
    assigned(world, "a", due_on=None, deadline_phrase="thường xuyên")
    assigned(world, "b", due_on="2022-06-20", document="tb-1")
    assigned(world, "c", lead="nghia-do", due_on="2022-06-16")
    assigned(world, "d", lead="nghia-do")
    move(world, "suspension", {"reason": "x"}, code="d")
    done(world, "nghia-do", "c", on="2022-06-14")
    world.post("dich-vong", f"{TASKS}/a/updates", {"unit": "dich-vong", "percent": 1})
    hand.forward(days=20)
    found = world.get("administrator", f"/plans/{PLAN}/task-statistics", params={"quiet_days": 10}).json()
    total = found["total"]
    assert (total["all"], total["wanted"], total["with_deadline"]) == (5, 4, 3)
    assert total["overdue_of_wanted"] == {"count": 2, "of": 4, "percent": "50"}
    assert total["overdue_of_dated"] == {"count": 2, "of": 3, "percent": "66.67"}
    assert total["not_updated"] == {"count": 3, "of": 3, "percent": "100"}
    assert total["on_time"] == {"count": 1, "of": 1, "percent": "100"}
    assert total["backlog"] == [{"year": 2021, "count": 1}, {"year": 2022, "count": 2}]
    assert [(unit["unit"], unit["all"]) for unit in found["units"]] == [("dich-vong", 3), ("nghia-do", 2)]
    assert sum(state["count"] for state in total["states"]) == 5
    own = world.get("nghia-do", f"/plans/{PLAN}/task-statistics").json()
    assert (own["total"]["all"], [unit["unit"] for unit in own["units"]]) == (2, ["nghia-do"])
    for days, quiet in ((10, ["a", "b", "tet"]), (30, [])):
        listed = world.get("administrator", STATUSES, params={"quiet_days": days}).json()["items"]
        assert [row["task"] for row in listed] == quiet, "nobody is silent about what they were not yet given"


def test_a_document_is_read_into_tasks_and_nothing_is_recorded(world: World) -> None:
    document = {"code": "tb-1", "issued_on": "2022-01-04", "issuer": "UBND quận", "abstract": "Kết luận"}
    world.post("administrator", f"/plans/{PLAN}/documents", document)
    url = f"/plans/{PLAN}/documents/tb-1/reading"
    text = "1. Giao Phòng Nội vụ chủ trì, phối hợp Phường Nghĩa Đô, xong trước ngày 15/8.\n2. Các đơn vị báo cáo hằng tháng."
    before = world.get("administrator", TASKS).json()
    first, second = world.post("administrator", url, {"text": text}).json()
    assert (first["point"], first["lead"], first["coordinators"], first["unread"]) == ("1", "noi-vu", ["nghia-do"], [])
    assert first["deadline"] == {"due_on": "2022-08-14", "roll": "none", "scheme": None, "day": None}
    assert (second["unread"], second["deadline"]["scheme"]) == (["lead"], "month")
    assert world.get("administrator", TASKS).json() == before
    assert world.post("dich-vong", url, {"text": text}).status_code == 403
    assert world.post("administrator", f"/plans/{PLAN}/documents/khong-co/reading", {"text": text}).status_code == 404
    assert pointers(world.post("administrator", url, {"text": "Phòng Nội vụ làm\n" * 1001})) == ["#/text"]


@pytest.mark.parametrize("second", ["report", "acceptance"])
def test_whoever_recalls_a_task_and_whoever_reports_on_it_wait_for_each_other(world: World, second: str) -> None:
    """The recall has not committed when the other comes: it waits, and finds the task recalled."""
    assigned(world)
    report = done(world, accept=False)
    recalled, may_commit = threading.Event(), threading.Event()

    def recall(session: Any) -> None:
        actions.stand(session, SYSTEM, plan=PLAN, code="viec", expected=1, deed=TaskDeed.RECALLED, reason="x")
        recalled.set()
        assert may_commit.wait(30)

    def other() -> Any:
        if second == "acceptance":
            return world.accept(report["id"], "alternate")
        return world.post("dich-vong", "/submissions", {"plan": PLAN, "unit": "dich-vong", "task": "viec", "completed_on": "2022-06-12"})

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(world.database.write, Admission(world.clock.now(), world.clock), recall)
        assert recalled.wait(30)
        late = pool.submit(other)
        with pytest.raises(TimeoutError):
            late.result(0.7)
        may_commit.set()
        first.result()
        answer = late.result()
    assert (part(world)["progress"], shown(world)["standing"]) == ("recalled", "recalled")
    assert pointers(answer) == ["#/task"] if second == "report" else answer.status_code == 200
