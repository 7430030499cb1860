from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import Invalid, NotFound, Problem
from app.plans.models import Plan, PlanClosing
from app.policy import Action, Actor
from app.units.queries import lock_every_unit


class PlanClosed(Problem):
    status, slug = 409, "plan-closed"


def table(session: Session, actor: Actor) -> Sequence[tuple[Plan, bool]]:
    """Every plan, newest year first, and whether it is closed. Plans are open to whoever is signed in."""
    actor.require(Action.FACT_READ)
    closed = sa.exists().where(col(PlanClosing.plan_code) == Plan.code)
    return session.exec(select(Plan, closed).order_by(sa.desc("year"), sa.asc("code"))).all()


def is_closed(session: Session, code: str) -> bool:
    return session.get(PlanClosing, code) is not None


def closed(session: Session, codes: Collection[str]) -> set[str]:
    """Those of these plans that are closed."""
    return set(session.exec(select(PlanClosing.plan_code).where(col(PlanClosing.plan_code).in_(codes))).all())


def open_plan(session: Session, code: str) -> Plan:
    """The plan to be shown; `NotFound` when there is none."""
    found = session.get(Plan, code)
    if found is None:
        raise NotFound
    return found


def year_before(session: Session, plan: Plan) -> Sequence[Plan]:
    """The issuer's plans of the year before, by code."""
    asked = select(Plan).where(Plan.year == plan.year - 1, Plan.issuer_code == plan.issuer_code)
    return session.exec(asked.order_by(sa.asc("code"))).all()


def open_to_record(session: Session, code: str) -> Plan:
    """A plan under which something is recorded. Writers share the lock; closing waits for them, and they for it."""
    found = session.exec(select(Plan).where(Plan.code == code).with_for_update(read=True)).one_or_none()
    if found is None:
        raise Invalid("#/plan", "no-such-plan")
    if is_closed(session, code):
        raise PlanClosed
    return found


def as_they_stand(session: Session, codes: Collection[str]) -> dict[str, tuple[Plan, bool]]:
    """Those of these that there are, and whether each is closed. Unlocked: for whoever holds the lock of a unit."""
    closed = sa.exists().where(col(PlanClosing.plan_code) == Plan.code)
    found = session.exec(select(Plan, closed).where(col(Plan.code).in_(codes))).all()
    return {plan.code: (plan, is_closed) for plan, is_closed in found}


def open_to_close(session: Session, code: str) -> Plan:
    """Alone: those who report hold the lock of their unit, all others that of the plan."""
    found = session.exec(select(Plan).where(Plan.code == code).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    lock_every_unit(session)
    return found
