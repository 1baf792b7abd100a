"""The log of jobs, and why one had failed.

Source: contract 10.7; Camunda 7 ``HistoricJobLogQueryImpl``.
"""

from typing import Any

from sqlalchemy import Connection, and_, or_, select

from app.filters import LONG_NUMBER, TEXT, Text, Texts
from app.models.history import historic_job_log
from app.models.repository import process_definition

from .base import Condition, Filter, Listing
from .conditions import among, at_least, at_most, equals, of_key, tenants
from .history import last_state, removal, with_root
from .rules import HISTORY_READERS_OR_NO_DEFINITION

log = historic_job_log.c


def _ids(name: str) -> Texts:
    """Ids of some kind; none may be null or empty."""
    return Texts(is_set=True, refuses_null=name, refuses_blank=name)


def _of_deployment(deployment_id: str) -> Condition:
    """The entries of a deployment, by its definitions; those of batches name it alone."""
    # The definitions by ix_process_definition_deployment; the log itself is read whole.
    definitions = select(process_definition.c.id).where(
        process_definition.c.deployment_id == deployment_id
    )
    return or_(
        log.process_definition_id.in_(definitions),
        and_(log.batch_id.is_not(None), log.deployment_id == deployment_id),
    )


JOB_LOGS = Listing(
    "historic_job_log",
    with_root(historic_job_log),
    [*historic_job_log.c, removal],
    {
        "log_id": Filter(TEXT, equals(log.id)),
        "job_id": Filter(TEXT, equals(log.job_id)),
        "job_exception_message": Filter(TEXT, equals(log.exception_message)),
        "job_definition_id": Filter(TEXT, equals(log.job_definition_id)),
        "job_definition_type": Filter(TEXT, equals(log.job_kind)),
        "job_definition_configuration": Filter(TEXT, equals(log.job_definition_configuration)),
        "activity_id_in": Filter(_ids("activityIds"), among(log.activity_id)),
        "failed_activity_id_in": Filter(_ids("activityIds"), among(log.failed_activity_id)),
        "execution_id_in": Filter(_ids("executionIds"), among(log.execution_id)),
        "process_instance_id": Filter(TEXT, equals(log.process_instance_id)),
        "process_definition_id": Filter(TEXT, equals(log.process_definition_id)),
        **of_key(log, None),
        "deployment_id": Filter(TEXT, _of_deployment),
        "job_priority_higher_than_or_equals": Filter(LONG_NUMBER, at_least(log.priority)),
        "job_priority_lower_than_or_equals": Filter(LONG_NUMBER, at_most(log.priority)),
        "hostname": Filter(
            Text(skips_empty=True, refuses_blank="hostName is empty"), equals(log.hostname)
        ),
        **last_state(log.state),
        **tenants(log.tenant_id),
    },
    {
        "timestamp": log.timestamp,
        "jobId": log.job_id,
        "jobDueDate": log.due_date,
        "jobRetries": log.retries,
        "jobPriority": log.priority,
        "jobDefinitionId": log.job_definition_id,
        "activityId": log.activity_id,
        "executionId": log.execution_id,
        "processInstanceId": log.process_instance_id,
        "processDefinitionId": log.process_definition_id,
        "processDefinitionKey": log.process_definition_key,
        "deploymentId": log.deployment_id,
        # Ids grow with time (UUIDs of version 7): no sequence of its own is kept for the order.
        "occurrence": log.id,
        "hostname": log.hostname,
        "tenantId": log.tenant_id,
    },
    order=[log.id],
    seen_by=HISTORY_READERS_OR_NO_DEFINITION,
)


def stacktrace(connection: Connection, log_id: str) -> tuple[str | None] | None:
    """Why a job had failed, in a tuple; None when there is no such entry."""
    row: Any = connection.execute(select(log.exception_stacktrace).where(log.id == log_id)).first()
    # In a tuple, as for jobs: an entry without a trace is another answer than no entry.
    return None if row is None else (row[0],)
