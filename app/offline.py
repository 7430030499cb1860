"""Commands that need no server and no database: score a facts file, read, check and compare rulebooks."""

import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from app.marks.rules import MarkStage
from app.ranking.rules import places
from app.rulebooks import shipped
from app.rulebooks.language.compile import Place, Rulebook
from app.rulebooks.language.ground import POINT, Faulty
from app.rulebooks.language.lint import warnings
from app.rulebooks.language.load import loaded, of_text, validated
from app.rulebooks.language.schema import GateState, Item
from app.rulebooks.wording import warning
from app.scoring import explain
from app.scoring.engine.facts import Facts, Marks, View
from app.scoring.engine.program import score as scored
from app.scoring.engine.sheet import Sheet
from app.scoring.facts_file import FactsFile, UnitFacts, calendar_of, facts_of, marks_of
from app.web.numbers import plain
from app.web.texts import Language, catalogue, say

rulebook_commands = typer.Typer(no_args_is_help=True, help="Read, check and compare rulebooks; needs no server.")
RulebookPath = Annotated[Path, typer.Argument(help="A rulebook, YAML or JSON, or the name of a shipped one")]
FactsPath = Annotated[
    Path, typer.Option("--facts", exists=True, dir_okay=False, help="A facts file; docs/rulebooks.md says how it is written")
]
InEnglish = Annotated[bool, typer.Option("--en", help="In English")]


def score(
    rulebook: Annotated[Path, typer.Option(help="A rulebook, YAML or JSON, or the name of a shipped one")],
    facts: FactsPath,
    until: Annotated[str | None, typer.Option(help="The last day that counts, 2022-06-30")] = None,
    view: View = View.APPRAISED,
    as_json: Annotated[bool, typer.Option("--json", help="The sheets as JSON")] = False,
    en: InEnglish = False,
) -> None:
    """Score each unit of a facts file and say why."""
    language: Language = "en" if en else "vi"
    book, file = _rulebook(rulebook, language), _facts(facts, until, language)
    sheets = _sheets(book, file, view, language)
    placed = places({sheet.unit: sheet.ranking_points(book.tie_break) for sheet in sheets if not sheet.states})
    found = [(sheet, {"place": placed.get(sheet.unit), **_told(book, sheet, language)}) for sheet in sheets]
    if as_json:
        typer.echo(json.dumps([told for _, told in found], ensure_ascii=False, indent=1))
        return
    for sheet, told in found:
        typer.echo("  ".join([sheet.unit, told["total"], *_headline(told)]))
        typer.echo(f"  = {told['lines'][0]['reason']}")
        for line in told["lines"][1:]:
            letter = f" [{line['grade']}]" if line["grade"] else ""
            typer.echo(f"{'  ' * line['level']}{line['code']}  {line['points']}{letter}  {line['title']}: {line['reason']}")


def _headline(told: dict[str, Any]) -> Iterator[str]:
    """Place or state, then the class that is proposed and why it is not that of the total."""
    if told["place"] is not None:
        yield f"#{told['place']}"
    yield from (f"{one['state']} ({one['gate']})" for one in told["states"])
    if "rating" in told:
        yield told["rating"] + (f" ({told['why']})" if told["why"] else "")


@rulebook_commands.command("list")
def list_shipped() -> None:
    """The rulebooks that come with the service, by name."""
    for name in shipped.names():
        typer.echo(f"{name}  {loaded(shipped.text(name))[1].document.title.vi}")


@rulebook_commands.command()
def lint(rulebook: RulebookPath, en: InEnglish = False) -> None:
    """Refuse what cannot be a rulebook; warn of what looks wrong. Exit 2 for a refusal, 1 for warnings."""
    language: Language = "en" if en else "vi"
    found = warnings(_rulebook(rulebook, language))
    for one in found:
        typer.echo(f"{one.path or 'total'}: {one.slug}: {warning(one, language)}")
    raise typer.Exit(1 if found else 0)


@rulebook_commands.command("explain")
def read(rulebook: RulebookPath, en: InEnglish = False) -> None:
    """The sheet as a person would read it."""
    language: Language = "en" if en else "vi"
    book = _rulebook(rulebook, language)
    for place in book.places.values():
        most = explain.points(place.most)
        bounds = f"{explain.points(place.standard)}" + (f" ≤ {most}" if most is not None else "")
        clause = f" — {place.node.clause}" if place.node.clause else ""
        typer.echo(f"{'  ' * place.level}{place.code or '*'}  {explain.title(place.node.title, language)} ({bounds}){clause}")
    for gate in book.document.gates:
        typer.echo(f"× {gate.code}  {explain.title(gate.title, language)} → {_state(gate.state, language)} — {gate.clause}")
    if book.document.ratings is not None:
        for one in book.document.ratings.classes:
            typer.echo(f"= {one.rating}  {explain.title(one.title, language)}")
    for reading in book.document.readings:
        typer.echo(f"! {reading}")


@rulebook_commands.command()
def diff(old: RulebookPath, new: RulebookPath, facts: FactsPath, en: InEnglish = False) -> None:
    """What each unit and each node gains and loses from the one to the other on the same facts."""
    language: Language = "en" if en else "vi"
    file = _facts(facts, None, language)
    before, after = (_sheets(_rulebook(path, language), file, View.APPRAISED, language) for path in (old, new))
    for one, other in zip(before, after, strict=True):
        typer.echo(f"{one.unit}  {plain(one.total, POINT)} → {plain(other.total, POINT)} ({_signed(other.total - one.total)})")
        came_to, comes_to = (", ".join(_came_to(sheet, language)) for sheet in (one, other))
        if came_to != comes_to:
            typer.echo(f"  {came_to or '–'} → {comes_to or '–'}")
        was, now = ({line.code: line.points for line in sheet.lines[1:]} for sheet in (one, other))
        for code in [*was, *(code for code in now if code not in was)]:
            if was.get(code) != now.get(code):
                typer.echo(f"  {code}  {explain.points(was.get(code)) or '–'} → {explain.points(now.get(code)) or '–'}")


def _state(state: GateState, language: Language) -> str:
    return str(catalogue(language)["words"]["gate_state"][state])


def _came_to(sheet: Sheet, language: Language) -> Iterator[str]:
    """The gates that closed, and the class that is proposed."""
    yield from (f"{_state(one.state, language)} ({one.gate})" for one in sheet.states)
    if sheet.rated is not None:
        yield sheet.rated.proposed


def _signed(change: int) -> str:
    return ("+" if change > 0 else "") + plain(change, POINT)


def _sheets(book: Rulebook, file: FactsFile, view: View, language: Language) -> list[Sheet]:
    calendar, units = calendar_of(file), [unit.unit for unit in file.units]
    for number, unit in enumerate(units):
        if unit in units[:number]:
            _refuse(f"units/{number}/unit: {say(language, 'faults', 'stands-twice')}")
    return [scored(book, calendar, *_told_of(book, unit, file, language), file.instant, view) for unit in file.units]


def _told_of(book: Rulebook, unit: UnitFacts, file: FactsFile, language: Language) -> tuple[Facts, Marks]:
    try:
        facts, marks = facts_of(unit, file), marks_of(unit)
    except Faulty as fault:
        _refuse(f"{unit.unit}: {_said(fault, language)}")
    for strange in _strange(book, unit):
        typer.echo(f"thidua: {unit.unit}: {_said(strange, language)}", err=True)
    return facts, marks


def _strange(book: Rulebook, unit: UnitFacts) -> Iterator[Faulty]:
    """Marks and waivers that this rulebook has no place for. Another version of it may: they are told, not refused."""
    for number, mark in enumerate(unit.marks):
        place, at = book.places.get("" if mark.node == "total" else mark.node), f"marks/{number}"
        if place is None:
            yield Faulty(f"{at}/node", "no-such-node", code=mark.node)
        elif mark.stage is not MarkStage.CLAIMED and not _holds(place, int(mark.points * POINT)):
            yield Faulty(f"{at}/points", "out-of-range", least=explain.points(place.least) or "–", most=explain.points(place.most) or "–")
    for number, waiver in enumerate(unit.waivers):
        place = book.places.get(waiver.node)
        if place is None or not isinstance(place.node, Item) or not place.node.waivable:
            yield Faulty(f"waivers/{number}/node", "no-such-node" if place is None else "not-waivable", code=waiver.node)


def _holds(place: Place, points: int) -> bool:
    return (place.most is None or points <= place.most) and (place.least is None or points >= place.least)


def _told(book: Rulebook, sheet: Sheet, language: Language) -> dict[str, Any]:
    found: dict[str, Any] = {"unit": sheet.unit, "view": sheet.view, "total": plain(sheet.total, POINT)}
    if sheet.rated is not None:
        found |= {"rating": sheet.rated.proposed, "by_total": sheet.rated.by_total, "why": explain.sentences(sheet.rated.reasons, language)}
    found["states"] = [{"gate": one.gate, "state": one.state} for one in sheet.states]
    found["lines"] = list(_lines(book, sheet, language))
    return found


def _lines(book: Rulebook, sheet: Sheet, language: Language) -> Iterator[dict[str, Any]]:
    for line in sheet.lines:
        place = book.places[line.code]
        yield {
            "code": line.code or "total",
            "level": place.level,
            "title": explain.title(place.node.title, language),
            "points": plain(line.points, POINT),
            "grade": line.grade,
            "rule": place.node.clause,
            "reason": explain.sentences(line.reasons, language),
            "sources": [source for source in line.sources if source],
        }


def _rulebook(path: Path, language: Language) -> Rulebook:
    """A file, or a shipped rulebook by its name."""
    try:
        return loaded(path.read_text(encoding="utf-8") if path.is_file() else shipped.text(str(path)))[1]
    except FileNotFoundError:
        _refuse(f"{path}: {say(language, 'reasons', 'no-such-rulebook', names=', '.join(shipped.names()))}")
    except UnicodeDecodeError:
        _refuse(f"{path.name}: {say(language, 'reasons', 'not-utf8')}")
    except Faulty as fault:
        _refuse(f"{path.name}{'' if fault.line is None else f':{fault.line}'}: {_said(fault, language)}")


def _facts(path: Path, until: str | None, language: Language) -> FactsFile:
    try:
        file = of_text(path.read_text(encoding="utf-8"), partial(validated, FactsFile))
    except UnicodeDecodeError:
        _refuse(f"{path.name}: {say(language, 'reasons', 'not-utf8')}")
    except Faulty as fault:
        _refuse(f"{path.name}{'' if fault.line is None else f':{fault.line}'}: {_said(fault, language)}")
    try:
        return file if until is None else file.up_to(date.fromisoformat(until))
    except ValueError:
        _refuse(f"--until: {say(language, 'faults', 'wrong-date')}")


def _said(fault: Faulty, language: Language) -> str:
    return f"{fault.path}: {say(language, 'faults', fault.fault, **fault.values)}"


def _refuse(why: str) -> NoReturn:
    typer.echo(f"thidua: {why}", err=True)
    raise typer.Exit(2)
