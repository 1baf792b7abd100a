"""Acquires due jobs and runs them: a thread in each process, or ``python -m app.job_executor``.

Several may run over one database: jobs are claimed with ``SKIP LOCKED``. Those that a process has
claimed and cannot run are given back; those of a process that died are free again when their lock
expires.

Source: semantics 6; Camunda 7 ``JobExecutor``, ``AcquireJobsCmd``.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from app import instruments
from app.errors import ConflictError, EngineError, UnavailableError
from app.logging import log
from app.services import jobs
from app.store import Store

LOCK = timedelta(minutes=5)
BATCH = 20
LONGEST_PAUSE = 5.0  # seconds without a look
PAUSE_AFTER_FAILURE = 1.0
SHORTEST_PAUSE = 0.05
WORKERS = 4


class JobExecutor:
    """A thread that acquires, and a few that run what it has acquired.

    Args:
        lock: how long others leave the jobs that it has acquired alone.
    """

    def __init__(self, store: Store, lock: timedelta = LOCK) -> None:
        self._store = store
        self._done, self._failed, self._waited = (
            instruments.JOBS.labels(store.name, outcome)
            for outcome in ("ok", "failed", "postponed")
        )
        self._lock = lock
        self._owner = f"{os.uname().nodename}-{os.getpid()}-{os.urandom(4).hex()}"
        self._held: set[str] = set()  # the ids of jobs that were acquired and not run yet
        self._is_unsure = False  # whether it may have acquired others, whose ids it does not know
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="job")
        self._thread = threading.Thread(target=self._work, daemon=True, name="job-executor")

    def start(self) -> None:
        """Begin to look for jobs."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more jobs; those that run are finished, the others are given back."""
        self._stopping.set()
        self._store.jobs_made.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the executor has stopped."""
        self._thread.join(seconds)

    def _work(self) -> None:
        while not self._stopping.is_set():
            pause = self._try(self._round)
            self._store.jobs_made.wait(pause)
            self._store.jobs_made.clear()
        self._pool.shutdown()
        self._try(self._give_back)

    def _try(self, work: Callable[[], float]) -> float:
        """Do something that the database may refuse; returns the seconds until the next look."""
        try:
            return work()
        except (UnavailableError, ConflictError) as error:
            log.warning("jobs cannot be acquired", reason=str(error))
        except Exception as error:
            log.error("job executor", exc_info=error)
        return PAUSE_AFTER_FAILURE

    def _give_back(self) -> float:
        """Let any process run what we have acquired and not run."""
        if self._held or self._is_unsure:
            known = None if self._is_unsure else tuple(self._held)
            jobs.release(self._store, self._owner, known)
            self._held.clear()
            self._is_unsure = False
        return 0.0

    def _round(self) -> float:
        """Run what is due; returns the seconds until the next look."""
        self._give_back()
        self._is_unsure = True  # without an answer: the commit may have come through
        found = jobs.acquire(self._store, self._owner, limit=BATCH, lock_duration=self._lock)
        self._is_unsure = False
        if found:
            ids = [job_id for job_id, _ in found]
            self._held.update(ids)
            for _ in self._pool.map(self._run, ids):
                pass
            return PAUSE_AFTER_FAILURE if self._held else 0.0
        due = jobs.next_due(self._store)
        if due is None:
            return LONGEST_PAUSE
        return min(LONGEST_PAUSE, max(SHORTEST_PAUSE, due.total_seconds()))

    def _run(self, job_id: str) -> None:
        """Run one job; its failure is noted at the job by the service."""
        if self._stopping.is_set():
            return
        try:
            jobs.execute(self._store, job_id, owner=self._owner)
        except (UnavailableError, ConflictError) as error:
            log.warning("job has to wait", job_id=job_id, reason=str(error))
            self._waited.inc()
            return
        except EngineError:  # it was logged when it was noted at the job
            self._failed.inc()
        except Exception as error:
            log.error("job", job_id=job_id, exc_info=error)
            self._failed.inc()
        else:
            self._done.inc()
        self._held.discard(job_id)
