"""What is recorded beside marks: occurrences that are waived, and results of other assessments."""

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.errors import NotAllowed, Problem, Stale
from app.marks import queries
from app.marks.models import Result, Waiver
from app.marks.schemas import ResultIn
from app.policy import Action, Actor
from app.rulebooks.language.schema import Item
from app.tables import add


class NotWaivable(Problem):
    """The rulebook says of no occurrence of this node that it may be waived."""

    status, slug = 409, "not-waivable"


def waive(
    session: Session,
    actor: Actor,
    *,
    movement: str,
    unit: str,
    node: str,
    expected: int,
    occurrences: int | None,
    document: str,
    reason: str,
) -> Waiver:
    """Miễn trừ: a new version of what is waived of an item; all of it (None), so many, or nothing any more (0)."""
    actor.require_everywhere(Action.WAIVER_GRANT)
    item = queries.open_node(queries.open_rulebook(session, movement, unit), node).node
    if actor.belongs_to(unit):
        raise NotAllowed
    if not isinstance(item, Item) or not item.waivable:
        raise NotWaivable
    if queries.waiver_version(session, movement, unit, node) != expected:
        raise Stale
    commitment = audit.keep_text(session, reason)
    content = {"node": node, "occurrences": occurrences, "document": document, "reason": commitment}
    entry_id = audit.record(session, actor, "waiver.granted", Subject("sheet", f"{movement}/{unit}"), [unit_scope(unit)], content)
    row = Waiver(
        movement_code=movement,
        unit_code=unit,
        node_code=node,
        version=expected + 1,
        occurrences=occurrences,
        document=document,
        reason_commitment=commitment,
        entry_id=entry_id,
    )
    return add(session, row)


def record_result(session: Session, actor: Actor, *, movement: str, unit: str, assessment: str, expected: int, fields: ResultIn) -> Result:
    """Ghi kết quả của một đánh giá khác; neither number nor grade takes it back."""
    actor.require_everywhere(Action.RESULT_RECORD)
    queries.open_registration(session, movement, unit)
    if queries.result_version(session, movement, unit, assessment) != expected:
        raise Stale
    content = {"assessment": assessment, **fields.model_dump(mode="json")}
    entry_id = audit.record(session, actor, "result.recorded", Subject("sheet", f"{movement}/{unit}"), [unit_scope(unit)], content)
    row = Result(
        movement_code=movement,
        unit_code=unit,
        assessment_code=assessment,
        version=expected + 1,
        number=fields.number,
        grade=fields.grade,
        document=fields.document,
        is_synthetic=fields.synthetic,
        entry_id=entry_id,
    )
    return add(session, row)
