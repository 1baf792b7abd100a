"""Every statement of the store finds its rows by an index on PostgreSQL.

The plans are those of prepared statements in sessions like the store's, which read a table from its
beginning to its end only by an index that has no condition.
"""

import re

import psycopg
import pytest

from tests.store.every_statement import FEW, WHOLE, statements
from tests.store.plans import OPTIONS

SCANS = re.compile(r"(Seq Scan|Index Scan|Index Only Scan|Bitmap Heap Scan).* on (\w+)")
CONDITIONS = ("Index Cond", "Recheck Cond")


def read_whole(plan):
    """The tables that a plan reads from the beginning to the end."""
    found = set()
    for number, line in enumerate(plan):
        scan = SCANS.search(line)
        if scan is None:
            continue
        depth = len(line) - len(line.lstrip(" ->"))
        below = []
        for following in plan[number + 1 :]:
            if "->" in following and len(following) - len(following.lstrip(" ->")) <= depth:
                break
            below.append(following)
        # The conditions of the scan itself stand in front of what is below it.
        own = below[: next((n for n, text in enumerate(below) if "->" in text), len(below))]
        if not any(word in text for text in own for word in CONDITIONS):
            found.add(scan[2])
    return found


@pytest.mark.parametrize(
    ("query", "whole"),
    [
        ("SELECT * FROM job WHERE kind = 'x' ORDER BY id", {"job"}),
        ("SELECT * FROM job WHERE id = 'x'", set()),
        ("SELECT * FROM execution e JOIN job j ON j.execution_id = e.id", {"job"}),
        ("DELETE FROM variable WHERE name > 'x' OR type = 'y'", {"variable"}),
    ],
)
def test_a_table_that_is_read_whole_is_seen(pg_store, query, whole):
    with psycopg.connect(pg_store.database_url, options=OPTIONS, autocommit=True) as connection:
        plan = connection.execute(f"EXPLAIN {query}".encode()).fetchall()

    assert read_whole([row[0] for row in plan]) == whole


def test_no_statement_reads_a_table_that_grows(pg_store):
    wrong, seen = set(), 0
    with psycopg.connect(pg_store.database_url, options=OPTIONS, autocommit=True) as connection:
        named = "SELECT relname FROM pg_class WHERE relkind = 'r'"
        tables = {row[0] for row in connection.execute(named)} - FEW
        for number, (where, statement) in enumerate(statements()):
            text, order = statement.text(pg_store.dialect)
            connection.execute(f"PREPARE s{number} AS {text}".encode())
            values = f"({', '.join(['NULL'] * len(order))})" if order else ""
            plan = connection.execute(f"EXPLAIN EXECUTE s{number}{values}".encode()).fetchall()
            whole = read_whole([row[0] for row in plan]) & tables
            seen += 1
            if whole and where not in WHOLE:
                wrong.add((where, *sorted(whole)))

    assert wrong == set()
    assert seen > 200
