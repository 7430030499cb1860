from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.collector import resting
from app.errors import Problem
from app.policy import Action, Actor
from app.progress import queries
from app.progress.aims import Aim, Known, checked
from app.progress.citing import Subjects, subject_text
from app.progress.models import Submission, SubmissionEvidence
from app.progress.past import Last
from app.progress.rules import Doubt, is_late
from app.progress.schemas import SubmissionIn
from app.tables import insert_all, new_id
from app.units.queries import lock_units

MANY = 100
"""Reports, beyond which it pays to let the collector rest."""


class Taken(NamedTuple):
    """A report as it was made, with what it cites."""

    row: Any
    """With the columns of `Submission`, but no object of the session."""
    evidence: list[Any]
    """With those of `SubmissionEvidence`."""
    cited: Subjects
    """What the files of the whole call stand behind, these reports included."""


def submit(
    session: Session, actor: Actor, *, claims: list[SubmissionIn], at_root: bool = True, prepared: Sequence[datetime] = ()
) -> list[Taken]:
    """Báo cáo, one or many, all or none. Late ones are taken and marked; only a closed plan takes no more.

    `prepared` says of each when its draft was last changed, where it is sent by whoever signs it.
    """
    made: list[Taken] = []
    with resting(len(claims) > MANY):
        for number, line in enumerate(_lines(session, actor, claims, prepared)):
            if isinstance(line, Problem):
                raise line if at_root else line.in_line(number)
            made.append(line)
        _insert(session, made)
    return made


def submit_each(
    session: Session, actor: Actor, *, claims: list[SubmissionIn], each: Callable[[int], None] = lambda _: None
) -> list[Taken | Problem]:
    """Báo cáo, line by line: what can be taken is taken, what cannot is refused by itself. `each` hears how many there are already."""
    lines: list[Taken | Problem] = []
    with resting(len(claims) > MANY):
        for line in _lines(session, actor, claims, ()):
            each(len(lines))
            lines.append(line)
        _insert(session, [line for line in lines if isinstance(line, Taken)])
    return lines


def _lines(session: Session, actor: Actor, claims: list[SubmissionIn], prepared: Sequence[datetime]) -> Iterator[Taken | Problem]:
    lock_units(session, _locked(actor, {claim.unit for claim in claims}))
    known = Known(session, actor, claims)
    for claim, prepared_at in zip_longest(claims, prepared):
        subject = queries.subject_of(claim)
        try:
            aim, doubtful = checked(actor, known, claim)
        except Problem as refusal:
            yield refusal
            continue
        before = known.past.last.get(subject, Last())
        made = _claimed(known, actor, claim, _Found(aim, doubtful, before, _ready_at(prepared_at, before)))
        known.past.last[subject] = before._replace(version=made.row.version, has_outturn=before.has_outturn or not claim.estimate)
        known.past.stands(subject, claim.figure)
        yield made


def _locked(actor: Actor, units: set[str]) -> set[str]:
    """Of those within reach, the reports queue. Who supplies figures of other units queues with whoever else may supply them."""
    within = {unit for unit in units if actor.may(Action.PROGRESS_SUBMIT, unit)}
    return within if within == units else within | (actor.units_for(Action.PROGRESS_SUBMIT) or frozenset())


def _ready_at(prepared_at: datetime | None, before: Last) -> datetime | None:
    """A draft from before a return is no answer to it."""
    is_older = prepared_at is not None and before.returned_at is not None and prepared_at < before.returned_at
    return None if is_older else prepared_at


def _insert(session: Session, made: list[Taken]) -> None:
    """All at once; evidence after the reports that it stands behind."""
    if len(made) > 1:
        audit.seal_ahead(session)
    cited = [one for report in made for one in report.evidence]
    for of, rows in ((Submission, [one.row for one in made]), (SubmissionEvidence, cited)):
        if rows:
            insert_all(session, of, rows)
    session.flush()  # notes, which stand beside


class _Found(NamedTuple):
    """What was found out about a claim."""

    aim: Aim
    doubt: Doubt | None
    before: Last
    prepared_at: datetime | None


def _claimed(known: Known, actor: Actor, claim: SubmissionIn, found: _Found) -> Taken:
    session, identifier, aim = known.session, new_id(), found.aim
    last_day = _last_day(known, aim.due_on, found.before)
    row = SimpleNamespace(
        id=identifier,
        plan_code=claim.plan,
        unit_code=claim.unit,
        indicator_code=claim.indicator,
        period_code=claim.period,
        task_code=claim.task,
        version=found.before.version + 1,
        appraiser_code=aim.appraiser,
        supplier_code=None if aim.objection_until is None else known.sender(claim),
        objection_until=aim.objection_until,
        figure=claim.figure,
        completed_on=claim.completed_on,
        task_round=aim.task_round,
        as_coordinator=aim.as_coordinator,
        due_on=last_day if claim.task is None else aim.due_on,
        note_commitment=audit.keep_text(session, claim.note),
        received_at=clock.at(session),
        prepared_at=found.prepared_at,
        sent_at=claim.sent_at,
        is_late=is_late(found.prepared_at or clock.at(session), last_day),
        doubt=found.doubt,
        is_estimate=claim.estimate,
        is_outside_window=any(not aim.covers(cited.document_date) for cited in claim.evidence),
        sender_kind=actor.kind,
        sender_id=actor.id,
        is_synthetic=claim.synthetic,
        entry_id=identifier,  # until its entry is made, of what stands in the row
    )
    evidence = [
        SimpleNamespace(
            submission_id=identifier,
            number=number,
            document_number=one.document_number,
            document_date=one.document_date,
            issuer=one.issuer,
            file_hash=one.file,
        )
        for number, one in enumerate(claim.evidence, 1)
    ]
    content = queries.content(row, evidence)
    row.entry_id = audit.record(session, actor, "progress.submitted", queries.trail_subject(identifier), queries.scope(row), content)
    for one in filter(None, (one.file_hash for one in evidence)):
        known.cited.setdefault(one, set()).add(subject_text(row))
    return Taken(row, evidence, known.cited)


def _last_day(known: Known, due_on: date | None, before: Last) -> date | None:
    """A supplement in its time to what came in time is in time. The work itself is no less late for it."""
    if due_on is None or before.supplement_due_on is None:
        return due_on
    return max(due_on, known.calendar().moved(before.supplement_due_on))
