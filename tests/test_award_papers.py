"""Papers of a council and a decision: Word and PDF, certificates in millimetres, workbooks; who may have them."""

import io
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import typst
from openpyxl import load_workbook

from app.clock import Admission
from app.documents.award_letters import authority
from app.documents.letters import sayer
from app.documents.printed import certificates
from app.plans.models import Plan
from app.tables import new_id
from tests.awarding import AWARDS, PATH, Awarding, awarding, lay_down, nominate, person, step
from tests.test_demo import Installed, thidua
from tests.test_papers import words
from tests.test_publications import closed  # noqa: F401 - a fixture
from tests.world import World

ROOT = Path(__file__).parent.parent
LAYOUT = {"width": 210, "height": 148, "fields": [{"field": "name", "x": 20, "y": 60, "width": 170, "size": 24}]}


@pytest.fixture
def board(closed: World) -> Awarding:  # noqa: F811
    return awarding(closed)


def text_of(board: Awarding, path: str, who: str = "secretary") -> str:
    """The Word file's words; the PDF is made too."""
    answer = board.world.get(who, f"{path}.docx")
    assert answer.status_code == 200, answer.text
    printed = board.world.get(who, f"{path}.pdf")
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert printed.headers["content-type"] == "application/pdf"
    return words(answer.content)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_the_proposal_and_the_minutes_write_themselves(board: Awarding) -> None:
    out = {"nomination": board.dossiers["nghia-do"], "take": False, "reason": "Đang xác minh đơn thư"}
    proposal = board.proposed(out)["id"]
    board.voted(proposal)
    letter = text_of(board, f"/award-proposals/{proposal}/proposal-letter")
    for said in (
        "DỮ LIỆU MINH HỌA",
        "TỜ TRÌNH",
        "Chủ tịch Ủy ban nhân dân quận Cầu Giấy",
        "Căn cứ Luật Thi đua, khen thưởng;",
        "1 | Phường Dịch Vọng | Bằng khen | Đề xuất theo quy định | Được thông qua",
        "Cán bộ mẫu 1, Công chức, Phường Dịch Vọng | Giấy khen cá nhân",
        "Phường Nghĩa Đô | Giấy khen | Đang xác minh đơn thư",
        "TM. HỘI ĐỒNG",
    ):
        assert said in letter, said
    minutes = text_of(board, f"/meetings/{board.chamber.meeting}/minutes")
    for said in ("Tổng số thành viên: 3; có mặt: 3;", "cần 2 thành viên có mặt: đủ", "tv-1 | Chủ tịch Hội đồng | Có mặt", "lý do: Họp gấp"):
        assert said in minutes, said
    assert "Thành viên mẫu 3 | Ủy viên | Có mặt" in minutes, "by name where it was recorded"
    assert "Tặng Bằng khen cho Phường Dịch Vọng | 3 | 0 | 0 | 3 | Được thông qua" in minutes
    ballots = f"/meetings/{board.chamber.meeting}/ballot-minutes.pdf"
    assert board.world.get("secretary", ballots).status_code == 404, "nothing was voted on in secret"
    named = board.chamber.opened("kin")
    board.chamber.result(named, issued=3, returned=3, votes_for=2, votes_against=0, protocol="BBKP 01")
    counted = text_of(board, f"/meetings/{board.chamber.meeting}/ballot-minutes")
    assert "| 3 | 3 | 2 | 1 | 2 | 0 | 3" in counted, "issued, returned, valid, not valid, for, against, needed"
    for who in ("dich-vong", "viewer"):
        assert board.world.get(who, f"/award-proposals/{proposal}/proposal-letter.pdf").status_code == 404
        assert board.world.get(who, f"/meetings/{board.chamber.meeting}/minutes.pdf").status_code == 404
    assert board.world.get("secretary", f"/award-proposals/{proposal}/proposal-letter.exe").status_code == 422


def test_a_decision_is_open_until_it_is_signed_and_then_names_what_was_signed(board: Awarding) -> None:
    proposal = board.proposed()["id"]
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]
    draft = text_of(board, f"/award-decisions/{decision}/decision")
    assert "Số:        /" in draft
    assert "(Dự thảo)" in draft
    assert "Tiền thưởng" in draft
    board.sign(decision, capacity="deputy", signatory="Phó Chủ tịch UBND quận")
    signed = text_of(board, f"/award-decisions/{decision}/decision")
    for said in (
        "CHỦ TỊCH ỦY BAN NHÂN DÂN QUẬN CẦU GIẤY",
        "Số: 2468/QĐ-UBND",
        "ngày 15 tháng 6 năm 2022",
        "bản có giá trị là tệp đã ký, SHA-256 abababab",
        "Điều 1. Khen thưởng các tập thể, cá nhân đã có thành tích trong",
        "Bằng khen: 1; Giấy khen: 1; Giấy khen cá nhân: 1",
        "Tổng số tiền thưởng: 4.321.000 đồng, tính theo mức lương cơ sở 1.490.000 đồng (Nghị định 38/2019/NĐ-CP)",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH UBND QUẬN",
        "1 | Phường Dịch Vọng | Bằng khen | 2.980.000",
    ):
        assert said in signed, said
    money = load_workbook(io.BytesIO(board.world.get("secretary", f"/award-decisions/{decision}/money.xlsx").content)).worksheets[0]
    rows = [list(row) for row in money.values]
    assert (rows[-1][-1], [row[-1] for row in rows[3:-1]]) == (4_321_000, [2_980_000, 894_000, 447_000])
    annulment = {"document": "2600/QĐ-UBND", "reason": "Khai báo không đúng"}
    assert board.world.post("secretary", f"/award-decisions/{decision}/annulment", annulment).status_code == 200
    assert "(Quyết định này đã bị hủy bỏ theo 2600/QĐ-UBND.)" in text_of(board, f"/award-decisions/{decision}/decision")
    titles = load_workbook(io.BytesIO(board.world.get("secretary", f"/award-decisions/{decision}/money.xlsx").content)).worksheets[0]
    assert "(Quyết định này đã bị hủy bỏ theo 2600/QĐ-UBND.)" in {row[0] for row in titles.values}


def test_a_decision_without_a_vote_names_no_advice_and_counts_its_articles(board: Awarding) -> None:
    decision = board.decide(board.proposed()["id"], board.line("person", True)).json()["id"]
    said = text_of(board, f"/award-decisions/{decision}/decision")
    assert "Theo đề nghị của Hội đồng" not in said
    assert "Như Điều 2;" in said


@pytest.mark.parametrize("post", ["Công chức", "Phó Chủ tịch UBND phường", "Phó Chủ tịch " * 15])
def test_the_briefing_note_is_one_page_and_for_the_secretary(board: Awarding, post: str) -> None:
    world = board.world
    people = [nominate(world, person(f"Cán bộ mẫu {number}", post=post)).json()["nominations"][0]["id"] for number in range(2, 40)]
    for one in people:
        assert step(world, "administrator", one, "completion").status_code == 200
    proposal = board.proposed()["id"]
    decision = board.decide(proposal, *({"nomination": one, "granted": True, "reason": "x" * 300} for one in people)).json()["id"]
    note = text_of(board, f"/award-decisions/{decision}/briefing")
    rest = re.search(r"Và (\d+) trường hợp khác, xem danh sách kèm theo.", note)
    assert rest is not None
    assert note.count("| Giấy khen cá nhân |") + int(rest[1]) == len(people)
    assert pages(world.get("secretary", f"/award-decisions/{decision}/briefing.pdf").content) == 1
    for who, status in (("tv-1", 403), ("administrator", 403), ("dich-vong", 404)):
        assert world.get(who, f"/award-decisions/{decision}/briefing.pdf").status_code == status, who


def test_what_is_contested_stands_on_the_note(board: Awarding) -> None:
    proposal = board.proposed()["id"]
    board.voted(proposal, against=(board.dossiers["nghia-do"],))
    decision = board.decide(proposal, board.line("nghia-do", True, "Chủ tịch quyết định")).json()["id"]
    note = text_of(board, f"/award-decisions/{decision}/briefing")
    assert "Còn ý kiến khác: Phường Nghĩa Đô (Giấy khen): quyết định khác ý kiến Hội đồng." in note
    assert "Phường Dịch Vọng | Bằng khen | 1 | 54 | 1–1; 100 %" in note


def test_certificates_are_merged_onto_printed_stock(closed: World) -> None:  # noqa: F811
    board = awarding(closed)
    awards = [AWARDS[0], AWARDS[1], AWARDS[2] | {"certificate": LAYOUT}]
    assert lay_down(closed, 1, awards=awards).status_code == 200
    other = nominate(closed, person("Cán bộ mẫu 2")).json()["nominations"][0]["id"]
    assert step(closed, "administrator", other, "completion").status_code == 200
    proposal = board.proposed()["id"]
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]
    path = f"/award-decisions/{decision}/certificates.pdf?award=giay-khen-ca-nhan"
    made = closed.get("secretary", path).content
    assert pages(made) == 2
    assert pages(closed.get("secretary", f"{path}&test=true").content) == 1
    assert closed.get("secretary", f"/award-decisions/{decision}/certificates.pdf?award=bang-khen").status_code == 404, "no stock"
    assert closed.get("secretary", path).content == made, "the same bytes"
    size = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", made)
    assert size is not None
    assert [round(float(one) * 25.4 / 72) for one in size.groups()] == [210, 148]


@pytest.mark.parametrize("issuer", ["cau-giay", "noi-vu"])
def test_the_committee_decides_whoever_issued_the_plan(board: Awarding, issuer: str) -> None:
    plan = Plan(code="x", year=2022, name="x", issuer_code=issuer, is_synthetic=True, entry_id=new_id())
    with board.world.database.reading(Admission(board.world.clock.now(), board.world.clock)) as session:
        assert authority(session, plan, sayer("vi")) == "CHỦ TỊCH ỦY BAN NHÂN DÂN QUẬN CẦU GIẤY"


def test_text_is_never_markup(board: Awarding) -> None:
    """What people write stands as they wrote it, in every paper."""
    wicked = '#pagebreak() *x* $y$ ]} "\\ <b> =SUM(A1) #eval("1")'
    sent = person(wicked, post=wicked, dossier={"achievements": wicked})
    identifier = nominate(board.world, sent).json()["nominations"][0]["id"]
    told = text_of(board, f"/nominations/{identifier}/achievement-report", "dich-vong")
    assert told.count(wicked) >= 2
    assert pages(board.world.get("dich-vong", f"/nominations/{identifier}/achievement-report.pdf").content) == 1
    field = {"field": "name", "x": 0, "y": 0, "width": 100, "size": 10, "align": "left", "bold": False}
    assert pages(certificates((200, 100), [field], [{"name": wicked}], is_test=False, synthetic="")) == 1


def test_every_vietnamese_letter_has_its_glyph() -> None:
    """Each is drawn alone; what a font lacks is drawn as the same box as two signs that it surely lacks."""
    tones = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    base = "aăâeêioôơuưyđ"
    letters = [unicodedata.normalize("NFC", one + tone) for one in base + base.upper() for tone in tones]
    template = (ROOT / "app" / "documents" / "typst" / "paper.typ").read_text(encoding="utf-8")
    fonts = re.search(r"font: (\([^)]*\))", template)
    assert fonts is not None
    head = f"#set page(width: 12mm, height: 12mm, margin: 2mm)\n#set text(font: {fonts[1]}, fallback: false)\n"
    drawn = typst.compile((head + "\n#pagebreak()\n".join([*letters, "漢", "한"])).encode(), format="png")
    pictures = dict(zip([*letters, "漢", "한"], drawn, strict=True))
    assert pictures["漢"] == pictures["한"], "the box"
    assert [letter for letter in letters if pictures[letter] == pictures["漢"]] == []
    assert len(set(drawn)) == len(letters) + 1, "no two letters look alike"


def test_score_sheets_and_rankings_leave_as_files(closed: World) -> None:  # noqa: F811
    sheet = words(closed.get("dich-vong", f"{PATH}/units/dich-vong/score-sheet.docx").content)
    assert "A | Thu ngân sách | 60 | 54 | 54 | 54" in sheet
    assert "Tổng điểm | 100 | 54 | 54 | 54" in sheet
    page = load_workbook(io.BytesIO(closed.get("dich-vong", f"{PATH}/units/dich-vong/sheet.xlsx").content)).worksheets[0]
    rows = [list(row) for row in page.values]
    assert rows[-1][1:] == ["Tổng điểm", 100, 54, 54, 54]
    ranking = load_workbook(io.BytesIO(closed.get("secretary", f"{PATH}/ranking.xlsx").content)).worksheets[0]
    told = [list(row)[1:4] for row in ranking.values]
    assert [1, "Phường Dịch Vọng", 54] in told
    assert [2, "Phường Nghĩa Đô", 42] in told
    assert closed.get("dich-vong", f"{PATH}/units/nghia-do/score-sheet.docx").status_code == 404
    other = words(closed.get("appraiser", f"{PATH}/units/dich-vong/score-sheet.docx").content)
    assert "A | Thu ngân sách | 60 |  | 54 | 54" in other, "what is claimed is for whose reach covers the unit"


def test_the_script_goes_from_an_open_movement_to_a_published_decision(tmp_path: Path) -> None:
    data, papers = tmp_path / "data", tmp_path / "papers"
    data.mkdir()
    assert thidua(data, "demo", "--keys-file", str(data / "keys.json")).returncode == 0
    assert thidua(data, "key", "create", "demo.example/test").returncode == 0
    server = Installed(data)
    server.start()
    try:
        script = [sys.executable, str(ROOT / "docs" / "from-ranking-to-decision.py"), server.base, str(data / "keys.json"), str(papers)]
        ran: Any = subprocess.run(script, capture_output=True, text=True, check=False)
    finally:
        server.stop()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "everything holds" in ran.stdout
    assert "no longer fits" not in ran.stdout
    made = {path.name for path in papers.iterdir()}
    assert {
        "to-trinh.pdf",
        "bien-ban-hop.pdf",
        "bien-ban-kiem-phieu.pdf",
        "phieu-trinh.pdf",
        "quyet-dinh-da-ky.pdf",
        "giay-khen.pdf",
    } <= made
    assert {"to-trinh.docx", "bao-cao-thanh-tich.docx", "bang-cham-diem.docx", "xep-hang.xlsx", "tien-thuong.xlsx"} <= made
    assert pages((papers / "phieu-trinh.pdf").read_bytes()) == 1


def test_the_note_judges_the_result_that_was_published(board: Awarding) -> None:
    world, proposal = board.world, board.proposed()["id"]
    board.voted(proposal)
    decision = board.decide(proposal).json()["id"]
    before = text_of(board, f"/award-decisions/{decision}/briefing")
    assert "Phường Nghĩa Đô | Giấy khen | 2 | " in before
    mark = {"points": "60", "reason": "Hội đồng xem lại"}
    headers = {"If-Match": '"0"'}
    assert world.call("secretary", "PUT", f"{PATH}/units/nghia-do/marks/A/decided", json=mark, headers=headers).status_code == 200
    assert world.standings()["nghia-do"] == (1, "60"), "the board has moved on"
    assert text_of(board, f"/award-decisions/{decision}/briefing") == before
