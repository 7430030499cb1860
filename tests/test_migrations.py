"""The test database is the migrated one; up, compared, down and up again."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app import models
from app.db import Database
from app.migrate import NotAtHead, check_head, config, upgrade
from app.tables import metadata


def test_the_schema_is_what_the_models_say(database: Database) -> None:
    assert models.ALL
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
        tables = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    assert tables == set(metadata.tables)


def test_down_and_up_again(database_url: str) -> None:
    command.downgrade(config(database_url), "base")
    database = Database(database_url, seal=lambda _: None)
    with database.engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}
    with pytest.raises(NotAtHead):
        check_head(database)
    upgrade(database_url)
    check_head(database)
    database.dispose()
