from decimal import Decimal

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.errors import Invalid, NotAllowed, NotFound, Problem, Stale
from app.marks import queries
from app.marks.models import Mark, Result, Waiver
from app.marks.rules import MAY, MarkStage, appraiser_of
from app.marks.schemas import ResultIn
from app.movements.models import Registration
from app.movements.queries import newest, registrations
from app.policy import Action, Actor
from app.rulebooks.language.compile import POINT, Place, Rulebook
from app.rulebooks.language.schema import Item
from app.rulebooks.queries import in_force
from app.tables import add
from app.web.numbers import plain


class NobodyAppraises(Problem):
    """The rulebook names no unit that may appraise this node of this unit's sheet."""

    status, slug = 409, "nobody-appraises"


class NotWaivable(Problem):
    """The rulebook says of no occurrence of this node that it may be waived."""

    status, slug = 409, "not-waivable"


def put(
    session: Session,
    actor: Actor,
    *,
    movement: str,
    unit: str,
    node: str,
    stage: MarkStage,
    expected: int,
    points: Decimal | None,
    reason: str | None,
) -> Mark:
    """Chấm điểm. A new version of one mark, or its withdrawal; `expected` is the version that was read, 0 for none."""
    actor.require(MAY[stage])
    marked = _node_of(_rulebook(session, movement, unit), node)
    by_unit = _for_whom(actor, unit, stage, marked)
    if stage is not MarkStage.CLAIMED:
        if reason is None:
            raise Invalid("#/reason", "missing")
        _check_range(marked, points)
    if queries.version_of(session, (movement, unit, node, stage)) != expected:
        raise Stale
    commitment, scaled = audit.keep_text(session, reason), None if points is None else int(points * POINT)
    content = {"node": node, "stage": stage, "points": scaled, "by_unit": by_unit, "reason": commitment}
    entry_id = audit.record(session, actor, "mark.put", Subject("sheet", f"{movement}/{unit}"), [unit_scope(unit)], content)
    row = Mark(
        movement_code=movement,
        unit_code=unit,
        node_code=node,
        stage=stage,
        version=expected + 1,
        points=scaled,
        by_unit_code=by_unit,
        reason_commitment=commitment,
        entry_id=entry_id,
    )
    return add(session, row)


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
    item = _node_of(_rulebook(session, movement, unit), node).node
    if any(grant.unit == unit for grant in actor.grants):
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
    _registration(session, movement, unit)
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


def _registration(session: Session, movement: str, unit: str) -> Registration:
    newest(session, movement)
    found = registrations(session, movement).get(unit)
    if found is None:
        raise NotFound
    return found


def _rulebook(session: Session, movement: str, unit: str) -> Rulebook:
    registration = _registration(session, movement, unit)
    found = in_force(session, movement, [registration.cluster_code], clock.today(session)).get(registration.cluster_code)
    if found is None:
        raise NotFound
    return found


def _node_of(rulebook: Rulebook, code: str) -> Place:
    if code not in rulebook.places:
        raise NotFound
    return rulebook.places[code]


def _for_whom(actor: Actor, unit: str, stage: MarkStage, node: Place) -> str | None:
    """The unit in whose name the mark is put: refused unless the actor may act for it."""
    if stage is MarkStage.CLAIMED:
        if not actor.may(Action.MARK_CLAIM, unit):
            raise NotFound if not actor.may(Action.FACT_READ, unit) else NotAllowed
        return unit
    if stage is not MarkStage.APPRAISED:
        actor.require_everywhere(MAY[stage])
        return None
    appraiser = appraiser_of(unit, node.appraiser, node.alternate)
    if appraiser is None:
        raise NobodyAppraises
    actor.require(Action.MARK_APPRAISE, appraiser)
    if actor.may(Action.MARK_CLAIM, unit):
        raise NotAllowed
    return appraiser


def _check_range(node: Place, points: Decimal | None) -> None:
    """What is claimed may be anything; what others put keeps within what the node can give."""
    if points is None:
        return
    if node.most is not None and points * POINT > node.most:
        raise Invalid("#/points", "too-large", limit=plain(node.most, POINT))
    if node.least is not None and points * POINT < node.least:
        raise Invalid("#/points", "too-small", limit=plain(node.least, POINT))
