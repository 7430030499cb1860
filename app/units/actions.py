from typing import Any

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import EVERYTHING, Subject
from app.errors import CodeTaken, Invalid, Stale
from app.policy import Action, Actor
from app.tables import add
from app.units import queries
from app.units.models import Unit, UnitVersion
from app.units.rules import fold, order_key
from app.units.schemas import UnitFields


def establish(session: Session, actor: Actor, *, code: str, fields: UnitFields) -> UnitVersion:
    """Enter a unit for the first time."""
    actor.require_everywhere(Action.UNIT_MANAGE)
    queries.check_known(session, [("#/parent", fields.parent)])
    entry_id = audit.record(session, actor, "unit.established", Subject("unit", code), [EVERYTHING], _content(code, fields))
    add(session, Unit(code=code, entry_id=entry_id), {"pk_unit": CodeTaken("#/code")})
    return _insert(session, code, 1, fields, entry_id)


def amend(session: Session, actor: Actor, *, code: str, expected: int, fields: UnitFields) -> UnitVersion:
    """Replace what is said of a unit by a new version. Closing, renaming and moving are amendments."""
    known = queries.open_unit(session, actor, code, lock=True)
    actor.require(Action.UNIT_MANAGE, code)
    if known.version != expected:
        raise Stale
    queries.check_known(session, [("#/parent", fields.parent)])
    if fields.parent in queries.branch(session, code):
        raise Invalid("#/parent", "own-branch")
    entry_id = audit.record(session, actor, "unit.amended", Subject("unit", code), [EVERYTHING], _content(code, fields))
    return _insert(session, code, known.version + 1, fields, entry_id)


def _insert(session: Session, code: str, version: int, fields: UnitFields, entry_id: Any) -> UnitVersion:
    if fields.closes_on is not None and fields.closes_on <= fields.opens_on:
        raise Invalid("#/closes_on", "before-its-start")
    row = UnitVersion(
        unit_code=code,
        version=version,
        name=fields.name,
        folded=fold(fields.name),
        order_key=order_key(fields.name),
        kind=fields.kind,
        parent_code=fields.parent,
        opens_on=fields.opens_on,
        closes_on=fields.closes_on,
        official_identifier=fields.official_identifier,
        administrative_code=fields.administrative_code,
        is_synthetic=fields.synthetic,
        entry_id=entry_id,
    )
    return add(session, row)


def _content(code: str, fields: UnitFields) -> dict[str, Any]:
    return {"code": code, **fields.model_dump(mode="json")}
