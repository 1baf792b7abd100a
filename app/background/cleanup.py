"""Removes what is past its time, in batches: history by its removal time, and old receipts.

A thread of each process does it now and then, in the window that is set and no faster than is set;
``python -m app.cleanup`` does it by hand, at once and as fast as it goes.
"""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from app.errors import UnavailableError
from app.logging import log
from app.services import history, receipts
from app.services.cleanup_window import Window
from app.store import Store

EVERY_SECONDS = 600.0
OTHERS = 1.0  # how long to leave the database to others after a batch, as a multiple of its time


def clean(
    store: Store, receipt_time_to_live: timedelta, goes_on: Callable[[int], bool] = bool
) -> tuple[int, int]:
    """Remove what is past its time.

    Args:
        goes_on: is told after each batch of how many instances it was, may wait, and says
            whether there is another one.

    Returns:
        the numbers of instances and of receipts.
    """
    # History first: receipts are small, and go in one statement.
    instances = history.remove_expired(store, goes_on)
    return instances, receipts.remove_expired(store, receipt_time_to_live)


class Cleaner:
    """The thread of a process.

    Args:
        window: in which it removes anything.
        rate: instances a second at most; 0 for no limit.
    """

    def __init__(
        self,
        store: Store,
        receipt_time_to_live: timedelta,
        window: Window | None = None,
        rate: float = 0,
    ) -> None:
        self._store = store
        self._time_to_live = receipt_time_to_live
        self._window = window or Window()
        self._rate = rate
        self._began = time.monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True, name="cleanup")

    def start(self) -> None:
        """Begin; the first round comes after a while, at another time in each process."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stopping.set()

    def _work(self) -> None:
        # Scattered, so that the processes of a server do not all begin at once.
        while not self._stopping.wait(EVERY_SECONDS * random.uniform(0.5, 1)):
            if self._is_open():
                self.run()

    def run(self) -> None:
        """Remove what is past its time, as long as the window is open."""
        self._began = time.monotonic()
        try:
            instances, old = clean(self._store, self._time_to_live, self._goes_on)
        except UnavailableError as error:
            log.warning("cleanup has to wait", reason=str(error))
        except Exception as error:
            log.error("cleanup", exc_info=error)
        else:
            if instances:
                log.info("cleanup", instances=instances, receipts=old)

    def _is_open(self) -> bool:
        return self._window.is_open(self._store.clock())

    def _goes_on(self, removed: int) -> bool:
        """Leave the database to others for a while, so that the rate is kept; whether to go on."""
        self._store.instruments.removed_instances.inc(removed)
        took = time.monotonic() - self._began
        # By the time that the batch took: a database that is busy is left alone for longer.
        pause = max(took * OTHERS, removed / self._rate - took if self._rate else 0)
        is_stopped = self._stopping.wait(pause)
        self._began = time.monotonic()
        return not is_stopped and self._is_open()
