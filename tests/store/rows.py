"""Rows that tests write straight into the tables, so that a world has exactly the states it needs.

A process that is driven to a state leaves rows in twenty tables; a list reads two or three of them.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Boolean, Integer, LargeBinary, delete, select

from app.models.base import Timestamp

FIRST_DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO, FAR_AWAY = datetime(2001, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


def day(number, **more):
    """Noon of a day in a small calendar; the days before the first have numbers below 1."""
    return FIRST_DAY + timedelta(days=number - 1, **more)


def _filler(column):
    """A value for a column that must not be null, where a test gives none."""
    if isinstance(column.type, Timestamp):
        return FIRST_DAY
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):  # of any length
        return 0
    return b"" if isinstance(column.type, LargeBinary) else "any"


class Rows:
    """Rows to be written in one transaction, and removed in another."""

    def __init__(self):
        self._by_table = defaultdict(list)

    def add(self, table, row_id, **values):
        """Note a row; an unknown column is a mistake of the test."""
        assert values.keys() <= set(table.c.keys()), values.keys() - set(table.c.keys())
        row = {c.name: None if c.nullable else _filler(c) for c in table.c}
        self._by_table[table].append({**row, "id": row_id, **values})

    def add_all(self, table, rows, **common):
        """Note rows by their ids, with what all of them have."""
        for row_id, values in rows.items():
            self.add(table, row_id, **{**common, **values})

    def of(self, table):
        """The rows of a table so far, to be completed; `clear` empties the table."""
        return self._by_table[table]

    def write(self, engine):
        with engine.begin() as connection:
            for table, rows in self._by_table.items():
                if rows:
                    connection.execute(table.insert(), rows)

    def remove(self, engine):
        with engine.begin() as connection:
            for table, rows in self._by_table.items():
                # By their ids: what the migrations have written stays.
                ids = [row["id"] for row in rows]
                connection.execute(delete(table).where(table.c.id.in_(ids)))

    def clear(self, engine):
        """Empty the tables that rows were written to."""
        with engine.begin() as connection:
            for table in self._by_table:
                connection.execute(delete(table))


def column(store, table, name):
    """The values of a column, by the ids of the rows."""
    with store.reading() as connection:
        found = connection.execute(select(table.c.id, table.c[name]))
        return dict(found.all())
