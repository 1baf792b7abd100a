"""Classes of driver errors: a conflict to repeat, no database, too large a request, or a fault.

Source: PostgreSQL 15 manual, appendix A "PostgreSQL Error Codes".
"""

import sqlite3

import psycopg
import pytest
import sqlalchemy.exc
from psycopg import errors

from app.errors import RequestTooLargeError, UnavailableError
from app.store.connections.faults import (
    CommitUnknownError,
    NotPrimaryError,
    TransactionConflictError,
    is_read_only,
    is_stale_plan,
    raise_translated,
)

MEANINGS = [
    pytest.param(errors.SerializationFailure, TransactionConflictError, id="serialization"),
    pytest.param(errors.DeadlockDetected, TransactionConflictError, id="deadlock"),
    pytest.param(errors.LockNotAvailable, TransactionConflictError, id="lock"),
    pytest.param(errors.UniqueViolation, TransactionConflictError, id="key"),
    pytest.param(errors.ReadOnlySqlTransaction, NotPrimaryError, id="standby"),
    pytest.param(errors.StatementTooComplex, RequestTooLargeError, id="complex"),
    pytest.param(errors.TooManyColumns, RequestTooLargeError, id="columns"),
    pytest.param(errors.QueryCanceled, UnavailableError, id="timeout"),
    pytest.param(errors.AdminShutdown, UnavailableError, id="shutdown"),
    pytest.param(errors.CannotConnectNow, UnavailableError, id="starting"),
    pytest.param(errors.DiskFull, UnavailableError, id="disk"),
    pytest.param(errors.TooManyConnections, UnavailableError, id="connections"),
    pytest.param(errors.ConnectionFailure, UnavailableError, id="connection"),
    # The connection is gone without a word of the server.
    pytest.param(psycopg.OperationalError, UnavailableError, id="lost"),
    pytest.param(psycopg.InterfaceError, UnavailableError, id="closed"),
    pytest.param(psycopg.DatabaseError, UnavailableError, id="no result"),
]
FAULTS = [
    pytest.param(errors.SyntaxError("x"), id="syntax"),
    pytest.param(errors.UndefinedColumn("x"), id="column"),
    pytest.param(errors.NotNullViolation("x"), id="null"),
    pytest.param(errors.FeatureNotSupported("x"), id="not supported"),
    pytest.param(psycopg.ProgrammingError("x"), id="programming"),
    pytest.param(ValueError("x"), id="value"),
    pytest.param(sqlite3.IntegrityError("UNIQUE constraint failed"), id="sqlite-integrity"),
    pytest.param(sqlite3.OperationalError("no such column: x"), id="sqlite-column"),
]


def wrapped(error):
    """The error as SQLAlchemy hands it on."""
    return sqlalchemy.exc.DBAPIError("SELECT 1", {}, error)


@pytest.mark.parametrize(("kind", "expected"), MEANINGS)
@pytest.mark.parametrize("form", [lambda error: error, wrapped], ids=["plain", "wrapped"])
def test_an_error_of_postgresql_has_a_meaning(kind, expected, form):
    error = form(kind("the words do not matter"))

    with pytest.raises(expected) as raised:
        raise_translated(error)

    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", FAULTS)
def test_a_fault_of_ours_stays_one(error):
    with pytest.raises(type(error)) as raised:
        raise_translated(error)

    assert raised.value is error
    again = wrapped(error)
    with pytest.raises(sqlalchemy.exc.DBAPIError) as raised:
        raise_translated(again)
    assert raised.value is again


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("database is locked", TransactionConflictError),
        ("database table is locked: execution", TransactionConflictError),
        ("database is busy", TransactionConflictError),
        ("database or disk is full", UnavailableError),
        ("disk I/O error", UnavailableError),
        ("attempt to write a readonly database", UnavailableError),
        ("unable to open database file", UnavailableError),
        ("too many SQL variables", RequestTooLargeError),
        ("Expression tree is too large (maximum depth 1000)", RequestTooLargeError),
        ("parser stack overflow", RequestTooLargeError),
    ],
)
@pytest.mark.parametrize("form", [lambda error: error, wrapped], ids=["plain", "wrapped"])
def test_an_error_of_sqlite_is_told_by_its_words(words, expected, form):
    with pytest.raises(expected):
        raise_translated(form(sqlite3.OperationalError(words)))


def test_a_standby_is_a_conflict_too_so_that_the_command_is_repeated():
    assert issubclass(NotPrimaryError, TransactionConflictError)


def test_more_parameters_than_a_message_has_room_for_are_too_large_a_request():
    error = psycopg.OperationalError("number of parameters must be between 0 and 65535")

    with pytest.raises(RequestTooLargeError):
        raise_translated(error)


def test_a_commit_without_an_answer_says_that_nothing_is_known():
    with pytest.raises(UnavailableError, match="whether the command was done is not known"):
        raise_translated(CommitUnknownError())


def test_what_is_ours_already_is_handed_on():
    error = UnavailableError("All connections to the database are in use.")

    with pytest.raises(UnavailableError) as raised:
        raise_translated(error)

    assert raised.value is error


def test_only_a_plan_of_an_altered_table_is_stale():
    assert not is_stale_plan(errors.FeatureNotSupported("cannot do that"))
    assert not is_stale_plan(ValueError())
    assert is_read_only(errors.ReadOnlySqlTransaction())
    assert not is_read_only(errors.SerializationFailure())
