"""What a claim speaks of, found and checked: who answers it, when it is late, which dates its evidence may bear."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app import clock
from app.calendar.queries import calendar
from app.calendar.rules import DAY, Period, PeriodScheme, Roll, end_of, period
from app.errors import Invalid, NotFound
from app.indicators.models import IndicatorVersion
from app.indicators.queries import open_indicator, target_version
from app.indicators.rules import Comparator, TargetKind
from app.progress.schemas import SubmissionIn
from app.tasks.queries import coordinators
from app.tasks.queries import newest as newest_task
from app.tasks.rules import TaskStanding


@dataclass(frozen=True)
class Aim:
    appraiser: str
    due_on: date | None
    """The last day, after the roll."""
    evidence_from: date
    evidence_to: date
    task_round: int | None = None

    @property
    def expires_at(self) -> datetime | None:
        return None if self.due_on is None else end_of(self.due_on)

    def covers(self, day: date) -> bool:
        return self.evidence_from <= day <= self.evidence_to


def open_aim(session: Session, claim: SubmissionIn, year: int, root: str) -> Aim:
    """`Invalid` at the field that is wrong, pointers starting at `root`. `year` is the plan's."""
    if (claim.task is None) == (claim.indicator is None):
        raise Invalid(root, "one-subject")
    return _task(session, claim, root) if claim.task is not None else _indicator(session, claim, year, root)


def _task(session: Session, claim: SubmissionIn, root: str) -> Aim:
    assert claim.task is not None
    today = clock.today(session)
    try:
        task = newest_task(session, claim.plan, claim.task)
    except NotFound:
        raise Invalid(f"{root}/task", "no-such-task") from None
    if claim.period is not None or claim.figure is not None:
        raise Invalid(f"{root}/task", "one-subject")
    if claim.completed_on is None:
        raise Invalid(f"{root}/completed_on", "missing")
    if claim.completed_on > today:
        raise Invalid(f"{root}/completed_on", "in-the-future")
    if task.lead_code != claim.unit and claim.unit not in coordinators(session, task):
        raise Invalid(f"{root}/task", "no-such-task")  # a foreign one and a missing one are alike
    if task.standing is not TaskStanding.ACTIVE:
        raise Invalid(f"{root}/task", "not-wanted-now")
    due_on = None if task.due_on is None else calendar(session).rolled(task.due_on, task.roll)
    return Aim(task.appraiser_code if task.appraiser_code != claim.unit else task.lead_code, due_on, date.min, today, task.round)


def _indicator(session: Session, claim: SubmissionIn, year: int, root: str) -> Aim:
    assert claim.indicator is not None
    today = clock.today(session)
    if claim.completed_on is not None:
        raise Invalid(f"{root}/completed_on", "one-subject")
    if claim.period is None or claim.figure is None:
        raise Invalid(f"{root}/{'period' if claim.period is None else 'figure'}", "missing")
    indicator = _assigned(session, claim, claim.indicator, root)
    reported = _period(indicator.period_scheme, claim.period, year, today, root)
    if indicator.comparator is Comparator.ACHIEVED and claim.figure not in {0, 1}:
        raise Invalid(f"{root}/figure", "done-or-not")
    appraiser = indicator.appraiser_code if indicator.appraiser_code != claim.unit else indicator.alternate_appraiser_code
    due = calendar(session).rolled(reported.ends - DAY + timedelta(days=indicator.report_days), Roll.FORWARD)
    return Aim(appraiser, due, reported.starts, max(due, today))


def _assigned(session: Session, claim: SubmissionIn, code: str, root: str) -> IndicatorVersion:
    try:
        indicator = open_indicator(session, claim.plan, code)
    except NotFound:
        raise Invalid(f"{root}/indicator", "no-such-indicator") from None
    if not any(target_version(session, (claim.plan, code, claim.unit, kind)) for kind in TargetKind):
        raise Invalid(f"{root}/indicator", "not-assigned")
    return indicator


def _period(scheme: PeriodScheme, code: str, year: int, today: date, root: str) -> Period:
    """A period of the plan's year that has begun."""
    reported = period(scheme, code)
    if reported is None:
        raise Invalid(f"{root}/period", "wrong-period")
    if not reported.lies_in(year):
        raise Invalid(f"{root}/period", "outside-the-plan-year")
    if reported.starts > today:
        raise Invalid(f"{root}/period", "in-the-future")
    return reported
