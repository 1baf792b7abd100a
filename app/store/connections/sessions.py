"""The transaction of a connection, and SQLite's."""

import sqlite3
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.engine import Dialect

from app.engine.state import Change
from app.store.sqlite.texts import require_storable
from app.store.unit.assumptions import Assumptions
from app.store.unit.sweeps import Swept
from app.store.unit.writing import sqlite_statements

from .dialects import Compiled, Parameters, Rows


class Session(Protocol):
    """One transaction on one connection; the first statement begins it.

    Attributes:
        count: of the statements that were carried out, BEGIN and COMMIT included.
    """

    count: int

    def defer(self, statement: Compiled, parameters: Parameters) -> None:
        """Execute a statement, now or just before the next one; its result is dropped."""
        ...

    def rows(self, statement: Compiled, parameters: Parameters) -> Rows:
        """The rows of a query."""
        ...

    def rows_of(self, *queries: tuple[Compiled, Parameters]) -> list[Rows]:
        """The rows of several queries, none of which needs another's."""
        ...

    def run(self, statement: Compiled, parameters: Parameters) -> int:
        """Execute a statement without rows; returns how many it touched."""
        ...

    def commit(
        self,
        changes: dict[type, Change],
        sweeps: Sequence[Swept],
        assumptions: Assumptions | None = None,
    ) -> None:
        """Write the changes and end the transaction.

        Args:
            sweeps: of rows that were not loaded; carried out before the changes.
            assumptions: none on SQLite, where asking costs next to nothing.

        Raises:
            TransactionConflictError: an assumption does not hold any more.
            UnstorableTextError: a text has the character NUL, or half of a surrogate pair; both
                databases refuse it, so that a command does not depend on which one there is.
        """
        ...


class SqliteSession:
    """A transaction on SQLite that has its lock from the start.

    Args:
        cursor: closed by whoever gives the connection back.
        only_reads: it takes no lock, waits for no writer, and sees one state of the database.
    """

    def __init__(
        self, cursor: sqlite3.Cursor, dialect: Dialect, *, only_reads: bool = False
    ) -> None:
        self._dialect = dialect
        self._cursor = cursor
        # a lock that is taken by the first write instead fails at once when another has written
        # since our first read: SQLite cannot wait then
        self._cursor.execute("BEGIN" if only_reads else "BEGIN IMMEDIATE")
        self.count = 1

    def defer(self, statement: Compiled, parameters: Parameters) -> None:
        self.count += 1
        self._cursor.execute(*statement.bound(self._dialect, parameters))

    def rows(self, statement: Compiled, parameters: Parameters) -> Rows:
        self.count += 1
        self._cursor.execute(*statement.bound(self._dialect, parameters))
        return self._cursor.fetchall()

    def rows_of(self, *queries: tuple[Compiled, Parameters]) -> list[Rows]:
        return [self.rows(statement, parameters) for statement, parameters in queries]

    def run(self, statement: Compiled, parameters: Parameters) -> int:
        self.count += 1
        self._cursor.execute(*statement.bound(self._dialect, parameters))
        return int(self._cursor.rowcount)

    def commit(
        self,
        changes: dict[type, Change],
        sweeps: Sequence[Swept],
        assumptions: Assumptions | None = None,
    ) -> None:
        assert not assumptions
        # SQLite itself takes both; the other database's are looked at while they are encoded.
        require_storable(changes)
        self.count += 1
        for text, rows in sqlite_statements(changes, sweeps):
            self.count += 1
            self._cursor.executemany(text, rows)
        self._cursor.connection.commit()
