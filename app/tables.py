"""What every table shares: constraint names, exact decimals, UTC instants, enumerations as text with a CHECK."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat as uuid_utils
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from app.errors import Problem, Stale

Row = TypeVar("Row", bound=SQLModel)
Key = TypeVar("Key", bound=Hashable)

FIGURE_DIGITS, FIGURE_DECIMALS = 30, 10

metadata = SQLModel.metadata
metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Table(SQLModel):
    """Base of every table class. Rows validate nothing and never cross the wire."""


def new_id() -> UUID:
    """A UUIDv7: sorts by the time it was made."""
    made: UUID = uuid_utils.uuid7()
    return made


class UtcDateTime(TypeDecorator[datetime]):
    """An instant; naive datetimes are refused, what is read back is aware and in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Figure(TypeDecorator[Decimal]):
    """An exact decimal of up to 30 digits, 10 of them after the comma. Never summed or compared in SQL.

    SQLite has no decimals: there it is canonical text.
    """

    impl = sa.Numeric(FIGURE_DIGITS, FIGURE_DECIMALS)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(FIGURE_DIGITS + 2))
        return dialect.type_descriptor(sa.Numeric(FIGURE_DIGITS, FIGURE_DECIMALS))

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> str | Decimal | None:
        if value is None or dialect.name != "sqlite":
            return value
        return canonical(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def canonical(figure: Decimal) -> str:
    """The one way a figure is written: no exponent, no trailing zeros, no negative zero."""
    text = format(figure, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def choice(of: type[StrEnum]) -> sa.Enum:
    """An enumeration stored by value as text, held by a CHECK."""
    return sa.Enum(
        of,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=snake(of.__name__),
        values_callable=lambda members: [member.value for member in members],
    )


def entry_key() -> sa.Column[UUID]:
    """The trail entry that recorded a row. Deferred: the entry is numbered and inserted last, by `audit.seal`.

    Indexed: when a deferred parent arrives, SQLite looks for its children in every table that refers to it
    (22 ms an entry with 100,000 rows and no index).
    """
    reference = sa.ForeignKey("entry.id", deferrable=True, initially="DEFERRED")
    return sa.Column(sa.Uuid(), reference, nullable=False, index=True)


def add(session: Session, row: Row, refusals: Mapping[str, Problem] | None = None) -> Row:
    """Insert a row at once. A broken constraint becomes the refusal named for it; what has no name is a fault.

    A version that someone else took in the meantime is `Stale`.
    """
    add_all(session, [row], refusals)
    return row


def add_all(session: Session, rows: Sequence[SQLModel], refusals: Mapping[str, Problem] | None = None) -> None:
    """The same for many rows of one table."""
    session.add_all(rows)
    with _refusing(type(rows[0]), refusals):
        session.flush()


@contextmanager
def _refusing(of: type[SQLModel], refusals: Mapping[str, Problem] | None) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        name = violated(error)
        if refusals is not None and name in refusals:
            raise refusals[name] from None
        if name.startswith(("pk_", "uq_")) and "version" in of.model_fields:
            raise Stale from None
        raise


def detached(session: Session, rows: Mapping[Key, Row]) -> Mapping[Key, Row]:
    """The same rows, no longer the session's: they may be kept when it ends."""
    for row in rows.values():
        session.expunge(row)
    return rows


def insert_all(session: Session, of: type[SQLModel], rows: Sequence[SimpleNamespace]) -> None:
    """Insert rows that have every column of the table, past the session: to make and keep an object costs more than to insert it.

    A version that someone else took in the meantime is `Stale`.
    """
    values = [vars(row) for row in rows]
    with _refusing(of, None):
        session.connection().execute(sa.insert(sa.inspect(of).local_table), values if len(values) > 1 else values[0])


def violated(error: IntegrityError) -> str:
    """The name of the constraint that a statement ran into, on either engine; empty when it cannot be told."""
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return diagnostics.constraint_name or ""
    kind, _, what = str(error.orig).partition(" constraint failed: ")
    if kind == "CHECK":
        return what
    return _unique_over(what.split(", ")) if kind == "UNIQUE" else ""


def _unique_over(columns: list[str]) -> str:
    table = metadata.tables[columns[0].split(".")[0]]
    names = {column.split(".")[1] for column in columns}
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint) and set(constraint.columns.keys()) == names:
            return str(constraint.name)
    return ""


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
