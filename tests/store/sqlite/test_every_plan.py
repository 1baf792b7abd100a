"""Every statement of the store finds its rows by an index on SQLite; none reads a table that grows.

What the planner takes is asked with each combination of the parameters that may be left out.
"""

import importlib
import pkgutil
import re
from itertools import chain

import app.store.commands
import app.store.unit
from app.store import Store
from app.store.commands import external_tasks
from app.store.connections.dialects import Compiled, Variants

# Only after a round of the job executor that has failed, and when a process ends.
WHOLE = {"app.store.commands.jobs: _RELEASE_JOBS_OF_OWNER"}
ELSEWHERE = {"app.store.commands.advisory_locks: _HOLD_NAME"}  # PostgreSQL's own
FEW = {"process_definition", "deployment", "metadata", "property"}  # grow with what is deployed
LISTS = {"ids", "keys", "names", "groups", "definitions", "topics"}


class Asked(frozenset):
    """The given parameters of a statement; notes which ones its building asks for."""

    def __init__(self, _names=()):
        self.names = set()

    def __contains__(self, name):
        self.names.add(name)
        return super().__contains__(name)


def variants_of(statement):
    """The statement with each combination of its parameters."""
    done, left = set(), [frozenset()]
    while left:
        given = left.pop()
        if given not in done:
            done.add(given)
            asked = Asked(given)
            statement._build(asked)
            left += [given | {name} for name in asked.names]
            yield statement.given(given)


def found_in(value):
    """The compiled statements that a constant of a module holds."""
    if isinstance(value, Compiled):
        yield value
    elif isinstance(value, Variants):
        yield from variants_of(value)
    elif isinstance(value, dict | list | tuple):
        parts = value.values() if isinstance(value, dict) else value
        yield from chain.from_iterable(map(found_in, parts))


def statements():
    """Every statement with the module and the name of its constant."""
    for room in (app.store.commands, app.store.unit):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            for name, value in vars(importlib.import_module(module.name)).items():
                if name.isupper():
                    yield from ((f"{module.name}: {name}", one) for one in found_in(value))
    for by_priority, newest_first in ((True, False), (False, False), (False, True)):
        for shape in (((),), ((), ())):
            claim = external_tasks._claim(shape, by_priority, newest_first)
            yield f"a fetch of {len(shape)}", claim


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
