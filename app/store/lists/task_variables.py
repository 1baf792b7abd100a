"""The variables of user tasks, for answers that hold them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Integer, Select, literal, select

from app.models.runtime import execution, task, variable

from .variables import from_instance, instance_of_variable, is_of_instance

View = Mapping[str, Any]
_from_instance = from_instance(variable.c)


def of_tasks(
    connection: Connection, task_ids: Sequence[str], *, is_local: bool
) -> dict[str, dict[str, View]]:
    """For each task its variables by name.

    Args:
        is_local: the task's own alone; else all that it sees, of which inner ones hide outer ones.
    """
    found: dict[str, dict[str, View]] = defaultdict(dict)
    for row in connection.execute(seen_by(task_ids, is_local=is_local)).mappings():
        found[row["seen_by"]][row["name"]] = dict(row)
    return found


def seen_by(task_ids: Sequence[str], *, is_local: bool) -> Select[Any]:
    """The variables that tasks have, or see: those of the outermost scope first."""
    own = select(
        task.c.id.label("task_id"),
        task.c.id.label("scope_id"),
        task.c.execution_id.label("outer_id"),
        literal(0, Integer).label("distance"),
    ).where(task.c.id.in_(task_ids))
    scopes: Any = own.subquery("scopes")
    if not is_local:
        # Up the tree of executions, however deep: the depth is not known to a join.
        scopes = own.cte("scopes", recursive=True)
        outer = execution.alias("outer_scope")
        scopes = scopes.union_all(
            select(scopes.c.task_id, outer.c.id, outer.c.parent_id, scopes.c.distance + 1).where(
                outer.c.id == scopes.c.outer_id
            )
        )
    # By ix_variable_execution.
    return (
        select(
            scopes.c.task_id.label("seen_by"), *(_from_instance.get(c.name, c) for c in variable.c)
        )
        .join(variable, variable.c.execution_id == scopes.c.scope_id)
        .outerjoin(instance_of_variable, is_of_instance(variable.c))
        # Outermost first: a caller who puts them into a dictionary is left with the inner ones.
        .order_by(scopes.c.distance.desc())
    )
