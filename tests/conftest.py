"""Fixtures: a migrated database on each engine, a stopped clock, a service over both, and who calls it."""

import gc
import shutil
import socket
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import apart
from app.clock import ZONE, Admission
from app.db import Database
from app.main import database_of
from app.migrate import upgrade
from app.settings import Settings
from tests import postgres
from tests.world import World, build, served

ENGINES = ("sqlite", "postgresql")
NOON = datetime(2022, 6, 15, 12, tzinfo=ZONE)


class Hand:
    """A clock that the test sets."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may reach another host."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "head.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> tuple[str, str]:
    server = postgres.start()
    name = f"head_{uuid.uuid4().hex[:12]}"
    upgrade(postgres.create(server, name))
    return server, name


@pytest.fixture(scope="session")
def sqlite_district(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The district of `tests.world`, made once, and its keys; each test gets a copy."""
    folder = tmp_path_factory.mktemp("district")
    shutil.copy(sqlite_template, folder / "world.db")
    return folder / "world.db", _filled(Settings(database_url=f"sqlite:///{folder / 'world.db'}", data_dir=folder))


@pytest.fixture(scope="session")
def postgres_district(postgres_template: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    server, template = postgres_template
    name = f"district_{uuid.uuid4().hex[:12]}"
    url = postgres.create(server, name, template)
    return name, _filled(Settings(database_url=url, data_dir=tmp_path_factory.mktemp("district")))


def _filled(settings: Settings) -> dict[str, str]:
    database = database_of(settings)
    with build(settings, database, Hand()) as world:
        keys = dict(world.keys)
    database.dispose()
    return keys


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database at head, the district in it where the test wants one; the test runs once on each engine."""
    is_district = "world" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "thidua.db"
        shutil.copy(request.getfixturevalue("sqlite_district")[0] if is_district else request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_template")
    if is_district:
        template = request.getfixturevalue("postgres_district")[0]
    name = f"t_{uuid.uuid4().hex[:12]}"
    yield postgres.create(server, name, template)
    postgres.drop(server, name)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path, webhook_networks=("127.0.0.0/8",))


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    found = database_of(settings)
    yield found
    found.dispose()


COMPUTED_APART = {"tests.test_apart", "tests.test_publications"}


@pytest.fixture(autouse=True)
def computed_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own starts without the statements that ours has compiled, a second each time: tests of it use it."""
    if request.module.__name__ not in COMPUTED_APART:
        monkeypatch.setattr(apart, "call", lambda work, *given: work(*given))


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def world(request: pytest.FixtureRequest, settings: Settings, database: Database, hand: Hand) -> Iterator[World]:
    """A small district with a movement, and a client per role."""
    _, keys = request.getfixturevalue("sqlite_district" if database.is_sqlite else "postgres_district")
    with served(settings, database, hand) as found:
        found.keys |= keys
        yield found


@pytest.fixture
def write(database: Database, hand: Hand) -> Callable[[Callable[[Any], Any]], Any]:
    """Run something in one transaction."""
    return lambda work: database.write(Admission(hand.now(), hand), work)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many tests ran on each engine; one that ran on neither is pure."""
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", [])]
    counts = {engine: sum(f"[{engine}" in node or f"-{engine}" in node for node in passed) for engine in ENGINES}
    counts["pure"] = len(passed) - sum(counts.values())
    terminalreporter.write_line("passed: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
