"""What a cell says: Vietnamese numbers, days in many forms, text of old fonts. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.tasks.phrases import Context, deadline
from app.units.rules import fold

Cell = str | float | int | bool | date | datetime | None
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 75_000)
"""Days since Excel's epoch that a sheet may mean: 1954 to 2105."""


@dataclass(frozen=True)
class Unreadable(Exception):
    """`reason` is a slug under `reasons` of the catalogues."""

    reason: str


def text(value: Any) -> str | None:
    """Trimmed, in one line unless it had several; a whole number without its decimals; None of nothing."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(int(value))
    if isinstance(value, float | int):
        return _plain(value)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    lines = [" ".join(line.split()) for line in str(value).replace("\xa0", " ").splitlines()]
    return "\n".join(line for line in lines if line) or None


def figure(value: Any) -> Decimal | None:
    """An exact number. A cell that is a number gives what is shown of it, at most 15 digits; text is read as Vietnamese writes it."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return Decimal(_plain(value))
    if isinstance(value, bool):
        raise Unreadable("wrong-number")
    said = text(value)
    if said is None or said in {"-", "–", "—", "x", "X"}:
        return None
    found = _NUMBER.fullmatch(_SPACED.sub("", said).replace("\u2212", "-").removesuffix("%").strip())
    if found is None:
        raise Unreadable("wrong-number")
    whole, rest = (found["english"] or found["vietnamese"]), found["cents"] or found["decimals"]
    digits = whole.replace(".", "").replace(",", "")
    return Decimal(f"{'-' if found['minus'] or found['open'] else ''}{digits}{'.' + rest if rest else ''}")


_SPACED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
"""12 345: a space groups by three."""
_NUMBER = re.compile(
    r"(?P<open>\()?(?P<minus>-)?\+?"
    r"(?:(?P<vietnamese>[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(?P<decimals>\d+))?"
    r"|(?P<english>[1-9]\d{0,2}(?:,\d{3})+|\d+)\.(?P<cents>\d+))"
    r"(?(open)\))"
)
"""9.278,6: points group, a comma divides. What can only be English is taken as such: 9,278.6 and 98.4."""


def whole(value: Any) -> int | None:
    found = figure(value)
    if found is not None and found != int(found):
        raise Unreadable("wrong-number")
    return None if found is None else int(found)


def day(value: Any, context: Context) -> date | None:
    """A date, Excel's number of one, d/m/yyyy, yyyy-mm-dd, or a deadline in words ("cuối tháng 6")."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, float | int) and not isinstance(value, bool):
        if int(value) not in _SERIALS:
            raise Unreadable("wrong-date")
        return _EXCEL_EPOCH + timedelta(days=int(value))
    said = text(value)
    return None if said is None else _written_day(said, context)


def _written_day(said: str, context: Context) -> date:
    found = _ISO.fullmatch(said) or _WRITTEN.fullmatch(said)
    try:
        if found is not None:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise Unreadable("wrong-date") from None
    read = deadline(said, context)
    if read is None or read.due_on is None:
        raise Unreadable("wrong-date")
    return read.due_on


_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ]00:00:00)?")
_WRITTEN = re.compile(r"(?:ngày )?(?P<day>\d{1,2})\s*[/.-]\s*(?P<month>\d{1,2})\s*[/.-]\s*(?P<year>\d{4})")


def _plain(value: float) -> str:
    """Without an exponent, with the digits that a spreadsheet keeps."""
    return format(Decimal(format(value, ".15g")), "f")


def period(value: Any, year: int) -> str | None:
    """The code of a period: as it is, or "tháng 5", "5/2022", "quý II/2022", "6 tháng đầu năm", "năm 2022", a date in a month; `year` where
    none is said.
    """
    if isinstance(value, bool):
        raise Unreadable("no-such-period")
    if isinstance(value, date):
        return f"{value.year:04d}-{value.month:02d}"
    said = text(value)
    if said is None or _CODE.fullmatch(said):
        return said
    words = " ".join(fold(said).split())
    for form, code in _PERIODS:
        found = form.fullmatch(words)
        if found is not None:
            number = _ROMAN.get(found["number"]) or int(found["number"])
            return code.format(year=int(found["year"] or year), number=number)
    raise Unreadable("no-such-period")


_CODE = re.compile(r"\d{4}(-(\d{2}|Q[1-4]|H[12]|\d{4}))?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "": 1, "dau": 1, "cuoi": 2}
_YEAR = r"(?:\s*(?:/|-|nam)\s*(?P<year>\d{4}))?"
_PERIODS = [
    (re.compile(r"(?:thang|t)?\s*(?P<number>\d{1,2})" + _YEAR), "{year:04d}-{number:02d}"),
    (re.compile(r"(?:quy|q)\s*(?P<number>[1-4]|i{1,3}|iv)" + _YEAR), "{year:04d}-Q{number}"),
    (re.compile(r"6 thang (?P<number>dau|cuoi)(?: nam)?" + _YEAR.replace("|nam", "|nam|")), "{year:04d}-H{number}"),
    (re.compile(r"(?:ca )?(?P<number>)nam(?: (?P<year>\d{4}))?"), "{year:04d}"),
]
