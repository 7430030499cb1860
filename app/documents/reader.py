"""Read a workbook, or the tables of a Word file, in a process of its own: a hostile file may end that process, not the service.

`reader.py ROWS COLUMNS MERGED` takes the bytes; it answers JSON: `[[name, rows], …]`, days as `{"day": "2022-06-01"}`.
"""

import datetime
import io
import json
import sys
import zipfile

from python_calamine import CalamineWorkbook

CHARACTERS = 10_000_000
"""Of all cells together: one long text may stand in many of them."""
TOO_LARGE = 3
"""The exit status for more rows, or more merged cells, than were asked for; any other but 0 is a file that cannot be read."""


def main(rows_limit: int, columns_limit: int, merged_limit: int) -> None:
    content = io.BytesIO(sys.stdin.buffer.read())
    found = _tables(content, rows_limit, columns_limit) if _is_word(content) else _sheets(content, rows_limit, columns_limit, merged_limit)
    _stop_if(sum(len(cell) for _, rows in found for row in rows for cell in row if isinstance(cell, str)) > CHARACTERS)
    json.dump(found, sys.stdout, default=_day)


def _is_word(content: io.BytesIO) -> bool:
    is_word = zipfile.is_zipfile(content) and "word/document.xml" in zipfile.ZipFile(content).namelist()
    content.seek(0)
    return is_word


def _tables(content: io.BytesIO, rows_limit: int, columns_limit: int) -> list:  # type: ignore[type-arg]
    """The tables of a Word file, all of it text; a merged number stands in its first cell alone."""
    from docx import Document  # noqa: PLC0415 - few files are of Word

    found = []
    for number, table in enumerate(Document(content).tables[:50], 1):
        _stop_if(len(table.rows) > rows_limit)
        seen: set = set()  # type: ignore[type-arg]
        rows = [[_once(cell, seen) for cell in row.cells[:columns_limit]] for row in table.rows]
        found.append([f"Word {number}", rows])
    return found


def _once(cell, seen: set) -> str:  # type: ignore[no-untyped-def, type-arg]
    text, is_again = cell.text.strip(), cell._tc in seen  # noqa: SLF001 - what tells merged cells
    seen.add(cell._tc)  # noqa: SLF001
    return "" if is_again and text[:1].isdigit() else text


def _sheets(content: io.BytesIO, rows_limit: int, columns_limit: int, merged_limit: int) -> list:  # type: ignore[type-arg]
    book = CalamineWorkbook.from_filelike(content)
    found, filled = [], 0
    for name in book.sheet_names[:50]:
        sheet = book.get_sheet_by_name(name)
        rows = [row[:columns_limit] for row in sheet.to_python(skip_empty_area=False)]
        while rows and not any(cell != "" for cell in rows[-1]):
            rows.pop()
        for area in sheet.merged_cell_ranges or []:
            filled += _filled(rows, area)
            _stop_if(filled > merged_limit)
        _stop_if(len(rows) > rows_limit)
        found.append([name, rows])
    return found


def _filled(rows: list, area: tuple) -> int:  # type: ignore[type-arg]
    """Merged text stands in each of its cells, a number in the first alone: one figure over two units is neither's. How many cells."""
    (top, left), (bottom, right) = area
    covered = rows[top : bottom + 1]
    if not covered or left >= len(covered[0]):
        return 0
    value = covered[0][left]
    if isinstance(value, str) and not value[:1].isdigit():
        for row in covered:
            row[left : right + 1] = [value] * len(row[left : right + 1])
    return len(covered) * len(covered[0][left : right + 1])


def _stop_if(too_large: bool) -> None:
    if too_large:
        sys.exit(TOO_LARGE)


def _day(value: object) -> object:
    """Dates by their day; a time of day, or a span, as its text."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    return {"day": value.isoformat()} if isinstance(value, datetime.date) else str(value)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
