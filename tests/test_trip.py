"""The main trip, over HTTP: report, accept, the board shows it, the sheet says why, the past stays."""

from tests.conftest import Hand
from tests.world import MOVEMENT, World


def test_an_accepted_report_is_on_the_next_ranking_and_its_sheet_cites_it(world: World, hand: Hand) -> None:
    assert world.standings() == {"dich-vong": (1, "0"), "nghia-do": (1, "0"), "quan-hoa": (None, None)}
    before = hand.now()
    hand.forward(hours=1)
    sent = world.report(evidence=[{"document_number": "45/BC-UBND", "document_date": "2022-06-02", "issuer": "UBND phường Dịch Vọng"}])
    assert sent.status_code == 201, sent.text
    submission = sent.json()
    assert submission["state"] == "waiting"
    assert [cited["document_number"] for cited in submission["evidence"]] == ["45/BC-UBND"]
    assert world.standings()["dich-vong"] == (1, "0"), "a waiting report scores nothing"

    accepted = world.accept(submission["id"])
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["state"] == "accepted"
    assert world.standings() == {"dich-vong": (1, "54"), "nghia-do": (2, "0"), "quan-hoa": (None, None)}

    sheet = world.get("dich-vong", f"/movements/{MOVEMENT}/units/dich-vong/sheet").json()
    assert sheet["total"] == "54"
    line = next(line for line in sheet["lines"] if line["code"] == "A")
    assert line["points"] == "54"
    assert line["reason"] == "9 trên chỉ tiêu 10: 90 %. 60 × 90 / 100 = 54 điểm."
    assert line["sources"][0]["submission"] == line["sources"][0]["id"] == submission["id"]
    assert line["sources"][0]["reviewer"] == "tai-chinh"
    assert line["sources"][0]["documents"] == ["45/BC-UBND (02/6/2022)"]

    past = {"as_of": before.isoformat()}
    assert world.standings(**past)["dich-vong"] == (1, "0"), "the world as recorded then"
