"""Deadlines over the API, on the days that officials ask about: Tết 2022, 30/4, 01/9/2022, a leap day; to the microsecond."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.clock import ZONE
from tests.conftest import Hand
from tests.test_followup import TASKS, done, part
from tests.world import PLAN, World

MICROSECOND = timedelta(microseconds=1)
ROLLED = {
    ("2022-02-01", "none"): "2022-02-01",  # first day of Tết; off from Saturday 29/01 to Sunday 06/02
    ("2022-02-01", "forward"): "2022-02-07",
    ("2022-02-01", "backward"): "2022-01-28",
    ("2022-01-30", "forward"): "2022-02-07",
    ("2022-02-06", "backward"): "2022-01-28",
    ("2022-02-07", "backward"): "2022-02-07",
    ("2022-04-30", "none"): "2022-04-30",  # a Saturday; made good on Monday 02/5 and Tuesday 03/5
    ("2022-04-30", "forward"): "2022-05-04",
    ("2022-04-30", "backward"): "2022-04-29",
    ("2022-09-01", "none"): "2022-09-01",  # a holiday then, with Friday 02/9 and a weekend after it
    ("2022-09-01", "forward"): "2022-09-05",
    ("2022-09-01", "backward"): "2022-08-31",
    ("2024-02-29", "none"): "2024-02-29",
    ("2024-02-29", "forward"): "2024-02-29",
}


@pytest.fixture
def district(world: World) -> World:
    for year in (2022, 2024):
        assert world.post("administrator", "/calendar/years", {"year": year}).status_code == 201
    return world


def midnight_after(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), datetime.min.time(), ZONE)


@pytest.mark.parametrize(("due", "roll"), ROLLED)
def test_a_day_ends_at_its_midnight_after_the_roll(district: World, hand: Hand, due: str, roll: str) -> None:
    """A microsecond before midnight is in time, midnight is not: for the status, for a report, for a request."""
    sent = {"title": "Việc", "lead": "dich-vong", "appraiser": "noi-vu", "due_on": due, "roll": roll}
    tasks = [{"code": code, **sent} for code in ("truoc", "sau")]
    assert district.post("administrator", TASKS, tasks).status_code == 201
    effective = ROLLED[due, roll]
    assert part(district, code="truoc")["due_on"] == effective
    expires = midnight_after(effective)

    def timing(code: str) -> Any:
        return part(district, code=code)["timing"]

    hand.at = expires - MICROSECOND
    assert timing("truoc") == "due_soon"
    assert done(district, code="truoc", on=effective)["flags"] == []
    assert timing("truoc") == "done_on_time"
    hand.at = expires
    assert timing("sau") == "overdue"
    late = done(district, code="sau", on=effective, accept=False)
    assert late["flags"] == ["late"], "reported late, though done in time"
    assert district.accept(late["id"], "alternate").status_code == 200
    assert timing("sau") == "done_on_time"
    after = done(district, code="sau", on=(date.fromisoformat(effective) + timedelta(days=1)).isoformat())
    assert after["claim"] == 2
    assert timing("sau") == "done_late"


def test_without_the_holidays_the_roll_would_be_another(world: World) -> None:
    """The control: nobody has entered the holidays of 2022."""
    sent = {"code": "x", "title": "Việc", "lead": "dich-vong", "appraiser": "noi-vu", "due_on": "2022-09-01", "roll": "forward"}
    assert world.post("administrator", f"/plans/{PLAN}/tasks", sent).status_code == 201
    assert part(world, code="x")["due_on"] == "2022-09-01"
