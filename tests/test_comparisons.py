"""Sums and shares over several units: what is missing is named, nothing counts twice, two years are compared over the same units."""

from datetime import date, datetime
from typing import Any

import pytest

from app.clock import ZONE
from app.indicators.rules import percent_of
from tests.conftest import Hand
from tests.test_clerk import amend
from tests.test_mailing import Server, mailbox, mailed, server  # noqa: F401
from tests.test_reorganisation import reorganised
from tests.test_summaries import D, sent
from tests.world import PLAN, World

WHO = {"owner": "noi-vu", "appraiser": "tai-chinh", "alternate_appraiser": "noi-vu"}
INDICATOR: dict[str, Any] = {"name": "Thu", "unit_of_measure": "tỷ", "accumulation": "cumulative", "period_scheme": "month", **WHO}


def defined(world: World, code: str, plan: str = PLAN, **fields: Any) -> None:
    answer = world.post("administrator", f"/plans/{plan}/indicators", {"code": code, **INDICATOR, **fields})
    assert answer.status_code == 201, answer.text


def given(world: World, code: str, unit: str, figure: str, plan: str = PLAN) -> None:
    target = {"unit": unit, "source": "city", "figure": figure}
    assert world.post("administrator", f"/plans/{plan}/indicators/{code}/targets", target).status_code == 201


def taken(world: World, unit: str, period: str, figure: str, indicator: str = "thu-nsnn", plan: str = PLAN, **fields: Any) -> None:
    answer = world.report(unit, period=period, figure=figure, indicator=indicator, plan=plan, **fields)
    assert answer.status_code == 201, answer.text
    assert world.accept(answer.json()["id"]).status_code == 200


def line(world: World, unit: str, indicator: str = "thu-nsnn", plan: str = PLAN, *, branch: bool = False) -> dict[str, Any]:
    asked = {"branch": str(branch).lower()}
    lines = world.get("secretary", f"/plans/{plan}/units/{unit}/figures", params=asked).json()["lines"]
    found: dict[str, Any] = next(one for one in lines if one["indicator"] == indicator)
    return found


@pytest.fixture
def officer(world: World) -> World:
    key = {"label": "quận", "role": "unit_officer", "reach": "own_unit", "unit": "cau-giay", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["cau-giay"] = world.post("administrator", "/keys", key).json()["key"]
    return world


def test_a_branch_names_who_lacks_a_period(world: World) -> None:
    defined(world, "pv", accumulation="period_value")
    for unit in ("dich-vong", "nghia-do"):
        given(world, "pv", unit, "60")
        taken(world, unit, "2022-01", "5", "pv")
    for month in range(2, 6):
        taken(world, "dich-vong", f"2022-0{month}", "5", "pv")
    found = line(world, "cau-giay", "pv", branch=True)
    assert (found["to_date"], found["in_period"], found["silent"]) == ("30", None, [])
    assert (found["partial"], found["missing"]) == (["nghia-do"], ["2022-02", "2022-03", "2022-04", "2022-05"])
    for unit, period, figure in (("dich-vong", "2022-04", "4"), ("dich-vong", "2022-05", "5"), ("nghia-do", "2022-05", "9")):
        taken(world, unit, period, figure)
    found = line(world, "cau-giay", branch=True)
    assert (found["to_date"], found["in_period"]) == ("14", None), "what one gave in the month is not what all gave"
    taken(world, "nghia-do", "2022-04", "7")
    assert line(world, "cau-giay", branch=True)["in_period"] == "3"


def test_a_city_counts_its_wards_and_not_the_district_again(officer: World) -> None:
    world = officer
    city = {"code": "ha-noi", "name": "Hà Nội", "kind": "city", "opens_on": "1954-10-10", "synthetic": True}
    assert world.post("administrator", "/units", city).status_code == 201
    assert amend(world, "/units/cau-giay", parent="ha-noi").status_code == 200
    given(world, "thu-nsnn", "cau-giay", "20")
    given(world, "thu-nsnn", "ha-noi", "20")
    for unit, figure in (("dich-vong", "5"), ("nghia-do", "5"), ("cau-giay", "10")):
        taken(world, unit, "2022-05", figure)
    found = line(world, "ha-noi", branch=True)
    assert (found["to_date"], found["percent_of_target"], found["reporting"], found["silent"]) == (
        "10",
        "50",
        ["dich-vong", "nghia-do"],
        [],
    )
    results = world.get("secretary", f"/plans/{PLAN}/branches/ha-noi/results").json()["items"][0]
    assert (results["figure"], results["reporting"]) == ("10", ["dich-vong", "nghia-do"])


@pytest.fixture
def two_years(world: World, hand: Hand) -> World:
    """Only Dịch Vọng has a figure of last year, a synthetic one; another plan of that year measures nothing of the kind."""
    for plan, year in (("cchc-2021", 2021), ("kt-xh-2021", 2021), ("that", 2022)):
        world.post("administrator", "/plans", {"code": plan, "year": year, "name": plan, "issuer": "cau-giay"})
    for plan in ("kt-xh-2021", "that"):
        defined(world, "thu", plan)
        for unit in ("dich-vong", "nghia-do"):
            given(world, "thu", unit, "10", plan)
    now, hand.at = hand.at, datetime(2021, 6, 2, 9, tzinfo=ZONE)
    taken(world, "dich-vong", "2021-05", "4", "thu", "kt-xh-2021", synthetic=True)
    hand.at = now
    return world


def test_two_years_are_compared_over_the_same_units(two_years: World, hand: Hand) -> None:
    world = two_years
    taken(world, "dich-vong", "2022-05", "4", "thu", "that")
    alone = line(world, "dich-vong", "thu", "that")
    assert (alone["percent_of_last_year"], alone["one_year_only"], alone["synthetic"]) == ("100", [], True)
    taken(world, "nghia-do", "2022-05", "4", "thu", "that")
    both = line(world, "cau-giay", "thu", "that", branch=True)
    assert (both["to_date"], both["last_year"], both["percent_of_last_year"]) == ("8", "4", None)
    assert both["one_year_only"] == ["nghia-do"]
    now, hand.at = hand.at, datetime(2021, 6, 2, 9, tzinfo=ZONE)
    taken(world, "nghia-do", "2021-05", "6", "thu", "kt-xh-2021")
    hand.at = now
    assert line(world, "cau-giay", "thu", "that", branch=True)["percent_of_last_year"] == "80"


def test_a_merged_unit_is_compared_with_all_that_it_was(two_years: World, hand: Hand) -> None:
    world, now = two_years, hand.at
    hand.at = datetime(2021, 6, 2, 9, tzinfo=ZONE)
    taken(world, "nghia-do", "2021-05", "4", "thu", "kt-xh-2021")
    hand.at = now
    assert reorganised(world, ["nghia-do"], [{"code": "dich-vong"}], on="2022-01-01").status_code == 201
    taken(world, "dich-vong", "2022-05", "8", "thu", "that")
    for unit, branch in (("dich-vong", False), ("cau-giay", True)):
        found = line(world, unit, "thu", "that", branch=branch)
        assert (found["last_year"], found["percent_of_last_year"], found["one_year_only"]) == ("8", "100", [])
        assert (found["silent"], found["reporting"]) == ([], ["dich-vong"])


def test_nothing_is_asked_of_a_unit_that_closed_before_it_was_due(
    world: World,
    settings: Any,
    server: Server,  # noqa: F811
    hand: Hand,
) -> None:
    """Merged on 2/6; May was due on 6/6: the successor's figure holds both."""
    given(world, "thu-nsnn", "cau-giay", "20")
    hand.at = datetime(2022, 6, 2, 9, tzinfo=ZONE)
    assert reorganised(world, ["nghia-do"], [{"code": "dich-vong"}], on="2022-06-02").status_code == 201
    hand.at = datetime(2022, 6, 20, 9, tzinfo=ZONE)
    asked = {"period": "2022-05"}
    expected = world.get("secretary", f"/plans/{PLAN}/expected-reports", params=asked).json()["items"]
    assert [one["unit"] for one in expected] == ["dich-vong"]
    mailbox(world, "administrator", "nghia-do", "nghia-do@example.vn", 0)
    assert mailed(world, settings, server) == 0, "and no mail to it"
    splits = f"/plans/{PLAN}/indicators/thu-nsnn/splits"
    refused = world.post(
        "administrator", splits, {"unit": "cau-giay", "source": "district", "parts": [{"unit": "nghia-do", "figure": "20"}]}
    )
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/parts/0/unit")
    whole = {"unit": "cau-giay", "source": "district", "parts": [{"unit": "dich-vong", "figure": "20"}]}
    assert world.post("administrator", splits, whole).status_code == 201


def test_what_is_here_is_shown_with_the_day_by_which_it_was_judged(world: World, hand: Hand) -> None:
    sent(world, hand, date(2022, 6, 7), "2022-05", "5")
    assert amend(world, f"/plans/{PLAN}/indicators/thu-nsnn", report_days=20).status_code == 200

    def found() -> tuple[str, str, int]:
        one = world.get("dich-vong", f"/plans/{PLAN}/expected-reports", params={"period": "2022-05"}).json()["items"][0]
        return one["state"], one["due_on"], world.get("dich-vong", f"/plans/{PLAN}/report-statistics").json()["total"]["late"]["count"]

    assert found() == ("late", "2022-06-06", 1)
    outage = {"starts_on": "2022-06-06", "ends_on": "2022-06-06", "moves_to": "2022-06-08", "reason": "Mất điện", "source": "thử"}
    assert world.call("administrator", "PUT", "/calendar/outages/o", json=outage, headers={"If-Match": '"0"'}).status_code in {200, 201}
    assert found() == ("on_time", "2022-06-08", 0)


def test_an_estimate_of_long_ago_marks_no_outturn_and_none_replaces_one(world: World) -> None:
    taken(world, "dich-vong", "2022-01", "1", estimate=True)
    taken(world, "dich-vong", "2022-05", "5", estimate=True)
    assert line(world, "dich-vong")["estimated"] == ["dich-vong"]
    taken(world, "dich-vong", "2022-05", "5")
    assert line(world, "dich-vong")["estimated"] == []
    refused = world.report(period="2022-05", figure="6", estimate=True)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/estimate")
    two = [
        {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-04", "figure": "4", "estimate": one}
        for one in (False, True)
    ]
    assert world.post("dich-vong", "/submissions", two).json()["errors"][0]["pointer"] == "#/1/estimate", "nor within one call"


@pytest.mark.parametrize(("figure", "base"), [(10, -5), (-20, -10), (5, 0)])
def test_nothing_is_a_share_of_less_than_something(figure: int, base: int) -> None:
    assert percent_of(D(figure), D(base)) is None


@pytest.mark.parametrize(
    "path", [f"/plans/{PLAN}/units/khong-co/figures", f"/plans/{PLAN}/units/khong-co/figures.xlsx", "/units/khong-co/mailbox"]
)
def test_of_a_unit_that_there_is_not_nobody_is_told_anything(world: World, path: str) -> None:
    assert world.get("administrator", path).status_code == 404


def test_nothing_is_part_of_itself(world: World) -> None:
    for code, above in (("a", None), ("b", "a"), ("c", "b")):
        defined(world, code, of_which=above)
    refused = amend(world, f"/plans/{PLAN}/indicators/a", of_which="c")
    assert refused.json()["errors"][0]["pointer"] == "#/of_which"
