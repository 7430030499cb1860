"""The measured traps of databases and frameworks, each shown to be closed."""

import threading
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col

from app.audit import actions as audit
from app.audit import queries as trail
from app.audit.models import TrailHead
from app.audit.queries import ENTRIES
from app.audit.rules import Subject, grown, leaf_content, leaf_hash
from app.clock import Admission
from app.db import Database, ReadOnly
from app.indicators.models import Target
from app.main import database_of
from app.migrate import grant
from app.models import MUTABLE
from app.policy import SYSTEM
from app.settings import Settings
from app.tables import metadata, new_id
from app.units.models import Unit
from tests.conftest import Hand
from tests.world import World, build_on

FROZEN = sorted(set(metadata.tables) - MUTABLE)


def test_800_increments_are_800(database: Database, hand: Hand) -> None:
    """SQLite as SQLAlchemy opens it keeps 112 of 800; the trail's head is the row that everybody increments."""

    def work(_session: Any) -> None:
        audit.record(_session, SYSTEM, "test.counted", Subject("test", "x"), ["all"], {})

    def many() -> None:
        for _ in range(100):
            database.write(Admission(hand.now(), hand), work)

    threads = [threading.Thread(target=many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading(Admission(hand.now(), hand)) as session:
        assert trail.position(session) == 800
        assert session.connection().execute(sa.text("SELECT count(*), count(DISTINCT seq), max(seq) FROM entry")).one() == (800, 800, 800)


def test_the_trail_recomputes_from_its_rows(world: World) -> None:
    """Every leaf follows from its row, the frontier from the leaves, the numbers have no gap, time never goes back."""
    admission = Admission(world.clock.now(), world.clock)
    with world.database.reading(admission) as session:
        entries = session.connection().execute(sa.select(ENTRIES).order_by(ENTRIES.c.seq)).mappings().all()
        head = session.get(TrailHead, 1)
    assert head is not None
    assert len(entries) == head.size > 20
    frontier: list[bytes] = []
    for number, entry in enumerate(entries):
        assert entry["seq"] == number + 1
        assert entry["leaf"] == leaf_hash(leaf_content(dict(entry)))
        frontier = grown(frontier, number, entry["leaf"])
    assert [root.hex() for root in frontier] == head.frontier.split()
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)


@pytest.mark.parametrize("table", FROZEN)
def test_append_only_tables_refuse_change(world: World, table: str) -> None:
    """UPDATE, DELETE, REPLACE and TRUNCATE on each, at the migrated head, with rows in it where the world has some."""
    of = metadata.tables[table]
    column = next(iter(of.columns))
    with world.database.engine.connect() as connection:
        rows = connection.execute(sa.select(sa.func.count()).select_from(of)).scalar_one()
        connection.rollback()
        deeds = [f"UPDATE {table} SET {column.name} = {column.name}", f"DELETE FROM {table}"]
        deeds += [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"] if world.database.is_sqlite else [f"TRUNCATE {table} CASCADE"]
        for deed in deeds:
            if rows or deed.startswith("TRUNCATE"):
                with pytest.raises(DBAPIError, match="append-only"):
                    connection.exec_driver_sql(deed)
                connection.rollback()
        assert connection.execute(sa.select(sa.func.count()).select_from(of)).scalar_one() == rows


def test_the_world_has_rows_in_most_frozen_tables(world: World) -> None:
    """A liveness floor for the test above: a trigger on an empty table proves nothing on SQLite."""
    world.accept(world.report().json()["id"])
    with world.database.engine.connect() as connection:
        filled = [name for name in FROZEN if connection.execute(sa.select(sa.func.count()).select_from(metadata.tables[name])).scalar_one()]
    assert len(filled) >= 20, filled


def test_a_row_without_its_entry_cannot_be_committed(database: Database, hand: Hand) -> None:
    def work(session: Any) -> None:
        session.add(Unit(code="ma", entry_id=new_id()))

    with pytest.raises(IntegrityError):
        database.write(Admission(hand.now(), hand), work)


@pytest.mark.parametrize("figure", ["12345678901234.567891", "9278600000000", "0.0000000001", "-99999999999999999999.9999999999"])
def test_figures_come_back_exact(world: World, figure: str) -> None:
    target = {"unit": "nghia-do", "source": "district", "figure": figure}
    sent = world.post("administrator", "/plans/kt-xh-2022/indicators/thu-nsnn/targets", target)
    assert sent.status_code == 201, sent.text
    assert sent.json()["figure"] == figure
    with world.database.reading(Admission(world.clock.now(), world.clock)) as session:
        asked = sa.select(col(Target.figure)).where(col(Target.unit_code) == "nghia-do").order_by(col(Target.version).desc())
        kept = session.connection().execute(asked).first()
    assert kept is not None
    assert kept[0] == Decimal(figure)


def test_a_reading_session_refuses_to_write(database: Database, hand: Hand) -> None:
    with database.reading(Admission(hand.now(), hand)) as session:
        session.add(TrailHead(id=2, size=0, at=datetime.now(UTC), frontier=""))
        with pytest.raises(ReadOnly):
            session.flush()


def test_naive_instants_are_refused(database: Database, hand: Hand) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        database.write(Admission(hand.now(), hand), lambda session: trail.position_at(session, datetime(2022, 6, 1)))  # noqa: DTZ001


def test_a_snapshot_is_one_moment(world: World) -> None:
    """Rows and position of one reading session belong together, whatever is committed meanwhile."""
    with world.database.reading(Admission(world.clock.now(), world.clock)) as session:
        before = trail.position(session)
        assert world.report().status_code == 201
        assert trail.position(session) == before


def test_unit_names_are_stored_in_one_form(world: World) -> None:
    """NFD in, NFC kept; search needs no accents."""
    decomposed = {"code": "duong-sat", "name": "Phường Đường Sắt".replace("ắ", "a\u0306\u0301"), "kind": "ward", "opens_on": "2000-01-01"}
    assert world.post("administrator", "/units", decomposed).json()["name"] == "Phường Đường Sắt"
    found = world.get("viewer", "/units", params={"search": "DUONG SAT"}).json()["items"]
    assert [unit["code"] for unit in found] == ["duong-sat"]


def test_the_profile_is_checked_at_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    database = database_of(settings)
    if database.is_sqlite:
        database.dispose()
        monkeypatch.setattr("app.db._set_pragmas", lambda *_: None)
        with pytest.raises(RuntimeError, match="PRAGMA"):
            database_of(settings)
    database.dispose()


def test_constraints_hold_without_python(world: World, hand: Hand) -> None:
    """A decision of the sender's own unit cannot be stored, whoever writes it."""
    submission = world.report().json()["id"]

    def work(session: Any) -> None:
        entry_id = audit.record(session, SYSTEM, "test.forged", Subject("test", "x"), ["all"], {})
        session.flush()
        columns = "submission_id, outcome, unit_code, appraiser_code, by_unit_code, decider_kind, decider_id, decided_at, entry_id"
        forged = (
            f"INSERT INTO submission_decision ({columns}) VALUES (:submission, 'accepted', 'dich-vong', 'tai-chinh', 'dich-vong', 'key',"
        )
        binds = [sa.bindparam(name, type_=sa.Uuid()) for name in ("submission", "decider", "entry")]
        values = {"submission": UUID(submission), "decider": entry_id, "at": hand.now(), "entry": entry_id}
        session.connection().execute(sa.text(f"{forged} :decider, :at, :entry)").bindparams(*binds), values)

    with pytest.raises(IntegrityError):
        world.database.write(Admission(hand.now(), hand), work)


def test_the_holidays_of_a_year_are_proposed_and_stay_editable(world: World) -> None:
    """2022 as it was decreed: Tết from 31/01, National Day on 01 and 02/9; what somebody declared before is kept."""
    kept = {"day": "2022-09-01", "is_working": False, "name": "Quốc khánh (thông báo 2022)", "source": "Thông báo"}
    assert world.post("administrator", "/calendar/days", kept).status_code == 201
    proposed = world.post("administrator", "/calendar/years", {"year": 2022})
    assert proposed.status_code == 201, proposed.text
    days = {row["day"]: row for row in world.get("viewer", "/calendar/days", params={"year": 2022}).json()["items"]}
    assert {"2022-01-31", "2022-02-01", "2022-04-30", "2022-05-01", "2022-09-02"} <= days.keys()
    assert days["2022-09-01"]["name"] == "Quốc khánh (thông báo 2022)"
    assert world.post("administrator", "/calendar/years", {"year": 2022}).json()["items"] == []


def test_the_serving_role_owns_nothing(world: World, settings: Settings, hand: Hand) -> None:
    """On PostgreSQL the service can do its whole work and still not get round the triggers. SQLite has no roles."""
    if world.database.is_sqlite:
        assert world.database.engine.dialect.name == "sqlite"
        return
    role = f"serving_{new_id().hex[:12]}"
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{role}" LOGIN')
    grant(str(settings.database_url), role)
    with pytest.raises(ValueError, match="role name"):
        grant(str(settings.database_url), 'x"; DROP TABLE unit; --')
    url = str(settings.database_url).replace("postgres@", f"{role}@")
    with build_on(settings.model_copy(update={"database_url": url}), hand) as served:
        served.keys = world.keys
        submission = served.report().json()["id"]
        assert served.accept(submission).status_code == 200
        assert served.standings()["dich-vong"] == (1, "54")
        evasions = ["ALTER TABLE entry DISABLE TRIGGER ALL", "TRUNCATE entry CASCADE", "DELETE FROM entry", "UPDATE entry SET verb = 'x'"]
        for deed in [*evasions, "DROP TABLE entry CASCADE", "SET session_replication_role = replica"]:
            with served.database.engine.connect() as connection, pytest.raises(DBAPIError):
                connection.exec_driver_sql(deed)
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql(f'DROP OWNED BY "{role}"')
        connection.exec_driver_sql(f'DROP ROLE "{role}"')


def test_a_held_question_sees_every_commit_and_outlives_its_connection(database: Database, hand: Hand) -> None:
    """A server that restarted leaves a dead connection behind."""

    def happens(session: Any) -> None:
        audit.record(session, SYSTEM, "test.counted", Subject("test", "x"), ["all"], {})

    ask = trail.asker(database)
    for size in range(4):
        assert ask() == size
        database.write(Admission(hand.now(), hand), happens)
    with database.engine.connect() as other:
        if database.is_sqlite:
            ask._connection.connection.dbapi_connection.close()  # type: ignore[attr-defined]
        else:
            other.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT size FROM trail_head'")
    assert ask() == 4
