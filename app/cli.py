"""The `thidua` command."""

import gc
import json
import os
import re
import shutil
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.progress import Progress
from sqlmodel import Session

from app import signing as keys
from app import terminal
from app.accounts import actions as accounts
from app.accounts import signing
from app.accounts.queries import person_coded
from app.clock import Admission
from app.db import Database
from app.demo.load import Demo
from app.main import create_app, database_of, stored_clock
from app.migrate import check_head, grant, upgrade
from app.movements.queries import table
from app.occupied import share, try_alone
from app.offline import commands as offline
from app.policy import SYSTEM, Reach, Role
from app.settings import Settings
from app.tables import new_id
from app.terminal import console
from app.worker import run as work

main = typer.Typer(no_args_is_help=True, add_completion=False, help="Thi đua: phong trào, xếp hạng, giải thích từng điểm.")
admin = typer.Typer(no_args_is_help=True, help="Accounts, from the server itself.")
main.add_typer(admin, name="admin")
main.add_typer(offline.rulebook_commands, name="rulebook")
main.add_typer(keys.commands, name="key")
main.command()(offline.score)
main.command()(keys.checkpoint)
main.command()(offline.verify)
GRACE_SECONDS = 5
KEYS = "demo-keys.json"
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _prepared(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)


@main.command()
def migrate(
    grant_to: Annotated[str | None, typer.Option(help="PostgreSQL: the role that serves, which owns nothing")] = None,
) -> None:
    """Bring the schema to head."""
    settings = terminal.settings()
    _prepared(settings)
    if grant_to is not None:
        try:
            grant(settings.database, grant_to)
        except ValueError as error:
            terminal.die(str(error))
    console.print("schema at head")


@main.command()
def serve(workers: Annotated[int, typer.Option(min=1, max=64)] = 1) -> None:
    """Serve. The schema must be at head."""
    settings = terminal.settings()
    database = database_of(settings)
    check_head(database)
    database.dispose()
    options = {"host": settings.host, "port": settings.port, "timeout_graceful_shutdown": GRACE_SECONDS, "server_header": False}
    uvicorn.run("app.cli:application", factory=True, workers=workers, access_log=False, log_level="warning", **options)  # type: ignore[arg-type]


def application() -> object:
    """For uvicorn: one application a worker process."""
    sys.setswitchinterval(0.0005)
    settings = Settings.from_environment()
    share(settings.data_dir)
    made = create_app(settings)
    gc.collect()
    gc.freeze()  # what is there from the start stays: the collector need not walk through it again, a quarter of a large write
    return made


@admin.command()
def create(code: Annotated[str, typer.Argument(help="An official's code, for example cb-001")] = "quan-tri") -> None:
    """Enter an administrator (once) and print a one-use sign-in link."""
    settings = terminal.settings()
    database = database_of(settings)
    check_head(database)
    if not CODE.fullmatch(code):
        terminal.die("a code is lower-case letters and digits, with hyphens between, for example cb-001")
    typer.echo(_link(settings, database, code, Role.ADMINISTRATOR, synthetic=False))
    console.print(f"good for one sign-in as {code} within 24 hours")
    database.dispose()


def _link(settings: Settings, database: Database, code: str, role: Role, *, synthetic: bool) -> str:
    now = stored_clock(database)
    token = database.write(Admission(now.now(), now), lambda session: _link_token(session, code, role, synthetic=synthetic))
    return f"http://{settings.host}:{settings.port}/sign-in#{token}"


def _link_token(session: Session, code: str, role: Role, *, synthetic: bool) -> str:
    person = person_coded(session, code)
    if person is None:
        person = accounts.enrol(session, SYSTEM, code=code, name=None, synthetic=synthetic)
        accounts.grant_role(session, SYSTEM, person_id=person.id, role=role, reach=Reach.EVERYWHERE, unit=None)
    return signing.make_link(session, SYSTEM, person_id=person.id)


@main.command()
def worker() -> None:
    """Sweep what has expired; one of any number leads."""
    settings = terminal.settings()
    database = database_of(settings)
    check_head(database)
    console.print("worker started")
    work(database, settings, stored_clock(database), new_id(), lambda: True)


@main.command()
def run() -> None:
    """Migrate, load the demo on first start, say where to look, serve."""
    settings = terminal.settings()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            terminal.die(f"port {settings.port} of {settings.host} cannot be had ({error.strerror}); set THIDUA_PORT")
    is_new = settings.database_url is None and not (settings.data_dir / "thidua.db").exists()
    _prepared(settings)
    if is_new:
        _load_demo(settings)
    where = f"http://{settings.host}:{settings.port}"
    keys = settings.data_dir / KEYS
    console.print(f"\n  Thi đua is starting at {where}")
    if keys.exists():
        database = database_of(settings)
        console.print(f"  Look at the board (one-use link): {_link(settings, database, 'xem-thu', Role.VIEWER, synthetic=True)}")
        database.dispose()
        console.print(f"  Demo keys (synthetic data): {keys}")
        console.print(
            f'  Try: curl -s -H "Authorization: Bearer $(python3 -c \'import json; print(json.load(open("{keys}"))["administrator"])\')" \\'
        )
        console.print(f"         {where}/api/v1/movements/cau-giay-25/ranking")
    console.print("  Stop with Ctrl+C\n")
    serve()


@main.command()
def demo(
    keys_file: Annotated[Path | None, typer.Option(help="Where to write the demo's fresh keys, as one flat JSON object")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Throw the demo's data away and load it anew; stop the server first")] = False,
) -> None:
    """Load the synthetic demo movement, or mint its keys anew beside a running server."""
    settings = terminal.settings()
    if settings.database_url is not None:
        terminal.die("the demo never goes where THIDUA_DATABASE_URL is set")
    target = keys_file or settings.data_dir / KEYS
    if keys_file is not None and not keys_file.parent.is_dir():
        terminal.die(f"there is no folder {keys_file.parent}")
    if reset and (settings.data_dir / "thidua.db").exists():
        _check_synthetic(settings)
        if not try_alone(settings.data_dir):
            terminal.die("a server is using this data directory; stop it first")
        for leftover in settings.data_dir.glob("thidua.db*"):
            leftover.unlink()
        shutil.rmtree(settings.data_dir / "evidence", ignore_errors=True)
    if (settings.data_dir / "thidua.db").exists():
        _mint(settings, target)
    else:
        _prepared(settings)
        _load_demo(settings, target)


def _load_demo(settings: Settings, keys_file: Path | None = None) -> None:
    database = database_of(settings)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("loading the demo movement")
        tokens = Demo(database, settings.clock_from).load(lambda done, of: bar.update(task, completed=done, total=of))
    database.dispose()
    _write_keys(keys_file or settings.data_dir / KEYS, tokens)


def _mint(settings: Settings, path: Path) -> None:
    _check_synthetic(settings)
    database = database_of(settings)
    check_head(database)
    now = stored_clock(database)
    _write_keys(path, database.write(Admission(now.now(), now), Demo(database).mint))
    database.dispose()


def _check_synthetic(settings: Settings) -> None:
    """Refuse to touch a data directory in which anything real may stand."""
    database = database_of(settings)
    real = _real_movements(database)
    database.dispose()
    if real:
        terminal.die("this data directory holds a movement that is not synthetic")


def _real_movements(database: Database) -> bool:
    now = stored_clock(database)
    with database.reading(Admission(now.now(), now)) as session:
        return any(not seen.movement.is_synthetic for seen in table(session))


def _write_keys(path: Path, tokens: dict[str, str]) -> None:
    """For the owner's eyes only, and never half written."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(tokens, file, ensure_ascii=False, indent=1)
    draft.replace(path)
    typer.echo(str(path))
    console.print("demo keys written; earlier ones are revoked")


if __name__ == "__main__":
    sys.exit(main())
