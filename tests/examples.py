"""The examples of docs/rulebooks.md, read from the page: each is a rulebook or a part of one, facts, and what they give."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.ranking.rules import places
from app.rulebooks.language.load import checked
from app.rulebooks.language.text import plain_yaml
from app.scoring.engine.facts import View
from app.scoring.engine.program import score
from app.scoring.engine.quota import counts_of, places_of
from app.scoring.engine.sheet import Sheet
from app.scoring.facts_file import FactsFile
from app.scoring.facts_read import calendar_of, facts_of, marks_of
from app.web.numbers import plain
from tests.second import agreed

PAGE = Path(__file__).parent.parent / "docs" / "rulebooks.md"
HEAD = {"rulebook": "vi-du", "version": 1, "title": {"vi": "Ví dụ"}, "source": "docs", "synthetic": True, "missing": "zero"}
DEFAULTS = HEAD | {"rounding": {"decimals": 2, "mode": "half_up"}}
OURS = {"facts", "gives", "cases", "view", "calendar", "indicators", "instant"}
YEAR = {"starts": "2022-01-01", "ends": "2022-12-31"}


@dataclass(frozen=True)
class Example:
    name: str
    text: str

    @property
    def block(self) -> dict[str, Any]:
        found: dict[str, Any] = plain_yaml(self.text)
        return found

    @property
    def document(self) -> dict[str, Any]:
        """With titles and clauses where the page leaves them out for shortness."""
        written = {name: value for name, value in self.block.items() if name not in OURS}
        return {**DEFAULTS, **written, "items": [titled(item) for item in written["items"]]}

    def cases(self) -> Iterator[tuple[dict[str, Any], dict[str, Any], View]]:
        block = self.block
        for case in block.get("cases", [block]):
            yield case.get("facts") or {}, case["gives"], View(case.get("view", block.get("view", "appraised")))

    def file(self, facts: dict[str, Any]) -> FactsFile:
        block = self.block
        named = set(re.findall(r"indicator: ([a-z0-9-]+)", self.text)) | set(re.findall(r"indicators: \[([a-z0-9-]+)\]", self.text))
        terms = {code: {"window": YEAR} for code in named} | block.get("indicators", {})
        units = facts.get("units", [{"unit": "don-vi", **facts}])
        return FactsFile.model_validate(
            {
                "instant": block.get("instant", "2022-12-31T12:00:00+07:00"),
                "calendar": block.get("calendar", {}),
                "indicators": terms,
                "units": units,
            }
        )


def titled(node: dict[str, Any]) -> dict[str, Any]:
    if "items" in node:
        return {"title": {"vi": node["code"]}, **node, "items": [titled(part) for part in node["items"]]}
    return {"title": {"vi": node["code"]}, "clause": node["code"], **node}


def examples(page: Path = PAGE) -> list[Example]:
    """Every fenced YAML block that gives something, named by the heading above it."""
    found, heading = [], ""
    for part in re.split(r"^(#+ .*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if part.startswith("#"):
            heading = part.lstrip("# ").strip()
            continue
        blocks = [text for text in re.findall(r"```yaml\n(.*?)```", part, re.DOTALL) if re.search(r"^\s*(- )?.*gives:", text, re.MULTILINE)]
        found += [Example(heading if len(blocks) == 1 else f"{heading} ({n})", text) for n, text in enumerate(blocks, 1)]
    return found


def sheets_of(example: Example, facts: dict[str, Any], view: View) -> list[Sheet]:
    rulebook, file = checked(example.document)[1], example.file(facts)
    for unit in file.units:
        agreed(rulebook, calendar_of(file), facts_of(unit, file), marks_of(unit), file.instant)
    return [score(rulebook, calendar_of(file), facts_of(unit, file), marks_of(unit), file.instant, view) for unit in file.units]


def given(example: Example, facts: dict[str, Any], view: View) -> dict[str, Any]:
    """What an example gives, in the words of the page."""
    held = sheets_of(example, facts, view)
    sheet = held[0]
    found: dict[str, Any] = {line.code or "total": plain(line.points, 10**6) for line in sheet.lines}
    found |= {f"grade {line.code}": line.grade for line in sheet.lines if line.grade is not None}
    found |= {"left out": [line.code for line in sheet.lines if line.is_left_out], "states": [one.state.value for one in sheet.states]}
    if sheet.rated is not None:
        found |= {"rating": sheet.rated.proposed, "by total": sheet.rated.by_total}
    rulebook = checked(example.document)[1]
    if rulebook.document.quotas:
        found["places"] = {code: places for code, (_, places) in places_of(rulebook.document.quotas, counts_of(held)).items()}
    found["ranking"] = ranking(rulebook.tie_break, held)
    return found


def ranking(tie_break: tuple[str, ...], held: list[Sheet]) -> dict[str, int]:
    points = {}
    for sheet in held:
        if not sheet.states:
            points[sheet.unit] = sheet.ranking_points(tie_break)
    return places(points)


FIGURE = {"kind": "figure", "indicator": "x"}
VALUE = {"shape": "value"}


def document(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**DEFAULTS, **fields, "items": [titled(item) for item in items]}


def item(code: str = "A", measure: Any = None, award: Any = None, **fields: Any) -> dict[str, Any]:
    return {"code": code, "measure": measure or FIGURE, "award": award or VALUE, **fields}


def bands(*held: dict[str, str]) -> dict[str, Any]:
    return {"shape": "bands", "bands": [{**band, "points": "1"} for band in held], "otherwise": "0"}
