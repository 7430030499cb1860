"""Lines of a workbook become what the API's own actions make of them; what stands already is left alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from app.documents.lines import Line
from app.documents.rules import LineState, TableKind
from app.documents.schemas import TargetLine
from app.errors import Problem
from app.followup import actions as followup
from app.indicators import actions as indicators
from app.indicators.queries import targets
from app.policy import Actor
from app.progress import actions as progress
from app.progress.schemas import SubmissionIn
from app.progress.taken import Taken, figures
from app.tables import canonical
from app.tasks import actions as tasks
from app.tasks import queries as task_rows
from app.tasks.schemas import TaskFields, TaskIn
from app.units import actions as units
from app.units.queries import all_units
from app.units.schemas import UnitFields, UnitIn


@dataclass
class Outcome:
    line: Line
    state: LineState | None = None
    before: dict[str, Any] | None = None
    refused: Problem | None = None
    malformed: ValidationError | None = None
    body: dict[str, Any] = field(default_factory=dict)


def put_in(session: Session, actor: Actor, *, kind: TableKind, plan: str, lines: list[Line], synthetic: bool) -> list[Outcome]:
    """Nhập bảng: each good line, in order. Whoever calls undoes it all when one was refused, or when it was only tried."""
    outcomes = [Outcome(line, body=_body(kind, plan, line, synthetic=synthetic)) for line in lines]
    ready = []
    for outcome in outcomes:
        if outcome.line.wrong:
            continue
        try:
            ready.append((outcome, _SCHEMAS[kind].model_validate(outcome.body)))
        except ValidationError as error:
            outcome.malformed = error
    if kind is TableKind.REPORTS:
        _reports(session, actor, plan, ready)
    else:
        for outcome, deed in _deeds(session, actor, kind, plan, ready):
            try:
                with session.begin_nested():
                    deed()
            except Problem as refusal:
                outcome.refused = refusal
    return outcomes


_SCHEMAS: dict[TableKind, type[BaseModel]] = {
    TableKind.UNITS: UnitIn,
    TableKind.TARGETS: TargetLine,
    TableKind.TASKS: TaskIn,
    TableKind.REPORTS: SubmissionIn,
}
_EVIDENCE = ("document_number", "document_date", "issuer")


def _body(kind: TableKind, plan: str, line: Line, *, synthetic: bool) -> dict[str, Any]:
    body = {**line.body, "synthetic": synthetic}
    if kind is TableKind.REPORTS:
        cited = {name: body.pop(name) for name in _EVIDENCE if name in body}
        body |= {"plan": plan, "evidence": [cited] if cited else []}
    return body


Ready = list[tuple[Outcome, Any]]
Deed = tuple[Outcome, Callable[[], Any]]


def _reports(session: Session, actor: Actor, plan: str, ready: Ready) -> None:
    """The figure that waits or was accepted last is not reported again."""
    known = {(unit, indicator, period): Decimal(str(figure)) for _, unit, indicator, period, figure, *_ in figures(session, Taken(plan))}
    sent = []
    for outcome, claim in ready:
        before = known.get((claim.unit, claim.indicator, claim.period))
        _compare(outcome, {"figure": claim.figure}, None if before is None else {"figure": before})
        if outcome.state is not LineState.SAME:
            sent.append((outcome, claim))
    made = progress.submit_each(session, actor, claims=[claim for _, claim in sent])
    for (outcome, _), one in zip(sent, made, strict=True):
        if isinstance(one, Problem):
            outcome.refused = one


def _deeds(session: Session, actor: Actor, kind: TableKind, plan: str, ready: Ready) -> Iterator[Deed]:
    """What is to be done for each line that is new or changed."""
    wanted = {TableKind.UNITS: _units, TableKind.TARGETS: _targets, TableKind.TASKS: _tasks}[kind]
    for outcome, deed in wanted(session, actor, plan, ready):
        if outcome.state is not LineState.SAME:
            yield outcome, deed


def _units(session: Session, actor: Actor, _: str, ready: Ready) -> Iterator[Deed]:
    known = all_units(session)
    for outcome, sent in ready:
        fields, row = UnitFields(**sent.model_dump(exclude={"code"})), known.get(sent.code)
        if row is None:
            _compare(outcome, {}, None)
            yield outcome, partial(units.establish, session, actor, code=sent.code, fields=fields)
            continue
        _compare(outcome, fields.model_dump(exclude={"synthetic"}), row.model_dump() | {"parent": row.parent_code})
        yield outcome, partial(units.amend, session, actor, code=row.unit_code, expected=row.version, fields=fields)


def _targets(session: Session, actor: Actor, plan: str, ready: Ready) -> Iterator[Deed]:
    known = {(row.indicator_code, row.unit_code, row.kind): row for row in targets(session, plan)}
    for outcome, sent in ready:
        row = known.get((sent.indicator, sent.unit, sent.kind))
        fields = {name: getattr(sent, name) for name in ("source", "figure", "last_year")}
        _compare(outcome, fields, None if row is None else {name: getattr(row, name) for name in fields})
        told = {**fields, "unit": sent.unit, "kind": sent.kind, "synthetic": sent.synthetic}
        yield outcome, partial(indicators.assign_target, session, actor, plan=plan, code=sent.indicator, **told)


def _tasks(session: Session, actor: Actor, plan: str, ready: Ready) -> Iterator[Deed]:
    known = task_rows.versions(session, plan)
    for outcome, sent in ready:
        row = known.get(sent.code)
        if row is None:
            _compare(outcome, {}, None)
            yield outcome, partial(tasks.assign, session, actor, plan=plan, sent=[sent])
            continue
        before = task_rows.fields(session, row)
        told = sent.model_dump(include=outcome.line.body.keys() & TaskFields.model_fields.keys())
        fields = TaskFields(**before.model_dump() | told)
        _compare(outcome, fields.model_dump(), before.model_dump())
        yield outcome, partial(followup.amend, session, actor, plan=plan, code=row.task_code, expected=row.version, fields=fields)


def _compare(outcome: Outcome, after: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    """New, or changed with what differs, or the same."""
    if before is None:
        outcome.state = LineState.NEW
        return
    differs = {name: _plain(before.get(name)) for name, value in after.items() if before.get(name) != value}
    outcome.state, outcome.before = (LineState.CHANGED, differs) if differs else (LineState.SAME, None)


def _plain(value: Any) -> Any:
    return canonical(value) if isinstance(value, Decimal) else value
