"""Commands that need no server and no database: score a facts file, read, check and compare rulebooks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from app.offline import files, read, told
from app.ranking.rules import places
from app.ranking.verifier import thidua_verify
from app.rulebooks import shipped
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.ground import POINT
from app.rulebooks.language.lint import warnings
from app.rulebooks.language.load import loaded
from app.rulebooks.language.text import line_of
from app.rulebooks.wording import warning
from app.scoring import explain
from app.scoring.engine.facts import View
from app.scoring.engine.program import score as scored
from app.scoring.engine.quota import allotted
from app.scoring.engine.sheet import Sheet
from app.scoring.facts_file import FactsFile
from app.scoring.facts_read import calendar_of, facts_of, marks_of
from app.web.numbers import plain
from app.web.texts import Language

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
    book, file = files.rulebook(rulebook, language), files.facts(facts, until, language)
    files.tell_strange(book, facts, file, language)
    sheets = _sheets(book, file, view)
    placed = places({sheet.unit: sheet.ranking_points(book.tie_break) for sheet in sheets if not sheet.states})
    quotas = list(allotted(book.document.quotas, sheets, placed))
    found = [told.as_told(book, sheet, placed.get(sheet.unit), quotas, language) for sheet in sheets]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for sheet in found:
        typer.echo("\n".join(told.printed(sheet, language)))
    for quota in quotas:
        typer.echo(told.allotment(quota, language))


@rulebook_commands.command("list")
def list_shipped() -> None:
    """The rulebooks that come with the service, by name."""
    for name in shipped.names():
        typer.echo(f"{name}  {loaded(shipped.text(name))[1].document.title.vi}")


@rulebook_commands.command()
def lint(rulebook: RulebookPath, en: InEnglish = False) -> None:
    """Refuse what cannot be a rulebook; warn of what looks wrong. Exit 2 for a refusal, 1 for warnings."""
    language: Language = "en" if en else "vi"
    found, text = warnings(files.rulebook(rulebook, language)), files.text_of(rulebook, language)
    for one in found:
        typer.echo(f"{rulebook.name}:{line_of(text, one.path)}: {one.path or 'total'}: {one.slug}: {warning(one, language)}")
    raise typer.Exit(1 if found else 0)


@rulebook_commands.command("explain")
def explained(rulebook: RulebookPath, en: InEnglish = False) -> None:
    """The sheet as a person would read it."""
    language: Language = "en" if en else "vi"
    for line in read.as_sheet(files.rulebook(rulebook, language), language):
        typer.echo(line)


@rulebook_commands.command()
def diff(old: RulebookPath, new: RulebookPath, facts: FactsPath, en: InEnglish = False) -> None:
    """What each unit and each node gains and loses from the one to the other on the same facts."""
    language: Language = "en" if en else "vi"
    file = files.facts(facts, None, language)
    before, after = (_sheets(files.rulebook(path, language), file, View.APPRAISED) for path in (old, new))
    for one, other in zip(before, after, strict=True):
        typer.echo(f"{one.unit}  {plain(one.total, POINT)} → {plain(other.total, POINT)} ({_signed(other.total - one.total)})")
        came_to, comes_to = (", ".join(_came_to(sheet, language)) for sheet in (one, other))
        if came_to != comes_to:
            typer.echo(f"  {came_to or '–'} → {comes_to or '–'}")
        was, now = ({line.code: line.points for line in sheet.lines[1:]} for sheet in (one, other))
        for code in [*was, *(code for code in now if code not in was)]:
            if was.get(code) != now.get(code):
                typer.echo(f"  {code}  {explain.points(was.get(code)) or '–'} → {explain.points(now.get(code)) or '–'}")


def _came_to(sheet: Sheet, language: Language) -> Iterator[str]:
    """The gates that closed, and the class that is proposed."""
    yield from (f"{told.state(one.state, language)} ({one.gate})" for one in sheet.states)
    if sheet.rated is not None:
        yield sheet.rated.proposed


def _signed(change: int) -> str:
    return ("+" if change > 0 else "") + plain(change, POINT)


def _sheets(book: Rulebook, file: FactsFile, view: View) -> list[Sheet]:
    calendar = calendar_of(file)
    return [scored(book, calendar, facts_of(unit, file), marks_of(unit), file.instant, view) for unit in file.units]


def verify(
    bundle: Annotated[Path, typer.Argument(help="A published result, as a file")],
    key: Annotated[str | None, typer.Option(help="The signer's public key, NAME+MARK+KEY, from a source that you trust")] = None,
) -> None:
    """Score and place every unit of a published result anew, and check its signature; the same as thidua_verify.py in the file."""
    raise typer.Exit(thidua_verify.main([str(bundle), *(["--key", key] if key is not None else [])]))
