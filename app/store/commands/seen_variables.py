"""The variables that fetched tasks see.

Source: semantics 3.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, bindparam, literal, select, true

from app.engine.execution.variables import value_of
from app.engine.state import ExternalTask, Variable
from app.engine.state.values import TypedValue
from app.models.runtime import execution, variable
from app.store.connections.dialects import Among, Given, Variants
from app.store.unit.reads import named_variables

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction


def _variables(given: Given, *, local: bool, is_postgresql: bool = False) -> Select[Any]:
    """The variables of some executions and of those above them, with how far up each is."""
    own = select(execution.c.id.label("start"), execution.c.id, execution.c.parent_id).where(
        Among(execution.c.id, bindparam("ids"))
    )
    # By the tree and not by the instance: an instance may have thousands of scopes next to this
    # one.
    chain = own.add_columns(literal(0).label("depth")).cte("chain", recursive=not local)
    if not local:
        above = execution.alias("above")
        chain = chain.union_all(
            select(chain.c.start, above.c.id, above.c.parent_id, chain.c.depth + 1).where(
                above.c.id == chain.c.parent_id
            )
        )
    # The planner would read all variables of a scope to find a few; see `named_variables`.
    if is_postgresql and "names" in given:
        one = named_variables(chain.c.id, bindparam("names"))
        return select(chain.c.start, chain.c.depth, *one.c).select_from(chain.join(one, true()))
    seen = variable.c.execution_id == chain.c.id
    columns = select(chain.c.start, chain.c.depth, *variable.c)
    if "names" in given:
        # SQLite would begin with the variables of these names in all instances; by an outer join it
        # begins with the scopes, and one without any of the names is a row without a variable.
        named = and_(seen, Among(variable.c.name, bindparam("names")))
        return columns.select_from(chain.outerjoin(variable, named))
    return columns.select_from(chain.join(variable, seen))


# By both columns of ix_variable_execution.
_OWN_VARIABLES = Variants(
    partial(_variables, local=True), postgresql=partial(_variables, local=True, is_postgresql=True)
)
# The scopes upwards by primary keys, then by both columns of ix_variable_execution.
_VISIBLE_VARIABLES = Variants(
    partial(_variables, local=False),
    postgresql=partial(_variables, local=False, is_postgresql=True),
)


def seen_by(
    tx: "Transaction", found: Iterable[tuple[ExternalTask, bool, Sequence[str] | None]]
) -> dict[str, dict[str, TypedValue]]:
    """The variables that each task sees, with one statement for each selection of names.

    Args:
        found: each task, whether only its own scope matters, and the names; None for all.

    Returns:
        the values by name, by the ids of the tasks; inner names hide outer ones.
    """
    # Topics with equal wishes share a statement: usually there is one for the whole fetch.
    wishes: dict[tuple[bool, tuple[str, ...] | None], list[ExternalTask]] = {}
    for record, is_local, wanted in found:
        names = None if wanted is None else tuple(wanted)
        # An empty list asks for no variables, where None asks for all.
        if names != ():
            wishes.setdefault((is_local, names), []).append(record)
    seen: dict[str, dict[str, TypedValue]] = {}
    for (is_local, names), records in wishes.items():
        rows = tx.sql.rows_given(
            _OWN_VARIABLES if is_local else _VISIBLE_VARIABLES,
            ids=tx.sql.listed(r.execution_id for r in records),
            names=None if names is None else tx.sql.listed(names),
        )
        by_execution = {r.execution_id: r.id for r in records}
        # outermost first, so that a variable of an inner scope takes the place of an outer one
        for start, _, *values in sorted(rows, key=lambda row: -row[1]):
            if values[0] is None:
                continue
            stored = Variable(*values)
            if stored.task_id is None:  # those of a user task stand at the execution as well
                seen.setdefault(by_execution[start], {})[stored.name] = value_of(stored)
    return seen
