from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.errors import Invalid, NotAllowed, Problem, Stale
from app.evidence.queries import check_held
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.progress import queries
from app.progress.aims import open_aim
from app.progress.models import Decision, Submission, SubmissionEvidence
from app.progress.rules import Outcome, is_late, version_of
from app.progress.schemas import SubmissionIn
from app.tables import add, canonical, new_id
from app.units.queries import lock_units, unit_as_it_stands
from app.units.rules import is_open


class AlreadyReviewed(Problem):
    status, slug = 409, "already-reviewed"


class Superseded(Problem):
    status, slug = 409, "superseded"


class OwnWork(Problem):
    """Nobody appraises what their own unit reported."""

    status, slug = 403, "own-work"


def submit(session: Session, actor: Actor, *, claims: list[SubmissionIn], at_root: bool = True) -> list[Submission]:
    """Báo cáo, one or many, all or none. Late ones are taken and marked; only a closed plan takes no more."""
    for claim in claims:
        actor.require(Action.PROGRESS_SUBMIT, claim.unit)
    lock_units(session, {claim.unit for claim in claims})
    return [_submit_one(session, actor, claim, "#" if at_root else f"#/{number}") for number, claim in enumerate(claims)]


def _submit_one(session: Session, actor: Actor, claim: SubmissionIn, root: str) -> Submission:
    plan = open_to_record(session, claim.plan, pointer=f"{root}/plan")
    unit = unit_as_it_stands(session, claim.unit)
    if not is_open(unit.opens_on, unit.closes_on, clock.today(session)):
        raise Invalid(f"{root}/unit", "unit-not-open")
    aim = open_aim(session, claim, plan.year, root)
    identifier, version, note = new_id(), queries.next_version(session, claim), audit.keep_text(session, claim.note)
    content = _content(claim, version, note, aim.appraiser)
    row = Submission(
        id=identifier,
        plan_code=claim.plan,
        unit_code=claim.unit,
        indicator_code=claim.indicator,
        period_code=claim.period,
        task_code=claim.task,
        version=version,
        appraiser_code=aim.appraiser,
        figure=claim.figure,
        completed_on=claim.completed_on,
        task_round=aim.task_round,
        due_on=aim.due_on if claim.task is not None else None,
        note_commitment=note,
        received_at=clock.at(session),
        is_late=is_late(clock.at(session), aim.expires_at),
        is_outside_window=any(not aim.covers(cited.document_date) for cited in claim.evidence),
        sender_kind=actor.kind,
        sender_id=actor.id,
        is_synthetic=claim.synthetic,
        entry_id=audit.record(
            session, actor, "progress.submitted", _subject(identifier), [unit_scope(claim.unit), unit_scope(aim.appraiser)], content
        ),
    )
    add(session, row)
    for number, cited in enumerate(claim.evidence, 1):
        if cited.file is not None:
            check_held(session, cited.file, claim.unit, f"{root}/evidence/{number - 1}/file")
        fields = cited.model_dump(exclude={"file"})
        session.add(SubmissionEvidence(submission_id=row.id, number=number, file_hash=cited.file, **fields))
    session.flush()
    return row


def _content(claim: SubmissionIn, version: int, note: str | None, appraiser: str) -> dict[str, object]:
    sent = claim.model_dump(mode="json", exclude={"note"})
    return {**sent, "note": note, "version": version, "appraiser": appraiser}


def accept(
    session: Session, actor: Actor, *, submission_id: UUID, expected: int, figure: Decimal | None = None, reason: str | None = None
) -> Submission:
    """Chấp nhận, hoặc chấp nhận với số điều chỉnh, nêu lý do. It counts from the next read on; the claim stays as it was sent."""
    return _review(session, actor, submission_id, expected, _Verdict(Outcome.ACCEPTED, reason, figure))


def return_for_correction(session: Session, actor: Actor, *, submission_id: UUID, expected: int, reason: str) -> Submission:
    """Trả lại, nêu lý do. The unit reports anew; nothing is edited."""
    return _review(session, actor, submission_id, expected, _Verdict(Outcome.RETURNED, reason))


def withdraw(session: Session, actor: Actor, *, submission_id: UUID, expected: int) -> Submission:
    """Thu hồi, by the unit that sent it, while nobody has decided."""
    seen = queries.open_submission(session, actor, submission_id, lock=True)
    actor.require(Action.PROGRESS_SUBMIT, seen[0].unit_code)
    return _decide(session, actor, seen, expected, _Verdict(Outcome.WITHDRAWN))


class _Verdict(NamedTuple):
    outcome: Outcome
    reason: str | None = None
    figure: Decimal | None = None
    """Accepted instead of what was claimed."""


def _review(session: Session, actor: Actor, submission_id: UUID, expected: int, verdict: _Verdict) -> Submission:
    seen = row, decision = queries.open_submission(session, actor, submission_id, lock=True)
    if actor.id == row.sender_id or not actor.may(Action.PROGRESS_REVIEW, row.appraiser_code):
        own = actor.id == row.sender_id or actor.may(Action.PROGRESS_REVIEW, row.unit_code)
        raise OwnWork if own else NotAllowed
    if any(grant.unit == row.unit_code for grant in actor.grants):
        raise OwnWork
    if verdict.outcome is Outcome.ACCEPTED and decision is None and queries.is_superseded(session, row):
        raise Superseded
    _check_correction(row, verdict)
    return _decide(session, actor, seen, expected, verdict)


def _check_correction(row: Submission, verdict: _Verdict) -> None:
    """Another figure than the one claimed, with a reason, of a report that has one."""
    if verdict.figure is None:
        return
    if row.figure is None or verdict.figure == row.figure:
        raise Invalid("#/figure", "no-figure" if row.figure is None else "same-figure")
    if verdict.reason is None:
        raise Invalid("#/reason", "missing")


def _decide(session: Session, actor: Actor, seen: queries.Seen, expected: int, verdict: _Verdict) -> Submission:
    row, earlier = seen
    outcome = verdict.outcome
    open_to_record(session, row.plan_code)
    if version_of(earlier.outcome if earlier else None) != expected:
        raise Stale
    if earlier is not None:
        raise AlreadyReviewed
    by_unit = row.unit_code if outcome is Outcome.WITHDRAWN else row.appraiser_code
    reason = audit.keep_text(session, verdict.reason)
    content = {"outcome": outcome, "by_unit": by_unit, "reason": reason}
    if verdict.figure is not None:
        content["figure"] = canonical(verdict.figure)
    made = Decision(
        submission_id=row.id,
        outcome=outcome,
        unit_code=row.unit_code,
        appraiser_code=row.appraiser_code,
        by_unit_code=by_unit,
        decider_kind=actor.kind,
        decider_id=actor.id,
        figure=verdict.figure,
        reason_commitment=reason,
        decided_at=clock.at(session),
        entry_id=audit.record(session, actor, f"progress.{outcome.value}", _subject(row.id), _scope(row), content),
    )
    add(session, made, {"pk_submission_decision": AlreadyReviewed()})
    return row


def _scope(row: Submission) -> list[str]:
    """Whose feed and history it belongs to: the sender's and the appraiser's."""
    return [unit_scope(row.unit_code), unit_scope(row.appraiser_code)]


def _subject(submission_id: UUID) -> Subject:
    return Subject("submission", str(submission_id))
