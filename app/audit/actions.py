"""`record` queues an entry; `seal` numbers and inserts what is queued, last before commit."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.audit.models import Entry, ErasableText, TrailHead
from app.audit.rules import Subject, digest, grown, leaf_content, leaf_hash, root_hash
from app.policy import Actor
from app.tables import new_id

_HEAD = TrailHead.__table__  # type: ignore[attr-defined]


def record(session: Session, actor: Actor, verb: str, subject: Subject, scope: Iterable[str], content: dict[str, Any]) -> UUID:
    """Queue an entry and return its id, which the rows it accounts for carry.

    `content` is what was recorded, in JSON types; only its digest is kept, so free text enters as a salted commitment.
    """
    identifier = new_id()
    entry = {
        "id": identifier,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "verb": verb,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "scope": " ".join(sorted(set(scope))),
        "digest": digest(content),
    }
    session.info.setdefault("queued", []).append(entry)
    return identifier


def seal(session: Session) -> None:
    """Take the head once, number and insert the queued entries, move the head on."""
    session.flush()
    queued: list[dict[str, Any]] = session.info.pop("queued", [])
    if not queued:
        return
    connection = session.connection()
    head = connection.execute(_TAKING).one()
    at = max(clock.now(session), head.at)
    frontier = [bytes.fromhex(root) for root in head.frontier.split()]
    for size, entry in enumerate(queued, start=head.size):
        entry |= {"seq": size + 1, "at": at}
        entry["leaf"] = leaf_hash(leaf_content(entry))
        frontier = grown(frontier, size, entry["leaf"])
    connection.execute(_ADDING, queued)
    session.info["position"] = head.size + len(queued)
    session.info["receipt"] = f"{session.info['position']}-{root_hash(frontier).hex()}"
    moved = {"size": session.info["position"], "at": at, "frontier": " ".join(root.hex() for root in frontier)}
    connection.execute(_MOVING, moved)


def seal_ahead(session: Session) -> None:
    """Seal before the rows are inserted, where nobody waits for the head: on SQLite a writer is alone.

    Rows that come before their entries it would look for once an entry, in each of the tables that refer to entries.
    """
    is_tried = session.info.get("undone", False)
    if session.get_bind().dialect.name == "sqlite" and not is_tried:
        seal(session)


_TAKING = sa.select(_HEAD).with_for_update()
_ADDING = sa.insert(Entry.__table__)  # type: ignore[attr-defined]
_MOVING = sa.update(_HEAD).values({name: sa.bindparam(name) for name in ("size", "at", "frontier")})


def set_clock(session: Session, actor: Actor, *, offset: timedelta) -> None:
    """Move the clock of an installation in which nothing has happened yet (a demo)."""
    connection = session.connection()
    connection.execute(sa.update(_HEAD).values(clock_offset_seconds=int(offset.total_seconds())))
    record(session, actor, "clock.moved", Subject("clock", "clock"), ["all"], {"offset_seconds": int(offset.total_seconds())})


def keep_text(session: Session, text: str | None) -> str | None:
    """Keep free text where it can be erased; return the salted commitment for the append-only row."""
    if not text:
        return None
    kept = committed(text)
    session.add(kept)
    return kept.commitment


def committed(text: str) -> ErasableText:
    """Free text with its salted commitment, not kept yet."""
    salt = secrets.token_bytes(32)
    return ErasableText(commitment=hashlib.sha256(salt + text.encode()).hexdigest(), salt=salt, text=text)
