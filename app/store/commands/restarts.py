"""The data that a restart takes over from the history of an ended instance.

Source: contract 10.3; Camunda 7 ``RestartProcessInstancesCmd``.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import FromClause, Text, and_, bindparam, func, select, true, union_all

from app.engine.state.values import TypedValue, from_columns
from app.models.history import (
    historic_detail,
    historic_process_instance,
)
from app.store.connections.dialects import Among, Compiled
from app.store.lists.past_variables import PAST_VARIABLES, is_past

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

h, v, d = historic_process_instance.c, PAST_VARIABLES.c, historic_detail.c
_ID = bindparam("id", type_=Text)
_VALUE = ("text_value", "long_value", "double_value", "bytes_value", "value_info")


class Ended(NamedTuple):
    """An instance as its history knows it; one that still runs has no end."""

    id: str
    process_definition_id: str
    end_time: datetime | None
    business_key: str | None
    case_instance_id: str | None


# By the primary key.
_PAST_INSTANCES = Compiled(
    lambda: select(
        h.id, h.process_definition_id, h.end_time, h.business_key, h.case_instance_id
    ).where(Among(h.id, bindparam("ids")))
)


def instances(tx: "Transaction", instance_ids: Iterable[str]) -> dict[str, Ended]:
    """The instances that the history knows of some, by id; the end of one is for good."""
    rows = tx.sql.rows(_PAST_INSTANCES, ids=tx.sql.listed(instance_ids))
    return {row[0]: Ended(*row) for row in rows}


def _values(table: FromClause) -> list[Any]:
    return [table.c[name] for name in _VALUE]


def _own(row: Any) -> Any:
    """That rows are of an instance's own execution, which mostly do not name it."""
    # The column is left NULL where it equals the instance's id: the history stores that once.
    return and_(row.process_instance_id == _ID, func.coalesce(row.execution_id, _ID) == _ID)


def _last() -> Any:
    return (
        select(v.name, v.type, *_values(PAST_VARIABLES))
        .where(_own(v), is_past, v.state == "CREATED")
        .order_by(v.id)
    )


def _initial() -> Any:
    # A value that was never changed has no detail of its own: its variable says that it is initial.
    newest = select(v.name, v.type, *_values(PAST_VARIABLES)).where(_own(v), v.is_initial == true())
    older = select(d.variable_name, d.variable_type, *_values(historic_detail)).where(
        _own(d), d.is_initial == true()
    )
    return union_all(newest, older)


# By ix_hi_variable_instance_instance, and ix_hi_detail_instance.
_LAST_VARIABLES, _INITIAL_VARIABLES = Compiled(_last), Compiled(_initial)


def variables(tx: "Transaction", instance_id: str, *, initial: bool) -> dict[str, TypedValue]:
    """The variables of an instance's own execution: at its end, or at its start."""
    rows = tx.sql.rows(_INITIAL_VARIABLES if initial else _LAST_VARIABLES, id=instance_id)
    return {name: from_columns(*value) for name, *value in rows}
