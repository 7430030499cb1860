from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.mailing.models import MailSent, UnitMailbox
from app.plans.models import Plan, PlanClosing
from app.policy import Action, Actor
from app.units.queries import unit_as_it_stands


def may_keep(actor: Actor, unit: str) -> bool:
    """Administrators within their reach, and whoever signs for the unit."""
    return actor.may(Action.ACCOUNT_MANAGE, unit) or actor.may(Action.PROGRESS_SIGN, unit)


def open_mailbox(session: Session, actor: Actor, unit: str) -> UnitMailbox | None:
    if not may_keep(actor, unit):
        raise NotFound
    unit_as_it_stands(session, unit)
    return session.get(UnitMailbox, unit)


def mailbox(session: Session, unit: str) -> UnitMailbox | None:
    """Locked, for whoever changes it."""
    return session.exec(select(UnitMailbox).where(UnitMailbox.unit_code == unit).with_for_update()).one_or_none()


def unreminded(session: Session, day: date) -> dict[str, str]:
    """Addresses by unit, of those that were not reminded on this day."""
    reminded = select(MailSent.unit_code).where(MailSent.on == day)
    asked = select(UnitMailbox).where(col(UnitMailbox.address).is_not(None), col(UnitMailbox.unit_code).not_in(reminded))
    return {row.unit_code: row.address for row in session.exec(asked).all() if row.address is not None}


def open_plans(session: Session, year: int) -> Sequence[Plan]:
    """Of a year and of the one before, whose last reports are due in it; not closed, by code."""
    closed = select(PlanClosing.plan_code)
    return session.exec(
        select(Plan).where(col(Plan.year).in_((year - 1, year)), col(Plan.code).not_in(closed)).order_by(col(Plan.code))
    ).all()
