"""Ký duyệt: whoever may sign for a unit does so here, or the officer attaches what was signed on paper."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.errors import Invalid, NotFound, Problem
from app.evidence.queries import check_held, open_held
from app.evidence.rules import is_picture
from app.plans.queries import open_to_record
from app.policy import Action, Actor
from app.progress import queries
from app.progress.models import SignOff, Submission
from app.progress.rules import Capacity, may_be_signed, state_of
from app.progress.schemas_deciding import PaperIn, SignOffIn
from app.tables import add


class AlreadySigned(Problem):
    """Signed here; what was signed on paper may be attached anew."""

    status, slug = 409, "already-signed"


def sign_off(session: Session, actor: Actor, *, sent: SignOffIn) -> list[UUID]:
    """Ký duyệt many reports at once, all or none."""
    needed = Action.PROGRESS_SIGN if sent.paper is None else Action.PROGRESS_SUBMIT
    actor.require(needed)
    if len(set(sent.submissions)) != len(sent.submissions):
        raise Invalid("#/submissions", "named-twice")
    if sent.paper is not None and sent.paper.document_date > clock.today(session):
        raise Invalid("#/paper/document_date", "in-the-future")
    for number, one in sorted(enumerate(sent.submissions), key=lambda numbered: numbered[1]):  # so that two never wait for each other
        pointer = f"#/submissions/{number}"
        try:
            row, decision = queries.open_submission(session, actor, one, lock=True)
        except NotFound:
            raise Invalid(pointer, "no-such-report") from None
        sender = row.supplier_code or row.unit_code
        actor.require(needed, sender)
        open_to_record(session, row.plan_code)
        if not may_be_signed(state_of(decision.outcome if decision else None)):
            raise Invalid(pointer, "is-given-up")
        if sent.paper is not None:
            _check_scan(session, sent.paper, sender)
        _sign(session, actor, row, sent.capacity, sent.paper, pointer)
    return sent.submissions


def sign_as_sent(session: Session, actor: Actor, *, rows: Sequence[Submission], capacity: Capacity) -> None:
    """Reports that this very call made, by whoever may sign for their units."""
    for number, row in enumerate(rows):
        actor.require(Action.PROGRESS_SIGN, row.unit_code)
        _sign(session, actor, row, capacity, None, f"#/drafts/{number}")


def _check_scan(session: Session, paper: PaperIn, unit: str) -> None:
    check_held(session, paper.file, unit, "#/paper/file")
    media_type = open_held(session, paper.file).media_type
    if media_type != "application/pdf" and not is_picture(media_type):
        raise Invalid("#/paper/file", "not-a-scan")


def _sign(session: Session, actor: Actor, row: Submission, capacity: Capacity, paper: PaperIn | None, pointer: str) -> None:
    signatory = audit.keep_text(session, paper.signatory) if paper is not None else None
    content: dict[str, object] = {"capacity": capacity}
    if paper is not None:
        content |= {**paper.model_dump(mode="json", exclude={"signatory"}), "signatory": signatory}
    before = queries.sign_offs(session, [row.id]).get(row.id)
    if before is not None and before.document_number is None:
        raise AlreadySigned(pointer)
    version = 1 if before is None else before.version + 1
    made = SignOff(
        submission_id=row.id,
        version=version,
        capacity=capacity,
        document_number=paper.document_number if paper is not None else None,
        document_date=paper.document_date if paper is not None else None,
        signatory_commitment=signatory,
        file_hash=paper.file if paper is not None else None,
        signer_kind=actor.kind,
        signer_id=actor.id,
        signed_at=clock.at(session),
        entry_id=audit.record(session, actor, "progress.signed", queries.trail_subject(row.id), queries.scope(row), content),
    )
    add(session, made, {"pk_sign_off": AlreadySigned(pointer)})
