"""Many rows at once: by COPY on PostgreSQL, and the same rows as if each had been inserted."""

import secrets
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app.audit.models import ErasableText
from app.db import Database
from app.tables import UtcDateTime, add_all, choice
from app.units.rules import UnitKind
from tests.conftest import NOON

TEXTS = ["", "\\N", "\\.", "a\tb", "dòng 1\ndòng 2\r\n", "\\\\x00", '"phẩy, nháy"', "Quận Cầu Giấy 🏅", "NULL", "{}"]


def rows(count: int) -> list[ErasableText]:
    return [
        ErasableText(
            commitment=uuid.uuid4().hex * 2,
            salt=bytes([0, 9, 10, 92, 255]) + secrets.token_bytes(27),
            text=f"{number} {TEXTS[number % 10]}",
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [99, 100, 1500])
def test_many_rows_are_what_was_sent(write: Callable[..., Any], count: int) -> None:
    sent = rows(count)
    told = {one.commitment: (one.salt, one.text) for one in sent}
    write(lambda session: add_all(session, sent))
    found = write(lambda session: {one.commitment: (one.salt, one.text) for one in session.exec(select(ErasableText)).all()})
    assert found == told


def test_values_of_every_type_come_back(write: Callable[..., Any], database: Database) -> None:
    """What columns of ours hold: instants, enumerations, decimals, flags, ids, whole numbers, nothing."""
    table = sa.Table(
        "many",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("at", UtcDateTime),
        sa.Column("kind", choice(UnitKind)),
        sa.Column("figure", sa.Numeric(30, 10).with_variant(sa.String(40), "sqlite")),
        sa.Column("is", sa.Boolean()),
        sa.Column("many", sa.BigInteger()),
        sa.Column("none", sa.Text()),
    )
    figure: Any = "99999999999999999999.9999999999" if database.is_sqlite else Decimal("99999999999999999999.9999999999")
    sent = [
        {"id": uuid.uuid4(), "at": NOON, "kind": UnitKind.WARD, "figure": figure, "is": number % 2 == 0, "many": 2**62, "none": None}
        for number in range(300)
    ]

    def work(session: Any) -> Any:
        table.create(session.connection())
        session.connection().execute(sa.insert(table), sent)
        return session.connection().execute(sa.select(table)).mappings().all()

    found = {row["id"]: dict(row) for row in write(work)}
    assert found == {one["id"]: one | {"at": NOON} for one in sent}


def test_a_broken_constraint_is_told_as_ever_and_leaves_nothing(write: Callable[..., Any]) -> None:
    twice = rows(200)
    twice[150].commitment = twice[3].commitment

    def work(session: Any) -> None:
        values = [one.model_dump() for one in twice]
        session.connection().execute(sa.insert(ErasableText), values)

    with pytest.raises(IntegrityError):
        write(work)
    assert write(lambda session: session.exec(select(ErasableText)).all()) == []
