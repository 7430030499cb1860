from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.queries import labels
from app.audit.queries import texts
from app.errors import NotFound
from app.movements.queries import newest
from app.movements.rules import Phase
from app.policy import Action, Actor
from app.publishing.finalising import blockers
from app.publishing.models import BlockerOverride, Publication, PublicationDraft
from app.publishing.rules import Blocker, BlockerKind, Edition
from app.publishing.schemas import BlockerOut, FinalisationOut, OverrideOut, PublicationOut
from app.rulebooks.queries import adoptions
from app.web.texts import Language, catalogue

SHOWN = 1000


def overrides(session: Session, movement: str) -> dict[tuple[BlockerKind, str], BlockerOverride]:
    """By kind and subject."""
    rows = session.exec(select(BlockerOverride).where(BlockerOverride.movement_code == movement)).all()
    return {(row.kind, row.subject): row for row in rows}


def standing_blockers(session: Session, movement: str) -> list[Blocker]:
    """Those that nobody answers for."""
    answered = overrides(session, movement)
    return [one for one in blockers(session, movement) if (one.kind, one.subject) not in answered]


Published = tuple[Publication, PublicationDraft]


def publications(session: Session, movement: str) -> Sequence[Published]:
    """The chain, oldest first."""
    asked = select(Publication, PublicationDraft).join(PublicationDraft, col(PublicationDraft.id) == Publication.draft_id)
    return session.exec(asked.where(Publication.movement_code == movement).order_by(col(Publication.number))).all()


def open_draft(session: Session, actor: Actor, draft_id: UUID) -> PublicationDraft:
    """For those who approve."""
    found = session.get(PublicationDraft, draft_id)
    if found is None or not actor.may(Action.PUBLICATION_APPROVE):
        raise NotFound
    return found


def rulebook_authors(session: Session, movement: str) -> set[UUID]:
    """Who wrote the rulebooks that were adopted for a movement."""
    return {row.author_id for row in adoptions(session, movement)}


def open_edition(session: Session, movement: str, number: int, edition: Edition) -> str:
    """The file of a publication's edition; `NotFound` where it has none."""
    row = session.get(Publication, (movement, number))
    draft = None if row is None else session.get(PublicationDraft, row.draft_id)
    file = None if draft is None else (draft.file_hash if edition is Edition.FULL else draft.public_file_hash)
    if file is None:
        raise NotFound
    return file


def check_edition(actor: Actor, edition: Edition) -> None:
    """The full one, with the facts of every unit, is for those who see all units and whose reach is everywhere."""
    if edition is Edition.FULL:
        actor.require_everywhere(Action.MOVEMENT_SEE_ALL)
    actor.require(Action.FACT_READ)


def check_public(session: Session, movement: str) -> None:
    """Strangers read publications in the phase `public`; before it a movement is like none."""
    if newest(session, movement).version.phase is not Phase.PUBLIC:
        raise NotFound


def table(session: Session, actor: Actor | None, movement: str) -> list[PublicationOut]:
    """Newest first. Who stood for it, its position and what only the council saw are for those who see every unit."""
    sees_all = actor is not None and actor.units_for(Action.MOVEMENT_SEE_ALL) is None
    rows = [(row, draft) for row, draft in publications(session, movement) if sees_all or draft.public_digest is not None]
    said = texts(session, [draft.reason_commitment for _, draft in rows])
    who = labels(session, {one for row, _ in rows for one in (row.by_id, row.drafter_id)}) if sees_all else {}
    return [
        PublicationOut(
            movement=movement,
            number=row.number,
            stage=draft.stage,
            published_at=row.published_at,
            public_digest=draft.public_digest,
            reason=said.get(draft.reason_commitment),
            digest=draft.digest if sees_all else None,
            position=draft.position if sees_all else None,
            drafted_by=who.get(row.drafter_id),
            approved_by=who.get(row.by_id),
        )
        for row, draft in reversed(rows)
    ]


def newest_draft(session: Session, movement: str) -> PublicationDraft | None:
    asked = select(PublicationDraft).where(PublicationDraft.movement_code == movement)
    return session.exec(asked.order_by(sa.desc(col(PublicationDraft.id))).limit(1)).one_or_none()


def finalisation(session: Session, actor: Actor, movement: str, language: Language) -> FinalisationOut:
    """For those who publish."""
    actor.require_everywhere(Action.PUBLICATION_APPROVE)
    seen, found, answered = newest(session, movement), blockers(session, movement), overrides(session, movement)
    shown = [answered[one.kind, one.subject] for one in found[:SHOWN] if (one.kind, one.subject) in answered]
    reasons, who = texts(session, [row.reason_commitment for row in shown]), labels(session, {row.by_id for row in shown})
    told = {
        (row.kind, row.subject): OverrideOut(
            reason=reasons.get(row.reason_commitment), by=who.get(row.by_id, str(row.by_id)), at=row.overridden_at
        )
        for row in shown
    }
    counts = Counter(one.kind for one in found if (one.kind, one.subject) not in answered)
    return FinalisationOut(
        movement=movement,
        name=seen.version.name,
        state=seen.version.state,
        ready=not counts,
        counts=counts,
        blockers=[_shown(one, told.get((one.kind, one.subject)), language) for one in found[:SHOWN]],
        synthetic=seen.movement.is_synthetic,
    )


def _shown(one: Blocker, answered: OverrideOut | None, language: Language) -> BlockerOut:
    return BlockerOut(
        kind=one.kind,
        subject=one.subject,
        unit=one.unit,
        detail=catalogue(language)["words"]["blocker_kind"][one.kind],
        link=f"/api/v1{one.link}",
        override=answered,
    )
