"""The database that is filled: empty before, and in one transaction.

Rows are gathered until there are enough of a table, and written at once.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, Table, inspect, make_url, text

from app.models import metadata
from app.store.connections.database import create_engine
from app.store.connections.schema import migrate, require_head

from .problems import TakeoverError

Values = Sequence[Any]
# Rows and bytes, for a row may hold a document.
_AT_ONCE, _BYTES = 1000, 8 * 2**20  # of a table: what is gathered at most
_OWN = ("schema_log",)  # filled by the migrations


def prepare(database_url: str) -> Engine:
    """Bring the target to the newest schema, and see that it is empty.

    Raises:
        TakeoverError: it is not, or it cannot be reached.
    """
    try:
        engine = create_engine(database_url)
        # Before the migrations, which would fail in the midst of another program's tables.
        _require_nothing_foreign(engine)
        migrate(engine)
        require_head(engine)
        filled = _filled(engine)
    except TakeoverError:
        raise
    except Exception as error:
        raise TakeoverError(f"The target cannot be used: {error}") from error
    if filled:
        raise TakeoverError(
            f"The target is not empty: {', '.join(filled)} have rows. Everything is taken over "
            "into a database in which nothing has happened yet."
        )
    return engine


def _require_nothing_foreign(engine: Engine) -> None:
    """Refuse a database in which another program keeps tables that are called as ours."""
    names = set(inspect(engine).get_table_names())
    if "alembic_version" not in names and names & set(metadata.tables):
        raise TakeoverError("The target has tables of another program")


def _filled(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [
            name
            for name in sorted(metadata.tables)
            if name not in _OWN
            and connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() is not None
        ]


class Target(ABC):
    """Takes in rows of all tables, and writes them in one transaction."""

    def __init__(self) -> None:
        self._rows: dict[Table, list[Values]] = {}
        self._sizes: dict[Table, int] = {}

    def add(self, table: Table, values: Values) -> None:
        """Take in a row, with a value for each column of the table."""
        rows = self._rows.setdefault(table, [])
        rows.append(values)
        size = sum(len(v) for v in values if isinstance(v, (str, bytes)))
        self._sizes[table] = self._sizes.get(table, 0) + size
        if len(rows) >= _AT_ONCE or self._sizes[table] >= _BYTES:
            self._flush(table)

    def flush(self) -> None:
        """Write what was taken in so far."""
        for table in list(self._rows):
            self._flush(table)

    def _flush(self, table: Table) -> None:
        rows = self._rows.pop(table, [])
        self._sizes.pop(table, None)
        if rows:
            self.write(table, rows)

    @abstractmethod
    def write(self, table: Table, rows: list[Values]) -> None:
        """Write rows of one table."""

    @abstractmethod
    def count(self, table: Table) -> int:
        """How many rows a table has now."""

    @abstractmethod
    def commit(self) -> None:
        """Keep everything; from here on the database can be used."""

    @abstractmethod
    def close(self) -> None:
        """End; without a commit nothing is kept."""


def copy_rows(connection: psycopg.Connection[Any], table: Table, rows: Sequence[Values]) -> None:
    """Write rows of one table to PostgreSQL."""
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    # Some ten times as fast as inserts, and within the same transaction.
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def insert_rows(driver: sqlite3.Connection, table: Table, rows: Sequence[Values]) -> None:
    """Write rows of one table to SQLite."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join("?" for _ in table.columns)
    driver.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", rows)


class PostgresTarget(Target):
    """Writes with ``COPY``."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(url, application_name="baton takeover")
        self._connection.execute("SET TIME ZONE 'UTC'")
        locked = sql.SQL(", ").join(map(sql.Identifier, sorted(metadata.tables)))
        # a server that is started too early must not write in between
        self._connection.execute("SET LOCAL lock_timeout = '10s'")
        self._connection.execute(
            sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(locked)
        )
        self._connection.execute("SET LOCAL lock_timeout = 0")

    def write(self, table: Table, rows: list[Values]) -> None:
        copy_rows(self._connection, table, rows)

    def count(self, table: Table) -> int:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name))
        row = self._connection.execute(query).fetchone()
        return 0 if row is None else int(row[0])

    def commit(self) -> None:
        try:
            self._connection.commit()
        except psycopg.OperationalError as error:
            raise TakeoverError(
                f"The target was lost in its commit: it has everything, or is empty: {error}"
            ) from error
        with suppress(psycopg.Error):  # everything is there, also where this cannot be
            self._connection.autocommit = True
            self._connection.execute("ANALYZE")

    def close(self) -> None:
        self._connection.close()


class SqliteTarget(Target):
    """Writes with prepared inserts of many rows."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._pooled = engine.raw_connection()
        # The driver itself: SQLAlchemy would begin transactions of its own.
        driver = self._pooled.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        self._driver = driver
        # Immediate: the lock is taken now, and not after hours of reading.
        self._driver.execute("BEGIN IMMEDIATE")

    def write(self, table: Table, rows: list[Values]) -> None:
        insert_rows(self._driver, table, rows)

    def count(self, table: Table) -> int:
        return int(self._driver.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])

    def commit(self) -> None:
        self._driver.execute("COMMIT")

    def close(self) -> None:
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")
        self._pooled.close()


@contextmanager
def writing(engine: Engine) -> Iterator[Target]:
    """A target in its transaction.

    Raises:
        TakeoverError: the database is lost, or refuses a row.
    """
    is_sqlite = make_url(engine.url).get_backend_name() == "sqlite"
    try:
        target = SqliteTarget(engine) if is_sqlite else PostgresTarget(engine)
        try:
            yield target
        finally:
            target.close()
    except (psycopg.Error, sqlite3.Error) as error:
        raise TakeoverError(f"The target could not be written, and is empty: {error}") from error
