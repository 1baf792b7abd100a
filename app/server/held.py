"""Requests whose answer has to wait: they are held with their connection, without a thread.

Source: decision 29.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NoReturn, Protocol

from gunicorn.http.wsgi import Response

SMALL = 16 * 1024  # bytes of a request that is held, and of what is kept of the one behind it


class Waiting(Protocol):
    """A request that waits, as the application knows it (`app.api.waiting.Held`)."""

    environ: dict[str, Any]

    def await_turn(self, call: Callable[[], None]) -> None:
        """Let it wait; `call` asks for a thread."""
        ...

    def retry(self) -> bool:
        """Whether it can be answered now."""
        ...

    def answer(self, start_response: Any) -> Iterable[bytes]:
        """Answer it, as WSGI."""
        ...

    def hang_up(self) -> None:
        """Its client has gone."""
        ...

    def leave(self) -> None:
        """Release it: it will not be answered."""
        ...


class HeldError(BaseException):
    """A request leaves its thread without an answer.

    No `Exception`: handlers of errors on the way must let it pass.
    """

    def __init__(self, waiting: Waiting) -> None:
        super().__init__()
        self.waiting = waiting


class Holds:
    """The part of a client's socket that the application asks to hold a request.

    Attributes:
        may_hold: it may, for the request that is served.
    """

    may_hold = False

    def hold(self, request: Waiting) -> NoReturn:
        """Leave a request to the server.

        Raises:
            HeldError: always.
        """
        raise HeldError(request)


class Held:
    """A request that waits.

    Attributes:
        keeps: the connection can serve another one behind it.
    """

    __slots__ = ("_began", "_request", "keeps", "waiting")

    def __init__(self, request: Any, waiting: Waiting, began: datetime) -> None:
        self._request, self.waiting, self._began = request, waiting, began
        self.keeps = True

    def answer(self, worker: Any, conn: Any) -> bool:
        """Answer it; whether the connection stays.

        Source: gunicorn, ``ThreadWorker.handle`` and ``handle_request``.
        """
        response = Response(self._request, conn.sock, worker.cfg)
        if not (self.keeps and worker.alive and worker.cfg.keepalive):
            response.force_close()
        try:
            self._write(worker, response)
        except OSError as error:
            worker.log.debug("The client of a request that has waited is gone: %s", error)
            return False
        except Exception as error:
            if response.headers_sent:
                worker.log.exception("Error handling request")
            else:
                worker.handle_error(self._request, conn.sock, conn.client, error)
            return False
        return not response.should_close()

    def _write(self, worker: Any, response: Any) -> None:
        parts = self.waiting.answer(response.start_response)
        try:
            for part in parts:
                response.write(part)
            response.close()
        finally:
            took = datetime.now() - self._began
            worker.log.access(response, self._request, self.waiting.environ, took)
            if close := getattr(parts, "close", None):
                close()
