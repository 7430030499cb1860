from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import EVERYTHING, Subject
from app.errors import CodeTaken
from app.plans import queries
from app.plans.models import Plan, PlanClosing
from app.policy import Action, Actor
from app.tables import add
from app.units.queries import check_known


def issue(session: Session, actor: Actor, *, code: str, year: int, name: str, issuer: str, synthetic: bool = False) -> Plan:
    """Giao kế hoạch."""
    actor.require_everywhere(Action.PLAN_MANAGE)
    check_known(session, [("#/issuer", issuer)])
    content = {"year": year, "name": name, "issuer": issuer, "synthetic": synthetic}
    entry_id = audit.record(session, actor, "plan.issued", Subject("plan", code), [EVERYTHING], content)
    row = Plan(code=code, year=year, name=name, issuer_code=issuer, is_synthetic=synthetic, entry_id=entry_id)
    return add(session, row, {"pk_plan": CodeTaken("#/code")})


def close(session: Session, actor: Actor, *, code: str) -> Plan:
    """Close for good. Movements keep what they took; nothing more is recorded under this plan."""
    actor.require_everywhere(Action.PLAN_MANAGE)
    plan = queries.open_to_close(session, code)
    entry_id = audit.record(session, actor, "plan.closed", Subject("plan", code), [EVERYTHING], {"plan": code})
    add(session, PlanClosing(plan_code=code, entry_id=entry_id), {"pk_plan_closing": queries.PlanClosed()})
    return plan
