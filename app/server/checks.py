"""Faults that can be found before anything is started or migrated: one line each."""

import errno
import os
import socket

from app.store.connections.database import file_of
from config import Config

_HEAD = b"SQLite format 3\x00"


def fault(config: Config) -> str | None:
    """The fault of the address or of a database's file; None when there is none."""
    # The address first: it is what is wrong most often, as when the server runs already.
    found = _fault_of_address(config.host, config.port) or _fault_of_file(config.database_url)
    for each in () if found else config.engines:
        if (fault := _fault_of_file(each.database_url)) is not None:
            return f"BATON_ENGINES: {each.engine}: {fault}"
    return found


def _fault_of_address(host: str, port: int) -> str | None:
    """Whether the address cannot be listened at, and why."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        return f"HOST {host} is no address: {error.strerror}"
    # Tried and given back; gunicorn would try for five seconds, and after the migration.
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"PORT {port} of {host} is in use"
            if error.errno == errno.EADDRNOTAVAIL:
                return f"HOST {host} is no address of this machine"
            return f"HOST {host} and PORT {port} cannot be listened at: {error.strerror}"
    return None


def _fault_of_file(url: str) -> str | None:
    """Whether a file is none of SQLite's, or cannot be written."""
    path = file_of(url)
    if path is None:
        return None
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"DATABASE_URL names a file in {folder}, which is no folder"
    if not os.path.exists(path):
        is_writable = os.access(folder, os.W_OK)
        return None if is_writable else f"DATABASE_URL names a file in {folder}, which is read-only"
    try:
        with open(path, "rb") as file:
            head = file.read(len(_HEAD))
    except OSError as error:
        return f"DATABASE_URL names {path}, which cannot be read: {error.strerror}"
    # An empty file is a database of SQLite, in which nothing is yet.
    if head and head != _HEAD:
        return f"DATABASE_URL names {path}, which is no database of SQLite"
    if not os.access(path, os.W_OK):
        return f"DATABASE_URL names {path}, which is read-only"
    return None
