"""Workbooks in and out: what the cells of a file hold, and files of tables that Excel and LibreOffice open cleanly."""

import io
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

import xlsxwriter

from app import confined
from app.documents import reader
from app.documents.fonts import font_of, repaired
from app.errors import Problem
from app.evidence.archive import Dishonest, TooLarge, honest

LISTS = "lists"
"""The hidden sheet of our own files, of what may be chosen."""
ROWS_LIMIT = 10_100
COLUMNS_LIMIT = 200
MERGED_LIMIT = 200_000
"""Cells that merging may fill."""


class NotAWorkbook(Problem):
    """Not an Excel file (xlsx, xls), or one that cannot be read."""

    status, slug = 415, "not-a-workbook"


class WorkbookTooLarge(Problem):
    status, slug = 413, "workbook-too-large"


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet from its first, text repaired and merged cells filled."""

    name: str
    rows: list[list[Any]]

    def cell(self, row: int, column: int) -> str:
        """How a person finds it: `Sheet1!C7`."""
        letters, number = "", column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{self.name}!{letters}{row + 1}"


def opened(content: bytes) -> list[Grid]:
    """Every sheet, at most 10,100 rows of 200 columns each, read in a process of its own."""
    _check_size(content)
    limits = [str(limit) for limit in (ROWS_LIMIT, COLUMNS_LIMIT, MERGED_LIMIT)]
    ended = confined.run(reader.__file__, *limits, given=content)
    if ended.status != 0:
        raise WorkbookTooLarge(limit=ROWS_LIMIT) if ended.status == reader.TOO_LARGE else NotAWorkbook
    sheets = [(name, [[_cell(cell) for cell in row] for row in rows]) for name, rows in json.loads(ended.answer)]
    font = font_of(cell for _, rows in sheets for row in rows for cell in row if isinstance(cell, str))
    return [
        Grid(name, [[repaired(cell, font) if isinstance(cell, str) else cell for cell in row] for row in rows]) for name, rows in sheets
    ]


def _check_size(content: bytes) -> None:
    """A zip that is a trap, or unpacks to too much, is refused before it takes anybody's time."""
    if not content.startswith(b"PK"):
        return
    try:
        with honest(io.BytesIO(content)):
            return
    except TooLarge:
        raise WorkbookTooLarge(limit=ROWS_LIMIT) from None
    except Dishonest:
        raise NotAWorkbook from None


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"])
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return None if value == "" else value


@dataclass(frozen=True)
class Heading:
    title: str
    note: str
    width: int
    choices: Sequence[str] = ()
    """What may be chosen; empty is anything."""


def written(name: str, headings: Sequence[Heading], rows: Iterator[Sequence[Any]], titles: Collection[str] = ()) -> bytes:
    """A workbook of one table: headings locked, with notes and lists; text stays text, whatever it begins with.

    A file without rows is a template of 10,000 open lines.
    """
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(kept, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1, "text_wrap": True, "valign": "top", "locked": True})
        open_, day = book.add_format({"locked": False}), book.add_format({"locked": False, "num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet(name[:31])
        sheet.set_comments_author("")
        start = len(titles)
        for place, title in enumerate(titles):
            sheet.write_string(place, 0, title)
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, heading.width, open_)
            sheet.write_string(start, column, heading.title, head)
            if heading.note:
                sheet.write_comment(start, column, heading.note)
            if heading.choices:
                _offer(book, sheet, (start + 1, column), heading.choices)
        for place, row in enumerate(rows, start + 1):
            for column, value in enumerate(row):
                _write(sheet, place, column, value, day, open_)
        sheet.freeze_panes(start + 1, 0)
        sheet.protect(
            "", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True, "insert_rows": True, "delete_rows": True}
        )
    return kept.getvalue()


def _offer(book: Any, sheet: Any, first: tuple[int, int], choices: Sequence[str]) -> None:
    """The list stands in a sheet of its own: a list inside a cell holds 255 characters."""
    row, column = first
    lists = book.get_worksheet_by_name(LISTS)
    if lists is None:
        lists = book.add_worksheet(LISTS)
        lists.hide()
    for place, choice in enumerate(choices):
        lists.write_string(place, column, choice)
    letter = xlsxwriter.utility.xl_col_to_name(column)
    source = f"={LISTS}!${letter}$1:${letter}${len(choices)}"
    sheet.data_validation(row, column, row + 10_000, column, {"validate": "list", "source": source, "error_type": "warning"})


def _write(sheet: Any, row: int, column: int, value: Any, day: Any, open_: Any) -> None:
    """Numbers that a spreadsheet can keep exactly are numbers; longer ones stay text."""
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, int | Decimal) and Decimal(format(float(value), ".15g")) == value:
        sheet.write_number(row, column, float(value), open_)
    else:
        sheet.write_string(row, column, format(value, "f") if isinstance(value, Decimal) else str(value), open_)
