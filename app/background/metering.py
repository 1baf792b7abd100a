"""Writes down now and then what this process has counted, and once more when it ends."""

import threading
import time

from app import instruments
from app.errors import EngineError
from app.logging import log
from app.services import metrics
from app.store import Store

EVERY_SECONDS = 900.0  # into the database
SETTLED_SECONDS = 1.0  # to where scrapes read it


class Reporter:
    """The thread of a process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True, name="metrics")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, with a last report."""
        self._stopping.set()
        # Before the report, which reads what was noted by then.
        instruments.settle()
        self._report()

    def _work(self) -> None:
        due = time.monotonic() + EVERY_SECONDS
        while not self._stopping.wait(SETTLED_SECONDS):
            instruments.settle()
            if time.monotonic() >= due:
                self._report()
                due = time.monotonic() + EVERY_SECONDS

    def _report(self) -> None:
        try:
            metrics.report(self._store)
        except EngineError as error:  # the counts stay, for the next report
            log.warning("metrics have to wait", reason=str(error))
