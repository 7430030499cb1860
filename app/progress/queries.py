from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
    subject = _same_subject(row.plan_code, row.unit_code, row.indicator_code, row.period_code, row.task_code)
    newer = select(Submission.id).where(*subject, Submission.version > row.version).limit(1)
    return session.exec(newer).one_or_none() is not None


def _same_subject(plan: str, unit: str, indicator: str | None, period: str | None, task: str | None) -> tuple[Any, ...]:
    subject = (Submission.plan_code == plan, Submission.unit_code == unit)
    if task is not None:
        return (*subject, Submission.task_code == task)
    return (*subject, Submission.indicator_code == indicator, Submission.period_code == period)


def reason(session: Session, decision: Decision | None) -> str | None:
    return text(session, decision.reason_commitment) if decision else None


def claims(session: Session, plan: str, units: Collection[str] | None, seq: int | None) -> Sequence[Any]:
    """Rows for the engine, oldest version first, as known at a trail position.

    Columns: those of `CLAIM_COLUMNS`, then the outcome and for which unit it was decided (both None while waiting).
    Core rows, not objects: a cold board reads half a million of them.
    """
    submissions, decisions = sa.inspect(Submission).local_table, sa.inspect(Decision).local_table
    joined = submissions
    if seq is not None:
        made, decided = ENTRIES.alias("made"), ENTRIES.alias("decided")
        decisions = sa.select(decisions).join(decided, decided.c.id == decisions.c.entry_id).where(decided.c.seq <= seq).subquery()
        joined = joined.join(made, (made.c.id == submissions.c.entry_id) & (made.c.seq <= seq))
    joined = joined.outerjoin(decisions, decisions.c.submission_id == submissions.c.id)
    columns = [submissions.c[name] for name in CLAIM_COLUMNS]
    asked = sa.select(*columns, decisions.c.outcome, decisions.c.by_unit_code).select_from(joined).where(submissions.c.plan_code == plan)
    if units is not None:
        asked = asked.where(submissions.c.unit_code.in_(units))
    return session.connection().execute(asked.order_by(submissions.c.version)).all()


CLAIM_COLUMNS = ("id", "unit_code", "indicator_code", "period_code", "task_code", "figure", "completed_on", "received_at", "is_late")
