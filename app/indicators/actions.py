from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import EVERYTHING, Subject, unit_scope
from app.errors import CodeTaken, Invalid, Stale
from app.indicators import queries
from app.indicators.models import Indicator, IndicatorVersion, Target
from app.indicators.rules import Comparator, TargetKind, TargetSource
from app.indicators.schemas import IndicatorFields
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.tables import add, canonical
from app.units.queries import check_active, check_known

FIXED = ("period_scheme", "accumulation", "scale", "unit_of_measure", "comparator")
"""What reports already given were made by: counted otherwise, it is another indicator."""


KEPT_OTHERWISE = {"code", "owner", "appraiser", "alternate_appraiser", "supplier", "of_which", "numerator", "denominator", "synthetic"}
"""Fields whose columns bear another name."""


def define(session: Session, actor: Actor, *, plan: str, code: str, fields: IndicatorFields) -> IndicatorVersion:
    """Add an indicator to a plan."""
    actor.require_everywhere(Action.INDICATOR_ASSIGN)
    open_to_record(session, plan)
    entry_id = audit.record(
        session, actor, "indicator.defined", _subject(plan, code), [EVERYTHING], {"plan": plan, **fields.model_dump(mode="json")}
    )
    add(session, Indicator(plan_code=plan, code=code, entry_id=entry_id), {"pk_indicator": CodeTaken("#/code")})
    return _insert(session, plan, code, 1, fields, entry_id)


def amend(session: Session, actor: Actor, *, plan: str, code: str, expected: int, fields: IndicatorFields) -> IndicatorVersion:
    actor.require_everywhere(Action.INDICATOR_ASSIGN)
    open_to_record(session, plan)
    known = queries.open_indicator(session, plan, code, lock=True)
    if known.version != expected:
        raise Stale
    for name in FIXED:
        if getattr(fields, name) != getattr(known, name):
            raise Invalid(f"#/{name}", "fixed")
    entry_id = audit.record(
        session, actor, "indicator.amended", _subject(plan, code), [EVERYTHING], {"plan": plan, **fields.model_dump(mode="json")}
    )
    return _insert(session, plan, code, known.version + 1, fields, entry_id)


def assign_target(
    session: Session,
    actor: Actor,
    *,
    plan: str,
    code: str,
    unit: str,
    kind: TargetKind,
    source: TargetSource,
    figure: Decimal,
    last_year: Decimal | None = None,
    reported_from: date | None = None,
    reason: str | None = None,
    synthetic: bool = False,
) -> Target:
    """Giao chỉ tiêu. Assigning again is a revision; the earlier figure stays readable. A revision that says nothing of last year's figure,
    or from when it is reported, leaves that as it was.
    """
    actor.require(Action.INDICATOR_ASSIGN, unit)
    year = open_to_record(session, plan).year
    indicator = queries.open_indicator(session, plan, code, lock=True)
    if reported_from is not None and reported_from.year != year:
        raise Invalid("#/reported_from", "day-outside-the-plan-year")
    check_known(session, [("#/unit", unit)])
    if kind is TargetKind.STRETCH:
        _check_stretch(session, indicator, unit, figure)
    before = queries.newest_target(session, (plan, code, unit, kind))
    if before is not None:
        last_year = before.last_year if last_year is None else last_year
        reported_from = reported_from or before.reported_from
    said = audit.keep_text(session, reason)
    content = {"unit": unit, "kind": kind, "source": source, "figure": canonical(figure)}
    content["last_year"] = canonical(last_year) if last_year is not None else ""
    content |= {} if reported_from is None else {"reported_from": reported_from.isoformat()}
    content |= {} if said is None else {"reason": said}
    entry_id = audit.record(session, actor, "target.assigned", _subject(plan, code), [unit_scope(unit)], content)
    row = Target(
        plan_code=plan,
        indicator_code=code,
        unit_code=unit,
        kind=kind,
        version=1 if before is None else before.version + 1,
        figure=figure,
        source=source,
        last_year=last_year,
        reported_from=reported_from,
        reason_commitment=said,
        is_synthetic=synthetic,
        entry_id=entry_id,
    )
    return add(session, row)


def _check_stretch(session: Session, indicator: IndicatorVersion, unit: str, figure: Decimal) -> None:
    """Who strives, strives for no less than was assigned."""
    assigned = [row.figure for row in queries.targets(session, indicator.plan_code, units=[unit]) if _is_assigned(row, indicator)]
    falls_short = [one for one in assigned if (figure > one if indicator.comparator is Comparator.AT_MOST else figure < one)]
    if falls_short:
        raise Invalid("#/figure", "below-what-was-assigned")


def _is_assigned(row: Any, indicator: IndicatorVersion) -> bool:
    return bool(row.indicator_code == indicator.indicator_code and row.kind == TargetKind.ASSIGNED)


def _subject(plan: str, code: str) -> Subject:
    return Subject("indicator", f"{plan}/{code}")


def _check_no_circle(session: Session, plan: str, code: str, part_of: str | None) -> None:
    """What is part of another is not, by any way round, part of itself."""
    known = queries.versions(session, plan) if part_of is not None else {}
    while part_of is not None:
        if part_of == code:
            raise Invalid("#/of_which", "part-of-itself")
        part_of = known[part_of].of_which_code if part_of in known else None


def _insert(session: Session, plan: str, code: str, version: int, fields: IndicatorFields, entry_id: UUID) -> IndicatorVersion:
    if fields.appraiser == fields.alternate_appraiser:
        raise Invalid("#/alternate_appraiser", "own-alternate")
    if fields.supplier in {fields.appraiser, fields.alternate_appraiser}:
        raise Invalid("#/supplier", "own-supplier")
    units = [(f"#/{name}", getattr(fields, name)) for name in ("owner", "appraiser", "alternate_appraiser", "supplier")]
    check_known(session, units)
    check_active(session, [("#/supplier", fields.supplier)] if fields.supplier is not None else [])
    if (fields.numerator is None) != (fields.denominator is None):
        raise Invalid(f"#/{'numerator' if fields.numerator is None else 'denominator'}", "missing")
    for name in ("of_which", "numerator", "denominator"):
        named = getattr(fields, name)
        if named is not None and (named == code or session.get(Indicator, (plan, named)) is None):
            raise Invalid(f"#/{name}", "no-such-indicator")
    _check_no_circle(session, plan, code, fields.of_which)
    row = IndicatorVersion(
        plan_code=plan,
        indicator_code=code,
        version=version,
        owner_code=fields.owner,
        appraiser_code=fields.appraiser,
        alternate_appraiser_code=fields.alternate_appraiser,
        supplier_code=fields.supplier,
        of_which_code=fields.of_which,
        numerator_code=fields.numerator,
        denominator_code=fields.denominator,
        is_synthetic=fields.synthetic,
        entry_id=entry_id,
        **fields.model_dump(exclude=KEPT_OTHERWISE),
    )
    return add(session, row)
