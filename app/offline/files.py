"""Rulebooks and facts files from disk, refused in a line with the place; what is only strange is told beside the answer."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NoReturn

import typer

from app.marks.rules import MarkStage
from app.rulebooks import shipped
from app.rulebooks.language.compile import Place, Rulebook
from app.rulebooks.language.ground import POINT, Faulty
from app.rulebooks.language.load import loaded
from app.rulebooks.language.needs import needs
from app.rulebooks.language.schema import Item
from app.rulebooks.language.text import line_of, of_text
from app.scoring import explain
from app.scoring.facts_file import FactsFile, UnitFacts, read
from app.scoring.facts_read import lies_within
from app.web.texts import Language, say


def text_of(path: Path, language: Language) -> str:
    """Of a file, or of a shipped rulebook by its name."""
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else shipped.text(str(path))
    except FileNotFoundError:
        _refuse(f"{path}: {say(language, 'reasons', 'no-such-rulebook', names=', '.join(shipped.names()))}")
    except UnicodeDecodeError:
        _refuse(f"{path.name}: {say(language, 'reasons', 'not-utf8')}")


def rulebook(path: Path, language: Language) -> Rulebook:
    try:
        return loaded(text_of(path, language))[1]
    except Faulty as fault:
        _refuse(_at(path, fault, language))


def facts(path: Path, until: str | None, language: Language) -> FactsFile:
    try:
        file = of_text(text_of(path, language), read)
    except Faulty as fault:
        _refuse(_at(path, fault, language))
    try:
        return file if until is None else file.up_to(date.fromisoformat(until))
    except ValueError:
        _refuse(f"--until: {say(language, 'faults', 'wrong-date')}")


def tell_strange(book: Rulebook, path: Path, file: FactsFile, language: Language) -> None:
    """What this rulebook has no place for. Another version of it may: it is told, not refused."""
    text = text_of(path, language)
    for number, unit in enumerate(file.units):
        outside = _outside(file, unit) if file.until is None else ()
        for strange in (*_marks(book, unit), *_waivers(book, unit), *_unasked(book, unit), *outside):
            strange.path = f"units/{number}/{strange.path}"
            strange.line = line_of(text, strange.path)
            typer.echo(f"thidua: {_at(path, strange, language)}", err=True)


def _marks(book: Rulebook, unit: UnitFacts) -> Iterator[Faulty]:
    for number, mark in enumerate(unit.marks):
        place, at = book.places.get("" if mark.node == "total" else mark.node), f"marks/{number}"
        if place is None:
            yield Faulty(f"{at}/node", "no-such-node", code=mark.node)
        elif mark.stage is not MarkStage.CLAIMED and not _holds(place, int(mark.points * POINT)):
            yield Faulty(f"{at}/points", "out-of-range", least=explain.points(place.least) or "–", most=explain.points(place.most) or "–")


def _holds(place: Place, points: int) -> bool:
    return (place.most is None or points <= place.most) and (place.least is None or points >= place.least)


def _waivers(book: Rulebook, unit: UnitFacts) -> Iterator[Faulty]:
    for number, waiver in enumerate(unit.waivers):
        place = book.places.get(waiver.node)
        if place is None or not isinstance(place.node, Item) or not place.node.waivable:
            yield Faulty(f"waivers/{number}/node", "no-such-node" if place is None else "not-waivable", code=waiver.node)


def _unasked(book: Rulebook, unit: UnitFacts, root: str = "") -> Iterator[Faulty]:
    """A kind of event that is misspelt counts nothing, and nothing else would say so."""
    asked = needs(book)
    for number, event in enumerate(unit.events):
        if event.event not in asked.events:
            yield Faulty(f"{root}events/{number}/event", "not-asked", name=event.event)
    for number, result in enumerate(unit.results):
        at, name = f"{root}results/{number}", result.assessment
        if name not in asked.assessments:
            yield Faulty(f"{at}/assessment", "not-asked", name=name)
        elif result.grade is None and name not in asked.numbers:
            yield Faulty(at, "needs-grade", name=name)
        elif result.number is None and name not in asked.grades:
            yield Faulty(at, "needs-number", name=name)
    for number, child in enumerate(unit.children):
        yield from _unasked(book, child, f"{root}children/{number}/")


def _outside(file: FactsFile, unit: UnitFacts, root: str = "") -> Iterator[Faulty]:
    for number, one in enumerate(unit.figures):
        if not lies_within(one, file.indicators[one.indicator]):
            yield Faulty(f"{root}figures/{number}/period", "outside-its-window", name=one.indicator, period=one.period)
    for number, child in enumerate(unit.children):
        yield from _outside(file, child, f"{root}children/{number}/")


def _at(path: Path, fault: Faulty, language: Language) -> str:
    return f"{path.name}{'' if fault.line is None else f':{fault.line}'}: {_said(fault, language)}"


def _said(fault: Faulty, language: Language) -> str:
    return f"{fault.path}: {say(language, 'faults', fault.fault, **fault.values)}"


def _refuse(why: str) -> NoReturn:
    typer.echo(f"thidua: {why}", err=True)
    raise typer.Exit(2)
