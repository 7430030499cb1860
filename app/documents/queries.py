"""The rows of a table as the reader sees it, in the columns in which it is imported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from app import clock
from app.audit.queries import instant_of, texts
from app.calendar.queries import calendar
from app.documents.columns import COLUMNS, Column, Reads
from app.documents.feed import Entry
from app.documents.lines import Names, folded, title, word
from app.documents.rules import FigureKind, TableKind
from app.documents.workbook import Heading
from app.errors import Invalid, NotFound
from app.followup.queries import parts, within_reach
from app.followup.rules import UNDONE
from app.indicators.queries import targets, versions
from app.movements.queries import milestones, shown_table
from app.nominations.queries import may_see, standing
from app.plans.queries import open_plan
from app.policy import Action, Actor
from app.progress.queries import Asked, Seen, evidence_of, superseded, table
from app.schemes.queries import newest as newest_scheme
from app.schemes.queries import read as read_scheme
from app.schemes.rules import RecipientKind
from app.tasks.phrases import Context
from app.tasks.queries import beside
from app.units.queries import all_units
from app.units.rules import spelt
from app.web.texts import Language, catalogue, say


def names(session: Session, plan: str | None, movement: str | None = None) -> Names:
    """Dates without a year, and periods without one, are of the plan's."""
    year = clock.today(session).year if plan is None else open_plan(session, plan).year
    indicators = {} if plan is None else {code: row.name for code, row in versions(session, plan).items()}
    context = Context(date(year, 1, 1), calendar(session))
    return Names(folded(_unit_names(session)), folded(indicators), context, folded(_award_names(session, movement)))


def _award_names(session: Session, movement: str | None) -> dict[str, str]:
    """Of the awards for individuals."""
    row = None if movement is None else newest_scheme(session, movement)
    scheme = None if row is None else read_scheme(row)
    return {} if scheme is None else {one.code: one.name for one in scheme.awards if one.recipient is RecipientKind.INDIVIDUAL}


def _unit_names(session: Session) -> dict[str, str]:
    return {code: row.name for code, row in all_units(session).items()}


def headings(session: Session, kind: TableKind, plan: str | None, language: Language, movement: str | None = None) -> list[Heading]:
    found = []
    for column in COLUMNS[kind]:
        note = (
            say(language, "workbooks", "required", note=_note(language, column.reads))
            if column.is_required
            else _note(language, column.reads)
        )
        choices: list[str] = []
        if column.choices is not None:
            choices = [word(language, column.choices, member) for member in column.choices]
        elif column.reads is Reads.UNIT:
            choices = sorted(_unit_names(session).values())
        elif column.reads is Reads.INDICATOR and plan is not None:
            choices = [row.name for row in versions(session, plan).values()]
        elif column.reads is Reads.AWARD:
            choices = list(_award_names(session, movement).values())
        found.append(Heading(title(language, kind, column.field), note.strip(), column.width, choices))
    return found


def _note(language: Language, reads: Reads) -> str:
    said: str = catalogue(language)["workbooks"]["notes"][reads]
    return said


def check_where(kind: TableKind, plan: str | None, movement: str | None) -> None:
    """`Invalid` unless it is said of which plan, or movement, the table is."""
    if kind is TableKind.NOMINEES and movement is None:
        raise Invalid("query:movement", "missing")
    if kind not in {TableKind.UNITS, TableKind.NOMINEES} and plan is None:
        raise Invalid("query:plan", "missing")


@dataclass(frozen=True)
class Filled:
    rows: list[list[Any]]
    is_synthetic: bool
    """Some line is."""


EMPTY = Filled([], is_synthetic=False)


def filled(session: Session, actor: Actor, kind: TableKind, plan: str | None, language: Language, movement: str | None = None) -> Filled:
    """In order of the table's key. What lies outside the reader's reach is not there."""
    actor.require(Action.FACT_READ)
    check_where(kind, plan, movement)
    named = {code: name for name, code in _first_names(_unit_names(session)).items()}
    indicators = {} if plan is None else {code: row.name for code, row in versions(session, plan).items()}
    named_by = {Reads.UNIT: named, Reads.INDICATOR: indicators, Reads.AWARD: _award_names(session, movement)}
    lines = list(_LINES[kind](session, actor, movement if kind is TableKind.NOMINEES else plan))
    cells = [[_cell(line.get(column.field), column, named_by, language) for column in COLUMNS[kind]] for line in lines]
    return Filled(cells, any(line["is_synthetic"] for line in lines))


def _first_names(units: dict[str, str]) -> dict[str, str]:
    """Names that name one unit, however they are spelt."""
    known = folded(units)
    return {name: code for code, name in units.items() if known.get(spelt(name)) == code}


def _cell(value: Any, column: Column, named_by: Mapping[Reads, Mapping[str, str]], language: Language) -> Any:
    if value is None:
        return None
    if column.choices is not None:
        return word(language, column.choices, column.choices(value))
    if column.reads is Reads.UNITS:
        return "; ".join(named_by[Reads.UNIT].get(code, code) for code in value) or None
    return named_by.get(column.reads, {}).get(value, value)


def _units(session: Session, *_: Any) -> Iterator[dict[str, Any]]:
    for code, row in sorted(all_units(session).items()):
        yield {**row.model_dump(), "code": code, "parent": row.parent_code}


def _targets(session: Session, actor: Actor, plan: str) -> Iterator[dict[str, Any]]:
    found = targets(session, plan, units=actor.units_for(Action.FACT_READ))
    for row in sorted(found, key=lambda row: (row.indicator_code, row.unit_code, row.kind)):
        yield {**row._asdict(), "indicator": row.indicator_code, "unit": row.unit_code}


def _tasks(session: Session, actor: Actor, plan: str) -> Iterator[dict[str, Any]]:
    known = {task.task_code: (task, helping) for task, helping in within_reach(session, actor, plan, None)}
    rows_of = beside(session, [task for task, _ in known.values()]).tasks
    for code, (task, helping) in sorted(known.items()):
        row = rows_of[code]
        yield {
            **task.model_dump(),
            "code": code,
            "lead": task.lead_code,
            "coordinators": helping,
            "appraiser": task.appraiser_code,
            "document": row.document_code,
            "point": row.point,
        }


def _reports(session: Session, actor: Actor, plan: str) -> Iterator[dict[str, Any]]:
    """Of each subject the newest that waits or was accepted."""
    seen = [one for one in _all_reports(session, actor, plan) if one[0].indicator_code and (one[1] is None or one[1].outcome == "accepted")]
    ids = [row.id for row, _ in seen]
    old, evidence, notes = superseded(session, ids), evidence_of(session, ids), texts(session, [row.note_commitment for row, _ in seen])
    for row, decision in sorted(seen, key=lambda one: (one[0].indicator_code or "", one[0].unit_code, one[0].period_code or "")):
        if row.id not in old:
            cited = evidence.get(row.id, [])
            told = cited[0].model_dump() if cited else {}
            subject: dict[str, Any] = {"indicator": row.indicator_code, "unit": row.unit_code, "period": row.period_code}
            subject["figure"] = row.figure if decision is None or decision.figure is None else decision.figure
            basis = FigureKind.ESTIMATE if row.is_estimate else FigureKind.OUTTURN
            yield {**told, **subject, "estimate": basis, "note": notes.get(row.note_commitment), "is_synthetic": row.is_synthetic}


def _all_reports(session: Session, actor: Actor, plan: str) -> Iterator[Seen]:
    after, size = None, 500
    while True:
        found = table(session, actor, Asked(plan), after, size)
        yield from found[:size]
        if len(found) <= size:
            return
        after = found[size - 1][0].id


def _nominees(session: Session, actor: Actor, movement: str) -> Iterator[dict[str, Any]]:
    """Individuals whose dossier was not withdrawn, as the reader may see them."""
    seen = [one for one in standing(session, movement) if one.row.collective_code is None and may_see(actor, one.row.unit_code)]
    said = texts(session, [text for one in seen for text in (one.row.name_commitment, one.row.post_commitment, one.dossier.achievements)])
    for one in seen:
        told = {"name": one.row.name_commitment, "post": one.row.post_commitment, "achievements": one.dossier.achievements}
        plain = {"unit": one.row.unit_code, "award": one.row.award_code, "is_synthetic": one.row.is_synthetic}
        yield plain | {name: said.get(text) for name, text in told.items()}


_LINES: dict[TableKind, Any] = {
    TableKind.UNITS: _units,
    TableKind.TARGETS: _targets,
    TableKind.TASKS: _tasks,
    TableKind.REPORTS: _reports,
    TableKind.NOMINEES: _nominees,
}


def deadlines(session: Session, actor: Actor, plan: str, unit: str, base: str) -> Iterator[Entry]:
    """What the unit has to do and has not done, by its deadline, and the milestones of the plan's movements; for those within reach."""
    open_plan(session, plan)
    if not actor.may(Action.FACT_READ, unit):
        raise NotFound
    for part in parts(session, actor, plan):
        if part.unit == unit and part.due_on is not None and part.progress in UNDONE:
            task = part.task
            url = f"{base}/t/{plan}/{task.task_code}"
            yield Entry(f"task/{plan}/{task.task_code}", " ".join(task.title.split()), part.due_on, part.begun_at, url)
    working = calendar(session)
    for seen in shown_table(session, actor):
        if seen.movement.plan_code == plan:
            for row in milestones(session, seen.movement.code):
                known_at = instant_of(session, row.entry_id)
                yield Entry(f"milestone/{row.movement_code}/{row.code}", row.name, working.rolled(row.due_on, row.roll), known_at)
