"""The unit's own signature: the head sends what an officer drafted, or signs what was sent, here or on paper. Never a reason to be late."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clock import ZONE
from tests.conftest import Hand
from tests.files import PDF, office, photograph
from tests.test_evidence import upload
from tests.world import PLAN, World

MICROSECOND = timedelta(microseconds=1)
DUE = datetime(2022, 6, 6, tzinfo=ZONE) + timedelta(days=1)
"""The figure of May is due to the end of 6/6: the fifth was a Sunday."""
CLAIM = {"plan": PLAN, "unit": "nghia-do", "indicator": "thu-nsnn", "period": "2022-05", "figure": "4"}


def drafted(world: World, who: str = "nghia-do", **fields: Any) -> Any:
    return world.post(who, "/report-drafts", {**CLAIM, **fields})


def sent(world: World, *drafts: Any, who: str = "head", capacity: str = "head") -> Any:
    listed = [{name: one[name] for name in ("id", "version", "confirmed") if name in one} for one in drafts]
    return world.post(who, "/report-drafts/sending", {"capacity": capacity, "drafts": listed})


@pytest.mark.parametrize(("kept_at", "is_late"), [(DUE - MICROSECOND, False), (DUE, True)])
def test_what_waited_for_the_head_is_not_late(world: World, hand: Hand, kept_at: datetime, is_late: bool) -> None:
    """It is judged by when the officer had it ready; the control is an officer who sends at that late hour."""
    hand.at = kept_at
    draft = drafted(world, evidence=[{"document_number": "1", "document_date": "2022-05-31", "issuer": "x"}], note="Kèm biểu").json()
    hand.at = DUE + timedelta(days=10)
    report = sent(world, draft, capacity="deputy").json()[0]
    assert ("late" in report["flags"]) is is_late
    assert report["prepared_at"] == kept_at.isoformat()
    assert report["received_at"] == hand.at.isoformat()
    assert (report["sign_off"]["capacity"], report["sign_off"]["on_paper"]) == ("deputy", False)
    assert (report["note"], report["evidence"][0]["document_number"]) == ("Kèm biểu", "1")
    assert world.get("nghia-do", f"/report-drafts/{draft['id']}").status_code == 404
    assert "late" in world.report("nghia-do", figure="4").json()["flags"]
    content = world.get("nghia-do", f"/submissions/{report['id']}/receipt").json()["content"]
    assert datetime.fromisoformat(content["prepared_at"]) == kept_at


def test_a_draft_that_is_changed_is_judged_by_its_change(world: World, hand: Hand) -> None:
    hand.at = DUE - MICROSECOND
    draft = drafted(world).json()
    hand.at = DUE
    path, once = f"/report-drafts/{draft['id']}", {"If-Match": '"1"'}
    changed = world.call("nghia-do", "PUT", path, json={**CLAIM, "figure": "5"}, headers=once).json()
    assert (changed["version"], changed["report"]["figure"]) == (2, "5")
    assert sent(world, draft).json()["type"] == "/problems/stale", "what is signed is what was seen"
    report = sent(world, changed).json()[0]
    assert report["figure"] == "5"
    assert "late" in report["flags"]


def test_a_draft_counts_for_nothing_and_is_seen_by_its_unit_alone(world: World) -> None:
    draft = drafted(world).json()
    path, once = f"/report-drafts/{draft['id']}", {"headers": {"If-Match": '"1"'}}
    assert world.get("secretary", "/submissions").json()["items"] == []
    for who in ("dich-vong", "appraiser", "secretary", "administrator"):
        assert world.get(who, path).status_code == 404
        assert world.get(who, "/report-drafts").json()["items"] == []
        assert world.post(who, f"{path}/discard", **once).status_code in {403, 404}
    assert [one["id"] for one in world.get("head", "/report-drafts", params={"unit": "nghia-do"}).json()["items"]] == [draft["id"]]
    assert [move["name"] for move in draft["moves"]] == ["discard", "change"], "an officer does not sign"
    assert [move["name"] for move in world.get("head", path).json()["moves"]] == ["discard", "change", "sending"]
    assert sent(world, draft, who="nghia-do").status_code == 403
    assert world.call("nghia-do", "PUT", path, json={**CLAIM, "unit": "dich-vong"}, **once).status_code == 422
    assert world.post("nghia-do", f"{path}/discard", **once).status_code == 204
    assert world.get("head", path).status_code == 404
    verbs = [one["verb"] for one in world.get("head", f"/history/report_draft/{draft['id']}").json()["items"]]
    assert verbs == ["draft.discarded", "draft.kept"]


def test_drafts_are_looked_at_as_if_they_were_sent(world: World) -> None:
    assert drafted(world, figure="99999").json()["type"] == "/problems/needs-confirmation"
    assert drafted(world, period="2022-12").json()["errors"][0]["pointer"] == "#/period"
    assert drafted(world, unit="dich-vong").status_code == 403
    many = world.post("nghia-do", "/report-drafts", [CLAIM, {**CLAIM, "period": "2022-12"}])
    assert many.json()["errors"][0]["pointer"] == "#/1/period"
    assert world.get("head", "/report-drafts").json()["items"] == [], "all or none"
    both = world.post("nghia-do", "/report-drafts", [CLAIM, {**CLAIM, "period": "2022-04", "figure": "3"}]).json()
    assert sent(world, both[0], both[0]).json()["errors"][0]["pointer"] == "#/drafts"
    assert sent(world, {"id": both[0]["id"], "version": 9}).json()["errors"][0]["pointer"] == "#/drafts/0/version"
    assert sent(world, both[0], {"id": both[0]["id"][:-4] + "0000", "version": 1}).json()["errors"][0]["pointer"] == "#/drafts/1/id"
    assert len(world.get("head", "/report-drafts").json()["items"]) == 2
    assert [one["period"] for one in sent(world, *both).json()] == ["2022-05", "2022-04"]


def test_what_no_longer_fits_is_refused_when_it_is_sent(world: World) -> None:
    first, second = drafted(world, period="2022-04", figure="3").json(), drafted(world, period="2022-05", figure="4").json()
    assert world.report("nghia-do", period="2022-03", figure="3.5").status_code == 201
    answer = sent(world, second, first)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "#/drafts/1/figure")
    assert len(world.get("head", "/report-drafts").json()["items"]) == 2
    assert len(world.get("head", "/submissions").json()["items"]) == 1
    taken = sent(world, second, {**first, "confirmed": True}).json()[1]
    assert "cumulative_falls" in taken["flags"]
    assert taken["prepared_at"] == first["kept_at"], "who confirms when it is sent makes it no later"


def test_drafts_are_compared_with_each_other(world: World) -> None:
    many = [{**CLAIM, "period": f"2022-0{month}", "figure": figure} for month, figure in ((1, "1"), (2, "3"), (3, "2"))]
    assert world.post("nghia-do", "/report-drafts", many).json()["errors"][0]["pointer"] == "#/2/figure"


def test_a_draft_from_before_a_return_is_no_answer_to_it(world: World, hand: Hand) -> None:
    hand.at = DUE - timedelta(days=2)
    first = world.report("nghia-do", figure="4").json()["id"]
    draft = drafted(world, figure="5").json()
    hand.forward(days=1)
    match = {"headers": {"If-Match": '"1"'}}
    assert world.post("appraiser", f"/submissions/{first}/return", {"reason": "x"}, **match).status_code == 200
    hand.at = DUE + timedelta(days=10)
    report = sent(world, draft).json()[0]
    assert (report["prepared_at"], "late" in report["flags"]) == (None, True)


def test_a_key_that_may_sign_and_nothing_else_can_send(world: World) -> None:
    draft = drafted(world).json()
    scopes = ["progress:submit", "progress:sign"]
    key = {"label": "ky", "role": "unit_head", "unit": "nghia-do", "scopes": scopes, "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["narrow"] = world.post("administrator", "/keys", key).json()["key"]
    assert sent(world, draft, who="narrow").status_code == 201


def test_what_a_draft_says_cannot_be_tried_out_against_the_trail(world: World) -> None:
    """The digest of the same draft is another each time: it covers a salted commitment."""
    for _ in range(2):
        drafted(world)
    history = [
        world.get("secretary", f"/history/report_draft/{one['id']}").json() for one in world.get("head", "/report-drafts").json()["items"]
    ]
    digests = [one["digest"] for row in history for one in row["items"]]
    assert len(set(digests)) == len(digests) == 2


def signed(world: World, *reports: str, who: str = "head", capacity: str = "head", **fields: Any) -> Any:
    return world.post(who, "/sign-offs", {"capacity": capacity, "submissions": list(reports), **fields})


def test_the_head_signs_many_at_once(world: World) -> None:
    reports = [world.report("nghia-do", period=f"2022-0{month}", figure=str(month)).json() for month in (3, 4, 5)]
    ids = [one["id"] for one in reports]
    assert all(one["sign_off"] is None for one in reports)
    assert "sign-off" not in [move["name"] for move in reports[0]["moves"]], "an officer does not sign"
    assert [move["name"] for move in world.get("head", f"/submissions/{ids[0]}").json()["moves"]] == ["withdrawal", "sign-off"]
    assert world.accept(ids[2]).status_code == 200, "an unsigned report is appraised all the same"
    answer = signed(world, *reversed(ids), capacity="delegate").json()
    assert [(one["id"], one["sign_off"]["capacity"]) for one in answer] == [(one, "delegate") for one in reversed(ids)]
    assert world.get("head", "/submissions", params={"signed": "false"}).json()["items"] == []
    assert len(world.get("appraiser", "/submissions", params={"signed": "true"}).json()["items"]) == 3
    again = signed(world, ids[0])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-signed")
    assert world.get("head", f"/submissions/{ids[0]}").json()["moves"][-1]["name"] == "withdrawal"


def test_the_officer_attaches_what_was_signed_on_paper(world: World) -> None:
    reports = [world.report("nghia-do", period=f"2022-0{month}", figure=str(month)).json()["id"] for month in (4, 5)]
    scan = upload(world, "nghia-do", unit="nghia-do").json()["file"]
    paper = {"document_number": "45/BC-UBND", "document_date": "2022-06-02", "signatory": "Phó Chủ tịch UBND phường", "file": scan}
    answer = signed(world, *reports, who="nghia-do", capacity="deputy", paper=paper).json()
    for one in answer:
        told = {name: one["sign_off"][name] for name in ("capacity", "on_paper", *paper)}
        assert told == {"capacity": "deputy", "on_paper": True, **paper}
    assert world.get("appraiser", f"/submissions/{reports[0]}/sign-off/file").content == PDF
    assert world.get("dich-vong", f"/submissions/{reports[0]}/sign-off/file").status_code == 404
    uses = world.get("appraiser", f"/evidence/{scan}/uses").json()["items"]
    assert [(one["by"], one["id"]) for one in uses] == [("signature", one) for one in sorted(reports)]
    again = {**paper, "document_number": "46/BC-UBND"}
    assert signed(world, reports[0], who="nghia-do", paper=again).json()[0]["sign_off"]["document_number"] == "46/BC-UBND"
    assert signed(world, reports[0]).json()[0]["sign_off"]["on_paper"] is False, "the head signs here after all"
    assert signed(world, reports[0], who="nghia-do", paper=again).json()["type"] == "/problems/already-signed"
    assert world.get("appraiser", f"/submissions/{reports[0]}/sign-off/file").status_code == 404


def test_wrong_signatures_are_refused_and_change_nothing(world: World) -> None:
    good = world.report("nghia-do").json()["id"]
    foreign, returned = world.report().json()["id"], world.report("nghia-do", period="2022-04", figure="1").json()["id"]
    assert world.post("appraiser", f"/submissions/{returned}/return", {"reason": "x"}, headers={"If-Match": '"1"'}).status_code == 200
    assert signed(world, good, who="nghia-do").status_code == 403
    assert signed(world, good, foreign).json()["errors"][0]["pointer"] == "#/submissions/1"
    assert signed(world, good, returned).json()["errors"][0]["pointer"] == "#/submissions/1"
    assert signed(world, good, good).json()["errors"][0]["pointer"] == "#/submissions"
    assert signed(world, good, capacity="owner").json()["errors"][0]["pointer"] == "#/capacity"
    paper = {"document_number": "45/BC", "document_date": "2022-06-02", "signatory": "Chủ tịch"}
    theirs = upload(world, content=b"%PDF-1.7 other").json()["file"]
    table = upload(world, "nghia-do", content=office("xlsx"), unit="nghia-do").json()["file"]
    scan = upload(world, "nghia-do", content=photograph(), unit="nghia-do").json()["file"]
    for file, day, pointer in (
        (theirs, "2022-06-02", "#/paper/file"),
        (table, "2022-06-02", "#/paper/file"),
        (scan, "2022-06-16", "#/paper/document_date"),
    ):
        answer = signed(world, good, who="nghia-do", paper={**paper, "file": file, "document_date": day})
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert world.get("head", f"/submissions/{good}").json()["sign_off"] is None
    assert signed(world, good, who="nghia-do", paper={**paper, "file": scan}).status_code == 200
