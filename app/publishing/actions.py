from collections.abc import Sequence

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, movement_scope
from app.errors import Invalid, Problem
from app.movements.queries import lock_movement
from app.policy import Action, Actor
from app.publishing.models import BlockerOverride
from app.publishing.queries import overrides
from app.publishing.rules import NEVER_OVERRIDDEN, Blocker, BlockerKind
from app.tables import add_all


class NeverOverridden(Problem):
    """Nobody can answer for this kind of blocker."""

    status, slug = 409, "never-overridden"


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
