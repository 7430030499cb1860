"""`thidua worker`: what is done beside requests. One leader by a row lease; any number may stand by.

It delivers to webhooks, reminds units by mail, and sweeps what has expired: stored answers, sessions, sign-in counts, files that nothing
refers to.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts.models import SignIn, SignInCount
from app.clock import Admission, Clock, real_now
from app.db import Database
from app.evidence.queries import referred_to
from app.evidence.store import DRAFT
from app.mailing.digest import send_due
from app.settings import Settings
from app.trail.outbox import deliver
from app.web.models import IdempotentAnswer, WorkerLease

LEASE = timedelta(seconds=60)
PAUSE_SECONDS = 0.5
ROWS_EVERY_SECONDS = 60.0
MAIL_EVERY_SECONDS = 600.0
"""A server that refused is asked again after so long."""
ORPHAN_AGE = timedelta(hours=24)
"""A file is written before the row that refers to it; younger ones may still be on their way."""
FILES_EVERY_SECONDS = 3600.0
BATCH = 500


def take_lease(session: Session, holder: UUID) -> bool:
    """True while `holder` leads. A lease that ran out goes to whoever asks first."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    now = real_now()
    values = {"holder": holder, "until": now + LEASE}
    asked: Any = insert(WorkerLease).values(name="worker", **values)
    free = (col(WorkerLease.holder) == holder) | (col(WorkerLease.until) < now)
    asked = asked.on_conflict_do_update(index_elements=["name"], set_=values, where=free).returning(col(WorkerLease.name))
    return session.connection().execute(asked).first() is not None


def sweep(session: Session, settings: Settings) -> dict[str, int]:
    """How many rows of each kind had expired and are gone."""
    now = real_now()
    expired = {
        "idempotent_answer": sa.delete(IdempotentAnswer).where(col(IdempotentAnswer.at) < now - timedelta(days=settings.idempotency_days)),
        "sign_in": sa.delete(SignIn).where(col(SignIn.expires_at) < now),
        "sign_in_count": sa.delete(SignInCount).where(col(SignInCount.window_ends_at) < now),
    }
    return {name: session.connection().execute(deletion).rowcount for name, deletion in expired.items()}


def sweep_files(session: Session, folder: Path) -> int:
    """Drafts and files that no row refers to, a day after they were written."""
    youngest = time.time() - ORPHAN_AGE.total_seconds()
    old = [path for path in folder.rglob("*") if _is_older(path, youngest)]
    gone = 0
    for start in range(0, len(old), BATCH):
        batch = [path for path in old[start : start + BATCH] if path.is_file()]
        kept = referred_to(session, {path.name for path in batch})
        gone += sum(_is_swept(path, youngest) for path in batch if path.name not in kept)
    for path in old:
        if path.is_dir() and path.name.startswith(DRAFT) and not any(path.iterdir()):
            path.rmdir()
    return gone


def _is_older(path: Path, youngest: float) -> bool:
    with suppress(FileNotFoundError):  # a draft that has ended meanwhile
        return path.stat().st_mtime < youngest
    return False


def _is_swept(path: Path, youngest: float) -> bool:
    """Put aside first: the same bytes may have been kept anew since it was looked at, and then they come back."""
    aside = path.with_name(f"{DRAFT}{path.name}")
    with suppress(FileNotFoundError):
        path.rename(aside)
        if _is_older(aside, youngest):
            aside.unlink()
            return True
        aside.rename(path)
    return False


def run(database: Database, settings: Settings, clock: Clock, holder: UUID, goes_on: Callable[[], bool]) -> None:
    """Until `goes_on` says no: whoever leads delivers every turn, sweeps now and then."""
    due = _Turns({"lease": LEASE.total_seconds() / 3, "rows": ROWS_EVERY_SECONDS, "mail": MAIL_EVERY_SECONDS, "files": FILES_EVERY_SECONDS})
    is_leader = False

    def leads() -> bool:
        nonlocal is_leader
        if due.is_now("lease"):
            is_leader = database.write(Admission(clock.now(), clock), lambda session: take_lease(session, holder))
        return is_leader

    while goes_on():
        is_behind = leads() and deliver(database, settings, clock, leads) > 0
        if leads() and due.is_now("mail"):
            send_due(database, settings, clock, leads)
        if leads() and due.is_now("rows"):
            database.write(Admission(clock.now(), clock), lambda session: sweep(session, settings))
        if leads() and due.is_now("files"):
            with database.reading(Admission(clock.now(), clock)) as session:
                for name in ("evidence", "thumbnails", "imports"):
                    sweep_files(session, settings.data_dir / name)
        time.sleep(PAUSE_SECONDS / 10 if is_behind else PAUSE_SECONDS)


class _Turns:
    """What is done every so many seconds, at once the first time."""

    def __init__(self, every: dict[str, float]) -> None:
        self._every = every
        self._done = dict[str, float]()

    def is_now(self, name: str) -> bool:
        now = time.monotonic()
        if now - self._done.get(name, -self._every[name]) < self._every[name]:
            return False
        self._done[name] = now
        return True
