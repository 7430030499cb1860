"""The Merkle tree of RFC 6962 over the trail's entries, and what a leaf is made of."""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785

EVERYTHING = "all"


@dataclass(frozen=True)
class Subject:
    """What an entry is about: a kind (`submission`) and its code or id."""

    kind: str
    id: str


def unit_scope(code: str) -> str:
    return f"unit:{code}"


def movement_scope(code: str) -> str:
    return f"movement:{code}"


def person_scope(identifier: UUID) -> str:
    """For what concerns one account only; no board depends on it."""
    return f"person:{identifier}"


def digest(content: Any) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of what was recorded, in hexadecimal."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


def canonical_json(content: Any) -> bytes:
    """RFC 8785. Python's own encoder is twenty times as fast, and writes the same of what `_is_plain` lets pass."""
    if _is_plain(content):
        with suppress(UnicodeEncodeError):  # half a surrogate pair, which RFC 8785 refuses
            return _ENCODE(content).encode()
    return rfc8785.dumps(content)


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_SAFE = 2**53 - 1


_ALWAYS = {str, bool, type(None)}


def _is_plain(content: Any) -> bool:
    """Texts, whole numbers, true, false and null; names that UTF-16 sorts like any other code."""
    if isinstance(content, dict):
        is_named = set(map(type, content)) <= {str} and "".join(content).isascii()
        return is_named and _is_plain(list(content.values()))
    if isinstance(content, list):
        return all(map(_is_plain, [one for one in content if type(one) not in _ALWAYS]))
    return type(content) in _ALWAYS or isinstance(content, str) or (isinstance(content, int) and -_SAFE <= content <= _SAFE)


def instant_text(instant: datetime) -> str:
    """The one way an instant is written into a leaf: UTC, microseconds, Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def leaf_content(entry: dict[str, Any]) -> dict[str, Any]:
    """What a leaf hash covers: every column of the entry but the hash itself."""
    at: datetime = entry["at"]
    return {
        "id": str(entry["id"]),
        "seq": entry["seq"],
        "at": instant_text(at),
        "actor": f"{entry['actor_kind']}:{entry['actor_id']}",
        "verb": entry["verb"],
        "subject": f"{entry['subject_kind']}:{entry['subject_id']}",
        "scope": entry["scope"],
        "digest": entry["digest"],
    }


def leaf_hash(content: dict[str, Any]) -> bytes:
    return document_hash(canonical_json(content))


def document_hash(content: bytes) -> bytes:
    """Of a leaf whose bytes are at hand."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown(frontier: list[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The roots of the perfect subtrees, largest first, after one more leaf. `size` counts the leaves before it."""
    roots = [*frontier, leaf]
    while size & 1:
        right, left = roots.pop(), roots.pop()
        roots.append(node_hash(left, right))
        size >>= 1
    return roots


def root_hash(frontier: list[bytes]) -> bytes:
    if not frontier:
        return hashlib.sha256(b"").digest()
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root
