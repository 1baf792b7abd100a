"""The common parts of the lists of the history.

The removal time is the root instance's, unless the row's instance was given its own.

Source: contract 4.8.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import FromClause, Integer, and_, case, func, literal_column, or_, select, true
from sqlalchemy.sql import ColumnElement

from app.engine.history.history import CREATED, DELETED, FAILED, SUCCESSFUL
from app.filters import FLAG
from app.models.history import historic_process_instance
from app.store.unit.narrowing import IN_INSTANCE

from .base import Condition, Filter, Filters
from .conditions import Meaning

_instance = historic_process_instance.alias("instance")
_holder = historic_process_instance.alias("holder")
_owner = historic_process_instance.alias("owner")
# a plain column: the driver of SQLite converts by the declared type, which no expression has
removal = _holder.c.removal_time.label("removal_time")


def _is_holder(
    table: FromClause, instance: FromClause, *, is_narrow: bool = False
) -> ColumnElement[bool]:
    own = (instance.c.has_own_removal_time, instance.c.id)
    root: ColumnElement[Any] = table.c.root_process_instance_id
    if is_narrow:
        # Written only where it differs from the instance's, see `unit.narrowing`.
        root = func.coalesce(root, instance.c.root_process_instance_id)
    # One join by key, to the instance itself or to its root.
    found: ColumnElement[bool] = _holder.c.id == case(own, else_=root)
    return found


def with_root(table: FromClause, *, is_narrow: bool = False) -> FromClause:
    """A table of rows that belong to instances, with `removal`.

    Args:
        is_narrow: its rows leave out a root that their instance names.
    """
    own = table.outerjoin(_instance, _instance.c.id == table.c.process_instance_id)
    return own.outerjoin(_holder, _is_holder(table, _instance, is_narrow=is_narrow))


def from_instance(row: Any, *places: str) -> dict[str, ColumnElement[Any]]:
    """The columns that the rows of `with_root` leave out, read at their instance.

    Args:
        places: columns that say by an empty text that they mean the instance.
    """
    found: dict[str, ColumnElement[Any]] = {
        name: func.coalesce(row[name], _instance.c[name]).label(name)
        for name in (
            "process_definition_id",
            "process_definition_key",
            "root_process_instance_id",
        )
    }
    found["execution_id"] = func.coalesce(row.execution_id, row.process_instance_id).label(
        "execution_id"
    )
    for name in places:
        in_instance = (row[name] == IN_INSTANCE, row.process_instance_id)
        found[name] = case(in_instance, else_=row[name]).label(name)
    return found


def in_executions(row: Any, values: Sequence[Any]) -> Condition:
    """That rows are of some executions; those of an instance's own do not name it."""
    of_instance = and_(row.process_instance_id.in_(values), row.execution_id.is_(None))
    return or_(row.execution_id.in_(values), of_instance)


def at_places(row: Any, name: str, values: Sequence[Any]) -> Condition:
    """That rows are at some activity instances, of which an instance may be one."""
    in_instance = and_(row.process_instance_id.in_(values), row[name] == IN_INSTANCE)
    # The mark is ours: a client who sends it must find nothing by it.
    return or_(row[name].in_([value for value in values if value != IN_INSTANCE]), in_instance)


def instances_with_root() -> FromClause:
    """The table of instances, with `removal`."""
    table = historic_process_instance
    return table.outerjoin(_holder, _is_holder(table, table))


def of_instance(row: Any, column: str) -> Meaning:
    """The condition on a column of the row's instance, by whose id the rows are found."""
    # Rows leave out what their instance says, so they are found through it: by
    # ix_hi_process_instance_definition or ix_hi_process_instance_definition_key.
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
        # As the condition of ix_hi_external_task_log_created has it.
        return state == literal_column(str(_STATES[name]), Integer)

    return condition
