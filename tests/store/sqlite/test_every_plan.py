"""Every statement of the store finds its rows by an index on SQLite; none reads a table that grows.

What the planner takes is asked with each combination of the parameters that may be left out.
"""

from app.store import Store
from tests.store.every_statement import FEW, LISTS, WHOLE, statements

from .plans import scanned, steps_of

ELSEWHERE = {"app.store.commands.advisory_locks: _HOLD_NAME"}  # PostgreSQL's own


def test_no_statement_reads_a_table_that_grows(sqlite_url):
    store = Store(sqlite_url)
    wrong, seen = set(), 0
    with store.reading() as reading:
        driver = reading.connection.driver_connection
        for where, statement in statements():
            if where in ELSEWHERE:
                continue
            text, order = statement.text(store.dialect)
            values = ["[]" if name in LISTS else None for name in order]
            steps = steps_of(driver, text, values)
            whole = scanned(driver, steps) - FEW
            # Every instance may have a variable of that name: as good as all of them.
            whole |= {"variable" for step in steps if "ix_variable_name" in step}
            seen += 1
            if whole and where not in WHOLE:
                wrong.add((where, *sorted(whole)))
    store.close()

    assert wrong == set()
    assert seen > 200
