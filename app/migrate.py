"""The schema: bring it to head, and tell whether it is there."""

import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db import Database
from app.models import MUTABLE

ROOT = Path(__file__).resolve().parent.parent


class NotAtHead(RuntimeError):
    """The schema is not the one this version was written for; run `thidua migrate`."""


def config(url: str) -> Config:
    found = Config(ROOT / "alembic.ini")
    found.attributes["url"] = url
    return found


def upgrade(url: str) -> None:
    command.upgrade(config(url), "head")


def grant(url: str, role: str) -> None:
    """On PostgreSQL: let `role` serve without owning anything, so that it can neither drop a trigger nor empty a table.

    UPDATE is needed to lock rows; the triggers of append-only tables still refuse every change. Raise `ValueError` for a name
    that is no plain role name.
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise ValueError("a role name is lower-case letters, digits and underscores")
    database = Database(url, seal=lambda _: None)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA public TO "{role}"')
        connection.exec_driver_sql(f'GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO "{role}"')
        connection.exec_driver_sql(f'REVOKE INSERT, UPDATE ON alembic_version FROM "{role}"')
        connection.exec_driver_sql(f'GRANT DELETE ON {", ".join(sorted(MUTABLE))} TO "{role}"')
    database.dispose()


def check_head(database: Database) -> None:
    """Raise `NotAtHead` unless the schema is at head."""
    head = ScriptDirectory.from_config(config("")).get_current_head()
    with database.engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    if at != head:
        raise NotAtHead(f"schema at {at}, wanted {head}: run `thidua migrate`")
