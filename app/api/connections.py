"""The client of a request: whether it is still there, and whether it got its answer."""

import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

from flask import Request, Response

SOCKET = "gunicorn.socket"  # in the environment of a request


def client_of(request: Request) -> Callable[[], bool]:
    """Tells whether the socket of a request's client is open, also when the request has to wait.

    It always is where the server does not hand it out.
    """
    found = cast("socket.socket | None", request.environ.get(SOCKET))
    return partial(_is_open, found)


def _is_open(found: socket.socket | None) -> bool:
    # Other servers do not show their sockets: a client that hangs up is found out when it is
    # answered.
    if found is None:
        return True
    try:
        # A byte that is there is the next request of a client that does not wait; an end is no
        # byte.
        return found.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    # Reset by the client, or closed by the server.
    except OSError:
        return False


def undo_if_unwritten(response: Response, undo: Callable[[], None]) -> Response:
    """Undo a command when the server cannot write its answer.

    A server asks for the next part once it has written one, and closes the answer at once when
    it has failed to (PEP 3333).
    """
    body = response.get_data()

    def parts() -> Iterator[bytes]:
        is_written = False
        try:
            yield body
            is_written = True
        # Also when the server closes the answer: a generator that was never begun would not come
        # here, but the first part is asked for before anything is written.
        finally:
            if not is_written:
                undo()

    response.response = parts()
    # Of a generator nobody knows it, and the answer would go in chunks.
    response.content_length = len(body)
    return response
