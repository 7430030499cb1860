from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.errors import Invalid, NotAllowed, Problem, Stale
from app.evidence.queries import check_held
from app.indicators.queries import open_indicator
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.progress import queries
from app.progress.aims import Aim, Known, check_figure, open_aim
from app.progress.models import Decision, Submission, SubmissionEvidence
from app.progress.rules import Outcome, is_late, version_of
from app.progress.schemas import SubmissionIn
from app.tables import add, add_all, canonical, new_id
from app.tasks.queries import newest
from app.units.queries import lock_units
from app.units.rules import is_open


class AlreadyReviewed(Problem):
    status, slug = 409, "already-reviewed"


class Superseded(Problem):
    status, slug = 409, "superseded"


class OwnWork(Problem):
    """Nobody appraises what their own unit reported."""

    status, slug = 403, "own-work"


class Taken(NamedTuple):
    """A report as it was made, with what it cites."""

    row: Submission
    evidence: list[SubmissionEvidence]


def submit(session: Session, actor: Actor, *, claims: list[SubmissionIn], at_root: bool = True) -> list[Taken]:
    """Báo cáo, one or many, all or none. Late ones are taken and marked; only a closed plan takes no more."""
    made: list[Taken] = []
    for number, line in enumerate(_lines(session, actor, claims)):
        if isinstance(line, Problem):
            raise line if at_root else line.in_line(number)
        made.append(line)
    _insert(session, made)
    return made


def submit_each(session: Session, actor: Actor, *, claims: list[SubmissionIn]) -> list[Taken | Problem]:
    """Báo cáo, line by line: what can be taken is taken, what cannot is refused by itself."""
    lines = list(_lines(session, actor, claims))
    _insert(session, [line for line in lines if isinstance(line, Taken)])
    return lines


def _lines(session: Session, actor: Actor, claims: list[SubmissionIn]) -> Iterator[Taken | Problem]:
    lock_units(session, {claim.unit for claim in claims if actor.may(Action.PROGRESS_SUBMIT, claim.unit)})
    known, last = Known(session), queries.last_versions(session, claims)
    for claim in claims:
        try:
            aim = _checked(actor, known, claim)
        except Problem as refusal:
            yield refusal
            continue
        subject = queries.subject_of(claim)
        last[subject] = last.get(subject, 0) + 1
        row = _claimed(session, actor, claim, aim, last[subject])
        cited = [(number, one.file, one.model_dump(exclude={"file"})) for number, one in enumerate(claim.evidence, 1)]
        yield Taken(row, [SubmissionEvidence(submission_id=row.id, number=n, file_hash=file, **more) for n, file, more in cited])


def _insert(session: Session, made: list[Taken]) -> None:
    """All at once; evidence after the reports that it stands behind."""
    if made:
        add_all(session, [one.row for one in made])
        session.add_all(cited for one in made for cited in one.evidence)
        session.flush()


def _checked(actor: Actor, known: Known, claim: SubmissionIn) -> Aim:
    """Everything that may be refused, before anything is made."""
    actor.require(Action.PROGRESS_SUBMIT, claim.unit)
    known.plan(claim.plan)
    unit = known.unit(claim.unit)
    if not is_open(unit.opens_on, unit.closes_on, known.today):
        raise Invalid("#/unit", "unit-not-open")
    aim = open_aim(known, claim)
    for number, cited in enumerate(claim.evidence):
        if cited.file is not None:
            check_held(known.session, cited.file, claim.unit, f"#/evidence/{number}/file")
    return aim


def _claimed(session: Session, actor: Actor, claim: SubmissionIn, aim: Aim, version: int) -> Submission:
    identifier, note = new_id(), audit.keep_text(session, claim.note)
    content = _content(claim, version, note, aim.appraiser)
    return Submission(
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
        as_coordinator=aim.as_coordinator,
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
    if verdict.outcome is Outcome.ACCEPTED and decision is None and row.id in queries.superseded(session, [row.id]):
        raise Superseded
    _check_correction(session, row, verdict)
    return _decide(session, actor, seen, expected, verdict)


def _check_correction(session: Session, row: Submission, verdict: _Verdict) -> None:
    """Another figure than the one claimed, with a reason, of a report that has one."""
    if verdict.figure is None:
        return
    if row.figure is None or verdict.figure == row.figure:
        raise Invalid("#/figure", "no-figure" if row.figure is None else "same-figure")
    check_figure(open_indicator(session, row.plan_code, str(row.indicator_code)), verdict.figure)
    if verdict.reason is None:
        raise Invalid("#/reason", "missing")


def _decide(session: Session, actor: Actor, seen: queries.Seen, expected: int, verdict: _Verdict) -> Submission:
    row, earlier = seen
    outcome = verdict.outcome
    open_to_record(session, row.plan_code)
    if row.task_code is not None:
        newest(session, row.plan_code, row.task_code, lock=True)  # whoever suspends or recalls it waits, or we do
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
