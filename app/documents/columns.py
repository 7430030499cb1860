"""The tables that a plan exchanges with spreadsheets: the same columns for template, export and import. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from app.documents.rules import FigureKind, TableKind
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
    AWARD = "award"


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
        Column("reported_from", Reads.DAY, also=("tu ngay", "giao tu ngay")),
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
        Column("estimate", Reads.CHOICE, choices=FigureKind, also=("la so uoc", "uoc hay thuc hien")),
        Column("document_number", also=("so van ban", "so ky hieu", "so hieu van ban")),
        Column("document_date", Reads.DAY, also=("ngay van ban", "ngay ban hanh")),
        Column("issuer", also=("co quan ban hanh", "noi ban hanh"), width=30),
        Column("note", also=("ghi chu",), width=40),
    ),
    TableKind.NOMINEES: (
        Column("unit", Reads.UNIT, is_required=True, also=("don vi", "don vi de nghi", "don vi cong tac"), width=30),
        Column("name", is_required=True, also=("ho va ten", "ho ten", "ho ten ca nhan", "ca nhan"), width=30),
        Column("post", is_required=True, also=("chuc vu", "chuc vu noi cong tac", "chuc danh"), width=36),
        Column(
            "award", Reads.AWARD, is_required=True, also=("hinh thuc", "hinh thuc khen thuong", "danh hieu", "hinh thuc de nghi"), width=36
        ),
        Column("achievements", also=("thanh tich", "tom tat thanh tich", "thanh tich tieu bieu"), width=60),
    ),
}
KEYS: dict[TableKind, tuple[str, ...]] = {
    TableKind.UNITS: ("code",),
    TableKind.TARGETS: ("indicator", "unit", "kind"),
    TableKind.TASKS: ("code",),
    TableKind.REPORTS: ("indicator", "unit", "period"),
    TableKind.NOMINEES: ("unit", "name", "post", "award"),
}
"""What names a line: the same twice in one file is an error."""
DEFAULTS = {"kind": TargetKind.ASSIGNED.value}
"""Of a key that may be left out."""
HEADING_ROWS = 30
"""Within so many rows from the top the headings are looked for."""


@lru_cache(10_000, typed=True)
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
    twice: tuple[str, ...]
    """Headings of which two could be meant by one column."""
    unread: tuple[str, ...]
    """Headings that name no column of the table."""


def found(rows: Sequence[Sequence[Any]], wanted: Sequence[Column], titles: Mapping[str, Collection[str]]) -> Placed | None:
    """The row of headings in which the most columns are named, all that are required among them. Headings may stand in two rows, one
    above the other. `titles` are how each field is headed in the catalogues.
    """
    best: Placed | None = None
    for at in range(min(len(rows), HEADING_ROWS)):
        for depth in (1, 2):
            if at + depth > len(rows):
                continue
            placed = _placed(rows[at : at + depth], at + depth, wanted, titles)
            if placed is not None and (best is None or len(placed.columns) > len(best.columns)):
                best = placed
    return best


def _placed(
    headings: Sequence[Sequence[Any]], first: int, wanted: Sequence[Column], titles: Mapping[str, Collection[str]]
) -> Placed | None:
    """Each column at the cell that names it: by its word in the catalogues, else by another. None where a required one is missing."""
    said = _said(headings)
    columns: dict[int, Column] = {}
    twice: list[str] = []
    for column in wanted:
        for names in ({*map(plain, titles[column.field])}, {*column.also}):
            places = [place for place, words in said.items() if names & words.keys() and place not in columns]
            if len(places) == 1:
                columns[places[0]] = column
                break
            if places:
                twice += [words[name] for place in places for words in [said[place]] for name in words if name in names]
                break
    if any(_is_line_below(headings, place, _names(column, titles)) for place, column in columns.items()):
        return None
    if not columns or not all(column in columns.values() or twice for column in wanted if column.is_required):
        return None
    unread = [" ".join(str(_at(row, place)) for row in headings if _at(row, place) is not None) for place in said if place not in columns]
    return Placed(first, columns, tuple(twice), tuple(unread))


def _is_line_below(headings: Sequence[Sequence[Any]], place: int, names: Collection[str]) -> bool:
    """Under a heading that stands in the upper row a second row of headings has nothing of its own: else it is the first line."""
    if len(headings) == 1 or plain(_at(headings[0], place) or "") not in names:
        return False
    return _at(headings[1], place) not in {None, _at(headings[0], place)}


def _names(column: Column, titles: Mapping[str, Collection[str]]) -> set[str]:
    return {*map(plain, titles[column.field]), *column.also}


def _at(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else None


def _said(headings: Sequence[Sequence[Any]]) -> dict[int, dict[str, str]]:
    """By place, the words that may name it, compared and as they stand: the lower heading, the upper, or both together."""
    said: dict[int, dict[str, str]] = {}
    for place in range(max(map(len, headings))):
        held = [str(_at(row, place)) for row in headings if _at(row, place) is not None]
        if held:
            lowest = held[-1:] if len(headings) > 1 and len(set(held)) > 1 else held
            said[place] = {plain(one): one for one in (*lowest, " ".join(held))}
    return said


def is_line(keys: Collection[Any], cells: Collection[Any], row: Sequence[Any]) -> bool:
    """Neither empty, nor a total, nor the row of numbers under the headings: (1) (2) (3). `keys` are the cells that name a line."""
    held = [cell for cell in row if cell not in {None, ""}]
    if all(cell in {None, ""} for cell in cells) or len(held) < 2:  # noqa: PLR2004 - a title over the table
        return False
    if plain(held[0]) in _TOTALS or any(plain(cell) in _TOTALS for cell in keys if isinstance(cell, str)):
        return False
    numbers = [str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell).strip("() ") for cell in held]
    return numbers != [str(number) for number in range(1, len(numbers) + 1)]


_TOTALS = {"tong cong", "tong so", "cong", "tong", "toan quan"}
