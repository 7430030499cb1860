"""Counted events, results of other assessments and waivers: from whoever records them to an explained point."""

from typing import Any

import pytest

from tests.conftest import Hand
from tests.world import MOVEMENT, PLAN, RULEBOOK, World

KIND = {"name": "Bài viết được đăng báo", "appraiser": "noi-vu", "alternate_appraiser": "tai-chinh"}
UNIT = f"/movements/{MOVEMENT}/units/dich-vong"


def item(code: str, measure: dict[str, Any], award: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "title": {"vi": f"Mục {code}"}, "clause": f"Lời văn mục {code}.", "measure": measure, "award": award, **more}


GRADED = {"shape": "grades", "grades": [{"grade": "Tốt", "points": "5"}, {"grade": "Khá", "points": "3"}], "otherwise": "0"}
FED = RULEBOOK | {
    "version": 2,
    "items": [
        RULEBOOK["items"][0] | {"appraiser": "tai-chinh", "alternate_appraiser": "noi-vu"},
        RULEBOOK["items"][1],
        item("C", {"kind": "events", "events": ["bai-bao"]}, {"shape": "each", "points": "2", "limit": "6"}),
        item(
            "D",
            {"kind": "events", "events": ["vi-pham"], "verified": True},
            {"shape": "each", "points": "-5"},
            waivable=True,
            minimum="-20",
        ),
        item("E", {"kind": "grade", "assessment": "par-index"}, GRADED),
        item(
            "F",
            {"kind": "children", "of": {"kind": "figure", "indicator": "thu-nsnn"}, "take": "sum", "without_missing": True},
            {"shape": "each", "points": "1", "limit": "50"},
        ),
    ],
}


def define(world: World, code: str, version: int = 0, **fields: str) -> Any:
    path = f"/plans/{PLAN}/event-kinds/{code}"
    return world.call("administrator", "PUT", path, json=KIND | fields, headers={"If-Match": f'"{version}"'})


def feed(world: World) -> World:
    """The world with two kinds of events, the district itself registered, and a rulebook that takes all that can be recorded."""
    for code in ("bai-bao", "vi-pham"):
        assert define(world, code).status_code == 200
    registration = {"unit": "cau-giay", "cluster": "phuong", "registered_on": "2022-01-05"}
    assert world.post("secretary", f"/movements/{MOVEMENT}/registrations", registration).status_code == 201
    assert world.post("administrator", "/rulebooks", FED).status_code == 201
    warned = world.get("secretary", "/rulebooks/thu/versions/2/warnings", params={"movement": MOVEMENT}).json()["items"]
    adoption = {"rulebook": "thu", "version": 2, "effective_from": "2022-01-01", "acknowledged": [one["warning"] for one in warned]}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption).status_code == 201
    return world


@pytest.fixture
def fed(world: World) -> World:
    return feed(world)


def happened(world: World, who: str = "dich-vong", kind: str = "bai-bao", unit: str = "dich-vong", **fields: Any) -> Any:
    document = {"document_number": "12", "document_date": "2022-05-12", "issuer": "Báo Hànộimới"}
    sent = {"plan": PLAN, "kind": kind, "unit": unit, "on": "2022-05-12", "document": document, **fields}
    return world.post(who, "/counted-events", sent)


def decide(world: World, event: str, move: str, who: str = "alternate", version: int = 1, **sent: Any) -> Any:
    return world.post(who, f"/counted-events/{event}/{move}", sent or None, headers={"If-Match": f'"{version}"'})


def waive(world: World, occurrences: int | None, version: int = 0, who: str = "secretary", node: str = "D", unit: str = UNIT) -> Any:
    sent = {"occurrences": occurrences, "document": "15/UBND-NV", "reason": "Do hệ thống của quận"}
    return world.call(who, "PUT", f"{unit}/waivers/{node}", json=sent, headers={"If-Match": f'"{version}"'})


def result(world: World, version: int = 0, who: str = "secretary", unit: str = UNIT, **sent: Any) -> Any:
    path = f"{unit}/results/par-index"
    return world.call(who, "PUT", path, json={"document": "45/QĐ-UBND", **sent}, headers={"If-Match": f'"{version}"'})


def lines(world: World, view: str = "decided", unit: str = "dich-vong", who: str = "secretary") -> dict[str, Any]:
    answer = world.get(who, f"/movements/{MOVEMENT}/units/{unit}/sheet", params={"view": view})
    assert answer.status_code == 200, answer.text
    return {line["code"]: line for line in answer.json()["lines"]}


def points(world: World, code: str, view: str = "decided", unit: str = "dich-vong") -> str:
    return str(lines(world, view, unit)[code]["points"])


def test_a_claimed_event_counts_once_it_is_accepted(fed: World) -> None:
    event = happened(fed).json()
    assert (event["state"], event["version"], event["appraiser"]) == ("waiting", 1, "noi-vu")
    assert [move["name"] for move in event["moves"]] == ["withdrawal"]
    assert (points(fed, "C", "claimed"), points(fed, "C", "decided")) == ("2", "0")
    seen = fed.get("alternate", f"/counted-events/{event['id']}").json()
    assert [move["name"] for move in seen["moves"]] == ["acceptance", "return"]
    accepted = decide(fed, event["id"], "acceptance", verified=True).json()
    assert (accepted["state"], accepted["version"], accepted["decision"]["by_unit"]) == ("accepted", 2, "noi-vu")
    line = lines(fed)["C"]
    assert (line["points"], line["reason"]) == ("2", "Ghi nhận 1 lần. 1 lần × 2 = 2 điểm.")
    [source] = line["sources"]
    assert source == source | {"kind": "event", "id": event["id"], "documents": ["12 (12/5/2022)"], "reviewer": "noi-vu"}
    assert fed.standings()["dich-vong"][1] == "2"
    history = fed.get("dich-vong", f"/history/event/{event['id']}").json()["items"]
    assert [entry["verb"] for entry in history] == ["event.accepted", "event.recorded"]


def test_what_was_accepted_in_error_is_returned_with_its_reason(fed: World, hand: Hand) -> None:
    event = happened(fed).json()["id"]
    decide(fed, event, "acceptance", verified=True)
    then = hand.now()
    hand.forward(days=1)
    assert decide(fed, event, "return", version=2, reason="Bài không nói về phường").status_code == 200
    assert points(fed, "C") == "0"
    assert fed.standings(as_of=then.isoformat())["dich-vong"][1] == "2", "what was known then"
    over = decide(fed, event, "acceptance", version=3, verified=True)
    assert (over.status_code, over.json()["type"]) == (409, "/problems/already-reviewed")
    assert fed.get("dich-vong", f"/counted-events/{event}").json()["decision"]["reason"] == "Bài không nói về phường"


def test_an_appraiser_records_what_counts_at_once_and_verifies_later(fed: World) -> None:
    """A complaint that is not verified takes nothing off."""
    event = happened(fed, "alternate", "vi-pham", verified=False).json()
    assert (event["state"], event["verified"]) == ("accepted", False)
    assert [move["name"] for move in event["moves"]] == ["acceptance", "return"]
    assert points(fed, "D") == "0"
    assert decide(fed, event["id"], "acceptance", version=2, verified=False).json()["type"] == "/problems/already-reviewed"
    assert decide(fed, event["id"], "acceptance", version=2, verified=True).json()["verified"] is True
    assert points(fed, "D") == "-5"


def test_nobody_decides_on_their_own_event_and_strangers_see_none(fed: World) -> None:
    event = happened(fed).json()["id"]
    assert decide(fed, event, "acceptance", "dich-vong", verified=True).json()["type"] == "/problems/own-work"
    assert decide(fed, event, "acceptance", "appraiser", verified=True).status_code == 404
    assert fed.get("nghia-do", f"/counted-events/{event}").status_code == 404
    assert decide(fed, event, "withdrawal", "nghia-do").status_code == 404
    assert happened(fed, "nghia-do").status_code == 403
    assert happened(fed, "appraiser").status_code == 403, "tai-chinh stands in only where noi-vu would judge itself"
    assert decide(fed, event, "acceptance", version=7, verified=True).status_code == 412
    assert decide(fed, event, "withdrawal", "dich-vong").json()["state"] == "withdrawn"
    assert points(fed, "C", "claimed") == "0"
    assert decide(fed, event, "return", version=2, reason="x").json()["type"] == "/problems/already-reviewed"


def test_who_appraises_everywhere_records_nothing_of_their_own_unit(fed: World) -> None:
    key = {"label": "moi-noi", "role": "appraiser", "reach": "everywhere", "unit": "dich-vong", "expires_at": "2027-01-01T00:00:00+07:00"}
    fed.keys["everywhere"] = fed.post("administrator", "/keys", key).json()["key"]
    assert happened(fed, "everywhere", "vi-pham", unit="nghia-do").json()["state"] == "accepted"
    refused = happened(fed, "everywhere", "bai-bao")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/own-work")


def test_the_alternate_appraises_the_appraiser_and_a_kind_has_versions(fed: World) -> None:
    own = happened(fed, "appraiser", unit="noi-vu")
    assert (own.status_code, own.json()["appraiser"]) == (201, "tai-chinh")
    assert define(fed, "bai-bao").status_code == 412
    assert define(fed, "bai-bao", 1, alternate_appraiser="noi-vu").json()["errors"][0]["pointer"] == "#/alternate_appraiser"
    assert define(fed, "bai-bao", 1, appraiser="tai-chinh", alternate_appraiser="noi-vu").json()["version"] == 2
    assert happened(fed).json()["appraiser"] == "tai-chinh"
    kinds = fed.get("viewer", f"/plans/{PLAN}/event-kinds").json()["items"]
    assert [(kind["code"], kind["version"]) for kind in kinds] == [("bai-bao", 2), ("vi-pham", 1)]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"kind": "khong-co"}, "#/kind"),
        ({"plan": "khong-co"}, "#/plan"),
        ({"on": "2022-06-16"}, "#/on"),
        ({"document": {"document_number": "1", "document_date": "2022-06-16", "issuer": "x"}}, "#/document/document_date"),
        ({"on": "1997-08-31"}, "#/unit"),
    ],
)
def test_wrong_events_are_refused_at_their_field(fed: World, fields: dict[str, Any], pointer: str) -> None:
    refused = happened(fed, **fields)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


def test_lists_are_narrowed_and_kept_within_reach(fed: World) -> None:
    ids = [happened(fed, on=day).json()["id"] for day in ("2022-05-01", "2022-05-02", "2022-05-03")]
    decide(fed, ids[0], "acceptance", verified=True)
    asked = {"unit": "dich-vong", "state": "waiting", "limit": 1}
    first = fed.get("alternate", "/counted-events", params=asked).json()
    assert [one["id"] for one in first["items"]] == [ids[2]]
    second = fed.get("alternate", "/counted-events", params={**asked, "cursor": first["next"]}).json()
    assert ([one["id"] for one in second["items"]], second["next"]) == ([ids[1]], None)
    assert [one["id"] for one in fed.get("dich-vong", "/counted-events", params={"state": "accepted"}).json()["items"]] == [ids[0]]
    assert fed.get("nghia-do", "/counted-events").json()["items"] == []


def test_a_waiver_takes_occurrences_out_and_says_by_whose_word(fed: World) -> None:
    for _ in range(3):
        happened(fed, "alternate", "vi-pham")
    assert points(fed, "D") == "-15"
    assert waive(fed, 2).json()["occurrences"] == 2
    line = lines(fed)["D"]
    assert (line["points"], "Miễn trừ 2 lần, còn 1 lần." in line["reason"]) == ("-5", True)
    [granted] = [source for source in line["sources"] if source["kind"] == "waiver"]
    assert (granted["documents"], granted["reason"]) == (["15/UBND-NV"], "Do hệ thống của quận")
    assert waive(fed, None).status_code == 412
    assert waive(fed, None, 1).status_code == 200
    assert points(fed, "D") == "0"
    assert waive(fed, 0, 2).status_code == 200
    assert points(fed, "D") == "-15"
    assert [one["occurrences"] for one in fed.get("dich-vong", f"{UNIT}/waivers").json()["items"]] == [0]
    assert waive(fed, 1, node="C").json()["type"] == "/problems/not-waivable"
    assert waive(fed, 1, node="khong-co").status_code == 404
    assert waive(fed, 1, 3, who="administrator").status_code == 403
    assert fed.get("nghia-do", f"{UNIT}/waivers").status_code == 404


def test_a_result_of_another_assessment_gives_its_points_until_it_is_taken_back(fed: World) -> None:
    assert "Chưa có" in lines(fed)["E"]["reason"]
    assert result(fed, grade="Tốt", number="91.5").status_code == 200
    line = lines(fed)["E"]
    assert (line["points"], line["sources"][0]["kind"], line["sources"][0]["documents"]) == ("5", "result", ["45/QĐ-UBND"])
    assert result(fed, 1, grade="Khá").status_code == 200
    assert points(fed, "E") == "3"
    assert result(fed, 2).status_code == 200
    assert points(fed, "E") == "0"
    assert result(fed, 2, grade="Tốt").status_code == 412
    assert result(fed, 3, who="dich-vong", grade="Tốt").status_code == 403
    assert [one["version"] for one in fed.get("viewer", f"{UNIT}/results").json()["items"]] == [3]


def test_units_above_are_scored_on_those_below(fed: World) -> None:
    fed.accept(fed.report("dich-vong", "9").json()["id"])
    assert points(fed, "F", unit="cau-giay") == "9"
    fed.accept(fed.report("nghia-do", "4").json()["id"])
    assert fed.standings()["cau-giay"][1] == "13", "what happens below moves the board above"
    line = lines(fed, unit="cau-giay")["F"]
    assert len(line["sources"]) == 2


def test_a_rulebook_says_what_a_movement_records_nowhere(world: World) -> None:
    assert world.post("administrator", "/rulebooks", FED).status_code == 201
    plain = world.get("secretary", "/rulebooks/thu/versions/2/warnings").json()["items"]
    warned = world.get("secretary", "/rulebooks/thu/versions/2/warnings", params={"movement": MOVEMENT}).json()["items"]
    assert [one for one in warned if one not in plain] == [
        {
            "warning": "no-source",
            "path": "total",
            "text": "Bảng tiêu chí tính những nội dung mà phong trào này chưa ghi nhận ở đâu: bai-bao, vi-pham. "
            "Khi chưa có số liệu, tính theo missing; sự việc thì tính là không có lần nào.",
        }
    ]
    adoption = {"rulebook": "thu", "version": 2, "effective_from": "2022-06-01"}
    refused = world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/unacknowledged-warnings")
    assert "no-source" in refused.json()["detail"]


def test_an_indicator_that_is_known_too_late_is_named(world: World) -> None:
    fields = {
        "code": "nam",
        "name": "Cả năm",
        "unit_of_measure": "%",
        "accumulation": "cumulative",
        "owner": "noi-vu",
        "appraiser": "noi-vu",
        "alternate_appraiser": "tai-chinh",
        "period_scheme": "year",
    }
    assert world.post("administrator", f"/plans/{PLAN}/indicators", fields).status_code == 201
    assert world.post("secretary", f"/movements/{MOVEMENT}/adoptions", {"indicators": ["nam"]}).status_code == 201
    asked = RULEBOOK["items"][0] | {"measure": {"kind": "percent_of_target", "indicator": "nam"}}
    assert world.post("administrator", "/rulebooks", RULEBOOK | {"version": 2, "items": [asked]}).status_code == 201
    for version, late in ((1, []), (2, ["known-too-late"])):
        warned = world.get("secretary", f"/rulebooks/thu/versions/{version}/warnings", params={"movement": MOVEMENT}).json()["items"]
        assert [one["warning"] for one in warned] == late
