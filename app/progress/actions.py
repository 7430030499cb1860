from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import unit_scope
from app.errors import Invalid, Problem
from app.evidence.queries import check_held
from app.indicators.rules import Accumulation, Comparator
from app.policy import Action, Actor
from app.progress import queries
from app.progress.aims import Aim, Known, open_aim
from app.progress.models import Submission, SubmissionEvidence
from app.progress.rules import Doubt, doubt, is_late
from app.progress.schemas import SubmissionIn
from app.tables import add_all, new_id
from app.units.queries import lock_units
from app.units.rules import is_open


class NeedsConfirmation(Invalid):
    """The figure is doubtful: it is taken, and flagged, when it is sent once more with `confirmed`."""

    status, slug = 409, "needs-confirmation"


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
    known = Known(session, claims)
    past = queries.past(session, claims, known.calendar)
    for claim in claims:
        subject = queries.subject_of(claim)
        try:
            aim = _checked(actor, known, claim)
            doubtful = _doubt(known, claim, aim, past)
        except Problem as refusal:
            yield refusal
            continue
        before = past.last.get(subject, queries.Last())
        made = _claimed(known, actor, claim, aim, before, doubtful)
        past.last[subject] = before._replace(version=made.row.version)
        past.stands(subject, claim.figure)
        yield made


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
    unit = known.units.get(claim.unit)
    if unit is None:
        raise Invalid("#/unit", "no-such-unit")
    if not is_open(unit.opens_on, unit.closes_on, known.today):
        raise Invalid("#/unit", "unit-not-open")
    aim = open_aim(known, claim)
    for number, cited in enumerate(claim.evidence):
        if cited.file is not None:
            check_held(known.session, cited.file, claim.unit, f"#/evidence/{number}/file")
    return aim


def _doubt(known: Known, claim: SubmissionIn, aim: Aim, past: queries.Past) -> Doubt | None:
    """Why the figure is doubtful; `NeedsConfirmation` while its sender has not said that it is as it is."""
    indicator = aim.indicator
    if indicator is None or claim.figure is None or indicator.comparator is Comparator.ACHIEVED:
        return None
    near = past.near(queries.subject_of(claim), known.assigned[claim.plan, indicator.indicator_code, claim.unit])
    found = doubt(claim.figure, near, indicator.doubt_factor, is_cumulative=indicator.accumulation is Accumulation.CUMULATIVE)
    if found is not None and not claim.confirmed:
        raise NeedsConfirmation("#/figure", found.value.replace("_", "-"), factor=indicator.doubt_factor)
    return found


def _claimed(known: Known, actor: Actor, claim: SubmissionIn, aim: Aim, before: queries.Last, doubtful: Doubt | None) -> Taken:
    session, identifier, last_day = known.session, new_id(), _last_day(known, aim.due_on, before)
    row = Submission(
        id=identifier,
        plan_code=claim.plan,
        unit_code=claim.unit,
        indicator_code=claim.indicator,
        period_code=claim.period,
        task_code=claim.task,
        version=before.version + 1,
        appraiser_code=aim.appraiser,
        figure=claim.figure,
        completed_on=claim.completed_on,
        task_round=aim.task_round,
        as_coordinator=aim.as_coordinator,
        due_on=last_day if claim.task is None else aim.due_on,
        note_commitment=audit.keep_text(session, claim.note),
        received_at=clock.at(session),
        sent_at=claim.sent_at,
        is_late=is_late(clock.at(session), last_day),
        doubt=doubtful,
        is_outside_window=any(not aim.covers(cited.document_date) for cited in claim.evidence),
        sender_kind=actor.kind,
        sender_id=actor.id,
        is_synthetic=claim.synthetic,
        entry_id=identifier,  # until its entry is made, of what stands in the row
    )
    cited = [(number, one.file, one.model_dump(exclude={"file"})) for number, one in enumerate(claim.evidence, 1)]
    evidence = [SubmissionEvidence(submission_id=identifier, number=n, file_hash=file, **more) for n, file, more in cited]
    scope, content = [unit_scope(claim.unit), unit_scope(aim.appraiser)], queries.content(row, evidence)
    row.entry_id = audit.record(session, actor, "progress.submitted", queries.trail_subject(identifier), scope, content)
    return Taken(row, evidence)


def _last_day(known: Known, due_on: date | None, before: queries.Last) -> date | None:
    """A supplement in its time to what came in time is in time. The work itself is no less late for it."""
    if due_on is None or before.supplement_due_on is None:
        return due_on
    return max(due_on, known.calendar().moved(before.supplement_due_on))
