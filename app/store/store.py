"""How state lasts. All SQL lives below this package.

`Store` hands out transactions for commands and connections for reading.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import Dialect

from app.store.commands.definitions import Definitions
from app.store.connections.database import POSTGRESQL, create_engine
from app.store.connections.faults import raise_meaning_of
from app.store.connections.pool import Pool, Pooled
from app.store.connections.sessions import Session, SqliteSession
from app.store.connections.wakeups import Wakeups
from app.store.sqlite.turns import Turns
from app.store.unit.transaction import Transaction


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """The database of one engine.

    Args:
        has_strict_locks: a worker may do nothing with a lock that has expired.
        max_model_bytes: larger models are refused.
        max_steps: a run that takes more without reaching wait states is refused.
        pool_size: connections of this process at most.
        pool_timeout: seconds to wait for a free one.
        clock: the time on SQLite; on PostgreSQL the database's own counts.
        delegates: the topics that stand in for Java classes, expressions and connectors.
    """

    def __init__(
        self,
        database_url: str,
        *,
        history_level: str = "full",
        require_history_time_to_live: bool = False,
        delegates: Mapping[str, str] | None = None,
        has_strict_locks: bool = False,
        max_model_bytes: int = 8 * 2**20,
        max_steps: int = 1_000_000,
        pool_size: int = 16,
        pool_timeout: float = 10,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.database_url = database_url
        self.history_level = history_level
        self.require_history_time_to_live = require_history_time_to_live
        self.delegates = delegates or {}
        self.has_strict_locks = has_strict_locks
        self.max_model_bytes = max_model_bytes
        self.max_steps = max_steps
        self.clock = clock
        self.pool = Pool(self._connect, pool_size, pool_timeout)
        self.definitions = Definitions()
        self.wakeups = Wakeups()
        self.jobs_made = threading.Event()  # set when a transaction has committed new jobs

    @cached_property
    def engine(self) -> Engine:
        """Opens connections; none before the first is needed."""
        return create_engine(self.database_url)

    def _connect(self) -> Connection:
        """A new connection; on PostgreSQL what only reads needs no transaction."""
        if self.dialect.name == "sqlite":
            return self.engine.connect()
        return self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Close the connections that idle."""
        self.pool.close()

    @property
    def dialect(self) -> Dialect:
        return self.engine.dialect

    @property
    def has_notifications(self) -> bool:
        """Whether processes can tell each other of new tasks."""
        return self.dialect.name == "postgresql"

    def listen(self) -> None:
        """Hear of tasks that other processes make available."""
        if self.has_notifications:
            import psycopg

            parameters = self.engine.url.set(drivername="postgresql")
            conninfo = parameters.render_as_string(hide_password=False)
            self.wakeups.connect(lambda: psycopg.connect(conninfo, autocommit=True, **POSTGRESQL))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that writes: leaving the block commits, an exception rolls back.

        Raises:
            TransactionConflictError: another transaction got in the way.
            UnavailableError: the database cannot be reached, or no connection is free.
        """
        with self._turn:
            try:
                pooled = self.pool.take()
                try:
                    tx = Transaction(self, self._session(pooled))
                    yield tx
                    tx.commit()
                except BaseException:
                    self._give_up(pooled)
                    raise
                finally:
                    self.pool.give_back(pooled)
            except Exception as error:
                raise_meaning_of(error)
        if tx.has_made_jobs:
            self.jobs_made.set()
        if tx.topics:
            self.wakeups.committed(tx.topics)
        for follow in tx.after_commit:
            follow()

    @cached_property
    def _session(self) -> Callable[[Pooled], Session]:
        """Begins a transaction on a connection."""
        dialect = self.dialect
        if dialect.name == "sqlite":
            return lambda pooled: SqliteSession(pooled.driver, dialect)
        from app.store.postgresql.link import (  # psycopg is not loaded for SQLite
            Link,
            PostgresSession,
        )

        def begin(pooled: Pooled) -> Session:
            if pooled.link is None:
                pooled.link = Link(pooled.driver)
            return PostgresSession(pooled.link, dialect)

        return begin

    @cached_property
    def _turn(self) -> AbstractContextManager[object]:
        """The turn to write, where only one may."""
        return Turns() if self.dialect.name == "sqlite" else nullcontext()

    def _give_up(self, pooled: Pooled) -> None:
        """Roll back; where that cannot be, this connection and those as old are closed for good."""
        try:
            pooled.driver.rollback()
        except Exception:
            self.pool.discard(pooled)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads.

        Raises:
            UnavailableError: the database cannot be reached, or no connection is free.
        """
        try:
            with self.pool.taken() as pooled:
                try:
                    yield pooled.core
                finally:
                    pooled.core.rollback()
        except Exception as error:
            raise_meaning_of(error)
