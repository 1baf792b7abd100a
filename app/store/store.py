"""How state lasts. All SQL lives below this package.

`Store` begins transactions for commands, and others that only read.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import NoReturn

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import Dialect

from app.bpmn.delegates import Delegates
from app.engine.state.coverage import Coverage
from app.errors import UnavailableError
from app.instruments import instruments_of
from app.security.callers import Caller
from app.store.commands import task_grants
from app.store.commands.decisions import Decisions
from app.store.commands.definitions import Definitions
from app.store.commands.unreadable import Unreadable
from app.store.connections.clocks import MovableClock
from app.store.connections.database import create_engine, own_connection, settings_of, utc_now
from app.store.connections.faults import is_read_only, is_stale_plan, raise_translated
from app.store.connections.outage import Outage
from app.store.connections.pool import Pool, Pooled
from app.store.connections.sessions import Session, SqliteSession
from app.store.connections.standby import Standby
from app.store.sqlite.turns import Turns
from app.store.unit.announcing import announce
from app.store.unit.meters import Meters
from app.store.unit.permits import Guard
from app.store.unit.snapshot import Snapshot
from app.store.unit.transaction import Transaction

from .waiting import wakeups_of

LISTEN_ANSWER = 10.0  # seconds for the database to answer the threads that send and hear wake-ups


class Store:
    """The database of one engine.

    Attributes:
        caller: who asks; None where nobody has to say so.
        guard: of one operation of that user, whose transactions ask it.
        instruments: what is counted for this engine.

    Args:
        name: of the engine.
        history_time_to_live: days, for what is deployed without; None for ever.
        has_strict_locks: a worker may do nothing with a lock that has expired.
        max_model_bytes, max_elements: larger models are refused.
        max_steps, max_seconds: a run that takes more without reaching wait states is refused.
        max_records: a run that makes more tokens, or ten times as many records, is refused.
        zone: of the dates and cron texts that name none.
        pool_size, pool_timeout: connections at most, and seconds to wait for a free one.
        statement_timeout: seconds that a statement may take on PostgreSQL; 0 for no limit.
        read_url: of a standby that lists are read from.
        read_wait: seconds to wait at most until the standby has what was committed.
        is_pooled, direct_url: a pooler gives each transaction another session of PostgreSQL, and
            the way past it.
        has_authorization: users see and do what authorizations say.
        clock: the time on SQLite; on PostgreSQL the database's own counts.
        coverage: counts what transactions go through; None to count nothing.
        delegates: what stands in for Java.
        is_strict: a deployment that deserves a warning is refused.
    """

    caller: Caller | None = None
    guard: Guard | None = None

    def __init__(
        self,
        database_url: str,
        *,
        name: str = "default",
        history_level: str = "full",
        require_history_time_to_live: bool = False,
        history_time_to_live: int | None = None,
        delegates: Delegates | None = None,
        has_strict_locks: bool = False,
        is_strict: bool = False,
        max_model_bytes: int = 8 * 2**20,
        max_elements: int = 50_000,
        max_steps: int = 1_000_000,
        max_records: int = 20_000,
        max_seconds: float = 10,
        zone: tzinfo = UTC,
        pool_size: int = 16,
        pool_timeout: float = 10,
        statement_timeout: int = 0,
        read_url: str = "",
        read_wait: float = 0.2,
        is_pooled: bool = False,
        direct_url: str = "",
        has_authorization: bool = False,
        clock: Callable[[], datetime] = utc_now,
        coverage: Coverage | None = None,
    ) -> None:
        self.database_url = database_url
        self.history_level = history_level
        self.name, self.instruments = name, instruments_of(name)
        self.hostname = f"{socket.gethostname()}${name}"
        self.require_history_time_to_live = require_history_time_to_live
        self.history_time_to_live = history_time_to_live
        self.delegates = delegates or Delegates()
        self.has_strict_locks, self.is_strict = has_strict_locks, is_strict
        self.max_model_bytes, self.max_elements = max_model_bytes, max_elements
        self.max_steps, self.max_records, self.max_seconds = max_steps, max_records, max_seconds
        self.zone, self.clock, self.coverage = zone, clock, coverage
        self.has_authorization = has_authorization
        self._statement_timeout = statement_timeout
        self._is_pooled, self._direct_url = is_pooled, direct_url
        self.pool = Pool(self._open, pool_size, pool_timeout, self.instruments)
        self.standby = self._standby_at(read_url, read_wait) if read_url else None
        self.forget()
        self.wakeups = wakeups_of(self.instruments, self.reading, lambda: self.has_notifications)
        self.meters = Meters()
        self.outage = Outage(name)
        self.jobs_made = threading.Event()  # set when a transaction has committed new jobs

    def _open(self) -> Connection:
        return self._connect(self.engine)

    def _standby_at(self, url: str, wait: float) -> Standby:
        reader = self._engine_of(url)
        return Standby(self.pool.like(lambda: self._connect(reader)), wait)

    def acting_for(self, caller: Caller | str | None, guard: Guard | None = None) -> "Store":
        """The same store, for what a user asks for; for the engine itself where there is none.

        Args:
            guard: is asked whether the user may, once what the operation is about is locked.
        """
        self._share()
        found = Store.__new__(Store)  # `copy` would look for ways to copy, at each request
        found.__dict__.update(self.__dict__)
        found.caller = Caller(caller) if isinstance(caller, str) else caller
        found.guard = guard
        return found

    @property
    def user_id(self) -> str | None:
        """The caller's id; None where no caller has to be named."""
        return None if self.caller is None else self.caller.user_id

    @property
    def asked(self) -> Caller | None:
        """The user whose permissions count; None where nobody is asked for any."""
        return self.caller if self.has_authorization else None

    def _share(self) -> None:
        """Make what a copy has in common with this one, so that each has not its own."""
        # Cached properties: what a copy makes of them itself is lost with it.
        for name in ("engine", "_session", "_turn"):
            getattr(self, name)

    @cached_property
    def engine(self) -> Engine:
        """Opens connections; none before the first is needed."""
        return self._engine_of(self.database_url)

    def _engine_of(self, url: str) -> Engine:
        return create_engine(
            url,
            statement_timeout=self._statement_timeout,
            # Only migrations make a file: a wrong path must not become an empty database.
            creates=False,
            clock=self.clock,
            is_pooled=self._is_pooled,
        )

    def _connect(self, engine: Engine) -> Connection:
        """A new connection; on PostgreSQL a single query needs no transaction.

        Behind a pooler it does, for settings that are given to no session.
        """
        if engine.dialect.name == "sqlite" or self._is_pooled:
            return engine.connect()
        return engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def clock_moved(self) -> None:
        """Let the database know what the clock of an engine for tests shows now."""
        if self.dialect.name == "postgresql" and isinstance(self.clock, MovableClock):
            self.clock.tell(self.engine)

    def forget(self) -> None:
        """Know nothing of the database any more: it was emptied."""
        self.definitions = Definitions()
        self.decisions = Decisions()
        self.unreadable = Unreadable()
        if self.coverage is not None:
            self.coverage.reset()

    def close(self) -> None:
        """Close the connections that idle."""
        self.pool.close()
        if self.standby is not None:
            self.standby.pool.close()

    @property
    def dialect(self) -> Dialect:
        return self.engine.dialect

    @property
    def has_notifications(self) -> bool:
        """Whether processes can tell each other of new tasks."""
        return self.dialect.name == "postgresql"

    def listen(self) -> None:
        """Hear of tasks that other processes make available."""
        # Behind a pooler a LISTEN belongs to a session that the next transaction does not have.
        if self.has_notifications and (self._direct_url or not self._is_pooled):
            direct = create_engine(self._direct_url or self.database_url)
            self.wakeups.connect(lambda: own_connection(direct), LISTEN_ANSWER)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that writes: leaving the block commits, an exception rolls back.

        Raises:
            TransactionConflictError: another transaction got in the way.
            UnavailableError: the database cannot be reached, or no connection is free.
        """
        # The turn before the connection: writers that wait in line must not hold those that readers
        # need.
        with self._turn:
            try:
                pooled, tx = self.pool.take(), None
                try:
                    session = self._session(pooled, False)
                    tx = Transaction(self, session, self.dialect)
                    yield tx
                    # Before anything is written: a command that has locked nothing it could be
                    # asked about.
                    tx.asking.finish()
                    if self.has_authorization and task_grants.are_changed_by(tx):
                        task_grants.add(tx)
                    tx.commit()
                    # behind the commit: SQLite writes to a file that was removed without an error
                    pooled.require_file()
                except BaseException as error:
                    self._give_up(pooled, error)
                    if tx is not None:
                        tx.failed(error)
                    raise
                finally:
                    self.pool.give_back(pooled)
            except Exception as error:
                self._refuse(error)
        # behind the commit and without the connection: a thread that wakes up earlier would find
        # no job and no task, and sleep again
        if tx.has_made_jobs:
            self.jobs_made.set()
        if tx.topics:
            self.wakeups.committed(tx.topics)
        if self.coverage is not None:
            self.coverage.add(tx.passed or ())
        self.meters.add(tx.counts)
        self.instruments.statements.note(session.count)
        if self.outage.since is not None:
            self.outage.end()
        if tx.incidents:
            announce(self.name, tx.incidents)
        for follow in tx.after_commit:
            follow()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """A transaction that only reads, over one state of the database.

        It waits for no writer. Nothing that it loads can be changed.

        Raises:
            UnavailableError: the database cannot be reached, or no connection is free.
        """
        try:
            with self.pool.taken() as pooled:
                try:
                    snapshot = Snapshot(self, self._session(pooled, True), self.dialect)
                    yield snapshot
                    snapshot.commit()
                except BaseException as error:
                    self._give_up(pooled, error)
                    raise
        except Exception as error:
            self._refuse(error)

    @cached_property
    def _session(self) -> Callable[[Pooled, bool], Session]:
        """Begins a transaction on a connection, perhaps one that only reads."""
        dialect = self.dialect
        if dialect.name == "sqlite":
            return lambda pooled, only_reads: SqliteSession(
                pooled.cursor(), dialect, only_reads=only_reads
            )
        from app.store.postgresql.link import (  # psycopg is not loaded for SQLite
            Link,
            PooledLink,
            PostgresSession,
        )

        def begin(pooled: Pooled, only_reads: bool) -> Session:
            if pooled.link is None:
                pooled.link = (
                    PooledLink(pooled.driver, pooled.use, settings_of(self._statement_timeout))
                    if self._is_pooled
                    else Link(pooled.driver, pooled.use)
                )
            return PostgresSession(pooled.link, dialect, only_reads=only_reads)

        return begin

    @cached_property
    def _turn(self) -> AbstractContextManager[object]:
        """The turn to write, where the database has one writer at a time."""
        return Turns() if self.dialect.name == "sqlite" else nullcontext()

    def _give_up(self, pooled: Pooled, failure: BaseException) -> None:
        """Roll back; where that cannot be, this connection and those as old are closed for good.

        So they are when the schema has changed: their prepared statements are of the old one; and
        when the server takes no writes any more: another one has become the primary.
        """
        try:
            pooled.driver.rollback()
            if is_stale_plan(failure) or is_read_only(failure):
                self.pool.discard(pooled)
        except Exception:
            self.pool.discard(pooled)

    def _refuse(self, error: Exception) -> NoReturn:
        """Raise the error of ours that a failure stands for, and note a database that is away."""
        try:
            raise_translated(error)
        except UnavailableError as unavailable:
            if unavailable is not error:  # or it was the pool that had no connection
                self.outage.begin(str(error).strip())
            raise

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """A connection outside of the pool that only reads: it is there while the pool is in use.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        try:
            with self.engine.connect() as connection:
                yield connection
        except Exception as error:
            raise_translated(error)

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
                    # Ends the transaction that the first statement has begun, or the pool would
                    # keep its snapshot.
                    pooled.core.rollback()
        except Exception as error:
            self._refuse(error)

    @contextmanager
    def viewing(self) -> Iterator[Connection]:
        """A connection that lists and history are read from: to a standby, where there is one.

        A command reads by `reading` or in its transaction.

        Raises:
            UnavailableError: the database cannot be reached, or no connection is free.
        """
        pooled = None
        if self.standby is not None and self.standby.is_asked:
            with self.reading() as primary:
                lsn = self.standby.written(primary)
            pooled = self.standby.take(lsn)
        if self.standby is None or pooled is None:
            with self.reading() as connection:
                yield connection
            return
        try:
            with self.standby.using(pooled):
                yield pooled.core
        except Exception as error:
            raise_translated(error)
