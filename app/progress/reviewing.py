"""What becomes of a report: accepted, accepted with another figure, returned, withdrawn; one, or many for one reason."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.errors import Invalid, NotAllowed, NotFound, Problem, Stale
from app.indicators.queries import open_indicator
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.progress import queries
from app.progress.aims import check_figure
from app.progress.models import Decision, Submission
from app.progress.rules import Outcome, version_of
from app.progress.schemas_deciding import DecisionsIn
from app.tables import add, canonical
from app.tasks.queries import newest


class AlreadyReviewed(Problem):
    status, slug = 409, "already-reviewed"


class Superseded(Problem):
    status, slug = 409, "superseded"


class OwnWork(Problem):
    """Nobody appraises what their own unit reported."""

    status, slug = 403, "own-work"


class ObjectionRuns(Problem):
    """The unit may still object to the figure that was supplied for it."""

    status, slug = 409, "objection-runs"


def accept(
    session: Session, actor: Actor, *, submission_id: UUID, expected: int, figure: Decimal | None = None, reason: str | None = None
) -> Submission:
    """Chấp nhận, hoặc chấp nhận với số điều chỉnh, nêu lý do. It counts from the next read on; the claim stays as it was sent."""
    return _review(session, actor, submission_id, expected, _Said(Outcome.ACCEPTED, reason, figure))


def return_for_correction(
    session: Session, actor: Actor, *, submission_id: UUID, expected: int, reason: str, supplement_by: date | None = None
) -> Submission:
    """Trả lại, nêu lý do. The unit reports anew, until `supplement_by` as if the first time; nothing is edited."""
    return _review(session, actor, submission_id, expected, _Said(Outcome.RETURNED, reason, supplement_by=supplement_by))


def decide_many(session: Session, actor: Actor, *, sent: DecisionsIn) -> list[Submission]:
    """Chấp nhận hoặc trả lại nhiều báo cáo với một lý do, all or none."""
    actor.require(Action.PROGRESS_REVIEW)
    if sent.outcome is Outcome.WITHDRAWN:
        raise Invalid("#/outcome", "not-a-choice")
    made = []
    for number, one in sorted(enumerate(sent.submissions), key=lambda numbered: numbered[1].id):  # so that two never wait for each other
        said = _Said(sent.outcome, sent.reason, one.figure, sent.supplement_by)
        try:
            made.append(_review(session, actor, one.id, one.version, said))
        except NotFound:
            raise Invalid(f"#/submissions/{number}/id", "no-such-report") from None
        except Problem as refusal:
            if refusal.pointer not in {"#/supplement_by", "#/reason"}:
                refusal.pointer = f"#/submissions/{number}{(refusal.pointer or '#').removeprefix('#')}"
            raise
    return made


def withdraw(session: Session, actor: Actor, *, submission_id: UUID, expected: int) -> Submission:
    """Thu hồi, by the unit that sent it, while nobody has decided."""
    seen = queries.open_submission(session, actor, submission_id, lock=True)
    actor.require(Action.PROGRESS_SUBMIT, seen[0].unit_code)
    if seen[0].supplier_code is not None:
        raise NotAllowed
    return _decide(session, actor, seen, expected, _Said(Outcome.WITHDRAWN))


class _Said(NamedTuple):
    outcome: Outcome
    reason: str | None = None
    figure: Decimal | None = None
    """Accepted instead of what was claimed."""
    supplement_by: date | None = None


def _review(session: Session, actor: Actor, submission_id: UUID, expected: int, said: _Said) -> Submission:
    seen = row, decision = queries.open_submission(session, actor, submission_id, lock=True)
    if actor.id == row.sender_id or not actor.may(Action.PROGRESS_REVIEW, row.appraiser_code):
        own = actor.id == row.sender_id or actor.may(Action.PROGRESS_REVIEW, row.unit_code)
        raise OwnWork if own else NotAllowed
    if any(actor.belongs_to(unit) for unit in (row.unit_code, row.supplier_code) if unit is not None):
        raise OwnWork
    if said.outcome is Outcome.ACCEPTED and decision is None and row.id in queries.superseded(session, [row.id]):
        raise Superseded
    _check_said(session, row, said)
    if said.outcome is Outcome.ACCEPTED and decision is None and row.objection_until is not None:
        _check_objection(session, row, said)
    return _decide(session, actor, seen, expected, said)


def _check_objection(session: Session, row: Submission, said: _Said) -> None:
    """A unit is heard before a figure that another supplied counts; over its objection, the reason is the answer.

    That the supplier sent the figure again answers nothing.
    """
    objection = queries.objections(session, [row.id]).get(row.id)
    if (objection is None or objection.submission_id != row.id) and queries.may_still_object(session, row):
        raise ObjectionRuns
    if objection is not None and said.reason is None:
        raise Invalid("#/reason", "missing")


def _check_said(session: Session, row: Submission, said: _Said) -> None:
    """A return says why, and may name a day that is not over; another figure than the one claimed is accepted with a reason."""
    accepts = said.outcome is Outcome.ACCEPTED
    if said.reason is None and (not accepts or said.figure is not None):
        raise Invalid("#/reason", "missing")
    if said.supplement_by is not None and (accepts or said.supplement_by < clock.today(session)):
        raise Invalid("#/supplement_by", "of-a-return" if accepts else "is-over")
    if said.figure is None:
        return
    if not accepts:
        raise Invalid("#/figure", "of-an-acceptance")
    if row.figure is None or said.figure == row.figure:
        raise Invalid("#/figure", "no-figure" if row.figure is None else "same-figure")
    check_figure(open_indicator(session, row.plan_code, str(row.indicator_code)), said.figure)


def _decide(session: Session, actor: Actor, seen: queries.Seen, expected: int, said: _Said) -> Submission:
    row, earlier = seen
    outcome = said.outcome
    open_to_record(session, row.plan_code)
    if row.task_code is not None:
        newest(session, row.plan_code, row.task_code, lock=True)  # whoever suspends or recalls it waits, or we do
    if version_of(earlier.outcome if earlier else None) != expected:
        raise Stale
    if earlier is not None:
        raise AlreadyReviewed
    by_unit = row.unit_code if outcome is Outcome.WITHDRAWN else row.appraiser_code
    reason = audit.keep_text(session, said.reason)
    content = {"outcome": outcome, "by_unit": by_unit, "reason": reason}
    if said.supplement_by is not None:
        content["supplement_by"] = said.supplement_by.isoformat()
    if said.figure is not None:
        content["figure"] = canonical(said.figure)
    made = Decision(
        submission_id=row.id,
        outcome=outcome,
        unit_code=row.unit_code,
        appraiser_code=row.appraiser_code,
        by_unit_code=by_unit,
        decider_kind=actor.kind,
        decider_id=actor.id,
        figure=said.figure,
        supplement_due_on=said.supplement_by,
        reason_commitment=reason,
        decided_at=clock.at(session),
        entry_id=audit.record(session, actor, f"progress.{outcome.value}", queries.trail_subject(row.id), queries.scope(row), content),
    )
    add(session, made, {"pk_submission_decision": AlreadyReviewed()})
    return row
