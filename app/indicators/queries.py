from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal, localcontext
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.audit.queries import ENTRIES, known_at, texts
from app.errors import NotFound
from app.indicators.models import Indicator, IndicatorVersion, Target, TargetSplit
from app.indicators.rules import DIGITS, TargetKind
from app.indicators.schemas import SplitOut, SplitPartOut
from app.policy import Action, Actor
from app.units.queries import all_units
from app.units.rules import is_open

Key = tuple[str, str]
"""A plan's code and an indicator's."""


def versions(session: Session, plan: str, seq: int | None = None) -> dict[str, IndicatorVersion]:
    """The newest version of each indicator of a plan, by code, in order of code."""
    asked = known_at(select(IndicatorVersion), IndicatorVersion.entry_id, seq).where(IndicatorVersion.plan_code == plan)
    found = session.exec(asked.order_by(sa.asc("indicator_code"), sa.asc("version"))).all()
    return {row.indicator_code: row for row in found}


def table(session: Session, actor: Actor, plan: str) -> Sequence[IndicatorVersion]:
    """Indicators are open to whoever is signed in; figures are not."""
    actor.require(Action.FACT_READ)
    return list(versions(session, plan).values())


def open_indicator(session: Session, plan: str, code: str, *, lock: bool = False) -> IndicatorVersion:
    """As it stands, whoever asks; locked for whoever changes it."""
    if lock:
        session.exec(select(Indicator.code).where(Indicator.plan_code == plan, Indicator.code == code).with_for_update()).one_or_none()
    asked = select(IndicatorVersion).where(IndicatorVersion.plan_code == plan, IndicatorVersion.indicator_code == code)
    found = session.exec(asked.order_by(sa.desc("version")).limit(1)).one_or_none()
    if found is None:
        raise NotFound
    return found


def as_they_stand(session: Session, keys: Collection[Key]) -> dict[Key, IndicatorVersion]:
    """Those of these that there are, and perhaps others beside them."""
    plans, codes = {plan for plan, _ in keys}, {code for _, code in keys}
    asked = select(IndicatorVersion).where(col(IndicatorVersion.plan_code).in_(plans), col(IndicatorVersion.indicator_code).in_(codes))
    return {(row.plan_code, row.indicator_code): row for row in session.exec(asked.order_by(sa.asc("version"))).all()}


def targets(session: Session, plan: str, *, units: Collection[str] | None = None, seq: int | None = None) -> Sequence[Any]:
    """The newest version of each target, for `units` or all of them; for engines, not for answers.

    Core rows with the columns of `Target`, not objects: a cold board reads half a million of them.
    """
    table = sa.inspect(Target).local_table
    asked = known_at(sa.select(table), table.c.entry_id, seq).where(table.c.plan_code == plan)
    if units is not None:
        asked = asked.where(table.c.unit_code.in_(units))
    found = session.connection().execute(asked.order_by(table.c.version)).all()
    return list({(row.unit_code, row.indicator_code, row.kind): row for row in found}.values())


def target_figures(session: Session, plan: str, units: Collection[str], seq: int | None) -> Sequence[Any]:
    """(unit, indicator, kind, figure, last year's figure, from when reported), oldest version first, figures as the driver gives them: for
    the engine.
    """
    table = sa.inspect(Target).local_table.c
    raw = (sa.type_coerce(table.kind, sa.String), sa.type_coerce(table.figure, sa.String), sa.type_coerce(table.last_year, sa.String))
    asked = known_at(sa.select(table.unit_code, table.indicator_code, *raw, table.reported_from), table.entry_id, seq)
    asked = asked.where(table.plan_code == plan, table.unit_code.in_(units))
    return session.connection().execute(asked.order_by(table.version)).all()


def targets_within(session: Session, actor: Actor, plan: str, code: str) -> Sequence[Any]:
    """The targets of one indicator that the actor's reach covers, by unit."""
    units = actor.units_for(Action.FACT_READ)
    found = [row for row in targets(session, plan, units=units) if row.indicator_code == code]
    return sorted(found, key=lambda row: (row.unit_code, row.kind))


def assigned(session: Session, keys: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], Decimal]:
    """By plan, indicator and unit, the newest figure among the targets of any kind, and perhaps others beside them."""
    plans, codes, units = (set(some) for some in zip(*keys, strict=True))
    table = sa.inspect(Target).local_table.c
    asked = sa.select(table.plan_code, table.indicator_code, table.unit_code, table.figure)
    asked = asked.where(table.plan_code.in_(plans), table.indicator_code.in_(codes), table.unit_code.in_(units))
    return {(plan, code, unit): figure for plan, code, unit, figure in session.connection().execute(asked.order_by(table.version)).all()}


def newest_target(session: Session, key: tuple[str, str, str, str]) -> Target | None:
    plan, indicator, unit, kind = key
    where = (Target.plan_code == plan, Target.indicator_code == indicator, Target.unit_code == unit, Target.kind == kind)
    return session.exec(select(Target).where(*where).order_by(sa.desc(col(Target.version))).limit(1)).first()


def target_versions(
    session: Session, actor: Actor, plan: str, code: str, unit: str, kind: TargetKind
) -> list[tuple[Target, datetime, str | None]]:
    """Every figure that was assigned, the newest first, with when and why; `NotFound` out of reach or where there is none."""
    asked: Any = select(Target, ENTRIES.c.at).join(ENTRIES, ENTRIES.c.id == Target.entry_id)
    where = (Target.plan_code == plan, Target.indicator_code == code, Target.unit_code == unit, Target.kind == kind)
    rows = session.exec(asked.where(*where).order_by(sa.desc(col(Target.version)))).all() if actor.may(Action.FACT_READ, unit) else []
    if not rows:
        raise NotFound
    said = texts(session, [row.reason_commitment for row, _ in rows])
    return [(row, at, said.get(row.reason_commitment)) for row, at in rows]


def splits(session: Session, actor: Actor, plan: str, code: str) -> list[SplitOut]:
    """Each target of a unit, within reach, that has others directly below it, or that was divided."""
    known, there, made_up = defaultdict[TargetKind, dict[str, Decimal]](dict), all_units(session), set[tuple[TargetKind, str]]()
    for row in targets(session, plan):
        if row.indicator_code == code:
            known[TargetKind(row.kind)][row.unit_code] = row.figure
            made_up |= {(TargetKind(row.kind), row.unit_code)} if row.is_synthetic else set()
    below, today = defaultdict[str, list[str]](list), clock.today(session)
    for unit, row in sorted(there.items()):
        if row.parent_code is not None and is_open(row.opens_on, row.closes_on, today):
            below[row.parent_code].append(unit)
    reasons = _reasons(session, plan, code)
    found = []
    for kind, figures in known.items():
        for unit, whole in figures.items():
            parts = {one: figures[one] for one in below[unit] if one in figures}
            if not parts or not actor.may(Action.FACT_READ, unit) or not all(actor.may(Action.FACT_READ, one) for one in below[unit]):
                continue
            with localcontext(prec=DIGITS):
                total = sum(parts.values(), Decimal(0))
                difference = whole - total
            found.append(
                SplitOut(
                    indicator=code,
                    unit=unit,
                    kind=kind,
                    whole=whole,
                    parts=[SplitPartOut(unit=one, figure=figure) for one, figure in parts.items()],
                    sum=total,
                    difference=difference,
                    without=[one for one in below[unit] if one not in parts],
                    reason=reasons.get((unit, kind)),
                    synthetic=any((kind, one) in made_up for one in (unit, *parts)),
                )
            )
    return found


def _reasons(session: Session, plan: str, code: str) -> dict[tuple[str, TargetKind], str | None]:
    """Of the last time that each target was divided."""
    asked = select(TargetSplit).where(TargetSplit.plan_code == plan, TargetSplit.indicator_code == code)
    newest = {(row.unit_code, row.kind): row for row in session.exec(asked.order_by(sa.asc("version"))).all()}
    said = texts(session, [row.reason_commitment for row in newest.values()])
    return {key: said.get(row.reason_commitment) for key, row in newest.items()}


def split_version(session: Session, plan: str, code: str, unit: str, kind: TargetKind) -> int:
    """0 when it was never divided."""
    where = (TargetSplit.plan_code == plan, TargetSplit.indicator_code == code, TargetSplit.unit_code == unit, TargetSplit.kind == kind)
    return session.exec(select(sa.func.max(TargetSplit.version)).where(*where)).one() or 0
