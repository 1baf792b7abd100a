"""The two databases: one snapshot of the source, and a transaction of either one that writes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, collate, text
from sqlalchemy.exc import DBAPIError

from app.errors import SchemaOutdatedError
from app.store.connections.database import create_engine, file_of, identity
from app.store.connections.schema import require_head
from app.takeover.portions import portions
from app.takeover.target import copy_rows, insert_rows

from .problems import MoveError

# of bulk statements: the settings of the engine's sessions are those of small ones
_BULK = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
Row = Sequence[Any]


def engine_of(url: str, which: str) -> Engine:
    """The engine of a database of Baton, at the schema of this version.

    Raises:
        MoveError: it is none, or away.
    """
    try:
        path = file_of(url)
        # SQLite would make an empty file of a name that was mistyped.
        if path is not None and identity(path) is None:
            raise MoveError(f"The {which} has no file {path}")
        found = create_engine(url, creates=False)
        require_head(found)
    except (SchemaOutdatedError, DBAPIError, ValueError) as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        raise MoveError(f"The {which} cannot be used: {reason}") from error
    return found


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database, and writes nothing."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
            _for_bulk(connection)
            connection.execute(text("SET TRANSACTION READ ONLY"))
        yield connection
        # It ends the snapshot; there is nothing to keep.
        connection.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction, which is committed at the end of the block.

    On PostgreSQL it sees one state: a row that somebody else changes meanwhile is a conflict.
    """
    is_postgresql = engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if is_postgresql else {"writes": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if is_postgresql:
            _for_bulk(connection)
        yield connection


def _for_bulk(connection: Connection) -> None:
    for name in _BULK:
        connection.execute(text(f"SET LOCAL {name} = on"))


def rows(connection: Connection, query: Select[Any]) -> Iterator[Row]:
    """The rows of a query, a portion of a bounded size at a time."""
    # By a cursor on the server: histories are larger than memory.
    streaming = {"stream_results": True, "max_row_buffer": 20}
    with connection.execute(query, execution_options=streaming) as result:
        yield from portions(result)


def in_order(connection: Connection, table: Table) -> Any:
    """The order of ids that both databases share, whatever their collation is."""
    if connection.dialect.name == "postgresql":
        # A collation of some language sorts ids otherwise than SQLite's bytes do.
        return collate(table.c.id, "C")
    return table.c.id


def put(connection: Connection, table: Table, found: Sequence[Row]) -> None:
    """Insert rows, with a value for each column of the table."""
    driver: Any = connection.connection.driver_connection
    write = copy_rows if connection.dialect.name == "postgresql" else insert_rows
    write(driver, table, found)
