"""Every statement of the store finds its rows by an index on SQLite; none reads a table that grows.

What the planner takes is asked with each combination of the parameters that may be left out.
"""

import re

from app.store import Store
from tests.store.every_statement import FEW, LISTS, WHOLE, statements

ELSEWHERE = {"app.store.commands.advisory_locks: _HOLD_NAME"}  # PostgreSQL's own


def test_no_statement_reads_a_table_that_grows(sqlite_url):
    store = Store(sqlite_url)
    wrong, seen = set(), 0
    with store.reading() as reading:
        driver = reading.connection.driver_connection
        named = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = {row[0] for row in driver.execute(named)} - FEW
        for where, statement in statements():
            if where in ELSEWHERE:
                continue
            text, order = statement.text(store.dialect)
            values = ["[]" if name in LISTS else None for name in order]
            steps = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {text}", values)]
            scanned = {m[1] for m in map(re.compile(r"SCAN (\w+)").match, steps) if m}
            # Every instance may have a variable of that name: as good as all of them.
            scanned |= {"variable" for step in steps if "ix_variable_name" in step}
            seen += 1
            if scanned & tables and where not in WHOLE:
                wrong.add((where, *scanned & tables))
    store.close()

    assert wrong == set()
    assert seen > 200
