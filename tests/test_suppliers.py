"""Figures of all units that one unit supplies on one grid: the unit is heard before they count."""

import hashlib
import io
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from docx import Document

from app.clock import ZONE, Admission
from app.mailing.digest import due
from app.settings import Settings
from tests.conftest import Hand
from tests.operations import supplied
from tests.test_clerk import amend
from tests.test_evidence import upload
from tests.test_lines import lines
from tests.test_outages import declare
from tests.test_workbooks import trial
from tests.world import PLAN, World

CITED = {"document_number": "1/BC", "document_date": "2022-05-31", "issuer": "Phòng Nội vụ"}
MINE = {"plan": PLAN, "unit": "nghia-do", "indicator": "ho-so", "period": "2022-05", "figure": "99"}


def objected(world: World, report: str, who: str = "nghia-do") -> Any:
    return world.post(who, f"/submissions/{report}/objection", {"reason": "Số của phường là 98,4."})


def accepted(world: World, report: str, **body: Any) -> Any:
    return world.post("appraiser", f"/submissions/{report}/acceptance", body or None, headers={"If-Match": '"1"'})


def names(answer: Any) -> list[str]:
    return [move["name"] for move in answer.json()["moves"]]


def test_one_grid_for_all_units_and_nobody_else_reports(world: World) -> None:
    first = supplied(world)
    assert first.status_code == 201, first.text
    assert (first.json()["unit"], first.json()["supplier"], first.json()["appraiser"]) == ("nghia-do", "noi-vu", "tai-chinh")
    assert first.json()["objection_until"] == "2022-06-20", "three days on from the 15th, rolled over a weekend"
    grid = [{**MINE, "unit": unit, "period": "2022-04"} for unit in ("dich-vong", "nghia-do")]
    assert world.post("supplier", "/submissions", grid).status_code == 201
    assert lines(world, grid, "supplier").json()["taken"] == 2
    own = world.post("nghia-do", "/submissions", MINE)
    assert (own.status_code, own.json()["errors"][0]["pointer"]) == (422, "#/indicator")
    assert world.post("dich-vong", "/submissions", MINE).status_code == 403, "nor another unit"
    assert world.post("supplier", "/submissions", {**MINE, "indicator": "thu-nsnn"}).status_code == 403, (
        "nor the supplier on what it does not supply"
    )
    assert world.post("nghia-do", "/report-drafts", MINE).status_code == 422
    for who in ("nghia-do", "supplier", "appraiser"):
        assert world.get(who, f"/submissions/{first.json()['id']}").status_code == 200, who
    assert world.get("dich-vong", f"/submissions/{first.json()['id']}").status_code == 404


def test_the_suppliers_own_workbook_is_not_taken_twice(world: World) -> None:
    """What it supplied it is told of again; what a unit reported itself, it is not."""
    assert world.report("nghia-do", period="2022-05").status_code == 201
    supplied(world, period="2022-03")
    heading = ["Chỉ tiêu", "Đơn vị", "Kỳ", "Số liệu"]
    rows: list[list[Any]] = [heading, *(["ho-so", unit, "04/2022", 99] for unit in ("dich-vong", "nghia-do"))]
    for new, same in ((2, 0), (0, 2)):
        told = trial(world, "reports", rows, "supplier", apply=True)
        assert (told["new"], told["same"], told["changed"]) == (new, same, 0), told
    rows[2][3] = 98
    told = trial(world, "reports", rows, "supplier", apply=True)
    assert (told["same"], [one["before"] for one in told["changes"]]) == (1, [{"figure": "99"}])
    assert amend(world, f"/plans/{PLAN}/indicators/thu-nsnn", supplier="noi-vu", alternate_appraiser="cau-giay").status_code == 200
    theirs: list[list[Any]] = [heading, ["thu-nsnn", "nghia-do", "05/2022", 9]]
    assert [trial(world, "reports", theirs, who)[state] for who, state in (("supplier", "new"), ("nghia-do", "same"))] == [1, 1]


def test_the_unit_is_heard_before_the_figure_counts(world: World) -> None:
    report = supplied(world).json()["id"]
    path = f"/submissions/{report}"
    assert names(world.get("nghia-do", path)) == ["objection"]
    assert names(world.get("appraiser", path)) == ["return"]
    runs = accepted(world, report)
    assert (runs.status_code, runs.json()["type"]) == (409, "/problems/objection-runs")
    many = {"outcome": "accepted", "submissions": [{"id": report, "version": 1}]}
    assert world.post("appraiser", "/submissions/decisions", many).json()["type"] == "/problems/objection-runs"
    answer = objected(world, report)
    assert (answer.status_code, answer.json()["objection"]["reason"]) == (201, "Số của phường là 98,4.")
    assert objected(world, report).json()["type"] == "/problems/no-objection", "once"
    assert accepted(world, report).json()["errors"][0]["pointer"] == "#/reason", "over an objection, the reason is the answer"
    assert accepted(world, report, figure="98.4", reason="Đúng như phường đối chiếu.").status_code == 200
    result = next(one for one in world.get("nghia-do", f"/plans/{PLAN}/results").json()["items"] if one["indicator"] == "ho-so")
    assert result["figure"] == "98.4"


@pytest.mark.parametrize(
    ("at", "status"), [(datetime(2022, 6, 20, 23, 59, 59, 999999, ZONE), 409), (datetime(2022, 6, 21, 0, 0, 0, 0, ZONE), 200)]
)
def test_silence_lets_it_count_when_the_days_are_over(world: World, hand: Hand, at: datetime, status: int) -> None:
    report, other = supplied(world).json()["id"], supplied(world, period="2022-04").json()["id"]
    hand.at = at
    assert accepted(world, report).status_code == status
    assert objected(world, other).status_code == (201 if status == 409 else 409)


def test_a_figure_that_is_sent_again_answers_no_objection(world: World, hand: Hand) -> None:
    first = supplied(world).json()["id"]
    assert objected(world, first).status_code == 201
    answer = supplied(world, figure="97.5", confirmed=True).json()
    again = answer["id"]
    assert answer["objection"]["reason"] == "Số của phường là 98,4."
    assert world.get("appraiser", f"/submissions/{again}").json()["objection"]["reason"] == "Số của phường là 98,4."
    assert names(world.get("nghia-do", f"/submissions/{again}")) == ["objection"], "it may object to this one too"
    assert accepted(world, again).json()["type"] == "/problems/objection-runs"
    older, _ = (supplied(world, period="2022-03", figure=figure).json()["id"] for figure in ("97", "98"))
    assert objected(world, older).json()["type"] == "/problems/no-objection", "what is superseded is past objecting"
    hand.at = datetime(2022, 6, 21, tzinfo=ZONE)
    assert accepted(world, again).json()["errors"][0]["pointer"] == "#/reason"
    assert accepted(world, again, reason="Đã đối chiếu với phường.").status_code == 200
    assert supplied(world, confirmed=True).json()["objection"] is None, "it was answered"


def test_an_outage_gives_the_unit_its_days_back(world: World, hand: Hand) -> None:
    report = supplied(world).json()["id"]
    hand.at = datetime(2022, 6, 21, 8, tzinfo=ZONE)
    assert accepted(world, supplied(world, period="2022-04").json()["id"]).status_code == 409
    assert declare(world, starts_on="2022-06-17", ends_on="2022-06-20", moves_to="2022-06-22").status_code == 200
    seen = world.get("nghia-do", f"/submissions/{report}")
    assert (seen.json()["objection_until"], names(seen)) == ("2022-06-22", ["objection"])
    assert accepted(world, report).json()["type"] == "/problems/objection-runs"
    assert objected(world, report).status_code == 201


def test_what_came_stays_with_who_sent_it(world: World) -> None:
    supplied(world)
    assert amend(world, f"/plans/{PLAN}/indicators/ho-so", supplier=None).status_code == 200
    told = {one["unit"]: one for one in world.get("secretary", f"/plans/{PLAN}/report-statistics").json()["units"]}
    assert (told["noi-vu"]["expected"], told["noi-vu"]["late"]["count"]) == (1, 1), "its late figure is not the ward's"
    assert told["nghia-do"]["expected"] == 5 + 4


def test_a_supplier_that_is_closed_supplies_nothing_and_is_not_named(world: World) -> None:
    supplied(world)
    assert amend(world, "/units/noi-vu", closes_on="2022-06-10").status_code == 200
    refused = supplied(world, period="2022-04")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/indicator")
    assert amend(world, f"/plans/{PLAN}/indicators/ho-so", name="Tên khác").json()["errors"][0]["pointer"] == "#/supplier"


def test_a_draft_from_before_the_supplier_is_not_sent(world: World) -> None:
    draft = world.post("nghia-do", "/report-drafts", {**MINE, "indicator": "thu-nsnn", "figure": "9"}).json()
    assert amend(world, f"/plans/{PLAN}/indicators/thu-nsnn", supplier="quan-hoa").status_code == 200
    key = {"label": "quan", "role": "unit_head", "reach": "own_branch", "unit": "cau-giay", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["quan"] = world.post("administrator", "/keys", key).json()["key"]
    sent = {"drafts": [{"id": draft["id"], "version": 1, "confirmed": True}], "capacity": "head"}
    for who in ("head", "quan"):
        answer = world.post(who, "/report-drafts/sending", sent)
        assert answer.status_code == 422, answer.text


def test_who_may_and_who_may_not(world: World) -> None:
    report = supplied(world).json()["id"]
    for who, status in (("supplier", 403), ("appraiser", 403), ("dich-vong", 404), ("secretary", 403)):
        assert objected(world, report, who).status_code == status, who
    own = world.report().json()["id"]
    assert objected(world, own, "dich-vong").json()["type"] == "/problems/no-objection", "its own report"
    gone = world.post("nghia-do", f"/submissions/{report}/withdrawal", headers={"If-Match": '"1"'})
    assert gone.status_code == 403, "what another sent is not the unit's to withdraw"
    assert amend(world, f"/plans/{PLAN}/indicators/ho-so", supplier="tai-chinh").json()["errors"][0]["pointer"] == "#/supplier"


def test_whoever_supplies_does_not_appraise(world: World) -> None:
    """Also somebody who belongs to both by two roles; the row says it too."""
    report = supplied(world).json()["id"]
    with world.database.engine.connect() as connection:
        row = dict(connection.execute(sa.text("SELECT * FROM submission WHERE supplier_code = 'noi-vu'")).mappings().one())
        row |= {"id": hashlib.md5(b"x").hexdigest(), "version": 2, "supplier_code": "tai-chinh"}  # noqa: S324
        again = sa.text(f"INSERT INTO submission ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})")
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(again, row)
    assert accepted(world, report).status_code == 409


def test_evidence_is_the_suppliers(world: World) -> None:
    supplied(world, period="2022-03")
    file = upload(world, "supplier", unit="noi-vu").json()["file"]
    report = supplied(world, evidence=[{**CITED, "file": file}])
    assert report.status_code == 201, report.text
    assert world.get("nghia-do", f"/submissions/{report.json()['id']}/evidence/1").status_code == 200, "the unit sees on what it rests"
    other = upload(world, "nghia-do", content=b"%PDF-1.7 x", unit="nghia-do").json()["file"]
    assert supplied(world, evidence=[{**CITED, "file": other}]).status_code == 422


def test_the_report_is_expected_of_the_supplier(world: World) -> None:
    """Late figures of a supplier are not the unit's."""
    supplied(world)
    for who, owed in (("nghia-do", 0), ("supplier", 10), ("secretary", 10)):
        items = world.get(who, f"/plans/{PLAN}/expected-reports", params={"indicator": "ho-so"}).json()["items"]
        assert ([one["by"] for one in items], len(items)) == (["noi-vu"] * owed, owed), who
    told = {one["unit"]: one for one in world.get("secretary", f"/plans/{PLAN}/report-statistics").json()["units"]}
    assert (told["noi-vu"]["expected"], told["noi-vu"]["late"]["count"], told["nghia-do"]["expected"]) == (10, 1, 5)
    monday = {one["unit"]: one for one in world.get("secretary", f"/plans/{PLAN}/monday-report").json()["units"]}
    assert len(monday["noi-vu"]["overdue_reports"]) == 9


def test_the_trail_tells_unit_supplier_and_appraiser(world: World) -> None:
    report = supplied(world).json()["id"]
    objected(world, report)
    for who in ("nghia-do", "supplier", "appraiser"):
        told = world.get(who, f"/history/submission/{report}").json()["items"]
        assert [one["verb"] for one in told] == ["progress.objected", "progress.submitted"], who
    receipt = world.get("supplier", f"/submissions/{report}/receipt").json()
    assert (receipt["content"]["supplier"], receipt["content"]["objection_until"]) == ("noi-vu", "2022-06-20")


def test_papers_and_mails_say_whose_figure_is_missing(world: World, settings: Settings) -> None:
    supplied(world, period="2022-01")
    kept = world.call("administrator", "PUT", "/units/noi-vu/mailbox", json={"address": "nv@example.vn"}, headers={"If-Match": '"0"'})
    assert kept.status_code == 200
    with world.database.reading(Admission(world.clock.now(), world.clock)) as session:
        [mail] = due(session, settings, world.clock.now())
    lines_of = [line for line in mail.text.splitlines() if "tháng 2/2022" in line]
    assert [("Phường Dịch Vọng" in one, "Phường Nghĩa Đô" in one) for one in lines_of] == [(True, False), (False, True)]
    paper = Document(io.BytesIO(world.get("secretary", f"/plans/{PLAN}/monday-report.docx").content))
    rows = [tuple(cell.text for cell in row.cells) for table in paper.tables for row in table.rows]
    supplied_rows = [row for row in rows if row[0] == "Phòng Nội vụ" and "tháng 2/2022" in row]
    assert {row[2] for row in supplied_rows} == {"Phường Dịch Vọng", "Phường Nghĩa Đô"}
