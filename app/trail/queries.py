from collections.abc import Sequence

from sqlmodel import Session

from app.audit import queries as audit
from app.audit.models import Entry
from app.audit.rules import Subject
from app.errors import NotFound
from app.policy import Action, Actor
from app.trail.rules import is_within


def sees(actor: Actor, entry: Entry) -> bool:
    manages = actor.units_for(Action.ACCOUNT_MANAGE) is None
    return is_within(entry.scope, lambda unit: actor.may(Action.FACT_READ, unit), str(actor.id), manages=manages)


def history(session: Session, actor: Actor, subject: Subject, before: int | None, limit: int) -> Sequence[Entry]:
    """What happened to a subject, newest first, one more than `limit`; `NotFound` when none of it lies within reach."""
    seen: list[Entry] = []
    while len(seen) <= limit:
        batch = audit.history(session, subject, before, BATCH)
        seen += [entry for entry in batch if sees(actor, entry)]
        if len(batch) < BATCH:
            break
        before = batch[-1].seq
    if not seen:
        raise NotFound
    return seen[: limit + 1]


BATCH = 500


def events(session: Session, after: int, limit: int) -> Sequence[Entry]:
    return audit.entries_after(session, after, limit)
