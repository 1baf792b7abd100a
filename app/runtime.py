"""The engines of a process: a store for each, and its background work."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.bpmn.connectors import HTTP, Connector
from app.bpmn.delegates import Delegates
from app.engine.state.coverage import Coverage
from app.services import administrators
from app.services.cleanup_window import Window
from app.services.gauges import Reader
from app.store import Store
from app.store.connections.database import direct_engine
from app.store.connections.schema import migrate, require_head
from app.store.connections.wait_queues import Limits

if TYPE_CHECKING:
    from app.background.cleanup import Cleaner
    from app.background.job_executor import JobExecutor
    from app.background.metering import Reporter
    from app.background.opening import Opening
    from config import Config

MIGRATES = "BATON_MIGRATE"  # in the environment of processes whose server migrates
SPARE_THREADS = 8  # of a process, in which no poll waits
POLLS_SHARE = 0.75  # of the connections of a process, that polls may have


class Baton:
    """The runtime of one engine: its store and background work.

    Attributes:
        unforeseen: how many answers had the type ``InternalServerError``.
        gauges: asks the database for the metrics.
        is_open: its schema was found to be this version's, or was not looked at yet.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.unforeseen = 0
        self.is_open = True
        self.gauges = Reader(store)
        self._executor: JobExecutor | None = None
        self._cleaner: Cleaner | None = None
        self._reporter: Reporter | None = None

    def start(self, config: "Config", limits: Limits) -> None:
        """Start the background work.

        Args:
            config: of this engine.
            limits: of its polls.
        """
        from .background.cleanup import Cleaner
        from .background.metering import Reporter

        self.store.wakeups.queues.is_unique = config.unique_workers
        self.store.wakeups.queues.limits = limits
        self.store.instruments.pool_size.set(self.store.pool.size)
        self.store.listen()
        window = Window(config.cleanup_window, config.zone)
        # The setting is of the whole server, of which this process is one part.
        rate = config.cleanup_rate / config.processes
        self._cleaner = Cleaner(self.store, config.receipt_time_to_live, window, rate)
        self._cleaner.start()
        self._reporter = Reporter(self.store)
        self._reporter.start()
        if config.has_job_executor:
            from .background.job_executor import JobExecutor

            self._executor = JobExecutor(self.store, config.job_lock)
            self._executor.start()

    def stop(self) -> None:
        """End the background work."""
        # First, for polls that wait are requests: they would hold up the end of all others.
        self.store.wakeups.stop()
        if self._cleaner is not None:
            self._cleaner.stop()
        if self._executor is not None:
            self._executor.stop()
        if self._reporter is not None:
            self._reporter.stop()

    def wait(self, seconds: float) -> None:
        """Wait until the jobs that run are done, and those that do not are given back."""
        if self._executor is not None:
            self._executor.wait(seconds)


class Engines:
    """The engines of a process, each over a database of its own; the default one is the first.

    Args:
        config: of the server; its ``every`` has those of the engines.
    """

    def __init__(self, config: "Config") -> None:
        self._configs = {each.engine: each for each in config.every}
        self._connections: int | None = None
        self._batons = {name: Baton(store_of(each)) for name, each in self._configs.items()}

    def __iter__(self) -> Iterator[tuple["Config", Baton]]:
        for name, baton in self._batons.items():
            yield self._configs[name], baton

    def __len__(self) -> int:
        return len(self._batons)

    def __getitem__(self, name: str) -> Baton:
        return self._batons[name]

    @property
    def names(self) -> list[str]:
        """The names of the engines."""
        return list(self._batons)

    def start(self, connections: int | None = None) -> None:
        """Start the background work of each; of one that is not open, once it is.

        Args:
            connections: of clients that the process takes at most; None for what was configured.
        """
        self._connections = connections
        for config, baton in self:
            if baton.is_open:
                self._begin(config, baton)
            else:
                self.opening(config.engine).start()

    def _begin(self, config: "Config", baton: Baton) -> None:
        baton.start(config, self._limits(config))
        baton.is_open = True

    def _limits(self, config: "Config") -> Limits:
        """The limits of one engine's polls: its share of what the process has."""
        # requests other than polls must find a connection as well
        polls = min(config.polls, int((self._connections or config.connections) * POLLS_SHARE))
        fetches = min(config.threads // 4, config.pool_size // 2)
        in_threads, count = config.threads - SPARE_THREADS, len(self)
        return Limits(*(max(1, most // count) for most in (polls, in_threads, fetches)))

    def opening(self, name: str) -> "Opening":
        """The attempts to open an engine until its database is there."""
        from .background.opening import Opening

        config, baton = self._configs[name], self._batons[name]
        return Opening(
            baton.store, lambda: prepare(config, baton), lambda: self._begin(config, baton)
        )

    def stop(self) -> None:
        """End the background work."""
        for _, baton in self:
            baton.stop()

    def wait(self, seconds: float) -> None:
        """Wait until the jobs that run are done, and close what idles."""
        for _, baton in self:
            baton.wait(seconds)
            baton.store.close()


def open_engine(config: "Config", baton: Baton) -> None:
    """See that an engine can be used, and that it has the administrator that the settings name.

    Raises:
        SchemaOutdatedError: its schema is not that of this version.
        OperationalError: its database is away.
    """
    # Before anything is written: another version may have other columns.
    require_head(baton.store.engine)
    if config.admin_user:
        administrators.ensure(baton.store, config.admin_user, config.admin_password)


def prepare(config: "Config", baton: Baton) -> None:
    """Open an engine later; where the server brings schemas up to date, this one too.

    Raises:
        SchemaOutdatedError: its schema is not that of this version.
        OperationalError: its database is away.
    """
    if os.environ.get(MIGRATES) == "on":
        url, direct = config.database_url, config.direct_url
        migrate(direct_engine(url, direct, is_pooled=config.is_pooled))
    open_engine(config, baton)


def _connectors(config: "Config") -> dict[str, Connector]:
    """The connectors that are built in and switched on."""
    if not config.connector_hosts:
        return {}
    from app.connectors import Hosts, HttpConnector

    return {HTTP: HttpConnector(Hosts(config.connector_hosts), config.connector_seconds)}


def store_of(config: "Config") -> Store:
    """The store that a configuration describes; that of an engine for tests has a clock to move."""
    for_tests: dict[str, Any] = {}
    if config.is_test:
        from app.store.connections.clocks import MovableClock

        for_tests = {"clock": MovableClock(), "coverage": Coverage()}
    return Store(
        config.database_url,
        name=config.engine,
        history_level=config.history_level,
        require_history_time_to_live=config.require_history_time_to_live,
        history_time_to_live=config.history_time_to_live,
        delegates=Delegates(config.delegates, _connectors(config)),
        is_strict=config.is_deploy_strict,
        has_strict_locks=config.locks == "strict",
        max_model_bytes=config.max_model_bytes,
        max_elements=config.max_elements,
        max_steps=config.max_steps,
        max_records=config.max_records,
        max_seconds=config.max_seconds,
        zone=config.zone,
        pool_size=config.pool_size,
        pool_timeout=config.pool_timeout,
        statement_timeout=config.statement_timeout,
        read_url=config.read_url,
        read_wait=config.read_wait.total_seconds(),
        is_pooled=config.is_pooled,
        direct_url=config.direct_url,
        has_authorization=config.has_authorization,
        **for_tests,
    )
