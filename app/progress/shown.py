"""Reports and results as answers, with what this caller may do next."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from app import clock
from app.audit.queries import entry_of, texts
from app.audit.rules import leaf_content
from app.calendar.queries import calendar
from app.calendar.rules import Calendar
from app.errors import Problem
from app.plans.queries import closed
from app.policy import Action, Actor
from app.progress import queries
from app.progress.actions import Taken
from app.progress.citing import Citation, cited
from app.progress.citing import elsewhere as elsewhere_of
from app.progress.models import Decision, SignOff, SubmissionEvidence, SubmissionObjection
from app.progress.rules import Flag, Objection, Outcome, Silence, is_excused, may_be_signed, moves, state_of, version_of
from app.progress.schemas import (
    DecisionOut,
    LinesOut,
    MoveOut,
    ObjectionOut,
    ReceiptOut,
    ReportLineOut,
    SignOffOut,
    SubmissionIn,
    SubmissionOut,
)
from app.web.problems import LineProblem, malformed_line, of_line
from app.web.texts import Language


def shower(db: Session, actor: Actor, seen: Collection[queries.Seen]) -> Callable[[queries.Seen], SubmissionOut]:
    """How each of these is shown; what stands beside them is asked for once."""
    ids = [row.id for row, _ in seen]
    returned = [row.id for row, decision in seen if decision is not None and decision.outcome is Outcome.RETURNED]
    earlier = queries.accepted_before(db, returned) if returned else set()
    plans, is_dated = closed(db, {row.plan_code for row, _ in seen}), any(row.is_late or row.objection_until for row, _ in seen)
    days = calendar(db) if is_dated else Calendar()
    evidence, signed = queries.evidence_of(db, ids), queries.sign_offs(db, ids)
    subjects = cited(db, actor, {one.file_hash for some in evidence.values() for one in some if one.file_hash is not None})
    elsewhere = set[Citation]().union(*(elsewhere_of(row, evidence.get(row.id, []), subjects) for row, _ in seen))
    objections = queries.objections(db, [row.id for row, _ in seen if row.supplier_code is not None])
    beside = _Beside(evidence, elsewhere, signed, objections, clock.today(db), queries.superseded(db, ids), plans, earlier, days)
    return _shower(db, actor, seen, beside)


def made_shower(db: Session, actor: Actor, made: Sequence[Taken]) -> Callable[[Taken], SubmissionOut]:
    """The same for reports that this very call made: of those about one subject the last stands."""
    last = {queries.subject_of_row(one.row): one.row.id for one in made}
    superseded = {one.row.id for one in made} - set(last.values())
    elsewhere = set[Citation]().union(*(elsewhere_of(one.row, one.evidence, one.cited) for one in made))
    evidence = {one.row.id: one.evidence for one in made}
    objections = queries.objections(db, [one.row.id for one in made if one.row.supplier_code is not None])
    beside = _Beside(evidence, elsewhere, {}, objections, clock.today(db), superseded, set(), set(), Calendar())
    show = _shower(db, actor, [(one.row, None) for one in made], beside)
    return lambda one: show((one.row, None))


class _Beside(NamedTuple):
    """What stands beside some reports."""

    evidence: Mapping[UUID, list[SubmissionEvidence]]
    elsewhere: set[Citation]
    signed: Mapping[UUID, SignOff]
    objections: Mapping[UUID, SubmissionObjection]
    today: date
    superseded: set[UUID]
    closed: set[str]
    """Plans that take no more."""
    accepted_before: set[UUID]
    """Of those that were returned."""
    calendar: Calendar


def _shower(db: Session, actor: Actor, seen: Collection[queries.Seen], beside: _Beside) -> Callable[[queries.Seen], SubmissionOut]:
    kept = [row.note_commitment for row, _ in seen] + [one.reason_commitment for _, one in seen if one is not None]
    kept += [one.signatory_commitment for one in beside.signed.values()] + [one.reason_commitment for one in beside.objections.values()]
    said = texts(db, kept)

    def shown(one: queries.Seen) -> SubmissionOut:
        row, decision = one
        outcome = decision.outcome if decision else None
        decided = None
        if decision is not None:
            told = {"reason": said.get(decision.reason_commitment), "silence": _silence(decision, beside)}
            decided = DecisionOut.model_validate(decision).model_copy(update=told)
        is_late = row.is_late and not is_excused(row.prepared_at or row.received_at, row.due_on, beside.calendar)
        evidence = [_cited(one, beside.elsewhere) for one in beside.evidence.get(row.id, [])]
        is_elsewhere = any(one["used_elsewhere"] for one in evidence)
        flags = (
            (Flag.LATE, is_late),
            (Flag.EVIDENCE_OUTSIDE_WINDOW, row.is_outside_window),
            (Flag.FILE_USED_ELSEWHERE, is_elsewhere),
            (Flag.ESTIMATE, row.is_estimate),
        )
        said_of = [flag for flag, raised in flags if raised] + ([Flag(row.doubt.value)] if row.doubt is not None else [])
        is_superseded = row.id in beside.superseded
        next_moves = []
        if row.plan_code not in beside.closed:
            next_moves = [
                _move(row.id, name, needs)
                for name, needs in moves(
                    actor,
                    state_of(outcome),
                    row.unit_code,
                    row.appraiser_code,
                    supplier=row.supplier_code,
                    is_superseded=is_superseded,
                    objection=_towards(row, beside),
                )
            ]
            if (
                row.id not in beside.signed
                and may_be_signed(state_of(outcome))
                and actor.may(Action.PROGRESS_SIGN, row.supplier_code or row.unit_code)
            ):
                next_moves.append(_SIGN_OFF)
        return SubmissionOut.model_validate(
            {
                **vars(row),
                "claim": row.version,
                "objection_until": None if row.objection_until is None else beside.calendar.moved(row.objection_until),
                "version": version_of(outcome),
                "state": state_of(outcome),
                "superseded": is_superseded,
                "flags": said_of,
                "note": said.get(row.note_commitment),
                "evidence": evidence,
                "decision": decided,
                "objection": _objected(beside.objections.get(row.id), said),
                "sign_off": _signed(beside.signed.get(row.id), said),
                "moves": next_moves,
            }
        )

    return shown


def _towards(row: Any, beside: _Beside) -> Objection | None:
    if row.objection_until is None:
        return None
    made = beside.objections.get(row.id)
    is_own = made is not None and made.submission_id == row.id
    if not is_own and beside.today <= beside.calendar.moved(row.objection_until):
        return Objection.RUNS
    return Objection.OVER if made is None else Objection.MADE


def _objected(one: SubmissionObjection | None, said: Mapping[str | None, str]) -> ObjectionOut | None:
    return None if one is None else ObjectionOut.model_validate({**vars(one), "reason": said.get(one.reason_commitment)})


def _signed(one: SignOff | None, said: Mapping[str | None, str]) -> SignOffOut | None:
    if one is None:
        return None
    told = {"signatory": said.get(one.signatory_commitment), "on_paper": one.document_number is not None}
    return SignOffOut.model_validate({**vars(one), **told})


def _cited(one: SubmissionEvidence, elsewhere: set[Citation]) -> dict[str, object]:
    return {**vars(one), "used_elsewhere": (one.submission_id, one.number) in elsewhere}


def _silence(decision: Decision, beside: _Beside) -> Silence | None:
    if decision.outcome is not Outcome.RETURNED:
        return None
    return Silence.EARLIER_COUNTS if decision.submission_id in beside.accepted_before else Silence.NOTHING_COUNTS


def shown(db: Session, actor: Actor, seen: queries.Seen) -> SubmissionOut:
    return shower(db, actor, [seen])(seen)


def some_shown(db: Session, actor: Actor, ids: Collection[UUID]) -> list[SubmissionOut]:
    """These, in their order."""
    seen = {row.id: (row, decision) for row, decision in queries.some(db, ids)}
    return list(map(shower(db, actor, list(seen.values())), (seen[one] for one in ids)))


def receipt(db: Session, actor: Actor, submission_id: UUID) -> ReceiptOut:
    """Of one report within reach."""
    row, _ = queries.open_submission(db, actor, submission_id)
    entry = entry_of(db, row.entry_id)
    content = queries.content(row, queries.evidence_of(db, [row.id]).get(row.id, []))
    return ReceiptOut(content=content, digest=entry.digest, entry=leaf_content(vars(entry)), leaf=entry.leaf.hex())


_SIGN_OFF = MoveOut(name="sign-off", method="POST", url="/api/v1/sign-offs", needs=["capacity", "submissions"])


def _move(submission_id: UUID, name: str, needs_reason: bool) -> MoveOut:
    needs = ["If-Match", *(["reason"] if needs_reason else [])]
    return MoveOut(name=name, method="POST", url=f"/api/v1/submissions/{submission_id}/{name}", needs=needs)


def read_lines(sent: list[object], language: Language) -> list[SubmissionIn | LineProblem]:
    """Each line by itself: a claim, or why it is none."""
    read: list[SubmissionIn | LineProblem] = []
    for one in sent:
        try:
            read.append(SubmissionIn.model_validate(one))
        except ValidationError as error:
            read.append(malformed_line(language, error, one))
    return read


def lines_shown(
    db: Session, actor: Actor, read: list[SubmissionIn | LineProblem], made: list[Taken | Problem], language: Language
) -> LinesOut:
    """`made` are the lines of those that were read."""
    show, rest = made_shower(db, actor, [one for one in made if isinstance(one, Taken)]), iter(made)
    lines = []
    for number, one in enumerate(read):
        found = one if isinstance(one, LineProblem) else next(rest)
        if isinstance(found, Taken):
            lines.append(ReportLineOut(line=number, submission=show(found), problem=None))
        else:
            problem = found if isinstance(found, LineProblem) else of_line(language, found)
            lines.append(ReportLineOut(line=number, submission=None, problem=problem))
    taken = sum(line.submission is not None for line in lines)
    return LinesOut(taken=taken, refused=len(lines) - taken, lines=lines)
