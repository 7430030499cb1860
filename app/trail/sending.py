"""One message to one receiver, signed as Standard Webhooks say; to an address that was looked at, and to no other."""

import asyncio
import base64
import hashlib
import hmac
import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import httpx

from app.trail.addresses import is_allowed, is_named

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5, 10, 15
ANSWER_LIMIT = 65_536
GONE = 410
_KEY_SIZE = 32


class Sent(NamedTuple):
    is_taken: bool
    is_gone: bool
    """The receiver wants nothing any more."""
    outcome: str
    """The status, or why there is none; no text of the receiver's."""


def secret_of(folder: Path, webhook_id: UUID) -> str:
    """Made from a key that lies in a file and in no database, so that a copy of the database signs nothing."""
    made = hmac.new(_master(folder / "webhooks.key"), webhook_id.bytes, hashlib.sha256).digest()
    return f"whsec_{base64.b64encode(made).decode()}"


class DamagedKey(RuntimeError):
    """The file of the key is not as long as a key: put it back from a copy, or remove it and register every webhook anew."""


def _master(place: Path) -> bytes:
    if not place.exists():
        _make(place)
    found = place.read_bytes()
    if len(found) != _KEY_SIZE:
        raise DamagedKey(f"{place.name} holds {len(found)} bytes, not {_KEY_SIZE}")
    return found


def _make(place: Path) -> None:
    """Whole or not at all; where another process makes one at the same time, the first stays."""
    draft = place.with_name(f"{place.name}.{uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(os.urandom(_KEY_SIZE))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, place)
    draft.unlink()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def post(url: str, secret: str, message_id: str, body: bytes, networks: Sequence[str]) -> Sent:
    """No redirect is followed, no proxy asked; the connection goes to the address that was looked at. Blocks for some 15 seconds."""
    timestamp = int(time.time())
    try:
        target = httpx.URL(url)
        address = _address(target, networks)
    except (OSError, UnicodeError, httpx.InvalidURL):
        return Sent(is_taken=False, is_gone=False, outcome="no-such-host")
    if address is None:
        return Sent(is_taken=False, is_gone=False, outcome="address-not-allowed")
    headers = {
        "Host": target.netloc.decode(),
        "Content-Type": "application/json",
        "User-Agent": "thidua-webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }
    status = asyncio.run(_status(target.copy_with(host=address), target.host, headers, body))
    return Sent(is_taken=isinstance(status, int) and 200 <= status < 300, is_gone=status == GONE, outcome=str(status))  # noqa: PLR2004


def never_reached(url: str, networks: Sequence[str]) -> bool:
    """Whether nothing can ever be sent there: plain http while no network is named, or an address that is not allowed."""
    target = httpx.URL(url)
    if target.scheme == "http" and not networks:
        return True
    try:
        return not (is_allowed if target.scheme == "https" else is_named)(target.host, networks)
    except ValueError:
        return False  # a name: looked up each time


def _address(target: httpx.URL, networks: Sequence[str]) -> str | None:
    """The first of a host's addresses, where every one may be sent to; over plain http only into networks that are named."""
    port = target.port or {"http": 80, "https": 443}[target.scheme]
    found = [str(one[4][0]) for one in socket.getaddrinfo(target.host, port, type=socket.SOCK_STREAM)]
    fits = is_allowed if target.scheme == "https" else is_named
    return found[0] if found and all(fits(one, networks) for one in found) else None


async def _status(pinned: httpx.URL, name: str, headers: dict[str, str], body: bytes) -> int | str:
    """One limit around it all: a receiver that sends a byte a second is cut off, head or body."""
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    extensions = {"sni_hostname": name} if pinned.scheme == "https" else {}
    status: int | str = "no-answer"
    with suppress(TimeoutError, httpx.HTTPError, OSError, ValueError):
        async with (
            asyncio.timeout(TOTAL_SECONDS),
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=timeout) as client,
            client.stream("POST", pinned, headers=headers, content=body, extensions=extensions) as answer,
        ):
            status, size = answer.status_code, 0
            async for chunk in answer.aiter_raw():
                size += len(chunk)
                if size > ANSWER_LIMIT:
                    break
    return status
