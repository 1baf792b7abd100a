"""What each list of what is there now can be asked for.

Source: rest contract 3.15, 4 and 5.
"""

from collections.abc import Mapping
from typing import Any

from app.errors import EngineError, InvalidRequestError

from .base import camel
from .parameters import (
    BOOLEAN,
    DATE,
    FLAG,
    INTEGER,
    LIST,
    LONG_NUMBER,
    OPERATORS,
    TEXT,
    Filters,
    Moments,
    Texts,
    Variables,
)
from .queries import QuerySchema
from .tasks import delegation_state

SET = Texts(is_set=True)
INSTANCE_IDS = Texts(is_set=True, refuses_empty="Set of process instance ids is empty")
TYPES = Texts(is_set=True, refuses_null="Variable types")
PROCESS_VARIABLES = Variables("process variable", (*OPERATORS, "notLike"))
_TASK_VARIABLES = Variables("task variable")
_EQUAL_VARIABLES = Variables("process variable", ("eq", "neq"))
VARIABLES = Variables()
TENANT_IDS = Texts(refuses_null="tenantIds")
TENANTS = {TENANT_IDS: "tenant_id_in", FLAG: "without_tenant_id"}


def merged(*parts: Mapping[Any, str]) -> dict[Any, str]:
    """The names of all parts by their kind."""
    found: dict[Any, str] = {}
    for part in parts:
        for kind, words in part.items():
            found[kind] = f"{found.get(kind, '')} {words}"
    return found


def refuse_both(filters: Filters, first: str, second: str, error: type[EngineError]) -> None:
    """Refuse two filters of which only one can be given; the words are the reference engine's."""
    if filters.get(first) is not None and filters.get(second) is not None:
        raise error(f"Invalid query usage: cannot set both {camel(first)} and {camel(second)}")


def _check_deployment(filters: Filters) -> None:
    if filters.get("without_source") and filters.get("source") is not None:
        raise InvalidRequestError(
            'The query parameters "withoutSource" and "source" cannot be used in combination.'
        )


def _check_jobs(filters: Filters) -> None:
    if filters.get("timers") and filters.get("messages"):
        raise InvalidRequestError(
            "Parameter timers cannot be used together with parameter messages."
        )


def _check_instances(filters: Filters) -> None:
    for flag, other in (("root", "super"), ("leaf", "sub")):
        if filters.get(f"{flag}_process_instances") and (
            filters.get(f"{other}_process_instance") is not None
        ):
            raise EngineError(
                f"Invalid query usage: cannot set both {flag}ProcessInstances and "
                f"{other}ProcessInstanceId"
            )


_CANDIDATES = (
    "candidate_user candidate_group candidate_groups candidate_group_like with_candidate_groups "
    "without_candidate_groups with_candidate_users without_candidate_users"
).split()


def _check_tasks(filters: Filters) -> None:
    refuse_both(filters, "candidate_user", "candidate_group", EngineError)
    filters["delegation_state"] = delegation_state(filters.get("delegation_state"))
    if filters.get("include_assigned_tasks") and not any(filters.get(n) for n in _CANDIDATES):
        raise EngineError(
            "Invalid query usage: candidateUser, candidateGroup, candidateGroupIn, "
            "withCandidateGroups, withoutCandidateGroups, withCandidateUsers, "
            "withoutCandidateUsers has to be called before 'includeAssignedTasks'."
        )


DEPLOYMENTS = QuerySchema(
    ("id", "name", "deploymentTime", "tenantId"),
    merged(
        TENANTS,
        {
            TEXT: "id name name_like source",
            FLAG: "without_source include_deployments_without_tenant_id",
            DATE: "before after",
        },
    ),
    check=_check_deployment,
)
DEFINITIONS = QuerySchema(
    (
        [
            "category",
            "key",
            "id",
            "name",
            "version",
            "deploymentId",
            "deployTime",
            "tenantId",
            "versionTag",
        ]  # type: ignore[arg-type]
    ),
    merged(
        TENANTS,
        {
            TEXT: "process_definition_id key key_like name name_like deployment_id resource_name "
            "resource_name_like category category_like version_tag version_tag_like incident_id "
            "incident_type incident_message incident_message_like",
            LIST: "process_definition_id_in keys_in",
            INTEGER: "version ver",
            FLAG: "latest_version latest without_version_tag active suspended "
            "startable_in_tasklist not_startable_in_tasklist "
            "include_process_definitions_without_tenant_id",
            DATE: "deployed_after deployed_at",
        },
    ),
)
EXTERNAL_TASKS = QuerySchema(
    (
        "id lockExpirationTime processInstanceId processDefinitionId processDefinitionKey tenantId "  # type: ignore[arg-type]
        "taskPriority createTime".split()
    ),
    {
        TEXT: "external_task_id topic_name worker_id activity_id execution_id process_instance_id "
        "process_definition_id process_definition_key process_definition_name "
        "process_definition_name_like",
        SET: "external_task_id_in process_definition_key_in",
        Texts(refuses_null="activityIdIn"): "activity_id_in",
        Texts(refuses_null="processInstanceIdIn"): "process_instance_id_in",
        TENANT_IDS: "tenant_id_in",
        FLAG: "locked not_locked with_retries_left no_retries_left active suspended "
        "variable_names_ignore_case variable_values_ignore_case",
        DATE: "lock_expiration_before lock_expiration_after",
        LONG_NUMBER: "priority_higher_than_or_equals priority_lower_than_or_equals",
        PROCESS_VARIABLES: "process_variables",
    },
)
PROCESS_INSTANCES = QuerySchema(
    ("instanceId", "definitionKey", "definitionId", "tenantId", "businessKey"),
    merged(
        TENANTS,
        {
            INSTANCE_IDS: "process_instance_ids",
            TEXT: "business_key business_key_like case_instance_id process_definition_id "
            "process_definition_key deployment_id super_process_instance sub_process_instance "
            "incident_id incident_type incident_message incident_message_like "
            "root_process_instance_id",
            LIST: "process_definition_key_in process_definition_key_not_in activity_id_in",
            FLAG: "active suspended with_incident root_process_instances leaf_process_instances "
            "process_definition_without_tenant_id variable_names_ignore_case "
            "variable_values_ignore_case",
            VARIABLES: "variables",
        },
    ),
    check=_check_instances,
    has_or_queries=True,
)
EXECUTIONS = QuerySchema(
    ("instanceId", "definitionKey", "definitionId", "tenantId"),
    merged(
        {TENANT_IDS: "tenant_id_in"},
        {
            TEXT: "business_key process_definition_id process_definition_key process_instance_id "
            "activity_id signal_event_subscription_name message_event_subscription_name "
            "incident_id incident_type incident_message incident_message_like",
            FLAG: "active suspended variable_names_ignore_case variable_values_ignore_case",
            VARIABLES: "variables",
            _EQUAL_VARIABLES: "process_variables",
        },
    ),
)
VARIABLE_INSTANCES = QuerySchema(
    ("variableName", "variableType", "activityInstanceId", "tenantId"),
    {
        TEXT: "variable_name variable_name_like",
        SET: "process_instance_id_in execution_id_in task_id_in variable_scope_id_in "
        "activity_instance_id_in",
        TENANT_IDS: "tenant_id_in",
        FLAG: "variable_names_ignore_case variable_values_ignore_case",
        VARIABLES: "variable_values",
    },
)
SUBSCRIPTIONS = QuerySchema(
    ("created", "tenantId"),
    merged(
        TENANTS,
        {
            TEXT: "event_subscription_id event_name event_type execution_id process_instance_id "
            "activity_id",
            FLAG: "include_event_subscriptions_without_tenant_id",
        },
    ),
)
BATCHES = QuerySchema(
    ("batchId", "tenantId", "startTime"),
    merged(TENANTS, {TEXT: "batch_id type", BOOLEAN: "suspended"}),
)
INCIDENTS = QuerySchema(
    (
        "incidentId incidentMessage incidentTimestamp incidentType executionId activityId "  # type: ignore[arg-type]
        "processInstanceId processDefinitionId causeIncidentId rootCauseIncidentId configuration "
        "tenantId".split()
    ),
    {
        TEXT: "incident_id incident_type incident_message incident_message_like "
        "process_definition_id process_instance_id execution_id activity_id failed_activity_id "
        "cause_incident_id root_cause_incident_id configuration",
        SET: "process_definition_key_in",
        LIST: "job_definition_id_in",
        TENANT_IDS: "tenant_id_in",
        DATE: "incident_timestamp_before incident_timestamp_after",
    },
)
JOBS = QuerySchema(
    (
        "jobId executionId processInstanceId processDefinitionId processDefinitionKey jobRetries "  # type: ignore[arg-type]
        "jobDueDate jobPriority tenantId".split()
    ),
    merged(
        TENANTS,
        {
            TEXT: "job_id job_definition_id process_instance_id execution_id process_definition_id "
            "process_definition_key activity_id failed_activity_id exception_message",
            SET: "job_ids process_instance_ids",
            FLAG: "with_retries_left no_retries_left executable timers messages with_exception "
            "active suspended include_jobs_without_tenant_id acquired",
            LONG_NUMBER: "priority_lower_than_or_equals priority_higher_than_or_equals",
            Moments("due date"): "due_dates",
            Moments("create time"): "create_times",
        },
    ),
    check=_check_jobs,
)
TASKS = QuerySchema(
    (
        "instanceId caseInstanceId dueDate executionId caseExecutionId assignee created "  # type: ignore[arg-type]
        "lastUpdated description id name nameCaseInsensitive priority followUpDate "
        "tenantId".split()
    ),
    merged(
        {SET: "tenant_id_in", FLAG: "without_tenant_id"},
        {
            TEXT: "task_id process_instance_id process_instance_business_key "
            "process_instance_business_key_like process_definition_id process_definition_key "
            "process_definition_name process_definition_name_like execution_id assignee "
            "assignee_like owner involved_user candidate_user candidate_group "
            "candidate_group_like name name_not_equal name_like name_not_like description "
            "description_like task_definition_key task_definition_key_like delegation_state "
            "parent_task_id case_definition_id case_definition_key case_definition_name "
            "case_definition_name_like case_instance_id case_instance_business_key "
            "case_instance_business_key_like case_execution_id",
            LIST: "candidate_groups",
            SET: "task_id_in process_instance_id_in process_instance_business_key_in "
            "process_definition_key_in activity_instance_id_in assignee_in assignee_not_in "
            "task_definition_key_in task_definition_key_not_in",
            FLAG: "assigned unassigned without_due_date active suspended include_assigned_tasks "
            "with_candidate_groups without_candidate_groups with_candidate_users "
            "without_candidate_users variable_names_ignore_case variable_values_ignore_case",
            INTEGER: "priority max_priority min_priority",
            DATE: "due_date due_before due_after follow_up_date follow_up_before "
            "follow_up_before_or_not_existent follow_up_after created_on created_before "
            "created_after updated_after",
            PROCESS_VARIABLES: "process_variables",
            _TASK_VARIABLES: "task_variables",
        },
    ),
    check=_check_tasks,
    has_or_queries=True,
)
