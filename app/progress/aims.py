"""What a claim speaks of, found and checked: who answers it, when it is late, which dates its evidence may bear."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial

from sqlmodel import Session

from app import clock
from app.calendar.rules import DAY, Period, PeriodScheme, Roll, period
from app.errors import Invalid, NotFound
from app.indicators.models import IndicatorVersion
from app.indicators.queries import as_they_stand as indicators_as_they_stand
from app.indicators.queries import assigned
from app.indicators.rules import Accumulation, Comparator
from app.plans.models import Plan
from app.plans.queries import PlanClosed
from app.plans.queries import as_they_stand as plans_as_they_stand
from app.policy import Action, Actor
from app.progress.citing import held
from app.progress.past import Last, days, past
from app.progress.queries import subject_of
from app.progress.rules import Doubt, doubt
from app.progress.schemas import SubmissionIn
from app.tables import Key, Row, detached
from app.tasks.queries import coordinators, firsts
from app.tasks.queries import newest as newest_task
from app.tasks.rules import TaskStanding
from app.units.queries import units_as_they_stand
from app.units.rules import is_open


class NeedsConfirmation(Invalid):
    """The figure is doubtful: it is taken, and flagged, when it is sent once more with `confirmed`."""

    status, slug = 409, "needs-confirmation"


@dataclass(frozen=True)
class Aim:
    appraiser: str
    due_on: date | None
    """The last day, after the roll."""
    evidence_from: date
    evidence_to: date
    task_round: int | None = None
    as_coordinator: bool | None = None
    indicator: IndicatorVersion | None = None
    objection_until: date | None = None
    """Where another unit supplies the figure."""

    def covers(self, day: date) -> bool:
        return self.evidence_from <= day <= self.evidence_to


class Known:
    """What the claims of one request speak of: each thing is asked for once, however many claims."""

    def __init__(self, session: Session, actor: Actor, claims: Collection[SubmissionIn]) -> None:
        self.session, self.today = session, clock.today(session)
        self.past, standing = past(session, claims)
        targets = {(claim.plan, claim.indicator, claim.unit) for claim in claims if claim.indicator is not None}
        self.assigned = standing.of("target", targets, partial(assigned, session))
        self.indicators = standing.of("indicator", {key[:2] for key in targets}, _detached(session, indicators_as_they_stand))
        units = {one for claim in claims for one in (claim.unit, self.sender(claim))}
        self.units = standing.of("unit", units, _detached(session, units_as_they_stand))
        self.plans = standing.of("plan", {claim.plan for claim in claims}, partial(_plans, session))
        self.calendar = partial(days, session, standing)
        files = {(cited.file, self.sender(claim)) for claim in claims for cited in claim.evidence if cited.file is not None}
        self.held, self.cited = held(session, actor, files)
        self.reported = cache(partial(_reported, self))
        self.task = cache(partial(newest_task, session, lock=True))
        self.begun_on = cache(lambda plan, code, number: clock.local_date(firsts(session, plan, code)[code, number].began_at))
        self.helpers = cache(lambda plan, code: frozenset(coordinators(session, self.task(plan, code))))

    def sender(self, claim: SubmissionIn) -> str:
        """The unit itself, or who supplies the figures of this indicator."""
        indicator = self.indicators.get((claim.plan, claim.indicator or ""))
        return claim.unit if indicator is None else indicator.supplier_code or claim.unit


def _detached(session: Session, ask: Callable[[Session, set[Key]], Mapping[Key, Row]]) -> Callable[[set[Key]], Mapping[Key, Row]]:
    return lambda keys: detached(session, ask(session, keys))


def _plans(session: Session, codes: set[str]) -> dict[str, tuple[Plan, bool]]:
    found = plans_as_they_stand(session, codes)
    detached(session, {code: plan for code, (plan, _) in found.items()})
    return found


def checked(actor: Actor, known: Known, claim: SubmissionIn) -> tuple[Aim, Doubt | None]:
    """What it speaks of, and why its figure is doubtful. Everything that may be refused is refused here, before anything is made."""
    sender = known.sender(claim)
    _check_sender(actor, known, claim, sender)
    if claim.plan not in known.plans:
        raise Invalid("#/plan", "no-such-plan")
    if known.plans[claim.plan][1]:
        raise PlanClosed
    unit = known.units.get(claim.unit)
    if unit is None:
        raise Invalid("#/unit", "no-such-unit")
    if not is_open(unit.opens_on, unit.closes_on, known.today):
        raise Invalid("#/unit", "unit-not-open")
    aim = _aim(known, claim)
    for number, cited in enumerate(claim.evidence):
        if cited.file is not None and (cited.file, sender) not in known.held:
            raise Invalid(f"#/evidence/{number}/file", "no-such-file")
    return aim, _doubt(known, claim, aim)


def _check_sender(actor: Actor, known: Known, claim: SubmissionIn, sender: str) -> None:
    if not actor.may(Action.PROGRESS_SUBMIT, sender):
        actor.require(Action.PROGRESS_SUBMIT, claim.unit)
        raise Invalid("#/indicator", "supplied-by-another")
    supplier = known.units[sender] if sender != claim.unit else None
    if supplier is not None and not is_open(supplier.opens_on, supplier.closes_on, known.today):
        raise Invalid("#/indicator", "supplier-not-open")


def _doubt(known: Known, claim: SubmissionIn, aim: Aim) -> Doubt | None:
    """Why the figure is doubtful; `NeedsConfirmation` while its sender has not said that it is as it is."""
    indicator = aim.indicator
    if indicator is None or claim.figure is None or indicator.comparator is Comparator.ACHIEVED:
        return None
    near = known.past.near(subject_of(claim), known.assigned[claim.plan, indicator.indicator_code, claim.unit])
    found = doubt(claim.figure, near, indicator.doubt_factor, is_cumulative=indicator.accumulation is Accumulation.CUMULATIVE)
    if found is not None and not claim.confirmed:
        raise NeedsConfirmation("#/figure", found.value.replace("_", "-"), factor=indicator.doubt_factor)
    return found


def _aim(known: Known, claim: SubmissionIn) -> Aim:
    """`Invalid` at the field that is wrong."""
    if (claim.task is None) == (claim.indicator is None):
        raise Invalid("#", "one-subject")
    return _task(known, claim) if claim.task is not None else _indicator(known, claim)


def _task(known: Known, claim: SubmissionIn) -> Aim:
    assert claim.task is not None
    try:
        task = known.task(claim.plan, claim.task)
    except NotFound:
        raise Invalid("#/task", "no-such-task") from None
    if claim.period is not None or claim.figure is not None or claim.estimate:
        raise Invalid("#/task", "one-subject")
    if claim.completed_on is None:
        raise Invalid("#/completed_on", "missing")
    if claim.completed_on > known.today:
        raise Invalid("#/completed_on", "in-the-future")
    if task.lead_code != claim.unit and claim.unit not in known.helpers(claim.plan, claim.task):
        raise Invalid("#/task", "no-such-task")  # a foreign one and a missing one are alike
    if task.standing is not TaskStanding.ACTIVE:
        raise Invalid("#/task", "not-wanted-now")
    if task.round > 1 and claim.completed_on < known.begun_on(claim.plan, claim.task, task.round):
        raise Invalid("#/completed_on", "before-the-round")
    due_on = None if task.due_on is None else known.calendar().rolled(task.due_on, task.roll)
    appraiser = task.appraiser_code if task.appraiser_code != claim.unit else task.lead_code
    return Aim(appraiser, due_on, date.min, known.today, task.round, task.lead_code != claim.unit)


def _indicator(known: Known, claim: SubmissionIn) -> Aim:
    assert claim.indicator is not None
    if claim.completed_on is not None:
        raise Invalid("#/completed_on", "one-subject")
    if claim.period is None or claim.figure is None:
        raise Invalid("#/period" if claim.period is None else "#/figure", "missing")
    indicator = _assigned(known, claim, claim.indicator)
    if claim.estimate and known.past.last.get(subject_of(claim), Last()).has_outturn:
        raise Invalid("#/estimate", "outturn-is-there")
    reported, due = known.reported(claim.plan, claim.indicator, claim.period)
    check_figure(indicator, claim.figure)
    appraiser = indicator.appraiser_code if indicator.appraiser_code != claim.unit else indicator.alternate_appraiser_code
    until = None
    if known.sender(claim) != claim.unit:
        until = known.calendar().rolled(known.today + DAY * indicator.objection_days, Roll.FORWARD)
    return Aim(appraiser, due, reported.starts, max(due, known.today), indicator=indicator, objection_until=until)


def _reported(known: Known, plan: str, code: str, named: str) -> tuple[Period, date]:
    """A period of an indicator, and the last day on which its report is in time."""
    indicator = known.indicators[plan, code]
    found = _period(indicator.period_scheme, named, known.plans[plan][0].year, known.today)
    return found, known.calendar().rolled(found.ends - DAY + timedelta(days=indicator.report_days), Roll.FORWARD)


def check_figure(indicator: IndicatorVersion, figure: Decimal) -> None:
    if indicator.comparator is Comparator.ACHIEVED and figure not in {0, 1}:
        raise Invalid("#/figure", "done-or-not")


def _assigned(known: Known, claim: SubmissionIn, code: str) -> IndicatorVersion:
    indicator = known.indicators.get((claim.plan, code))
    if indicator is None:
        raise Invalid("#/indicator", "no-such-indicator")
    if (claim.plan, code, claim.unit) not in known.assigned:
        raise Invalid("#/indicator", "not-assigned")
    return indicator


def _period(scheme: PeriodScheme, code: str, year: int, today: date) -> Period:
    """A period of the plan's year that has begun."""
    reported = period(scheme, code)
    if reported is None:
        raise Invalid("#/period", "wrong-period")
    if not reported.lies_in(year):
        raise Invalid("#/period", "outside-the-plan-year")
    if reported.starts > today:
        raise Invalid("#/period", "in-the-future")
    return reported
