from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.queries import ENTRIES, text
from app.errors import NotFound
from app.evidence.models import EvidenceFile
from app.policy import Action, Actor
from app.progress.models import Decision, Submission, SubmissionEvidence
from app.progress.rules import Outcome, SubmissionState
from app.progress.schemas import SubmissionIn

Seen = tuple[Submission, Decision | None]


@dataclass(frozen=True)
class Asked:
    """What a list of reports is narrowed to."""

    plan: str | None = None
    unit: str | None = None
    indicator: str | None = None
    period: str | None = None
    task: str | None = None
    state: SubmissionState | None = None


def _with_decision() -> Any:
    return select(Submission, Decision).outerjoin(Decision, col(Decision.submission_id) == Submission.id)


def _within(asked: Any, actor: Actor) -> Any:
    """A report is seen by the sender's reach and by its appraiser's."""
    units = actor.units_for(Action.FACT_READ)
    if units is None:
        return asked
    return asked.where(col(Submission.unit_code).in_(units) | col(Submission.appraiser_code).in_(units))


def table(session: Session, actor: Actor, asked: Asked, after: UUID | None, limit: int) -> Sequence[Seen]:
    """Reports within reach, newest first, one more than `limit`."""
    found = _within(_with_decision(), actor)
    columns = {
        Submission.plan_code: asked.plan,
        Submission.unit_code: asked.unit,
        Submission.indicator_code: asked.indicator,
        Submission.period_code: asked.period,
        Submission.task_code: asked.task,
    }
    for column, wanted in columns.items():
        if wanted is not None:
            found = found.where(column == wanted)
    if asked.state is SubmissionState.WAITING:
        found = found.where(col(Decision.outcome).is_(None))
    elif asked.state is not None:
        found = found.where(Decision.outcome == Outcome(asked.state.value))
    if after is not None:
        found = found.where(col(Submission.id) < after)
    rows: Sequence[Seen] = session.exec(found.order_by(sa.desc(col(Submission.id))).limit(limit + 1)).all()
    return rows


def open_submission(session: Session, actor: Actor, submission_id: UUID, *, lock: bool = False) -> Seen:
    """One report within reach; a foreign one and a missing one are alike."""
    if lock:
        session.exec(select(Submission.id).where(Submission.id == submission_id).with_for_update()).one_or_none()
    found: Seen | None = session.exec(_within(_with_decision(), actor).where(Submission.id == submission_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def evidence_of(session: Session, ids: Collection[UUID]) -> dict[UUID, list[SubmissionEvidence]]:
    asked = select(SubmissionEvidence).where(col(SubmissionEvidence.submission_id).in_(ids)).order_by(sa.asc("number"))
    found: dict[UUID, list[SubmissionEvidence]] = {}
    for row in session.exec(asked).all():
        found.setdefault(row.submission_id, []).append(row)
    return found


def open_evidence(session: Session, actor: Actor, submission_id: UUID, number: int) -> EvidenceFile:
    """The file that a visible report cites; `NotFound` where the citation bears none."""
    open_submission(session, actor, submission_id)
    cited = session.get(SubmissionEvidence, (submission_id, number))
    file = session.get(EvidenceFile, cited.file_hash) if cited and cited.file_hash else None
    if file is None:
        raise NotFound
    return file


def next_version(session: Session, claim: SubmissionIn) -> int:
    """The number of the next claim about the same subject."""
    subject = _same_subject(claim.plan, claim.unit, claim.indicator, claim.period, claim.task)
    return (session.exec(select(sa.func.max(Submission.version)).where(*subject)).one() or 0) + 1


def is_superseded(session: Session, row: Submission) -> bool:
    """A newer claim waits or was accepted; one that was withdrawn or returned leaves the older one as it is."""
    subject = _same_subject(row.plan_code, row.unit_code, row.indicator_code, row.period_code, row.task_code)
    given_up = sa.exists().where(col(Decision.submission_id) == Submission.id, col(Decision.outcome) != Outcome.ACCEPTED)
    newer = select(Submission.id).where(*subject, Submission.version > row.version, ~given_up).limit(1)
    return session.exec(newer).one_or_none() is not None


def _same_subject(plan: str, unit: str, indicator: str | None, period: str | None, task: str | None) -> tuple[Any, ...]:
    subject = (Submission.plan_code == plan, Submission.unit_code == unit)
    if task is not None:
        return (*subject, Submission.task_code == task)
    return (*subject, Submission.indicator_code == indicator, Submission.period_code == period)


def reason(session: Session, decision: Decision | None) -> str | None:
    return text(session, decision.reason_commitment) if decision else None


@dataclass(frozen=True)
class Taken:
    """Which reports an engine takes: of a plan, of `units` (None: all), received before `closes_at`, known at `seq`."""

    plan: str
    units: Collection[str] | None = None
    closes_at: datetime | None = None
    seq: int | None = None


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


def completions(session: Session, taken: Taken) -> Sequence[Any]:
    """(id, unit, task, completion date, deadline then, round, instant received, is accepted) of reports that wait or were accepted.

    The oldest version first.
    """
    submissions = sa.inspect(Submission).local_table.c
    columns = [_raw(submissions.id), submissions.unit_code, submissions.task_code, submissions.completed_on, submissions.due_on]
    columns += [sa.func.coalesce(submissions.task_round, 1), submissions.received_at]
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
    if taken.closes_at is not None:
        asked = asked.where(submissions.c.received_at < taken.closes_at)
    return session.connection().execute(asked.order_by(submissions.c.version)).all()


def _raw(column: Any) -> Any:
    return sa.type_coerce(column, sa.String)
