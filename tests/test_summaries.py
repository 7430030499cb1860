"""Which reports are expected, the socio-economic table, the Monday report: every number by hand, with what it is one of."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.calendar.rules import Calendar, Outage, Period, PeriodScheme, period
from app.clock import ZONE
from app.indicators.rules import Accumulation
from app.summaries.rules import Standing, due_on, over_by, standing, summed, year_before
from tests.conftest import Hand
from tests.test_followup import assigned
from tests.world import PLAN, World

FIGURES = f"/plans/{PLAN}/units/dich-vong/figures"


def months(*codes: str) -> list[Period]:
    return [found for code in codes if (found := period(PeriodScheme.MONTH, code)) is not None]


@pytest.mark.parametrize(
    ("scheme", "day", "codes"),
    [
        (PeriodScheme.MONTH, date(2022, 1, 31), []),
        (PeriodScheme.MONTH, date(2022, 2, 1), ["2022-01"]),
        (PeriodScheme.MONTH_15_14, date(2022, 2, 14), ["2022-01"]),
        (PeriodScheme.MONTH_15_14, date(2022, 2, 15), ["2022-01", "2022-02"]),
        (PeriodScheme.QUARTER, date(2022, 6, 30), ["2022-Q1"]),
        (PeriodScheme.QUARTER, date(2022, 7, 1), ["2022-Q1", "2022-Q2"]),
        (PeriodScheme.YEAR_16_11, date(2022, 11, 15), []),
        (PeriodScheme.YEAR_16_11, date(2022, 11, 16), ["2022"]),
        (PeriodScheme.YEAR, date(2023, 6, 1), ["2022"]),
        (PeriodScheme.SCHOOL_YEAR, date(2022, 9, 1), ["2021-2022"]),
    ],
)
def test_a_period_is_over_when_its_next_day_begins(scheme: PeriodScheme, day: date, codes: list[str]) -> None:
    assert [one.code for one in over_by(scheme, 2022, day)] == codes


def test_a_report_is_due_after_the_roll_and_after_outages() -> None:
    april = months("2022-04")[0]
    assert due_on(april, 5, Calendar()) == date(2022, 5, 5)
    assert due_on(april, 7, Calendar()) == date(2022, 5, 9), "the seventh is a Saturday"
    assert due_on(april, 7, Calendar(outages=(Outage(date(2022, 5, 9), date(2022, 5, 10), date(2022, 5, 12)),))) == date(2022, 5, 12)


D = Decimal


@pytest.mark.parametrize(
    ("accumulation", "figures", "found"),
    [
        (Accumulation.PERIOD_VALUE, {"2022-01": D(1), "2022-02": D(2), "2022-03": D("3.5")}, Standing(D("3.5"), D("6.5"))),
        (Accumulation.PERIOD_VALUE, {"2022-01": D(1), "2022-03": D(3)}, Standing(D(3), D(4), ("2022-02",))),
        (Accumulation.PERIOD_VALUE, {"2022-01": D(1), "2022-02": D(2), "2022-04": D(9)}, Standing(None, D(3), ("2022-03",))),
        (Accumulation.PERIOD_VALUE, {}, Standing(None, None, ("2022-01", "2022-02", "2022-03"))),
        (Accumulation.CUMULATIVE, {"2022-02": D(5), "2022-03": D(9)}, Standing(D(4), D(9))),
        (Accumulation.CUMULATIVE, {"2022-01": D(5), "2022-03": D(9)}, Standing(None, D(9))),
        (Accumulation.CUMULATIVE, {"2022-02": D(5)}, Standing(None, None, ("2022-03",))),
        (Accumulation.POINT_IN_TIME, {"2022-02": D(5), "2022-03": D(7)}, Standing(None, D(7))),
        (Accumulation.POINT_IN_TIME, {"2022-02": D(5)}, Standing(None, None, ("2022-03",))),
    ],
)
def test_what_a_series_comes_to(accumulation: Accumulation, figures: dict[str, Decimal], found: Standing) -> None:
    """An older figure never passes for the one of the period."""
    assert standing(accumulation, figures, months("2022-01", "2022-02", "2022-03")) == found


def test_the_first_period_of_a_year_is_all_of_it_and_sums_are_of_what_there_is() -> None:
    assert standing(Accumulation.CUMULATIVE, {"2022-01": D(5)}, months("2022-01")) == Standing(D(5), D(5))
    assert standing(Accumulation.CUMULATIVE, {}, []) == Standing(None, None)
    assert summed([Standing(D(1), D(2)), Standing(D(2), D(3)), Standing(None, None)]) == Standing(D(3), D(5))
    assert summed([Standing(D(1), D(2)), Standing(None, D(3), ("2022-03",))]) == Standing(None, D(5), ("2022-03",))
    assert summed([]) == Standing(None, None)
    school = period(PeriodScheme.SCHOOL_YEAR, "2021-2022")
    assert school is not None
    for scheme, found, before in ((PeriodScheme.SCHOOL_YEAR, school, "2020-2021"), (PeriodScheme.MONTH, months("2022-05")[0], "2021-05")):
        earlier = year_before(scheme, found)
        assert earlier is not None
        assert earlier.code == before


def sent(world: World, hand: Hand, on: date, period: str, figure: str, **fields: Any) -> str:
    """Reported on a day, accepted on the next."""
    now, hand.at = hand.at, datetime(on.year, on.month, on.day, 9, tzinfo=ZONE)
    answer = world.report(period=period, figure=figure, **fields)
    assert answer.status_code == 201, answer.text
    hand.forward(days=1)
    identifier: str = answer.json()["id"]
    assert world.accept(identifier).status_code == 200
    hand.at = now
    return identifier


def test_expected_reports_are_listed_and_counted(world: World, hand: Hand) -> None:
    """Two wards, five months that are over on 15/6; those of May were due on 6/6."""
    sent(world, hand, date(2022, 2, 7), "2022-01", "1")
    sent(world, hand, date(2022, 3, 9), "2022-02", "2")
    back = world.report(period="2022-03", figure="3").json()["id"]
    assert world.post("appraiser", f"/submissions/{back}/return", {"reason": "x"}, headers={"If-Match": '"1"'}).status_code == 200
    assert world.report(period="2022-05", figure="5").status_code == 201
    items = world.get("dich-vong", f"/plans/{PLAN}/expected-reports").json()["items"]
    assert [(one["period"], one["state"], one["returned"], one["due_on"]) for one in items] == [
        ("2022-01", "on_time", False, "2022-02-07"),
        ("2022-02", "late", False, "2022-03-07"),
        ("2022-03", "overdue", True, "2022-04-05"),
        ("2022-04", "overdue", False, "2022-05-05"),
        ("2022-05", "late", False, "2022-06-06"),
    ]
    told = world.get("secretary", f"/plans/{PLAN}/report-statistics").json()
    mine = next(one for one in told["units"] if one["unit"] == "dich-vong")
    assert {name: (one["count"], one["of"]) for name, one in mine.items() if isinstance(one, dict)} == {
        "received": (3, 5),
        "on_time": (1, 5),
        "late": (2, 5),
        "overdue": (2, 5),
        "not_updated": (0, 1),
    }
    assert (told["total"]["expected"], told["total"]["not_updated"]) == (10, {"count": 1, "of": 2, "percent": "50"})
    asked = {"not_updated": "true"}
    assert [one["unit"] for one in world.get("secretary", f"/plans/{PLAN}/expected-reports", params=asked).json()["items"]] == ["nghia-do"]
    overdue = world.get("secretary", f"/plans/{PLAN}/expected-reports", params={"state": "overdue", "unit": "dich-vong"}).json()["items"]
    assert [one["period"] for one in overdue] == ["2022-03", "2022-04"]
    hand.at = datetime(2022, 7, 5, 23, 59, 59, 999999, tzinfo=ZONE)
    june = world.get("dich-vong", f"/plans/{PLAN}/expected-reports", params={"period": "2022-06"}).json()["items"]
    assert [one["state"] for one in june] == ["awaited"], "over, not yet due: not updated is another list than overdue"
    assert world.get("dich-vong", f"/plans/{PLAN}/report-statistics").json()["total"]["not_updated"]["count"] == 1
    hand.forward(microseconds=1)
    june = world.get("dich-vong", f"/plans/{PLAN}/expected-reports", params={"period": "2022-06"}).json()["items"]
    assert [one["state"] for one in june] == ["overdue"]


def test_a_target_that_says_from_when_expects_nothing_before(world: World) -> None:
    def assign(**fields: Any) -> Any:
        target = {"unit": "dich-vong", "source": "district", "figure": "100", "synthetic": True, **fields}
        return world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", target)

    def expected() -> list[str]:
        asked = {"unit": "dich-vong"}
        return [one["period"] for one in world.get("secretary", f"/plans/{PLAN}/expected-reports", params=asked).json()["items"]]

    assert assign(reported_from="2022-03-31").json()["reported_from"] == "2022-03-31"
    assert expected() == ["2022-03", "2022-04", "2022-05"], "March ends on its 31st, and still counts"
    assert assign(reported_from="2022-04-01").status_code == 201
    assert expected() == ["2022-04", "2022-05"]
    assert assign(kind="stretch_target", reported_from="2022-05-01").status_code == 201
    assert expected() == ["2022-04", "2022-05"], "of several targets the earliest day stands"
    for day in ("2021-12-31", "2023-01-01"):
        refused = assign(reported_from=day)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/reported_from")
    assert assign(figure="90", reason="Điều chỉnh").json()["reported_from"] == "2022-04-01", "a revision that says nothing of it"
    assert assign(reported_from="2022-01-01").json()["reported_from"] == "2022-01-01"
    assert expected()[0] == "2022-01"


def test_who_stands_above_reports_until_those_below_begin(world: World) -> None:
    for unit, fields in (("cau-giay", {}), ("dich-vong", {"reported_from": "2022-04-01"}), ("nghia-do", {"reported_from": "2022-04-01"})):
        target = {"unit": unit, "source": "city", "figure": "100", "synthetic": True, **fields}
        assert world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", target).status_code == 201
    items = world.get("secretary", f"/plans/{PLAN}/expected-reports").json()["items"]
    by_unit = {unit: [one["period"] for one in items if one["unit"] == unit] for unit in ("cau-giay", "dich-vong")}
    assert by_unit == {"cau-giay": ["2022-01", "2022-02", "2022-03"], "dich-vong": ["2022-04", "2022-05"]}


def test_the_table_of_a_unit(world: World, hand: Hand) -> None:
    last_year(world, hand)
    sent(world, hand, date(2022, 5, 4), "2022-04", "3.2")
    sent(world, hand, date(2022, 6, 4), "2022-05", "5", estimate=True)
    stretch = {"unit": "dich-vong", "kind": "stretch_target", "source": "own", "figure": "12"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", stretch).status_code == 201
    table = world.get("dich-vong", FIGURES).json()
    assert (table["until"], table["branch"], len(table["lines"])) == ("2022-06-15", False, 1)
    line = table["lines"][0]
    told = {
        name: line[name] for name in ("period", "target", "stretch_target", "in_period", "to_date", "last_year", "estimated", "missing")
    }
    assert told == {
        "period": "2022-05",
        "target": "10",
        "stretch_target": "12",
        "in_period": "1.8",
        "to_date": "5",
        "last_year": "4",
        "estimated": ["dich-vong"],
        "missing": [],
    }
    shares = (line["percent_of_target"], line["percent_of_stretch"], line["percent_of_last_year"])
    assert shares == ("50", "41.67", "125")
    april = world.get("dich-vong", FIGURES, params={"until": "2022-05-30"}).json()["lines"][0]
    assert (april["period"], april["to_date"], april["in_period"], april["last_year"]) == ("2022-04", "3.2", None, None)
    sent(world, hand, date(2022, 6, 10), "2022-05", "5.1")
    assert world.get("dich-vong", FIGURES).json()["lines"][0]["estimated"] == [], "the outturn took the estimate's place"
    later = world.get("dich-vong", FIGURES, params={"until": "2022-07-01"}).json()["lines"][0]
    assert (later["period"], later["to_date"], later["missing"]) == ("2022-06", None, ["2022-06"]), "May does not pass for June"


def last_year(world: World, hand: Hand) -> None:
    """The plan of 2021, by the same issuer, with the same measure: 4 by May."""
    assert (
        world.post("administrator", "/plans", {"code": "kt-xh-2021", "year": 2021, "name": "2021", "issuer": "cau-giay"}).status_code == 201
    )
    fields = world.get("administrator", f"/plans/{PLAN}/indicators").json()["items"][0]
    kept = {name: fields[name] for name in ("code", "name", "unit_of_measure", "scale", "accumulation", "owner", "appraiser")}
    more = {"alternate_appraiser": fields["alternate_appraiser"], "period_scheme": fields["period_scheme"]}
    assert world.post("administrator", "/plans/kt-xh-2021/indicators", {**kept, **more}).status_code == 201
    target = {"unit": "dich-vong", "source": "district", "figure": "8"}
    assert world.post("administrator", "/plans/kt-xh-2021/indicators/thu-nsnn/targets", target).status_code == 201
    sent(world, hand, date(2021, 6, 4), "2021-05", "4", plan="kt-xh-2021")


def test_the_table_of_a_branch_adds_up_and_names_the_silent(world: World, hand: Hand) -> None:
    sent(world, hand, date(2022, 6, 4), "2022-05", "5")
    table = world.get("secretary", f"/plans/{PLAN}/units/cau-giay/figures", params={"branch": "true"}).json()
    line = table["lines"][0]
    assert (line["to_date"], line["reporting"], line["silent"], line["target"]) == ("5", ["dich-vong"], ["nghia-do"], None)
    other = world.report("nghia-do", figure="2.5").json()["id"]
    assert world.accept(other).status_code == 200
    line = world.get("secretary", f"/plans/{PLAN}/units/cau-giay/figures", params={"branch": "true"}).json()["lines"][0]
    assert (line["to_date"], line["in_period"], line["silent"]) == ("7.5", None, [])
    for who, path in (("nghia-do", FIGURES), ("dich-vong", f"/plans/{PLAN}/units/cau-giay/figures?branch=true")):
        assert world.get(who, path).status_code == 404


def test_an_estimate_is_flagged_and_belongs_to_a_figure(world: World) -> None:
    assert "estimate" in world.report(figure="9", estimate=True).json()["flags"]
    done = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-01-27", "estimate": True}
    assert world.post("dich-vong", "/submissions", done).json()["errors"][0]["pointer"] == "#/task"


def test_the_monday_report(world: World, hand: Hand) -> None:
    assigned(world, due_on="2022-06-20")
    hand.forward(days=2)
    asked = {"kind": "extension", "reason": "x", "due_on": "2022-07-20"}
    request = world.post("dich-vong", f"/plans/{PLAN}/tasks/viec/requests", asked, headers={"If-Match": '"1"'})
    assert request.status_code == 201, request.text
    told = world.get("secretary", f"/plans/{PLAN}/monday-report", params={"quiet_days": 1}).json()
    assert (told["on"], told["quiet_days"], told["due_within_days"]) == ("2022-06-17", 1, 7)
    assert (told["tasks"]["overdue_of_wanted"]["count"], told["tasks"]["overdue_of_wanted"]["of"]) == (1, 2)
    mine, other = told["units"]
    assert (mine["unit"], other["unit"]) == ("dich-vong", "nghia-do")
    assert [(one["task"], one["due_on"], one["days"]) for one in mine["overdue"]] == [("tet", "2022-01-28", 140)]
    assert [(one["task"], one["due_on"]) for one in mine["due_soon"]] == [("viec", "2022-06-20")]
    assert [(one["task"], one["kind"], one["due_on"]) for one in mine["requests"]] == [("viec", "extension", "2022-07-20")]
    assert [(one["task"], one["days"]) for one in mine["not_updated"]] == [("tet", 2), ("viec", 2)], (
        "to ask for a later day is no word of progress"
    )
    assert len(mine["overdue_reports"]) == len(other["overdue_reports"]) == 5
    assert [one["unit"] for one in world.get("nghia-do", f"/plans/{PLAN}/monday-report").json()["units"]] == ["nghia-do"]
    assert told["synthetic"] is True


def test_a_unit_whose_target_others_carry_on_is_not_expected_to_report(world: World) -> None:
    target = {"unit": "cau-giay", "source": "city", "figure": "20"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", target).status_code == 201
    told = world.get("secretary", f"/plans/{PLAN}/report-statistics").json()
    assert [one["unit"] for one in told["units"]] == ["dich-vong", "nghia-do"]
    assert told["total"]["expected"] == 10
    key = {"label": "quận", "role": "viewer", "reach": "own_unit", "unit": "cau-giay", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["district"] = world.post("administrator", "/keys", key).json()["key"]
    assert world.get("district", f"/plans/{PLAN}/report-statistics").json()["units"] == [], "nor to one who sees the district alone"


def test_what_is_synthetic_says_so_wherever_it_is_summed(world: World) -> None:
    """A real plan, indicator and target: one synthetic report below is enough."""
    assert (
        world.post("administrator", "/plans", {"code": "that", "year": 2022, "name": "Kế hoạch", "issuer": "cau-giay"}).status_code == 201
    )
    fields = {"code": "thu", "name": "Thu", "unit_of_measure": "tỷ", "accumulation": "cumulative", "period_scheme": "month"}
    who = {"owner": "noi-vu", "appraiser": "tai-chinh", "alternate_appraiser": "noi-vu"}
    assert world.post("administrator", "/plans/that/indicators", {**fields, **who}).status_code == 201
    for unit in ("cau-giay", "dich-vong", "nghia-do"):
        target = {"unit": unit, "source": "city", "figure": "20"}
        assert world.post("administrator", "/plans/that/indicators/thu/targets", target).status_code == 201

    def marked() -> list[bool]:
        table = world.get("secretary", "/plans/that/units/cau-giay/figures", params={"branch": "true"}).json()["lines"][0]
        branch = world.get("secretary", "/plans/that/branches/cau-giay/results").json()["items"][0]
        mine = world.get("dich-vong", "/plans/that/results").json()["items"][0]
        counted = world.get("secretary", "/plans/that/report-statistics").json()["total"]
        monday = world.get("secretary", "/plans/that/monday-report").json()
        return [table["synthetic"], branch["synthetic"], mine["synthetic"], counted["synthetic"], monday["synthetic"]]

    real = world.report("nghia-do", plan="that", indicator="thu").json()["id"]
    assert world.accept(real).status_code == 200
    assert marked() == [False] * 5
    made_up = world.report(plan="that", indicator="thu", synthetic=True).json()["id"]
    assert world.accept(made_up).status_code == 200
    assert marked() == [True] * 5


def test_a_branch_of_one_tells_nothing_of_what_stands_above(world: World) -> None:
    """Whoever reaches the only unit below sees none of the parent's own targets."""
    below = {"name": "Tổ 1", "kind": "department", "parent": "quan-hoa", "opens_on": "2000-01-01", "synthetic": True}
    assert world.post("administrator", "/units", {"code": "to-1", **below}).status_code == 201
    key = {"label": "to", "role": "unit_officer", "reach": "own_unit", "unit": "to-1", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["to"] = world.post("administrator", "/keys", key).json()["key"]
    for code in ("quan-hoa", "to-1"):
        given = {"unit": code, "figure": "7", "source": "city", "synthetic": True}
        assert world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", given).status_code == 201
    for path in (
        "units/quan-hoa/figures",
        "units/quan-hoa/figures?branch=true",
        "units/quan-hoa/figures.xlsx?branch=true",
        "branches/quan-hoa/results",
    ):
        assert world.get("to", f"/plans/{PLAN}/{path}").status_code == 404, path
        assert world.get("secretary", f"/plans/{PLAN}/{path}").status_code == 200, path
