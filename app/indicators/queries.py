from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from app.audit.queries import known_at
from app.errors import NotFound
from app.indicators.models import Indicator, IndicatorVersion, Target
from app.policy import Action, Actor

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
    """(unit, indicator, kind, figure, last year's figure), oldest version first, figures as the driver gives them: for the engine."""
    table = sa.inspect(Target).local_table.c
    raw = (sa.type_coerce(table.kind, sa.String), sa.type_coerce(table.figure, sa.String), sa.type_coerce(table.last_year, sa.String))
    asked = known_at(sa.select(table.unit_code, table.indicator_code, *raw), table.entry_id, seq)
    asked = asked.where(table.plan_code == plan, table.unit_code.in_(units))
    return session.connection().execute(asked.order_by(table.version)).all()


def targets_within(session: Session, actor: Actor, plan: str, code: str) -> Sequence[Any]:
    """The targets of one indicator that the actor's reach covers, by unit."""
    units = actor.units_for(Action.FACT_READ)
    found = [row for row in targets(session, plan, units=units) if row.indicator_code == code]
    return sorted(found, key=lambda row: (row.unit_code, row.kind))


def assigned(
    session: Session, plans: Collection[str], codes: Collection[str], units: Collection[str]
) -> dict[tuple[str, str, str], Decimal]:
    """By plan, indicator and unit, the newest figure among the targets of any kind."""
    table = sa.inspect(Target).local_table.c
    asked = sa.select(table.plan_code, table.indicator_code, table.unit_code, table.figure)
    asked = asked.where(table.plan_code.in_(plans), table.indicator_code.in_(codes), table.unit_code.in_(units))
    return {(plan, code, unit): figure for plan, code, unit, figure in session.connection().execute(asked.order_by(table.version)).all()}


def target_version(session: Session, key: tuple[str, str, str, str]) -> int:
    """The newest version of one target; 0 when there is none."""
    plan, indicator, unit, kind = key
    where = (Target.plan_code == plan, Target.indicator_code == indicator, Target.unit_code == unit, Target.kind == kind)
    return session.exec(select(sa.func.max(Target.version)).where(*where)).one() or 0
