"""The log of external tasks.

Source: contract 4.8; Camunda 7 ``HistoricExternalTaskLogQueryImpl``.
"""

from sqlalchemy import Connection, and_, func, literal_column, or_, select
from sqlalchemy.sql import ColumnElement

from app.filters import LONG_NUMBER, TEXT, Texts
from app.models.history import historic_external_task_log

from .base import Condition, Filter, Listing
from .conditions import among, at_least, at_most, equals, tenants
from .history import from_instance, in_executions, last_state, of_instance, removal, with_root
from .rules import HISTORY_READERS

log = historic_external_task_log.c
_from_instance = from_instance(log)
# As the condition of ix_hi_external_task_log_of_task has it.
_32: ColumnElement[int] = literal_column("32")
_has_own_id = func.substr(log.id, literal_column("1"), _32) != func.substr(
    log.external_task_id, literal_column("1"), _32
)


def _ids(name: str) -> Texts:
    """Ids of some kind; all have one name when one is null."""
    return Texts(is_set=True, refuses_null="activityIds", null_is="invalid", refuses_blank=name)


def _of_task(value: str) -> Condition:
    """That entries are a task's: its id begins theirs, or they have ids of their own."""
    # A range of the primary key, and ix_hi_external_task_log_of_task.
    begin = value[:32]
    # Ids are hexadecimal, so that "g" is behind all that can follow.
    near = and_(log.id >= begin, log.id <= begin + "g")
    # The condition is in both, or SQLite would take neither index.
    of_task = log.external_task_id == value
    return or_(and_(near, of_task), and_(_has_own_id, of_task))


EXTERNAL_TASK_LOGS = Listing(
    "historic_external_task_log",
    with_root(historic_external_task_log, is_narrow=True),
    [*(_from_instance.get(c.name, c) for c in log), removal],
    {
        "log_id": Filter(TEXT, equals(log.id)),
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
)


def log_details(connection: Connection, log_id: str) -> tuple[str | None] | None:
    """The details of a failure, in a tuple; None when there is no such entry."""
    row = connection.execute(select(log.error_details).where(log.id == log_id)).first()
    return None if row is None else (row[0],)
