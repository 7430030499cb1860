"""Webhooks: signed, in order, none lost, within the reach of their key, and to no address that nobody looked at."""

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from app.clock import real_now
from app.settings import Settings
from app.trail import sending
from app.trail.addresses import is_allowed, is_named
from app.trail.models import WebhookDelivery
from app.trail.outbox import deliver
from app.trail.schemas import Kind
from tests.test_lines import GOOD
from tests.world import World

LOOPBACK = ("127.0.0.0/8",)
QUICK = (0.05,) * 40


class Receiver:
    """Another system: keeps what it took, refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.asked = 0
        self.answers: list[int] = []
        """Statuses of the next answers; 201 after them."""
        self.every_fifth_fails = False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.next_status()
                if 200 <= status < 300:
                    receiver.taken.append((dict(self.headers.items()), body))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/thi-dua"

    def next_status(self) -> int:
        self.asked += 1
        if self.answers:
            return self.answers.pop(0)
        return 500 if self.every_fifth_fails and self.asked % 5 == 0 else 201

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.taken]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


def registered(world: World, receiver: Receiver, who: str = "appraiser", **fields: Any) -> dict[str, Any]:
    keys = {key["label"]: key["id"] for key in world.get("administrator", "/keys").json()["items"]}
    answer = world.post("administrator", "/webhooks", {"key": keys[who], "url": receiver.url, **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def turn(world: World, settings: Settings, times: int = 1, **changed: Any) -> int:
    ours = settings.model_copy(update={"webhook_networks": LOOPBACK, "webhook_retry_seconds": QUICK, **changed})
    return sum(deliver(world.database, ours, world.clock) for _ in range(times))


def state(world: World, made: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in world.get("administrator", "/webhooks").json()["items"] if one["id"] == made["id"])


def test_an_independent_library_verifies_what_is_sent(world: World, settings: Settings, receiver: Receiver) -> None:
    made = registered(world, receiver)
    report = world.report().json()["id"]
    assert turn(world, settings) == 1
    headers, body = receiver.taken[0]
    signed = {name: headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    told = Webhook(made["secret"]).verify(body, signed)
    assert told == json.loads(body)
    assert (told["type"], told["data"]["subject_kind"], told["data"]["subject_id"]) == ("progress.submitted", "submission", report)
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))
    by_hand = hmac.new(key, f"{signed['webhook-id']}.{signed['webhook-timestamp']}.".encode() + body, hashlib.sha256).digest()
    assert signed["webhook-signature"] == f"v1,{base64.b64encode(by_hand).decode()}"
    with pytest.raises(WebhookVerificationError):
        Webhook(made["secret"]).verify(body.replace(b"progress", b"egregious"), signed)
    assert headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert (settings.data_dir / "webhooks.key").stat().st_mode & 0o777 == 0o600
    assert "secret" not in state(world, made)


def test_what_is_told_is_what_the_key_may_see(world: World, settings: Settings, receiver: Receiver) -> None:
    registered(world, receiver, "nghia-do", kinds=["submission"])
    world.report()
    mine = world.report("nghia-do").json()["id"]
    assert turn(world, settings) == 1
    assert [event["data"]["subject_id"] for event in receiver.events()] == [mine]
    keys = {key["label"]: key["id"] for key in world.get("administrator", "/keys").json()["items"]}
    assert world.post("administrator", f"/keys/{keys['nghia-do']}/revocation").status_code == 200
    world.report("head", figure="5")
    assert turn(world, settings, 3) == 0, "a revoked key is told nothing more"


def test_what_is_not_taken_is_tried_again_in_order_and_then_stopped(world: World, settings: Settings, receiver: Receiver) -> None:
    made = registered(world, receiver)
    reports = [world.report(figure=str(n)).json()["id"] for n in range(3)]
    receiver.answers = [201, 500]
    assert turn(world, settings, webhook_retry_seconds=(60.0,)) == 1
    assert (state(world, made)["failures"], state(world, made)["last_outcome"]) == (1, "500")
    assert turn(world, settings) == 0, "not before its time"
    with world.database.engine.begin() as connection:
        connection.execute(sa.update(WebhookDelivery).values(next_try_at=real_now()))
    assert turn(world, settings) == 2
    assert [event["data"]["subject_id"] for event in receiver.events()] == reports
    world.report(figure="9")
    receiver.answers = [503] * 9
    for _ in range(3):
        turn(world, settings, webhook_retry_seconds=(0.0, 0.0))
    assert state(world, made)["stopped"] is True
    before = receiver.asked
    assert turn(world, settings, 3) == 0
    assert receiver.asked == before, "nobody is asked any more"
    since = state(world, made)["position"]
    assert world.post("administrator", f"/webhooks/{made['id']}/replay", {"since": since}).json()["stopped"] is False
    receiver.answers = []
    assert turn(world, settings) == 1, "it goes on where it was stopped"


def test_a_receiver_that_is_gone_is_asked_once(world: World, settings: Settings, receiver: Receiver) -> None:
    made = registered(world, receiver)
    world.report()
    receiver.answers = [410]
    turn(world, settings, 3)
    assert (receiver.asked, state(world, made)["stopped"]) == (1, True)


def test_a_replay_sends_all_once_more_under_the_same_ids(world: World, settings: Settings, receiver: Receiver) -> None:
    made = registered(world, receiver)
    since = state(world, made)["position"]
    for n in range(3):
        world.report(figure=str(n))
    assert turn(world, settings) == 3
    assert world.post("administrator", f"/webhooks/{made['id']}/replay", {"since": since}).status_code == 200
    assert turn(world, settings) == 3
    ids = [headers["webhook-id"] for headers, _ in receiver.taken]
    assert ids[:3] == ids[3:]
    assert world.post("administrator", f"/webhooks/{made['id']}/replay", {"since": 10**9}).status_code == 422
    assert world.post("administrator", f"/webhooks/{made['id']}/end").json()["ended"] is True
    assert world.post("administrator", f"/webhooks/{made['id']}/end").json()["type"] == "/problems/webhook-ended"
    assert world.post("administrator", f"/webhooks/{made['id']}/replay", {"since": 0}).status_code == 409
    world.report(figure="7")
    assert turn(world, settings, 2) == 0


def test_two_workers_at_once_go_back_nowhere(world: World, settings: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """One lost its lease while it was sending; what it says afterwards moves nothing."""
    made = registered(world, receiver)
    for n in range(3):
        world.report(figure=str(n))
    real, other = sending.post, list[object]()

    def meanwhile(*sent: Any) -> Any:
        if not other:
            other.append("began")
            other.append(turn(world, settings))
            receiver.answers = [500]
        return real(*sent)

    monkeypatch.setattr(sending, "post", meanwhile)
    assert turn(world, settings) == 0
    assert other == ["began", 3]
    after = state(world, made)
    assert (after["failures"], after["position"]) == (0, int(world.get("secretary", "/submissions").headers["Thidua-Trail-Position"]))


@contextmanager
def at_work(settings: Settings, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    named = {
        "THIDUA_DATABASE_URL": settings.database,
        "THIDUA_DATA_DIR": str(folder),
        "THIDUA_WEBHOOK_NETWORKS": json.dumps(LOOPBACK),
        "THIDUA_WEBHOOK_RETRY_SECONDS": json.dumps([0.05] * 500),
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THIDUA_")} | named
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def test_a_flaky_receiver_and_killed_workers_lose_nothing(world: World, settings: Settings, receiver: Receiver) -> None:
    """I2: 200 events (40 on PostgreSQL), every fifth answer a failure, the worker killed while it sends; none lost, in order."""
    made = registered(world, receiver)
    receiver.every_fifth_fails = True
    lines = [GOOD | {"figure": str(n + 1), "confirmed": True} for n in range(200 if world.database.is_sqlite else 40)]
    reports = [one["id"] for one in world.post("dich-vong", "/submissions", lines).json()]
    for share in (0.15, 0.45, 1):
        _expire_lease(world)
        with at_work(settings, settings.data_dir):
            until = time.monotonic() + 60
            while len({headers["webhook-id"] for headers, _ in list(receiver.taken)}) < share * len(reports) and time.monotonic() < until:
                time.sleep(0.02)
    first = dict.fromkeys(event["data"]["subject_id"] for event in receiver.events())
    assert list(first) == reports, "in order, none lost"
    assert receiver.asked > 1.1 * len(reports), "the floor: it was flaky"
    for headers, body in receiver.taken:
        Webhook(made["secret"]).verify(body, {name: headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")})


def _expire_lease(world: World) -> None:
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM worker_lease")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("255.255.255.255", False),
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("ff0e::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", False),
        ("64:ff9b:1::1", False),
        ("2002:7f00:1::", False),
        ("2001::1", False),
        ("2001:db8::1", False),
        ("198.51.100.1", False),
        ("192.0.0.8", False),
    ],
)
def test_addresses_that_nobody_should_reach(address: str, allowed: bool) -> None:
    assert is_allowed(address, ()) is allowed
    assert is_allowed("10.1.2.3", ("10.0.0.0/8",))
    assert not is_allowed("10.1.2.3", ("10.2.0.0/16", "fc00::/7"))
    assert is_named("::ffff:10.1.2.3", ("10.0.0.0/8",))


def test_every_address_of_a_host_is_looked_at_and_the_connection_goes_there(monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> None:
    """A name with one public and one private address is refused; a name that changes after the look changes nothing."""
    asked = []

    def resolve(*found: str) -> None:
        def get(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

        monkeypatch.setattr(socket, "getaddrinfo", get)

    url = f"http://noi-bo.example.vn:{receiver.port}/x"
    secret = f"whsec_{base64.b64encode(b'0' * 32).decode()}"
    resolve("93.184.216.34", "10.0.0.1")
    assert sending.post("https://x.example.vn/", secret, "a", b"{}", ()).outcome == "address-not-allowed"
    resolve("93.184.216.34")
    assert sending.post("http://x.example.vn/", secret, "a", b"{}", ()).outcome == "address-not-allowed", (
        "plain http leaves no named network"
    )
    resolve("127.0.0.1")
    assert sending.post(url, secret, "a", b"{}", ()).outcome == "address-not-allowed"
    asked.clear()
    assert sending.post(url, secret, "a", b"{}", LOOPBACK).is_taken
    assert asked.count("noi-bo.example.vn") == 1, "asked once: the connection goes to the address that was looked at"
    assert receiver.taken[0][0]["Host"] == f"noi-bo.example.vn:{receiver.port}"
    receiver.answers = [302]
    assert sending.post(url, secret, "b", b"{}", LOOPBACK).outcome == "302", "no redirect is followed"
    assert len(receiver.taken) == 1


@pytest.mark.parametrize("url", ["http://a..b.example/", f"http://{'a' * 64}.example/", "http://127.0.0.1:1/"])
def test_what_cannot_be_sent_is_an_outcome(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "CONNECT_SECONDS", 1)
    sent = sending.post(url, f"whsec_{base64.b64encode(b'0' * 32).decode()}", "a", b"{}", LOOPBACK)
    assert (sent.is_taken, sent.is_gone) == (False, False)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.vn/",
        "https://user@a.vn/",
        "https://a.vn:99999/",
        "https://a.vn/ x",
        "//a.vn",
        "https://",
        "file:///x",
        "https://a.vn/#\n",
    ],
)
def test_what_is_no_address_of_a_receiver_is_refused(world: World, url: str) -> None:
    keys = {key["label"]: key["id"] for key in world.get("administrator", "/keys").json()["items"]}
    answer = world.post("administrator", "/webhooks", {"key": keys["viewer"], "url": url})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/url")
    stranger = world.post("administrator", "/webhooks", {"key": "0190a1b2-0000-7000-8000-000000000001", "url": "https://a.vn/"})
    assert stranger.json()["errors"][0]["pointer"] == "#/key"


def test_one_receiver_that_drips_stops_no_other(
    world: World, settings: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte now and then, in the head of the answer, is within every single time-out but the whole."""
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 1)
    dripping, stop = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip() -> None:
        connection, _ = dripping.accept()
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
        while not stop.wait(0.1):
            with suppress(OSError):
                connection.sendall(b"x")
        connection.close()

    side = threading.Thread(target=drip)
    side.start()
    try:
        slow = registered(world, receiver, url=f"http://127.0.0.1:{dripping.getsockname()[1]}/")
        good = registered(world, receiver)
        world.report()
        started = time.monotonic()
        assert turn(world, settings) >= 1
        assert time.monotonic() - started < 10
    finally:
        stop.set()
        side.join()
        dripping.close()
    assert (state(world, slow)["last_outcome"], state(world, good)["last_outcome"]) == ("no-answer", "taken")


def test_who_may_no_longer_see_is_told_nothing_and_it_is_said(world: World, settings: Settings, receiver: Receiver) -> None:
    made = registered(world, receiver)
    assert world.post("administrator", f"/keys/{made['key']}/revocation").status_code == 200
    world.report()
    assert turn(world, settings, 3) == 0
    told = state(world, made)
    assert (told["stopped"], told["last_outcome"], told["position"]) == (True, "key-ended", made["position"])


@pytest.mark.parametrize(
    ("url", "networks"), [("http://a.vn/", ()), ("https://10.0.0.1/", ()), ("https://[::1]/", ()), ("https://169.254.169.254/", ())]
)
def test_what_can_never_be_reached_is_refused_at_once(url: str, networks: tuple[str, ...]) -> None:
    assert sending.never_reached(url, networks)
    assert not sending.never_reached("https://a.vn/", networks)
    assert not sending.never_reached("http://a.vn/", LOOPBACK)


def test_a_kind_that_there_is_not_and_an_address_inside_are_refused(world: World, receiver: Receiver) -> None:
    keys = {key["label"]: key["id"] for key in world.get("administrator", "/keys").json()["items"]}
    for wrong, pointer in (({"kinds": ["submisson"]}, "#/kinds/0"), ({"url": "https://10.0.0.1/"}, "#/url")):
        answer = world.post("administrator", "/webhooks", {"key": keys["viewer"], "url": receiver.url, **wrong})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_every_kind_may_be_asked_for() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in Path(sending.__file__).parent.parent.rglob("*.py"))
    assert set(re.findall(r'Subject\("([a-z_]+)"', written)) == set(get_args(Kind))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_half_a_key_signs_nothing(tmp_path: Path, size: int) -> None:
    (tmp_path / "webhooks.key").write_bytes(b"0" * size)
    with pytest.raises(sending.DamagedKey):
        sending.secret_of(tmp_path, uuid.uuid4())


def test_a_damaged_key_ends_no_worker_and_what_waited_is_sent_when_it_is_back(world: World, settings: Settings, receiver: Receiver) -> None:
    made, place = registered(world, receiver), settings.data_dir / "webhooks.key"
    whole = place.read_bytes()
    world.report()
    place.write_bytes(whole[:16])
    assert turn(world, settings) == 0
    assert (state(world, made)["failures"], state(world, made)["last_outcome"], receiver.taken) == (1, "damaged-key", [])
    place.write_bytes(whole)
    with world.database.engine.begin() as connection:
        connection.execute(sa.update(WebhookDelivery).values(next_try_at=real_now()))
    assert (turn(world, settings), len(receiver.taken)) == (1, 1)


def test_many_who_need_a_key_at_once_make_one(tmp_path: Path) -> None:
    one = uuid.uuid4()
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: sending.secret_of(tmp_path, one), range(64)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["webhooks.key"]


@pytest.mark.parametrize("delays", ["[]", "[Infinity]", "[-1]", "[1e300]"])
def test_delays_that_end_a_worker_stop_the_start(delays: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THIDUA_WEBHOOK_RETRY_SECONDS", delays)
    with pytest.raises(ValueError, match="webhook_retry_seconds"):
        Settings()
