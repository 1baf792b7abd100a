"""Where this process listens, whatever has opened the sockets: our settings or others."""

import contextlib
import os
import socket
from collections.abc import Iterable
from pathlib import Path

from config import ConfigError, is_loopback

_FILES = Path("/proc/self/fd")


def addresses() -> list[str]:
    """The hosts of the sockets that this process listens on; none where that cannot be told."""
    found = []
    # By the open files, because another server than ours (`flask run`, uWSGI) does not say where it
    # listens.
    for name in os.listdir(_FILES) if _FILES.is_dir() else ():
        with (  # no socket, or closed by now
            contextlib.suppress(OSError, ValueError),
            socket.socket(fileno=os.dup(int(name))) as sock,
        ):
            listens = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if listens and sock.family in (socket.AF_INET, socket.AF_INET6):
                found.append(str(sock.getsockname()[0]))
    return found


def require_near(hosts: Iterable[str]) -> None:
    """Refuse to serve other machines while no setting says whether they need credentials.

    Raises:
        ConfigError: one of the hosts can be reached by them.
    """
    for host in hosts:
        if not is_loopback(host):
            raise ConfigError(
                f"this server listens on {host}, which other machines reach: set BATON_AUTH to "
                "basic or bearer, or to none if everybody may do everything"
            )
