"""Whether the client of a request is still there."""

import socket
from typing import cast

from flask import request


def is_connected() -> bool:
    """Whether the client's socket is open; True where the server does not hand it out."""
    found = cast("socket.socket | None", request.environ.get("gunicorn.socket"))
    if found is None:
        return True
    try:
        return found.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
