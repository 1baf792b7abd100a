"""What a process holds: the configuration's store and the background work."""

from typing import TYPE_CHECKING, Any

from app import instruments
from app.bpmn.connectors import HTTP, Connector
from app.bpmn.delegates import Delegates
from app.engine.state.coverage import Coverage
from app.services.cleanup_window import Window
from app.services.gauges import Reader
from app.store import Store

if TYPE_CHECKING:
    from app.background.cleanup import Cleaner
    from app.background.job_executor import JobExecutor
    from app.background.metering import Reporter
    from config import Config


class Baton:
    """What belongs to one application.

    Attributes:
        unforeseen: how many answers had the type ``InternalServerError``.
        gauges: asks the database for the metrics.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.unforeseen = 0
        self.gauges = Reader(store)
        self._executor: JobExecutor | None = None
        self._cleaner: Cleaner | None = None
        self._reporter: Reporter | None = None

    def start(self, config: "Config") -> None:
        """Start the background work."""
        from .background.cleanup import Cleaner
        from .background.metering import Reporter

        self.store.wakeups.is_unique = config.unique_workers
        self.store.wakeups.most = max(1, config.threads - 8)
        instruments.POOL_SIZE.set(self.store.pool.size)
        self.store.listen()
        window = Window(config.cleanup_window, config.zone)
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
