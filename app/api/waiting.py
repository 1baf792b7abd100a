"""Requests whose answer has to wait: a thread does so, or none where the server can hold them.

Our own server (`app.server`) keeps such a request with its connection, and gives it a thread when
there is something to do. Under any other one the thread of the request waits.

Source: decision 29.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, cast

from flask import Response

from app.origin import origin
from app.services.polling import Poll

from .application import ANSWER, Application, context
from .connections import SOCKET

if TYPE_CHECKING:
    from wsgiref.types import StartResponse


class Held(Protocol):
    """A request as a server holds it.

    Attributes:
        environ: of WSGI.
    """

    environ: dict[str, Any]

    def await_turn(self, call: Callable[[], None]) -> None:
        """Let it wait; `call` asks for a thread."""
        ...

    def retry(self) -> bool:
        """Whether it can be answered now; a thread finds out."""
        ...

    def answer(self, start_response: "StartResponse") -> Iterable[bytes]:
        """Answer it, as WSGI."""
        ...

    def hang_up(self) -> None:
        """Its client has gone: it asks for a thread, and ends."""
        ...

    def leave(self) -> None:
        """Release it: it will not be answered."""
        ...


class Holding(Protocol):
    """The socket of a server that can hold requests.

    Attributes:
        may_hold: also this one.
    """

    may_hold: bool

    def hold(self, request: Held) -> NoReturn:
        """Leave the request to the server; its thread does something else."""
        ...


def _holder() -> Holding | None:
    """The socket that can hold the request that is served; None where its thread has to wait."""
    found = context().request.environ.get(SOCKET)
    return cast("Holding", found) if getattr(found, "may_hold", False) else None


def holds_thread() -> bool:
    """Whether the request that is served would wait with its thread."""
    return _holder() is None


def when_over(poll: Poll, answer: Callable[[], Response]) -> Response:
    """Answer the request that is served when a poll is over.

    Args:
        answer: makes the answer, within the context of the request.
    """
    holder = _holder()
    # This does not come back: the server takes the request over by an exception.
    if holder is not None:
        holder.hold(_HeldPoll(poll, answer))
    poll.wait()
    return answer()


class _HeldPoll:
    """A request that waits for the end of its poll, without a context of Flask's."""

    __slots__ = ("_answer", "_application", "_origin", "_poll", "environ")

    def __init__(self, poll: Poll, answer: Callable[[], Response]) -> None:
        here = context()
        self._poll, self._answer = poll, answer
        self._application = cast("Application", here.app)
        self.environ: dict[str, Any] = here.request.environ
        # The thread goes on with another request: what it knows of this one goes along with the
        # poll.
        self._origin = origin.leave()

    def await_turn(self, call: Callable[[], None]) -> None:
        """See `Held`."""
        self._poll.await_turn(call)

    def hang_up(self) -> None:
        """See `Held`."""
        self._poll.hang_up()

    def leave(self) -> None:
        """See `Held`."""
        self._poll.leave()

    def retry(self) -> bool:
        """See `Held`."""
        origin.resume(self._origin)
        is_over = self._poll.retry()
        origin.end()
        return is_over

    def answer(self, start_response: "StartResponse") -> Iterable[bytes]:
        """See `Held`. What was asked of the request before its view is not asked again."""
        origin.resume(self._origin)
        self.environ[ANSWER] = self._answer
        return self._application.resume(self.environ, start_response)
