"""Reports as engines and statistics take them: bare rows of many units at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.audit.queries import ENTRIES
from app.calendar.rules import Calendar
from app.progress.models import Decision, Submission
from app.progress.rules import Outcome, is_excused


@dataclass(frozen=True)
class Taken:
    """Which reports are taken: of a plan, of `units` (None: all), received before `closes_at`, known at `seq`, about one task."""

    plan: str
    units: Collection[str] | None = None
    closes_at: datetime | None = None
    seq: int | None = None
    task: str | None = None


def figures(session: Session, taken: Taken) -> Sequence[Any]:
    """(id, unit, indicator, period, figure, is late, figure accepted instead, is accepted) of reports that wait or were accepted.

    The oldest version first.

    As the driver gives them: ids and figures are text on SQLite, UUID and Decimal on PostgreSQL. A cold board reads half
    a million of these rows, and making objects of them would cost more than scoring them.
    """
    submissions = sa.inspect(Submission).local_table.c
    columns = [_raw(submissions.id), submissions.unit_code, submissions.indicator_code, submissions.period_code]
    columns += [_raw(submissions.figure), sa.type_coerce(submissions.is_late, sa.Integer)]
    return _taken(session, taken, columns, submissions.indicator_code, corrected=True)


def excused(session: Session, taken: Taken, calendar: Calendar) -> set[str]:
    """The ids, as `figures` gives them, of late reports whose deadline an outage has moved past them."""
    rows = sa.inspect(Submission).local_table.c
    covered = [rows.due_on.between(outage.starts_on, outage.ends_on) for outage in calendar.outages]
    if not covered:
        return set()
    judged_at = sa.func.coalesce(rows.prepared_at, rows.received_at)
    asked = sa.select(_raw(rows.id), rows.due_on, judged_at).where(rows.plan_code == taken.plan, rows.is_late, sa.or_(*covered))
    found = session.connection().execute(asked).all()
    return {identifier for identifier, due_on, at in found if is_excused(at, due_on, calendar)}


def senders(session: Session, taken: Taken) -> dict[str, tuple[date, str]]:
    """Of each report of a figure, by its id as `figures` gives it, the last day on which it was not late, and which unit sent it."""
    rows = sa.inspect(Submission).local_table.c
    by = sa.func.coalesce(rows.supplier_code, rows.unit_code)
    asked = sa.select(_raw(rows.id), rows.due_on, by).where(rows.plan_code == taken.plan, rows.indicator_code.is_not(None))
    if taken.units is not None:
        asked = asked.where(rows.unit_code.in_(taken.units))
    return {identifier: (due_on, by) for identifier, due_on, by in session.connection().execute(asked).all() if due_on is not None}


def estimates(session: Session, plan: str) -> set[str]:
    """The ids, as `figures` gives them, of reports whose figure is an estimate."""
    rows = sa.inspect(Submission).local_table.c
    return {one for (one,) in session.connection().execute(sa.select(_raw(rows.id)).where(rows.plan_code == plan, rows.is_estimate)).all()}


def synthetic(session: Session, plan: str) -> set[tuple[str, str]]:
    """(unit, indicator) of which some report is synthetic."""
    rows = sa.inspect(Submission).local_table.c
    asked = sa.select(rows.unit_code, rows.indicator_code).distinct()
    asked = asked.where(rows.plan_code == plan, rows.is_synthetic, rows.indicator_code.is_not(None))
    return {(unit, indicator) for unit, indicator in session.connection().execute(asked).all()}


def supplied(session: Session, taken: Taken) -> set[str]:
    """The ids, as `figures` gives them, of reports that a data supplier sent."""
    rows = sa.inspect(Submission).local_table.c
    asked = sa.select(_raw(rows.id)).where(rows.plan_code == taken.plan, rows.supplier_code.is_not(None))
    if taken.units is not None:
        asked = asked.where(rows.unit_code.in_(taken.units))
    return {one for (one,) in session.connection().execute(asked).all()}


def returned(session: Session, plan: str) -> set[tuple[str, str, str]]:
    """(unit, indicator, period) about which a report was returned."""
    rows, decisions = sa.inspect(Submission).local_table.c, sa.inspect(Decision).local_table.c
    asked = sa.select(rows.unit_code, rows.indicator_code, rows.period_code).distinct()
    asked = asked.where(decisions.submission_id == rows.id, decisions.outcome == Outcome.RETURNED)
    asked = asked.where(rows.plan_code == plan, rows.indicator_code.is_not(None))
    return {(unit, indicator, period) for unit, indicator, period in session.connection().execute(asked).all()}


def completions(session: Session, taken: Taken) -> Sequence[Any]:
    """(id, unit, task, completion date, deadline then, round, as coordinator, instant received, is accepted) of reports that wait or
    were accepted.

    The oldest version first.
    """
    submissions = sa.inspect(Submission).local_table.c
    columns = [_raw(submissions.id), submissions.unit_code, submissions.task_code, submissions.completed_on, submissions.due_on]
    columns += [sa.func.coalesce(submissions.task_round, 1), submissions.as_coordinator, submissions.received_at]
    return _taken(session, taken, columns, submissions.task_code)


def reported(session: Session, plan: str, code: str | None = None) -> dict[tuple[str, str, int], datetime]:
    """When each unit last reported on each task, in each round, whatever became of it."""
    round_ = sa.func.coalesce(Submission.task_round, 1)
    asked = sa.select(col(Submission.task_code), col(Submission.unit_code), round_, sa.func.max(Submission.received_at))
    asked = asked.where(col(Submission.plan_code) == plan, col(Submission.task_code).is_not(None))
    if code is not None:
        asked = asked.where(col(Submission.task_code) == code)
    rows = session.connection().execute(asked.group_by(col(Submission.task_code), col(Submission.unit_code), round_)).all()
    return {(str(task), unit, number): received for task, unit, number, received in rows}


def _taken(session: Session, taken: Taken, columns: list[Any], subject: Any, *, corrected: bool = False) -> Sequence[Any]:
    submissions, decisions = sa.inspect(Submission).local_table, sa.inspect(Decision).local_table
    joined = submissions
    if taken.seq is not None:
        made, decided = ENTRIES.alias("made"), ENTRIES.alias("decided")
        known = sa.select(decisions.c.submission_id, decisions.c.outcome, decisions.c.figure).join(
            decided, decided.c.id == decisions.c.entry_id
        )
        decisions = known.where(decided.c.seq <= taken.seq).subquery()
        joined = joined.join(made, (made.c.id == submissions.c.entry_id) & (made.c.seq <= taken.seq))
    joined = joined.outerjoin(decisions, decisions.c.submission_id == submissions.c.id)
    is_accepted = sa.type_coerce(decisions.c.outcome == Outcome.ACCEPTED, sa.Integer)
    instead = [_raw(decisions.c.figure)] if corrected else []
    asked = (
        sa.select(*columns, *instead, is_accepted).select_from(joined).where(submissions.c.plan_code == taken.plan, subject.is_not(None))
    )
    asked = asked.where(decisions.c.outcome.is_(None) | (decisions.c.outcome == Outcome.ACCEPTED))
    if taken.units is not None:
        asked = asked.where(submissions.c.unit_code.in_(taken.units))
    if taken.task is not None:
        asked = asked.where(submissions.c.task_code == taken.task)
    if taken.closes_at is not None:
        asked = asked.where(submissions.c.received_at < taken.closes_at)
    return session.connection().execute(asked.order_by(submissions.c.version)).all()


def _raw(column: Any) -> Any:
    return sa.type_coerce(column, sa.String)


def arrivals(session: Session, plan: str) -> Sequence[tuple[str, datetime, date]]:
    """(unit, received at, last day) of every report that had one, as it was sent the first time."""
    rows = sa.inspect(Submission).local_table.c
    asked = sa.select(rows.unit_code, rows.received_at, rows.due_on).where(
        rows.plan_code == plan, rows.due_on.is_not(None), rows.version == 1
    )
    return [(unit, at, due_on) for unit, at, due_on in session.connection().execute(asked).all()]


def verdicts(session: Session, plan: str) -> Sequence[tuple[str, Outcome, bool, int]]:
    """(unit that appraised, outcome, whether another figure was accepted, how many)."""
    rows, decisions = sa.inspect(Submission).local_table.c, sa.inspect(Decision).local_table.c
    corrected = decisions.figure.is_not(None)
    asked = sa.select(decisions.by_unit_code, decisions.outcome, corrected, sa.func.count()).join_from(
        sa.inspect(Decision).local_table, sa.inspect(Submission).local_table, decisions.submission_id == rows.id
    )
    asked = asked.where(rows.plan_code == plan, decisions.outcome != Outcome.WITHDRAWN)
    grouped = asked.group_by(decisions.by_unit_code, decisions.outcome, corrected)
    return [
        (unit, outcome, bool(is_corrected), count) for unit, outcome, is_corrected, count in session.connection().execute(grouped).all()
    ]
