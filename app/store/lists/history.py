"""What the lists of the history have in common.

The removal time is the root instance's, unless the row's instance was given its own.

Source: contract 4.8.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import FromClause, case, select, true
from sqlalchemy.sql import ColumnElement

from app.engine.history.history import CREATED, DELETED, FAILED, SUCCESSFUL
from app.filters import FLAG
from app.models.history import historic_process_instance

from .base import Condition, Filter, Filters
from .conditions import Meaning

_instance = historic_process_instance.alias("instance")
_holder = historic_process_instance.alias("holder")
_owner = historic_process_instance.alias("owner")
# a plain column: the driver of SQLite converts by the declared type, which no expression has
removal = _holder.c.removal_time.label("removal_time")


def _is_holder(table: FromClause, instance: FromClause) -> ColumnElement[bool]:
    own = (instance.c.has_own_removal_time, instance.c.id)
    found: ColumnElement[bool] = _holder.c.id == case(own, else_=table.c.root_process_instance_id)
    return found


def with_root(table: FromClause) -> FromClause:
    """A table of rows that belong to instances, with `removal`."""
    own = table.outerjoin(_instance, _instance.c.id == table.c.process_instance_id)
    return own.outerjoin(_holder, _is_holder(table, _instance))


def instances_with_root() -> FromClause:
    """The table of instances, with `removal`."""
    table = historic_process_instance
    return table.outerjoin(_holder, _is_holder(table, table))


def of_instance(row: Any, column: str) -> Meaning:
    """What the row's instance says, by whose id the rows are found."""
    return lambda value: row.process_instance_id.in_(
        select(_owner.c.id).where(_owner.c[column] == value)
    )


_STATES = {
    "creation_log": CREATED,
    "failure_log": FAILED,
    "success_log": SUCCESSFUL,
    "deletion_log": DELETED,
}


def last_state(state: ColumnElement[int]) -> dict[str, Filter]:
    """Filters by the state of a log's entries; of several that are given the last one decides."""
    return {name: Filter(FLAG, joint=_is_in_state(state, name)) for name in _STATES}


def _is_in_state(state: ColumnElement[int], name: str) -> Callable[[Any, Filters], Condition]:
    names = list(_STATES)
    later = names[names.index(name) + 1 :]

    def condition(_: Any, filters: Filters) -> Condition:
        if any(filters.get(other) for other in later):
            return true()
        return state == _STATES[name]

    return condition
