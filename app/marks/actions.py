from decimal import Decimal

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.errors import Invalid, NotAllowed, NotFound, Problem, Stale
from app.marks import queries
from app.marks.models import Mark
from app.marks.rules import MAY, MarkStage, appraiser_of
from app.movements.queries import newest, registrations
from app.policy import Action, Actor
from app.rulebooks.language.compile import POINT, Place, Rulebook
from app.rulebooks.queries import in_force
from app.tables import add
from app.web.numbers import plain


class NobodyAppraises(Problem):
    """The rulebook names no unit that may appraise this node of this unit's sheet."""

    status, slug = 409, "nobody-appraises"


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


def _rulebook(session: Session, movement: str, unit: str) -> Rulebook:
    newest(session, movement)
    registration = registrations(session, movement).get(unit)
    if registration is None:
        raise NotFound
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
