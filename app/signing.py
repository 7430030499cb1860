"""`thidua key` and `thidua checkpoint`: the key that the service signs with, and heads of the trail kept out of its reach."""

import base64
from pathlib import Path
from typing import Annotated

import typer

from app import terminal
from app.audit import queries as audit
from app.audit.notes import NotAKey, Signer
from app.audit.proofs import root_of
from app.clock import Admission, Running
from app.db import Database
from app.main import database_of
from app.migrate import check_head

commands = typer.Typer(no_args_is_help=True, help="The key that publications and checkpoints are signed with.")
_NAMED = "checkpoint-{size:012d}"
_CHANGED = 1
"""The exit code where the trail is not what was signed."""


@commands.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is: an address without https://, for example thidua.caugiay.example")],
) -> None:
    """Make the key, once, readable by its owner alone. Keep a copy where no backup of the data goes."""
    place = terminal.settings().key_file
    try:
        made = Signer.created(name, place)
    except FileExistsError:
        terminal.die(f"there is a key already: {place}")
    except NotAKey:
        terminal.die("a key's name has neither blanks nor +")
    typer.echo(made.verifier)
    terminal.console.print(f"the key is in {place}; give the line above to whoever checks what you publish")


@commands.command()
def show() -> None:
    """Print the public key."""
    typer.echo(_signer().verifier)


def _signer() -> Signer:
    place = terminal.settings().key_file
    try:
        return Signer.kept_in(place)
    except FileNotFoundError:
        terminal.die(f"there is no key in {place}; thidua key create makes one")
    except NotAKey:
        terminal.die(f"{place} holds no signing key, or others may read it (chmod 600)")


def checkpoint(folder: Annotated[Path, typer.Argument(help="A folder outside the data directory, best on another machine")]) -> None:
    """Write the signed head of the trail, once every leaf is what its row says and every head in the folder is a beginning of it."""
    settings, key = terminal.settings(), _signer()
    if folder.resolve().is_relative_to(settings.data_dir.resolve()):
        terminal.die("a checkpoint inside the data directory goes with it")
    database = database_of(settings)
    try:
        leaves = _leaves(database)
    except audit.TrailBroken:
        terminal.die("the trail was changed: an entry is not what its leaf says", _CHANGED)
    finally:
        database.dispose()
    folder.mkdir(parents=True, exist_ok=True)
    for known in sorted(folder.glob("checkpoint-*")):
        _check_begins(leaves, known)
    place = folder / _NAMED.format(size=len(leaves))
    place.write_text(key.checkpoint(len(leaves), root_of(leaves)), encoding="utf-8")
    typer.echo(str(place))


def _leaves(database: Database) -> list[bytes]:
    check_head(database)
    now = Running()
    with database.reading(Admission(now.now(), now)) as session:
        return audit.leaves(session, audit.position(session))


def _check_begins(leaves: list[bytes], known: Path) -> None:
    _, size, root = known.read_text(encoding="utf-8").split("\n")[:3]
    if int(size) > len(leaves):
        terminal.die(f"{known.name} is newer than the trail: entries are missing, or an old backup was restored", _CHANGED)
    if root_of(leaves[: int(size)]) != base64.b64decode(root):
        terminal.die(f"{known.name} is no beginning of the trail: it was written anew", _CHANGED)
