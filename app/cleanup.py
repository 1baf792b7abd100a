"""Removes what is past its time, in batches: history by its removal time, and old receipts.

A thread of each process does it now and then; ``python -m app.cleanup`` does it by hand.
"""

import random
import sys
import threading
from datetime import timedelta

import structlog

from .errors import SchemaOutdatedError, UnavailableError
from .services import history, receipts
from .store import Store

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
        """Begin; the first round comes after a while, at another moment in each process."""
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


def main() -> None:
    """Clean up once."""
    from app.store.connections.schema import require_head
    from config import Config, ConfigError

    from .runtime import store_of

    try:
        config = Config.from_environ()
        store = store_of(config)
        require_head(store.engine)
        instances, old = clean(store, config.receipt_time_to_live)
    except (ConfigError, SchemaOutdatedError, UnavailableError) as error:
        sys.exit(f"baton: {error}")
    print(f"Removed the history of {instances} instances, and {old} receipts.")


if __name__ == "__main__":
    main()
