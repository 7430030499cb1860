"""One unit's sheet with every reason in words."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.audit import queries as audit
from app.errors import NotAllowed, NotFound
from app.marks.queries import marks as mark_rows
from app.marks.queries import shown, stages_shown
from app.marks.schemas import MarkOut
from app.movements.queries import sight_of
from app.policy import Action, Actor
from app.rulebooks.language.compile import POINT, Place, Rulebook
from app.scoring import explain
from app.scoring.engine.ahead import next_steps
from app.scoring.engine.facts import STAGES, Facts, View
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Line, Sheet, Standing, Why, reasons
from app.scoring.facts_export import exported
from app.scoring.queries import Moment, Setting, marks, setting
from app.scoring.rows import facts
from app.scoring.schemas import LineOut, RatingOut, SheetOut, SourceOut, StateOut
from app.scoring.sources import sources
from app.web.numbers import plain
from app.web.texts import Language


@dataclass(frozen=True)
class Opened:
    setting: Setting
    rulebook: Rulebook
    sheet: Sheet
    position: int
    ahead: dict[str, Why]
    """What the next step of an item would be worth."""
    sees: Callable[[str], bool]
    """Reports and their evidence are seen by reach over their unit; a phase of visibility opens points and reasons only."""


def open_sheet(session: Session, actor: Actor, movement: str, unit: str, when: Moment, view: View) -> Opened:
    """`NotFound` where the reader may not see it, as where there is none; `NotAllowed` for a view that is not theirs."""
    of, rulebook = opened_for(session, actor, movement, unit, when, [view])
    held, marked = facts(session, of, [unit])[unit], marks(session, of, [unit]).get(unit, {})
    sheet = score(rulebook, of.calendar, held, marked, when.instant, view)
    ahead = next_steps(rulebook, of.calendar, held, when.instant, view)
    return Opened(of, rulebook, sheet, position_of(session, when), ahead, partial(actor.may, Action.FACT_READ))


def opened_for(session: Session, actor: Actor, movement: str, unit: str, when: Moment, views: Collection[View]) -> tuple[Setting, Rulebook]:
    """What a unit is scored by, if the reader may see it in these views."""
    actor.require(Action.FACT_READ)
    of = setting(session, movement, when)
    if unit not in of.registrations or not sight_of(session, actor, movement).sees(unit):
        raise NotFound
    reaches = actor.may(Action.FACT_READ, unit)
    if not all(_may_view(actor, view, reaches=reaches) for view in views):
        raise NotAllowed
    rulebook = of.rulebook_of(unit)
    if rulebook is None:
        raise NotFound
    return of, rulebook


def position_of(session: Session, when: Moment) -> int:
    return audit.position(session) if when.seq is None else when.seq


def facts_file(session: Session, actor: Actor, movement: str, unit: str, when: Moment) -> dict[str, Any]:
    """What the engine is told of a unit, for those whose reach covers it; the council's own marks for the council's roles."""
    of, _ = opened_for(session, actor, movement, unit, when, [View.CLAIMED])
    held, marked = facts(session, of, [unit], all_there_is=True)[unit], marks(session, of, [unit]).get(unit, {})
    if not all(actor.may(Action.FACT_READ, one.unit) for one in _below(held)):
        if of.needs.children:
            raise NotAllowed
        held.children = ()
    shown_stages = stages_shown(actor, unit)
    seen = {node: {stage: points for stage, points in stages.items() if stage in shown_stages} for node, stages in marked.items()}
    return exported(held, seen, of.calendar, when.instant, when.until)


def _below(of: Facts) -> Iterator[Facts]:
    for child in of.children:
        yield child
        yield from _below(child)


def _may_view(actor: Actor, view: View, *, reaches: bool) -> bool:
    """A phase of visibility opens what ranks and what was appraised; the council's own numbers are for the council's roles."""
    if view in {View.APPRAISED, View.DECIDED}:
        return True
    if view is View.COUNCIL_PROPOSED:
        return actor.may(Action.MOVEMENT_SEE_ALL)
    return reaches


def worded(session: Session, opened_sheet: Opened, language: Language) -> SheetOut:
    of, rulebook, sheet = opened_sheet.setting, opened_sheet.rulebook, opened_sheet.sheet
    document = rulebook.document
    ids, sees = {UUID(source) for line in sheet.lines for source in line.sources}, opened_sheet.sees
    cited = sources(session, ids, of.moment.seq, sees) if sees(sheet.unit) else {}
    put = _marks(session, of, sheet) if sees(sheet.unit) else {}
    unit = of.units[sheet.unit]
    ahead = {code: explain.sentences(reasons([why]), language) for code, why in opened_sheet.ahead.items()}
    lines = [_line(line, rulebook.places[line.code], cited, put, ahead.get(line.code), language) for line in sheet.lines]
    return SheetOut(
        movement=of.seen.movement.code,
        unit=sheet.unit,
        name=unit.name,
        cluster=of.registrations[sheet.unit].cluster_code,
        view=sheet.view,
        rulebook=rulebook.code,
        rulebook_version=rulebook.version,
        rulebook_digest=rulebook.digest,
        rulebook_synthetic=document.synthetic,
        total=plain(sheet.total, POINT),
        rating=_rating(sheet, language),
        states=[_state(one, rulebook, language) for one in sheet.states],
        maximum=explain.points(rulebook.places[""].most),
        lines=lines,
        position=opened_sheet.position,
        until=of.moment.until,
        valid_until=sheet.valid_until,
        synthetic=of.seen.movement.is_synthetic,
    )


def _rating(sheet: Sheet, language: Language) -> RatingOut | None:
    found = sheet.rated
    if found is None:
        return None
    return RatingOut(by_total=found.by_total, proposed=found.proposed, reason=explain.sentences(found.reasons, language) or None)


def _state(found: Standing, rulebook: Rulebook, language: Language) -> StateOut:
    gate = next(gate for gate in rulebook.document.gates if gate.code == found.gate)
    return StateOut(gate=gate.code, state=found.state, title=explain.title(gate.title, language), rule=gate.clause)


def _line(
    line: Line, place: Place, cited: dict[UUID, SourceOut], put: dict[str, MarkOut], ahead: str | None, language: Language
) -> LineOut:
    return LineOut(
        code=line.code,
        level=place.level,
        title=explain.title(place.node.title, language),
        points=plain(line.points, POINT),
        standard=explain.points(place.standard),
        maximum=explain.points(place.most),
        rule=place.node.clause,
        inputs={name: explain.shown(name, value, language) for reason in line.reasons for name, value in reason.values},
        reason=explain.sentences(line.reasons, language),
        next=ahead,
        sources=[cited[UUID(source)] for source in line.sources if UUID(source) in cited],
        mark=put.get(line.code),
        grade=line.grade,
        left_out=line.is_left_out,
    )


def _marks(session: Session, of: Setting, sheet: Sheet) -> dict[str, MarkOut]:
    """The mark that counts in this view, by node, with its author's unit and reason."""
    newest = {(row.node_code, row.stage): row for row in mark_rows(session, of.seen.movement.code, [sheet.unit], of.moment.seq)}
    found: dict[str, MarkOut] = {}
    for stage in reversed(STAGES[sheet.view]):
        found |= {node: shown(session, row) for (node, put), row in newest.items() if put == stage and row.points is not None}
    return found
