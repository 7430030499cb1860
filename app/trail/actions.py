from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.queries import position
from app.audit.rules import Subject
from app.clock import real_now
from app.errors import Invalid, Problem
from app.policy import Action, Actor
from app.tables import add, new_id
from app.trail import queries
from app.trail.models import Webhook, WebhookDelivery, WebhookEnd
from app.trail.schemas import WebhookIn
from app.trail.sending import never_reached


class WebhookEnded(Problem):
    status, slug = 409, "webhook-ended"


def register(session: Session, actor: Actor, *, sent: WebhookIn, networks: Sequence[str]) -> Webhook:
    """Đăng ký webhook: told of what is sealed from now on, within the reach of a key."""
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    if not queries.is_key(session, sent.key):
        raise Invalid("#/key", "no-such-key")
    if never_reached(sent.url, networks):
        raise Invalid("#/url", "address-not-allowed")
    identifier = new_id()
    kinds = None if sent.kinds is None else " ".join(sorted(set(sent.kinds)))
    content = {"key": str(sent.key), "url": audit.keep_text(session, sent.url), "kinds": kinds}
    entry_id = audit.record(session, actor, "webhook.registered", Subject("webhook", str(identifier)), [], content)
    row = add(session, Webhook(id=identifier, key_id=sent.key, url=sent.url, kinds=kinds, entry_id=entry_id))
    add(session, WebhookDelivery(webhook_id=identifier, position=position(session), next_try_at=real_now()))
    return row


def end(session: Session, actor: Actor, *, webhook_id: UUID) -> None:
    """Chấm dứt: nothing more is sent."""
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    queries.open_webhook(session, actor, webhook_id)
    entry_id = audit.record(session, actor, "webhook.ended", Subject("webhook", str(webhook_id)), [], {})
    add(session, WebhookEnd(webhook_id=webhook_id, entry_id=entry_id), {"pk_webhook_end": WebhookEnded()})


def replay(session: Session, actor: Actor, *, webhook_id: UUID, since: int) -> None:
    """Gửi lại: all after a position once more, also where it was stopped."""
    actor.require_everywhere(Action.ACCOUNT_MANAGE)
    _, row, is_ended = queries.open_webhook(session, actor, webhook_id, lock=True)
    if is_ended:
        raise WebhookEnded
    if since > position(session):
        raise Invalid("#/since", "in-the-future")
    row.position, row.failures, row.is_stopped, row.next_try_at = since, 0, False, real_now()
    row.replays += 1
    audit.record(session, actor, "webhook.replayed", Subject("webhook", str(webhook_id)), [], {"since": since})
