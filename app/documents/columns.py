"""The tables that a plan exchanges with spreadsheets: the same columns for template, export and import. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.documents.rules import TableKind
from app.indicators.rules import TargetKind, TargetSource
from app.units.rules import UnitKind, fold


class Reads(StrEnum):
    """As what a cell is read."""

    TEXT = "text"
    CODE = "code"
    FIGURE = "figure"
    WHOLE = "whole"
    DAY = "day"
    UNIT = "unit"
    UNITS = "units"
    INDICATOR = "indicator"
    CHOICE = "choice"
    PERIOD = "period"


@dataclass(frozen=True)
class Column:
    field: str
    """Of the body that the API takes; its heading stands in the text catalogues."""
    reads: Reads = Reads.TEXT
    is_required: bool = False
    choices: type[StrEnum] | None = None
    also: tuple[str, ...] = ()
    """Other headings that real sheets have, folded."""
    width: int = 18


_UNIT = Column("unit", Reads.UNIT, is_required=True, also=("don vi", "ten don vi", "don vi thuc hien", "phuong", "co quan"), width=30)
_INDICATOR = Column("indicator", Reads.INDICATOR, is_required=True, also=("chi tieu", "ten chi tieu", "noi dung chi tieu"), width=30)

COLUMNS: dict[TableKind, tuple[Column, ...]] = {
    TableKind.UNITS: (
        Column("code", Reads.CODE, is_required=True, also=("ma", "ma don vi")),
        Column("name", is_required=True, also=("ten", "ten don vi", "don vi"), width=36),
        Column("kind", Reads.CHOICE, is_required=True, choices=UnitKind, also=("loai", "loai hinh")),
        Column("parent", Reads.UNIT, also=("truc thuoc", "cap tren", "don vi cap tren"), width=30),
        Column("opens_on", Reads.DAY, is_required=True, also=("ngay thanh lap", "tu ngay", "thanh lap")),
        Column("closes_on", Reads.DAY, also=("ngay ket thuc", "den ngay")),
        Column("official_identifier", also=("ma dinh danh",)),
        Column("administrative_code", also=("ma hanh chinh",)),
    ),
    TableKind.TARGETS: (
        _INDICATOR,
        _UNIT,
        Column(
            "figure", Reads.FIGURE, is_required=True, also=("chi tieu giao", "ke hoach", "ke hoach nam", "so giao", "du toan", "muc giao")
        ),
        Column("last_year", Reads.FIGURE, also=("nam truoc", "thuc hien nam truoc", "cung ky")),
        Column("source", Reads.CHOICE, is_required=True, choices=TargetSource, also=("cap giao", "nguon")),
        Column("kind", Reads.CHOICE, choices=TargetKind, also=("loai", "loai chi tieu")),
    ),
    TableKind.TASKS: (
        Column("code", Reads.CODE, is_required=True, also=("ma", "ma nhiem vu")),
        Column("title", is_required=True, also=("nhiem vu", "noi dung", "noi dung nhiem vu", "ten nhiem vu"), width=60),
        Column("lead", Reads.UNIT, is_required=True, also=("chu tri", "don vi chu tri", "co quan chu tri"), width=30),
        Column("coordinators", Reads.UNITS, also=("phoi hop", "don vi phoi hop", "co quan phoi hop"), width=36),
        Column("appraiser", Reads.UNIT, is_required=True, also=("xac nhan", "don vi xac nhan", "don vi theo doi", "theo doi"), width=30),
        Column("deadline_phrase", also=("thoi han", "thoi gian", "thoi gian hoan thanh", "thoi han hoan thanh", "tien do"), width=24),
        Column("due_on", Reads.DAY, also=("han", "ngay den han", "han chot")),
        Column("document", Reads.CODE, also=("van ban", "ma van ban")),
        Column("point", also=("diem", "muc", "diem muc")),
        Column("deliverable", also=("san pham", "ket qua", "san pham dau ra"), width=30),
        Column("weight", Reads.WHOLE, also=("trong so",)),
    ),
    TableKind.REPORTS: (
        _INDICATOR,
        _UNIT,
        Column("period", Reads.PERIOD, is_required=True, also=("ky", "ky bao cao", "thang")),
        Column("figure", Reads.FIGURE, is_required=True, also=("so lieu", "ket qua", "thuc hien", "so thuc hien", "ket qua thuc hien")),
        Column("document_number", also=("so van ban", "so ky hieu", "so hieu van ban")),
        Column("document_date", Reads.DAY, also=("ngay van ban", "ngay ban hanh")),
        Column("issuer", also=("co quan ban hanh", "noi ban hanh"), width=30),
        Column("note", also=("ghi chu",), width=40),
    ),
}
KEYS: dict[TableKind, tuple[str, ...]] = {
    TableKind.UNITS: ("code",),
    TableKind.TARGETS: ("indicator", "unit", "kind"),
    TableKind.TASKS: ("code",),
    TableKind.REPORTS: ("indicator", "unit", "period"),
}
"""What names a line: the same twice in one file is an error."""
HEADING_ROWS = 30
"""Within so many rows from the top the headings are looked for."""


def plain(heading: Any) -> str:
    """A heading as it is compared: folded, without a unit of measure in brackets, stars and points."""
    text = fold(str(heading)).partition("(")[0]
    return " ".join("".join(one if one.isalnum() else " " for one in text).split())


@dataclass(frozen=True)
class Placed:
    """Where the columns of a table stand in a grid."""

    first: int
    """The first row below the headings."""
    columns: Mapping[int, Column]


def found(rows: Sequence[Sequence[Any]], wanted: Sequence[Column], titles: Mapping[str, Collection[str]]) -> Placed | None:
    """The row of headings in which the most columns are named, all that are required among them. Headings may stand in two rows, one
    above the other. `titles` are how each field is headed in the catalogues.
    """
    best: Placed | None = None
    for at in range(min(len(rows), HEADING_ROWS)):
        for depth in (1, 2):
            if at + depth > len(rows):
                continue
            placed = _placed(rows[at : at + depth], wanted, titles)
            if all(column in placed.values() for column in wanted if column.is_required) and (
                best is None or len(placed) > len(best.columns)
            ):
                best = Placed(at + depth, placed)
    return best


def _placed(headings: Sequence[Sequence[Any]], wanted: Sequence[Column], titles: Mapping[str, Collection[str]]) -> dict[int, Column]:
    """Each column once, at the first cell that names it; the lower of two headings is nearer to the cells."""
    placed: dict[int, Column] = {}
    for place in range(max(map(len, headings))):
        said = [plain(row[place]) for row in reversed(headings) if place < len(row) and row[place] is not None]
        for column in wanted:
            names = {*map(plain, titles[column.field]), *column.also}
            if column not in placed.values() and place not in placed and names & {*said, " ".join(reversed(said))}:
                placed[place] = column
    return placed


def is_line(cells: Collection[Any], row: Sequence[Any]) -> bool:
    """Neither empty, nor a total, nor the row of numbers under the headings: (1) (2) (3)."""
    held = [cell for cell in row if cell not in {None, ""}]
    if all(cell in {None, ""} for cell in cells) or len(held) < 2:  # noqa: PLR2004 - a title over the table
        return False
    if plain(held[0]) in _TOTALS or any(plain(cell) in _TOTALS for cell in cells if isinstance(cell, str)):
        return False
    numbers = [str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell).strip("() ") for cell in held]
    return numbers != [str(number) for number in range(1, len(numbers) + 1)]


_TOTALS = {"tong cong", "tong so", "cong", "tong", "toan quan"}
