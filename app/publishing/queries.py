from collections import Counter

from sqlmodel import Session, select

from app.accounts.queries import labels
from app.audit.queries import texts
from app.movements.queries import newest
from app.policy import Action, Actor
from app.publishing.finalising import blockers
from app.publishing.models import BlockerOverride
from app.publishing.rules import Blocker, BlockerKind
from app.publishing.schemas import BlockerOut, FinalisationOut, OverrideOut
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
