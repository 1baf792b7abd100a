"""SQLite's plans of statements."""

import re

from sqlalchemy import event

NAMED = "SELECT name FROM sqlite_master WHERE type = 'table'"


def sent_by(store, read):
    """The queries that a read sends, with their parameters."""
    found = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.lstrip().startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    return found


def steps_of(driver, statement, values):
    """The steps of a statement's plan."""
    return [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


def scanned(driver, steps):
    """The tables that the steps of a plan look at from one end to the other."""
    tables = {row[0] for row in driver.execute(NAMED)}
    return tables & {found[1] for step in steps if (found := re.match(r"SCAN (\w+)", step))}
