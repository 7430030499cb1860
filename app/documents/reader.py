"""Read a workbook in a process of its own: a hostile file may exhaust or end that process, not the service. Imports nothing of ours.

`python -I reader.py ROWS COLUMNS MERGED` takes the bytes; it answers JSON: `[[name, rows], …]`, days as `{"day": "2022-06-01"}`.
"""

import datetime
import io
import json
import sys

MEMORY = 1_500_000_000
SECONDS = 20
TOO_LARGE = 3
"""The exit status for more rows, or more merged cells, than were asked for; any other but 0 is a file that cannot be read."""


def main(rows_limit: int, columns_limit: int, merged_limit: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not there on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    except ImportError:
        pass
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - under the limits

    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    found, filled = [], 0
    for name in book.sheet_names[:50]:
        sheet = book.get_sheet_by_name(name)
        rows = [row[:columns_limit] for row in sheet.to_python(skip_empty_area=False)]
        while rows and not any(cell != "" for cell in rows[-1]):
            rows.pop()
        if len(rows) > rows_limit:
            sys.exit(TOO_LARGE)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
            covered = rows[top : bottom + 1]
            filled += len(covered) * (min(right, columns_limit) - left + 1)
            if filled > merged_limit:
                sys.exit(TOO_LARGE)
            for row in covered:
                row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
        found.append([name, rows])
    json.dump(found, sys.stdout, default=_day)


def _day(value: object) -> object:
    """Dates by their day; a time of day, or a span, as its text."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    return {"day": value.isoformat()} if isinstance(value, datetime.date) else str(value)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
