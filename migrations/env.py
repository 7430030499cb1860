"""Alembic's environment. The URL comes from the settings; an upgrade of PostgreSQL runs under an advisory lock."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from app import models  # noqa: F401 - declares every table
from app.db import Database
from app.settings import Settings
from app.tables import Figure, UtcDateTime, metadata

LOCK = 7_416_112_204


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name SQLAlchemy's types only, so that they outlive ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Figure):
        return "FIGURE"
    if kind == "type" and type(item).__module__.startswith("sqlmodel"):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def run() -> None:
    url = context.config.attributes.get("url") or Settings.from_environment().database
    database = Database(url, seal=lambda _: None)
    with database.engine.execution_options(writes=True).connect() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
        context.configure(connection=connection, target_metadata=metadata, render_item=render_item, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    database.dispose()


run()
