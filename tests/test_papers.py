"""Drafts of letters and tables as files, and tasks out of a table in a Word file."""

import io
import zipfile
from typing import Any

from docx import Document
from openpyxl import load_workbook

from tests.conftest import Hand
from tests.test_followup import assigned
from tests.test_summaries import sent as reported
from tests.test_workbooks import sent
from tests.world import PLAN, World

LETTER = f"/plans/{PLAN}/units/dich-vong/reminder.docx"


def words(content: bytes) -> str:
    """All text of a Word file, tables in their place."""
    document: Any = Document(io.BytesIO(content))
    found = []
    for block in document.iter_inner_content():
        rows = [[cell.text for cell in row.cells] for row in block.rows] if hasattr(block, "rows") else [[block.text]]
        found += [" | ".join(row) for row in rows]
    return "\n".join(found)


def test_the_letter_that_reminds_a_unit(world: World, hand: Hand) -> None:
    """In the form of Decree 30/2020, without a number, a date or a signatory of its own; what is synthetic says so."""
    document = {"code": "tb-17", "number": "17/TB-UBND", "issued_on": "2022-01-04", "issuer": "UBND quận", "abstract": "Thông báo"}
    assert world.post("administrator", f"/plans/{PLAN}/documents", document).status_code == 201
    assigned(world, due_on="2022-06-20", document="tb-17", point="3", title="=SUM(A1) Rà soát")
    assert world.post("administrator", f"/plans/{PLAN}/reminders", {"unit": "dich-vong", "tasks": ["viec"]}).status_code == 201
    hand.forward(days=10)
    before = world.get("administrator", f"/plans/{PLAN}/tasks/viec").json()["parts"][0]["reminders"]
    answer = world.get("administrator", LETTER)
    text = words(answer.content)
    for said in (
        "DỮ LIỆU MINH HỌA",
        "(Dự thảo)",
        "ỦY BAN NHÂN DÂN",
        "QUẬN CẦU GIẤY",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "V/v đôn đốc thực hiện nhiệm vụ được giao",
        "Kính gửi: Phường Dịch Vọng.",
        "Phường Dịch Vọng còn 2 nhiệm vụ cần đôn đốc, trong đó 2 nhiệm vụ quá hạn, 0 nhiệm vụ chưa cập nhật từ 30 ngày trở lên",
        "1 | Chuẩn bị Tết Nhâm Dần |  | 28/01/2022 | 148 | 0",
        "2 | =SUM(A1) Rà soát | 17/TB-UBND | 20/6/2022 | 5 | 1",
        "Nơi nhận:",
    ):
        assert said in text, said
    assert "Số:        /" in text, "left to the document system"
    assert world.get("administrator", f"/plans/{PLAN}/tasks/viec").json()["parts"][0]["reminders"] == before, "a draft reminds nobody"
    assert answer.headers["content-disposition"] == 'attachment; filename="don-doc-dich-vong.docx"'
    assert "People's Committee".upper() in words(world.get("administrator", LETTER, headers={"Accept-Language": "en"}).content)
    assert world.get("nghia-do", LETTER).status_code == 404, "out of reach"
    assert world.get("administrator", LETTER.replace("dich-vong", "quan-hoa")).status_code == 404, "nothing to be reminded of"


def test_the_monday_report_as_a_paper_says_each_share_of_what(world: World, hand: Hand) -> None:
    assigned(world, due_on="2022-06-20")
    reported(world, hand, hand.at.date().replace(month=2, day=7), "2022-01", "1")
    text = words(world.get("secretary", f"/plans/{PLAN}/monday-report.docx").content)
    for said in (
        "tính đến ngày 15/6/2022",
        "Đang theo dõi 2 nhiệm vụ, trong đó 2 nhiệm vụ có hạn.",
        "Quá hạn: 1/2 (50 %) nhiệm vụ; 1/2 (50 %) nhiệm vụ có hạn.",
        "quá hạn chưa gửi 9/10 (90 %) báo cáo đã đến hạn; gửi chậm 0/10 (0 %) báo cáo đã đến hạn.",
        "2/2 (100 %) cặp đơn vị và chỉ tiêu",
        "Phường Dịch Vọng | Chuẩn bị Tết Nhâm Dần | 28/01/2022 | 138 | 0",
        "Phường Nghĩa Đô | Thu ngân sách nhà nước | Phường Nghĩa Đô | tháng 1/2022 | 07/02/2022",
    ):
        assert said in text, said


def test_the_table_of_figures_as_a_workbook(world: World, hand: Hand) -> None:
    reported(world, hand, hand.at.date().replace(day=4), "2022-05", "5", estimate=True)
    answer = world.get("dich-vong", f"/plans/{PLAN}/units/dich-vong/figures.xlsx")
    page = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell for cell in row if cell is not None] for row in page.values]
    assert rows[0] == ["Kết quả thực hiện chỉ tiêu của Phường Dịch Vọng - Kế hoạch 2022"]
    assert rows[2] == ["DỮ LIỆU MINH HỌA, KHÔNG PHẢI SỐ LIỆU THẬT"]
    assert rows[3][:4] == ["Chỉ tiêu", "Đơn vị tính", "Kỳ", "Kế hoạch năm"]
    assert rows[4] == ["Thu ngân sách nhà nước", "tỷ đồng", "tháng 5/2022", 10, 5, 50, "Phường Dịch Vọng"]
    assert world.get("nghia-do", f"/plans/{PLAN}/units/dich-vong/figures.xlsx").status_code == 404


def word_file(rows: list[list[str]], merged: tuple[tuple[int, int], tuple[int, int]] | None = None) -> bytes:
    document, kept = Document(), io.BytesIO()
    document.add_paragraph("Thông báo kết luận giao ban")
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    if merged is not None:
        (top, left), (bottom, right) = merged
        text = table.cell(top, left).text
        table.cell(top, left).merge(table.cell(bottom, right)).text = text
    document.save(kept)
    return kept.getvalue()


TASKS = [
    ["Mã", "Nhiệm vụ", "Đơn vị chủ trì", "Đơn vị xác nhận", "Thời hạn"],
    ["v-1", "Rà soát hộ kinh doanh", "Phường Dịch Vọng", "Phòng Nội vụ", "trước ngày 15/8/2022"],
    ["v-2", "Chỉnh trang tuyến phố", "Phường Nghĩa Đô", "Phòng Nội vụ", "quý II"],
]


def test_tasks_come_out_of_a_table_in_a_word_file(world: World) -> None:
    told = sent(world, "tasks", word_file(TASKS)).json()
    assert (told["sheet"], told["new"], told["wrong"]) == ("Word 1", 2, 0), told
    assert sent(world, "tasks", word_file(TASKS), apply="true").json()["applied"] is True
    task = world.get("administrator", f"/plans/{PLAN}/tasks/v-1").json()
    assert (task["lead"], task["due_on"], task["deadline_phrase"]) == ("dich-vong", "2022-08-14", "trước ngày 15/8/2022")
    wrong = [*TASKS[:2], ["v-3", "Việc", "Phường Không Có", "Phòng Nội vụ", "quý II"]]
    assert sent(world, "tasks", word_file(wrong)).json()["errors"][0]["cell"] == "Word 1!C3"
    both = [TASKS[0], TASKS[1], ["v-4", "Việc khác", "", "Phòng Nội vụ", ""]]
    told = sent(world, "tasks", word_file(both, merged=((1, 2), (2, 2)))).json()
    assert [one["line"]["lead"] for one in told["changes"]] == ["dich-vong"], "merged text stands in each of its cells"


def test_a_hostile_word_file_is_refused(world: World) -> None:
    """An entity that would read a file of the server is not followed; what is no table has none."""
    good = word_file([["Mã", "Nhiệm vụ"], ["v-1", "x"]])
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as packed, zipfile.ZipFile(kept, "w") as changed:
        for part in packed.infolist():
            content = packed.read(part)
            if part.filename == "word/document.xml":
                content = content.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]><w:document', 1)
                content = content.replace(b">v-1<", b">&y;<")
            changed.writestr(part.filename, content)
    answer = sent(world, "tasks", kept.getvalue())
    assert answer.status_code in {200, 415, 422}
    with open("/etc/hostname", encoding="utf-8") as hostname:
        assert hostname.read().strip() not in answer.text


def test_the_letter_says_the_day_in_force_and_whom_its_issuer_stands_under(world: World, hand: Hand) -> None:
    """After an extension the phrase of the assignment is no longer the deadline."""
    plan = {"code": "phong", "year": 2022, "name": "Kế hoạch phòng", "issuer": "noi-vu", "synthetic": True}
    assert world.post("administrator", "/plans", plan).status_code == 201
    task = {
        "code": "v",
        "title": "Rà soát",
        "lead": "dich-vong",
        "appraiser": "noi-vu",
        "deadline_phrase": "trước ngày 21/6/2022",
        "due_on": "2022-06-20",
    }
    assert world.post("administrator", "/plans/phong/tasks", [task]).status_code == 201, "assigned"
    asked = {"kind": "extension", "reason": "x", "due_on": "2022-06-24"}
    for who, path, body in (("dich-vong", "requests", asked), ("administrator", "requests/1/grant", {})):
        moved = world.post(who, f"/plans/phong/tasks/v/{path}", body, headers={"If-Match": '"1"'})
        assert moved.status_code in {200, 201}, moved.text
    hand.forward(days=20)
    text = words(world.get("administrator", "/plans/phong/units/dich-vong/reminder.docx").content)
    assert "trước ngày 21/6/2022" not in text
    assert "24/6/2022" in text
    assert "ỦY BAN NHÂN DÂN QUẬN CẦU GIẤY\nPHÒNG NỘI VỤ" in text
