"""Deadlines as documents write them: "trước ngày 15/8", "đến hết ngày 15/8", "quý II", "hằng tháng", "thường xuyên".

The phrase is kept as it stands; what is read here is proposed to a person.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.calendar.rules import DAY, Calendar, PeriodScheme, Roll
from app.units.rules import fold

_YEAR = 12
"""Months."""


@dataclass(frozen=True)
class Deadline:
    """What a phrase says. Neither a day nor a scheme: the task has no deadline (thường xuyên)."""

    due_on: date | None = None
    """The last day, inclusive."""
    roll: Roll = Roll.NONE
    """Fixed dates stay; terms counted in days go forward (Civil Code 2015, art. 148)."""
    scheme: PeriodScheme | None = None
    """It recurs, once in each such period."""
    day: int | None = None
    """Of the last month of each period; None is its last day."""


@dataclass(frozen=True)
class Context:
    """What a phrase leaves unsaid."""

    issued_on: date
    """Of the document: terms count from it, and a day without a year is the first such day from it on."""
    calendar: Calendar


def deadline(phrase: str, context: Context) -> Deadline | None:
    """What the phrase says, or None where it cannot be told, as when it names two days."""
    text = " ".join(fold(phrase).split())
    if _EITHER.search(text):
        return None
    read = {found for form, reads in _FORMS for match in form.finditer(text) if (found := reads(match, context)) is not None}
    if len(read) == 1:
        return read.pop()
    return Deadline() if not read and _ALWAYS.search(text) else None


def mentioned(sentence: str, context: Context) -> tuple[str, Deadline] | None:
    """The words of a sentence that are its deadline, and what they say; None where no words can be told."""
    whole = unicodedata.normalize("NFC", sentence)
    for found in _MENTION.finditer(whole):
        said = deadline(found[0], context)
        if said is not None:
            # What follows may name another day: then it is for a person to tell.
            return (" ".join(found[0].split()), said) if deadline(whole[found.start() :], context) == said else None
    return None


def _on_a_day(match: re.Match[str], context: Context) -> Deadline | None:
    for year in _years(match, context):
        found = _date(year, int(match["month"]), int(match["day"]))
        if found is not None and (match["year"] or found >= context.issued_on):
            return Deadline(found - DAY if match["before"] else found)
    return None


def _within_a_span(match: re.Match[str], context: Context) -> Deadline | None:
    """A month or a quarter: its last day; with "trước", the last day before it."""
    months, number = _SPANS[match["span"]], _ROMAN.get(match["number"]) or int(match["number"])
    if not 1 <= number * months <= _YEAR:
        return None
    return _by(match, context, (number - 1) * months if match["before"] else number * months)


def _within_the_year(match: re.Match[str], context: Context) -> Deadline | None:
    return _by(match, context, int(match["months"] or _YEAR))


def _by(match: re.Match[str], context: Context, months: int) -> Deadline | None:
    """The last day of so many months of the year that is said, or of the first year in which that day is not past."""
    for year in _years(match, context):
        found = _month_end(year, months)
        if match["year"] or found >= context.issued_on:
            return Deadline(found)
    return None


def _counted_in_days(match: re.Match[str], context: Context) -> Deadline:
    """The day from which a term counts is not counted (Civil Code 2015, art. 147)."""
    found, left = context.issued_on, int(match["count"])
    while left:
        found += DAY
        left -= not match["working"] or context.calendar.is_working(found)
    return Deadline(found, Roll.FORWARD)


def _recurring(match: re.Match[str], _: Context) -> Deadline | None:
    day = int(match["day"]) - bool(match["before"]) if match["day"] else None
    return None if day is not None and not 1 <= day <= 31 else Deadline(scheme=_SCHEMES[match["span"]], day=day)  # noqa: PLR2004


def _years(match: re.Match[str], context: Context) -> Iterator[int]:
    yield from [int(match["year"])] if match["year"] else [context.issued_on.year, context.issued_on.year + 1]


def _month_end(year: int, month: int) -> date:
    """Month 0 is the December before."""
    year, month = (year, month) if month else (year - 1, _YEAR)
    return date(year, month, monthrange(year, month)[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_SPANS = {"thang": 1, "quy": 3}
_SCHEMES = {
    "thang": PeriodScheme.MONTH,
    "quy": PeriodScheme.QUARTER,
    "6 thang": PeriodScheme.HALF_YEAR,
    "nam": PeriodScheme.YEAR,
}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_OF_YEAR = r"(?:\s*(?:[/.-]|nam)\s*(?P<year>20\d\d))?(?!\d)(?!\s*[/.]\s*\d)(?!-\d\d?$)(?!\s*nam (?:\d|sau|truoc))"
"""With four digits or none; what may be a year of two digits, or of another year, is left unread."""
_BEFORE = r"(?P<before>truoc )?"
_FORMS: list[tuple[re.Pattern[str], Callable[[re.Match[str], Context], Deadline | None]]] = [
    (
        re.compile(
            _BEFORE
            + r"(?<!tu )(?:ngay )?(?<!tu ngay )(?<![\d/.,])(?P<day>\d{1,2})(?:\s*[/.-]\s*| thang )(?P<month>\d{1,2})(?!\d)"
            + _OF_YEAR
        ),
        _on_a_day,
    ),
    (
        re.compile(_BEFORE + r"(?<!dau )(?<!giua )(?<!cua )(?<!\d )\b(?P<span>thang|quy) (?P<number>\d{1,2}|i{1,3}|iv)(?![\w])" + _OF_YEAR),
        _within_a_span,
    ),
    (re.compile(r"(?P<months>\d) thang dau nam(?: (?P<year>20\d\d))?(?! ?\d)(?! (?:sau|truoc)\b)"), _within_the_year),
    (re.compile(r"(?P<months>)(?:trong|cuoi|het|6 thang cuoi) nam(?: (?P<year>20\d\d))?(?! ?\d)(?! (?:sau|truoc)\b)"), _within_the_year),
    (re.compile(r"(?:trong|vong|sau) (?P<count>\d{1,3}) ngay(?P<working> lam viec)?"), _counted_in_days),
    (
        re.compile(_BEFORE + r"(?:ngay )?(?:(?<!\d)(?P<day>\d{1,2}) )?(?:hang|moi|dinh ky) (?P<span>thang|quy|6 thang|nam)\b"),
        _recurring,
    ),
]
_EITHER = re.compile(r"\bhoac\b")
_ALWAYS = re.compile(r"thuong xuyen|lien tuc|hang ngay|khi co yeu cau|dot xuat")
_MENTION = re.compile(
    r"(?:trước|chậm nhất|muộn nhất|(?:đến|xong) hết|hết|đến ngày|xong trong|hoàn thành (?:trong|vào)|trong|sau|cuối|định kỳ"
    r"|h[ằà]ng (?:ngày|tháng|quý|năm)|mỗi (?:tháng|quý|năm)|thường xuyên|liên tục)"
    r"(?:[^.;,:()\n]|(?<=\d)[.](?=\d))*",
    re.IGNORECASE,
)
