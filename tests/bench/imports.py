"""A workbook of 10,000 reports: what reading it costs, and what the service makes of it."""

import io
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import openpyxl
import xlsxwriter

from app.documents import workbook
from tests.bench.data import PLAN, unit_code

UNITS, ITEMS, MONTHS = 250, 4, 10
ROWS = UNITS * ITEMS * MONTHS
_HEADINGS = ("Chỉ tiêu", "Đơn vị", "Kỳ", "Số liệu", "Số hiệu văn bản", "Ngày văn bản", "Cơ quan ban hành")


def costs(base: str, key: str) -> dict[str, float]:
    """Seconds, of three files in turns the middle: read by the service's reader and by openpyxl, tried, recorded."""
    found: dict[str, list[float]] = {"reading": [], "openpyxl": [], "tried": [], "recorded": []}
    with httpx.Client(timeout=120) as http:
        for figure in ("57", "58", "59"):
            content = _made(figure)
            put = partial(_sent, http, base, key, content)
            found["reading"].append(_seconds(lambda content=content: _read(content)))  # type: ignore[misc]
            found["openpyxl"].append(_seconds(lambda content=content: _read_by_openpyxl(content)))  # type: ignore[misc]
            found["tried"].append(_seconds(lambda put=put: put(apply=False)["rows"]))  # type: ignore[misc]
            found["recorded"].append(_seconds(lambda put=put: put(apply=True)["rows"]))  # type: ignore[misc]
            assert put(apply=False)["same"] == ROWS, "all of it is there"
    return {name: sorted(each)[1] for name, each in found.items()}


def _seconds(work: Callable[[], int]) -> float:
    started = time.perf_counter()
    assert work() == ROWS
    return time.perf_counter() - started


def _made(figure: str) -> bytes:
    """Every cell is text, as people type it."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, _HEADINGS)
        about = [(unit, item, month) for unit in range(UNITS) for item in range(ITEMS) for month in range(1, MONTHS + 1)]
        for row, (unit, item, month) in enumerate(about, 1):
            sheet.write_row(row, 0, [f"i{item:03d}", unit_code(unit), f"2026-{month:02d}", figure, "45/BC", "05/11/2026", "UBND"])
    return kept.getvalue()


def _read(content: bytes) -> int:
    """With the service's own reader, in a process of its own: bare cells."""
    return len(workbook.opened(content)[0].rows) - 1


def _read_by_openpyxl(content: bytes) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    return sum(1 for _ in sheet.iter_rows(values_only=True)) - 1


def _sent(http: httpx.Client, base: str, key: str, content: bytes, *, apply: bool) -> dict[str, Any]:
    """What the service answers; a fault where a cell was wrong."""
    asked = {"plan": PLAN, "apply": json.dumps(apply), "confirmed": "true", "synthetic": "true"}
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/octet-stream"}
    answer = http.post(f"{base}/api/v1/workbooks/reports", params=asked, content=content, headers=headers)
    assert answer.status_code == 200, answer.text[:500]
    told: dict[str, Any] = answer.json()
    assert (told["rows"], told["wrong"], told["applied"]) == (ROWS, 0, apply)
    return told
