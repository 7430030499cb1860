"""E1: kill -9 under eight writers, five times, on both engines: nothing acknowledged is lost, nothing is half done."""

import threading
import time
import uuid
from pathlib import Path

import httpx
import sqlalchemy as sa

from app.settings import Settings
from tests.server import Server
from tests.test_traps import test_the_trail_recomputes_from_its_rows as check_trail
from tests.world import PLAN, World

CYCLES = 5
WRITERS = 8


CLAIM = {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "1"}


class Writers:
    """Eight clients that report without pause, and what they were told: kept here, outside the process that dies."""

    def __init__(self, server: Server, key: str) -> None:
        self.server, self.headers = server, {"Authorization": f"Bearer {key}"}
        self.acknowledged: dict[str, str] = {}
        self._lock = threading.Lock()

    def until_killed(self, more: int) -> None:
        """Start the server, let `more` reports be acknowledged, kill it in the middle of the next."""
        self.server.start()
        stop, wanted = threading.Event(), len(self.acknowledged) + more
        writers = [threading.Thread(target=self._write, args=(stop,)) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        deadline = time.monotonic() + 15
        while len(self.acknowledged) < wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        self.server.kill()
        stop.set()
        for writer in writers:
            writer.join()
        assert len(self.acknowledged) >= wanted, "a liveness floor: otherwise the kill proves nothing"

    def _write(self, stop: threading.Event) -> None:
        with httpx.Client(timeout=5) as client:
            while not stop.is_set():
                key = uuid.uuid4().hex
                try:
                    answer = self.send(client, key)
                except httpx.TransportError:
                    time.sleep(0.02)
                    continue
                if answer.status_code == 201:
                    with self._lock:
                        self.acknowledged[key] = answer.json()["id"]

    def send(self, client: httpx.Client, key: str) -> httpx.Response:
        return client.post(f"{self.server.base}/api/v1/submissions", json=CLAIM, headers={**self.headers, "Idempotency-Key": key})


def test_nothing_acknowledged_is_lost(world: World, settings: Settings, tmp_path: Path) -> None:
    writers = Writers(Server(settings.database, tmp_path), world.keys["dich-vong"])
    for cycle in range(CYCLES):
        writers.until_killed(20 + 7 * cycle)
    with world.database.engine.connect() as connection:
        kept = {str(uuid.UUID(str(row[0]))) for row in connection.execute(sa.text("SELECT id FROM submission"))}
        orphaned = "SELECT count(*) FROM submission s LEFT JOIN entry e ON e.id = s.entry_id WHERE e.id IS NULL"
        orphans = connection.execute(sa.text(orphaned)).scalar_one()
        versions = sorted(row[0] for row in connection.execute(sa.text("SELECT version FROM submission")))
        entries = connection.execute(sa.text("SELECT count(*) FROM entry WHERE verb = 'progress.submitted'")).scalar_one()
    assert set(writers.acknowledged.values()) <= kept
    assert orphans == 0
    assert versions == list(range(1, len(versions) + 1)), "versions without gaps"
    assert entries == len(kept)
    check_trail(world)
    writers.server.start()
    with httpx.Client() as client:
        for key, submission in list(writers.acknowledged.items())[::9]:
            assert writers.send(client, key).json()["id"] == submission, "the receipt is still good"
    writers.server.stop()


def test_a_lost_row_would_be_noticed(world: World) -> None:
    """The negative control: an acknowledged id that is not in the table."""
    acknowledged = {world.report().json()["id"], str(uuid.uuid4())}
    with world.database.engine.connect() as connection:
        kept = {str(uuid.UUID(str(row[0]))) for row in connection.execute(sa.text("SELECT id FROM submission"))}
    assert not acknowledged <= kept
