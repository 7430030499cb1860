from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app import clock
from app.audit.rules import Subject as TrailSubject
from app.audit.rules import instant_text, unit_scope
from app.calendar.queries import calendar
from app.errors import NotFound
from app.policy import Action, Actor
from app.progress.models import Decision, SignOff, Submission, SubmissionEvidence, SubmissionObjection
from app.progress.rules import Outcome, SubmissionState
from app.progress.schemas import SubmissionIn
from app.tables import canonical

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
    signed: bool | None = None


def _with_decision() -> Any:
    return select(Submission, Decision).outerjoin(Decision, col(Decision.submission_id) == Submission.id)


def within(asked: Any, actor: Actor) -> Any:
    return asked.where(is_within(actor))


def is_within(actor: Actor) -> Any:
    """A report is seen by the reach of its unit, of its appraiser and of who supplied it."""
    units = actor.units_for(Action.FACT_READ)
    if units is None:
        return sa.true()
    columns = (Submission.unit_code, Submission.appraiser_code, Submission.supplier_code)
    return sa.or_(*(col(column).in_(units) for column in columns))


def table(session: Session, actor: Actor, asked: Asked, after: UUID | None, limit: int) -> Sequence[Seen]:
    """Reports within reach, newest first, one more than `limit`."""
    found = within(_with_decision(), actor)
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
    if asked.signed is not None:
        has_signature = sa.exists().where(col(SignOff.submission_id) == Submission.id)
        found = found.where(has_signature if asked.signed else ~has_signature)
    if after is not None:
        found = found.where(col(Submission.id) < after)
    rows: Sequence[Seen] = session.exec(found.order_by(sa.desc(col(Submission.id))).limit(limit + 1)).all()
    return rows


def open_submission(session: Session, actor: Actor, submission_id: UUID, *, lock: bool = False) -> Seen:
    """One report within reach; a foreign one and a missing one are alike."""
    if lock:
        session.exec(select(Submission.id).where(Submission.id == submission_id).with_for_update()).one_or_none()
    found: Seen | None = session.exec(within(_with_decision(), actor).where(Submission.id == submission_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def some(session: Session, ids: Collection[UUID]) -> Sequence[Seen]:
    """These reports, for whoever has just acted on them."""
    rows: Sequence[Seen] = session.exec(_with_decision().where(col(Submission.id).in_(ids))).all()
    return rows


def evidence_of(session: Session, ids: Collection[UUID]) -> dict[UUID, list[SubmissionEvidence]]:
    asked = select(SubmissionEvidence).where(col(SubmissionEvidence.submission_id).in_(ids)).order_by(sa.asc("number"))
    found: dict[UUID, list[SubmissionEvidence]] = {}
    for row in session.exec(asked).all():
        found.setdefault(row.submission_id, []).append(row)
    return found


def sign_offs(session: Session, ids: Collection[UUID]) -> dict[UUID, SignOff]:
    """The newest of each."""
    asked = select(SignOff).where(col(SignOff.submission_id).in_(ids)).order_by(sa.asc("version"))
    return {row.submission_id: row for row in session.exec(asked).all()}


def objections(session: Session, ids: Collection[UUID]) -> dict[UUID, SubmissionObjection]:
    """What stands against each: said about it, or about an earlier figure of the same subject and answered by no decision in between."""
    if not ids:
        return {}
    heard, since = aliased(Submission), aliased(Submission)

    def same(other: Any) -> list[Any]:
        return [getattr(other, name) == getattr(Submission, name) for name in ("plan_code", "unit_code", "indicator_code", "period_code")]

    between = (*same(since), col(since.version) >= heard.version, col(since.version) < Submission.version)
    is_answered = sa.exists().where(col(Decision.submission_id) == since.id, *between)
    asked: Any = select(Submission.id, SubmissionObjection).join(heard, sa.and_(*same(heard), col(heard.version) <= Submission.version))
    asked = asked.join(SubmissionObjection, col(SubmissionObjection.submission_id) == heard.id)
    return dict(session.exec(asked.where(col(Submission.id).in_(ids), ~is_answered).order_by(col(heard.version))).all())


def may_still_object(session: Session, row: Submission) -> bool:
    """While the days run; an outage moves the last of them."""
    return row.objection_until is not None and clock.today(session) <= calendar(session).moved(row.objection_until)


def scope(row: Any) -> list[str]:
    """Whose feed and history a report belongs to: the unit's, the appraiser's, the supplier's."""
    return [unit_scope(code) for code in (row.unit_code, row.appraiser_code, row.supplier_code) if code is not None]


Subject = tuple[str, str, str | None, str | None, str | None]
"""Plan, unit, indicator and period, or task: what the versions of a claim are about."""
Series = tuple[str, str, str]
"""Plan, unit and indicator: what is reported period by period."""


def subject_of(claim: SubmissionIn) -> Subject:
    return (claim.plan, claim.unit, claim.indicator, claim.period, claim.task)


def subject_of_row(row: Submission) -> Subject:
    return (row.plan_code, row.unit_code, row.indicator_code, row.period_code, row.task_code)


def content(row: Any, evidence: Sequence[Any]) -> dict[str, object]:
    """What the trail's digest of a report covers, from its rows alone: whoever has them can tell that nothing was changed since."""
    cited = [
        {
            "document_number": one.document_number,
            "document_date": one.document_date.isoformat(),
            "issuer": one.issuer,
            "file": one.file_hash,
        }
        for one in evidence
    ]
    return {
        "plan": row.plan_code,
        "unit": row.unit_code,
        "indicator": row.indicator_code,
        "period": row.period_code,
        "figure": None if row.figure is None else canonical(row.figure),
        "task": row.task_code,
        "completed_on": None if row.completed_on is None else row.completed_on.isoformat(),
        "evidence": cited,
        "synthetic": row.is_synthetic,
        "note": row.note_commitment,
        "version": row.version,
        "appraiser": row.appraiser_code,
        **({"estimate": True} if row.is_estimate else {}),
        **({"supplier": row.supplier_code, "objection_until": str(row.objection_until)} if row.supplier_code is not None else {}),
        **({} if row.sent_at is None else {"sent_at": instant_text(row.sent_at)}),
        **({} if row.prepared_at is None else {"prepared_at": instant_text(row.prepared_at)}),
    }


def trail_subject(submission_id: UUID) -> TrailSubject:
    return TrailSubject("submission", str(submission_id))


def accepted_before(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those before which a claim about the same subject was accepted."""
    older, decision = aliased(Submission), aliased(Decision)
    accepted = sa.exists().where(col(decision.submission_id) == older.id, col(decision.outcome) == Outcome.ACCEPTED)
    return _beside(session, ids, older, col(older.version) < Submission.version, accepted)


def superseded(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those after which a newer claim waits or was accepted; one that was withdrawn or returned leaves the older one as it is."""
    newer, decision = aliased(Submission), aliased(Decision)
    given_up = sa.exists().where(col(decision.submission_id) == newer.id, col(decision.outcome) != Outcome.ACCEPTED)
    return _beside(session, ids, newer, col(newer.version) > Submission.version, ~given_up)


def _beside(session: Session, ids: Collection[UUID], other: Any, *where: Any) -> set[UUID]:
    """Those of these reports beside which there is another about the same subject, of which `where` is true."""
    named = (other.plan_code == Submission.plan_code, other.unit_code == Submission.unit_code, *where)
    about_task = sa.exists().where(*named, other.task_code == Submission.task_code)
    about_figure = sa.exists().where(*named, other.indicator_code == Submission.indicator_code, other.period_code == Submission.period_code)
    return set(session.exec(select(Submission.id).where(col(Submission.id).in_(ids), about_task | about_figure)).all())
