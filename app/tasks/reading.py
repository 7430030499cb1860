"""A document's text read into proposed tasks: one for each point, with its lead, coordinators and deadline where they can be told.

Nothing is recorded here: a person looks through what was read, and assigns.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.tasks.phrases import Context, Deadline, mentioned
from app.units.rules import fold

TITLE_LIMIT = 1000


Names = tuple[re.Pattern[str], dict[str, str]]


@dataclass(frozen=True)
class Point:
    """One point of a document."""

    label: str
    """Where it stands: "II.3.a"; empty where the text numbers nothing."""
    text: str


@dataclass(frozen=True)
class Read:
    point: Point
    lead: str | None
    """Unit code; None where no unit is named, or more than one as lead."""
    coordinators: tuple[str, ...]
    phrase: str | None
    deadline: Deadline | None


def read(text: str, units: Mapping[str, str], context: Context) -> list[Read]:
    """`units` are names by code. Points without lead and deadline are headings: they are passed over, unless nothing else is there."""
    names = _written(units)
    found = [_read(point, names, context) for point in points(text)]
    return [one for one in found if one.lead or one.phrase] or found


def _read(point: Point, names: Names, context: Context) -> Read:
    said = fold(" ".join(point.text.split()))
    doing, _, helping = said.partition("phoi hop")
    leads = list(_named(_TOLD_TO.split(doing.partition("chu tri")[0])[0], names))
    others = list(_named(_TOLD_TO.split(helping)[0], names))
    phrase = mentioned(point.text, context)
    return Read(
        point=point,
        lead=leads[0] if len(leads) == 1 else None,
        coordinators=tuple(code for code in others if code not in leads),
        phrase=None if phrase is None else phrase[0],
        deadline=None if phrase is None else phrase[1],
    )


def points(text: str) -> Iterator[Point]:
    """The numbered points of a text, each with the lines that continue it. A text that numbers nothing is one point a line."""
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines() if line.strip()]
    marked = [_MARK.match(line) for line in lines]
    if not any(marked):
        yield from (Point("", line[:TITLE_LIMIT]) for line in lines)
        return
    levels: list[tuple[str, str]] = []
    label, said = "", ""
    for line, mark in zip(lines, marked, strict=True):
        if mark is None:
            said = f"{said} {line}".strip()
            continue
        if label and said:
            yield Point(label, said[:TITLE_LIMIT])
        kind = str(mark.lastgroup)
        levels = [level for level in levels if _RANK[level[0]] < _RANK[kind]]
        levels.append((kind, mark[kind]))
        label, said = ".".join(name for _, name in levels), line[mark.end() :].strip()
    if said:
        yield Point(label, said[:TITLE_LIMIT])


_MARK = re.compile(r"(?:Điều (?P<article>\d{1,3})[.:]|(?P<roman>[IVX]{1,5})[.)]|(?P<number>\d{1,3})[.)/](?!\d)|(?P<letter>[a-zđ])[.)])\s")
_RANK = {"article": 0, "roman": 1, "number": 2, "letter": 3}
_TOLD_TO = re.compile(r"\b(?:bao cao|trinh) ")
"""After it stands who is told, not who does it."""


def _written(units: Mapping[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
    """Where units are named, and the code of each name. The longest name first: "Dịch Vọng Hậu" is not "Dịch Vọng"."""
    codes = {fold(" ".join(name.split())): code for code, name in units.items()}
    names = sorted(codes, key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b" if names else r"(?!)"), codes


def _named(said: str, names: Names) -> Iterator[str]:
    """The codes of the units named, each once, in the order in which they stand."""
    form, codes = names
    yield from dict.fromkeys(codes[found[0]] for found in form.finditer(said))
