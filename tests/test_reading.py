"""A document's text, read into proposed tasks."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.calendar.rules import Calendar
from app.tasks.phrases import Context
from app.tasks.reading import TITLE_LIMIT, Point, points, read

CONTEXT = Context(date(2022, 1, 4), Calendar())
UNITS = {
    "cau-giay": "Quận Cầu Giấy",
    "dich-vong": "Phường Dịch Vọng",
    "dich-vong-hau": "Phường Dịch Vọng Hậu",
    "noi-vu": "Phòng Nội vụ",
    "tai-chinh": "Phòng Tài chính - Kế hoạch",
}
NOTICE = """
THÔNG BÁO
II. Nhiệm vụ trọng tâm
1. Về công tác chuẩn bị Tết:
a) Giao Phòng Nội vụ chủ trì, phối hợp với UBND phường Dịch Vọng Hậu và Phòng Tài chính -
Kế hoạch tham mưu kế hoạch chăm lo Tết, báo cáo UBND quận Cầu Giấy trước ngày 15/01.
b) UBND phường Dịch Vọng Hậu rà soát danh sách hộ nghèo, xong trong tháng 01/2022.
2. Phòng Tài chính - Kế hoạch, Phòng Nội vụ đôn đốc thu ngân sách thường xuyên.
3) Yêu cầu các đơn vị nghiêm túc thực hiện.
"""


def test_a_notice_is_read_point_by_point() -> None:
    tet, poor, budget = read(NOTICE, UNITS, CONTEXT)
    assert (tet.point.label, tet.lead, tet.coordinators) == ("II.1.a", "noi-vu", ("dich-vong-hau", "tai-chinh"))
    assert tet.deadline is not None
    assert (tet.phrase, tet.deadline.due_on) == ("trước ngày 15/01", date(2022, 1, 14))
    assert tet.point.text.startswith("Giao Phòng Nội vụ chủ trì")
    assert tet.point.text.endswith("15/01.")
    assert (poor.point.label, poor.lead, poor.phrase) == ("II.1.b", "dich-vong-hau", "xong trong tháng 01/2022")
    assert (budget.point.label, budget.lead) == ("II.2", None), "two are named, and a task has one lead"


def test_points_carry_the_lines_that_continue_them() -> None:
    text = "Điều 1. Mở đầu\n1. Việc thứ nhất\nnối tiếp\na) nhỏ\n2. Việc thứ hai: 1.000 hộ, 2.5 %\nĐiều 2. Sau cùng"
    assert list(points(text)) == [
        Point("1", "Mở đầu"),
        Point("1.1", "Việc thứ nhất nối tiếp"),
        Point("1.1.a", "nhỏ"),
        Point("1.2", "Việc thứ hai: 1.000 hộ, 2.5 %"),
        Point("2", "Sau cùng"),
    ]


def test_a_text_without_numbers_is_one_point_a_line() -> None:
    assert list(points("Việc một\n\n  Việc   hai ")) == [Point("", "Việc một"), Point("", "Việc hai")]
    assert [one.lead for one in read("Phường Dịch Vọng làm\nPhòng Nội vụ làm", UNITS, CONTEXT)] == ["dich-vong", "noi-vu"]


def test_headings_stay_where_there_is_nothing_else() -> None:
    assert [one.point.text for one in read("1. Một\n2. Hai", UNITS, CONTEXT)] == ["Một", "Hai"]


@given(st.text(max_size=300), st.text(alphabet="1.a) IVĐiều\n", max_size=120))
def test_any_text_is_read(one: str, other: str) -> None:
    for found in read(one + "\n" + other, UNITS, CONTEXT):
        assert 0 < len(found.point.text) <= TITLE_LIMIT
