"""Ý kiến: what a unit says against a figure that another unit supplied for it, before that figure counts."""

from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.errors import Problem
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.progress import queries
from app.progress.models import SubmissionObjection
from app.tables import add


class NoObjection(Problem):
    """The unit reported it itself, it was decided or superseded, the days are over, or the unit has objected already."""

    status, slug = 409, "no-objection"


def object_to(session: Session, actor: Actor, *, submission_id: UUID, reason: str) -> SubmissionObjection:
    """Nêu ý kiến, once, while the days run. The appraiser hears it before deciding, and answers with a reason."""
    row, decision = queries.open_submission(session, actor, submission_id, lock=True)
    actor.require(Action.PROGRESS_SUBMIT, row.unit_code)
    open_to_record(session, row.plan_code)
    if decision is not None or not queries.may_still_object(session, row) or queries.superseded(session, [row.id]):
        raise NoObjection
    said = str(audit.keep_text(session, reason))
    made = SubmissionObjection(
        submission_id=row.id,
        reason_commitment=said,
        objector_kind=actor.kind,
        objector_id=actor.id,
        objected_at=clock.at(session),
        entry_id=audit.record(session, actor, "progress.objected", queries.trail_subject(row.id), queries.scope(row), {"reason": said}),
    )
    return add(session, made, {"pk_submission_objection": NoObjection()})
