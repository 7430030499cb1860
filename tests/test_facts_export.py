"""A unit's facts leave the service as a facts file, and the file gives the same sheet in every view."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from typer.testing import CliRunner

from app.calendar.rules import PeriodScheme
from app.cli import main
from app.scoring.engine.facts import View
from app.scoring.queries import _in_the_year
from app.scoring.rows import _Within
from tests.test_clerk import amend
from tests.test_events import feed, happened, result, waive
from tests.test_marks import marked, put, release  # noqa: F401 - a fixture
from tests.world import MOVEMENT, PLAN, RULEBOOK, World

UNIT = f"/movements/{MOVEMENT}/units/dich-vong"


def busy(world: World) -> World:
    """Figures accepted, corrected and waiting, a task done and claimed otherwise later, marks of three stages."""
    other = world.report(figure="4", period="2022-02").json()["id"]
    correction = {"figure": "2", "reason": "Ghi trùng"}
    assert world.post("appraiser", f"/submissions/{other}/acceptance", correction, headers={"If-Match": '"1"'}).status_code == 200
    world.accept(world.report(figure="9").json()["id"])
    world.report(figure="9.5")
    world.report(figure="3.25", period="2022-05")
    for day in ("2022-01-27", "2022-01-30"):
        sent = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": day}
        made = world.post("dich-vong", "/submissions", sent)
        assert made.status_code == 201, made.text
        if day == "2022-01-27":
            world.accept(made.json()["id"], who="alternate")
    assert put(world, "dich-vong", "A", "claimed", "60", reason=None).status_code == 200
    assert put(world, "alternate", "C", "appraised", "7.25").status_code == 200
    assert release(world, "alternate", "noi-vu", ("dich-vong", "C", 1)).status_code == 201
    assert put(world, "secretary", "total", "council_proposed", "70").status_code == 200
    return world


def offline(world: World, folder: Path, facts: dict[str, Any], view: View, version: int = 2) -> dict[str, Any]:
    document = world.get("viewer", f"/rulebooks/thu/versions/{version}").json()["document"]
    for name, held in (("rulebook", document), ("facts", facts)):
        (folder / f"{name}.json").write_text(json.dumps(held), encoding="utf-8")
    asked = ["score", "--rulebook", str(folder / "rulebook.json"), "--facts", str(folder / "facts.json"), "--view", view, "--json"]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0, told.output
    [sheet] = json.loads(told.stdout)
    return {line["code"]: (line["points"], line["reason"], line["sources"]) for line in sheet["lines"]}


def served(world: World, view: View, unit: str = "dich-vong", **params: str) -> dict[str, Any]:
    lines = world.get("secretary", f"/movements/{MOVEMENT}/units/{unit}/sheet", params={"view": view, **params}).json()["lines"]
    return {line["code"] or "total": (line["points"], line["reason"], [one["id"] for one in line["sources"]]) for line in lines}


def why(answer: Response) -> list[tuple[str, str]]:
    """Field by field why it was refused; nothing where it was not."""
    assert answer.status_code in {200, 201, 422}
    return [(one["pointer"], one["detail"]) for one in answer.json().get("errors", [])]


MISSING = {"kind": "reports_missing"}


def test_reports_are_missing_where_they_were_expected(world: World, tmp_path: Path) -> None:
    """The board, the list of expected reports and a stranger count the same: of the plan's year, from the day that the target says."""
    item = {"code": "C", "title": {"vi": "Báo cáo"}, "clause": "Mỗi báo cáo thiếu 1 điểm", "standard": "40", "measure": MISSING}
    document = {**RULEBOOK, "version": 2, "items": [{**item, "award": {"shape": "each", "points": "1", "limit": "40"}}]}
    assert world.post("administrator", "/rulebooks", document).status_code == 201
    force = {"rulebook": "thu", "version": 2, "effective_from": "2021-12-21"}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", force).status_code == 201
    target = {"unit": "dich-vong", "source": "district", "figure": "10", "last_year": "8"}
    for begins, missing in ((None, 5), ("2022-04-01", 2), ("2022-05-31", 1)):
        if begins is not None:
            sent = {**target, "reported_from": begins}
            assert world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", sent).status_code == 201
        expected = world.get("secretary", f"/plans/{PLAN}/expected-reports", params={"unit": "dich-vong", "state": "overdue"}).json()[
            "items"
        ]
        points, reason, _ = served(world, View.DECIDED)["C"]
        assert (len(expected), points) == (missing, str(missing)), reason
        facts = world.get("secretary", f"{UNIT}/facts").json()
        assert offline(world, tmp_path, facts, View.DECIDED)["C"][:2] == (points, reason)


def test_what_a_supplier_sends_late_or_not_at_all_is_not_the_units(world: World, tmp_path: Path) -> None:
    item = {"code": "C", "title": {"vi": "Báo cáo"}, "clause": "Mỗi báo cáo thiếu 1 điểm", "standard": "40", "measure": MISSING}
    late = {**item, "code": "D", "measure": {"kind": "reports_late"}}
    each = {"award": {"shape": "each", "points": "1", "limit": "40"}}
    document = {**RULEBOOK, "version": 2, "items": [item | each, late | each]}
    assert world.post("administrator", "/rulebooks", document).status_code == 201
    force = {"rulebook": "thu", "version": 2, "effective_from": "2021-12-21"}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", force).status_code == 201

    def counted() -> tuple[str, str]:
        lines = served(world, View.DECIDED, "nghia-do")
        facts = world.get("secretary", f"/movements/{MOVEMENT}/units/nghia-do/facts").json()
        assert {code: line[:2] for code, line in offline(world, tmp_path, facts, View.DECIDED).items() if code in "CD"} == {
            code: lines[code][:2] for code in "CD"
        }
        return lines["C"][0], lines["D"][0]

    assert counted() == ("5", "0")
    assert world.report("nghia-do", period="2022-04").status_code == 201
    assert counted() == ("4", "1"), "its own, late"
    assert amend(world, f"/plans/{PLAN}/indicators/thu-nsnn", supplier="quan-hoa").status_code == 200
    assert counted() == ("0", "1"), "what is missing is the supplier's; what it sent itself stays its own"
    key = {"label": "supplier", "role": "unit_officer", "unit": "quan-hoa", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["supplier"] = world.post("administrator", "/keys", key).json()["key"]
    claim = {"plan": PLAN, "unit": "nghia-do", "indicator": "thu-nsnn", "period": "2022-03", "figure": "9", "confirmed": True}
    assert world.post("supplier", "/submissions", claim).json()["flags"] == ["late"]
    assert counted() == ("0", "1"), "late, and not its own"
    assert amend(world, f"/plans/{PLAN}/indicators/thu-nsnn", supplier=None).status_code == 200
    assert counted() == ("3", "1"), "what is missing now is the unit's again; what the supplier sent is not"


def test_a_window_is_cut_to_the_plans_year_and_never_made_of_nothing() -> None:
    """A window that has not begun stays empty; one of another year stays as it is."""
    first, last = date(2022, 1, 1), date(2022, 12, 31)
    assert _in_the_year(2022, date(2021, 12, 21), date(2023, 2, 1)) == (first, last)
    assert _in_the_year(2022, date(2022, 5, 1), date(2022, 9, 1)) == (date(2022, 5, 1), date(2022, 9, 1))
    assert _in_the_year(2022, date(2023, 2, 1), date(2023, 6, 1)) == (date(2023, 2, 1), date(2023, 6, 1))
    assert not _Within(PeriodScheme.MONTH, date(2022, 5, 1), date(2022, 4, 30)).holds("2022-04")


def test_a_window_of_an_indicators_own(world: World, tmp_path: Path) -> None:
    """Before it begins nothing counts, and the file says the same; once adopted it stands, and no amendment empties it."""
    adoptions, fields = f"/movements/{MOVEMENT}/adoptions", world.get("administrator", f"/plans/{PLAN}/indicators/thu-nsnn").json()
    own = {name: fields[name] for name in ("name", "unit_of_measure", "accumulation", "owner", "appraiser", "alternate_appraiser")}
    own |= {"code": "rieng", "accumulation": "period_value", "period_scheme": "month"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators", own).status_code == 201
    backwards = {"indicators": ["rieng"], "window_from": "2022-05-01", "window_to": "2022-04-30"}
    for wrong in (backwards, {"indicators": ["rieng"], "window_to": "2021-12-20"}, {"indicators": ["rieng"], "window_from": "2022-09-02"}):
        told = world.post("secretary", adoptions, wrong)
        assert why(told) == [("#/window_to", "Ngày cuối phải sau ngày đầu.")]
    for sent in ({"window_from": "2022-05-01"}, {"window_from": "2022-05-01"}, {}):
        assert world.post("secretary", adoptions, {"indicators": ["rieng"], **sent}).status_code == 201
    for code in ("rieng", "thu-nsnn"):
        told = world.post("secretary", adoptions, {"indicators": [code], "window_from": "2022-05-02"})
        assert why(told) == [("#/indicators/0", "Phong trào đã lấy chỉ tiêu này với khoảng ngày khác.")]

    item = {"code": "C", "title": {"vi": "Riêng"}, "clause": "Mỗi đơn vị 1 điểm", "standard": "40"}
    item |= {"measure": {"kind": "figure", "indicator": "rieng"}, "award": {"shape": "value"}}
    assert world.post("administrator", "/rulebooks", {**RULEBOOK, "version": 2, "items": [item]}).status_code == 201
    force = {"rulebook": "thu", "version": 2, "effective_from": "2021-12-21", "acknowledged": ["uncapped"]}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", force).status_code == 201
    target = {"unit": "dich-vong", "source": "district", "figure": "10"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators/rieng/targets", target).status_code == 201
    for period, figure in (("2022-04", "5"), ("2022-05", "7")):
        claim = {"plan": PLAN, "unit": "dich-vong", "indicator": "rieng", "period": period, "figure": figure, "confirmed": True}
        world.accept(world.post("dich-vong", "/submissions", claim).json()["id"])
    for asked, points in (({}, "7"), ({"until": "2022-05-31"}, "7"), ({"until": "2022-04-30"}, "0"), ({"until": "2022-03-31"}, "0")):
        assert served(world, View.DECIDED, **asked)["C"][0] == points, asked
        facts = world.get("secretary", f"{UNIT}/facts", params=asked).json()
        assert offline(world, tmp_path, facts, View.DECIDED)["C"][0] == points, asked

    now = world.get("secretary", f"/movements/{MOVEMENT}").json()
    kept = {name: now[name] for name in ("name", "window_from", "launched_on", "goal_on", "ceremony_on", "closes_on", "phase")}
    emptied = [("#/window_to", "Với khoảng ngày này, chỉ tiêu rieng không còn ngày nào.")]
    for ends, refused in (("2022-04-30", emptied), ("2022-05-01", [])):
        told = world.call("secretary", "PUT", f"/movements/{MOVEMENT}", json={**kept, "window_to": ends}, headers={"If-Match": '"1"'})
        assert why(told) == refused


@pytest.mark.parametrize("view", list(View))
def test_the_file_gives_the_sheet_of_the_service(marked: World, tmp_path: Path, view: View) -> None:  # noqa: F811
    world = busy(marked)
    facts = world.get("secretary", f"{UNIT}/facts").json()
    assert offline(world, tmp_path, facts, view) == served(world, view)
    until = {"until": "2022-05-15"}
    then = world.get("secretary", f"{UNIT}/facts", params=until).json()
    assert offline(world, tmp_path, then, view, version=1) == served(world, view, **until), "the second version came in June"
    facts["units"][0]["figures"] = facts["units"][0]["figures"][:-1]
    assert (offline(world, tmp_path, facts, view) == served(world, view)) is (view is not View.CLAIMED), "the control: a claim left out"


@pytest.mark.parametrize("unit", ["dich-vong", "cau-giay"])
def test_events_results_waivers_and_units_below_are_in_the_file(world: World, tmp_path: Path, unit: str) -> None:
    feed(world)
    for event in (happened(world), happened(world, "alternate", "vi-pham"), happened(world, "alternate", "vi-pham", verified=False)):
        assert event.status_code == 201
    assert waive(world, 1).status_code == result(world, grade="Khá", number="70").status_code == 200
    world.accept(world.report(figure="9").json()["id"])
    facts = world.get("secretary", f"/movements/{MOVEMENT}/units/{unit}/facts").json()
    for view in (View.CLAIMED, View.DECIDED):
        assert offline(world, tmp_path, facts, view) == served(world, view, unit=unit)
    assert served(world, View.CLAIMED, unit=unit) != served(world, View.DECIDED, unit=unit) or unit == "cau-giay"


def test_facts_of_units_below_are_for_those_who_reach_them(world: World) -> None:
    feed(world)
    key = {"label": "quan", "role": "viewer", "unit": "cau-giay", "expires_at": "2027-01-01T00:00:00+07:00"}
    for reach, status in (("own_unit", 403), ("own_branch", 200)):
        world.keys[reach] = world.post("administrator", "/keys", {**key, "label": reach, "reach": reach}).json()["key"]
        assert world.get(reach, f"/movements/{MOVEMENT}/units/cau-giay/facts").status_code == status


def test_facts_are_for_those_whose_reach_covers_the_unit(marked: World) -> None:  # noqa: F811
    world = busy(marked)
    assert world.get("nghia-do", f"{UNIT}/facts").status_code == 404
    stages = {mark["stage"] for mark in world.get("dich-vong", f"{UNIT}/facts").json()["units"][0]["marks"]}
    assert stages == {"claimed", "appraised"}, "what the council proposes is for the council"


def test_an_outage_is_in_the_file(world: World, tmp_path: Path) -> None:
    """The task of January was done two days late, and reported before anybody recorded that the service had been down."""
    sent = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-01-30"}
    world.accept(world.post("dich-vong", "/submissions", sent).json()["id"], who="alternate")
    late = served(world, View.DECIDED)["B"]
    outage = {"starts_on": "2022-01-27", "ends_on": "2022-01-29", "moves_to": "2022-02-07", "reason": "x", "source": "x"}
    assert world.call("administrator", "PUT", "/calendar/outages/a", json=outage, headers={"If-Match": '"0"'}).status_code == 200
    facts = world.get("secretary", f"{UNIT}/facts").json()
    assert facts["calendar"]["outages"] == [{"from": "2022-01-27", "to": "2022-01-29", "moves_to": "2022-02-07"}]
    assert offline(world, tmp_path, facts, View.DECIDED, version=1) == served(world, View.DECIDED)
    assert (late[0], served(world, View.DECIDED)["B"][0]) == ("0", "40")
