from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.drafting import queries
from app.drafting.models import ReportDraft
from app.drafting.schemas import SendIn
from app.errors import Invalid, NotFound, Problem, Stale
from app.policy import Action, Actor
from app.progress import actions as progress
from app.progress import signing
from app.progress.aims import Known, checked
from app.progress.queries import subject_of
from app.progress.schemas import SubmissionIn
from app.tables import add_all


def keep(session: Session, actor: Actor, *, claims: list[SubmissionIn], at_root: bool = True) -> list[ReportDraft]:
    """Soạn báo cáo, one or many, all or none; looked at as if they were sent."""
    _check(session, actor, claims, at_root=at_root)
    made = [
        ReportDraft(
            unit_code=claim.unit,
            version=1,
            body=claim.model_dump_json(),
            author_kind=actor.kind,
            author_id=actor.id,
            kept_at=clock.at(session),
        )
        for claim in claims
    ]
    add_all(session, made)
    for row in made:
        _record_kept(session, actor, row)
    return made


def change(session: Session, actor: Actor, *, draft_id: UUID, expected: int, claim: SubmissionIn) -> ReportDraft:
    """Sửa bản soạn: from now on it is judged by this instant."""
    row = _open(session, actor, draft_id, expected)
    if claim.unit != row.unit_code:
        raise Invalid("#/unit", "fixed")
    _check(session, actor, [claim], at_root=True)
    row.version, row.body, row.kept_at = row.version + 1, claim.model_dump_json(), clock.at(session)
    row.author_kind, row.author_id = actor.kind, actor.id
    _record_kept(session, actor, row)
    return row


def discard(session: Session, actor: Actor, *, draft_id: UUID, expected: int) -> None:
    """Bỏ bản soạn."""
    row = _open(session, actor, draft_id, expected)
    _record(session, actor, "draft.discarded", row)
    session.delete(row)


def send(session: Session, actor: Actor, *, sent: SendIn) -> list[UUID]:
    """Ký gửi: drafts become reports of this instant, signed by who sends them, judged by when each was drafted."""
    actor.require(Action.PROGRESS_SIGN)
    found = dict[UUID, ReportDraft]()
    for number, one in sorted(enumerate(sent.drafts), key=lambda numbered: numbered[1].id):  # so that two never wait for each other
        try:
            found[one.id] = _open(session, actor, one.id, one.version)
        except NotFound:
            raise Invalid(f"#/drafts/{number}/id", "no-such-draft") from None
        except Stale as refusal:
            refusal.pointer = f"#/drafts/{number}/version"
            raise
    if len(found) != len(sent.drafts):
        raise Invalid("#/drafts", "named-twice")
    rows = [found[one.id] for one in sent.drafts]
    claims = [
        claim.model_copy(update={"confirmed": claim.confirmed or one.confirmed})
        for one in sent.drafts
        for claim in [SubmissionIn.model_validate_json(found[one.id].body)]
    ]
    try:
        made = progress.submit(session, actor, claims=claims, at_root=False, prepared=[row.kept_at for row in rows])
    except Problem as refusal:
        refusal.pointer = refusal.pointer and f"#/drafts{refusal.pointer.removeprefix('#')}"
        raise
    signing.sign_as_sent(session, actor, rows=[one.row for one in made], capacity=sent.capacity)
    for number, (row, report) in enumerate(zip(rows, made, strict=True)):
        if report.row.supplier_code is not None:
            raise Invalid(f"#/drafts/{number}/id", "supplied-by-another")  # since it was drafted
        _record(session, actor, "draft.sent", row, submission=str(report.row.id))
        session.delete(row)
    return [report.row.id for report in made]


def _check(session: Session, actor: Actor, claims: Sequence[SubmissionIn], *, at_root: bool) -> None:
    actor.require(Action.PROGRESS_SUBMIT)
    known = Known(session, actor, claims)
    for number, claim in enumerate(claims):
        try:
            checked(actor, known, claim)
            if known.sender(claim) != claim.unit:
                raise Invalid("#/indicator", "supplied-by-another")  # a draft waits for the head of the unit it is about
        except Problem as refusal:
            raise refusal if at_root else refusal.in_line(number) from None
        known.past.stands(subject_of(claim), claim.figure)


def _open(session: Session, actor: Actor, draft_id: UUID, expected: int) -> ReportDraft:
    actor.require(Action.PROGRESS_SUBMIT)
    row = queries.open_draft(session, actor, draft_id, lock=True)
    if row.version != expected:
        raise Stale
    return row


def _record(session: Session, actor: Actor, verb: str, row: ReportDraft, **content: object) -> None:
    subject, scope = Subject("report_draft", str(row.id)), [unit_scope(row.unit_code)]
    audit.record(session, actor, verb, subject, scope, {"version": row.version, **content})


def _record_kept(session: Session, actor: Actor, row: ReportDraft) -> None:
    """By a salted commitment: whoever reads the trail cannot try out figures until a digest fits."""
    _record(session, actor, "draft.kept", row, body=audit.keep_text(session, row.body))
