"""Reminders by mail: on the morning of a working day, once, to units that named a mailbox, of what is overdue or due soon."""

import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.clock import ZONE
from app.mailing.digest import send_due
from app.settings import Settings
from tests.conftest import Hand
from tests.test_followup import assigned
from tests.world import World


class Server:
    """As little of SMTP as a mail needs; it refuses while it is told to."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], Any]] = []
        self.heard: list[str] = []
        self.refuses = False
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 here\r\n")
                to: list[str] = []
                for line in iter(self.rfile.readline, b""):
                    command = line.decode().strip().upper()
                    server.heard.append(command)
                    if command.startswith("RCPT"):
                        to.append(line.decode().strip()[len("RCPT TO:<") : -1])
                        self.wfile.write(b"550 no\r\n" if server.refuses else b"250 ok\r\n")
                    elif command == "DATA":
                        self.wfile.write(b"354 go on\r\n")
                        text = b"".join(iter(self.rfile.readline, b".\r\n"))
                        server.mails.append((to, email.message_from_bytes(text, policy=email.policy.default)))
                        self.wfile.write(b"250 taken\r\n")
                    elif command == "QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    else:
                        self.wfile.write(b"250 ok\r\n")

        self.tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.url = f"smtp://127.0.0.1:{self.tcp.server_address[1]}"


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    thread = threading.Thread(target=found.tcp.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield found
    found.tcp.shutdown()
    thread.join()
    found.tcp.server_close()


def mailed(world: World, settings: Settings, server: Server, **changed: Any) -> int:
    fields = {"smtp_url": server.url, "mail_from": "thi-dua@example.vn", "public_url": "https://thidua.example.vn/", **changed}
    return send_due(world.database, settings.model_copy(update=fields), world.clock)


def mailbox(world: World, who: str, unit: str, address: str | None, version: int) -> Any:
    return world.call(who, "PUT", f"/units/{unit}/mailbox", json={"address": address}, headers={"If-Match": f'"{version}"'})


def test_a_unit_is_reminded_once_on_the_morning_of_a_working_day(world: World, settings: Settings, server: Server, hand: Hand) -> None:
    assigned(world, due_on="2022-06-18", title="Rà soát\n hộ kinh doanh")
    assert mailbox(world, "administrator", "dich-vong", "dich-vong@example.vn", 0).status_code == 200
    hand.at = datetime(2022, 6, 16, 7, 29, 59, tzinfo=ZONE)
    assert mailed(world, settings, server) == 0, "too early"
    hand.at = datetime(2022, 6, 16, 7, 30, tzinfo=ZONE)
    assert mailed(world, settings, server, smtp_url=None) == 0, "no server, no mail"
    server.refuses = True
    assert mailed(world, settings, server) == 0
    server.refuses = False
    assert mailed(world, settings, server) == 1, "what was refused is sent later"
    assert mailed(world, settings, server) == 0, "once a day"
    to, mail = server.mails[0]
    assert to == ["dich-vong@example.vn"]
    assert (mail["Subject"], mail["From"]) == ("Nhắc 7 việc, ngày 16/6/2022", "thi-dua@example.vn")
    text = mail.get_content()
    for said in (
        "DỮ LIỆU MINH HỌA",
        "Kính gửi Phường Dịch Vọng.",
        "- Chuẩn bị Tết Nhâm Dần. Hạn 28/01/2022, quá hạn 139 ngày.",
        "https://thidua.example.vn/t/kt-xh-2022/tet",
        "- Rà soát hộ kinh doanh. Hạn 18/6/2022.",
        "- Báo cáo chỉ tiêu Thu ngân sách nhà nước, tháng 5/2022. Hạn 06/6/2022, chưa gửi.",
    ):
        assert said in text, said
    assert "nghia-do" not in text
    hand.at = datetime(2022, 6, 18, 9, tzinfo=ZONE)
    assert mailed(world, settings, server) == 0, "a Saturday"
    hand.at = datetime(2022, 6, 20, 9, tzinfo=ZONE)
    assert mailed(world, settings, server) == 1
    assert mailbox(world, "administrator", "dich-vong", None, 1).json()["address"] is None
    hand.at = datetime(2022, 6, 21, 9, tzinfo=ZONE)
    assert mailed(world, settings, server) == 0, "no mailbox any more"


def test_a_mailbox_is_kept_by_administrators_and_by_who_signs(world: World) -> None:
    assert mailbox(world, "head", "nghia-do", "nghia-do@example.vn", 0).json()["version"] == 1
    assert mailbox(world, "head", "dich-vong", "x@example.vn", 0).status_code == 403
    assert mailbox(world, "head", "nghia-do", "y@example.vn", 0).status_code == 412
    assert world.get("head", "/units/nghia-do/mailbox").json()["address"] == "nghia-do@example.vn"
    assert world.get("nghia-do", "/units/nghia-do/mailbox").status_code == 404
    assert mailbox(world, "administrator", "khong-co", "x@example.vn", 0).status_code == 422
    key = {
        "label": "một phường",
        "role": "administrator",
        "reach": "own_unit",
        "unit": "dich-vong",
        "expires_at": "2027-01-01T00:00:00+07:00",
    }
    world.keys["narrow"] = world.post("administrator", "/keys", key).json()["key"]
    assert mailbox(world, "narrow", "nghia-do", "x@example.vn", 1).status_code == 403, "an administrator of another unit"
    assert world.get("narrow", "/units/nghia-do/mailbox").status_code == 404
    for wrong in (
        "x",
        "x@",
        "x@y z.vn",
        "x@example.vn\nBcc: y@example.vn",
        "a@b@c.vn",
        "@example.vn",
        "<x@example.vn>",
        "a@x..vn",
        "a@-x.vn",
    ):
        assert mailbox(world, "head", "nghia-do", wrong, 1).json()["errors"][0]["pointer"] == "#/address"


@pytest.mark.parametrize(
    "fields",
    [
        {"smtp_url": "smtp://a.vn"},
        {"smtp_url": "smtp://a.vn:99999", "mail_from": "x@a.vn"},
        {"smtp_url": "http://a.vn", "mail_from": "x@a.vn"},
        {"smtp_url": "smtp://ai:matkhau@a.vn", "mail_from": "x@a.vn"},
        {"smtp_url": "smtps://a.vn", "mail_from": "x@a.vn\nBcc: y@a.vn"},
    ],
)
def test_a_server_without_a_sender_stops_the_start(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"smtp_url|Port out of range"):
        Settings(**fields)  # type: ignore[arg-type]


@pytest.fixture
def reminded(world: World, hand: Hand) -> World:
    mailbox(world, "administrator", "dich-vong", "dich-vong@example.vn", 0)
    hand.at = datetime(2022, 6, 16, 9, tzinfo=ZONE)
    return world


def test_what_another_worker_sent_meanwhile_is_not_sent_again(reminded: World, settings: Settings, server: Server) -> None:
    """Negative control: without the second look there are two."""
    fields = {"smtp_url": server.url, "mail_from": "thi-dua@example.vn"}
    ours = settings.model_copy(update=fields)

    def leads() -> bool:
        assert send_due(reminded.database, ours, reminded.clock) in {0, 1}
        return True

    assert send_due(reminded.database, ours, reminded.clock, leads) == 0
    assert len(server.mails) == 1
    assert send_due(reminded.database, ours, reminded.clock, lambda: False) == 0


def test_a_mailbox_that_was_given_up_meanwhile_gets_nothing(reminded: World, settings: Settings, server: Server) -> None:
    ours = settings.model_copy(update={"smtp_url": server.url, "mail_from": "thi-dua@example.vn"})

    def leads() -> bool:
        mailbox(reminded, "administrator", "dich-vong", None, 1)
        return True

    assert send_due(reminded.database, ours, reminded.clock, leads) == 0
    assert server.mails == []


def test_nothing_goes_to_a_server_without_the_encryption_that_was_asked_for(reminded: World, settings: Settings, server: Server) -> None:
    url = server.url.replace("smtp://", "smtp+starttls://vp:matkhau@")
    ours = settings.model_copy(update={"smtp_url": url, "mail_from": "thi-dua@example.vn"})
    assert send_due(reminded.database, ours, reminded.clock) == 0
    assert server.mails == []
    assert not any("AUTH" in command or "MAIL" in command for command in server.heard)
    plain = ours.model_copy(update={"smtp_url": server.url})
    assert send_due(reminded.database, plain, reminded.clock) == 1, "control: the same server, where no encryption is asked for"


def test_no_password_goes_to_a_server_that_nobody_vouches_for(reminded: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: where its certificate is trusted, the same server is talked to."""
    pem = Path(__file__).parent / "data" / "impostor.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    heard: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(ssl.SSLError, OSError), context.wrap_socket(self.request, server_side=True) as secured:
                secured.sendall(b"220 here\r\n")
                heard.append(secured.recv(1000))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as tcp:
        thread = threading.Thread(target=tcp.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        url = f"smtps://vp:matkhau@localhost:{tcp.server_address[1]}"
        ours = settings.model_copy(update={"smtp_url": url, "mail_from": "thi-dua@example.vn"})
        assert send_due(reminded.database, ours, reminded.clock) == 0
        assert heard == []
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        assert send_due(reminded.database, ours, reminded.clock) == 0, "it hangs up after the greeting"
        assert heard[0].startswith(b"ehlo")
        tcp.shutdown()
        thread.join()
