"""Second votes, namesakes, renamed and merged units: what a decision is contested with."""

from typing import Any

import pytest
from alembic import command

from app.migrate import config
from tests.awarding import AWARDS, PATH, Awarding, awarding, complete, lay_down, nominate, person, step
from tests.conftest import Hand
from tests.test_awards import solution
from tests.test_followup import kind, pointers
from tests.test_papers import words
from tests.test_publications import approved, closed  # noqa: F401 - a fixture
from tests.world import World


@pytest.fixture
def board(closed: World) -> Awarding:  # noqa: F811
    return awarding(closed)


def tabled_again(board: Awarding, proposal: str, *again: dict[str, Any]) -> Any:
    return board.world.post("secretary", f"/award-proposals/{proposal}/motions", {"meeting": board.chamber.meeting, "again": list(again)})


def test_the_council_votes_again_with_a_newer_proposal_and_a_reason_alone(board: Awarding) -> None:
    world, first = board.world, board.proposed()["id"]
    unit, person = board.dossiers["nghia-do"], board.dossiers["person"]
    anew = {"nomination": unit, "reason": "Có tài liệu mới"}
    assert pointers(tabled_again(board, first, anew)) == ["#/again/0/nomination"], "nothing to repeat"
    board.voted(first, against=(unit,))
    assert pointers(tabled_again(board, first, anew)) == ["#/again/0/nomination"], "with the same proposal"
    second = board.proposed()["id"]
    assert kind(board.decide(first)) == (409, "proposal-overtaken")
    assert kind(tabled_again(board, first)) == (409, "proposal-overtaken")
    assert kind(tabled_again(board, second)) == (409, "nothing-to-vote-on"), "what the council said counts for the newer one"
    followed = board.decide(second).json()
    assert {line["nomination"]["id"]: line["advised"] for line in followed["lines"]}[unit] is False
    assert pointers(tabled_again(board, second, anew, anew)) == ["#/again/1/nomination"]
    assert pointers(tabled_again(board, second, {"nomination": board.dossiers["dich-vong"], "reason": "x"})) == ["#/again/0/nomination"]
    again = tabled_again(board, second, anew).json()
    line = next(one for one in again["lines"] if one["nomination"]["id"] == unit)
    assert [vote["state"] for vote in line["votes"]] == ["not_adopted", "tabled"]
    line["motion"] = line["votes"][1]["motion"]
    words = world.get("tv-1", f"/motions/{line['motion']}").json()["text"]
    assert words == "Xét lại, biểu quyết lần 2 (Có tài liệu mới): tặng Giấy khen cho Phường Nghĩa Đô"
    assert next(one for one in again["lines"] if one["nomination"]["id"] == person)["motion_state"] == "adopted"
    assert pointers(tabled_again(board, second, anew)) == ["#/again/0/nomination"], "with this proposal"
    assert {one["nomination"]["id"]: one["advised"] for one in board.decide(second).json()["lines"]}[unit] is False, "not opened yet"
    assert world.post("secretary", f"/motions/{line['motion']}/opening").status_code == 200
    assert pointers(tabled_again(board, board.proposed()["id"], anew)) == ["#/again/0/nomination"], "while the second vote is open"
    third = board.proposed()["id"]
    assert kind(board.sign(followed["id"])) == (409, "draft-overtaken"), "the council thinks about it again"
    for member in board.chamber.members:
        assert board.chamber.vote(line["motion"], member).status_code == 200
    board.chamber.result(line["motion"])
    granted = board.decide(third).json()
    assert {one["nomination"]["id"]: one["advised"] for one in granted["lines"]}[unit] is True
    votes = {
        decision: world.get("secretary", f"/award-decisions/{decision}/recipients/{unit}").json()["votes"]["votes_for"]
        for decision in (followed["id"], granted["id"])
    }
    assert votes == {followed["id"]: 0, granted["id"]: 3}, "each decision shows the vote that it followed"
    assert board.sign(granted["id"]).status_code == 200


def test_a_motion_holds_no_copy_of_a_name(board: Awarding) -> None:
    proposal = board.proposed()["id"]
    motion = board.voted(proposal)[board.dossiers["person"]]
    assert board.world.get("tv-1", f"/motions/{motion}").json()["text"] == "Tặng Giấy khen cá nhân cho Cán bộ mẫu 1"
    with board.world.database.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT text FROM erasable_text").scalars().all()
    assert [text for text in kept if text is not None and "Cán bộ mẫu 1" in text] == ["Cán bộ mẫu 1"]


def test_namesakes_are_awarded_beside_each_other_once_somebody_says_so(board: Awarding) -> None:
    other = complete(board.world, person(post="Phó Chủ tịch"))[0]
    proposal = board.proposed({"nomination": other, "take": True, "reason": "Người khác trùng tên"})["id"]
    board.voted(proposal)
    assert kind(board.decide(proposal)) == (409, "second-form")
    line = {"nomination": other, "granted": True, "separate": True, "reason": "Đã đối chiếu ngày sinh"}
    assert pointers(board.decide(proposal, line | {"granted": False})) == ["#/lines/0/separate"]
    assert pointers(board.decide(proposal, line | {"reason": None})) == ["#/lines/0/reason"]
    told = board.decide(proposal, line).json()
    assert {one["nomination"]["id"]: one["separate"] for one in told["lines"]}[other] is True
    assert board.sign(told["id"]).status_code == 200


def test_a_number_is_given_once_a_year_in_a_movement(board: Awarding, hand: Hand) -> None:
    proposal = board.proposed()["id"]
    board.voted(proposal)
    assert board.sign(board.decide(proposal, board.line("person", False)).json()["id"], signed_on="2022-06-15").status_code == 200
    rest = [board.line("bang-khen", False), board.line("nghia-do", False), board.line("person", True)]
    later = board.decide(proposal, *rest).json()["id"]
    hand.forward(days=1)
    assert kind(board.sign(later, signed_on="2022-06-16")) == (409, "number-taken")
    assert board.sign(later, signed_on="2022-06-16", number="2469/QĐ-UBND").status_code == 200


def test_a_decision_names_units_as_they_were_called_when_it_was_drafted(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]
    before = world.get("secretary", f"/award-decisions/{decision}/decision.docx").content
    renamed = {"name": "Phường Nghĩa Đô Mới", "kind": "ward", "parent": "cau-giay", "opens_on": "1997-01-01"}
    assert world.call("administrator", "PUT", "/units/nghia-do", json=renamed, headers={"If-Match": '"1"'}).status_code == 200
    assert board.sign(decision).status_code == 200

    def names(of: str) -> set[str]:
        return {line["nomination"]["name"] for line in world.get("secretary", f"/award-decisions/{of}").json()["lines"]}

    assert "Phường Nghĩa Đô" in names(decision)
    after = world.get("secretary", f"/award-decisions/{decision}/decision.docx").content
    assert "Phường Nghĩa Đô Mới" not in words(before) + words(after)
    draft = world.post("secretary", f"/award-decisions/{decision}/publication-draft", {}).json()["id"]
    assert approved(world, draft).status_code == 201
    public = world.get("viewer", f"{PATH}/publications/2/decision").json()
    assert {one["name"] for one in public["recipients"] if one["unit"] == "nghia-do"} == {"Phường Nghĩa Đô"}
    anew = board.decide(proposal, supersedes=decision).json()["id"]
    assert "Phường Nghĩa Đô Mới" in names(anew)


def test_whoever_took_over_a_unit_gets_no_second_form_for_it(board: Awarding) -> None:
    world = board.world
    merged = {"kind": "merged", "on": "2022-06-15", "units": ["nghia-do"], "into": [{"code": "dich-vong"}], "source": "Nghị quyết thử"}
    assert world.post("administrator", "/unit-successions", merged).status_code == 201
    found = {one["unit"]: one for one in solution(board)["giay-khen"]["near_misses"]}
    assert [one["criterion"] for one in found["nghia-do"]["checks"] if not one["met"]] == ["one_form"], "it is Dịch Vọng now"
    proposal = board.proposed({"nomination": board.dossiers["nghia-do"], "take": True, "reason": "x"})["id"]
    board.voted(proposal)
    assert kind(board.decide(proposal)) == (409, "second-form")
    assert board.decide(proposal, board.line("nghia-do", True) | {"separate": True}).status_code == 201


def test_what_a_holder_had_before_stands_beside_the_dossier(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]

    def had(name: str, who: str = "secretary") -> list[tuple[str, str]]:
        answer = world.get(who, f"/nominations/{board.dossiers[name]}/past-awards")
        assert answer.status_code == 200, answer.text
        return [(one["award"], one["number"]) for one in answer.json()["items"]]

    assert had("person") == [], "a draft grants nothing"
    board.sign(decision)
    assert had("dich-vong") == [("bang-khen", "2468/QĐ-UBND")], "the other dossier of the same unit"
    assert (had("person"), had("bang-khen")) == ([], []), "not the dossier itself"
    assert had("dich-vong", "dich-vong") == [], "not before it is published"
    draft = world.post("secretary", f"/award-decisions/{decision}/publication-draft", {}).json()["id"]
    assert approved(world, draft).status_code == 201
    assert had("dich-vong", "dich-vong") == [("bang-khen", "2468/QĐ-UBND")]
    assert world.get("nghia-do", f"/nominations/{board.dossiers['person']}/past-awards").status_code == 404
    merged = {"kind": "merged", "on": "2022-06-15", "units": ["nghia-do"], "into": [{"code": "dich-vong"}], "source": "Nghị quyết thử"}
    assert world.post("administrator", "/unit-successions", merged).status_code == 201
    both = {("bang-khen", "2468/QĐ-UBND"), ("giay-khen", "2468/QĐ-UBND")}
    assert set(had("dich-vong")) == both, "what was taken over counts too"
    assert set(had("nghia-do")) == both - {("giay-khen", "2468/QĐ-UBND")}
    sent = {"document": "2600/QĐ-UBND", "reason": "Khai báo không đúng"}
    assert world.post("secretary", f"/award-decisions/{decision}/annulment", sent).status_code == 200
    assert had("dich-vong") == []


def test_a_case_whose_meeting_was_not_held_is_tabled_for_another(board: Awarding) -> None:
    first = board.proposed()["id"]
    assert tabled_again(board, first).status_code == 201
    second = board.proposed()["id"]
    again = board.world.post("secretary", f"/award-proposals/{second}/motions", {"meeting": board.chamber.meeting})
    assert again.status_code == 201, again.text
    assert all([vote["state"] for vote in line["votes"]] == ["tabled", "tabled"] for line in again.json()["lines"])
    assert len(board.voted(board.proposed()["id"])) == 3, "and once more, until one is opened"


def test_a_merger_after_the_signature_stands_in_nobodys_way(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    assert board.sign(board.decide(proposal, board.line("person", False)).json()["id"]).status_code == 200
    merged = {"kind": "merged", "on": "2022-06-15", "units": ["nghia-do"], "into": [{"code": "dich-vong"}], "source": "Nghị quyết thử"}
    assert world.post("administrator", "/unit-successions", merged).status_code == 201
    rest = board.line("bang-khen", False), board.line("nghia-do", False)
    assert board.decide(proposal, *rest).status_code == 201, "an individual alone"


def test_who_was_said_to_be_separate_once_is_no_stranger_to_the_rules(board: Awarding) -> None:
    other = complete(board.world, person(post="Phó Chủ tịch"))[0]
    proposal = board.proposed({"nomination": other, "take": True, "reason": "x"})["id"]
    board.voted(proposal)
    none = [board.line("bang-khen", False), board.line("nghia-do", False)]
    first = board.decide(
        proposal, *none, board.line("person", True) | {"separate": True}, {"nomination": other, "granted": False, "reason": "x"}
    )
    assert board.sign(first.json()["id"]).status_code == 200
    rest = [*none, board.line("person", False)]
    assert kind(board.decide(proposal, *rest)) == (409, "second-form")
    separate = {"nomination": other, "granted": True, "separate": True, "reason": "Đã đối chiếu"}
    assert board.decide(proposal, *rest, separate).status_code == 201


def test_a_vote_of_before_is_found_after_the_migration(board: Awarding, database_url: str) -> None:
    proposal = board.proposed()["id"]
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]
    path = f"/award-decisions/{decision}/recipients/{board.dossiers['person']}"
    before = board.world.get("secretary", path).json()["votes"]
    board.world.database.dispose()
    command.downgrade(config(database_url), "0023")
    command.upgrade(config(database_url), "head")
    assert before["votes_for"] == 3
    assert board.world.get("secretary", path).json()["votes"] == before
    assert board.sign(decision).status_code == 200, "and no draft is overtaken by it"


def test_a_quota_is_not_had_twice_by_deciding_twice(board: Awarding) -> None:
    proposal = board.proposed({"nomination": board.dossiers["dich-vong"], "take": True, "reason": "x"})["id"]
    board.voted(proposal)
    none = [board.line("bang-khen", False), board.line("person", False)]
    first = board.decide(proposal, *none, board.line("dich-vong", False)).json()
    assert first["over_quota"] == []
    assert board.sign(first["id"]).status_code == 200
    assert board.decide(proposal, *none, board.line("nghia-do", False)).json()["over_quota"] == ["giay-khen"]


def test_a_decision_is_not_older_than_its_vote_or_than_what_it_supersedes(board: Awarding, hand: Hand) -> None:
    proposal, none = board.proposed()["id"], [board.line("bang-khen", False), board.line("nghia-do", False)]
    early = board.decide(proposal, *none, board.line("person", True)).json()["id"]
    hand.forward(days=1)
    called = board.chamber.call(publication=1, held_on="2022-06-16", papers_sent_on="2022-06-16", late_reason="Họp gấp")
    board.chamber.meeting = called.json()["id"]
    assert board.chamber.attend(dict.fromkeys(board.chamber.members, "present")).status_code == 200
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]
    assert pointers(board.sign(decision, signed_on="2022-06-15")) == ["#/signed_on"], "the result was published, the vote is of the 16th"
    assert kind(board.sign(early)) == (409, "draft-overtaken")
    assert board.sign(decision, signed_on="2022-06-16").status_code == 200
    annulled = {"document": "2600/QĐ-UBND", "reason": "x"}
    assert board.world.post("secretary", f"/award-decisions/{decision}/annulment", annulled).status_code == 200


def test_a_dossier_that_came_late_stays_late(board: Awarding, hand: Hand) -> None:
    hand.forward(days=8)
    late = nominate(board.world, person("Cán bộ mẫu 2")).json()["nominations"][0]
    assert late["late"] is True
    assert step(board.world, "administrator", late["id"], "return", {"reason": "Thiếu"}).status_code == 200
    assert step(board.world, "dich-vong", late["id"], "supplement", {}, version=2).json()["late"] is True, "in time for the return alone"


def test_dossiers_of_a_kind_that_the_scheme_no_longer_knows_are_left_aside(board: Awarding) -> None:
    turned = [one | {"recipient": "individual", "quota": None, "checklist": []} if one["code"] == "giay-khen" else one for one in AWARDS]
    assert lay_down(board.world, 1, awards=turned).status_code == 200
    found = solution(board)["giay-khen"]
    assert [one["nomination"] for name in ("recipients", "sharing", "near_misses", "others") for one in found[name]] == []
