"""What a database's error means for a command: again, later, or not at all."""

import sqlite3
from typing import NoReturn

import sqlalchemy.exc

from app.errors import RequestTooLargeError, UnavailableError

_CONFLICTS = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available
_GONE = ("08", "57P", "53")  # connection, operator intervention, resources
_TOO_LARGE = ("too many", "too large", "parser stack overflow", "Recursion limit")  # on SQLite


class TransactionConflictError(Exception):
    """Another transaction got in the way; nothing was changed, and a repeat may work."""


class CommitUnknownError(Exception):
    """The connection was lost while the transaction was being committed: it may be done or not."""


def raise_meaning_of(error: Exception) -> NoReturn:
    """Raise what a driver's error means; any other error as it is.

    Raises:
        TransactionConflictError: a deadlock, a serialization failure, or SQLite's writer is busy.
        UnavailableError: no connection, a lost one, or no room on the disk.
        RequestTooLargeError: the statement has more parts than the database can take.
    """
    meant = _meaning_of(error)
    if meant is error:
        raise error
    raise meant from error


def _meaning_of(error: Exception) -> Exception:
    if isinstance(error, CommitUnknownError):
        return UnavailableError(
            "The connection to the database was lost in the commit: whether the command was done "
            "is not known."
        )
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        return _meaning(error.orig, error)
    if isinstance(error, sqlite3.OperationalError):
        return _meaning(error, error)
    if getattr(error, "sqlstate", None) is None and not _is_lost(error):
        return error
    return _meaning(error, error)


def _is_lost(error: BaseException) -> bool:
    """Whether the driver says that the connection is gone, with no state to tell by.

    A result that libpq made, because the server sent none, comes as a plain ``DatabaseError``.
    """
    names = [cls.__name__ for cls in type(error).__mro__ if cls.__module__.startswith("psycopg")]
    return names[:1] == ["DatabaseError"] or bool({"OperationalError", "InterfaceError"} & {*names})


def _meaning(error: BaseException | None, otherwise: Exception) -> Exception:
    state = getattr(error, "sqlstate", None)
    text = str(error)
    if state in _CONFLICTS:
        return TransactionConflictError(text)
    if (state or "").startswith("54") or "number of parameters must be" in text:
        return RequestTooLargeError()
    if isinstance(error, sqlite3.OperationalError):
        if any(words in text for words in _TOO_LARGE):
            return RequestTooLargeError()
        if "locked" in text or "busy" in text:
            return TransactionConflictError(text)
        if "full" in text or "I/O" in text or "readonly" in text or "unable to open" in text:
            return UnavailableError(f"The database cannot be written: {text}.")
        return otherwise
    if (state is not None and state.startswith(_GONE)) or (
        error is not None and state is None and _is_lost(error)
    ):
        return UnavailableError("The database cannot be reached; nothing is known to be changed.")
    return otherwise
