"""The schema: bring it to head, and tell whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db import Database

ROOT = Path(__file__).resolve().parent.parent


class NotAtHead(RuntimeError):
    """The schema is not the one this version was written for; run `thidua migrate`."""


def config(url: str) -> Config:
    found = Config(ROOT / "alembic.ini")
    found.attributes["url"] = url
    return found


def upgrade(url: str) -> None:
    command.upgrade(config(url), "head")


def check_head(database: Database) -> None:
    """Raise `NotAtHead` unless the schema is at head."""
    head = ScriptDirectory.from_config(config("")).get_current_head()
    with database.engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    if at != head:
        raise NotAtHead(f"schema at {at}, wanted {head}: run `thidua migrate`")
