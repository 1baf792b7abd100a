"""Statements of a commit for rows that were not loaded, found by keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.engine.history.history_records import NOWHERE
from app.engine.history.logs import CREATED
from app.models.history import historic_detail
from app.store.connections.dialects import CREATION_ID, DETAIL_ID

from .lasting import AS_HISTORY


@dataclass(frozen=True, slots=True, eq=False)  # hashed by identity, in the key of a statement
class Sweep:
    """Deletes or copies rows that were not loaded, by another column than their id.

    Attributes:
        sql: the statement, with ``{among}`` for the comparison with the keys, and ``{detail_id}``
            for the id of the detail that a row is.
        has_exceptions: it leaves some rows out, with ``{besides}`` for their ids.
    """

    sql: str
    has_exceptions: bool = False

    def text(self, dialect_name: str, among: str, besides: str = "") -> str:
        """The statement with these comparisons."""
        detail_id = DETAIL_ID[dialect_name]
        return self.sql.format(among=among, besides=besides, detail_id=detail_id)


def _keeping_details(table: str, columns: Mapping[str, str]) -> Sweep:
    """Makes rows of their own of the newest details of some variables, found by their ids.

    Args:
        columns: of a row of `historic_variable_instance`, as SQL.
    """
    place = "coalesce({detail_activity_instance_id}, {activity_instance_id})".format_map(columns)
    values = {
        **columns,
        "id": "{detail_id}",
        "variable_instance_id": "id",
        "variable_name": "name",
        "variable_type": "type",
        "time": "detail_time",
        "activity_instance_id": f"nullif({place}, '{NOWHERE}')",
    }
    names = [column.name for column in historic_detail.c]
    return Sweep(
        f"INSERT INTO historic_detail ({', '.join(names)}) "
        f"SELECT {', '.join(values[name] for name in names)} "
        f"FROM {table} WHERE detail_time IS NOT NULL AND id {{among}}"
    )


# As they are written, without the execution where that is the instance.
_NARROW = {**AS_HISTORY, "execution_id": "NULL"}
# By the primary key.
KEEP_DETAILS = _keeping_details("historic_variable_instance", {name: name for name in AS_HISTORY})
# By the primary key.
KEEP_LASTING_DETAILS = _keeping_details("variable", _NARROW)
# Of instances that go over to another definition, which they would follow. By the primary key.
KEEP_DETAILS_OF_MOVED = _keeping_details(
    "variable",
    {
        **_NARROW,
        **{
            name: f"(SELECT i.{name} FROM historic_process_instance i"
            " WHERE i.id = variable.execution_id)"
            for name in ("process_definition_id", "process_definition_key")
        },
    },
)
# By ix_variable_execution.
KEEP_HISTORY = Sweep(
    f"INSERT INTO historic_variable_instance ({', '.join(AS_HISTORY)}) "
    f"SELECT {', '.join(_NARROW.values())} "
    "FROM variable WHERE create_time IS NOT NULL AND execution_id {among} AND NOT id {besides}",
    has_exceptions=True,
)
# Of tasks that go over to another definition. By the primary key.
KEEP_CREATIONS = Sweep(
    "INSERT INTO historic_external_task_log (id, timestamp, state, external_task_id, priority,"
    " topic_name, activity_id, activity_instance_id, execution_id, process_instance_id,"
    " process_definition_id, process_definition_key, tenant_id)"
    f" SELECT {CREATION_ID}, create_time, {CREATED}, id, logged_priority, topic_name, activity_id,"
    " activity_instance_id, nullif(execution_id, process_instance_id), process_instance_id,"
    " process_definition_id, process_definition_key, tenant_id"
    " FROM external_task WHERE logged_priority IS NOT NULL AND id {among}"
)
# Those that last stay, see `lasting`. By ix_variable_execution.
DELETE_VARIABLES_OF_EXECUTIONS = Sweep(
    "DELETE FROM variable WHERE create_time IS NULL AND execution_id {among}"
)
# Of an execution that goes on, behind `KEEP_HISTORY`. By ix_variable_execution.
CLEAR_VARIABLES = Sweep("DELETE FROM variable WHERE execution_id {among}")
# By ix_identity_link_task.
DELETE_LINKS_OF_TASKS = Sweep("DELETE FROM identity_link WHERE task_id {among}")
# By ix_execution_children.
DELETE_CHILDREN = Sweep("DELETE FROM execution WHERE NOT is_event_scope AND parent_id {among}")
# asked for before `DELETE_CHILDREN`, or SQLite would not find the children any more; the parts of
# PostgreSQL's one statement do not see each other's changes
# By ix_execution_children and ix_variable_execution.
DELETE_VARIABLES_OF_CHILDREN = Sweep(
    "DELETE FROM variable WHERE execution_id IN"
    " (SELECT id FROM execution WHERE NOT is_event_scope AND parent_id {among})"
)


class Swept(NamedTuple):
    """A statement with the keys of the rows, and the ids of those that it leaves out."""

    sweep: Sweep
    keys: Sequence[str]
    besides: Sequence[str] = ()
