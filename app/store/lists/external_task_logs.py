"""The log of external tasks.

Source: contract 4.8; Camunda 7 ``HistoricExternalTaskLogQueryImpl``.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Select,
    and_,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql import ColumnElement

from app.engine.history.logs import CREATED
from app.filters import LONG_NUMBER, TEXT, Texts
from app.models.history import historic_external_task_log
from app.models.runtime import external_task
from app.store.connections.dialects import CREATION_ID

from .base import Condition, Filter, Listing
from .conditions import among, at_least, at_most, equals, tenants
from .history import from_instance, in_executions, last_state, of_instance, removal, with_root
from .rules import HISTORY_READERS

_log, _task = historic_external_task_log.c, external_task.c
_columns = [c for c in _log if not c.name.startswith("creation_")]


def _creation(source: FromClause, told: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
    """The entries of creations that the rows of a table tell as well.

    Args:
        told: the columns that have other names; the time or the priority is empty where the row
            tells of no creation.
    """
    names = list(_NOT_OF_CREATIONS)
    if source is external_task:  # as an entry would be written, see `unit.narrowing`
        names += ("root_process_instance_id", "process_definition_id", "process_definition_key")
    made: dict[str, ColumnElement[Any]] = dict.fromkeys(names, literal_column("NULL"))
    made |= {"id": literal_column(CREATION_ID), "state": literal_column(str(CREATED))}
    row: dict[str, ColumnElement[Any]] = {**dict(source.c), **told}
    # With a type: SQLite looks into the parts of a UNION whose columns are of the same. Columns as
    # they are, or it would find nothing by their indexes.
    row |= {name: cast(found, _log[name].type) for name, found in made.items()}
    columns = (row[c.name].label(c.name) for c in _columns)
    return select(*columns, source.c.id.label("row_id"))


_NOT_OF_CREATIONS = ("worker_id", "retries", "error_message", "error_details")
# No part has a condition of its own, for PostgreSQL looks then into all, and into their indexes:
# each statement has `_is_entry`.
ENTRIES = union_all(
    select(*_columns, _log.id.label("row_id")),
    _creation(
        historic_external_task_log,
        {"timestamp": _log.creation_time, "priority": _log.creation_priority},
    ),
    _creation(
        external_task,
        {
            "timestamp": _task.create_time,
            "priority": _task.logged_priority,
            "external_task_id": _task.id,
        },
    ),
).subquery("entry")
log = ENTRIES.c
# The time as well, of which ix_hi_external_task_log_creation has those that there are.
_is_entry = and_(log.timestamp.is_not(None), log.priority.is_not(None))
_from_instance = from_instance(log)
# As the condition of ix_hi_external_task_log_of_task has it.
_32: ColumnElement[int] = literal_column("32")
_has_own_id = func.substr(log.row_id, literal_column("1"), _32) != func.substr(
    log.external_task_id, literal_column("1"), _32
)


def _ids(name: str) -> Texts:
    """Ids of some kind; all have one name when one is null."""
    return Texts(is_set=True, refuses_null="activityIds", null_is="invalid", refuses_blank=name)


def _of_task(value: str) -> Condition:
    """That entries are a task's: its id begins theirs, or they have ids of their own."""
    # A range of the primary key, and ix_hi_external_task_log_of_task.
    # The condition is in both, or SQLite would take neither index.
    of_task = log.external_task_id == value
    return or_(and_(_is_near(value), of_task), and_(_has_own_id, of_task))


def _is_near(value: str) -> Condition:
    """That the row's id begins as this one does."""
    # Ids are hexadecimal, so that "g" is behind all that can follow.
    return and_(log.row_id >= value[:32], log.row_id <= value[:32] + "g")


def _has_id(value: str) -> Condition:
    """The entry with an id, which has none of its own where it is that of a creation."""
    return and_(log.id == value, _is_near(value))


EXTERNAL_TASK_LOGS = Listing(
    "historic_external_task_log",
    with_root(ENTRIES, is_narrow=True),
    [*(_from_instance.get(c.name, log[c.name]) for c in _columns), removal],
    {
        "log_id": Filter(TEXT, _has_id),
        "external_task_id": Filter(TEXT, _of_task),
        "topic_name": Filter(TEXT, equals(log.topic_name)),
        "worker_id": Filter(TEXT, equals(log.worker_id)),
        "error_message": Filter(TEXT, equals(log.error_message)),
        "activity_id_in": Filter(_ids("activityIds"), among(log.activity_id)),
        "activity_instance_id_in": Filter(
            _ids("activityInstanceIds"), among(log.activity_instance_id)
        ),
        "execution_id_in": Filter(_ids("executionIds"), lambda values: in_executions(log, values)),
        "process_instance_id": Filter(TEXT, equals(log.process_instance_id)),
        "process_definition_id": Filter(TEXT, of_instance(log, "process_definition_id")),
        "process_definition_key": Filter(TEXT, of_instance(log, "process_definition_key")),
        "priority_higher_than_or_equals": Filter(LONG_NUMBER, at_least(log.priority)),
        "priority_lower_than_or_equals": Filter(LONG_NUMBER, at_most(log.priority)),
        **last_state(log.state),
        **tenants(log.tenant_id, Texts(is_set=True, refuses_null="tenantIds")),
    },
    {
        "timestamp": log.timestamp,
        "externalTaskId": log.external_task_id,
        "retries": log.retries,
        "priority": log.priority,
        "topicName": log.topic_name,
        "workerId": log.worker_id,
        "activityId": log.activity_id,
        "activityInstanceId": log.activity_instance_id,
        "executionId": _from_instance["execution_id"],
        "processInstanceId": log.process_instance_id,
        "processDefinitionId": _from_instance["process_definition_id"],
        "processDefinitionKey": _from_instance["process_definition_key"],
        "tenantId": log.tenant_id,
    },
    # Ids of what happens once begin as the task's does: within a millisecond the state tells.
    order=[log.timestamp, log.state, log.id],
    seen_by=HISTORY_READERS,
    base=_is_entry,
    has_id=_has_id,
    filled={"timestamp", "externalTaskId", "priority"},
)


def log_details(connection: Connection, log_id: str) -> tuple[str | None] | None:
    """The details of a failure, in a tuple; None when there is no such entry."""
    row = connection.execute(select(log.error_details).where(_has_id(log_id), _is_entry)).first()
    return None if row is None else (row[0],)
