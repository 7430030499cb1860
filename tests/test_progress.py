"""Reports: who may, when, about what; one decision, whoever is faster."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from app.clock import ZONE
from app.progress.models import Submission
from tests.conftest import Hand
from tests.world import MOVEMENT, PLAN, World


def test_nobody_appraises_their_own_and_strangers_see_nothing(world: World) -> None:
    submission = world.report().json()["id"]
    assert world.accept(submission, "dich-vong").json()["type"] == "/problems/own-work"
    assert world.accept(submission, "nghia-do").status_code == 404
    assert world.accept(submission, "alternate").status_code == 404
    assert world.accept(submission, "viewer").json()["type"] == "/problems/not-allowed"
    assert world.accept(submission, "administrator").json()["type"] == "/problems/not-allowed"
    assert world.get("nghia-do", f"/submissions/{submission}").status_code == 404
    assert world.accept(submission).status_code == 200


def test_an_appraiser_that_reports_is_answered_by_the_alternate(world: World) -> None:
    target = {"unit": "tai-chinh", "source": "district", "figure": "5"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", target).status_code == 201
    officer = {"label": "o", "role": "unit_officer", "unit": "tai-chinh", "expires_at": datetime(2027, 1, 1, tzinfo=UTC).isoformat()}
    world.keys["tai-chinh"] = world.post("administrator", "/keys", officer).json()["key"]
    submission = world.report("tai-chinh", figure="5").json()
    assert submission["appraiser"] == "noi-vu"
    assert world.accept(submission["id"], "appraiser").json()["type"] == "/problems/own-work"
    assert world.accept(submission["id"], "alternate").status_code == 200


def test_a_report_is_returned_with_a_reason_and_sent_again(world: World) -> None:
    first = world.report(figure="90").json()
    assert [move["name"] for move in first["moves"]] == ["withdrawal"]
    seen = world.get("appraiser", f"/submissions/{first['id']}").json()
    assert [move["name"] for move in seen["moves"]] == ["acceptance", "return"]
    returned = world.post("appraiser", f"/submissions/{first['id']}/return", {"reason": "Sai đơn vị tính"}, headers={"If-Match": '"1"'})
    assert returned.status_code == 200
    assert returned.json()["decision"] == returned.json()["decision"] | {"outcome": "returned", "reason": "Sai đơn vị tính"}
    second = world.report(figure="9").json()
    assert second["claim"] == 2
    assert world.get("dich-vong", f"/submissions/{first['id']}").json()["superseded"] is True
    assert world.accept(second["id"]).status_code == 200


def test_a_superseded_report_is_not_accepted_and_an_accepted_one_stays_until_the_next(world: World) -> None:
    first, second = world.report(figure="8").json(), world.report(figure="9").json()
    assert world.accept(first["id"]).json()["type"] == "/problems/superseded"
    assert world.accept(second["id"]).status_code == 200
    assert world.standings()["dich-vong"] == (1, "54")
    third = world.report(figure="10").json()
    assert world.standings()["dich-vong"] == (1, "54"), "the accepted figure stands while the newer one waits"
    assert world.accept(third["id"]).status_code == 200
    assert world.standings()["dich-vong"] == (1, "60")


def test_what_is_superseded_is_offered_for_return_alone(world: World) -> None:
    old, new = (world.report(figure=figure).json()["id"] for figure in ("3", "4"))
    offered = {one: [move["name"] for move in world.get("appraiser", f"/submissions/{one}").json()["moves"]] for one in (old, new)}
    assert offered == {old: ["return"], new: ["acceptance", "return"]}


def corrected(world: World, report: str, who: str = "appraiser", **sent: Any) -> Any:
    return world.post(who, f"/submissions/{report}/acceptance", sent, headers={"If-Match": '"1"'})


def test_another_figure_is_accepted_and_the_claim_stays(world: World, hand: Hand) -> None:
    """It counts on the board, in results, and its reason stands beside the source; the difference of the views is named."""
    report = world.report(figure="9").json()["id"]
    before = hand.now()
    hand.forward(seconds=1)
    accepted = corrected(world, report, figure="6.5", reason="Trừ phần ghi trùng").json()
    assert (accepted["figure"], accepted["state"]) == ("9", "accepted")
    assert (accepted["decision"]["figure"], accepted["decision"]["reason"]) == ("6.5", "Trừ phần ghi trùng")
    assert world.standings()["dich-vong"][1] == "39"
    assert world.standings(as_of=before.isoformat())["dich-vong"][1] == "0"
    [result] = [row for row in world.get("dich-vong", f"/plans/{PLAN}/results").json()["items"] if row["unit"] == "dich-vong"]
    assert result["figure"] == "6.5"
    line = world.get("dich-vong", f"/movements/{MOVEMENT}/units/dich-vong/sheet").json()["lines"][1]
    assert (line["sources"][0]["id"], line["sources"][0]["reason"]) == (report, "Trừ phần ghi trùng")
    views = {"view": "claimed", "other": "appraised"}
    asked = world.get("dich-vong", f"/movements/{MOVEMENT}/units/dich-vong/sheet/differences", params=views).json()
    [differing] = [line for line in asked["lines"] if line["code"] == "A"]
    assert (differing["points"], differing["other_points"]) == ("54", "39")
    assert [(cause["cause"], cause["text"]) for cause in differing["causes"]] == [
        ("accepted-corrected", "1 báo cáo được chấp nhận với số điều chỉnh.")
    ]


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [({"figure": "6.5"}, "#/reason"), ({"figure": "9.0", "reason": "x"}, "#/figure"), ({"figure": 6.5, "reason": "x"}, "#/figure")],
)
def test_a_correction_is_another_figure_with_a_reason(world: World, sent: dict[str, Any], pointer: str) -> None:
    report = world.report(figure="9").json()["id"]
    refused = corrected(world, report, **sent)
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (422, [pointer])
    assert world.get("dich-vong", f"/submissions/{report}").json()["state"] == "waiting"
    done = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-01-20"}
    task = world.post("dich-vong", "/submissions", done).json()["id"]
    refused = corrected(world, task, "alternate", figure="1", reason="x")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["#/figure"]
    assert corrected(world, task, "alternate", reason="Đã kiểm tra tại chỗ").json()["decision"]["reason"] == "Đã kiểm tra tại chỗ"


def test_withdrawal_belongs_to_the_sender_and_to_the_waiting(world: World) -> None:
    submission = world.report().json()["id"]
    place = f"/submissions/{submission}/withdrawal"
    assert world.post("appraiser", place, headers={"If-Match": '"1"'}).status_code == 403
    assert world.post("dich-vong", place, headers={"If-Match": '"1"'}).json()["state"] == "withdrawn"
    assert world.accept(submission, version=2).json()["type"] == "/problems/already-reviewed"
    assert world.accept(submission, version=1).json()["type"] == "/problems/stale"


def test_preconditions(world: World) -> None:
    submission = world.report().json()["id"]
    place = f"/submissions/{submission}/acceptance"
    assert world.post("appraiser", place).status_code == 428
    assert world.post("appraiser", place, headers={"If-Match": "x"}).status_code == 422
    assert world.post("appraiser", place, headers={"If-Match": '"7-abc"'}).status_code == 412
    etag = world.get("appraiser", f"/submissions/{submission}").headers["ETag"]
    assert world.post("appraiser", place, headers={"If-Match": etag}).status_code == 200
    again = world.get("appraiser", f"/submissions/{submission}")
    assert again.headers["ETag"].startswith('"2-')
    unchanged = world.get("appraiser", f"/submissions/{submission}", headers={"If-None-Match": again.headers["ETag"]})
    assert unchanged.status_code == 304
    assert unchanged.content == b""


def test_late_is_taken_and_marked_and_only_a_closed_plan_refuses(world: World, hand: Hand) -> None:
    hand.at = datetime(2022, 6, 5, 23, 59, 59, 999999, tzinfo=ZONE)  # Sunday; the fifth day rolls to Monday the 6th
    assert world.report(figure="1").json()["flags"] == []
    hand.at = datetime(2022, 6, 6, 23, 59, 59, 999999, tzinfo=ZONE)
    assert world.report(figure="2").json()["flags"] == []
    hand.at = datetime(2022, 6, 7, 0, 0, 0, 0, tzinfo=ZONE)
    assert world.report(figure="3").json()["flags"] == ["late"]
    assert world.post("administrator", f"/plans/{PLAN}/closing").status_code == 200
    assert world.report(figure="4").json()["type"] == "/problems/plan-closed"
    assert world.post("administrator", f"/plans/{PLAN}/closing").json()["type"] == "/problems/plan-closed"


def test_evidence_dated_outside_the_period_is_flagged_not_refused(world: World) -> None:
    def cited(day: str) -> list[dict[str, str]]:
        return [{"document_number": "1/BC", "document_date": day, "issuer": "UBND phường"}]

    assert world.report(evidence=cited("2022-05-31")).json()["flags"] == ["late"]
    assert world.report(evidence=cited("2022-04-30")).json()["flags"] == ["late", "evidence_outside_window"]
    assert world.report(evidence=cited("2022-06-16")).json()["flags"] == ["late", "evidence_outside_window"]


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"period": "2022-07"}, "#/period"),
    ({"period": "2022-Q1"}, "#/period"),
    ({"period": None}, "#/period"),
    ({"figure": None}, "#/figure"),
    ({"figure": 9}, "#/figure"),
    ({"figure": "9,5"}, "#/figure"),
    ({"figure": "1e3"}, "#/figure"),
    ({"figure": "NaN"}, "#/figure"),
    ({"figure": "1" * 40}, "#/figure"),
    ({"figure": "0.00000000001"}, "#/figure"),
    ({"indicator": "khong-co"}, "#/indicator"),
    ({"indicator": "Thu NSNN"}, "#/indicator"),
    ({"plan": "khong-co"}, "#/plan"),
    ({"completed_on": "2022-06-01"}, "#/completed_on"),
    ({"task": "tet"}, "#"),
    ({"indicator": None, "period": None, "figure": None}, "#"),
    ({"indicator": None, "period": None, "figure": None, "task": "tet"}, "#/completed_on"),
    ({"indicator": None, "period": None, "figure": None, "task": "tet", "completed_on": "2022-06-16"}, "#/completed_on"),
    ({"indicator": None, "period": None, "figure": None, "task": "khong-co", "completed_on": "2022-06-01"}, "#/task"),
    ({"unknown": 1}, "#/unknown"),
    ({"evidence": [{"document_number": "1", "document_date": "2022-02-30", "issuer": "x"}]}, "#/evidence/0/document_date"),
    ({"evidence": [{"document_number": "1", "document_date": "2022-05-30", "issuer": "x", "file": "0" * 64}]}, "#/evidence/0/file"),
    ({"note": "x" * 4001}, "#/note"),
]


@pytest.mark.parametrize(("wrong", "pointer"), IMPOSSIBLE, ids=[str(n) for n in range(len(IMPOSSIBLE))])
def test_an_impossible_claim_is_refused_at_its_field_alone_or_among_others(world: World, wrong: dict[str, Any], pointer: str) -> None:
    good = {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "9"}
    bad = {name: value for name, value in (good | wrong).items() if value is not None}
    refused = world.post("dich-vong", "/submissions", bad)
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    among = world.post("dich-vong", "/submissions", [good, bad])
    assert among.status_code == 422
    assert [error["pointer"] for error in among.json()["errors"]] == [pointer.replace("#", "#/1", 1)]
    assert world.get("dich-vong", "/submissions").json()["items"] == [], "all or none"


def test_only_the_assigned_and_the_lead_report(world: World) -> None:
    assert (
        world.post("nghia-do", "/submissions", {"plan": PLAN, "unit": "nghia-do", "task": "tet", "completed_on": "2022-01-20"}).status_code
        == 422
    )
    world.keys["quan-hoa"] = world.post(
        "administrator",
        "/keys",
        {"label": "q", "role": "unit_officer", "unit": "quan-hoa", "expires_at": datetime(2027, 1, 1, tzinfo=UTC).isoformat()},
    ).json()["key"]
    refused = world.report("quan-hoa")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["#/indicator"]


def test_a_task_is_confirmed_by_the_date_it_was_done(world: World) -> None:
    sent = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-01-28"}
    submission = world.post("dich-vong", "/submissions", sent).json()
    assert submission["flags"] == ["late"]
    status = world.get("dich-vong", f"/plans/{PLAN}/task-statuses").json()["items"][0]
    assert (status["progress"], status["timing"]) == ("awaiting_confirmation", "in_time"), "done in time, whoever is slow to confirm it"
    assert world.accept(submission["id"], "alternate").status_code == 200
    status = world.get("dich-vong", f"/plans/{PLAN}/task-statuses").json()["items"][0]
    assert (status["progress"], status["timing"]) == ("done", "done_on_time")
    assert world.standings()["dich-vong"] == (1, "40")


def test_results_show_both_percentages(world: World) -> None:
    world.accept(world.report(figure="9.2").json()["id"])
    found = world.get("dich-vong", f"/plans/{PLAN}/results").json()["items"]
    assert len(found) == 1, "one's own only"
    assert found[0] | {"result": "not_yet_due", "figure": "9.2", "percent_of_target": "92", "percent_of_last_year": "115"} == found[0]


def decided_at_once(world: World) -> list[int]:
    """Two appraisers accept, one returns, the unit withdraws, all at once: the statuses, sorted."""
    one = world.report().json()["id"]
    match = {"If-Match": '"1"'}
    attempts = [
        lambda: world.accept(one),
        lambda: world.accept(one),
        lambda: world.post("appraiser", f"/submissions/{one}/return", {"reason": "x"}, headers=match),
        lambda: world.post("dich-vong", f"/submissions/{one}/withdrawal", headers=match),
    ]
    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(lambda attempt: attempt().status_code, attempts))
    history = world.get("appraiser", f"/history/submission/{one}").json()["items"]
    assert len(history) == 1 + codes.count(200)
    return codes


def test_one_decision_when_four_decide(world: World) -> None:
    """C2: again and again."""
    for _ in range(200):
        codes = decided_at_once(world)
        assert codes[0] == 200, codes
        assert all(code in {409, 412} for code in codes[1:]), codes


def test_two_decisions_happen_where_nothing_forbids_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above: a reader that sees no decision, over a table without its key."""
    with world.database.engine.begin() as connection:
        if world.database.is_sqlite:
            connection.exec_driver_sql("ALTER TABLE submission_decision RENAME TO kept")
            connection.exec_driver_sql("CREATE TABLE submission_decision AS SELECT * FROM kept")
        else:
            connection.exec_driver_sql("ALTER TABLE submission_decision DROP CONSTRAINT pk_submission_decision")
    monkeypatch.setattr("app.progress.queries.open_submission", lambda session, _, one, **__: (session.get(Submission, one), None))
    assert max(decided_at_once(world).count(200) for _ in range(5)) > 1


def test_reports_of_one_unit_queue_up_and_none_is_refused(world: World) -> None:
    """Sixteen at once about one subject, alone and in bulk: versions 1 to 24 without gaps, nobody told to try again."""
    one = {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "9"}
    sent: list[Any] = [one] * 8 + [[one, one]] * 8
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda body: world.post("dich-vong", "/submissions", body), sent))
    assert {answer.status_code for answer in answers} == {201}
    claims = [row["claim"] for row in world.get("dich-vong", "/submissions", params={"limit": 200}).json()["items"]]
    assert sorted(claims) == list(range(1, 25))


def test_reports_are_listed_newest_first_by_pages(world: World) -> None:
    for figure in range(5):
        world.report(figure=str(figure))
    first = world.get("appraiser", "/submissions", params={"limit": 3, "unit": "dich-vong"}).json()
    rest = world.get("appraiser", "/submissions", params={"limit": 3, "unit": "dich-vong", "cursor": first["next"]}).json()
    assert [row["figure"] for row in first["items"] + rest["items"]] == ["4", "3", "2", "1", "0"]
    assert rest["next"] is None
    assert world.get("nghia-do", "/submissions", params={"cursor": first["next"]}).json()["items"] == [], "a cursor grants nothing"
    assert world.get("appraiser", "/submissions", params={"cursor": "bm90LWEta2V5"}).status_code == 422


def test_every_list_is_paged(world: World) -> None:
    """One by one gives the same as all at once, and no page is larger than was asked for."""
    for code in ("a", "b", "c"):
        task = {"code": code, "title": code, "lead": "nghia-do", "appraiser": "noi-vu"}
        assert world.post("administrator", f"/plans/{PLAN}/tasks", task).status_code == 201
    lists = ["/units", f"/plans/{PLAN}/indicators", f"/plans/{PLAN}/indicators/thu-nsnn/targets", f"/plans/{PLAN}/tasks"]
    lists += [f"/plans/{PLAN}/results", f"/plans/{PLAN}/task-statuses", f"/movements/{MOVEMENT}/registrations"]
    for path in lists:
        everything = world.get("administrator", path).json()
        assert everything["next"] is None
        found, cursor = [], None
        for _ in range(20):
            page = world.get("administrator", path, params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
            assert len(page["items"]) == 1, path
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        assert found == everything["items"], path


def test_the_history_tells_who_did_what(world: World) -> None:
    submission = world.report().json()["id"]
    world.accept(submission)
    entries = world.get("appraiser", f"/history/submission/{submission}").json()["items"]
    assert [entry["verb"] for entry in entries] == ["progress.accepted", "progress.submitted"]
    assert entries[0]["scope"] == ["unit:dich-vong", "unit:tai-chinh"]
    me = world.get("appraiser", "/me").json()
    assert (entries[0]["actor_kind"], entries[0]["actor_id"]) == ("key", me["id"])
    assert world.get("nghia-do", f"/history/submission/{submission}").status_code == 404
    assert world.get("secretary", f"/movements/{MOVEMENT}/timeline").status_code == 200


def test_a_branch_adds_up_as_its_indicator_says(world: World) -> None:
    """Sums, shares of sums and means of shares differ; who is silent is named; a foreign branch is not there."""
    fields = {"unit_of_measure": "hộ", "accumulation": "point_in_time", "owner": "noi-vu", "appraiser": "noi-vu"}
    fields |= {"alternate_appraiser": "tai-chinh", "period_scheme": "month"}
    share = {**fields, "unit_of_measure": "%", "numerator": "ho-van-hoa", "denominator": "tong-so-ho"}
    defined = {
        "ho-van-hoa": fields,
        "tong-so-ho": fields,
        "ty-le": {**share, "aggregation": "ratio_of_sums"},
        "trung-binh": {**share, "aggregation": "mean_of_ratios"},
    }
    for code, said in defined.items():
        assert world.post("administrator", f"/plans/{PLAN}/indicators", {"code": code, "name": code, **said}).status_code == 201
        for unit in ("dich-vong", "nghia-do", "quan-hoa"):
            target = {"unit": unit, "source": "district", "figure": "100"}
            assert world.post("administrator", f"/plans/{PLAN}/indicators/{code}/targets", target).status_code == 201
    world.post("administrator", f"/plans/{PLAN}/indicators/ho-van-hoa/targets", {"unit": "cau-giay", "source": "city", "figure": "200"})
    for unit, cultural, all_of_them, rate in (("dich-vong", "90", "100", "90"), ("nghia-do", "50", "200", "25")):
        for code, figure in (("ho-van-hoa", cultural), ("tong-so-ho", all_of_them), ("trung-binh", rate)):
            sent = {"plan": PLAN, "unit": unit, "indicator": code, "period": "2022-05", "figure": figure}
            assert world.accept(world.post(unit, "/submissions", sent).json()["id"], "alternate").status_code == 200
    found = {row["indicator"]: row for row in world.get("secretary", f"/plans/{PLAN}/branches/cau-giay/results").json()["items"]}
    assert {code: row["figure"] for code, row in found.items()} == {
        "ho-van-hoa": "140",
        "tong-so-ho": "300",
        "ty-le": "46.6667",
        "trung-binh": "57.5",
        "thu-nsnn": None,
    }
    assert (found["ho-van-hoa"]["target"], found["ho-van-hoa"]["percent_of_target"]) == ("200", "70")
    assert (found["ty-le"]["reporting"], found["ty-le"]["silent"]) == (["dich-vong", "nghia-do"], ["quan-hoa"])
    unnamed = {"code": "khong-ro", "name": "x", **fields, "aggregation": "ratio_of_sums"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators", unnamed).status_code == 201
    world.post("administrator", f"/plans/{PLAN}/indicators/khong-ro/targets", {"unit": "dich-vong", "source": "district", "figure": "9"})
    world.accept(world.report(figure="7", indicator="khong-ro").json()["id"], "alternate")
    found = {row["indicator"]: row for row in world.get("secretary", f"/plans/{PLAN}/branches/cau-giay/results").json()["items"]}
    assert [found["khong-ro"][name] for name in ("figure", "needs_parts", "reporting", "silent")] == [None, True, ["dich-vong"], []]
    assert not found["ty-le"]["needs_parts"]
    for who, unit in (("dich-vong", "cau-giay"), ("secretary", "dich-vong"), ("secretary", "khong-co")):
        assert world.get(who, f"/plans/{PLAN}/branches/{unit}/results").status_code == 404
    one_part = {"code": "lech", "name": "x", **fields, "numerator": "ho-van-hoa"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators", one_part).json()["errors"][0]["pointer"] == "#/denominator"
