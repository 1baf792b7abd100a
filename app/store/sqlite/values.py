"""The values of records as SQLite keeps them.

Its driver looks for an adapter of each value that is neither a number nor a text, which takes
longer than to store it.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Boolean, Table

from app.models.base import Timestamp
from app.store.connections.database import milliseconds
from app.store.unit.timestamps import Timestamps

_FORMS: dict[type, str] = {
    Boolean: "(None if (v := r.{name}) is None else +v)",
    Timestamp: "(None if (v := r.{name}) is None else timestamps[v])",
}
_KNOWN = {"timestamps": Timestamps(milliseconds)}  # what the forms name


@lru_cache(maxsize=1_000)
def record_reader(table: Table, columns: tuple[str, ...]) -> Callable[[Any], tuple[object, ...]]:
    """A function that reads those attributes of a record, as `postgresql.values` makes its own."""
    forms = (_FORMS.get(type(table.c[name].type), "r.{name}").format(name=name) for name in columns)
    made = eval(f"lambda r: ({', '.join(forms)},)", _KNOWN)  # of names of columns alone
    return cast("Callable[[Any], tuple[object, ...]]", made)


def filled(records: Sequence[Any], columns: Iterable[str]) -> tuple[str, ...]:
    """Those of some columns that any of the records fills."""
    values = ((name, list(map(attrgetter(name), records))) for name in columns)
    return tuple(name for name, column in values if column.count(None) < len(column))
