"""Acquires due jobs and runs them: a thread in each process, or ``python -m app.job_executor``.

Several may run over one database: jobs are claimed with ``SKIP LOCKED``, and those that a process
has claimed and not done are free again when their lock expires.

Source: engine semantics 6; Camunda 7 ``JobExecutor``, ``AcquireJobsCmd``.
"""

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog

from app.errors import EngineError, SchemaOutdatedError, UnavailableError
from app.services import jobs
from app.store import Store

log = structlog.get_logger()
LOCK = timedelta(minutes=5)
BATCH = 20
LONGEST_PAUSE = 5.0  # seconds without a look
SHORTEST_PAUSE = 0.05
WORKERS = 4


class JobExecutor:
    """A thread that acquires, and a few that run what it has acquired."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._owner = f"{os.uname().nodename}-{os.getpid()}"
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="job")
        self._thread = threading.Thread(target=self._work, daemon=True, name="job-executor")

    def start(self) -> None:
        """Begin to look for jobs."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more jobs; those that run are finished."""
        self._stopping.set()
        self._store.jobs_made.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def wait(self) -> None:
        """Wait until the executor has stopped."""
        self._stopping.wait()
        self._pool.shutdown()

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self._round()
            except UnavailableError as error:
                log.warning("jobs cannot be acquired", reason=str(error))
                pause = LONGEST_PAUSE
            except Exception as error:
                log.error("job executor", exc_info=error)
                pause = LONGEST_PAUSE
            self._store.jobs_made.wait(pause)
            self._store.jobs_made.clear()

    def _round(self) -> float:
        """Run what is due; returns the seconds until the next look."""
        found = jobs.acquire(self._store, self._owner, limit=BATCH, lock_duration=LOCK)
        if found:
            for _ in self._pool.map(self._run, [job_id for job_id, _ in found]):
                pass
            return 0.0
        due = jobs.next_due(self._store)
        if due is None:
            return LONGEST_PAUSE
        return min(LONGEST_PAUSE, max(SHORTEST_PAUSE, due.total_seconds()))

    def _run(self, job_id: str) -> None:
        """Run one job; its failure is noted at the job by the service."""
        try:
            jobs.execute(self._store, job_id)
        except EngineError as error:
            log.info("job failed", job_id=job_id, reason=str(error))
        except Exception as error:
            log.error("job", job_id=job_id, exc_info=error)


def main() -> None:
    """Run an executor alone, until a signal ends it."""
    from app import store_of
    from app.store.schema import require_head
    from config import Config, ConfigError

    try:
        store = store_of(Config.from_environ())
        require_head(store.engine)
    except (ConfigError, SchemaOutdatedError, UnavailableError) as error:
        sys.exit(f"baton: {error}")
    executor = JobExecutor(store)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: executor.stop())
    executor.start()
    executor.wait()


if __name__ == "__main__":
    main()
