"""Outages: every deadline on their days is moved in one act, for what came before it was recorded and for what comes after."""

import hashlib
from datetime import date, datetime
from typing import Any

import pytest
import rfc8785

from app.audit.rules import leaf_hash
from app.calendar.rules import Calendar, Outage, Roll
from app.clock import ZONE
from tests.conftest import Hand
from tests.test_followup import assigned, done, part, pointers
from tests.test_marks import sheet
from tests.world import MOVEMENT, RULEBOOK, World

TIMELY = RULEBOOK | {
    "version": 2,
    "items": [
        {
            "code": "R",
            "title": {"vi": "Báo cáo đúng hạn", "en": "Reports in time"},
            "clause": "Mỗi báo cáo chậm trừ 5 điểm.",
            "standard": "0",
            "measure": {"kind": "reports_late"},
            "award": {"shape": "each", "points": "-5"},
        },
        RULEBOOK["items"][1],
    ],
}
DOWN = {"starts_on": "2022-07-04", "ends_on": "2022-07-06", "moves_to": "2022-07-11", "reason": "Mất điện", "source": "15/UBND-NV"}


def declare(world: World, version: int = 0, who: str = "administrator", **fields: Any) -> Any:
    return world.call(who, "PUT", "/calendar/outages/su-co", json=DOWN | fields, headers={"If-Match": f'"{version}"'})


def july(day: int, *clock: int) -> datetime:
    hour, minute, second, microsecond = (*clock, 0, 0, 0, 0)[:4]
    return datetime(2022, 7, day, hour, minute, second, microsecond, ZONE)


def test_a_day_moves_through_one_outage_into_the_next() -> None:
    first, second = (Outage(*(date(2022, 7, day) for day in days)) for days in ((4, 6, 11), (11, 12, 15)))
    calendar = Calendar(outages=(first, second))
    moved = {day: calendar.moved(date(2022, 7, day)).day for day in range(3, 14)}
    assert moved == {3: 3, 4: 15, 5: 15, 6: 15, 7: 7, 8: 8, 9: 9, 10: 10, 11: 15, 12: 15, 13: 13}
    assert calendar.rolled(date(2022, 7, 3), Roll.FORWARD) == date(2022, 7, 15), "a Sunday rolls into the outage"


def test_of_outages_that_cover_a_day_the_furthest_counts() -> None:
    long, near, far = (Outage(*(date(2022, 7, day) for day in days)) for days in ((1, 7, 8), (4, 6, 11), (4, 6, 20)))
    assert Calendar(outages=(long, far)).moved(date(2022, 7, 5)) == date(2022, 7, 20)
    assert Calendar(outages=(near, Outage(date(2022, 7, 4), date(2022, 7, 6), date(2022, 7, 8)))).moved(date(2022, 7, 5)) == date(
        2022, 7, 11
    )
    off = Calendar(off=frozenset({date(2022, 7, 11)}), outages=(near,))
    assert off.moved(date(2022, 7, 5)) == date(2022, 7, 12), "a day that was declared off since"


def flags(world: World, who: str = "dich-vong") -> list[str]:
    found: list[str] = world.get(who, "/submissions", params={"period": "2022-06"}).json()["items"][0]["flags"]
    return found


@pytest.fixture
def timely(world: World) -> World:
    """A rulebook that takes points for late reports; the figure of June is due on 5/7."""
    assert world.post("administrator", "/rulebooks", TIMELY).status_code == 201
    adoption = {"rulebook": "thu", "version": 2, "effective_from": "2022-06-01"}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption).status_code == 201
    return world


def late_points(world: World) -> str:
    line: str = sheet(world, "decided")["R"]["points"]
    return line


def test_what_came_late_because_of_it_is_late_no_more(timely: World, hand: Hand) -> None:
    for month in range(1, 6):
        timely.accept(timely.report(period=f"2022-0{month}").json()["id"])
    before = late_points(timely)
    hand.at = july(7)
    report = timely.report(period="2022-06").json()
    assert (report["flags"], report["due_on"]) == (["late"], "2022-07-05")
    timely.accept(report["id"])
    assert float(late_points(timely)) == float(before) - 5
    then = hand.at
    hand.forward(hours=1)
    assert declare(timely).status_code == 200
    assert flags(timely) == []
    assert late_points(timely) == before
    earlier = timely.get("secretary", f"/movements/{MOVEMENT}/units/dich-vong/sheet", params={"as_of": then.isoformat()}).json()
    assert float({line["code"]: line["points"] for line in earlier["lines"]}["R"]) == float(before) - 5, "known from its entry on"
    assert declare(timely, 1, moves_to=None).status_code == 200
    assert flags(timely) == ["late"], "an outage may be taken back"


@pytest.mark.parametrize(("at", "is_late"), [(july(11, 23, 59, 59, 999_999), False), (july(12), True)])
def test_what_comes_after_it_was_recorded_is_judged_by_the_new_day(timely: World, hand: Hand, at: datetime, *, is_late: bool) -> None:
    hand.at = july(7)
    assert declare(timely).status_code == 200
    hand.at = at
    report = timely.report(period="2022-06").json()
    assert (report["due_on"], "late" in report["flags"]) == ("2022-07-11", is_late)


def test_tasks_move_too_and_what_lies_outside_stays(world: World, hand: Hand) -> None:
    for code, day in (("a", "2022-07-05"), ("b", "2022-07-03"), ("c", "2022-07-05")):
        assigned(world, code, due_on=day)
    hand.at = july(8)
    done(world, code="c", on="2022-07-08")
    assert [part(world, code=code)["timing"] for code in "abc"] == ["overdue", "overdue", "done_late"]
    assert declare(world).status_code == 200
    assert [part(world, code=code)["timing"] for code in "abc"] == ["due_soon", "overdue", "done_on_time"]
    assert [part(world, code=code)["due_on"] for code in "abc"] == ["2022-07-11", "2022-07-03", "2022-07-11"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"ends_on": "2022-07-03"}, "#/ends_on"),
        ({"moves_to": "2022-07-06"}, "#/moves_to"),
        ({"moves_to": "2022-07-09"}, "#/moves_to"),
        ({"reason": ""}, "#/reason"),
    ],
    ids=["ends before it starts", "moves into itself", "a Saturday", "no reason"],
)
def test_what_is_no_outage_is_refused(world: World, fields: dict[str, Any], pointer: str) -> None:
    assert pointers(declare(world, **fields)) == [pointer]
    assert world.get("viewer", "/calendar/outages").json()["items"] == []


def test_only_the_office_declares_one_and_at_the_version_it_read(world: World) -> None:
    assert declare(world, who="secretary").status_code == 403
    assert declare(world).json()["version"] == 1
    assert declare(world).status_code == 412
    assert [(one["code"], one["reason"]) for one in world.get("dich-vong", "/calendar/outages").json()["items"]] == [("su-co", "Mất điện")]


EVIDENCE = [{"document_number": "45/BC", "document_date": "2022-06-02", "issuer": "UBND phường"}]


@pytest.mark.parametrize(
    "fields",
    [{}, {"note": "Số ước", "evidence": EVIDENCE, "sent_at": "2022-06-14T21:40:00+07:00"}, {"figure": "9.50", "synthetic": True}],
)
def test_a_receipt_proves_what_was_sent(world: World, fields: dict[str, Any]) -> None:
    answer = world.report(**fields)
    kept = world.get("dich-vong", f"/submissions/{answer.json()['id']}/receipt").json()
    assert hashlib.sha256(rfc8785.dumps(kept["content"])).hexdigest() == kept["digest"] == kept["entry"]["digest"]
    assert leaf_hash(kept["entry"]).hex() == kept["leaf"]
    size, _, root = answer.headers["Thidua-Receipt"].partition("-")
    assert (int(size), len(root)) == (kept["entry"]["seq"], 64)
    assert kept["content"]["figure"] == answer.json()["figure"]
    assert answer.json()["sent_at"] == fields.get("sent_at")
    assert answer.json()["received_at"] == "2022-06-15T12:00:00+07:00", "the phone's own time decides nothing"
    assert world.get("nghia-do", f"/submissions/{answer.json()['id']}/receipt").status_code == 404


def test_a_repeated_call_gives_the_same_receipt(world: World) -> None:
    key = {"headers": {"Idempotency-Key": "mot"}}
    sent = {"plan": "kt-xh-2022", "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "9"}
    first = world.post("dich-vong", "/submissions", sent, **key)
    world.report(period="2022-04")
    again = world.post("dich-vong", "/submissions", sent, **key)
    assert (again.headers["Thidua-Receipt"], again.content) == (first.headers["Thidua-Receipt"], first.content)
