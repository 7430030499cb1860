"""Sheets posted for opinion, comments and their answers; second looks at a mark."""

import hashlib
from datetime import datetime
from typing import Any

import pytest
import rfc8785

from app.clock import ZONE
from tests.conftest import Hand
from tests.test_events import feed, happened
from tests.test_followup import kind, pointers
from tests.test_marks import marked, put, release, sheet  # noqa: F401 - a fixture
from tests.world import MOVEMENT, World

UNIT = f"/movements/{MOVEMENT}/units/dich-vong"


def posted(world: World, who: str = "dich-vong", **fields: Any) -> Any:
    return world.post(who, f"{UNIT}/postings", fields)


def said(world: World, who: str = "nghia-do", **fields: Any) -> Any:
    sent = {"channel": "unit", "by_unit": "nghia-do", "text": "Đề nghị xem lại", **fields}
    return world.post(who, f"{UNIT}/postings/1/comments", {name: value for name, value in sent.items() if value is not None})


def comments(world: World, who: str) -> list[Any]:
    found: list[Any] = world.get(who, f"{UNIT}/postings/1/comments").json()["items"]
    return found


def test_a_posted_sheet_is_frozen_as_it_was_claimed(world: World) -> None:
    world.report(figure="9")
    first = posted(world, days=7)
    assert first.status_code == 201, first.text
    content = first.json()["content"]
    assert (content["view"], content["total"], first.json()["open_until"]) == ("claimed", "54", "2022-06-22")
    assert hashlib.sha256(rfc8785.dumps(content)).hexdigest() == first.json()["digest"]
    world.report(figure="10")
    seen = world.get("viewer", f"{UNIT}/postings/1").json()
    assert (seen["content"], seen["position"]) == (content, first.json()["position"])
    assert world.get("nghia-do", f"{UNIT}/postings/1").json()["content"] == content, "what is posted is for everybody"
    assert world.get("nghia-do", f"{UNIT}/sheet", params={"view": "claimed"}).status_code in {403, 404}


def test_it_is_posted_for_five_days_at_least_and_one_at_a_time(world: World, hand: Hand) -> None:
    assert pointers(posted(world, days=4)) == ["#/days"]
    assert posted(world, "nghia-do").status_code in {403, 404}
    assert posted(world, "secretary").status_code == 403
    assert posted(world).json()["open_until"] == "2022-06-20", "the fifth day; five days on is a Monday"
    hand.at = datetime(2022, 6, 20, 23, 59, 59, 999_999, ZONE)
    assert kind(posted(world)) == (409, "already-posted")
    hand.forward(seconds=0.000001)
    assert posted(world).json()["number"] == 2
    assert [one["number"] for one in world.get("viewer", f"{UNIT}/postings").json()["items"]] == [2, 1]


def test_comments_of_units_and_those_received_otherwise_are_each_answered(world: World, hand: Hand) -> None:
    posted(world)
    assert said(world, node="A").json()["late"] is False
    letter = {"channel": "post", "by_unit": None, "author": "Một người dân", "received_on": "2022-06-14", "text": "Chưa đúng"}
    assert said(world, "secretary", **letter).status_code == 201
    hand.at = datetime(2022, 6, 21, tzinfo=ZONE)
    assert said(world).json()["late"] is True, "taken and marked"
    assert [(one["channel"], one["author"]) for one in comments(world, "dich-vong")] == [
        ("unit", None),
        ("post", "Một người dân"),
        ("unit", None),
    ]
    assert [one["channel"] for one in comments(world, "nghia-do")] == ["unit", "unit"], "one's own"
    first = comments(world, "secretary")[0]["id"]
    told = {"outcome": "explained", "text": "Đã đối chiếu"}
    assert world.post("nghia-do", f"/comments/{first}/answer", told).status_code == 404
    assert world.post("dich-vong", f"/comments/{first}/answer", told).json()["answer"]["text"] == "Đã đối chiếu"
    assert kind(world.post("secretary", f"/comments/{first}/answer", told)) == (409, "already-answered")


def test_only_a_verified_comment_changes_facts_and_by_an_event(world: World) -> None:
    feed(world)
    posted(world)
    ids = [said(world).json()["id"] for _ in range(2)]
    before = world.standings()
    unverified = world.post("dich-vong", f"/comments/{ids[0]}/answer", {"outcome": "unverified", "text": "Không có căn cứ"})
    assert unverified.status_code == 200
    assert world.standings() == before
    verified = {"outcome": "verified", "text": "Đúng như phản ánh"}
    assert pointers(world.post("secretary", f"/comments/{ids[1]}/answer", verified)) == ["#/event"]
    other = happened(world, "alternate", "vi-pham", unit="nghia-do").json()["id"]
    assert pointers(world.post("secretary", f"/comments/{ids[1]}/answer", {**verified, "event": other})) == ["#/event"]
    event = happened(world, "alternate", "vi-pham").json()["id"]
    answered = world.post("secretary", f"/comments/{ids[1]}/answer", {**verified, "event": event}).json()
    assert answered["answer"]["event"] == event
    assert world.standings()["dich-vong"][1] == str(float(before["dich-vong"][1] or 0) - 5).removesuffix(".0")


@pytest.mark.parametrize(
    ("who", "fields", "pointer"),
    [
        ("nghia-do", {"by_unit": None}, "#/by_unit"),
        ("nghia-do", {"author": "x"}, "#/author"),
        ("nghia-do", {"received_on": "2022-06-14"}, "#/received_on"),
        ("secretary", {"channel": "post"}, "#/by_unit"),
        ("secretary", {"channel": "post", "by_unit": None, "received_on": "2022-06-16"}, "#/received_on"),
        ("nghia-do", {"text": ""}, "#/text"),
    ],
)
def test_what_is_no_comment_is_refused_at_its_field(world: World, who: str, fields: dict[str, Any], pointer: str) -> None:
    posted(world)
    assert pointers(said(world, who, **fields)) == [pointer]
    assert said(world, "dich-vong").status_code == 403, "in the name of another"
    assert said(world, "nghia-do", channel="post", by_unit=None).status_code == 403
    assert comments(world, "secretary") == []


def asked(world: World, who: str = "dich-vong", node: str = "C") -> Any:
    return world.post(who, f"{UNIT}/re-examinations", {"node": node, "reason": "Gửi đúng hạn"})


def second(world: World) -> str:
    """Another appraiser of the same unit."""
    sent = {"label": "hai", "role": "appraiser", "unit": "noi-vu", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["second"] = world.post("administrator", "/keys", sent).json()["key"]
    return "second"


def answered(world: World, one: str, who: str, **fields: Any) -> Any:
    return world.post(who, f"/re-examinations/{one}/answer", {"outcome": "changed", "points": "9", "reason": "Đã đối chiếu", **fields})


def test_somebody_else_looks_again_and_both_decisions_stay(marked: World) -> None:  # noqa: F811
    assert pointers(asked(marked)) == ["#/node"], "nothing was released"
    put(marked, "alternate", "C", "appraised", "7")
    assert pointers(asked(marked)) == ["#/node"], "a draft is not there"
    release(marked, "alternate", "noi-vu", ("dich-vong", "C", 1))
    one = asked(marked).json()
    assert (one["mark_version"], one["answer"]) == (1, None)
    assert kind(asked(marked)) == (409, "already-asked")
    path = f"/movements/{MOVEMENT}/re-examinations"
    assert len(marked.get("secretary", path, params={"unanswered": "true"}).json()["items"]) == 1
    assert marked.get("nghia-do", path).json()["items"] == []
    assert kind(answered(marked, one["id"], "alternate")) == (403, "first-decided")
    assert kind(answered(marked, one["id"], "dich-vong")) == (403, "own-work")
    assert kind(answered(marked, one["id"], "appraiser")) == (403, "not-allowed")
    who = second(marked)
    assert pointers(answered(marked, one["id"], who, points=None)) == ["#/points"]
    assert pointers(answered(marked, one["id"], who, outcome="upheld")) == ["#/points"]
    assert pointers(answered(marked, one["id"], who, points="10.5")) == ["#/points"]
    assert marked.standings()["dich-vong"] == (1, "7")
    done = answered(marked, one["id"], who).json()
    assert (done["answer"]["outcome"], done["answer"]["mark_version"], done["mark_version"]) == ("changed", 2, 1)
    assert marked.standings()["dich-vong"] == (1, "9")
    assert kind(answered(marked, one["id"], who)) == (409, "already-answered")
    assert marked.get("secretary", path, params={"unanswered": "true"}).json()["items"] == []
    assert sheet(marked, "decided")["C"]["mark"]["reason"] == "Đã đối chiếu"


def test_a_mark_is_upheld_and_stays(marked: World) -> None:  # noqa: F811
    put(marked, "alternate", "C", "appraised", "7")
    release(marked, "alternate", "noi-vu", ("dich-vong", "C", 1))
    one = asked(marked).json()["id"]
    assert answered(marked, one, second(marked), outcome="upheld", points=None).json()["answer"]["mark_version"] is None
    assert marked.standings()["dich-vong"] == (1, "7")


def test_a_second_look_is_asked_for_within_ten_working_days(marked: World, hand: Hand) -> None:  # noqa: F811
    for unit in ("dich-vong", "nghia-do"):
        put(marked, "alternate", "C", "appraised", "7", unit=unit)
    release(marked, "alternate", "noi-vu", ("dich-vong", "C", 1), ("nghia-do", "C", 1))
    hand.at = datetime(2022, 6, 29, 23, 59, 59, 999_999, ZONE)
    assert asked(marked).status_code == 201
    hand.forward(seconds=0.000001)
    late = marked.post("nghia-do", f"/movements/{MOVEMENT}/units/nghia-do/re-examinations", {"node": "C", "reason": "x"})
    assert kind(late) == (409, "too-late-to-ask")
