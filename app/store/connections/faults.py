"""Translates errors of the two drivers: a conflict to repeat, no database, too large a request."""

import sqlite3
from typing import NoReturn

import sqlalchemy.exc

from app.errors import RequestTooLargeError, UnavailableError

# serialization failure, deadlock, lock not available; a key that another transaction took first,
# which the repeat of the command finds and refuses in its own words
_DEADLOCK = "40P01"
_CONFLICTS = {"40001", _DEADLOCK, "55P03", "23505"}
_NOT_SUPPORTED = "0A000"
_READ_ONLY = "25006"
_GONE = ("08", "57P", "53")  # connection, operator intervention, resources
_TOO_LARGE = ("too many", "too large", "parser stack overflow", "Recursion limit")  # on SQLite


class TransactionConflictError(Exception):
    """Another transaction got in the way; nothing was changed, and a repeat may work."""


class NotPrimaryError(TransactionConflictError):
    """The server takes no writes: it is a standby, or another has taken its place."""


class CommitUnknownError(Exception):
    """The connection was lost while the transaction was being committed: it may be done or not."""


def raise_translated(error: Exception) -> NoReturn:
    """Raise the error of ours that a driver's error stands for; any other error as it is.

    Raises:
        NotPrimaryError: the server takes no writes.
        TransactionConflictError: a deadlock, a serialization failure, or SQLite's writer is busy.
        UnavailableError: no connection, a lost one, or no room on the disk.
        RequestTooLargeError: the statement has more parts than the database can take.
    """
    translated = _translated(error)
    if translated is error:
        raise error
    raise translated from error


def _translated(error: Exception) -> Exception:
    if isinstance(error, CommitUnknownError):
        return UnavailableError(
            "The connection to the database was lost in the commit: whether the command was done "
            "is not known."
        )
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        return _translated_driver_error(error.orig, error)
    if isinstance(error, sqlite3.OperationalError):
        return _translated_driver_error(error, error)
    if getattr(error, "sqlstate", None) is None and not _is_lost(error):
        return error
    return _translated_driver_error(error, error)


def is_stale_plan(error: BaseException) -> bool:
    """Whether a prepared statement is of a table that has been altered since.

    Source: PostgreSQL ``RevalidateCachedQuery``; the words of its message depend on the locale.
    """
    if getattr(error, "sqlstate", None) != _NOT_SUPPORTED:
        return False
    where = getattr(error, "diag", None)
    return getattr(where, "source_function", None) == "RevalidateCachedQuery"


def is_deadlock(error: BaseException | None) -> bool:
    """Whether the server has undone a transaction because two waited for each other."""
    return getattr(error, "sqlstate", None) == _DEADLOCK


def is_read_only(error: BaseException) -> bool:
    """Whether the server has refused a write because it is no primary."""
    return getattr(error, "sqlstate", None) == _READ_ONLY


def _is_lost(error: BaseException) -> bool:
    """Whether the driver says that the connection is gone, with no state to tell by.

    A result that libpq made, because the server sent none, comes as a plain ``DatabaseError``.
    """
    names = [cls.__name__ for cls in type(error).__mro__ if cls.__module__.startswith("psycopg")]
    return names[:1] == ["DatabaseError"] or bool({"OperationalError", "InterfaceError"} & {*names})


def _translated_driver_error(error: BaseException | None, otherwise: Exception) -> Exception:
    state = getattr(error, "sqlstate", None)
    text = str(error)
    if state in _CONFLICTS or (error is not None and is_stale_plan(error)):
        return TransactionConflictError(text)
    if state == _READ_ONLY:
        return NotPrimaryError(text)
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
    if state == "57014":  # query_canceled
        return UnavailableError("The database did not answer in time; nothing was changed.")
    if (state is not None and state.startswith(_GONE)) or (
        error is not None and state is None and _is_lost(error)
    ):
        return UnavailableError("The database cannot be reached; nothing is known to be changed.")
    return otherwise
