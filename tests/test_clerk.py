"""What a clerk tried who wanted a wrong number on the board, or was merely clumsy: each way in was open once."""

from datetime import datetime
from typing import Any

import pytest

from app.clock import ZONE
from tests.conftest import Hand
from tests.files import PDF
from tests.test_evidence import upload
from tests.world import MOVEMENT, PLAN, RULEBOOK, World

RANKING = f"/movements/{MOVEMENT}/ranking"
SHEET = f"/movements/{MOVEMENT}/units/dich-vong/sheet"


def key(world: World, name: str, **fields: Any) -> None:
    sent = {"label": name, "expires_at": "2027-01-01T00:00:00+07:00", **fields}
    answer = world.post("administrator", "/keys", sent)
    assert answer.status_code == 201, answer.text
    world.keys[name] = answer.json()["key"]


TASK_ANSWERS = {"point", "series", "period", "standing", "standing_reason", "round", "parts", "lacking", "moves"}


def amend(world: World, path: str, **changes: Any) -> Any:
    """PUT what was read, with changes."""
    now = world.get("administrator", path).json()
    kept = {
        name: value
        for name, value in now.items()
        if name not in {"plan", "code", "version", "document", "state", "kind", *TASK_ANSWERS} or name in changes
    }
    if path.startswith("/units"):
        kept["kind"] = now["kind"]
    sent = {name: value for name, value in {**kept, **changes}.items() if value is not None}
    return world.call("administrator", "PUT", path, json=sent, headers={"If-Match": f'"{now["version"]}"'})


def test_ready_bytes_do_not_outlive_the_day(world: World, hand: Hand) -> None:
    """A rulebook takes effect at midnight without an entry; the warm reader sees it as the cold one does."""
    hand.at = datetime(2022, 6, 19, 23, 59, 50, tzinfo=ZONE)
    flat = {**RULEBOOK, "version": 2, "items": [{**RULEBOOK["items"][0], "standard": "6"}]}
    assert world.post("administrator", "/rulebooks", flat).status_code == 201
    world.accept(world.report(figure="10").json()["id"])
    adoption = {"rulebook": "thu", "version": 2, "effective_from": "2022-06-20"}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption).status_code == 201
    before = world.get("secretary", RANKING).json()
    assert before["valid_until"] == "2022-06-20T00:00:00+07:00"
    assert world.standings()["dich-vong"] == (1, "60")
    hand.forward(seconds=20)
    assert world.standings()["dich-vong"] == (1, "6")
    assert world.get("secretary", SHEET).json()["total"] == "6"


def test_whoever_belongs_to_the_sender_does_not_appraise_it(world: World) -> None:
    person = world.post("administrator", "/people", {"code": "hai-vai"}).json()["id"]
    for role, unit in (("unit_officer", "dich-vong"), ("appraiser", "tai-chinh")):
        world.post("administrator", f"/people/{person}/roles", {"role": role, "unit": unit})
    link = world.post("administrator", f"/people/{person}/links").json()["token"]
    world.keys["both"] = world.post(None, "/session/link", {"token": link}).json()["token"]
    submission = world.report().json()["id"]
    assert world.accept(submission, "both").json()["type"] == "/problems/own-work"
    assert world.accept(world.report("nghia-do").json()["id"], "both").status_code == 200, "another unit's is theirs to judge"


def test_an_idempotency_key_covers_bytes_question_and_precondition(world: World) -> None:
    once = {"Idempotency-Key": "ev1"}
    assert upload(world, headers=once).status_code == 201
    assert upload(world, headers=once).headers["Idempotency-Replayed"] == "true"
    assert upload(world, content=PDF + b"2", headers=once).json()["type"] == "/problems/key-reused"
    submission = world.report().json()["id"]
    place, headers = f"/submissions/{submission}/acceptance", {"Idempotency-Key": "a1"}
    assert world.post("appraiser", place, headers={**headers, "If-Match": '"1"'}).status_code == 200
    assert world.post("appraiser", place, headers={**headers, "If-Match": '"999"'}).json()["type"] == "/problems/key-reused"


def test_closed_reporting_and_closed_plans_take_nothing_more(world: World, hand: Hand) -> None:
    waiting = world.report(figure="5").json()["id"]
    for version, state in ((1, "launched"), (2, "reporting_closed")):
        moved = world.post("secretary", f"/movements/{MOVEMENT}/state", {"state": state}, headers={"If-Match": f'"{version}"'})
        assert moved.status_code == 200, moved.text
    hand.forward(minutes=1)
    late = world.report(figure="10").json()["id"]
    assert world.accept(late).status_code == 200, "a fact is recorded all the same"
    assert world.standings()["dich-vong"] == (1, "0"), "but this movement had closed"
    other = world.report("nghia-do", figure="5").json()["id"]
    assert world.post("administrator", f"/plans/{PLAN}/closing").status_code == 200
    assert world.accept(other).json()["type"] == "/problems/plan-closed"
    assert world.accept(waiting).status_code in {409, 412}


def test_what_was_done_keeps_the_deadline_it_was_done_by(world: World) -> None:
    sent = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-01-26"}
    world.accept(world.post("dich-vong", "/submissions", sent).json()["id"], "alternate")
    assert world.standings()["dich-vong"] == (1, "40")
    assert amend(world, f"/plans/{PLAN}/tasks/tet", due_on="2022-01-01").status_code == 200
    assert world.standings()["dich-vong"] == (1, "40")
    assert world.get("dich-vong", f"/plans/{PLAN}/task-statuses").json()["items"][0]["timing"] == "done_on_time"
    refused = amend(world, f"/plans/{PLAN}/tasks/tet", lead="nghia-do")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-now"), "what is done keeps its lead"
    assert world.standings() == {"dich-vong": (1, "40"), "nghia-do": (2, "0"), "quan-hoa": (None, None)}


@pytest.mark.parametrize(
    "change",
    [
        {"period_scheme": "quarter"},
        {"accumulation": "period_value"},
        {"unit_of_measure": "%"},
        {"scale": "million"},
        {"comparator": "at_most"},
    ],
)
def test_how_an_indicator_is_counted_does_not_change(world: World, change: dict[str, str]) -> None:
    refused = amend(world, f"/plans/{PLAN}/indicators/thu-nsnn", **change)
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"#/{next(iter(change))}"]


@pytest.mark.parametrize("period", ["2021-12", "1990-01", "2023-01"])
def test_a_period_lies_in_the_plans_year(world: World, period: str) -> None:
    assert world.report(period=period).json()["errors"][0]["pointer"] == "#/period"


def test_until_leaves_out_what_was_done_later_and_as_of_tells_no_future(world: World, hand: Hand) -> None:
    sent = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-01-26"}
    submission = world.post("dich-vong", "/submissions", sent).json()["id"]
    between = hand.now().isoformat()
    hand.forward(hours=1)
    world.accept(submission, "alternate")
    assert world.standings(until="2022-01-25")["dich-vong"] == (1, "0")
    assert world.standings(until="2022-01-26")["dich-vong"] == (1, "40")
    claimed = world.get("dich-vong", SHEET, params={"as_of": between, "view": "claimed"}).json()
    cited = [source for line in claimed["lines"] for source in line["sources"]]
    assert [source["reviewer"] for source in cited] == [None]


def test_only_open_and_registered_units_are_ranked(world: World) -> None:
    world.post(
        "secretary", f"/movements/{MOVEMENT}/registrations", {"unit": "quan-hoa", "cluster": "phuong", "registered_on": "2099-01-01"}
    )
    assert amend(world, "/units/nghia-do", closes_on="2022-06-01").status_code == 200
    assert world.standings() == {"dich-vong": (1, "0"), "nghia-do": (None, None), "quan-hoa": (None, None)}


def test_a_withdrawn_successor_does_not_block_the_report_before_it(world: World) -> None:
    first, second = world.report(figure="5").json()["id"], world.report(figure="6").json()["id"]
    assert world.accept(first).json()["type"] == "/problems/superseded"
    world.post("dich-vong", f"/submissions/{second}/withdrawal", headers={"If-Match": '"1"'})
    assert world.accept(first).status_code == 200


def test_a_phase_opens_points_and_not_reports(world: World) -> None:
    now = world.get("secretary", f"/movements/{MOVEMENT}").json()
    fields = {name: now[name] for name in ("name", "window_from", "window_to", "launched_on", "goal_on", "ceremony_on", "closes_on")}
    world.call("secretary", "PUT", f"/movements/{MOVEMENT}", json={**fields, "phase": "all_units"}, headers={"If-Match": '"1"'})
    world.accept(world.report().json()["id"])
    world.report(figure="10")
    seen = world.get("nghia-do", SHEET).json()
    assert seen["total"] == "54"
    assert all(line["sources"] == [] for line in seen["lines"])
    assert world.get("nghia-do", SHEET, params={"view": "claimed"}).status_code == 403
    key(world, "no-read", role="unit_officer", unit="nghia-do", scopes=["progress:submit"])
    assert world.get("no-read", SHEET).status_code == 403
    claim = {"plan": PLAN, "unit": "nghia-do", "indicator": "thu-nsnn", "period": "2022-05", "figure": "1"}
    assert world.post("no-read", "/submissions", claim).status_code == 201, "a key that only submits can submit"


def test_movements_are_managed_from_everywhere_only_and_drafts_are_theirs(world: World) -> None:
    key(world, "local", role="council_secretary", reach="own_branch", unit="noi-vu")
    sent = {"unit": "nghia-do", "cluster": "phuong"}
    assert world.post("local", f"/movements/{MOVEMENT}/registrations", sent).status_code == 403
    assert world.get("viewer", f"/movements/{MOVEMENT}").status_code == 404, "it is a draft"
    assert world.get("viewer", f"/movements/{MOVEMENT}/timeline").status_code == 404
    assert world.get("viewer", "/movements").json()["items"] == []
    world.post("secretary", f"/movements/{MOVEMENT}/state", {"state": "launched"}, headers={"If-Match": '"1"'})
    assert world.get("viewer", f"/movements/{MOVEMENT}").status_code == 200


def test_huge_and_tiny_numbers_are_answered(world: World) -> None:
    target = {"unit": "dich-vong", "source": "district", "figure": "0.0000000001", "last_year": "0.0000000001"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", target).status_code == 201
    world.accept(world.report(figure="9" * 20).json()["id"])
    results = world.get("dich-vong", f"/plans/{PLAN}/results")
    assert results.status_code == 200, results.text
    assert results.json()["items"][0]["percent_of_target"].startswith("99999999999999999999")
    assert world.get("dich-vong", SHEET).status_code == 200
    assert world.get("secretary", RANKING).status_code == 200


def test_a_rulebook_of_tiny_steps_can_be_read_again(world: World) -> None:
    tiny = {"shape": "steps", "over": "0.0000000", "per": "0.0000001", "points": "0.000001", "limit": "5"}
    second = {**RULEBOOK, "version": 2, "items": [{**RULEBOOK["items"][0], "award": tiny}]}
    assert world.post("administrator", "/rulebooks", second).status_code == 201
    assert (
        world.post(
            "secretary", f"/movements/{MOVEMENT}/rulebooks", {"rulebook": "thu", "version": 2, "effective_from": "2022-06-01"}
        ).status_code
        == 201
    )
    assert world.get("secretary", RANKING).status_code == 200
    for wrong in ("-+5", "5.", ".5", "1e3", "+"):
        faulty = {**RULEBOOK, "version": 3, "items": [{**RULEBOOK["items"][0], "standard": wrong}]}
        assert world.post("administrator", "/rulebooks", faulty).json()["type"] == "/problems/faulty-rulebook", wrong
    crossed = {"code": "G", "title": {"vi": "G"}, "items": RULEBOOK["items"], "maximum": "5", "minimum": "10"}
    assert world.post("administrator", "/rulebooks", {**RULEBOOK, "version": 3, "items": [crossed]}).status_code == 422


def test_questions_at_the_edge_of_time_and_script(world: World) -> None:
    for instant in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert world.get("secretary", RANKING, params={"as_of": instant}).status_code == 422
        assert world.get("secretary", SHEET, params={"as_of": instant}).status_code == 422
    assert world.get("secretary", f"/history/movement/{MOVEMENT}", params={"cursor": "WyJcdTAwYjIiXQ"}).status_code == 422
    plain = world.get("secretary", RANKING, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers


def test_a_history_is_paged_by_what_the_reader_sees(world: World) -> None:
    for figure in ("1", "2", "3"):
        target = {"unit": "nghia-do", "source": "district", "figure": figure}
        world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", target)
    path = f"/history/indicator/{PLAN}/thu-nsnn"
    mine = world.get("dich-vong", path).json()["items"]
    assert world.get("dich-vong", path, params={"limit": 1}).json()["items"] == mine[:1]


def test_ending_a_device_ends_what_it_started(world: World) -> None:
    person = world.post("administrator", "/people", {"code": "cb-9"}).json()["id"]
    world.post("administrator", f"/people/{person}/roles", {"role": "viewer", "unit": "dich-vong"})
    link = world.post("administrator", f"/people/{person}/links").json()["token"]
    world.keys["cb-9"] = world.post(None, "/session/link", {"token": link}).json()["token"]
    world.call("cb-9", "PUT", "/me/password", json={"password": "mat-khau-rat-dai"})
    signed = world.post(None, "/session", {"code": "cb-9", "password": "mat-khau-rat-dai", "device": "Máy mượn"}).json()
    world.keys["borrowed"] = signed["token"]
    device = next(row for row in world.get("cb-9", "/me/sign-ins").json()["items"] if row["kind"] == "d")
    assert world.post("cb-9", f"/me/sign-ins/{device['id']}/end").status_code == 200
    assert world.get("borrowed", "/me").status_code == 401
    assert world.get("cb-9", "/me").status_code == 200
