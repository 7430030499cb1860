"""Read a workbook in a process of its own: a hostile file may exhaust or end that process, not the service. Imports nothing of ours.

`reader.py ROWS COLUMNS MERGED` takes the bytes; it answers JSON: `[[name, rows], …]`, days as `{"day": "2022-06-01"}`.
"""

import datetime
import io
import json
import sys

from python_calamine import CalamineWorkbook

CHARACTERS = 10_000_000
"""Of all cells together: one long text may stand in many of them."""
TOO_LARGE = 3
"""The exit status for more rows, or more merged cells, than were asked for; any other but 0 is a file that cannot be read."""


def main(rows_limit: int, columns_limit: int, merged_limit: int) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
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
    _stop_if(sum(len(cell) for _, rows in found for row in rows for cell in row if isinstance(cell, str)) > CHARACTERS)
    json.dump(found, sys.stdout, default=_day)


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
