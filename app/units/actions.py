from typing import Any

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import EVERYTHING, Subject
from app.calendar.rules import DAY
from app.errors import CodeTaken, Invalid, NotFound, Problem, Stale
from app.policy import Action, Actor
from app.tables import add, add_all
from app.units import queries
from app.units.models import Unit, UnitSuccession, UnitVersion
from app.units.rules import SuccessionKind, fold, is_open, order_key
from app.units.schemas import ReorganisationIn, UnitFields


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


def reorganise(session: Session, actor: Actor, *, sent: ReorganisationIn) -> list[UnitSuccession]:
    """Sáp nhập, chia, tách: closes, opens and links the units in one act. Their tasks, targets and registrations are passed on by acts of
    their own.
    """
    actor.require_everywhere(Action.UNIT_MANAGE)
    old, new = sent.units, [one.code for one in sent.into]
    _check_shape(sent)
    for place, one in enumerate(sent.into):
        if session.get(Unit, one.code) is None:
            if one.name is None or one.kind is None:
                raise Invalid(f"#/into/{place}/{'name' if one.name is None else 'kind'}", "missing")
            fields = UnitFields(name=one.name, kind=one.kind, parent=one.parent, opens_on=sent.on, synthetic=one.synthetic)
            establish(session, actor, code=one.code, fields=fields)
    for place, code in enumerate(old):
        try:
            known = queries.open_unit(session, actor, code, lock=True)
        except NotFound:
            raise Invalid(f"#/units/{place}", "no-such-unit") from None
        if not is_open(known.opens_on, known.closes_on, sent.on - DAY):
            raise Invalid(f"#/units/{place}", "unit-not-open")
        if code not in new:
            closed = queries.fields(known).model_copy(update={"closes_on": sent.on})
            amend(session, actor, code=code, expected=known.version, fields=closed)
    subject = Subject("unit", new[0])
    entry_id = audit.record(session, actor, f"unit.{sent.kind.value}", subject, [EVERYTHING], sent.model_dump(mode="json"))
    linked: dict[str, Any] = {"kind": sent.kind, "on": sent.on, "source": sent.source, "entry_id": entry_id}
    rows = [UnitSuccession(from_code=one, to_code=other, **linked) for one in old for other in new if one != other]
    add_all(session, rows, {"pk_unit_succession": AlreadySucceeded()})
    return rows


class AlreadySucceeded(Problem):
    """One of these units stands for another of them already."""

    status, slug = 409, "already-succeeded"


def _check_shape(sent: ReorganisationIn) -> None:
    """Into one other unit, or out of one."""
    new = [one.code for one in sent.into]
    for name, codes in (("units", sent.units), ("into", new)):
        if len(set(codes)) != len(codes):
            raise Invalid(f"#/{name}", "named-twice")
    if sent.kind is SuccessionKind.MERGED and len(new) != 1:
        raise Invalid("#/into", "into-one")
    if sent.kind is SuccessionKind.SPLIT and len(sent.units) != 1:
        raise Invalid("#/units", "out-of-one")
    if sent.units == new or (sent.kind is SuccessionKind.SPLIT and len(new) < 2):  # noqa: PLR2004 - a split makes two of one
        raise Invalid("#/into", "into-another")


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
