"""Idempotency-Key: the answer is stored with its effect, so a repeated write is the same write."""

import hashlib
import re

import sqlalchemy as sa
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


def earlier(session: Session, actor: Actor, key: str, request: Request, body: bytes) -> Response | None:
    """The stored answer, or None after reserving the key. A concurrent duplicate waits here for the first."""
    digest = hashlib.sha256(b"\n".join([*(part.encode() for part in _asked(request)), body])).hexdigest()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"actor_id": actor.id, "key": key, "request_digest": digest, "status": 0, "at": clock.real_now()}
    reserving = insert(IdempotentAnswer).values(values).on_conflict_do_nothing().returning(col(IdempotentAnswer.key))
    if session.connection().execute(reserving).first() is not None:
        return None
    stored = session.exec(select(IdempotentAnswer).where(IdempotentAnswer.actor_id == actor.id, IdempotentAnswer.key == key)).one()
    if stored.request_digest != digest:
        raise KeyReused
    if stored.body is None:
        raise SecretShownOnce
    return Response(stored.body, stored.status, _headers(stored), "application/json")


def _asked(request: Request) -> list[str]:
    return [request.method, request.url.path, request.url.query, request.headers.get("if-match", "")]


def keep(session: Session, actor: Actor, key: str, answer: Response, *, secret: bool) -> None:
    body = None if secret else bytes(answer.body)
    values = {
        "status": answer.status_code,
        "body": body,
        "etag": answer.headers.get("ETag"),
        "receipt": answer.headers.get(RECEIPT),
    }
    where = (col(IdempotentAnswer.actor_id) == actor.id, col(IdempotentAnswer.key) == key)
    session.connection().execute(sa.update(IdempotentAnswer).where(*where).values(values))


def _headers(stored: IdempotentAnswer) -> dict[str, str]:
    kept = {"ETag": stored.etag, RECEIPT: stored.receipt}
    return {"Idempotency-Replayed": "true", **{name: value for name, value in kept.items() if value is not None}}
