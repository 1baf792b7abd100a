"""What each list of the history can be asked for.

Source: rest contract 4.8 and 5.
"""

from app.errors import BadUserRequestError, EngineError, InvalidRequestError

from .lists import (
    INSTANCE_IDS,
    PROCESS_VARIABLES,
    SET,
    TENANTS,
    TYPES,
    VARIABLES,
    merged,
    refuse_both,
)
from .parameters import (
    DATE,
    FLAG,
    INTEGER,
    LIST,
    LONG_NUMBER,
    TEXT,
    Filters,
    Plain,
    Texts,
    Variables,
)
from .queries import QuerySchema

_STATES = "active suspended completed externally_terminated internally_terminated".split()


def _log_ids(name: str) -> Texts:
    """Ids by which the external task log is searched; all have one name when one is null."""
    return Texts(is_set=True, refuses_null="activityIds", refuses_blank=name)


def _check_historic_instances(filters: Filters) -> None:
    first = "root_process_instances"
    refuse_both(filters, first, "super_process_instance_id", BadUserRequestError)
    given = [name for name in _STATES if filters.get(name)]
    if len(given) > 1:
        raise BadUserRequestError(
            "Already querying for historic process instance with another state: "
            f"{given[0].upper()} is not null"
        )


def _check_historic_incidents(filters: Filters) -> None:
    given = [name for name in ("open", "resolved", "deleted") if filters.get(name)]
    if len(given) > 1:
        raise EngineError(f"Already querying for incident state <{given[0]}>")


def _check_variables(filters: Filters) -> None:
    value, name = "variable_value" in filters, filters.get("variable_name") is not None
    if value and not name:
        raise InvalidRequestError(
            "Only a single variable value parameter specified: variable name and value are "
            "required to be able to query after a specific variable value."
        )
    filters["created_only"] = True


HISTORIC_INSTANCES = QuerySchema(
    (
        "instanceId definitionId definitionKey definitionName definitionVersion businessKey "  # type: ignore[arg-type]
        "startTime endTime duration tenantId".split()
    ),
    merged(
        TENANTS,
        {
            TEXT: "process_instance_id root_process_instance_id process_definition_id "
            "process_definition_key process_definition_name process_definition_name_like "
            "process_instance_business_key process_instance_business_key_like started_by "
            "incident_type incident_status incident_message incident_message_like "
            "super_process_instance_id sub_process_instance_id case_instance_id",
            INSTANCE_IDS: "process_instance_ids",
            LIST: "process_instance_id_not_in process_definition_key_in incident_id_in "
            "process_definition_key_not_in process_instance_business_key_in "
            "executed_activity_id_in active_activity_id_in activity_id_in",
            FLAG: "finished unfinished active suspended completed externally_terminated "
            "internally_terminated with_incidents with_root_incidents root_process_instances "
            "variable_names_ignore_case variable_values_ignore_case",
            DATE: "started_before started_after finished_before finished_after "
            "executed_activity_before executed_activity_after",
            VARIABLES: "variables",
        },
    ),
    check=_check_historic_instances,
    has_or_queries=True,
)
HISTORIC_ACTIVITIES = QuerySchema(
    (
        "activityInstanceId instanceId executionId activityId activityName activityType startTime "  # type: ignore[arg-type]
        "endTime duration definitionId occurrence tenantId".split()
    ),
    merged(
        TENANTS,
        {
            TEXT: "activity_instance_id process_instance_id process_definition_id execution_id "
            "activity_id activity_name activity_name_like activity_type task_assignee",
            FLAG: "finished unfinished canceled complete_scope",
            DATE: "started_before started_after finished_before finished_after",
        },
    ),
)
HISTORIC_VARIABLES = QuerySchema(
    ("instanceId", "variableName", "tenantId"),
    merged(
        TENANTS,
        {
            TEXT: "process_instance_id process_definition_id process_definition_key variable_name "
            "variable_name_like",
            Plain(): "variable_value",
            SET: "process_instance_id_in variable_name_in execution_id_in task_id_in "
            "activity_instance_id_in",
            TYPES: "variable_type_in",
            FLAG: "include_deleted variable_names_ignore_case variable_values_ignore_case",
        },
    ),
    check=_check_variables,
)
HISTORIC_DETAILS = QuerySchema(
    (
        "processInstanceId variableName variableType variableRevision formPropertyId time "  # type: ignore[arg-type]
        "occurrence tenantId".split()
    ),
    merged(
        TENANTS,
        {
            TEXT: "process_instance_id execution_id task_id activity_instance_id "
            "variable_instance_id",
            SET: "process_instance_id_in",
            TYPES: "variable_type_in",
            FLAG: "form_fields variable_updates exclude_task_details initial",
            DATE: "occurred_before occurred_after",
        },
    ),
)
EXTERNAL_TASK_LOGS = QuerySchema(
    (
        "timestamp externalTaskId retries priority topicName workerId activityId "  # type: ignore[arg-type]
        "activityInstanceId executionId processInstanceId processDefinitionId "
        "processDefinitionKey tenantId".split()
    ),
    {
        TEXT: "log_id external_task_id topic_name worker_id error_message process_instance_id "
        "process_definition_id process_definition_key",
        _log_ids("activityIds"): "activity_id_in",
        _log_ids("activityInstanceIds"): "activity_instance_id_in",
        _log_ids("executionIds"): "execution_id_in",
        Texts(is_set=True, refuses_null="tenantIds"): "tenant_id_in",
        LONG_NUMBER: "priority_higher_than_or_equals priority_lower_than_or_equals",
        FLAG: "creation_log failure_log success_log deletion_log without_tenant_id",
    },
)
HISTORIC_INCIDENTS = QuerySchema(
    (
        "incidentId incidentMessage createTime endTime incidentType executionId activityId "  # type: ignore[arg-type]
        "processInstanceId processDefinitionId processDefinitionKey causeIncidentId "
        "rootCauseIncidentId configuration historyConfiguration incidentState tenantId".split()
    ),
    merged(
        TENANTS,
        {
            TEXT: "incident_id incident_type incident_message incident_message_like "
            "process_definition_id process_definition_key process_instance_id execution_id "
            "activity_id failed_activity_id cause_incident_id root_cause_incident_id "
            "configuration history_configuration",
            SET: "process_definition_key_in",
            LIST: "job_definition_id_in",
            FLAG: "open resolved deleted",
            DATE: "create_time_before create_time_after end_time_before end_time_after",
        },
    ),
    check=_check_historic_incidents,
)
HISTORIC_TASKS = QuerySchema(
    (
        "taskId activityInstanceId processDefinitionId processInstanceId executionId duration "  # type: ignore[arg-type]
        "endTime startTime taskName taskDescription assignee owner dueDate followUpDate "
        "deleteReason taskDefinitionKey priority tenantId".split()
    ),
    merged(
        TENANTS,
        {
            TEXT: "task_id task_parent_task_id process_instance_id root_process_instance_id "
            "process_instance_business_key process_instance_business_key_like "
            "process_definition_id process_definition_key process_definition_name "
            "execution_id task_name task_name_like task_description task_description_like "
            "task_definition_key task_delete_reason task_delete_reason_like task_assignee "
            "task_assignee_like task_owner task_owner_like case_definition_id "
            "case_definition_key case_definition_name case_instance_id case_execution_id",
            SET: "activity_instance_id_in task_definition_key_in process_instance_business_key_in",
            INTEGER: "task_priority",
            FLAG: "assigned unassigned finished unfinished process_finished process_unfinished "
            "without_task_due_date variable_names_ignore_case variable_values_ignore_case",
            DATE: "task_due_date task_due_date_before task_due_date_after task_follow_up_date "
            "task_follow_up_date_before task_follow_up_date_after started_before "
            "started_after finished_before finished_after",
            PROCESS_VARIABLES: "process_variables",
            Variables("variable", ("eq",)): "task_variables",
        },
    ),
    has_or_queries=True,
)
