"""Every statement of the store's commands and loading, with each combination of its parameters."""

import importlib
import pkgutil
from itertools import chain

import app.store.commands
import app.store.unit
from app.store.commands import external_tasks
from app.store.connections.dialects import Compiled, Variants

WHOLE = {
    # Only where the job executor was not answered whether it has acquired jobs.
    "app.store.commands.jobs: _RELEASE_JOBS_OF_OWNER",
    "app.store.commands.metrics: _FORGET_TASK_WORKERS",  # all of them, where no date is given
    "app.store.commands.reset: _EMPTY_TABLES",  # of an engine for tests
}
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
