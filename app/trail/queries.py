from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.accounts.queries import actor_of_key
from app.audit import queries as audit
from app.audit.models import Entry
from app.audit.rules import Subject, person_scope
from app.errors import NotFound
from app.followup.queries import within_reach
from app.movements.queries import draft_codes
from app.nominations.queries import may_see
from app.policy import Action, Actor
from app.trail.models import Webhook, WebhookDelivery, WebhookEnd
from app.trail.rules import Reset, changes_access, is_within


def sight(session: Session, actor: Actor) -> Callable[[Entry], bool]:
    """Whether this reader may see an entry."""
    manages = actor.units_for(Action.ACCOUNT_MANAGE) is None
    drafts = frozenset() if actor.may(Action.MOVEMENT_MANAGE) else draft_codes(session)

    def sees(entry: Entry) -> bool:
        """Who nominated whom is for fewer than a unit's facts are."""
        is_dossier = entry.subject_kind == "nomination"
        sees_unit = partial(may_see, actor) if is_dossier else partial(actor.may, Action.FACT_READ)
        return is_within(entry.scope, sees_unit, str(actor.id), manages=manages, drafts=drafts)

    return sees


def history(session: Session, actor: Actor, subject: Subject, before: int | None, limit: int) -> Sequence[Entry]:
    """What happened to a subject, newest first, one more than `limit`; `NotFound` when none of it lies within reach."""
    seen, sees = list[Entry](), sight(session, actor)
    while len(seen) <= limit:
        batch = audit.history(session, subject, before, BATCH)
        seen += [entry for entry in batch if sees(entry)]
        if len(batch) < BATCH:
            break
        before = batch[-1].seq
    if not seen:
        raise NotFound
    return seen[: limit + 1]


BATCH = 500


def events(session: Session, after: int, limit: int) -> Sequence[Entry]:
    return audit.entries_after(session, after, limit)


@dataclass(frozen=True)
class Changes:
    """What happened after a position to what the reader may see, each subject once."""

    position: int
    """How far the trail was read."""
    has_more: bool
    reset: Reset | None
    changed: list[Entry]
    """The newest entry of each subject, oldest first."""
    gone: set[Subject]
    """Of these the reader sees nothing any more."""


def changes(session: Session, actor: Actor, since: int, limit: int) -> Changes:
    """At most `limit` subjects, and no more than `SCANNED` entries are looked at in one call."""
    head = audit.position(session)
    if since > head:
        return Changes(head, has_more=False, reset=Reset.POSITION_UNKNOWN, changed=[], gone=set())
    newest, position, reset, sees = dict[Subject, Entry](), since, None, sight(session, actor)
    for entry in audit.entries_after(session, since, SCANNED):
        subject = Subject(entry.subject_kind, entry.subject_id)
        if sees(entry):
            if subject not in newest and len(newest) == limit:
                break
            newest.pop(subject, None)
            newest[subject] = entry
        position = entry.seq
        if changes_access(entry.verb, is_own=person_scope(actor.id) in entry.scope.split()):
            reset = Reset.ACCESS_CHANGED
    return Changes(position, position < head, reset, list(newest.values()), _gone(session, actor, newest))


SCANNED = 5000


def _gone(session: Session, actor: Actor, subjects: Iterable[Subject]) -> set[Subject]:
    """Only tasks pass from one unit to another; whatever else leaves a reader's sight does so with a role or a unit."""
    asked = defaultdict[str, set[str]](set)
    for subject in subjects:
        if subject.kind == "task":
            plan, _, code = subject.id.partition("/")
            asked[plan].add(code)
    found = set()
    for plan, codes in asked.items():
        seen = {task.task_code for task, _ in within_reach(session, actor, plan, None)}
        found |= {Subject("task", f"{plan}/{code}") for code in codes - seen}
    return found


Registered = tuple[Webhook, WebhookDelivery, bool]
"""With how far it has come, and whether it was ended."""


def is_key(session: Session, key_id: UUID) -> bool:
    return actor_of_key(session, key_id) is not None


def webhooks(session: Session, actor: Actor) -> list[Registered]:
    """Every one, by id."""
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    return [(webhook, row, ended is not None) for webhook, row, ended in session.exec(_registered()).all()]


def _registered() -> Any:
    joined = select(Webhook, WebhookDelivery, WebhookEnd).join(WebhookDelivery, col(WebhookDelivery.webhook_id) == Webhook.id)
    return joined.outerjoin(WebhookEnd, col(WebhookEnd.webhook_id) == Webhook.id)


def open_webhook(session: Session, actor: Actor, webhook_id: UUID, *, lock: bool = False) -> Registered:
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    if lock and session.get(WebhookDelivery, webhook_id) is not None:
        delivery(session, webhook_id, lock=True)
    found = session.exec(_registered().where(Webhook.id == webhook_id)).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1], found[2] is not None


def delivery(session: Session, webhook_id: UUID, *, lock: bool = False) -> WebhookDelivery:
    asked = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    return session.exec(asked.with_for_update().execution_options(populate_existing=True) if lock else asked).one()


def due_webhooks(session: Session, now: datetime) -> list[UUID]:
    """Those that may be tried now and are behind the trail, the furthest behind first."""
    asked = _registered().where(col(WebhookEnd.webhook_id).is_(None), ~col(WebhookDelivery.is_stopped))
    asked = asked.where(col(WebhookDelivery.next_try_at) <= now, col(WebhookDelivery.position) < audit.position(session))
    return [webhook.id for webhook, _, _ in session.exec(asked.order_by(col(WebhookDelivery.position))).all()]


def open_delivery(session: Session, webhook_id: UUID) -> tuple[Webhook, WebhookDelivery, Actor | None] | None:
    """With who its key lets see what; None in place of the actor where the key was revoked or has expired."""
    found = session.exec(_registered().where(Webhook.id == webhook_id)).one_or_none()
    if found is None or found[2] is not None:
        return None
    return found[0], found[1], actor_of_key(session, found[0].key_id)
