"""From a ranking to a decision: what the scheme makes of it, what people change, what the council advises, what is signed and published."""

from typing import Any

import pytest

from app.ranking.verifier.thidua_verify import verified
from tests.awarding import PATH, Awarding, awarding, step
from tests.test_followup import kind, pointers
from tests.test_publications import approved, closed, phase  # noqa: F401 - a fixture
from tests.test_publishing import override
from tests.world import World


@pytest.fixture
def board(closed: World) -> Awarding:  # noqa: F811
    return awarding(closed)


def solution(board: Awarding, who: str = "secretary") -> Any:
    answer = board.world.get(who, f"{PATH}/award-solution", params={"publication": 1})
    assert answer.status_code == 200, answer.text
    return {one["award"]: one for one in answer.json()["allotments"]}


def test_the_scheme_makes_a_proposal_of_the_publication(board: Awarding) -> None:
    found = solution(board)
    assert [one["nomination"] for one in found["bang-khen"]["recipients"]] == [board.dossiers["bang-khen"]]
    assert [one["unit"] for one in found["giay-khen"]["recipients"]] == ["nghia-do"], "Dịch Vọng has another form for the same achievement"
    miss = found["giay-khen"]["near_misses"]
    assert [(one["unit"], [check["criterion"] for check in one["checks"] if not check["met"]]) for one in miss] == [
        ("dich-vong", ["one_form"])
    ]
    assert (found["giay-khen"]["cluster"], found["giay-khen"]["places"]) == ("phuong", 1)
    checks = {check["criterion"]: check for check in found["bang-khen"]["recipients"][0]["checks"]}
    assert checks["condition"]["sentence"] == "Trên 50 % tiên tiến: 9/17; yêu cầu: > 50 %"
    assert (checks["place"]["found"], found["bang-khen"]["recipients"][0]["points"]) == ("1", "54")
    others = {one["unit"]: one for one in found["bang-khen"]["others"]}
    assert others["nghia-do"]["nomination"] is None, "nobody nominated them for this one"
    assert others["quan-hoa"]["state"] == "excluded"
    assert [one["name"] for one in found["giay-khen-ca-nhan"]["recipients"]] == ["Cán bộ mẫu 1"]
    for who, status in (("tv-1", 200), ("dich-vong", 403), ("viewer", 403), ("appraiser", 403)):
        assert board.world.get(who, f"{PATH}/award-solution", params={"publication": 1}).status_code == status, who
    assert board.world.get("secretary", f"{PATH}/award-solution", params={"publication": 2}).status_code == 404


def test_people_depart_from_it_with_a_reason(board: Awarding) -> None:
    out = {"nomination": board.dossiers["nghia-do"], "take": False, "reason": "Đang xác minh"}
    told = board.proposed(out, {"nomination": board.dossiers["dich-vong"], "take": True, "reason": "Thành tích đột xuất"})
    kinds = {line["nomination"]["id"]: (line["kind"], line["reason"]) for line in told["lines"]}
    assert kinds[board.dossiers["nghia-do"]] == ("left_out", "Đang xác minh")
    assert kinds[board.dossiers["dich-vong"]] == ("added", "Thành tích đột xuất")
    assert kinds[board.dossiers["bang-khen"]] == ("proposed", None)
    assert pointers(board.propose(out | {"take": True})) == ["#/departures/0/take"], "it is proposed already"
    assert pointers(board.propose(out, out)) == ["#/departures/1/nomination"]
    assert pointers(board.propose(out | {"nomination": told["id"]})) == ["#/departures/0/nomination"]
    assert board.propose(publication=9).status_code == 404
    listed = board.world.get("tv-1", f"{PATH}/award-proposals").json()["items"]
    assert [one["id"] for one in listed] == [told["id"]]
    assert board.world.get("dich-vong", f"/award-proposals/{told['id']}").status_code == 404


def test_each_case_goes_before_the_council_that_read_the_same_papers(board: Awarding) -> None:
    proposal = board.proposed()["id"]
    sent = {"meeting": board.chamber.meeting}
    other = board.chamber.call().json()["id"]
    assert pointers(board.world.post("secretary", f"/award-proposals/{proposal}/motions", {"meeting": other})) == ["#/meeting"]
    assert board.world.post("administrator", f"/award-proposals/{proposal}/motions", sent).status_code == 403
    tabled = board.world.post("secretary", f"/award-proposals/{proposal}/motions", sent).json()
    assert {line["motion_state"] for line in tabled["lines"]} == {"tabled"}
    words = {board.world.get("tv-1", f"/motions/{line['motion']}").json()["text"] for line in tabled["lines"]}
    assert words == {"Tặng Bằng khen cho Phường Dịch Vọng", "Tặng Giấy khen cho Phường Nghĩa Đô", "Tặng Giấy khen cá nhân cho Cán bộ mẫu 1"}
    assert kind(board.world.post("secretary", f"/award-proposals/{proposal}/motions", sent)) == (409, "nothing-to-vote-on")


def test_what_was_withdrawn_is_not_put_to_the_vote(board: Awarding) -> None:
    proposal = board.proposed()["id"]
    assert step(board.world, "dich-vong", board.dossiers["person"], "withdrawal", version=2).status_code == 200
    tabled = board.world.post("secretary", f"/award-proposals/{proposal}/motions", {"meeting": board.chamber.meeting}).json()
    assert {line["nomination"]["id"] for line in tabled["lines"] if line["motion"]} == {
        board.dossiers["bang-khen"],
        board.dossiers["nghia-do"],
    }


def test_a_decision_follows_the_council_or_says_why_not(board: Awarding) -> None:
    proposal = board.proposed()["id"]
    board.voted(proposal, against=(board.dossiers["nghia-do"],))
    told = board.decide(proposal).json()
    granted = {line["nomination"]["id"]: (line["granted"], line["advised"]) for line in told["lines"]}
    assert granted == {
        board.dossiers["bang-khen"]: (True, True),
        board.dossiers["nghia-do"]: (False, False),
        board.dossiers["person"]: (True, True),
    }
    assert (told["state"], told["total_money"], [move["name"] for move in told["moves"]]) == ("draft", None, ["sign"])
    assert pointers(board.decide(proposal, board.line("nghia-do", True, None))) == ["#/lines/0/reason"]
    assert pointers(board.decide(proposal, board.line("dich-vong", True))) == ["#/lines/0/nomination"], "it is not in the proposal"
    twice = board.line("nghia-do", True)
    assert pointers(board.decide(proposal, twice, twice)) == ["#/lines/1/nomination"]
    departs = board.decide(proposal, board.line("nghia-do", True, "Chủ tịch quyết định")).json()
    assert next(one for one in departs["lines"] if one["nomination"]["unit"] == "nghia-do")["reason"] == "Chủ tịch quyết định"
    why = board.world.get("tv-1", f"/award-decisions/{departs['id']}/recipients/{board.dossiers['nghia-do']}").json()
    assert (why["line"]["granted"], why["line"]["advised"], why["votes"]["votes_against"], why["place"]) == (True, False, 3, 2)
    assert board.world.get("secretary", why["sheet"].removeprefix("/api/v1")).json()["document"]["unit"] == "nghia-do"
    assert all(check["met"] for check in why["checks"])
    assert board.world.get("dich-vong", f"/award-decisions/{departs['id']}").status_code == 404


def test_without_a_vote_nothing_is_granted_but_with_a_reason(board: Awarding) -> None:
    proposal = board.proposed()["id"]
    assert not any(line["granted"] for line in board.decide(proposal).json()["lines"])
    assert board.decide(proposal, board.line("person", True)).json()["lines"][0]["advised"] is None
    assert step(board.world, "dich-vong", board.dossiers["person"], "withdrawal", version=2).status_code == 200
    assert pointers(board.decide(proposal, board.line("person", True))) == ["#/lines/0"]


def test_nobody_gets_two_forms_for_one_achievement(board: Awarding) -> None:
    both = {"nomination": board.dossiers["dich-vong"], "take": True, "reason": "x"}
    proposal = board.proposed(both)["id"]
    board.voted(proposal)
    assert kind(board.decide(proposal)) == (409, "second-form")
    first = board.decide(proposal, board.line("bang-khen", False)).json()["id"]
    second = board.decide(proposal, board.line("dich-vong", False)).json()["id"]
    assert board.sign(first).status_code == 200
    assert kind(board.sign(second, number="2469/QĐ-UBND")) == (409, "second-form"), "of another decision in force"
    assert kind(board.decide(proposal, board.line("dich-vong", False))) == (409, "second-form")


def test_number_and_day_come_from_the_document_system(board: Awarding) -> None:
    proposal = board.proposed()["id"]
    board.voted(proposal)
    decision, other = (board.decide(proposal, board.line("person", wanted)).json()["id"] for wanted in (False, True))
    assert pointers(board.sign(decision, signed_on="2022-06-16")) == ["#/signed_on"]
    assert pointers(board.sign(decision, signed_on="2022-06-14")) == ["#/signed_on"], "before the council met"
    assert pointers(board.sign(decision, file_sha256="AB")) == ["#/file_sha256"]
    assert board.world.post("tv-1", f"/award-decisions/{decision}/signature", {}).status_code in {403, 422}
    signed = board.sign(decision).json()
    assert (signed["state"], signed["signature"]["number"], signed["base_salary"]) == ("signed", "2468/QĐ-UBND", 1_490_000)
    money = {line["nomination"]["award"]: line["money"] for line in signed["lines"]}
    assert money == {"bang-khen": 2_980_000, "giay-khen": 894_000, "giay-khen-ca-nhan": None}
    assert signed["total_money"] == 3_874_000
    assert kind(board.sign(decision)) == (409, "wrong-decision-state")
    assert kind(board.sign(other)) in {(409, "number-taken"), (409, "second-form")}


def test_a_decision_is_published_with_the_result_and_by_two_people(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]
    draft = f"/award-decisions/{decision}/publication-draft"
    assert kind(world.post("secretary", draft, {})) == (409, "not-signed")
    board.sign(decision)
    assert world.post("administrator", draft, {}).status_code == 403
    made = world.post("secretary", draft, {})
    assert (made.status_code, made.json()["stage"]) == (201, "final")
    assert world.get("secretary", f"/award-decisions/{decision}").json()["state"] == "signed", "a draft is no publication"
    assert approved(world, made.json()["id"]).status_code == 201
    told = world.get("secretary", f"/award-decisions/{decision}").json()
    assert (told["state"], told["publication"]) == ("published", 2)
    assert world.get(None, f"/public{PATH}/publications/2/decision").status_code == 404, "not yet in the phase public"
    phase(world, "public")
    public = world.get(None, f"/public{PATH}/publications/2/decision").json()
    assert (public["number"], public["signed_on"]) == ("2468/QĐ-UBND", "2022-06-15")
    assert {(one["award"], one["name"], one["place"]) for one in public["recipients"]} == {
        ("bang-khen", "Phường Dịch Vọng", 1),
        ("giay-khen", "Phường Nghĩa Đô", 2),
        ("giay-khen-ca-nhan", "Cán bộ mẫu 1", None),
    }
    assert world.get("viewer", f"{PATH}/publications/2/decision").json() == public
    assert world.get("viewer", f"{PATH}/publications/1/decision").status_code == 404
    for who, path in ((None, f"/public{PATH}/publications/2/bundle"), ("secretary", f"{PATH}/publications/2/bundle?edition=full")):
        whole = world.get(who, path).content
        assert verified(whole).found == []
        assert "Cán bộ mẫu".encode() not in whole


def test_what_moved_since_the_council_saw_it_is_not_published_unsaid(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]
    board.sign(decision)
    joined = {"unit": "quan-hoa", "cluster": "phuong", "registered_on": "2022-01-10"}
    assert world.post("secretary", f"{PATH}/registrations", joined).status_code == 201
    assert override(world, "sheet_not_posted", ["quan-hoa"]).status_code == 201
    refused = world.post("secretary", f"/award-decisions/{decision}/publication-draft", {})
    assert kind(refused) == (409, "result-moved")
    assert "1 đơn vị" in refused.json()["detail"]
    said = world.post("secretary", f"/award-decisions/{decision}/publication-draft", {"reason": "Ghi nhận đăng ký bổ sung"})
    assert said.status_code == 201, said.text


def test_a_decision_is_annulled_or_superseded_and_stays(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    first = board.decide(proposal).json()["id"]
    annulment = {"document": "2600/QĐ-UBND ngày 15/6/2022", "reason": "Khai báo không đúng"}
    assert kind(world.post("secretary", f"/award-decisions/{first}/annulment", annulment)) == (409, "wrong-decision-state")
    assert kind(board.decide(proposal, supersedes=first)) == (409, "wrong-decision-state"), "a draft is superseded by nothing"
    board.sign(first)
    second = board.decide(proposal, supersedes=first).json()["id"]
    third = board.decide(proposal, supersedes=first).json()["id"]
    assert world.get("secretary", f"/award-decisions/{first}").json()["state"] == "signed", "until the new one is signed"
    assert board.sign(second, number="2500/QĐ-UBND").status_code == 200
    old = world.get("secretary", f"/award-decisions/{first}").json()
    assert (old["state"], old["superseded_by"], old["moves"]) == ("superseded", second, [])
    assert kind(board.sign(third, number="2501/QĐ-UBND")) == (409, "wrong-decision-state"), "once"
    done = world.post("secretary", f"/award-decisions/{second}/annulment", annulment).json()
    assert (done["state"], done["annulled_because"], done["lines"] != []) == ("annulled", "Khai báo không đúng", True)
    assert kind(world.post("secretary", f"/award-decisions/{second}/publication-draft", {})) == (409, "not-signed")
    states = [one["state"] for one in world.get("secretary", f"{PATH}/award-decisions").json()["items"]]
    assert states == ["draft", "annulled", "superseded"]
    assert pointers(board.decide(proposal, supersedes=proposal)) == ["#/supersedes"]


def test_the_plan_goes_backwards_from_the_ceremony(board: Awarding) -> None:
    told = board.world.get("dich-vong", f"{PATH}/award-plan").json()
    steps = {one["step"]: one for one in told["steps"]}
    assert [one["step"] for one in told["steps"]] == ["closing", "supplement", "posting", "papers", "council", "decision", "ceremony"]
    assert (steps["council"]["on"], steps["papers"]["on"], steps["closing"]["on"]) == ("2022-06-15", "2022-06-15", "2022-06-20")
    assert steps["papers"]["fits"] is False, "three working days lie between papers and the council"
    assert told["fits"] is False


def test_a_dossier_is_granted_once(board: Awarding) -> None:
    proposal = board.proposed()["id"]
    board.voted(proposal)
    first, second = (board.decide(proposal).json()["id"] for _ in range(2))
    assert board.sign(first).status_code == 200
    assert kind(board.sign(second, number="2469/QĐ-UBND")) == (409, "second-form")
    assert kind(board.decide(proposal)) == (409, "second-form")
    assert board.decide(proposal, supersedes=first).status_code == 201, "instead of the first"


@pytest.mark.parametrize("void", ["annulled", "superseded"])
def test_a_publication_whose_decision_is_void_is_not_approved(board: Awarding, void: str) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    first = board.decide(proposal).json()["id"]
    board.sign(first)
    draft = world.post("secretary", f"/award-decisions/{first}/publication-draft", {}).json()["id"]
    if void == "annulled":
        sent = {"document": "2600/QĐ-UBND", "reason": "Khai báo không đúng"}
        assert world.post("secretary", f"/award-decisions/{first}/annulment", sent).status_code == 200
    else:
        second = board.decide(proposal, supersedes=first).json()["id"]
        assert board.sign(second, number="2500/QĐ-UBND").status_code == 200
    assert kind(approved(world, draft)) == (409, "draft-withdrawn")
    assert world.get("viewer", f"{PATH}/publications/2/decision").status_code == 404


def test_a_published_decision_that_is_annulled_says_so(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]
    board.sign(decision)
    draft = world.post("secretary", f"/award-decisions/{decision}/publication-draft", {}).json()["id"]
    assert approved(world, draft).status_code == 201
    told = world.get("viewer", f"{PATH}/publications/2/decision").json()
    assert (told["state"], told["synthetic"]) == ("published", True)
    sent = {"document": "2600/QĐ-UBND", "reason": "Khai báo không đúng"}
    assert world.post("secretary", f"/award-decisions/{decision}/annulment", sent).status_code == 200
    assert world.get("viewer", f"{PATH}/publications/2/decision").json()["state"] == "annulled"


def test_a_draft_that_was_overtaken_is_not_signed(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    before = board.decide(proposal, board.line("person", True)).json()["id"]
    board.voted(proposal)
    assert kind(board.sign(before)) == (409, "draft-overtaken"), "the council voted since"
    after = board.decide(proposal).json()["id"]
    assert step(world, "dich-vong", board.dossiers["person"], "withdrawal", version=2).status_code == 200
    assert kind(board.sign(after)) == (409, "draft-overtaken"), "a dossier was withdrawn since"
    assert board.sign(board.decide(proposal, board.line("person", False)).json()["id"]).status_code == 200


def test_a_dossier_that_was_emptied_is_granted_with_a_reason_alone(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    emptied = world.post("dich-vong", f"/nominations/{board.dossiers['person']}/withdrawal", None, headers={"If-Match": '"2"'})
    assert emptied.status_code == 200
    assert step(world, "dich-vong", board.dossiers["person"], "supplement", {}, version=3).status_code == 200
    assert pointers(board.decide(proposal)) == ["#/lines"]
    assert board.sign(board.decide(proposal, board.line("person", True)).json()["id"]).status_code == 200


def test_without_a_vote_a_decision_is_not_older_than_its_publication(board: Awarding) -> None:
    decision = board.decide(board.proposed()["id"], board.line("person", True)).json()["id"]
    assert pointers(board.sign(decision, signed_on="1990-01-01")) == ["#/signed_on"]
    assert board.sign(decision).status_code == 200


def test_unknown_movements_have_no_awards(board: Awarding) -> None:
    for noun in ("award-decisions", "award-proposals"):
        assert board.world.get("secretary", f"/movements/khong-co/{noun}").status_code == 404
