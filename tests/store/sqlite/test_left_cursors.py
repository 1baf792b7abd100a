"""A connection that is given back: nothing of its last transaction reaches into the next."""

import sqlite3

import pytest
from sqlalchemy import literal_column, select

from app.engine.state import Receipt
from app.store.connections.dialects import Compiled

pytestmark = pytest.mark.no_database
ONE = Compiled(lambda: select(literal_column("1")))


class Lingering(str):
    """A text of a row; while it is bound, something that was held until then is let go."""


def adapted(text):
    text.let_go()
    return str(text)


sqlite3.register_adapter(Lingering, adapted)


def write(store, key):
    """Write a row, as a deployment writes its definition: by the last statement before the end."""
    with store.transaction() as tx:
        tx.records.add(Receipt(key, "fingerprint", tx.now))
    return tx


def test_a_transaction_that_another_thread_still_holds_resets_no_statement_of_the_next(store):
    held = [write(store, "first")]
    during = Lingering("second")
    during.let_go = held.clear

    write(store, during)
    write(store, "third")

    assert held == []
    with store.reading() as connection:
        found = connection.exec_driver_sql("SELECT id FROM receipt ORDER BY id").scalars().all()
    assert found == ["first", "second", "third"]
    assert store.pool.idle == 1  # which all three had, one after the other


def test_a_cursor_is_closed_with_the_end_of_its_transaction(store):
    with store.transaction() as tx:
        ended = tx.sql
    with store.snapshot() as snapshot:
        seen = snapshot.sql

    for sql in (ended, seen):
        with pytest.raises(sqlite3.ProgrammingError, match="closed cursor"):
            sql.rows(ONE)
