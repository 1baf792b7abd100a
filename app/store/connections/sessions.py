"""What a transaction asks of its connection, and how SQLite answers it."""

import sqlite3
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.engine import Dialect

from app.engine.state import Change
from app.store.unit.writing import Sweep, sqlite_statements

from .dialects import Compiled, Parameters, Rows


class Session(Protocol):
    """One transaction on one connection; the first statement begins it."""

    def defer(self, statement: Compiled, parameters: Parameters) -> None:
        """Carry a statement out, now or just before the next one; what it answers is dropped."""
        ...

    def rows(self, statement: Compiled, parameters: Parameters) -> Rows:
        """What a statement answers."""
        ...

    def rows_of(self, *wanted: tuple[Compiled, Parameters]) -> list[Rows]:
        """What several statements answer, none of which needs another's answer."""
        ...

    def run(self, statement: Compiled, parameters: Parameters) -> int:
        """Carry out a statement that answers no rows; returns how many it touched."""
        ...

    def commit(self, changes: dict[type, Change], sweeps: Sequence[Sweep]) -> None:
        """Write what has changed and end the transaction.

        Args:
            sweeps: rows to delete by something else than their id.
        """
        ...


class SqliteSession:
    """A transaction on SQLite that has its lock from the start."""

    def __init__(self, connection: sqlite3.Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect
        self._cursor = self._connection.cursor()
        self._cursor.execute("BEGIN IMMEDIATE")

    def defer(self, statement: Compiled, parameters: Parameters) -> None:
        self._cursor.execute(*statement.bound(self._dialect, parameters))

    def rows(self, statement: Compiled, parameters: Parameters) -> Rows:
        self._cursor.execute(*statement.bound(self._dialect, parameters))
        return self._cursor.fetchall()

    def rows_of(self, *wanted: tuple[Compiled, Parameters]) -> list[Rows]:
        return [self.rows(statement, parameters) for statement, parameters in wanted]

    def run(self, statement: Compiled, parameters: Parameters) -> int:
        self._cursor.execute(*statement.bound(self._dialect, parameters))
        return int(self._cursor.rowcount)

    def commit(self, changes: dict[type, Change], sweeps: Sequence[Sweep]) -> None:
        for text, rows in sqlite_statements(changes, sweeps):
            self._cursor.executemany(text, rows)
        self._connection.commit()
