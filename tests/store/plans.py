"""How the database carries a hot statement out: prepared, with one plan for all values.

An ``EXPLAIN`` of a statement with its values is planned for those values, and may take an index
that the plan of the prepared statement cannot take.
"""

import re

import psycopg
from psycopg import sql

from app.store.connections.database import SESSION

OPTIONS = " ".join(f"-c {name}={value}" for name, value in SESSION.items())


class Prepared:
    """A statement that is prepared in a session like those of the store."""

    def __init__(self, connection, name, statement, dialect, parameters):
        text, values = statement.bound(dialect, parameters)
        self._cursor = psycopg.ClientCursor(connection)
        self._cursor.execute(f"PREPARE {name} AS {text}".encode())
        arguments = sql.SQL(", ").join(map(sql.Literal, values))
        call = sql.SQL("({})").format(arguments) if values else sql.SQL("")
        self._call = sql.SQL("EXECUTE {}{}").format(sql.Identifier(name), call)

    def run(self):
        """Carry it out; its plan is made at the first time and kept."""
        self._cursor.execute(self._call)

    def plan(self):
        """The plan as text, with what was really read."""
        self._cursor.execute(sql.SQL("EXPLAIN (ANALYZE, BUFFERS) ") + self._call)
        return "\n".join(row[0] for row in self._cursor.fetchall())


def pages(plan):
    """How many pages a statement has touched; those of its planning do not count."""
    carried_out = plan.partition("\nPlanning:")[0].splitlines()
    for line in carried_out:
        if counts := re.search(r"Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?", line):
            return sum(int(count or 0) for count in counts.groups())
    return 0
