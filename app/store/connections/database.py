"""Connections to the two databases.

SQLite: WAL, every commit on disk before it is answered, writers begin with their lock. Timestamps
are stored as epoch milliseconds and booleans as 0 and 1; the driver converts both by the declared
type of the column. PostgreSQL: psycopg 3 with prepared statements, the time zone UTC.
"""

import os
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import Engine, event, make_url

from .dialects import CLOCK_FUNCTION
from .hosts import SEVERAL, has_several, postgres_url
from .watch import Watch

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
WATCHED = "watched"  # the key of a connection's `Watched` in its ``info``
BUSY_SECONDS = 30  # how long a writer waits for another one on SQLite
PRAGMAS = (
    "journal_mode=WAL",
    # In WAL mode, NORMAL answers commits that a power failure may take back.
    "synchronous=FULL",
    "foreign_keys=ON",
    "case_sensitive_like=ON",  # as everywhere else
)
SESSION = {
    "timezone": "UTC",
    "plan_cache_mode": "force_generic_plan",  # every hot statement has its index, and
    "enable_seqscan": "off",  # takes it even without statistics: a plan that was
    "enable_hashjoin": "off",  # made for small tables reads too much when they have grown
    "enable_mergejoin": "off",
    "jit": "off",
}
POSTGRESQL: dict[str, Any] = {
    "application_name": "baton",
    "connect_timeout": 5,
    "keepalives_idle": 30,  # a host that vanished is noticed in half a minute,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # also in the middle of a statement
}


CLOCK_SCHEMA = "baton_clock"  # of an engine for tests: see `clocks`


def milliseconds(time: datetime) -> int:
    """A time as SQLite stores it."""
    return (time - _EPOCH) // _MILLISECOND


def from_milliseconds(since_1970: bytes | int) -> datetime:
    """A time that SQLite has stored, as bytes, or computed."""
    return _EPOCH + _MILLISECOND * int(since_1970)


def utc_now() -> datetime:
    """The time of this process."""
    return datetime.now(UTC)


def create_engine(
    database_url: str,
    *,
    statement_timeout: int = 0,
    creates: bool = True,
    clock: Callable[[], datetime] = utc_now,
    is_pooled: bool = False,
) -> Engine:
    """An engine for a database URL, which keeps no connections: see `pool`.

    Args:
        database_url: ``sqlite:///file`` or ``postgresql://user@host/name``.
        statement_timeout: seconds that a statement may take on PostgreSQL; 0 for migrations, which
            take as long as they take.
        creates: a file of SQLite's that is not there is made.
        clock: the time of statements on SQLite. On PostgreSQL, another one than that of the
            process stands for the clock of an engine for tests.
        is_pooled: a pooler gives each transaction another session of PostgreSQL.
    """
    if database_url.startswith("sqlite"):
        return _sqlite(make_url(database_url), clock, creates=creates)
    session = {**SESSION, "statement_timeout": f"{statement_timeout}s"}
    # Before the catalog, which otherwise is searched first, so that its functions are hidden.
    if clock is not utc_now:
        session["search_path"] = f"{CLOCK_SCHEMA},public,pg_catalog"
    engine = _postgresql(postgres_url(database_url), {} if is_pooled else session)
    # A pooler may refuse options at the start of a session, and gives each transaction another one.
    if is_pooled:
        settings = settings_of(statement_timeout)

        @event.listens_for(engine, "begin")
        def begin(connection: sqlalchemy.Connection) -> None:
            connection.exec_driver_sql(settings)

    if statement_timeout:
        _watch(engine, Watch(statement_timeout))
    return engine


def _postgresql(url: sqlalchemy.URL, session: dict[str, str]) -> Engine:
    from psycopg import ClientCursor  # not loaded for SQLite

    from app.store.postgresql.literals import literals

    options = " ".join(f"-c {name}={value}" for name, value in session.items())
    return sqlalchemy.create_engine(
        url,
        poolclass=sqlalchemy.NullPool,
        connect_args={
            **({"options": options} if session else {}),
            "cursor_factory": ClientCursor,  # lists are planned for the values that they ask for
            "context": literals(),
            **POSTGRESQL,
            **(SEVERAL if has_several(url) else {}),
        },
    )


def settings_of(statement_timeout: int) -> str:
    """A statement that gives a transaction what otherwise is given to a session."""
    session = {**SESSION, "statement_timeout": f"{statement_timeout}s"}
    calls = (f"set_config('{name}', '{value}', true)" for name, value in session.items())
    return f"SELECT {', '.join(calls)}"


def direct_engine(database_url: str, direct_url: str, *, is_pooled: bool) -> Engine:
    """An engine past the pooler, where a way past it is told."""
    return create_engine(direct_url or database_url, is_pooled=is_pooled and not direct_url)


def own_connection(engine: Engine) -> Any:
    """A connection of psycopg's outside of the pool, in autocommit mode."""
    import psycopg

    _, parameters = engine.dialect.create_connect_args(engine.url)
    several = SEVERAL if has_several(engine.url) else {}
    return psycopg.connect(**{**parameters, **POSTGRESQL, **several}, autocommit=True)


def _watch(engine: Engine, watch: Watch) -> None:
    """Cut connections that stay silent while they are used: see `watch`."""

    @event.listens_for(engine, "connect")
    def add(connection: Any, record: Any) -> None:
        record.info[WATCHED] = watch.add(connection)

    @event.listens_for(engine, "close")
    def remove(_: Any, record: Any) -> None:
        if (watched := record.info.pop(WATCHED, None)) is not None:
            watch.remove(watched)

    @event.listens_for(engine, "before_cursor_execute")
    def touch(connection: sqlalchemy.Connection, *_: Any) -> None:
        if (watched := connection.info.get(WATCHED)) is not None:
            watched.touch()


def file_of(database_url: str) -> str | None:
    """The path of a database on SQLite; None of another one."""
    if not database_url.startswith("sqlite"):  # it may name several hosts, which are no URL
        return None
    return make_url(database_url).database


def identity(path: str) -> tuple[int, int] | None:
    """Which file has a name; None when none has."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _sqlite(url: sqlalchemy.URL, clock: Callable[[], datetime], *, creates: bool) -> Engine:
    from app.store.sqlite.compiling import Compiler  # not loaded for PostgreSQL

    sqlite3.register_adapter(datetime, milliseconds)
    sqlite3.register_converter("TIMESTAMP", from_milliseconds)
    sqlite3.register_converter("BOOLEAN", lambda value: value == b"1")
    engine = sqlalchemy.create_engine(
        url,
        poolclass=sqlalchemy.NullPool,
        connect_args={
            "detect_types": sqlite3.PARSE_DECLTYPES,
            "check_same_thread": False,
            "timeout": BUSY_SECONDS,
            # The driver would begin transactions of its own, deferred ones, which cannot become
            # writers safely.
            "isolation_level": None,
        },
    )
    engine.dialect.statement_compiler = Compiler

    if not creates:

        @event.listens_for(engine, "do_connect")
        def only_what_is_there(_: Any, __: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:
            if not cparams.get("uri"):
                cargs[0], cparams["uri"] = f"file:{quote(cargs[0])}?mode=rw", True

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in PRAGMAS:
            _patiently(connection, f"PRAGMA {pragma}")
        connection.create_function(CLOCK_FUNCTION, 0, lambda: milliseconds(clock()))

    @event.listens_for(engine, "begin")
    def begin(connection: sqlalchemy.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        # The writer's lock first: a reader that turns writer fails at once when another has written
        # (decision 3).
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Carry out a statement that SQLite does not wait with: another process opens or closes the
    file for the first or last time just now.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(statement).close()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
