"""An engine whose database was away when the server started: it is opened once that is there."""

import threading
from collections.abc import Callable

from app.logging import log
from app.store import Store

EVERY_SECONDS = 2.0


class Opening:
    """Tries again and again, in a thread of the process, until the engine can be used.

    Args:
        prepare: raises whatever keeps it from being used.
        opened: is called once nothing does.
    """

    def __init__(
        self, store: Store, prepare: Callable[[], None], opened: Callable[[], None]
    ) -> None:
        self._store = store
        self._prepare, self._opened = prepare, opened
        self._reason = ""

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._work, daemon=True, name="opening").start()

    def _work(self) -> None:
        # Never set: the threads of a process that ends are not waited for.
        pause = threading.Event()
        while not self._store.wakeups.is_stopping:
            if self.run():
                return
            pause.wait(EVERY_SECONDS)

    def run(self) -> bool:
        """Try once; whether the engine is open."""
        try:
            self._prepare()
        except Exception as error:  # whatever it is, the next try may find it mended
            self._tell(str(error).strip().partition("\n")[0])
            return False
        # Outside of the try: a failure of what starts now is no reason to prepare once more.
        self._opened()
        log.warning("the engine is open", engine=self._store.name)
        return True

    def _tell(self, reason: str) -> None:
        """Log a reason once."""
        if reason != self._reason:
            self._reason = reason
            log.warning("the engine cannot be opened", engine=self._store.name, reason=reason)
