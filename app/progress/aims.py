"""What a claim speaks of, found and checked: who answers it, when it is late, which dates its evidence may bear."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app import clock
from app.calendar.queries import calendar
from app.calendar.rules import DAY, Roll, end_of, period
from app.errors import Invalid, NotFound
from app.indicators.queries import open_indicator, target_version
from app.indicators.rules import Comparator, TargetKind
from app.progress.schemas import SubmissionIn
from app.tasks.queries import newest as newest_task


@dataclass(frozen=True)
class Aim:
    appraiser: str
    expires_at: datetime | None
    evidence_from: date
    evidence_to: date

    def covers(self, day: date) -> bool:
        return self.evidence_from <= day <= self.evidence_to


def open_aim(session: Session, claim: SubmissionIn, root: str) -> Aim:
    """`Invalid` at the field that is wrong, pointers starting at `root`."""
    if (claim.task is None) == (claim.indicator is None):
        raise Invalid(root, "one-subject")
    return _task(session, claim, root) if claim.task is not None else _indicator(session, claim, root)


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
    if task.lead_code != claim.unit:
        raise Invalid(f"{root}/unit", "not-the-lead")
    expires_at = None if task.due_on is None else end_of(calendar(session).rolled(task.due_on, task.roll))
    return Aim(task.appraiser_code, expires_at, date.min, today)


def _indicator(session: Session, claim: SubmissionIn, root: str) -> Aim:
    assert claim.indicator is not None
    today = clock.today(session)
    if claim.completed_on is not None:
        raise Invalid(f"{root}/completed_on", "one-subject")
    if claim.period is None or claim.figure is None:
        raise Invalid(f"{root}/{'period' if claim.period is None else 'figure'}", "missing")
    try:
        indicator = open_indicator(session, claim.plan, claim.indicator)
    except NotFound:
        raise Invalid(f"{root}/indicator", "no-such-indicator") from None
    if not any(target_version(session, (claim.plan, claim.indicator, claim.unit, kind)) for kind in TargetKind):
        raise Invalid(f"{root}/indicator", "not-assigned")
    reported = period(indicator.period_scheme, claim.period)
    if reported is None:
        raise Invalid(f"{root}/period", "wrong-period")
    if reported.starts > today:
        raise Invalid(f"{root}/period", "in-the-future")
    if indicator.comparator is Comparator.ACHIEVED and claim.figure not in {0, 1}:
        raise Invalid(f"{root}/figure", "done-or-not")
    appraiser = indicator.appraiser_code if indicator.appraiser_code != claim.unit else indicator.alternate_appraiser_code
    due = calendar(session).rolled(reported.ends - DAY + timedelta(days=indicator.report_days), Roll.FORWARD)
    return Aim(appraiser, end_of(due), reported.starts, max(due, today))
