"""The trail is the outbox: each webhook is told, in order, of the entries after its position that its key may see."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from app.clock import Admission, Clock, real_now
from app.db import Database
from app.settings import Settings
from app.trail import queries, sending
from app.trail.models import Webhook
from app.trail.schemas import shown

BATCH, SECONDS = 50, 20
"""So many messages to one receiver, or so long, before the next has its turn."""


class Message(NamedTuple):
    seq: int
    id: str
    body: bytes


class Due(NamedTuple):
    webhook: Webhook
    replays: int
    start: int
    messages: list[Message] | None
    """None where the key was revoked or has expired: nobody may be told."""
    position: int
    """To which it is told when all are taken."""


def deliver(database: Database, settings: Settings, clock: Clock, leads: Callable[[], bool] = lambda: True) -> int:
    """One turn of every webhook that is due, while we lead; how many messages were taken."""
    taken = 0
    with database.reading(Admission(clock.now(), clock)) as session:
        waiting = queries.due_webhooks(session, real_now())
    for webhook_id in waiting:
        if not leads():
            break
        with database.reading(Admission(clock.now(), clock)) as session:
            due = _due(session, webhook_id)
        if due is not None:
            taken += _told(database, settings, clock, due)
    return taken


def _due(session: Session, webhook_id: UUID) -> Due | None:
    found = queries.open_delivery(session, webhook_id)
    if found is None:
        return None
    webhook, delivery, actor = found
    if actor is None:
        return Due(webhook, delivery.replays, delivery.position, None, delivery.position)
    entries = queries.events(session, delivery.position, queries.SCANNED)
    if not entries:
        return None
    sees = queries.sight(session, actor)
    kinds = None if webhook.kinds is None else set(webhook.kinds.split())
    wanted = [entry for entry in entries if sees(entry) and (kinds is None or entry.subject_kind in kinds)]
    messages = [Message(entry.seq, str(entry.id), _body(shown(entry).model_dump(mode="json"))) for entry in wanted[:BATCH]]
    return Due(webhook, delivery.replays, delivery.position, messages, wanted[BATCH - 1].seq if len(wanted) > BATCH else entries[-1].seq)


def _body(entry: dict[str, object]) -> bytes:
    return json.dumps({"type": entry["verb"], "timestamp": entry["at"], "data": entry}, ensure_ascii=False, separators=(",", ":")).encode()


def _told(database: Database, settings: Settings, clock: Clock, due: Due) -> int:
    """What was taken is never sent again by us; what was sent when we were stopped, is: a receiver knows it by its id."""
    taken, at = 0, due.position
    failed: sending.Sent | None = None
    until = time.monotonic() + SECONDS
    for message in due.messages or ():
        if time.monotonic() > until:
            at = message.seq - 1
            break
        sent = _sent(settings, due.webhook, message)
        if not sent.is_taken:
            failed, at = sent, message.seq - 1
            break
        taken += 1
    database.write(Admission(clock.now(), clock), lambda session: _moved(session, settings.webhook_retry_seconds, due, at, taken, failed))
    return taken


def _sent(settings: Settings, webhook: Webhook, message: Message) -> sending.Sent:
    """A damaged key is a failure like another, so that mails and sweeps go on."""
    try:
        secret = sending.secret_of(settings.data_dir, webhook.id)
    except sending.DamagedKey:
        return sending.Sent(is_taken=False, is_gone=False, outcome="damaged-key")
    return sending.post(webhook.url, secret, message.id, message.body, settings.webhook_networks)


def _moved(session: Session, delays: Sequence[float], due: Due, position: int, taken: int, failed: sending.Sent | None) -> None:
    """Nothing where it was set back, or another worker went on, meanwhile."""
    row = queries.delivery(session, due.webhook.id, lock=True)
    if (row.replays, row.position) != (due.replays, due.start) or row.is_stopped:
        return
    if due.messages is None:
        row.is_stopped, row.last_outcome = True, "key-ended"
        return
    row.position = position
    if failed is None:
        row.failures, row.last_outcome = 0, None if not taken else "taken"
        return
    row.failures = 1 if taken else row.failures + 1
    row.last_outcome = failed.outcome
    row.is_stopped = failed.is_gone or row.failures > len(delays)
    row.next_try_at = real_now() + timedelta(seconds=delays[min(row.failures, len(delays)) - 1])
