"""Lines of a workbook become what the API's own actions make of them; what stands already is left alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from app.documents.lines import Line
from app.documents.rules import FigureKind, ImportStage, LineState, TableKind
from app.documents.schemas import TargetLine
from app.documents.underway import Tell
from app.errors import Invalid, Problem
from app.followup import actions as followup
from app.indicators import actions as indicators
from app.indicators.queries import targets
from app.nominations import actions as nominations
from app.nominations.checks import intake
from app.nominations.rules import person
from app.nominations.schemas import NominationIn
from app.policy import Action, Actor
from app.progress import actions as progress
from app.progress.queries import evidence_of
from app.progress.schemas import SubmissionIn
from app.progress.taken import Taken, estimates, figures, senders
from app.tables import canonical
from app.tasks import actions as tasks
from app.tasks import queries as task_rows
from app.tasks.schemas import TaskFields, TaskIn
from app.units import actions as units
from app.units.queries import all_units
from app.units.queries import fields as unit_fields
from app.units.schemas import UnitFields, UnitIn


@dataclass
class Outcome:
    line: Line
    state: LineState | None = None
    before: dict[str, Any] | None = None
    refused: Problem | None = None
    malformed: ValidationError | None = None
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """What was refused tells nothing of what stands."""
        return not self.line.wrong and self.refused is None and self.malformed is None


class Said(NamedTuple):
    """Of all lines of a sheet at once."""

    synthetic: bool
    confirmed: bool
    """Figures that are out of the ordinary are as they are."""


def put_in(session: Session, actor: Actor, *, kind: TableKind, plan: str, lines: list[Line], said: Said, tell: Tell) -> list[Outcome]:
    """Nhập bảng: each good line, in order. Whoever calls undoes it all when one was refused, or when it was only tried."""
    outcomes = [Outcome(line, body=_body(kind, plan, line, said)) for line in lines]
    ready = []
    for number, outcome in enumerate(outcomes):
        tell(ImportStage.CHECKING, number, len(outcomes))
        if outcome.line.wrong:
            continue
        try:
            ready.append((outcome, _SCHEMAS[kind].model_validate(outcome.body)))
        except ValidationError as error:
            outcome.malformed = error
    if kind is TableKind.REPORTS:
        _reports(session, actor, plan, ready, tell)
    else:
        for number, (outcome, deed) in enumerate(_deeds(session, actor, kind, plan, ready)):
            tell(ImportStage.RECORDING, number, len(ready))
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
    TableKind.NOMINEES: NominationIn,
}
_EVIDENCE = ("document_number", "document_date", "issuer")


def _body(kind: TableKind, plan: str, line: Line, said: Said) -> dict[str, Any]:
    body = {**line.body, "synthetic": said.synthetic}
    if kind is TableKind.TASKS and line.due_on is not None:
        body["due_on"] = line.due_on
    if kind is TableKind.REPORTS:
        cited = {name: body.pop(name) for name in _EVIDENCE if name in body}
        body |= {"plan": plan, "evidence": [cited] if cited else [], "confirmed": said.confirmed}
        body["estimate"] = body.get("estimate") == FigureKind.ESTIMATE
    if kind is TableKind.NOMINEES:
        achievements = body.pop("achievements", None)
        body["dossier"] = {} if achievements is None else {"achievements": achievements}
    return body


Ready = list[tuple[Outcome, Any]]
Deed = tuple[Outcome, Callable[[], Any]]


def _reports(session: Session, actor: Actor, plan: str, ready: Ready, tell: Tell) -> None:
    """The figure that waits or was accepted last is not reported again, unless with another document, or as what it was not."""
    known = {
        (unit, indicator, period): (str(identifier), Decimal(str(figure if instead is None else instead)))
        for identifier, unit, indicator, period, figure, _, instead, _ in _standing(session, actor, plan, ready)
    }
    guessed = set(map(str, estimates(session, plan)))
    mentioned = [known[key][0] for _, claim in ready if (key := (claim.unit, claim.indicator, claim.period)) in known]
    cited = evidence_of(session, [UUID(one) for one in mentioned])
    sent = []
    for outcome, claim in ready:
        identifier, before = known.get((claim.unit, claim.indicator, claim.period), (None, None))
        documents = {_document(one) for one in cited.get(UUID(identifier), [])} if identifier else set()
        new = [one for one in claim.evidence if _document(one) not in documents]
        stands = {"figure": before, "documents": 0, "estimate": identifier in guessed}
        after = {"figure": claim.figure, "documents": len(new)}
        after |= {"estimate": claim.estimate} if "estimate" in outcome.line.places else {}
        _compare(outcome, after, None if before is None else stands)
        if outcome.state is not LineState.SAME:
            sent.append((outcome, claim))
    each = partial(_tell_recorded, tell, len(sent))
    made = progress.submit_each(session, actor, claims=[claim for _, claim in sent], each=each)
    for (outcome, _), one in zip(sent, made, strict=True):
        if isinstance(one, Problem):
            outcome.refused = one


def _standing(session: Session, actor: Actor, plan: str, ready: Ready) -> list[Any]:
    """Of the figures of these units, those whose sending is the actor's: of its own units, and what it supplied for others."""
    units = {claim.unit for _, claim in ready}
    own = {unit for unit in units if actor.may(Action.PROGRESS_SUBMIT, unit)}
    by = senders(session, Taken(plan, units - own)) if units - own else {}
    rows = figures(session, Taken(plan, units))
    return [row for row in rows if row[1] in own or (row[0] in by and actor.may(Action.PROGRESS_SUBMIT, by[row[0]][1]))]


def _tell_recorded(tell: Tell, of: int, number: int) -> None:
    tell(ImportStage.RECORDING, number, of)


def _document(cited: Any) -> tuple[str, date, str]:
    return cited.document_number, cited.document_date, cited.issuer


def _deeds(session: Session, actor: Actor, kind: TableKind, plan: str, ready: Ready) -> Iterator[Deed]:
    """What is to be done for each line that is new or changed."""
    wanted = {TableKind.UNITS: _units, TableKind.TARGETS: _targets, TableKind.TASKS: _tasks, TableKind.NOMINEES: _nominees}[kind]
    for outcome, deed in wanted(session, actor, plan, ready):
        if outcome.state is not LineState.SAME:
            yield outcome, deed


def _units(session: Session, actor: Actor, _: str, ready: Ready) -> Iterator[Deed]:
    """A column that the sheet has not, and an empty cell, leave what stands."""
    known = all_units(session)
    for outcome, sent in ready:
        row = known.get(sent.code)
        if row is None:
            _compare(outcome, {}, None)
            yield outcome, partial(units.establish, session, actor, code=sent.code, fields=UnitFields(**sent.model_dump(exclude={"code"})))
            continue
        before = unit_fields(row)
        fields = before.model_copy(update={name: getattr(sent, name) for name in outcome.line.body if name != "code"})
        _compare(outcome, vars(fields), vars(before))
        yield outcome, partial(units.amend, session, actor, code=row.unit_code, expected=row.version, fields=fields)


def _targets(session: Session, actor: Actor, plan: str, ready: Ready) -> Iterator[Deed]:
    seen = [sent.unit for _, sent in ready if actor.may(Action.INDICATOR_ASSIGN, sent.unit)]
    known = {(row.indicator_code, row.unit_code, row.kind): row for row in targets(session, plan, units=seen)}
    for outcome, sent in ready:
        row = known.get((sent.indicator, sent.unit, sent.kind))
        fields = {name: getattr(sent, name) for name in ("source", "figure", *_LEFT_ALONE)}
        fields |= {name: getattr(row, name) for name in _LEFT_ALONE if row is not None and fields[name] is None}
        _compare(outcome, fields, None if row is None else {name: getattr(row, name) for name in fields})
        put = {**fields, "unit": sent.unit, "kind": sent.kind, "synthetic": sent.synthetic if row is None else row.is_synthetic}
        yield outcome, partial(indicators.assign_target, session, actor, plan=plan, code=sent.indicator, **put)


def _nominees(session: Session, actor: Actor, movement: str, ready: Ready) -> Iterator[Deed]:
    """Whoever the unit has nominated for this award already, by name and post however they are spelt, is not nominated again."""
    lines = list(ready)
    own = {sent.unit for _, sent in lines if actor.may(Action.NOMINATION_SEND, sent.unit)}
    under = intake(session, actor, movement, own)
    for outcome, sent in lines:
        is_known = person(sent.unit, sent.award, sent.name, sent.post) in under.persons
        _compare(outcome, {}, {} if is_known else None)
        yield outcome, partial(nominations.nominate, session, actor, under=under, sent=[sent])


_LEFT_ALONE = ("last_year", "reported_from")
"""Fields of a target of which a revision need say nothing."""


def _tasks(session: Session, actor: Actor, plan: str, ready: Ready) -> Iterator[Deed]:
    known = {code: row for code, row in task_rows.versions(session, plan).items() if actor.may(Action.TASK_ASSIGN, row.lead_code)}
    rows = task_rows.beside(session, [known[sent.code] for _, sent in ready if sent.code in known]).tasks
    for outcome, sent in ready:
        row = known.get(sent.code)
        if row is None:
            _compare(outcome, {}, None)
            yield outcome, partial(tasks.assign, session, actor, plan=plan, sent=[sent])
            continue
        for name, stands in (("document", rows[sent.code].document_code), ("point", rows[sent.code].point)):
            if name in outcome.line.body and getattr(sent, name) != stands:
                outcome.refused = Invalid(f"#/{name}", "set-when-assigned")
        before = task_rows.fields(session, row)
        changes = {name: getattr(sent, name) for name in outcome.line.body if name in TaskFields.model_fields}
        if "due_on" not in changes and sent.deadline_phrase not in {None, before.deadline_phrase}:
            changes["due_on"] = sent.due_on
        fields = before.model_copy(update=changes)
        _compare(outcome, vars(fields), vars(before))
        if outcome.refused is None:
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
