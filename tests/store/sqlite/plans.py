"""SQLite's plans of statements."""

import re

NAMED = "SELECT name FROM sqlite_master WHERE type = 'table'"


def steps_of(driver, statement, values):
    """The steps of a statement's plan."""
    return [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


def scanned(driver, steps):
    """The tables that the steps of a plan look at from one end to the other."""
    tables = {row[0] for row in driver.execute(NAMED)}
    return tables & {found[1] for step in steps if (found := re.match(r"SCAN (\w+)", step))}
