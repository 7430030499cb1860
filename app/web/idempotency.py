"""Idempotency-Key: the answer is stored with its effect, so a repeated write is the same write."""

import hashlib
import re
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from app import clock
from app.errors import Invalid, Problem
from app.policy import Actor
from app.web.models import IdempotentAnswer

HEADER = "Idempotency-Key"
RECEIPT = "Thidua-Receipt"
"""The size of the trail after a write, and its RFC 6962 root: what was acknowledged lies under both."""
_FORM = re.compile(r"[\x21-\x7e]{1,128}")


class KeyReused(Problem):
    """The key was used before, with another request."""

    status, slug = 422, "key-reused"


class SecretShownOnce(Problem):
    """The first answer showed a secret, which is not kept."""

    status, slug = 409, "secret-shown-once"


def key_of(request: Request) -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not _FORM.fullmatch(key):
        raise Invalid(f"header:{HEADER}", "wrong-form")
    return key


class Keyed(NamedTuple):
    """One call under a key."""

    actor: UUID
    key: str
    digest: str
    """Of what was asked: method, path, query, If-Match and body."""


def keyed(request: Request, actor: Actor | None, body: bytes) -> Keyed | None:
    key = key_of(request)
    if key is None or actor is None:
        return None
    asked = (request.method, request.url.path, request.url.query, request.headers.get("if-match", ""))
    return Keyed(actor.id, key, hashlib.sha256(b"\n".join([*(part.encode() for part in asked), body])).hexdigest())


def earlier(session: Session, call: Keyed) -> Response | None:
    """The stored answer. `KeyReused` where it is another request's; `SecretShownOnce` where it was not to be kept."""
    asked = select(IdempotentAnswer).where(IdempotentAnswer.actor_id == call.actor, IdempotentAnswer.key == call.key)
    stored = session.exec(asked).one_or_none()
    if stored is None:
        return None
    if stored.request_digest != call.digest:
        raise KeyReused
    if stored.body is None:
        raise SecretShownOnce
    return Response(stored.body, stored.status, _headers(stored), "application/json")


def keep(session: Session, call: Keyed, answer: Response, *, secret: bool) -> bool:
    """Whether it could be stored: not where an answer under this key is there. A concurrent duplicate waits here for the first."""
    values = {
        "actor_id": call.actor,
        "key": call.key,
        "request_digest": call.digest,
        "at": clock.real_now(),
        "status": answer.status_code,
        "body": None if secret else bytes(answer.body),
        "etag": answer.headers.get("ETag"),
        "receipt": answer.headers.get(RECEIPT),
    }
    return session.connection().execute(_KEEPING[session.get_bind().dialect.name], values).first() is not None


def _keeping(insert: Any) -> Any:
    return insert(IdempotentAnswer.__table__).on_conflict_do_nothing().returning(col(IdempotentAnswer.key))  # type: ignore[attr-defined]


_KEEPING = {"sqlite": _keeping(sqlite.insert), "postgresql": _keeping(postgresql.insert)}


def _headers(stored: IdempotentAnswer) -> dict[str, str]:
    kept = {"ETag": stored.etag, RECEIPT: stored.receipt}
    return {"Idempotency-Replayed": "true", **{name: value for name, value in kept.items() if value is not None}}
