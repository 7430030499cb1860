"""The engine, its profile per database, and the only place that commits."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.clock import Admission
from app.held import Held
from app.kept import Kept

Reading = Annotated[Session, "reading"]
"""A consistent snapshot that never commits and refuses to flush."""
Writing = Annotated[Session, "writing"]
"""One transaction, committed by the write path before the answer leaves."""

T = TypeVar("T")

_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "busy_timeout": 10_000,
}
_RETRIABLE = {"40001", "40P01", "23505"}
"""A serialisation failure, a deadlock, and a row that somebody else inserted first: tried again, it is found."""
_TRIES = 4


class WrongProfile(RuntimeError):
    """The database does not run as this service needs it to."""


class ReadOnly(RuntimeError):
    """Somebody tried to change something in a reading session."""


class Database:
    """One engine. `seal` numbers and inserts the queued trail entries; it is handed in by whoever builds the app."""

    def __init__(self, url: str, *, seal: Callable[[Session], None], pool: int = 8) -> None:
        self.engine = _engine(url, pool)
        self.seal = seal
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._held: list[Held] = []
        self._kept = Kept()
        self._writer = self.engine.execution_options(writes=True)
        self._reader = self.engine
        if not self.is_sqlite:
            self._writer = self.engine.execution_options(isolation_level="READ COMMITTED")
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # SQLite has one writer at a time and polls for its turn; inside a process a lock hands the turn on at once.
        self._turn = threading.Lock() if self.is_sqlite else None

    @contextmanager
    def reading(self, admission: Admission) -> Iterator[Session]:
        with Session(self._reader, autoflush=False, info={"admission": admission}) as session:
            sa.event.listen(session, "before_flush", _refuse)
            yield session

    def write(self, admission: Admission, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction and commit it; again when PostgreSQL asks for that (40001, 40P01)."""
        for attempt in range(1, _TRIES + 1):
            try:
                return self._write_once(admission, work)
            except DBAPIError as error:
                if attempt == _TRIES or getattr(error.orig, "sqlstate", None) not in _RETRIABLE:
                    raise
        raise AssertionError("unreachable")

    def _write_once(self, admission: Admission, work: Callable[[Session], T]) -> T:
        info = {"admission": admission, "kept": self._kept}
        with self._my_turn(), Session(self._writer, autoflush=False, info=info) as session:
            result = work(session)
            self.seal(session)
            session.commit()
            return result

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        with self._turn:
            yield

    def check_profile(self) -> None:
        """Raise `WrongProfile` unless the pragmas hold."""
        if not self.is_sqlite:
            return
        with self.engine.connect() as connection:
            for name, wanted in _PRAGMAS.items():
                found = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                if found != wanted:
                    raise WrongProfile(f"PRAGMA {name} is {found}, wanted {wanted}")

    def held(self, statement: str) -> Held:
        """`statement` over a connection of its own, let go of with this database."""
        self._held.append(Held(self.engine, statement))
        return self._held[-1]

    def dispose(self) -> None:
        for held in self._held:
            held.let_go()
        self.engine.dispose()


def release(session: Session) -> None:
    """End a reading's snapshot and keep what was read. For long work over rows as of a fixed position, which do not change: a snapshot of
    minutes keeps SQLite from folding in its log, and whoever writes next waits for all of it.
    """
    session.expunge_all()
    session.rollback()


def _engine(url: str, pool: int) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=pool, max_overflow=0, pool_timeout=15)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_pragmas)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        sa.event.listen(engine, "connect", _set_time_limits)
        sa.event.listen(engine, "do_executemany", _copy_many)
    return engine


def _set_pragmas(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value in _PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """A deferred transaction that upgrades itself loses updates under load; a writer takes the lock at once."""
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _set_time_limits(connection: DBAPIConnection, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; SET timezone = 'UTC'")
    cursor.close()
    connection.commit()


_MANY = 100
"""From so many rows on, a COPY costs less than inserting them one after the other."""


def _copy_many(cursor: Any, _statement: str, rows: Sequence[Mapping[str, Any]], context: Any) -> bool:
    """Insert many rows of plain values by COPY; what it refuses is refused as an INSERT would be. False: as usual."""
    if len(rows) < _MANY or not context.isinsert or context.compiled.effective_returning:
        return False
    table, names = context.compiled.statement.table, list(rows[0])
    if not set(names) <= {column.name for column in table.c}:
        return False
    quoted = context.dialect.identifier_preparer
    columns = ", ".join(map(quoted.quote, names))
    with cursor.copy(f"COPY {quoted.format_table(table)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])
    return True


def _refuse(*_: Any) -> None:
    raise ReadOnly("a reading session was asked to write")
