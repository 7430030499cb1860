"""Workbooks in and out: what leaves comes back the same, and what people really send goes in after a trial."""

import io
import json
import os
import threading
import unicodedata
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from icalendar import Calendar as Calendar_
from openpyxl import load_workbook

from app.calendar.rules import Calendar
from app.documents import cells, underway
from app.documents.fonts import _TCVN3, _VNI, Font, font_of, repaired
from app.documents.lines import folded
from app.documents.rules import ImportStage, TableKind
from app.settings import Settings
from app.tasks.phrases import Context
from app.units.rules import spelt
from tests.test_access import counted
from tests.test_followup import assigned, done
from tests.world import PLAN, World

YEAR = Context(date(2022, 1, 1), Calendar())
NAMES = ["Phường Dịch Vọng", "Phòng Tài chính - Kế hoạch", "Quận Cầu Giấy", "Uỷ ban nhân dân phường Nghĩa Đô", "Phường Quan Hoa", "Yên Hoà"]


def typed(text: str, table: dict[str, str]) -> str:
    """As somebody typed it in a font of before Unicode."""
    back: dict[str, str] = {}
    for old, new in table.items():
        back.setdefault(new, old)
    return "".join(back.get(one, one) for one in text)


@pytest.mark.parametrize("table", [_TCVN3, _VNI], ids=["TCVN3", "VNI"])
@pytest.mark.parametrize("name", NAMES)
def test_text_of_old_fonts_is_repaired(name: str, table: dict[str, str]) -> None:
    old = typed(name, table)
    assert old != name
    assert repaired(old) == name


@pytest.mark.parametrize(
    "text", [*NAMES, "Số: 45/BC-UBND", "chuyển đổi số, giải phóng mặt bằng", "café", "Trần Thị Khuỷu", "½ ngày", "5 m²"]
)
def test_text_in_unicode_stays_as_it_is(text: str) -> None:
    assert repaired(text) == text
    assert repaired(unicodedata.normalize("NFD", text)) == text


def test_a_word_that_could_be_either_follows_the_rest_of_the_file() -> None:
    old = [typed(name, _TCVN3) for name in NAMES]
    assert (font_of(old), font_of(NAMES), font_of([typed(name, _VNI) for name in NAMES])) == (Font.TCVN3, Font.UNICODE, Font.VNI)
    assert (repaired("Sè"), repaired("Sè", Font.TCVN3)) == ("Sè", "Số")
    assert repaired("Nghĩa Đô", Font.TCVN3) == "Nghĩa Đô", "Đ is in none of the old fonts"


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("9.278,6", "9278.6"),
        ("9278.6", "9278.6"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("1,234.5", "1234.5"),
        ("12 345,6", "12345.6"),
        ("12\xa0345", "12345"),
        ("98,4%", "98.4"),
        ("(123)", "-123"),
        ("−5,5", "-5.5"),
        (98.4, "98.4"),
        (0.1, "0.1"),
        (12345678901234.5, "12345678901234.5"),
        (7, "7"),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers_are_read_as_vietnamese_writes_them(cell: Any, figure: str | None) -> None:
    assert cells.figure(cell) == (None if figure is None else Decimal(figure))


@pytest.mark.parametrize("cell", ["3 tỷ", "1.2.3,4,5", "một", "1e5", "--5", "(5"])
def test_what_is_no_number_is_refused(cell: str) -> None:
    with pytest.raises(cells.Unreadable):
        cells.figure(cell)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("15/6/2022", date(2022, 6, 15)),
        ("05.06.2022", date(2022, 6, 5)),
        ("ngày 5-6-2022", date(2022, 6, 5)),
        ("2022-06-05", date(2022, 6, 5)),
        ("cuối tháng 6", date(2022, 6, 30)),
        ("trước ngày 15/8", date(2022, 8, 14)),
        ("quý II", date(2022, 6, 30)),
        (44713.0, date(2022, 6, 1)),
        (date(2022, 6, 1), date(2022, 6, 1)),
        (None, None),
    ],
)
def test_days_are_read_in_many_forms(cell: Any, day: date | None) -> None:
    assert cells.day(cell, YEAR) == day


@pytest.mark.parametrize("cell", ["31/2/2022", "thường xuyên", "5", 5.0, "6/2022?"])
def test_what_is_no_day_is_refused(cell: Any) -> None:
    with pytest.raises(cells.Unreadable):
        cells.day(cell, YEAR)


def sheet(rows: list[list[Any]], merged: tuple[str, ...] = ()) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("Biểu 1")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(number, place, cell, book.add_format({"num_format": "dd/mm/yyyy"}))
                elif cell is not None:
                    page.write(number, place, cell)
        for area in merged:
            page.merge_range(area, "", None)
            first = area.split(":")[0]
            place, number = ord(first[0]) - ord("A"), int(first[1:]) - 1
            page.write(number, place, rows[number][place])
    return kept.getvalue()


def sent(world: World, kind: str, content: bytes, who: str = "administrator", **params: Any) -> Any:
    asked = {"plan": PLAN, **{name: json.dumps(value) if isinstance(value, bool) else value for name, value in params.items()}}
    return world.call(
        who, "POST", f"/workbooks/{kind}", content=content, params=asked, headers={"Content-Type": "application/octet-stream"}
    )


MESSY: list[list[Any]] = [
    [typed("ỦY BAN NHÂN DÂN QUẬN CẦU GIẤY".lower(), _TCVN3), None, None, None, None, None],
    ["BIỂU GIAO CHỈ TIÊU NĂM 2022", None, None, None, None, None],
    [None, None, None, None, None, None],
    ["TT", typed("Chỉ tiêu", _TCVN3), typed("Đơn vị", _TCVN3), "Số giao và thực hiện", None, "Cấp giao *"],
    [None, None, None, typed("Kế hoạch", _TCVN3), typed("Năm trước", _TCVN3), None],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    [1, "thu-nsnn", typed("Phường Dịch Vọng", _TCVN3), "9.278,6", 8211.25, "Quận"],
    [2, None, unicodedata.normalize("NFD", "Phường  Nghĩa Đô"), "1.234", "1.100,50", "district"],
    [None, typed("Tổng cộng", _TCVN3), None, 10512.6, None, None],
    [None, None, None, None, None, None],
    [3, typed("Thu ngân sách nhà nước", _TCVN3), "quan-hoa", 0.1, "-", "quận"],
]
"""Made by hand after sheets that districts send: a heading of two rows with merged cells, a row of numbers, a total in the middle, an empty
row, a merged indicator, TCVN3, decomposed letters, a doubled space, numbers as Vietnamese text and as numbers, names and codes.
"""
CLEAN = {("dich-vong", "9278.6", "8211.25"), ("nghia-do", "1234", "1100.5"), ("quan-hoa", "0.1", None)}
MERGED = ("D4:E4", "B7:B8", "A4:A5")


def targets(world: World) -> set[tuple[str, str, str | None]]:
    listed = world.get("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets").json()["items"]
    return {(one["unit"], one["figure"], one["last_year"]) for one in listed}


def test_a_messy_workbook_goes_in_through_a_trial_and_comes_out_equal(world: World) -> None:
    messy, before = sheet(MESSY, MERGED), counted(world)
    tried = sent(world, "targets", messy)
    assert tried.status_code == 200, tried.text
    told = tried.json()
    assert (told["rows"], told["new"], told["changed"], told["same"], told["errors"], told["applied"]) == (3, 1, 2, 0, [], False)
    assert told["changes"][0]["before"] == {"figure": "10", "last_year": "8"}
    assert counted(world) == before, "a trial leaves nothing"
    assert sent(world, "targets", messy, apply=True).json()["applied"] is True
    assert targets(world) == CLEAN
    out = world.get("administrator", "/workbooks/targets", params={"plan": PLAN})
    again = sent(world, "targets", out.content).json()
    assert (again["rows"], again["same"], again["errors"]) == (3, 3, [])
    rows = list(load_workbook(io.BytesIO(out.content))["Chỉ tiêu giao"].values)
    assert rows[1][:4] == ("Thu ngân sách nhà nước", "Phường Dịch Vọng", 9278.6, 8211.25)


def test_every_wrong_cell_is_named_and_nothing_goes_in(world: World) -> None:
    wrong: list[list[Any]] = [
        ["Chỉ tiêu", "Đơn vị", "Kế hoạch", "Cấp giao"],
        ["thu-nsnn", "Phường Dịch Vọng", "ba tỷ", "Quận"],
        ["khong-co", "Phường Nghĩa Đô", 5, "Quận"],
        ["thu-nsnn", "Phường Lạ", 5, "Xã"],
        ["thu-nsnn", "Phường Quan Hoa", None, "Quận"],
        ["thu-nsnn", "nghia-do", 5, "Quận"],
        ["thu-nsnn", "Phường Nghĩa Đô", 6, "Quận"],
    ]
    before = counted(world)
    told = sent(world, "targets", sheet(wrong)).json()
    named = [one["cell"] for one in told["errors"]]
    assert named == ["Biểu 1!C2", "Biểu 1!A3", "Biểu 1!B4", "Biểu 1!D4", "Biểu 1!C5", "Biểu 1!A7"]
    assert told["errors"][5]["detail"] == "Dòng này trùng với dòng 6."
    refused = sent(world, "targets", sheet(wrong), apply=True)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/import-refused")
    assert [error["pointer"] for error in refused.json()["errors"]] == named
    assert counted(world) == before


def test_reports_come_in_by_workbook_as_they_would_alone(world: World) -> None:
    rows: list[list[Any]] = [
        ["Chỉ tiêu", "Đơn vị", "Kỳ", "Số liệu", "Số văn bản", "Ngày văn bản", "Cơ quan ban hành"],
        ["Thu ngân sách nhà nước", "Phường Dịch Vọng", "Tháng 4/2022", "61,35", "45/BC-UBND", date(2022, 5, 2), "UBND phường"],
        ["Thu ngân sách nhà nước", "Phường Dịch Vọng", date(2022, 5, 1), 62, None, None, None],
    ]
    assert sent(world, "reports", sheet(rows), "dich-vong", apply=True).json()["new"] == 2
    listed = world.get("dich-vong", "/submissions").json()["items"]
    assert {(one["period"], one["figure"], len(one["evidence"])) for one in listed} == {("2022-04", "61.35", 1), ("2022-05", "62", 0)}
    rows[2][3] = 63
    rows.append(["thu-nsnn", "Phường Dịch Vọng", "12/2022", 5, None, None, None])
    rows.append(["thu-nsnn", "Phường Nghĩa Đô", "4/2022", 5, None, None, None])
    rows.append(["thu-nsnn", "Phường Dịch Vọng", "3/2022", 5, "1/BC", None, None])
    told = sent(world, "reports", sheet(rows), "dich-vong").json()
    assert (told["new"], told["changed"], told["same"]) == (0, 1, 1), "what is refused tells nothing"
    assert {one["cell"] for one in told["errors"]} == {"Biểu 1!C4", "Biểu 1!A5", "Biểu 1!F6", "Biểu 1!G6"}


def test_tasks_and_units_come_in_and_are_amended(world: World) -> None:
    rows: list[list[Any]] = [
        ["STT", "Mã nhiệm vụ", "Nội dung nhiệm vụ", "Chủ trì", "Phối hợp", "Theo dõi", "Thời hạn"],
        [1, "a", "Rà soát quy hoạch", "Phường Dịch Vọng", "Phường Nghĩa Đô; Phường Quan Hoa", "Phòng Nội vụ", "trước ngày 15/8"],
        [2, "b", "Báo cáo", "Phường Nghĩa Đô", None, "Phòng Nội vụ", "thường xuyên"],
    ]
    assert sent(world, "tasks", sheet(rows), apply=True).json()["new"] == 2
    task = world.get("administrator", f"/plans/{PLAN}/tasks/a").json()
    assert (task["due_on"], task["deadline_phrase"], task["coordinators"]) == ("2022-08-14", "trước ngày 15/8", ["nghia-do", "quan-hoa"])
    rows[2][3] = "Phường Quan Hoa"
    told = sent(world, "tasks", sheet(rows), apply=True).json()
    assert (told["same"], told["changed"], told["changes"][0]["before"]) == (1, 1, {"lead": "nghia-do"})
    assert world.get("administrator", f"/plans/{PLAN}/tasks/b").json()["lead"] == "quan-hoa"
    units: list[list[Any]] = [
        ["Mã", "Tên đơn vị", "Loại", "Cấp trên", "Ngày thành lập"],
        ["to-1", "Tổ dân phố số 1", "Phường", "Phường Dịch Vọng", "1/1/2020"],
        ["nghia-do", "Phường Nghĩa Đô mới", "ward", "cau-giay", "1/9/1997"],
    ]
    assert sent(world, "units", sheet(units), apply=True).json()["applied"] is True
    assert world.get("viewer", "/units/to-1").json()["parent"] == "dich-vong"
    assert world.get("viewer", "/units/nghia-do").json()["name"] == "Phường Nghĩa Đô mới"


@pytest.mark.parametrize("kind", [kind for kind in TableKind if kind is not TableKind.NOMINEES])  # in tests/test_nominations.py
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_leaves_comes_back_the_same(world: World, kind: TableKind, language: str) -> None:
    assigned(world, coordinators=["nghia-do"], deliverable="Báo cáo", weight=5)
    world.report(
        figure="1234567890123456.789", note="=1+1", evidence=[{"document_number": "+84", "document_date": "2022-06-02", "issuer": "@x"}]
    )
    spoken = {"Accept-Language": language}
    out = world.get("administrator", f"/workbooks/{kind}", params={"plan": PLAN}, headers=spoken)
    who = "dich-vong" if kind is TableKind.REPORTS else "administrator"
    told = sent(world, kind, out.content, who).json()
    assert (told["new"], told["changed"], told["wrong"]) == (0, 0, 0)
    assert told["same"] == told["rows"] >= 1
    assert told["unread_sheets"] == told["unread_columns"] == []
    book = load_workbook(io.BytesIO(out.content))
    assert [cell for page in book for row in page for cell in row if cell.data_type == "f"] == [], "no text becomes a formula"
    empty = world.get("administrator", f"/workbooks/{kind}", params={"plan": PLAN, "empty": "true"}, headers=spoken)
    assert sent(world, kind, empty.content, who).json()["rows"] == 0


def test_what_lies_outside_reach_is_in_no_workbook(world: World) -> None:
    world.report(figure="7")
    for kind in ("reports", "targets"):
        rows = list(load_workbook(io.BytesIO(world.get("head", f"/workbooks/{kind}", params={"plan": PLAN}).content)).worksheets[0].values)
        assert {row[1] for row in rows[1:]} <= {"Phường Nghĩa Đô"}
    assert sent(world, "targets", sheet(MESSY, MERGED), "dich-vong").status_code == 403, "before anything is read"
    foreign = sheet(
        [["Chỉ tiêu", "Đơn vị", "Kỳ", "Số liệu"], ["thu-nsnn", "dich-vong", "2022-05", 1], ["thu-nsnn", "dich-vong", "2022-05", 7]]
    )
    told = sent(world, "reports", foreign, "nghia-do").json()
    assert (told["wrong"], told["changes"], told["same"], told["changed"]) == (2, [], 0, 0), "neither a figure nor that it fits"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_what_is_no_workbook_is_refused(world: World, content: bytes) -> None:
    assert sent(world, "targets", content).json()["type"] == "/problems/not-a-workbook"


def test_a_sheet_of_another_table_names_the_headings_it_lacks(world: World) -> None:
    answer = sent(world, "targets", sheet([["Họ tên", "Tuổi"], ["x", 5]]))
    assert answer.json()["errors"][0]["detail"] == "Không thấy dòng tiêu đề có đủ: Chỉ tiêu, Đơn vị, Chỉ tiêu giao, Cấp giao."


def test_a_cell_at_the_end_of_the_world_ends_no_service(world: World) -> None:
    """Two cells, at both ends of the largest sheet: read as a whole it would take half a terabyte."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        page = book.add_worksheet("a")
        page.write(0, 0, "x")
        page.write(1_048_575, 16_383, "y")
    assert sent(world, "targets", kept.getvalue()).json()["type"] == "/problems/not-a-workbook"
    long = sheet([["Chỉ tiêu", "Đơn vị"], *([["x", 1] for _ in range(10_200)])])
    assert sent(world, "targets", long).json()["type"] == "/problems/workbook-too-large"
    assert world.get("viewer", "/units/dich-vong").status_code == 200


@pytest.mark.parametrize(
    ("cell", "figure"),
    [("0.500", "0.5"), ("0.125", "0.125"), ("0.001", "0.001"), ("10.000", "10000"), ("0,5", "0.5")],
)
def test_a_number_below_one_is_no_thousand(cell: str, figure: str) -> None:
    assert cells.figure(cell) == Decimal(figure)


@pytest.mark.parametrize("cell", ["5 6", "1 2 3", True, "12 34"])
def test_two_numbers_and_a_yes_are_no_number(cell: Any) -> None:
    with pytest.raises(cells.Unreadable):
        cells.figure(cell)


def test_names_are_told_apart_by_tone_bracket_and_code() -> None:
    names = folded({"a": "Phường Mai Động", "b": "Trường Yên Hòa (cơ sở 1)", "thue": "Chi cục Thuế", "t": "Thue"})
    for said, code in (
        ("phường  MAI động", "a"),
        ("Phường Mai Đồng", None),
        ("Trường Yên Hoà (cơ sở 1)", "b"),
        ("Trường Yên Hòa (cơ sở 2)", None),
        ("Trường Yên Hòa", None),
        ("thue", "t"),
        ("Thuế", None),
    ):
        assert names.get(spelt(said)) == code, said


def trial(world: World, kind: str, rows: list[list[Any]], who: str = "administrator", merged: tuple[str, ...] = (), **params: Any) -> Any:
    return sent(world, kind, sheet(rows, merged), who, **params).json()


def test_a_sheet_in_which_two_columns_could_be_meant_is_refused(world: World) -> None:
    rows: list[list[Any]] = [["Chỉ tiêu", "Đơn vị", "Kỳ", "Kết quả", "Thực hiện"], ["thu-nsnn", "dich-vong", "5/2022", 2, 9]]
    assert trial(world, "reports", rows, "dich-vong")["errors"][0]["detail"].startswith(
        "Nhiều cột có thể là một trường: Kết quả; Thực hiện."
    )
    rows[0][3] = "Số liệu"
    assert trial(world, "reports", rows, "dich-vong")["changes"][0]["line"]["figure"] == "2", "the catalogue's own word is meant"


def test_what_is_not_read_is_told(world: World) -> None:
    rows: list[list[Any]] = [["Chỉ tiêu", "Đơn vị", "Kỳ", "Số liệu", "Đánh giá"], ["thu-nsnn", "dich-vong", "5/2022", 2, "Tốt"]]
    assert trial(world, "reports", rows, "dich-vong")["unread_columns"] == ["Đánh giá"]
    rows += [["thu-nsnn", "dich-vong", "4/2022", 3, "Tổng cộng"]]
    assert trial(world, "reports", rows, "dich-vong")["rows"] == 2, "a total is named by what names a line, not by a remark"


def test_a_merged_figure_is_nobodys(world: World) -> None:
    rows: list[list[Any]] = [
        ["Chỉ tiêu", "Đơn vị", "Kế hoạch", "Cấp giao"],
        ["thu-nsnn", "dich-vong", 20, "Quận"],
        ["thu-nsnn", "nghia-do", None, "Quận"],
    ]
    told = trial(world, "targets", rows, merged=("C2:C3",))
    assert [one["cell"] for one in told["errors"]] == ["Biểu 1!C3"]


def test_columns_that_a_sheet_lacks_leave_what_stands(world: World) -> None:
    rows: list[list[Any]] = [["Mã", "Tên đơn vị", "Loại", "Ngày thành lập"], ["nghia-do", "Phường Nghĩa Đô", "ward", "1/9/1997"]]
    assert trial(world, "units", rows)["same"] == 1
    rows[1][1] = "Phường Nghĩa Đô mới"
    assert trial(world, "units", rows, apply=True)["changes"][0]["before"] == {"name": "Phường Nghĩa Đô"}
    unit = world.get("viewer", "/units/nghia-do").json()
    assert (unit["parent"], unit["synthetic"]) == ("cau-giay", True)
    plan: list[list[Any]] = [["Chỉ tiêu", "Đơn vị", "Kế hoạch", "Cấp giao"], ["thu-nsnn", "dich-vong", 12, "Quận"]]
    assert trial(world, "targets", plan, apply=True)["changed"] == 1
    assert ("dich-vong", "12", "8") in targets(world)


def test_the_same_target_twice_is_found_also_under_its_default(world: World) -> None:
    rows: list[list[Any]] = [
        ["Chỉ tiêu", "Đơn vị", "Kế hoạch", "Cấp giao", "Loại chỉ tiêu"],
        ["thu-nsnn", "dich-vong", 11, "Quận", None],
        ["thu-nsnn", "dich-vong", 22, "Quận", "Chỉ tiêu giao"],
    ]
    assert [one["cell"] for one in trial(world, "targets", rows)["errors"]] == ["Biểu 1!A3"]


def test_another_document_makes_another_report(world: World) -> None:
    rows: list[list[Any]] = [
        ["Chỉ tiêu", "Đơn vị", "Kỳ", "Số liệu", "Số văn bản", "Ngày văn bản", "Cơ quan ban hành"],
        ["thu-nsnn", "dich-vong", "5/2022", 9, "45/BC", "2/6/2022", "UBND phường"],
    ]
    assert trial(world, "reports", rows, "dich-vong", apply=True)["new"] == 1
    assert trial(world, "reports", rows, "dich-vong")["same"] == 1
    rows[1][4] = "46/BC"
    assert trial(world, "reports", rows, "dich-vong")["changed"] == 1


def test_an_estimate_goes_in_leaves_and_gives_way_to_the_outturn(world: World) -> None:
    """A sheet without the column says nothing about what stands."""
    rows: list[list[Any]] = [
        ["Chỉ tiêu", "Đơn vị", "Kỳ", "Số liệu", "Loại số liệu"],
        ["thu-nsnn", "dich-vong", "5/2022", 9, "Ước thực hiện"],
    ]

    def flags() -> Any:
        return world.get("dich-vong", "/submissions").json()["items"][0]["flags"]

    assert trial(world, "reports", rows, "dich-vong", apply=True)["new"] == 1
    assert "estimate" in flags()
    assert trial(world, "reports", rows, "dich-vong")["same"] == 1
    assert trial(world, "reports", [row[:4] for row in rows], "dich-vong")["same"] == 1
    asked = {"plan": PLAN}
    content = world.get("dich-vong", "/workbooks/reports", params=asked).content
    assert "Ước thực hiện" in [cell.value for cell in load_workbook(io.BytesIO(content)).worksheets[0][2]]
    rows[1][4] = "Thực hiện"
    told = trial(world, "reports", rows, "dich-vong", apply=True)
    assert (told["changed"], told["changes"][0]["before"]) == (1, {"estimate": True})
    assert "estimate" not in flags()
    rows[1][3:] = [10, "Ước"]
    refused = trial(world, "reports", rows, "dich-vong")
    assert [one["cell"] for one in refused["errors"]] == ["Biểu 1!E2"], "the outturn is here"


def test_what_was_accepted_otherwise_leaves_as_it_was_accepted(world: World) -> None:
    report = world.report(figure="9.9").json()["id"]
    corrected = {"figure": "9", "reason": "Theo sổ thu"}
    assert world.post("appraiser", f"/submissions/{report}/acceptance", corrected, headers={"If-Match": '"1"'}).status_code == 200
    rows: list[list[Any]] = [["Chỉ tiêu", "Đơn vị", "Kỳ", "Số liệu"], ["thu-nsnn", "dich-vong", "5/2022", 9]]
    assert trial(world, "reports", rows, "dich-vong")["same"] == 1
    rows[1][3] = 9.9
    assert trial(world, "reports", rows, "dich-vong")["changed"] == 1, "the claim is made once more"
    content = world.get("dich-vong", "/workbooks/reports", params={"plan": PLAN}).content
    assert [cell.value for cell in load_workbook(io.BytesIO(content)).worksheets[0][2]][3] == 9


def test_a_phrase_gives_a_new_day_only_where_it_is_new(world: World) -> None:
    assigned(world, "a", deadline_phrase="trước ngày 15/8", due_on=None)
    rows: list[list[Any]] = [
        ["Mã", "Nhiệm vụ", "Chủ trì", "Theo dõi", "Thời hạn", "Điểm"],
        ["a", "Việc", "dich-vong", "noi-vu", "trước ngày 15/8", None],
    ]
    assert trial(world, "tasks", rows)["same"] == 1, "the day was left open on purpose"
    rows[1][4] = "trước ngày 20/8"
    assert trial(world, "tasks", rows)["changes"][0]["before"] == {"deadline_phrase": "trước ngày 15/8", "due_on": None}
    rows[1][4] = "thường xuyên"
    assigned(world, "b", deadline_phrase="trước ngày 15/8", due_on="2022-08-14")
    rows[1][0] = "b"
    assert trial(world, "tasks", rows)["changes"][0]["before"] == {"deadline_phrase": "trước ngày 15/8", "due_on": "2022-08-14"}
    rows[1][4:6] = ["trước ngày 15/8", "II.3"]
    assert [one["cell"] for one in trial(world, "tasks", rows)["errors"]] == ["Biểu 1!F2"]


def test_a_foreign_task_is_told_by_no_trial(world: World) -> None:
    key = {"label": "x", "role": "administrator", "unit": "nghia-do", "reach": "own_unit", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["x"] = world.post("administrator", "/keys", key).json()["key"]
    rows: list[list[Any]] = [["Mã", "Nhiệm vụ", "Chủ trì", "Theo dõi"], ["tet", "Việc", "nghia-do", "noi-vu"]]
    told = trial(world, "tasks", rows, "x")
    assert (told["changes"], told["wrong"]) == ([], 1)


@pytest.mark.parametrize("text", ["a\x01b", "a\u202eb", "a\u0301\u0301\u0301\u0301\u0301\u0301b"])
def test_text_that_the_api_refuses_is_refused_in_a_cell(world: World, text: str) -> None:
    content = sheet([["Mã", "Tên đơn vị", "Loại", "Ngày thành lập"], ["moi", "TEXT", "ward", "1/9/1997"]])
    told = sent(world, "units", replaced(content, "TEXT", text)).json()
    assert [one["cell"] for one in told["errors"]] == ["Biểu 1!B2"]


def replaced(content: bytes, old: str, new: str) -> bytes:
    """What no writer would write."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(kept, "w") as changed:
        for name in packed.namelist():
            changed.writestr(name, packed.read(name).replace(old.encode(), new.encode()))
    return kept.getvalue()


@pytest.mark.parametrize("number", ["NaN", "inf", "-inf", "1e999"])
def test_what_is_no_number_at_all_is_refused_by_cell(world: World, number: str) -> None:
    rows: list[list[Any]] = [["TT", "Chỉ tiêu", "Đơn vị", "Kế hoạch", "Cấp giao"], [777001, "thu-nsnn", "dich-vong", 777002, "Quận"]]
    told = sent(world, "targets", replaced(replaced(sheet(rows), "777001", number), "777002", number)).json()
    assert [one["cell"] for one in told["errors"]] == ["Biểu 1!D2"]


def test_a_long_text_in_many_cells_takes_no_memory_of_ours(world: World) -> None:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        page = book.add_worksheet("a")
        page.merge_range("A1:Z5000", "x" * 30_000)
        page.write(5000, 0, "y")
    assert sent(world, "targets", kept.getvalue()).json()["type"] == "/problems/workbook-too-large"


def test_deadlines_go_into_a_calendar(world: World) -> None:
    title = "Rà soát quy hoạch sử dụng đất trên địa bàn phường, báo cáo kết quả về Ủy ban nhân dân quận"
    assigned(world, "a", title=title, due_on="2022-07-15")
    assigned(world, "b", due_on=None)
    assigned(world, "c", due_on="2022-07-20")
    done(world, code="c")
    answer = world.get("dich-vong", f"/plans/{PLAN}/units/dich-vong/deadlines.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    book = Calendar_.from_ical(answer.content)
    events = {str(one["uid"]): one for one in book.walk("VEVENT")}
    assert set(events) == {f"task/{PLAN}/a@thidua", f"task/{PLAN}/tet@thidua"}
    one = events[f"task/{PLAN}/a@thidua"]
    assert (one.decoded("dtstart"), str(one["url"])) == (date(2022, 7, 15), f"http://127.0.0.1/t/{PLAN}/a")
    assert str(one["summary"]) == title, "folded between letters, not within them"
    assert world.get("nghia-do", f"/plans/{PLAN}/units/dich-vong/deadlines.ics").status_code == 404


def test_units_of_one_file_may_stand_above_each_other(world: World) -> None:
    rows: list[list[Any]] = [
        ["Mã", "Tên đơn vị", "Loại", "Cấp trên", "Ngày thành lập"],
        ["moi", "Phường Mới", "Phường", "cau-giay", "1/1/2020"],
        ["to-1", "Tổ dân phố 1", "Phường", "Phường Mới", "1/1/2020"],
    ]
    assert trial(world, "units", rows, apply=True)["new"] == 2
    assert world.get("viewer", "/units/to-1").json()["parent"] == "moi"


def test_a_plan_that_is_not_there_has_no_workbook(world: World) -> None:
    for kind in ("targets", "tasks", "reports"):
        assert world.get("administrator", f"/workbooks/{kind}", params={"plan": "khong-co"}).status_code == 404


def test_a_coordinator_may_have_a_comma_in_its_name(world: World) -> None:
    unit = {"code": "vh", "name": "Phòng Văn hóa, Thông tin", "kind": "department", "parent": "cau-giay", "opens_on": "1997-09-01"}
    assert world.post("administrator", "/units", unit).status_code == 201
    rows: list[list[Any]] = [
        ["Mã", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Theo dõi"],
        ["a", "Việc", "dich-vong", "Phòng Văn hóa, Thông tin; Phường Nghĩa Đô", "noi-vu"],
        ["b", "Việc", "dich-vong", "Phòng Văn hóa, Thông tin", "noi-vu"],
        ["c", "Việc", "dich-vong", "quan-hoa, nghia-do", "noi-vu"],
    ]
    told = trial(world, "tasks", rows)
    assert [one["line"]["coordinators"] for one in told["changes"]] == [["vh", "nghia-do"], ["vh"], ["quan-hoa", "nghia-do"]]


def test_a_first_line_is_not_taken_for_headings(world: World) -> None:
    rows: list[list[Any]] = [["Chỉ tiêu", "Đơn vị", "Kỳ", "Số liệu", "Nhận xét"], ["thu-nsnn", "dich-vong", "5/2022", 2, "Ghi chú"]]
    told = trial(world, "reports", rows, "dich-vong")
    assert (told["rows"], told["unread_columns"]) == (1, ["Nhận xét"])


def test_files_that_take_long_hold_up_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than the service has threads, all waiting: whoever asks something else is answered meanwhile."""
    may_end = threading.Event()

    def slow(_: bytes) -> list[Any]:
        assert may_end.wait(60)
        return []

    monkeypatch.setattr("app.documents.routes.workbook.opened", slow)
    with ThreadPoolExecutor(46) as pool:
        waiting = [pool.submit(sent, world, "targets", b"PK") for _ in range(45)]
        try:
            assert pool.submit(world.get, "viewer", "/units/dich-vong").result(15).status_code == 200
            assert not any(one.done() for one in waiting)
        finally:
            may_end.set()
        assert {one.result().status_code for one in waiting} == {422}


def test_how_far_an_import_has_come_is_told_under_its_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked while it runs, from within: another actor, another key and a finished import are told nothing."""
    seen, write = list[tuple[str, int, int]](), underway._write
    asked = {"key": "nhap-1"}

    def heard(place: Path, said: underway.Told) -> None:
        write(place, said)
        if said.stage is ImportStage.READING:  # on the event loop, where nobody can wait for an answer
            seen.append(underway._read(place))
        elif len(seen) < 40:
            told = world.get("administrator", "/workbooks/progress", params=asked).json()
            seen.append((told["stage"], told["done"], told["of"]))
            assert world.get("secretary", "/workbooks/progress", params=asked).status_code == 404
            assert world.get("administrator", "/workbooks/progress", params={"key": "nhap-2"}).status_code == 404

    monkeypatch.setattr(underway, "_write", heard)
    monkeypatch.setattr(underway, "EVERY_SECONDS", 0)
    rows = [["Mã", "Tên", "Loại", "Từ ngày"], *([f"to-{n}", f"Tổ {n}", "department", "2022-01-01"] for n in range(5))]
    content = sheet(rows)
    headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": "nhap-1"}
    answer = world.call("administrator", "POST", "/workbooks/units", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["rows"], answer.json()["wrong"]) == (5, 0), answer.text
    assert seen[0] == ("reading", 0, 0)
    assert [one for one in seen if one[0] == "checking"] == [("checking", n, 5) for n in range(5)]
    assert [one for one in seen if one[0] == "recording"] == [("recording", n, 5) for n in range(5)]
    assert world.get("administrator", "/workbooks/progress", params=asked).status_code == 404, "it is over"


def test_the_last_word_of_a_process_that_died_is_not_believed_for_long(tmp_path: Path) -> None:
    one = uuid.uuid4()
    with underway.underway(tmp_path, one, "k") as tell:
        tell(ImportStage.RECORDING, 3, 9)
        assert underway.told(tmp_path, one, "k") == (ImportStage.RECORDING, 3, 9)
        (place,) = (tmp_path / underway.FOLDER).iterdir()
        os.utime(place, (0, 0))
        assert underway.told(tmp_path, one, "k") is None
    assert list((tmp_path / underway.FOLDER).iterdir()) == []


def test_progress_that_cannot_be_told_stops_no_import(world: World, settings: Settings, tmp_path: Path) -> None:
    """Two imports under one key never write into one another; what cannot be read, or written, is nothing that is told."""
    (settings.data_dir / underway.FOLDER).write_text("no folder")
    headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": "k"}
    rows = [["Mã", "Tên", "Loại", "Từ ngày"], ["to-1", "Tổ 1", "department", "2022-01-01"]]
    assert world.call("administrator", "POST", "/workbooks/units", content=sheet(rows), headers=headers).status_code == 200
    assert world.get("administrator", "/workbooks/progress", params={"key": "k"}).status_code == 404
    place = tmp_path / "one"

    def write() -> None:
        for number in range(300):
            underway._write(place, underway.Told(ImportStage.CHECKING, number, 9))

    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(write) for _ in "ab"]
        while not all(one.done() for one in writing):
            if place.exists():
                assert underway._read(place).of == 9
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("one.")] == []
