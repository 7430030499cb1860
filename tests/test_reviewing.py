"""Returns with a day for the supplement, and one decision on many reports."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clock import ZONE
from tests.conftest import Hand
from tests.test_followup import assigned, done, part
from tests.world import World

MICROSECOND = timedelta(microseconds=1)


def back(world: World, submission: str, **fields: Any) -> Any:
    return world.post(
        "appraiser", f"/submissions/{submission}/return", {"reason": "Thiếu minh chứng", **fields}, headers={"If-Match": '"1"'}
    )


def many(world: World, outcome: str, *reports: Any, who: str = "appraiser", **fields: Any) -> Any:
    """Each of `reports` is an id, or what is sent of it."""
    listed = [{"version": 1, **({"id": one} if isinstance(one, str) else one)} for one in reports]
    return world.post(who, "/submissions/decisions", {"outcome": outcome, "submissions": listed, **fields})


DUE = datetime(2022, 7, 6, tzinfo=ZONE)
"""The figure of June is due to the end of 5/7."""
SUPPLEMENT = datetime(2022, 7, 21, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("sent_at", "supplement_by", "again_at", "is_late"),
    [
        (DUE - MICROSECOND, "2022-07-20", SUPPLEMENT - MICROSECOND, False),
        (DUE - MICROSECOND, "2022-07-20", SUPPLEMENT, True),
        (DUE - MICROSECOND, None, SUPPLEMENT - MICROSECOND, True),
        (DUE, "2022-07-20", SUPPLEMENT - MICROSECOND, True),
    ],
    ids=["to the last microsecond", "a microsecond too late", "no day was named", "late the first time"],
)
def test_a_supplement_in_its_time_is_as_in_time_as_the_first(
    world: World, hand: Hand, sent_at: datetime, supplement_by: str | None, again_at: datetime, is_late: bool
) -> None:
    hand.at = sent_at
    first = world.report(period="2022-06").json()
    hand.at = DUE + timedelta(days=1)
    returned = back(world, first["id"], supplement_by=supplement_by).json()
    assert (returned["decision"]["supplement_by"], returned["decision"]["silence"]) == (supplement_by, "nothing_counts")
    hand.at = again_at
    assert ("late" in world.report(period="2022-06").json()["flags"]) is is_late


def test_silence_after_a_return_leaves_what_was_accepted(world: World) -> None:
    world.accept(world.report(figure="7").json()["id"])
    returned = back(world, world.report(figure="9").json()["id"]).json()
    assert returned["decision"]["silence"] == "earlier_counts"
    assert world.standings()["dich-vong"] == (1, "42")
    assert world.get("dich-vong", "/submissions").json()["items"][0]["decision"]["silence"] == "earlier_counts"


def test_a_supplement_is_not_asked_for_by_a_day_that_is_over(world: World) -> None:
    answer = back(world, world.report().json()["id"], supplement_by="2022-06-14")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/supplement_by"]


def test_one_decision_with_one_reason_is_taken_on_many(world: World) -> None:
    reports = [world.report(unit, figure="9").json()["id"] for unit in ("dich-vong", "nghia-do")]
    decided = many(world, "accepted", *({"id": one, "figure": "8"} for one in reports), reason="Trừ số ghi trùng").json()
    assert [(one["id"], one["state"], one["decision"]["figure"], one["decision"]["reason"]) for one in decided] == [
        (one, "accepted", "8", "Trừ số ghi trùng") for one in reports
    ]
    assert world.standings()["dich-vong"] == (1, "48")
    again = [world.report(unit, figure="9").json()["id"] for unit in ("dich-vong", "nghia-do")]
    returned = many(world, "returned", *again, reason="Thiếu minh chứng", supplement_by="2022-06-20").json()
    assert [(one["state"], one["decision"]["supplement_by"]) for one in returned] == [("returned", "2022-06-20")] * 2
    plain = [world.report(unit, period="2022-04").json()["id"] for unit in ("dich-vong", "nghia-do")]
    assert [one["state"] for one in many(world, "accepted", *plain).json()] == ["accepted"] * 2


def test_one_that_cannot_be_decided_stops_all(world: World) -> None:
    good, done = world.report().json()["id"], world.report("nghia-do").json()["id"]
    world.accept(done)
    missing = "0190a1b2-0000-7000-8000-000000000001"
    fresh = world.report("nghia-do", period="2022-04").json()["id"]
    for outcome, second, fields, status, pointer in (
        ("accepted", done, {}, 412, "#/submissions/1"),
        ("accepted", {"id": done, "version": 2}, {}, 409, "#/submissions/1"),
        ("accepted", missing, {}, 422, "#/submissions/1/id"),
        ("accepted", good, {}, 412, "#/submissions/1"),
        ("accepted", {"id": fresh, "figure": "9"}, {"reason": "x"}, 422, "#/submissions/1/figure"),
        ("accepted", {"id": fresh, "figure": "8"}, {}, 422, "#/reason"),
        ("accepted", fresh, {"supplement_by": "2022-06-20"}, 422, "#/supplement_by"),
        ("returned", fresh, {}, 422, "#/reason"),
        ("returned", {"id": fresh, "figure": "8"}, {"reason": "x"}, 422, "#/submissions/1/figure"),
        ("withdrawn", fresh, {}, 422, "#/outcome"),
    ):
        answer = many(world, outcome, good, second, **fields)
        assert answer.status_code == status, (second, answer.text)
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer], second
    assert many(world, "accepted", good, who="alternate").status_code in {403, 422}
    assert {world.get("appraiser", f"/submissions/{one}").json()["state"] for one in (good, fresh)} == {"waiting"}


def test_a_supplement_makes_no_late_work_timely(world: World, hand: Hand) -> None:
    """The report came in time and was returned; the work was done two days after its deadline, whenever that is reported."""
    assigned(world, due_on="2022-06-15")
    first = done(world, on="2022-06-15", accept=False)
    sent = {"reason": "x", "supplement_by": "2022-06-20"}
    assert world.post("alternate", f"/submissions/{first['id']}/return", sent, headers={"If-Match": '"1"'}).status_code == 200
    hand.at = datetime(2022, 6, 18, 12, tzinfo=ZONE)
    again = done(world, on="2022-06-17")
    assert (again["flags"], again["due_on"]) == ([], "2022-06-15"), "the report is in time"
    assert part(world)["timing"] == "done_late"


def test_a_day_for_the_supplement_holds_for_every_claim_until_it_is_over(world: World, hand: Hand) -> None:
    """The one that came first within it was withdrawn, or is corrected: the next is no later for that."""
    hand.at = DUE - MICROSECOND
    first = world.report(period="2022-06").json()
    back(world, first["id"], supplement_by="2022-07-20")
    hand.at = DUE + timedelta(days=2)
    second = world.report(period="2022-06", figure="8").json()
    assert second["flags"] == []
    world.post("dich-vong", f"/submissions/{second['id']}/withdrawal", headers={"If-Match": '"1"'})
    assert world.report(period="2022-06", figure="7").json()["flags"] == []
    assert world.report(period="2022-06", figure="6").json()["flags"] == []


def test_what_an_outage_excused_may_be_supplemented_in_time(world: World, hand: Hand) -> None:
    hand.at = DUE + timedelta(hours=1)
    late = world.report(period="2022-06").json()
    assert late["flags"] == ["late"]
    outage = {"starts_on": "2022-07-05", "ends_on": "2022-07-05", "moves_to": "2022-07-07", "reason": "x", "source": "x"}
    assert world.call("administrator", "PUT", "/calendar/outages/a", json=outage, headers={"If-Match": '"0"'}).status_code == 200
    back(world, late["id"], supplement_by="2022-07-20")
    hand.at = SUPPLEMENT - MICROSECOND
    assert world.report(period="2022-06").json()["flags"] == []
