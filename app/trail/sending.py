"""One message to one receiver, signed as Standard Webhooks say; to an address that was looked at, and to no other."""

import base64
import hashlib
import hmac
import os
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

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


def _master(place: Path) -> bytes:
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return place.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(made := os.urandom(_KEY_SIZE))
        file.flush()
        os.fsync(file.fileno())
    return made


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
    status = _status(target.copy_with(host=address), target.host, headers, body)
    return Sent(is_taken=isinstance(status, int) and 200 <= status < 300, is_gone=status == GONE, outcome=str(status))  # noqa: PLR2004


def _address(target: httpx.URL, networks: Sequence[str]) -> str | None:
    """The first of a host's addresses, where every one may be sent to; over plain http only into networks that are named."""
    port = target.port or {"http": 80, "https": 443}[target.scheme]
    found = [str(one[4][0]) for one in socket.getaddrinfo(target.host, port, type=socket.SOCK_STREAM)]
    fits = is_allowed if target.scheme == "https" else is_named
    return found[0] if found and all(fits(one, networks) for one in found) else None


def _status(pinned: httpx.URL, name: str, headers: dict[str, str], body: bytes) -> int | str:
    until = time.monotonic() + TOTAL_SECONDS
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    extensions = {"sni_hostname": name} if pinned.scheme == "https" else {}
    try:
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout) as client,
            client.stream("POST", pinned, headers=headers, content=body, extensions=extensions) as answer,
        ):
            size = 0
            for chunk in answer.iter_raw():
                size += len(chunk)
                if size > ANSWER_LIMIT or time.monotonic() > until:
                    break
            return answer.status_code
    except (httpx.HTTPError, OSError, ValueError):
        return "no-answer"
