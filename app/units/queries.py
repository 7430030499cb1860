from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app import clock
from app.audit.queries import known_at
from app.errors import Invalid, NotFound
from app.policy import Action, Actor
from app.units.models import Unit, UnitSuccession, UnitVersion
from app.units.rules import fold, is_open
from app.units.schemas import UnitFields


def _present() -> Any:
    later = aliased(UnitVersion)
    newer = sa.exists().where(col(later.unit_code) == UnitVersion.unit_code, col(later.version) > UnitVersion.version)
    return select(UnitVersion).where(~newer)


_PRESENT = _present()
"""Made once: nearly every write asks it."""


def _newest(seq: int | None = None) -> Any:
    """Each unit's newest version, as known at a trail position."""
    if seq is None:
        return _PRESENT
    known = known_at(sa.select(col(UnitVersion.unit_code), sa.func.max(UnitVersion.version).label("version")), UnitVersion.entry_id, seq)
    latest = known.group_by(UnitVersion.unit_code).subquery()
    return select(UnitVersion).join(latest, (latest.c.unit_code == UnitVersion.unit_code) & (latest.c.version == UnitVersion.version))


def all_units(session: Session, seq: int | None = None) -> dict[str, UnitVersion]:
    """Every unit by code; for engines, not for answers."""
    found: Sequence[UnitVersion] = session.exec(_newest(seq)).all()
    return {row.unit_code: row for row in found}


def table(
    session: Session,
    actor: Actor,
    *,
    search: str | None,
    kind: str | None,
    parent: str | None,
    after: list[str] | None,
    limit: int,
) -> Sequence[UnitVersion]:
    """Units in Vietnamese order, one more than `limit`. Names and codes of units are open to whoever is signed in."""
    actor.require(Action.FACT_READ)
    asked = _newest()
    if search:
        asked = asked.where(col(UnitVersion.folded).contains(fold(search), autoescape=True))
    if kind:
        asked = asked.where(UnitVersion.kind == kind)
    if parent:
        asked = asked.where(UnitVersion.parent_code == parent)
    if after:
        asked = asked.where(sa.tuple_(UnitVersion.order_key, UnitVersion.unit_code) > sa.tuple_(*after))
    found: Sequence[UnitVersion] = session.exec(asked.order_by(UnitVersion.order_key, UnitVersion.unit_code).limit(limit + 1)).all()
    return found


def open_unit(session: Session, actor: Actor, code: str, *, lock: bool = False) -> UnitVersion:
    """The unit as it stands, or `NotFound`; locked for whoever changes it."""
    actor.require(Action.FACT_READ)
    if lock:
        session.exec(select(Unit.code).where(Unit.code == code).with_for_update()).one_or_none()
    return unit_as_it_stands(session, code)


def unit_as_it_stands(session: Session, code: str) -> UnitVersion:
    """For actions that have asked the policy already."""
    found: UnitVersion | None = session.exec(_newest().where(UnitVersion.unit_code == code)).one_or_none()
    if found is None:
        raise NotFound
    return found


def units_as_they_stand(session: Session, codes: Iterable[str]) -> dict[str, UnitVersion]:
    """Those of these that there are."""
    found: Sequence[UnitVersion] = session.exec(_newest().where(col(UnitVersion.unit_code).in_(sorted(codes)))).all()
    return {row.unit_code: row for row in found}


def lock_units(session: Session, codes: Iterable[str]) -> None:
    """Queue behind whoever reports for the same units: versions of a claim follow each other without gaps.

    Locked in order of code, so that two bulk reports never wait for each other; references to the units are not held up.
    """
    session.connection().execute(_LOCKING, {"codes": sorted(codes)}).all()


_UNITS = sa.inspect(Unit).local_table
_IN_ORDER = sa.select(_UNITS.c.code).order_by(_UNITS.c.code).with_for_update(key_share=True)
_LOCKING = _IN_ORDER.where(_UNITS.c.code.in_(sa.bindparam("codes", expanding=True)))


def lock_every_unit(session: Session) -> None:
    """Wait for all who report, and let them wait."""
    session.connection().execute(_IN_ORDER).all()


def check_known(session: Session, codes: Iterable[tuple[str, str | None]]) -> None:
    """For each (pointer, code): `Invalid` when there is no such unit. None is passed over."""
    for pointer, code in codes:
        if code is not None and session.get(Unit, code) is None:
            raise Invalid(pointer, "no-such-unit")


def check_active(session: Session, codes: Sequence[tuple[str, str]]) -> None:
    """The same, and `Invalid` where the unit does not work today: not yet, or no longer."""
    today = clock.today(session)
    known = units_as_they_stand(session, {code for _, code in codes})
    for pointer, code in codes:
        found = known.get(code)
        if found is None or not is_open(found.opens_on, found.closes_on, today):
            raise Invalid(pointer, "no-such-unit" if found is None else "unit-not-open")


def fields(row: UnitVersion) -> UnitFields:
    """A version as it would be sent, for the next one to start from."""
    return UnitFields(parent=row.parent_code, synthetic=row.is_synthetic, **row.model_dump(include=set(UnitFields.model_fields)))


def successions(session: Session) -> Sequence[UnitSuccession]:
    """Every one, by day."""
    return session.exec(select(UnitSuccession).order_by(sa.asc("on"), sa.asc("from_code"), sa.asc("to_code"))).all()


def is_successor(session: Session, unit: str, of: str) -> bool:
    return session.get(UnitSuccession, (of, unit)) is not None


def absorbed(session: Session) -> tuple[dict[str, set[str]], set[str]]:
    """By unit, those whose matters went to it alone, at last; and the units to which only a part of another's went."""
    today, heirs = clock.today(session), defaultdict[str, set[str]](set)
    for row in successions(session):
        if row.on <= today:
            heirs[row.from_code].add(row.to_code)
    found, parts = defaultdict[str, set[str]](set), set[str]()
    for unit in heirs:
        at, seen = unit, {unit}
        while len(heirs.get(at, ())) == 1 and not (heirs[at] & seen):
            (at,) = heirs[at]
            seen.add(at)
        parts |= heirs.get(at, set())
        if at not in heirs:
            found[at].add(unit)
    return found, parts


def heirs(session: Session) -> dict[str, str]:
    """To which unit alone the matters of each that is no more went, at last."""
    return {unit: at for at, units in absorbed(session)[0].items() for unit in units}


def formerly(session: Session, units: Collection[str]) -> frozenset[str]:
    """The units for which these stand today, and those for which those stood."""
    today, found, waiting = clock.today(session), set[str](), set(units)
    while waiting:
        asked = select(UnitSuccession.from_code).where(col(UnitSuccession.to_code).in_(waiting), UnitSuccession.on <= today)
        waiting = set(session.exec(asked).all()) - found
        found |= waiting
    return frozenset(found)


def undivided(carriers: Collection[str], there: Mapping[str, UnitVersion], day: date) -> set[str]:
    """Those of the units with a target on a day that no open unit directly below carries on: what both had would count twice."""
    there_then = (there[unit] for unit in carriers)
    return set(carriers) - {row.parent_code for row in there_then if is_open(row.opens_on, row.closes_on, day)}


def branch(session: Session, code: str) -> frozenset[str]:
    """A unit and all that stands below it."""
    children: dict[str | None, list[str]] = {}
    for row in all_units(session).values():
        children.setdefault(row.parent_code, []).append(row.unit_code)
    found, waiting = set(), [code]
    while waiting:
        found.add(at := waiting.pop())
        waiting.extend(child for child in children.get(at, []) if child not in found)
    return frozenset(found)
