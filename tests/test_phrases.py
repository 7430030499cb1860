"""Deadlines as documents write them, and documents read into tasks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.rules import Calendar, PeriodScheme, Roll
from app.tasks.phrases import Context, Deadline, deadline, mentioned

ISSUED = Context(date(2021, 12, 21), Calendar(frozenset({date(2022, 1, 3)})))


def on(year: int, month: int, day: int) -> Deadline:
    return Deadline(date(year, month, day))


PHRASES = {
    "trước ngày 15/8": on(2022, 8, 14),
    "Trước 15/8/2022": on(2022, 8, 14),
    "trước ngày 01/01/2022": on(2021, 12, 31),
    "trước ngày 25/12": on(2021, 12, 24),
    "chậm nhất ngày 15/8": on(2022, 8, 15),
    "chậm nhất là ngày 15 tháng 8 năm 2022": on(2022, 8, 15),
    "đến hết ngày 15.8.2022": on(2022, 8, 15),
    "hết ngày 15-8": on(2022, 8, 15),
    "17h00 ngày 15/8": on(2022, 8, 15),
    "từ ngày 11/6 đến ngày 15/8": on(2022, 8, 15),
    "xong trong tháng 6": on(2022, 6, 30),
    "cuối tháng 02/2024": on(2024, 2, 29),
    "trước tháng 7": on(2022, 6, 30),
    "trước tháng 01 năm 2022": on(2021, 12, 31),
    "quý II": on(2022, 6, 30),
    "trong Quý 4 năm 2022": on(2022, 12, 31),
    "quý IV/2021": on(2021, 12, 31),
    "trước quý III/2022": on(2022, 6, 30),
    "6 tháng đầu năm 2022": on(2022, 6, 30),
    "9 tháng đầu năm": on(2022, 9, 30),
    "6 tháng cuối năm 2022": on(2022, 12, 31),
    "trong năm 2022": on(2022, 12, 31),
    "cuối năm": on(2021, 12, 31),
    "trong vòng 10 ngày kể từ ngày ký": Deadline(date(2021, 12, 31), Roll.FORWARD),
    "trong 10 ngày làm việc": Deadline(date(2022, 1, 5), Roll.FORWARD),
    "sau 01 ngày": Deadline(date(2021, 12, 22), Roll.FORWARD),
    "hằng tháng": Deadline(scheme=PeriodScheme.MONTH),
    "trước ngày 25 hàng tháng": Deadline(scheme=PeriodScheme.MONTH, day=24),
    "ngày 05 mỗi quý": Deadline(scheme=PeriodScheme.QUARTER, day=5),
    "định kỳ 6 tháng": Deadline(scheme=PeriodScheme.HALF_YEAR),
    "hằng năm": Deadline(scheme=PeriodScheme.YEAR),
    "thường xuyên": Deadline(),
    "thực hiện thường xuyên, liên tục": Deadline(),
}


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_says_its_last_day(phrase: str) -> None:
    assert deadline(phrase, ISSUED) == PHRASES[phrase]


@pytest.mark.parametrize(
    "phrase",
    [
        *("", "sớm nhất có thể", "giữa tháng 6", "đầu tháng 6", "hằng tuần", "tháng 13", "quý V", "ngày 31/6", "ngày 29/2", "trước mắt"),
        *("trước ngày 15/8/24", "ngày 15 tháng 8 năm 24", "hết quý II/24", "hết năm 24", "trước ngày 5 của tháng 7"),
        *("hết tháng 6 năm sau", "trước ngày 15/8/2022-20/8/2022", "trong 10 ngày hoặc 15 ngày làm việc", "trong năm 0000"),
        *("6 tháng đầu năm sau", "hằng tháng, hằng quý", "trước ngày 15 của quý I/2023", "trước ngày 15-8-22"),
        *("trước ngày 15/8 và trước ngày 15/12", "trước ngày 30/6/2022 (6 tháng đầu năm)", "trước ngày 01 hằng tháng"),
    ],
)
def test_what_cannot_be_told_is_left_to_people(phrase: str) -> None:
    assert deadline(phrase, ISSUED) is None


@given(st.dates(date(2021, 12, 21), date(2022, 12, 20)), st.booleans(), st.booleans())
def test_a_day_is_itself_and_before_it_the_day_before(day: date, is_before: bool, says_year: bool) -> None:
    written = f"{day.day}/{day.month}/{day.year}" if says_year else f"{day.day:02d}/{day.month:02d}"
    read = deadline(f"{'trước' if is_before else 'chậm nhất'} ngày {written}", ISSUED)
    assert read is not None
    assert read.due_on == date.fromordinal(day.toordinal() - is_before)


@given(st.text(alphabet="trưocngàyhằtágqu 0123456789/.-IVX", max_size=60))
def test_nothing_that_is_written_breaks_it(text: str) -> None:
    deadline(text, ISSUED)
    mentioned(text, ISSUED)


MENTIONS = {
    "Giao Phòng Nội vụ chủ trì, tham mưu kế hoạch; báo cáo UBND quận trước ngày 15/8/2022.": ("trước ngày 15/8/2022", on(2022, 8, 14)),
    "Trước mắt, rà soát danh sách, xong trong tháng 6.": ("xong trong tháng 6", on(2022, 6, 30)),
    "Duy trì thường xuyên việc kiểm tra": ("thường xuyên việc kiểm tra", Deadline()),
    "Theo Kế hoạch số 53/KH-UBND ngày 04/01/2022": None,
    "Trong đó tập trung vào 3 nội dung": None,
    "Báo cáo trước ngày 15/8, ngày 20/9": None,
    "Nhóm 1 trước 30/6/2022; nhóm 2 trước 30/9/2022": None,
    "Thực hiện hằng tháng, hằng quý": None,
}


@pytest.mark.parametrize("sentence", MENTIONS)
def test_a_sentence_is_searched_for_its_deadline(sentence: str) -> None:
    assert mentioned(sentence, ISSUED) == MENTIONS[sentence]
