"""How much of a process one engine may take: the others have to go on when it hangs.

Source: decision 23.
"""

import threading
from typing import Protocol

from flask import Response

from app.errors import UnavailableError
from app.store import Store

from .application import ANSWER, Application, context

SHARE = 0.75  # of the threads of a process
OF_ENGINES = ("/engine-rest/", "/ui/")  # paths of which each engine has its own
WHILE_AWAY = 4  # requests that look whether a database that was away is back


class Engine(Protocol):
    """The state that a process holds for one engine.

    Attributes:
        is_open: its database was there, with the schema of this version.
    """

    store: Store
    is_open: bool


class Places:
    """The threads that serve one engine of several.

    Args:
        threads: of the process.
    """

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        # At least one, or a process with one thread would serve nothing.
        self._most = max(1, int(threads * SHARE))
        self._lock = threading.Lock()
        self._taken = 0

    def enter(self) -> None:
        """Take a place; while the database is away there are few, for each waits for it.

        Raises:
            UnavailableError: all are taken, or the engine is not open yet.
        """
        store = self._engine.store
        if not self._engine.is_open:
            raise UnavailableError(f"The engine '{store.name}' is not open yet.")
        most = self._most if store.outage.since is None else min(self._most, WHILE_AWAY)
        with self._lock:
            if self._taken >= most:
                raise UnavailableError(f"The engine '{store.name}' has no place for more requests.")
            self._taken += 1

    def leave(self) -> None:
        """Give a place back."""
        with self._lock:
            self._taken -= 1


class SharingApplication(Application):
    """The application of one engine of several.

    Attributes:
        places: which it has.
    """

    places: Places

    def full_dispatch_request(self) -> Response:
        """Serve a request, if the engine has a place for it."""
        request = context().request
        # Probes and metrics answer also while every place is taken.
        # A request that waited has its result: refused now, the tasks would be locked for nobody.
        if ANSWER in request.environ or not request.path.startswith(OF_ENGINES):
            return super().full_dispatch_request()
        try:
            self.places.enter()
        except UnavailableError as error:
            return self.finalize_request(self.handle_user_exception(error))
        try:
            return super().full_dispatch_request()
        finally:
            self.places.leave()
