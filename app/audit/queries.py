from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.models import Entry, ErasableText, TrailHead
from app.audit.rules import Subject, leaf_content, leaf_hash
from app.db import Database
from app.errors import Problem
from app.kept import Kept, Standing

ENTRIES = sa.inspect(Entry).local_table
"""For statements that need the trail more than once."""
HEAD = sa.inspect(TrailHead).local_table
PASSING = ("submission", "report_draft", "evidence", "task")
"""Kinds of subjects whose entries change no unit, plan, indicator, target or day."""


def changed_since() -> Any:
    """As a column: whether anything but `PASSING` was recorded after the position that is bound as `since`."""
    return sa.exists().where(ENTRIES.c.seq > sa.bindparam("since"), ENTRIES.c.subject_kind.not_in(PASSING)).label("has_changed")


def kept_position(session: Session) -> int:
    kept: Kept = session.info["kept"]
    return kept.position


def standing(session: Session, since: int, position: int, *, has_changed: bool) -> Standing:
    """What this process keeps, as it stands at `position`; nothing where this very transaction has changed such things, or has moved the
    position itself.
    """
    if "position" in session.info or any(entry["subject_kind"] not in PASSING for entry in session.info.get("queued", ())):
        return Standing()
    kept: Kept = session.info["kept"]
    return kept.at(since, position, has_changed=has_changed)


def position(session: Session) -> int:
    """The sequence number of the newest entry; 0 while nothing has happened."""
    return session.exec(select(TrailHead.size)).one()


def asker(database: Database) -> Callable[[], int]:
    """The same question for one thread, without a session or a transaction: one round trip."""
    return database.held("SELECT size FROM trail_head")


def position_at(session: Session, instant: datetime) -> int:
    """The last entry recorded at or before `instant`; time never goes back along the trail, so the index ends the search."""
    asked = select(Entry.seq).where(Entry.at <= instant).order_by(sa.desc("at"), sa.desc("seq")).limit(1)
    return session.exec(asked).first() or 0


def place_of(session: Session, entry_id: UUID) -> int:
    """An entry's sequence number."""
    return session.exec(select(Entry.seq).where(Entry.id == entry_id)).one()


def place_if_any(session: Session, entry_id: UUID) -> int | None:
    """An entry's sequence number; None while it is being recorded, after all that is there."""
    return session.exec(select(Entry.seq).where(Entry.id == entry_id)).one_or_none()


def entry_of(session: Session, entry_id: UUID) -> Entry:
    return session.exec(select(Entry).where(Entry.id == entry_id)).one()


def instant_of(session: Session, entry_id: UUID) -> datetime:
    """When an entry was recorded."""
    return session.exec(select(Entry.at).where(Entry.id == entry_id)).one()


def clock_offset(session: Session) -> timedelta:
    return timedelta(seconds=session.exec(select(TrailHead.clock_offset_seconds)).one())


def entries_after(session: Session, seq: int, limit: int) -> Sequence[Entry]:
    return session.exec(select(Entry).where(Entry.seq > seq).order_by(sa.asc("seq")).limit(limit)).all()


class TrailBroken(Problem):
    """An entry is no longer what its leaf says, or entries are missing. Nothing is signed over such a trail."""

    status, slug = 500, "trail-broken"


def leaves(session: Session, size: int) -> list[bytes]:
    """The leaf hashes of the first `size` entries, each made anew from its row."""
    asked = sa.select(ENTRIES).where(ENTRIES.c.seq <= size).order_by(ENTRIES.c.seq)
    found: list[bytes] = []
    with session.connection().execute(asked.execution_options(yield_per=2000)) as rows:
        for row in rows.mappings():
            made = leaf_hash(leaf_content(dict(row)))
            if row["seq"] != len(found) + 1 or made != row["leaf"]:
                raise TrailBroken
            found.append(made)
    if len(found) != size:
        raise TrailBroken
    return found


def scopes_after(session: Session, seq: int) -> Sequence[str]:
    """The scope of each entry newer than `seq`."""
    return session.exec(select(Entry.scope).where(Entry.seq > seq)).all()


def history(session: Session, subject: Subject, before: int | None, limit: int) -> Sequence[Entry]:
    """What happened to one subject, newest first."""
    asked = select(Entry).where(Entry.subject_kind == subject.kind, Entry.subject_id == subject.id)
    if before is not None:
        asked = asked.where(Entry.seq < before)
    return session.exec(asked.order_by(sa.desc("seq")).limit(limit)).all()


def known_at(asked: Any, entry_id: Any, seq: int | None) -> Any:
    """Narrow a statement to rows whose entry stands at or before `seq`; None is the present and costs nothing."""
    if seq is None:
        return asked
    return asked.join(Entry, Entry.id == entry_id).where(Entry.seq <= seq)


def texts(session: Session, commitments: Iterable[str | None]) -> dict[str | None, str]:
    """The free texts behind commitments, in one question; what was erased is not there."""
    wanted = {one for one in commitments if one is not None}
    if not wanted:
        return {}
    return {row.commitment: row.text for row in session.exec(select(ErasableText).where(col(ErasableText.commitment).in_(wanted))).all()}


def text(session: Session, commitment: str | None) -> str | None:
    """The free text behind a commitment; None when there is none or it was erased."""
    if commitment is None:
        return None
    kept = session.get(ErasableText, commitment)
    return kept.text if kept else None
