"""Removes what is past its time, in batches: history by its removal time, and old receipts.

A thread of each process does it now and then; ``python -m app.cleanup`` does it by hand.
"""

import random
import threading
from datetime import timedelta

import structlog

from app.errors import UnavailableError
from app.services import history, receipts
from app.store import Store

log = structlog.get_logger()
EVERY_SECONDS = 600.0


def clean(store: Store, receipt_time_to_live: timedelta) -> tuple[int, int]:
    """Remove what is past its time; returns the numbers of instances and of receipts."""
    instances = history.remove_expired(store)
    return instances, receipts.remove_expired(store, receipt_time_to_live)


class Cleaner:
    """The thread of a process."""

    def __init__(self, store: Store, receipt_time_to_live: timedelta) -> None:
        self._store = store
        self._time_to_live = receipt_time_to_live
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True, name="cleanup")

    def start(self) -> None:
        """Begin; the first round comes after a while, at another time in each process."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stopping.set()

    def _work(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS * random.uniform(0.5, 1)):
            try:
                clean(self._store, self._time_to_live)
            except UnavailableError as error:
                log.warning("cleanup has to wait", reason=str(error))
            except Exception as error:
                log.error("cleanup", exc_info=error)
