"""What was claimed before about the same subjects, and what of the rest is kept: all that a new report needs to know, in one question."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import Session

from app.audit.queries import HEAD, changed_since, kept_position, standing
from app.calendar.queries import calendar
from app.calendar.rules import Calendar
from app.kept import Standing
from app.progress.models import Decision, Submission
from app.progress.queries import Series, Subject
from app.progress.rules import Near, Outcome, is_excused
from app.progress.schemas import SubmissionIn

Moment = TypeVar("Moment", date, datetime)


class Last(NamedTuple):
    """Where the claims about a subject have come to."""

    version: int = 0
    supplement_due_on: date | None = None
    """One that came in time was returned, and may be sent anew until then."""
    returned_at: datetime | None = None
    has_outturn: bool = False
    """One that is no estimate waits or was accepted."""


@dataclass
class Past:
    """What was claimed before, about the subjects of some claims and others beside them."""

    last: dict[Subject, Last] = field(default_factory=dict)
    figures: dict[Series, dict[str, Decimal | str]] = field(default_factory=dict)
    """By period, of those that wait or were accepted; as the driver gives them, for most are never looked at."""

    def stands(self, subject: Subject, figure: Decimal | str | None) -> None:
        plan, unit, indicator, period, _ = subject
        if indicator is not None and period is not None and figure is not None:
            self.figures.setdefault((plan, unit, indicator), {})[period] = figure

    def near(self, subject: Subject, target: Decimal | None) -> Near:
        plan, unit, indicator, period, _ = subject
        series = self.figures.get((plan, unit, str(indicator)), {})
        earlier, later = [one for one in series if one < str(period)], [one for one in series if one > str(period)]
        before, after = (Decimal(series[one]) if one else None for one in (max(earlier, default=None), min(later, default=None)))
        return Near(before, after, target)


_NAMED = ("plan", "unit", "indicator", "task")


def _asking_past() -> Any:
    """The trail's head, and beside it every report about what is named; made once, for building it costs as much as asking."""
    rows, decisions = sa.inspect(Submission).local_table, sa.inspect(Decision).local_table
    columns = [rows.c[f"{name}_code"] for name in ("plan", "unit", "indicator", "period", "task")]
    judged_at = sa.func.coalesce(rows.c.prepared_at, rows.c.received_at)
    is_returned, is_supplement = decisions.c.outcome == Outcome.RETURNED, decisions.c.supplement_due_on.is_not(None)
    known = (rows.c.version, rows.c.is_estimate, sa.type_coerce(decisions.c.outcome, sa.String).label("outcome"))
    figure = sa.type_coerce(sa.func.coalesce(decisions.c.figure, rows.c.figure), sa.String)
    returned_at = sa.case((is_returned, decisions.c.decided_at))
    supplement = (
        decisions.c.supplement_due_on,
        rows.c.is_late,
        sa.case((is_supplement, judged_at)),
        sa.case((is_supplement, rows.c.due_on)),
    )
    plan, unit, indicator, task = (rows.c[f"{name}_code"].in_(sa.bindparam(name, expanding=True)) for name in _NAMED)
    joined = HEAD.outerjoin(rows, plan & unit & (indicator | task)).outerjoin(decisions, decisions.c.submission_id == rows.c.id)
    asked = sa.select(*columns, *known, figure, returned_at, *supplement, HEAD.c.size, changed_since())
    return asked.select_from(joined).order_by(rows.c.version)


_PAST = _asking_past()


def past(session: Session, claims: Collection[SubmissionIn]) -> tuple[Past, Standing]:
    """What was claimed before, and what is kept of units, plans, indicators, targets and days: one question for all."""
    since = kept_position(session)
    about = {name: sorted({value for claim in claims if (value := getattr(claim, name))}) for name in _NAMED}
    rows = session.connection().execute(_PAST, {"since": since, **about}).all()
    known = standing(session, since, rows[0].size, has_changed=rows[0].has_changed)
    return _past((row for row in rows if row.version is not None), partial(days, session, known)), known


def days(session: Session, known: Standing) -> Calendar:
    return known.of("days", [None], lambda _: {None: calendar(session)})[None]


def _past(rows: Iterable[Any], days: Callable[[], Calendar]) -> Past:
    """`days` is asked where an outage may excuse."""
    found = Past()
    for *subject, version, is_estimate, outcome, figure, returned_at, supplement_due_on, is_late, judged_at, due_on, _, _ in rows:
        about, until = cast("Subject", tuple(subject)), None
        if supplement_due_on is not None and (not is_late or is_excused(judged_at, due_on, days())):
            until = supplement_due_on
        before, is_standing = found.last.get(about, Last()), outcome in _STANDING
        found.last[about] = Last(
            version=version,
            supplement_due_on=_later(before.supplement_due_on, until),
            returned_at=_later(before.returned_at, returned_at),
            has_outturn=before.has_outturn or (is_standing and not is_estimate),
        )
        if is_standing:
            found.stands(about, figure)
    return found


_STANDING = (None, Outcome.ACCEPTED)


def _later(one: Moment | None, other: Moment | None) -> Moment | None:
    return max(one, other) if one is not None and other is not None else one or other
