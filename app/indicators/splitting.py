"""Phân bổ chỉ tiêu: a unit's target becomes targets of the units below it."""

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.errors import Invalid, Problem
from app.indicators import queries
from app.indicators.actions import assign_target
from app.indicators.models import TargetSplit
from app.indicators.rules import adds_up
from app.indicators.schemas import SplitIn
from app.policy import SYSTEM, Action, Actor
from app.tables import add, canonical
from app.units.queries import all_units, check_active


class NotTheWhole(Problem):
    """The parts do not add up to the whole, and nobody says why."""

    status, slug = 409, "not-the-whole"


def split(session: Session, actor: Actor, *, plan: str, code: str, sent: SplitIn) -> None:
    """All parts or none. What cannot be added up (shares, figures at a point in time) need not be the whole."""
    actor.require(Action.INDICATOR_ASSIGN, sent.unit)
    indicator, below = queries.open_indicator(session, plan, code, lock=True), all_units(session)
    if len({part.unit for part in sent.parts}) != len(sent.parts):
        raise Invalid("#/parts", "named-twice")
    for number, part in enumerate(sent.parts):
        if part.unit not in below or below[part.unit].parent_code != sent.unit:
            raise Invalid(f"#/parts/{number}/unit", "not-directly-below")
        check_active(session, [(f"#/parts/{number}/unit", part.unit)])
        try:
            assign_target(
                session,
                actor,
                plan=plan,
                code=code,
                unit=part.unit,
                kind=sent.kind,
                source=sent.source,
                figure=part.figure,
                last_year=part.last_year,
                reported_from=part.reported_from,
                synthetic=sent.synthetic,
            )
        except Problem as refusal:
            refusal.pointer = refusal.pointer and f"#/parts/{number}{refusal.pointer.removeprefix('#')}"
            raise
    found = next((one for one in queries.splits(session, SYSTEM, plan, code) if (one.unit, one.kind) == (sent.unit, sent.kind)), None)
    if found is None:
        raise Invalid("#/unit", "no-target")
    is_whole = not adds_up(indicator.aggregation, indicator.accumulation) or found.sum == found.whole
    if not is_whole and sent.reason is None:
        raise NotTheWhole("#/parts", whole=canonical(found.whole), sum=canonical(found.sum))
    reason = audit.keep_text(session, sent.reason)
    content = {"unit": sent.unit, "kind": sent.kind, "whole": canonical(found.whole), "parts": canonical(found.sum), "reason": reason}
    row = TargetSplit(
        plan_code=plan,
        indicator_code=code,
        unit_code=sent.unit,
        kind=sent.kind,
        version=queries.split_version(session, plan, code, sent.unit, sent.kind) + 1,
        whole=found.whole,
        parts=found.sum,
        is_whole=is_whole,
        reason_commitment=reason,
        entry_id=audit.record(session, actor, "target.split", Subject("indicator", f"{plan}/{code}"), [unit_scope(sent.unit)], content),
    )
    add(session, row)
