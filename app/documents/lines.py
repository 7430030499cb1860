"""From the cells of a grid to bodies of the API, each field with the cell it came from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from app.documents import cells
from app.documents.columns import COLUMNS, DEFAULTS, KEYS, Column, Reads, found, is_line, plain
from app.documents.rules import TableKind
from app.documents.workbook import LISTS, Grid
from app.errors import Invalid
from app.tables import snake
from app.tasks.phrases import Context, deadline
from app.units.rules import spelt
from app.web.body import clean_text
from app.web.texts import LANGUAGES, Language, catalogue


@dataclass(frozen=True)
class Wrong:
    """Why a cell cannot be taken; `reason` is a slug under `reasons` of the catalogues."""

    cell: str
    reason: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Line:
    grid: Grid
    number: int
    """Of the row in the grid, from 0."""
    places: Mapping[str, int]
    """Of each field, its column."""
    body: dict[str, Any] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    due_on: str | None = None
    """What the phrase of its deadline says, where no day stands beside it."""

    @property
    def row(self) -> int:
        """In the sheet, from 1."""
        return self.number + 1

    def cell(self, name: str | None = None) -> str:
        """Where a field stands; without a name, the first that is read."""
        return self.grid.cell(self.number, self.places[name] if name is not None else next(iter(self.places.values())))


@dataclass(frozen=True)
class Names:
    """By what units, indicators and awards may be named: their code, or their name however it is spelt."""

    units: Mapping[str, str]
    indicators: Mapping[str, str]
    context: Context
    awards: Mapping[str, str] = field(default_factory=dict)
    """For individuals, of a movement's scheme."""


def folded(names: Mapping[str, str]) -> dict[str, str]:
    """Codes by name as it is compared, and by themselves; a name that two bear names neither, and a name comes before a code."""
    known: dict[str, str] = {}
    twice: set[str] = set()
    for code, name in names.items():
        key = spelt(name)
        twice |= {key} & known.keys()
        known[key] = code
    return {code: code for code in names} | {key: code for key, code in known.items() if key not in twice}


@dataclass(frozen=True)
class Read:
    """The lines of one sheet, and what was not read."""

    sheet: str
    lines: list[Line]
    unread_columns: tuple[str, ...]
    unread_sheets: list[str]


def lines(kind: TableKind, grids: list[Grid], names: Names) -> Read:
    """Of the first sheet that has the headings. `Invalid` where none has, or where two columns could be meant."""
    titles = {column.field: [title(language, kind, column.field) for language in LANGUAGES] for column in COLUMNS[kind]}
    for grid in grids:
        placed = found(grid.rows, COLUMNS[kind], titles)
        if placed is None:
            continue
        if placed.twice:
            raise Invalid("#", "two-columns", headings="; ".join(dict.fromkeys(placed.twice)))
        rows = [
            (number, [(column, place, row[place] if place < len(row) else None) for place, column in placed.columns.items()], row)
            for number, row in enumerate(grid.rows[placed.first :], placed.first)
        ]
        kept = [(number, held) for number, held, row in rows if is_line(_keys(kind, held), [value for _, _, value in held], row)]
        read = _lines(grid, placed.columns, kept, names if kind is not TableKind.UNITS else _with_new(names, kept))
        _refuse_twice(kind, read)
        return Read(
            grid.name, read, placed.unread, [other.name for other in grids if other is not grid and other.rows and other.name != LISTS]
        )
    wanted = ", ".join(title("vi", kind, column.field) for column in COLUMNS[kind] if column.is_required)
    raise Invalid("#", "no-headings", headings=wanted)


Held = list[tuple[Column, int, Any]]


def _keys(kind: TableKind, held: Held) -> list[Any]:
    return [value for column, _, value in held if column.field in KEYS[kind]]


def _with_new(names: Names, kept: list[tuple[int, Held]]) -> Names:
    """Units of the file itself may stand above others of it."""
    new = {}
    for _, held in kept:
        said = {column.field: cells.text(value) for column, _, value in held}
        if said.get("code") and said.get("name"):
            new[str(said["code"])] = str(said["name"])
    return replace(names, units={**folded(new), **names.units})


def title(language: Language, kind: TableKind, name: str) -> str:
    said: str = catalogue(language)["workbooks"][kind][name]
    return said


def _lines(grid: Grid, columns: Mapping[int, Column], kept: list[tuple[int, Held]], names: Names) -> list[Line]:
    """The cells of a column say the same again and again: each value is read once."""
    places = {column.field: place for place, column in columns.items()}
    read = lru_cache(maxsize=None, typed=True)(lambda place, value: _read(columns[place], value, names))
    return [_line(Line(grid, number, places), held, names, read) for number, held in kept]


def _read(column: Column, value: Any, names: Names) -> tuple[Any, str | None]:
    """What a cell says, and why it cannot be taken."""
    try:
        read = READS[column.reads](value, column, names)
        said = clean_text(read, "#") if isinstance(read, str) else read
    except (cells.Unreadable, Invalid) as fault:
        return None, fault.reason
    return said, "missing" if said is None and column.is_required else None


def _line(line: Line, held: Held, names: Names, read: Callable[[int, Any], tuple[Any, str | None]]) -> Line:
    for column, place, value in held:
        said, reason = read(place, value)
        if reason is not None:
            line.wrong.append(Wrong(line.cell(column.field), reason))
        elif said is not None:
            line.body[column.field] = said
    if "due_on" not in line.body and "deadline_phrase" in line.body:
        said = deadline(line.body["deadline_phrase"], names.context)
        line.due_on = None if said is None or said.due_on is None else said.due_on.isoformat()
    return line


def _refuse_twice(kind: TableKind, read: list[Line]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for line in read:
        key = tuple(line.body.get(name, DEFAULTS.get(name)) for name in KEYS[kind])
        if key in seen and not line.wrong:
            line.wrong.append(Wrong(line.cell(KEYS[kind][0]), "line-twice", {"row": seen[key]}))
        seen.setdefault(key, line.row)


def _code(value: Any, *_: Any) -> str | None:
    said = cells.text(value)
    return None if said is None else said.strip()


def _named(value: Any, known: Mapping[str, str], reason: str) -> str | None:
    said = cells.text(value)
    if said is None:
        return None
    code = known.get(spelt(said), known.get(said))
    if code is None:
        raise cells.Unreadable(reason)
    return code


def _units(value: Any, _: Column, names: Names) -> list[str] | None:
    said = cells.text(value)
    if said is None:
        return None
    for separator in ("\n", ";", ","):
        parts = [part for part in said.split(separator) if part.strip()]
        codes = [names.units.get(spelt(part), names.units.get(part.strip())) for part in parts]
        if None not in codes:
            return [code for code in codes if code is not None]
    raise cells.Unreadable("no-such-unit")


def _choice(value: Any, column: Column, _: Names) -> str | None:
    """The word of either catalogue, its beginning where no other begins so ("Quận" for "Quận giao"), or the value itself."""
    said = cells.text(value)
    if said is None:
        return None
    assert column.choices is not None
    words = {member: {member.value, *(word(language, column.choices, member) for language in LANGUAGES)} for member in column.choices}
    for matches in (lambda name: plain(name) == plain(said), lambda name: plain(name).startswith(f"{plain(said)} ")):
        meant = [member.value for member, named in words.items() if any(map(matches, named))]
        if len(meant) == 1:
            return meant[0]
    raise cells.Unreadable("not-a-choice")


def word(language: Language, of: Any, member: Any) -> str:
    said: str = catalogue(language)["words"][snake(of.__name__)][member.value]
    return said


def _day(value: Any, _: Column, names: Names) -> str | None:
    found_day = cells.day(value, names.context)
    return None if found_day is None else found_day.isoformat()


def _figure(value: Any, *_: Any) -> str | None:
    read = cells.figure(value)
    return None if read is None else format(read, "f")


READS: dict[Reads, Any] = {
    Reads.TEXT: lambda value, *_: cells.text(value),
    Reads.CODE: _code,
    Reads.FIGURE: _figure,
    Reads.WHOLE: lambda value, *_: cells.whole(value),
    Reads.DAY: _day,
    Reads.UNIT: lambda value, _, names: _named(value, names.units, "no-such-unit"),
    Reads.UNITS: _units,
    Reads.INDICATOR: lambda value, _, names: _named(value, names.indicators, "no-such-indicator"),
    Reads.CHOICE: _choice,
    Reads.AWARD: lambda value, _, names: _named(value, names.awards, "no-such-award"),
    Reads.PERIOD: lambda value, _, names: cells.period(value, names.context.issued_on.year),
}
