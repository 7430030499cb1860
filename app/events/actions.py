from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import EVERYTHING, Subject, unit_scope
from app.errors import Invalid, NotAllowed, Stale
from app.events import queries
from app.events.models import Event, EventKind, EventStanding
from app.events.schemas import EventIn, EventKindIn
from app.evidence.queries import check_held
from app.plans.queries import open_plan, open_to_record
from app.policy import Action, Actor
from app.progress.reviewing import AlreadyReviewed, OwnWork
from app.progress.rules import Outcome
from app.tables import add, new_id
from app.units.queries import check_known, unit_as_it_stands
from app.units.rules import is_open


def define_kind(session: Session, actor: Actor, *, plan: str, code: str, expected: int, fields: EventKindIn) -> EventKind:
    """A new version of what is counted; `expected` is the version that was read, 0 for none."""
    actor.require_everywhere(Action.INDICATOR_ASSIGN)
    open_plan(session, plan)
    check_known(session, (("#/appraiser", fields.appraiser), ("#/alternate_appraiser", fields.alternate_appraiser)))
    if fields.appraiser == fields.alternate_appraiser:
        raise Invalid("#/alternate_appraiser", "named-twice")
    if queries.kind_version(session, plan, code) != expected:
        raise Stale
    subject = Subject("event_kind", f"{plan}/{code}")
    row = EventKind(
        plan_code=plan,
        code=code,
        version=expected + 1,
        name=fields.name,
        appraiser_code=fields.appraiser,
        alternate_appraiser_code=fields.alternate_appraiser,
        is_synthetic=fields.synthetic,
        entry_id=audit.record(session, actor, "event_kind.defined", subject, [EVERYTHING], fields.model_dump(mode="json")),
    )
    return add(session, row)


def record(session: Session, actor: Actor, *, sent: EventIn) -> Event:
    """Ghi nhận sự việc: by the unit, to be appraised; or by its appraiser, to count at once."""
    open_to_record(session, sent.plan)
    kind = queries.open_kind(session, sent.plan, sent.kind, "#/kind")
    appraiser = kind.alternate_appraiser_code if kind.appraiser_code == sent.unit else kind.appraiser_code
    is_own = actor.may(Action.PROGRESS_SUBMIT, sent.unit)
    if not is_own and not actor.may(Action.PROGRESS_REVIEW, appraiser):
        raise NotAllowed
    if not is_own and actor.belongs_to(sent.unit):
        raise OwnWork
    check_known(session, [("#/unit", sent.unit)])
    _check_days(session, sent)
    if sent.document.file is not None:
        check_held(session, sent.document.file, sent.unit if is_own else appraiser, "#/document/file")
    note = audit.keep_text(session, sent.note)
    identifier, content = new_id(), {**sent.model_dump(mode="json", exclude={"note"}), "note": note, "appraiser": appraiser}
    row = Event(
        id=identifier,
        plan_code=sent.plan,
        kind_code=sent.kind,
        kind_version=kind.version,
        unit_code=sent.unit,
        appraiser_code=appraiser,
        happened_on=sent.on,
        due_on=sent.due_on,
        is_verified=sent.verified,
        document_number=sent.document.document_number,
        document_date=sent.document.document_date,
        issuer=sent.document.issuer,
        file_hash=sent.document.file,
        note_commitment=note,
        received_at=clock.at(session),
        sender_kind=actor.kind,
        sender_id=actor.id,
        is_synthetic=sent.synthetic,
        entry_id=audit.record(
            session, actor, "event.recorded", Subject("event", str(identifier)), [unit_scope(sent.unit), unit_scope(appraiser)], content
        ),
    )
    add(session, row)
    if not is_own:
        _stand(session, actor, (row, None), Outcome.ACCEPTED, is_verified=sent.verified, reason=None)
    return row


def _check_days(session: Session, sent: EventIn) -> None:
    today, unit = clock.today(session), unit_as_it_stands(session, sent.unit)
    for pointer, day in (("#/on", sent.on), ("#/document/document_date", sent.document.document_date)):
        if day > today:
            raise Invalid(pointer, "in-the-future")
    if not is_open(unit.opens_on, unit.closes_on, sent.on):
        raise Invalid("#/unit", "unit-not-open")


def accept(session: Session, actor: Actor, *, event_id: UUID, expected: int, verified: bool) -> None:
    """Chấp nhận; later, again with `verified`, when an accepted one was verified."""
    _, standing = seen = _open_to_review(session, actor, event_id, expected)
    if standing is not None and standing.is_verified == verified:
        raise AlreadyReviewed
    _stand(session, actor, seen, Outcome.ACCEPTED, is_verified=verified, reason=None)


def return_for_correction(session: Session, actor: Actor, *, event_id: UUID, expected: int, reason: str) -> None:
    """Trả lại, hoặc bỏ một sự việc đã chấp nhận mà sai; nêu lý do. It counts no more."""
    row, _ = seen = _open_to_review(session, actor, event_id, expected)
    _stand(session, actor, seen, Outcome.RETURNED, is_verified=row.is_verified, reason=audit.keep_text(session, reason))


def withdraw(session: Session, actor: Actor, *, event_id: UUID, expected: int) -> None:
    """Thu hồi, by the unit that sent it, while nobody has decided."""
    row, standing = seen = queries.open_event(session, actor, event_id, lock=True)
    actor.require(Action.PROGRESS_SUBMIT, row.unit_code)
    if queries.version(standing) != expected:
        raise Stale
    if standing is not None:
        raise AlreadyReviewed
    open_to_record(session, row.plan_code)
    _stand(session, actor, seen, Outcome.WITHDRAWN, is_verified=row.is_verified, reason=None)


def _open_to_review(session: Session, actor: Actor, event_id: UUID, expected: int) -> queries.Seen:
    """One that waits or was accepted. Nobody appraises what their own unit, or they themselves, reported."""
    row, standing = seen = queries.open_event(session, actor, event_id, lock=True)
    if actor.belongs_to(row.unit_code) or (standing is None and actor.id == row.sender_id):
        raise OwnWork
    actor.require(Action.PROGRESS_REVIEW, row.appraiser_code)
    if queries.version(standing) != expected:
        raise Stale
    if standing is not None and standing.outcome is not Outcome.ACCEPTED:
        raise AlreadyReviewed
    open_to_record(session, row.plan_code)
    return seen


def _stand(session: Session, actor: Actor, seen: queries.Seen, outcome: Outcome, *, is_verified: bool, reason: str | None) -> None:
    row, standing = seen
    by_unit = row.unit_code if outcome is Outcome.WITHDRAWN else row.appraiser_code
    content = {"outcome": outcome, "verified": is_verified, "by_unit": by_unit, "reason": reason}
    scopes = [unit_scope(row.unit_code), unit_scope(row.appraiser_code)]
    made = EventStanding(
        event_id=row.id,
        version=queries.version(standing),
        outcome=outcome,
        is_verified=is_verified,
        unit_code=row.unit_code,
        appraiser_code=row.appraiser_code,
        by_unit_code=by_unit,
        decider_kind=actor.kind,
        decider_id=actor.id,
        reason_commitment=reason,
        decided_at=clock.at(session),
        entry_id=audit.record(session, actor, f"event.{outcome.value}", Subject("event", str(row.id)), scopes, content),
    )
    add(session, made)
