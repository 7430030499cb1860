from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, movement_scope
from app.errors import Invalid, Problem
from app.movements.queries import lock_movement
from app.policy import Action, Actor
from app.publishing import queries
from app.publishing.drafting import Drafted
from app.publishing.models import BlockerOverride, Publication, PublicationDraft, PublicationDraftWithdrawal
from app.publishing.queries import overrides
from app.publishing.rules import NEVER_OVERRIDDEN, Blocker, BlockerKind, Edition, Stage
from app.tables import add, add_all, new_id


class NeverOverridden(Problem):
    """Nobody can answer for this kind of blocker."""

    status, slug = 409, "never-overridden"


class SamePerson(Problem):
    """Who drafted a publication does not approve it, nor does whoever wrote a rulebook that it uses."""

    status, slug = 403, "same-person"


class DraftWithdrawn(Problem):
    """What the draft was made with is void."""

    status, slug = 409, "draft-withdrawn"


class NotTheNewest(Problem):
    """Another draft has been made since, or another number was published: look at that one."""

    status, slug = 409, "not-the-newest"


def draft(session: Session, actor: Actor, *, movement: str, stage: Stage, made: Drafted) -> PublicationDraft:
    """Lập bản công bố. `made` was computed and its files kept before; nothing is published yet."""
    actor.require_everywhere(Action.PUBLICATION_DRAFT)
    lock_movement(session, movement)
    if actor.id in queries.rulebook_authors(session, movement):
        raise SamePerson
    if made.number != len(queries.publications(session, movement)) + 1:
        raise NotTheNewest
    full, public = made.editions[Edition.FULL], made.editions.get(Edition.PUBLIC)
    if made.reason is not None:
        session.add(made.reason)
    told = {
        "number": made.number,
        "stage": stage,
        "position": made.position,
        "digest": full.digest,
        "public_digest": None if public is None else public.digest,
        "reason": None if made.reason is None else made.reason.commitment,
    }
    identifier = new_id()
    subject = Subject("publication_draft", str(identifier))
    row = PublicationDraft(
        id=identifier,
        movement_code=movement,
        number=made.number,
        stage=stage,
        reason_commitment=None if made.reason is None else made.reason.commitment,
        position=made.position,
        digest=full.digest,
        file_hash=full.file,
        public_digest=None if public is None else public.digest,
        public_file_hash=None if public is None else public.file,
        drafted_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=audit.record(session, actor, "publication.drafted", subject, [], {"movement": movement, **told}),
    )
    return add(session, row)


def approve(session: Session, actor: Actor, *, draft_id: UUID) -> Publication:
    """Duyệt công bố: by another person, while nothing has come up since."""
    actor.require_everywhere(Action.PUBLICATION_APPROVE)
    row = queries.open_draft(session, actor, draft_id)
    lock_movement(session, row.movement_code)
    newest = queries.newest_draft(session, row.movement_code)
    if newest is None or newest.id != row.id or row.number != len(queries.publications(session, row.movement_code)) + 1:
        raise NotTheNewest
    if session.get(PublicationDraftWithdrawal, draft_id) is not None:
        raise DraftWithdrawn
    if actor.id in {row.by_id, *queries.rulebook_authors(session, row.movement_code)}:
        raise SamePerson
    told = {"number": row.number, "stage": row.stage, "draft": str(row.id), "digest": row.digest, "public_digest": row.public_digest}
    subject = Subject("publication", f"{row.movement_code}/{row.number}")
    made = Publication(
        movement_code=row.movement_code,
        number=row.number,
        draft_id=row.id,
        drafter_id=row.by_id,
        published_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=audit.record(session, actor, "publication.approved", subject, [movement_scope(row.movement_code)], told),
    )
    return add(session, made, {"pk_publication": NotTheNewest(), "uq_publication_draft_id": NotTheNewest()})


def withdraw_draft(session: Session, actor: Actor, *, draft_id: UUID) -> None:
    """Nobody approves it any more: the decision that it was drafted with is void. The movement is locked."""
    actor.require_everywhere(Action.AWARD_DECIDE)
    if session.get(PublicationDraftWithdrawal, draft_id) is None:
        entry_id = audit.record(session, actor, "publication.draft_withdrawn", Subject("publication_draft", str(draft_id)), [], {})
        add(session, PublicationDraftWithdrawal(draft_id=draft_id, entry_id=entry_id))


def override(
    session: Session, actor: Actor, *, movement: str, kind: BlockerKind, subjects: Sequence[str], reason: str, found: Sequence[Blocker]
) -> int:
    """Answer for blockers by name: how many more than before. `found` is what stood in the way when that was asked."""
    actor.require_everywhere(Action.PUBLICATION_APPROVE)
    lock_movement(session, movement)
    if kind in NEVER_OVERRIDDEN:
        raise NeverOverridden
    standing = {one.subject for one in found if one.kind is kind}
    for number, subject in enumerate(subjects):
        if subject not in standing:
            raise Invalid(f"#/subjects/{number}", "no-such-blocker")
    answered = overrides(session, movement)
    more = [subject for subject in dict.fromkeys(subjects) if (kind, subject) not in answered]
    commitment = audit.keep_text(session, reason)
    assert commitment is not None
    content = {"kind": kind, "subjects": more, "reason": commitment}
    entry_id = audit.record(session, actor, "blockers.overridden", Subject("movement", movement), [movement_scope(movement)], content)
    made = [
        BlockerOverride(
            movement_code=movement,
            kind=kind,
            subject=subject,
            reason_commitment=commitment,
            overridden_at=clock.at(session),
            by_kind=actor.kind,
            by_id=actor.id,
            entry_id=entry_id,
        )
        for subject in more
    ]
    if made:
        add_all(session, made)
    return len(made)
