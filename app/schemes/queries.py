from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.policy import Action, Actor
from app.schemes import shipped
from app.schemes.models import AwardScheme
from app.schemes.schemas import AwardSchemeIn, AwardSchemeOut, BaseSalaryIn
from app.schemes.schemas_law import LegalFactsOut


def newest(session: Session, movement: str, version: int | None = None) -> AwardScheme | None:
    """That version, or the newest."""
    asked = select(AwardScheme).where(AwardScheme.movement_code == movement)
    if version is not None:
        asked = asked.where(AwardScheme.version == version)
    return session.exec(asked.order_by(sa.desc(col(AwardScheme.version))).limit(1)).one_or_none()


def read(row: AwardScheme) -> AwardSchemeIn:
    return AwardSchemeIn.model_validate_json(row.content)


def open_scheme(session: Session, actor: Actor, movement: str, version: int | None = None) -> tuple[AwardScheme, AwardSchemeIn]:
    """For everybody who sees facts: what may be awarded is no secret."""
    actor.require(Action.FACT_READ)
    row = newest(session, movement, version)
    if row is None:
        raise NotFound
    return row, read(row)


def shown(row: AwardScheme) -> AwardSchemeOut:
    return AwardSchemeOut(movement=row.movement_code, version=row.version, scheme=read(row))


def legal_facts() -> LegalFactsOut:
    return LegalFactsOut.model_validate(shipped.law())


def base_salary(scheme: AwardSchemeIn, on: date) -> BaseSalaryIn | None:
    """The one that the scheme names, or the one in force on a day as far as the service knows."""
    if scheme.base_salary is not None:
        return scheme.base_salary
    known = [one for one in legal_facts().base_salaries if one.since <= on and (one.until is None or on <= one.until)]
    return BaseSalaryIn(amount=known[-1].amount, source=known[-1].source) if known else None
