"""Commit, then answer; the same write twice is one write; a refusal changes nothing."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app.clock import Admission
from app.settings import Settings
from tests.conftest import Hand
from tests.server import running
from tests.world import PLAN, World

CLAIM = {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "9"}


def rows(world: World, table: str = "submission") -> int:
    with world.database.engine.connect() as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_the_same_key_gives_the_same_answer_once(world: World) -> None:
    key = {"Idempotency-Key": "phone-1"}
    first = world.post("dich-vong", "/submissions", CLAIM, headers=key)
    again = world.post("dich-vong", "/submissions", CLAIM, headers=key)
    assert (again.status_code, again.content, again.headers["ETag"]) == (201, first.content, first.headers["ETag"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert rows(world) == 1
    other = world.post("dich-vong", "/submissions", CLAIM | {"figure": "8"}, headers=key)
    assert other.json()["type"] == "/problems/key-reused"
    elsewhere = world.post("nghia-do", "/submissions", CLAIM | {"unit": "nghia-do"}, headers=key)
    assert elsewhere.status_code == 201, "keys belong to their actor"


def test_a_replay_comes_before_the_precondition(world: World) -> None:
    submission = world.report().json()["id"]
    headers = {"If-Match": '"1"', "Idempotency-Key": "once"}
    first = world.post("appraiser", f"/submissions/{submission}/acceptance", headers=headers)
    again = world.post("appraiser", f"/submissions/{submission}/acceptance", headers=headers)
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)


def test_a_refusal_is_not_kept(world: World) -> None:
    key = {"Idempotency-Key": "again"}
    assert world.post("dich-vong", "/submissions", CLAIM | {"period": "2022-09"}, headers=key).status_code == 422
    assert world.post("dich-vong", "/submissions", CLAIM, headers=key).status_code == 201
    assert world.post("dich-vong", "/submissions", CLAIM, headers={"Idempotency-Key": "a b"}).status_code == 422


def test_one_key_eight_times_at_once(world: World) -> None:
    """C6."""
    for number in range(100):
        headers = {"Idempotency-Key": f"burst-{number}"}
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: world.post("dich-vong", "/submissions", CLAIM, headers=headers), range(8)))  # noqa: B023
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
    assert rows(world) == 100


def test_a_secret_is_shown_once(world: World) -> None:
    sent = {"label": "x", "role": "viewer", "unit": "dich-vong", "expires_at": "2027-01-01T00:00:00+07:00"}
    first = world.post("administrator", "/keys", sent, headers={"Idempotency-Key": "k"})
    assert first.json()["key"].startswith("tdk_")
    assert world.post("administrator", "/keys", sent, headers={"Idempotency-Key": "k"}).json()["type"] == "/problems/secret-shown-once"
    with world.database.engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT body FROM idempotent_answer")).all()
    assert kept == [(None,)]


def test_a_failed_commit_is_never_answered_as_done(world: World, settings: Settings, tmp_path: Path) -> None:
    """On a real socket: the trail's entry cannot be inserted at the very end, so nobody may hear 201.

    Control: with a healthy head the same call is answered 201.
    """
    with running(settings.database, tmp_path) as server:
        headers = {"Authorization": f"Bearer {world.keys['dich-vong']}"}
        healthy = httpx.post(f"{server.base}/api/v1/submissions", json=CLAIM, headers=headers)
        assert healthy.status_code == 201, healthy.text
        before = rows(world)
        with world.database.engine.connect() as connection:
            if world.database.is_sqlite:
                refuse = "CREATE TRIGGER sabotage BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'sabotage'); END"
                connection.exec_driver_sql(refuse)
            else:
                connection.exec_driver_sql(
                    "CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sabotage'; END $$"
                )
                trigger = "CREATE CONSTRAINT TRIGGER sabotage AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED"
                connection.exec_driver_sql(f"{trigger} FOR EACH ROW EXECUTE FUNCTION sabotage()")
            connection.commit()
        refused = httpx.post(f"{server.base}/api/v1/submissions", json=CLAIM, headers=headers)
        assert refused.status_code >= 500
        assert refused.headers["content-type"] == "application/problem+json"
        assert "sabotage" not in refused.text
    assert rows(world) == before


def test_half_sent_bodies_hold_no_place(world: World, settings: Settings, tmp_path: Path) -> None:
    """Eight clients send half a body and wait; the ninth is served at once."""
    with running(settings.database, tmp_path) as server:
        lines = [
            "POST /api/v1/submissions HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Length: 500",
            f"Authorization: Bearer {world.keys['dich-vong']}",
        ]
        half = "\r\n".join([*lines, "", "{"])
        sockets = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(8)]
        for one in sockets:
            one.sendall(half.encode())
        answer = httpx.get(f"{server.base}/api/v1/me", headers={"Authorization": f"Bearer {world.keys['dich-vong']}"}, timeout=5)
        assert answer.status_code == 200
        for one in sockets:
            one.close()


def test_bodies_are_bounded(world: World) -> None:
    big = b'{"a": "' + b"x" * 1_100_000 + b'"}'
    assert world.call("dich-vong", "POST", "/submissions", content=big, headers={"Content-Type": "application/json"}).status_code == 413
    assert world.call("dich-vong", "POST", "/submissions", content=b"x", headers={"Content-Type": "text/plain"}).status_code == 415


def test_a_deadlock_is_tried_again(world: World, hand: Hand) -> None:
    """40P01 on PostgreSQL: two transactions lock two rows crosswise, and both end well."""
    if world.database.is_sqlite:
        runs: list[int] = []
        world.database.write(Admission(hand.now(), hand), lambda _: runs.append(1))
        assert runs == [1], "SQLite has one writer, hence no deadlock"
        return
    barrier = threading.Barrier(2, timeout=20)
    tries: list[str] = []
    has_both = threading.Event()

    def crosswise(first: str, second: str) -> Any:
        def work(session: Any) -> None:
            tries.append(first)
            is_again = len(tries) > 2
            if is_again:  # it must not overtake the other, which has still to be given the lock: they would meet again
                assert has_both.wait(20)
            lock = "SELECT code FROM unit WHERE code = :code FOR UPDATE"
            session.connection().execute(sa.text(lock), {"code": first})
            if not is_again:
                barrier.wait()
            session.connection().execute(sa.text(lock), {"code": second})
            has_both.set()

        return work

    with ThreadPoolExecutor(2) as pool:
        done = [
            pool.submit(world.database.write, Admission(hand.now(), hand), crosswise(*pair))
            for pair in (("dich-vong", "nghia-do"), ("nghia-do", "dich-vong"))
        ]
        assert [one.result(30) for one in done] == [None, None]
    assert len(tries) == 3


@pytest.mark.parametrize("language", ["vi", "en"])
def test_refusals_speak_the_readers_language_and_echo_nothing(world: World, language: str) -> None:
    wrong = CLAIM | {"figure": "<script>alert(1)</script>", "period": "2022-05"}
    refused = world.post("dich-vong", "/submissions", wrong, headers={"Accept-Language": language})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert "script" not in refused.text
    assert refused.json()["title"] == {"vi": "Dữ liệu chưa hợp lệ", "en": "Invalid data"}[language]
    assert set(refused.json()) == {"type", "title", "status", "detail", "instance", "trace_id", "errors"}
