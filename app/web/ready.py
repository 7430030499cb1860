"""Hot answers as ready bytes: kept with the trail position they were computed at, served while it is still the newest.

Freshness is not traded away: every request asks for the position, and one that has moved on is computed anew, once for all who wait.
"""

import asyncio
import gzip
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.clock import Clock, real_now
from app.web.head import Head
from app.web.preconditions import is_match
from app.web.texts import preferred

PATHS = re.compile(r"/api/v1/movements/[a-z0-9-]{1,64}/ranking")
LIMIT = 256
_GZIP = re.compile(rb"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")

Key = tuple[bytes, bytes, bytes, bytes, str]


@dataclass(frozen=True)
class Freshness:
    """How long an answer may be kept while the trail stands still; a handler sets it as `request.state.ready`."""

    changes_at: datetime | None
    """By the service's clock: the next instant at which a deadline alone changes it."""
    expires_at: datetime | None
    """By the real clock: when the reader's token ends."""


@dataclass(frozen=True, slots=True)
class _Answer:
    position: int
    until: Freshness
    etag: str
    plain: tuple[Message, Message]
    zipped: tuple[Message, Message]
    unchanged: tuple[Message, Message]


class ReadyAnswers:
    """ASGI, outermost: only GETs of `PATHS` stop here."""

    def __init__(self, app: ASGIApp, head: Head, clock: Clock) -> None:
        self._app, self._head, self._clock = app, head, clock
        self._kept: OrderedDict[Key, _Answer] = OrderedDict()
        self._turns: dict[Key, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not PATHS.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        found = dict(scope["headers"])
        language = preferred(found.get(b"accept-language", b"").decode("latin-1"))
        authorization, cookie = found.get(b"authorization", b""), found.get(b"cookie", b"")
        key = (authorization, cookie, scope["path"].encode(), scope["query_string"], language)
        answer = await self._fresh(key, scope, receive, send)
        if answer is not None:
            for message in _chosen(answer, found):
                await send(message)

    async def _fresh(self, key: Key, scope: Scope, receive: Receive, send: Send) -> _Answer | None:
        """The kept answer when it is still true; None when the application answered by itself."""
        if key not in self._kept:
            return await self._computed(key, scope, receive, send)
        position = await self._head.position()
        kept = self._kept.get(key)
        if kept is not None and self._holds(kept, position):
            return kept
        async with self._turns.setdefault(key, asyncio.Lock()):
            kept = self._kept.get(key)
            if kept is not None and self._holds(kept, position):
                return kept
            return await self._computed(key, scope, receive, send)

    def _holds(self, kept: _Answer, position: int) -> bool:
        """A newer position than the one asked for is as good: the answer was computed after the question."""
        if kept.position < position:
            return False
        changes_at, expires_at = kept.until.changes_at, kept.until.expires_at
        return (changes_at is None or self._clock.now() < changes_at) and (expires_at is None or real_now() < expires_at)

    async def _computed(self, key: Key, scope: Scope, receive: Receive, send: Send) -> _Answer | None:
        messages: list[Message] = []
        scope.setdefault("state", {})

        async def keep(message: Message) -> None:
            messages.append(message)

        plain_scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]}
        await self._app(plain_scope, receive, keep)
        until = plain_scope["state"].get("ready")
        if messages[0]["status"] != 200 or not isinstance(until, Freshness):  # noqa: PLR2004
            self._kept.pop(key, None)
            for message in messages:
                await send(message)
            return None
        answer = self._kept[key] = _packed(messages, until, self._kept.get(key))
        self._kept.move_to_end(key)
        while len(self._kept) > LIMIT:
            old, _ = self._kept.popitem(last=False)
            self._turns.pop(old, None)
        return answer


def _packed(messages: list[Message], until: Freshness, before: _Answer | None) -> _Answer:
    """Most entries of the trail change no ranking: bytes that stayed the same are not compressed again."""
    headers = [pair for pair in messages[0]["headers"] if pair[0] not in {b"content-length", b"etag"}]
    found = dict(messages[0]["headers"])
    body = b"".join(message.get("body", b"") for message in messages[1:])
    etag = found[b"etag"].decode()
    small = before.zipped[1]["body"] if before is not None and before.plain[1]["body"] == body else gzip.compress(body, 6, mtime=0)
    zipped_etag = etag[:-1] + '-gzip"'
    return _Answer(
        position=int(found[b"thidua-trail-position"]),
        until=until,
        etag=etag,
        plain=_messages(200, [*headers, (b"etag", etag.encode())], body),
        zipped=_messages(200, [*headers, (b"etag", zipped_etag.encode()), (b"content-encoding", b"gzip")], small),
        unchanged=_messages(304, [*(pair for pair in headers if pair[0] != b"content-type"), (b"etag", etag.encode())], b""),
    )


def _messages(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[Message, Message]:
    length = [(b"content-length", str(len(body)).encode())] if status != 304 else []  # noqa: PLR2004
    start = {"type": "http.response.start", "status": status, "headers": headers + length}
    return start, {"type": "http.response.body", "body": body}


def _chosen(answer: _Answer, found: dict[bytes, bytes]) -> tuple[Message, Message]:
    asked = found.get(b"if-none-match")
    if asked is not None and is_match(asked.decode("latin-1").replace("-gzip", ""), answer.etag):
        return answer.unchanged
    return answer.zipped if _GZIP.search(found.get(b"accept-encoding", b"")) else answer.plain
