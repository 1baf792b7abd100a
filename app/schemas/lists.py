"""What each list can be asked for, and the shape of its items.

Source: rest contract 3.15, 4 and 5.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.engine.values import TypedValue
from app.errors import BadUserRequestError, EngineError, InvalidRequestError

from .base import Shape, camel
from .queries import (
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
    Plain,
    QuerySchema,
    Texts,
    Variables,
)
from .tasks import delegation_state
from .typed_values import render

_SET = Texts(is_set=True)
_INSTANCE_IDS = Texts(is_set=True, refuses_empty="Set of process instance ids is empty")
_TYPES = Texts(is_set=True, refuses_null="Variable types")
_PROCESS_VARIABLES = Variables("process variable", (*OPERATORS, "notLike"))
_TASK_VARIABLES = Variables("task variable")
_EQUAL_VARIABLES = Variables("process variable", ("eq", "neq"))
_VARIABLES = Variables()
_TENANT_IDS = Texts(refuses_null="tenantIds")
TENANTS = {_TENANT_IDS: "tenant_id_in", FLAG: "without_tenant_id"}


def _log_ids(name: str) -> Texts:
    """Ids by which the external task log is searched; all have one name when one is null."""
    return Texts(is_set=True, refuses_null="activityIds", refuses_blank=name)


def _merge(*parts: Mapping[Any, str]) -> dict[Any, str]:
    found: dict[Any, str] = {}
    for part in parts:
        for kind, words in part.items():
            found[kind] = f"{found.get(kind, '')} {words}"
    return found


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


def _refuse_both(filters: Filters, first: str, second: str, error: type[EngineError]) -> None:
    """Refuse two filters of which only one can be given; the words are the reference engine's."""
    if filters.get(first) is not None and filters.get(second) is not None:
        raise error(f"Invalid query usage: cannot set both {camel(first)} and {camel(second)}")


def _check_instances(filters: Filters) -> None:
    for flag, other in (("root", "super"), ("leaf", "sub")):
        if filters.get(f"{flag}_process_instances") and (
            filters.get(f"{other}_process_instance") is not None
        ):
            raise EngineError(
                f"Invalid query usage: cannot set both {flag}ProcessInstances and "
                f"{other}ProcessInstanceId"
            )


_STATES = "active suspended completed externally_terminated internally_terminated".split()


def _check_historic_instances(filters: Filters) -> None:
    first = "root_process_instances"
    _refuse_both(filters, first, "super_process_instance_id", BadUserRequestError)
    given = [name for name in _STATES if filters.get(name)]
    if len(given) > 1:
        raise BadUserRequestError(
            "Already querying for historic process instance with another state: "
            f"{given[0].upper()} is not null"
        )


def _check_tasks(filters: Filters) -> None:
    _refuse_both(filters, "candidate_user", "candidate_group", EngineError)
    filters["delegation_state"] = delegation_state(filters.get("delegation_state"))
    if filters.get("include_assigned_tasks") and not any(filters.get(n) for n in _CANDIDATES):
        raise EngineError(
            "Invalid query usage: candidateUser, candidateGroup, candidateGroupIn, "
            "withCandidateGroups, withoutCandidateGroups, withCandidateUsers, "
            "withoutCandidateUsers has to be called before 'includeAssignedTasks'."
        )


def _check_historic_incidents(filters: Filters) -> None:
    given = [name for name in ("open", "resolved", "deleted") if filters.get(name)]
    if len(given) > 1:
        raise EngineError(f"Already querying for incident state <{given[0]}>")


_CANDIDATES = (
    "candidate_user candidate_group candidate_groups candidate_group_like with_candidate_groups "
    "without_candidate_groups with_candidate_users without_candidate_users"
).split()


def _check_variables(filters: Filters) -> None:
    value, name = "variable_value" in filters, filters.get("variable_name") is not None
    if value and not name:
        raise InvalidRequestError(
            "Only a single variable value parameter specified: variable name and value are "
            "required to be able to query after a specific variable value."
        )
    filters["created_only"] = True


DEPLOYMENTS = QuerySchema(
    ("id", "name", "deploymentTime", "tenantId"),
    _merge(
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
    _merge(
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
        _SET: "external_task_id_in process_definition_key_in",
        Texts(refuses_null="activityIdIn"): "activity_id_in",
        Texts(refuses_null="processInstanceIdIn"): "process_instance_id_in",
        _TENANT_IDS: "tenant_id_in",
        FLAG: "locked not_locked with_retries_left no_retries_left active suspended "
        "variable_names_ignore_case variable_values_ignore_case",
        DATE: "lock_expiration_before lock_expiration_after",
        LONG_NUMBER: "priority_higher_than_or_equals priority_lower_than_or_equals",
        _PROCESS_VARIABLES: "process_variables",
    },
)
PROCESS_INSTANCES = QuerySchema(
    ("instanceId", "definitionKey", "definitionId", "tenantId", "businessKey"),
    _merge(
        TENANTS,
        {
            _INSTANCE_IDS: "process_instance_ids",
            TEXT: "business_key business_key_like case_instance_id process_definition_id "
            "process_definition_key deployment_id super_process_instance sub_process_instance "
            "incident_id incident_type incident_message incident_message_like "
            "root_process_instance_id",
            LIST: "process_definition_key_in process_definition_key_not_in activity_id_in",
            FLAG: "active suspended with_incident root_process_instances leaf_process_instances "
            "process_definition_without_tenant_id variable_names_ignore_case "
            "variable_values_ignore_case",
            _VARIABLES: "variables",
        },
    ),
    check=_check_instances,
    has_or_queries=True,
)
EXECUTIONS = QuerySchema(
    ("instanceId", "definitionKey", "definitionId", "tenantId"),
    _merge(
        {_TENANT_IDS: "tenant_id_in"},
        {
            TEXT: "business_key process_definition_id process_definition_key process_instance_id "
            "activity_id signal_event_subscription_name message_event_subscription_name "
            "incident_id incident_type incident_message incident_message_like",
            FLAG: "active suspended variable_names_ignore_case variable_values_ignore_case",
            _VARIABLES: "variables",
            _EQUAL_VARIABLES: "process_variables",
        },
    ),
)
VARIABLE_INSTANCES = QuerySchema(
    ("variableName", "variableType", "activityInstanceId", "tenantId"),
    {
        TEXT: "variable_name variable_name_like",
        _SET: "process_instance_id_in execution_id_in task_id_in variable_scope_id_in "
        "activity_instance_id_in",
        _TENANT_IDS: "tenant_id_in",
        FLAG: "variable_names_ignore_case variable_values_ignore_case",
        _VARIABLES: "variable_values",
    },
)
SUBSCRIPTIONS = QuerySchema(
    ("created", "tenantId"),
    _merge(
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
    _merge(TENANTS, {TEXT: "batch_id type", BOOLEAN: "suspended"}),
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
        _SET: "process_definition_key_in",
        LIST: "job_definition_id_in",
        _TENANT_IDS: "tenant_id_in",
        DATE: "incident_timestamp_before incident_timestamp_after",
    },
)
JOBS = QuerySchema(
    (
        "jobId executionId processInstanceId processDefinitionId processDefinitionKey jobRetries "  # type: ignore[arg-type]
        "jobDueDate jobPriority tenantId".split()
    ),
    _merge(
        TENANTS,
        {
            TEXT: "job_id job_definition_id process_instance_id execution_id process_definition_id "
            "process_definition_key activity_id failed_activity_id exception_message",
            _SET: "job_ids process_instance_ids",
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
    _merge(
        {_SET: "tenant_id_in", FLAG: "without_tenant_id"},
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
            _SET: "task_id_in process_instance_id_in process_instance_business_key_in "
            "process_definition_key_in activity_instance_id_in assignee_in assignee_not_in "
            "task_definition_key_in task_definition_key_not_in",
            FLAG: "assigned unassigned without_due_date active suspended include_assigned_tasks "
            "with_candidate_groups without_candidate_groups with_candidate_users "
            "without_candidate_users variable_names_ignore_case variable_values_ignore_case",
            INTEGER: "priority max_priority min_priority",
            DATE: "due_date due_before due_after follow_up_date follow_up_before "
            "follow_up_before_or_not_existent follow_up_after created_on created_before "
            "created_after updated_after",
            _PROCESS_VARIABLES: "process_variables",
            _TASK_VARIABLES: "task_variables",
        },
    ),
    check=_check_tasks,
    has_or_queries=True,
)
HISTORIC_INSTANCES = QuerySchema(
    (
        "instanceId definitionId definitionKey definitionName definitionVersion businessKey "  # type: ignore[arg-type]
        "startTime endTime duration tenantId".split()
    ),
    _merge(
        TENANTS,
        {
            TEXT: "process_instance_id root_process_instance_id process_definition_id "
            "process_definition_key process_definition_name process_definition_name_like "
            "process_instance_business_key process_instance_business_key_like started_by "
            "incident_type incident_status incident_message incident_message_like "
            "super_process_instance_id sub_process_instance_id case_instance_id",
            _INSTANCE_IDS: "process_instance_ids",
            LIST: "process_instance_id_not_in process_definition_key_in incident_id_in "
            "process_definition_key_not_in process_instance_business_key_in "
            "executed_activity_id_in active_activity_id_in activity_id_in",
            FLAG: "finished unfinished active suspended completed externally_terminated "
            "internally_terminated with_incidents with_root_incidents root_process_instances "
            "variable_names_ignore_case variable_values_ignore_case",
            DATE: "started_before started_after finished_before finished_after "
            "executed_activity_before executed_activity_after",
            _VARIABLES: "variables",
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
    _merge(
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
    _merge(
        TENANTS,
        {
            TEXT: "process_instance_id process_definition_id process_definition_key variable_name "
            "variable_name_like",
            Plain(): "variable_value",
            _SET: "process_instance_id_in variable_name_in execution_id_in task_id_in "
            "activity_instance_id_in",
            _TYPES: "variable_type_in",
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
    _merge(
        TENANTS,
        {
            TEXT: "process_instance_id execution_id task_id activity_instance_id "
            "variable_instance_id",
            _SET: "process_instance_id_in",
            _TYPES: "variable_type_in",
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
    _merge(
        TENANTS,
        {
            TEXT: "incident_id incident_type incident_message incident_message_like "
            "process_definition_id process_definition_key process_instance_id execution_id "
            "activity_id failed_activity_id cause_incident_id root_cause_incident_id "
            "configuration history_configuration",
            _SET: "process_definition_key_in",
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
    _merge(
        TENANTS,
        {
            TEXT: "task_id task_parent_task_id process_instance_id root_process_instance_id "
            "process_instance_business_key process_instance_business_key_like "
            "process_definition_id process_definition_key process_definition_name "
            "execution_id task_name task_name_like task_description task_description_like "
            "task_definition_key task_delete_reason task_delete_reason_like task_assignee "
            "task_assignee_like task_owner task_owner_like case_definition_id "
            "case_definition_key case_definition_name case_instance_id case_execution_id",
            _SET: "activity_instance_id_in task_definition_key_in process_instance_business_key_in",
            INTEGER: "task_priority",
            FLAG: "assigned unassigned finished unfinished process_finished process_unfinished "
            "without_task_due_date variable_names_ignore_case variable_values_ignore_case",
            DATE: "task_due_date task_due_date_before task_due_date_after task_follow_up_date "
            "task_follow_up_date_before task_follow_up_date_after started_before "
            "started_after finished_before finished_after",
            _PROCESS_VARIABLES: "process_variables",
            Variables("variable", ("eq",)): "task_variables",
        },
    ),
    has_or_queries=True,
)

# -- items --------------------------------------------------------------------------------

_deployment = Shape("id name source deployment_time tenant_id")
execution = Shape("id process_instance_id is_ended tenant_id")
subscription = Shape(
    "id event_type event_name execution_id process_instance_id activity_id created_date tenant_id"
)
_BATCH = (
    "id type total_jobs jobs_created batch_jobs_per_seed invocations_per_batch_job "
    "seed_job_definition_id monitor_job_definition_id batch_job_definition_id is_suspended "
    "tenant_id create_user_id start_time execution_start_time"
)
_batch = Shape(_BATCH)
_batch_statistics = Shape(f"{_BATCH} remaining_jobs completed_jobs failed_jobs")
_job = Shape(
    "id job_definition_id process_instance_id process_definition_id process_definition_key "
    "execution_id exception_message failed_activity_id retries due_date is_suspended priority "
    "tenant_id create_time batch_id"
)
_task = Shape(
    "id name assignee create_time due_date follow_up_date last_updated delegation_state "
    "description execution_id owner parent_task_id priority process_definition_id "
    "process_instance_id task_definition_key is_suspended form_key tenant_id task_state",
    create_time="created",
    due_date="due",
    follow_up_date="followUp",
)
_historic_instance = Shape(
    "id business_key process_definition_id process_definition_key process_definition_name "
    "process_definition_version start_time end_time removal_time start_user_id start_activity_id "
    "delete_reason root_process_instance_id super_process_instance_id case_instance_id tenant_id "
    "state"
)
_historic_activity = Shape(
    "id parent_activity_instance_id activity_id activity_name activity_type "
    "process_definition_key process_definition_id process_instance_id execution_id task_id "
    "called_process_instance_id called_case_instance_id assignee start_time end_time is_canceled "
    "is_complete_scope tenant_id removal_time root_process_instance_id"
)
_log = Shape(
    "id timestamp removal_time external_task_id topic_name worker_id priority retries "
    "error_message activity_id activity_instance_id execution_id process_instance_id "
    "process_definition_id process_definition_key tenant_id root_process_instance_id"
)
_historic_incident = Shape(
    "id process_definition_key process_definition_id process_instance_id execution_id "
    "root_process_instance_id create_time end_time removal_time incident_type activity_id "
    "failed_activity_id cause_incident_id root_cause_incident_id configuration "
    "history_configuration incident_message tenant_id job_definition_id annotation"
)
_historic_task = Shape(
    "id process_definition_key process_definition_id process_instance_id execution_id "
    "activity_instance_id name description delete_reason owner assignee start_time end_time "
    "task_definition_key priority due_date parent_task_id follow_up_date tenant_id removal_time "
    "root_process_instance_id task_state",
    due_date="due",
    follow_up_date="followUp",
)


def _duration(view: Mapping[str, Any]) -> int | None:
    """How long something took, in milliseconds."""
    start, end = view["start_time"], view["end_time"]
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    return (end - start) // timedelta(milliseconds=1)


def deployment(view: Mapping[str, Any]) -> dict[str, Any]:
    """A deployment in a list."""
    return {"links": [], **_deployment(view)}


def job(view: Mapping[str, Any]) -> dict[str, Any]:
    """A job; what sorts by retries alone has no activity that failed."""
    return _job(view)


def task(view: Mapping[str, Any]) -> dict[str, Any]:
    """A user task."""
    answer = _task(view)
    answer.update(
        caseExecutionId=None, caseInstanceId=None, caseDefinitionId=None, camundaFormRef=None
    )
    return answer


def historic_instance(view: Mapping[str, Any]) -> dict[str, Any]:
    """A process instance in the history."""
    return {
        **_historic_instance(view),
        "durationInMillis": _duration(view),
        "superCaseInstanceId": None,
        "restartedProcessInstanceId": None,
    }


def historic_activity(view: Mapping[str, Any]) -> dict[str, Any]:
    """An activity instance in the history."""
    return {**_historic_activity(view), "durationInMillis": _duration(view)}


def external_task_log(view: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the external task log."""
    state = view["state"]
    return {
        **_log(view),
        "creationLog": state == 0,
        "failureLog": state == 1,
        "successLog": state == 2,
        "deletionLog": state == 3,
    }


def historic_incident(view: Mapping[str, Any]) -> dict[str, Any]:
    """An incident in the history."""
    state = view["state"]
    return {
        **_historic_incident(view),
        "open": state == 0,
        "resolved": state == 1,
        "deleted": state == 2,
    }


def historic_task(view: Mapping[str, Any]) -> dict[str, Any]:
    """A user task in the history."""
    return {
        **_historic_task(view),
        "duration": _duration(view),
        "caseDefinitionKey": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
    }


_variable = Shape(
    "id name process_definition_id process_instance_id execution_id task_id activity_instance_id "
    "tenant_id"
)
_historic_variable = Shape(
    "id name process_definition_key process_definition_id process_instance_id execution_id "
    "activity_instance_id task_id tenant_id state create_time removal_time "
    "root_process_instance_id"
)
_detail = Shape(
    "id process_definition_key process_definition_id process_instance_id activity_instance_id "
    "execution_id task_id tenant_id time removal_time root_process_instance_id variable_name "
    "variable_instance_id variable_type revision is_initial"
)


def _value(
    typed: TypedValue, name: str, deserialize: bool, *, is_historic: bool = False
) -> dict[str, Any]:
    """The value of a variable in a list; one that cannot be read says why."""
    if typed.type == "Bytes":
        typed = TypedValue("Bytes", None)
    try:
        shown = render(typed, deserialized=deserialize, is_historic=is_historic)
        return {**shown, "errorMessage": None}
    except ValueError as error:
        text = f"Cannot deserialize object in variable '{name}': {error}"
        return {"type": typed.type, "value": None, "valueInfo": None, "errorMessage": text}


def _whole_batch(view: Mapping[str, Any]) -> dict[str, Any]:
    """A batch with what is the same for all, and the ids that its jobs say."""
    return {
        **view,
        "batch_jobs_per_seed": 100,
        "invocations_per_batch_job": 1,
        "seed_job_definition_id": f"{view['id']}:batch-seed-job",
        "monitor_job_definition_id": f"{view['id']}:batch-monitor-job",
        "batch_job_definition_id": f"{view['id']}:{view['type']}",
        "create_user_id": None,
    }


def batch(view: Mapping[str, Any]) -> dict[str, Any]:
    """A batch."""
    return _batch(_whole_batch(view))


def batch_statistics(view: Mapping[str, Any]) -> dict[str, Any]:
    """A batch with how far it is."""
    return _batch_statistics(_whole_batch(view))


def variable_instance(
    view: Mapping[str, Any], typed: TypedValue, deserialize: bool
) -> dict[str, Any]:
    """A variable in the list of those that are there now."""
    return {
        **_value(typed, view["name"], deserialize),
        **_variable(view),
        "caseInstanceId": None,
        "caseExecutionId": None,
        "batchId": None,
    }


_NO_CASE = {
    "caseDefinitionKey": None,
    "caseDefinitionId": None,
    "caseInstanceId": None,
    "caseExecutionId": None,
}


def historic_variable(
    view: Mapping[str, Any], typed: TypedValue, deserialize: bool
) -> dict[str, Any]:
    """A variable in the history."""
    value = _value(typed, view["name"], deserialize, is_historic=True)
    return {**value, **_historic_variable(view), **_NO_CASE}


def historic_detail(
    view: Mapping[str, Any], typed: TypedValue, deserialize: bool
) -> dict[str, Any]:
    """A change of a variable in the history."""
    found = _value(typed, view["variable_name"], deserialize, is_historic=True)
    del found["type"]
    return {
        "type": "variableUpdate",
        **_detail(view),
        **_NO_CASE,
        **found,
        "userOperationId": None,
    }


def activity_instance(node: Mapping[str, Any]) -> dict[str, Any]:
    """A node of the tree of activity instances, with those below; no deeper than the model."""
    return {
        "id": node["id"],
        "parentActivityInstanceId": node["parent_activity_instance_id"],
        "activityId": node["activity_id"],
        "activityType": node["activity_type"],
        "processInstanceId": node["process_instance_id"],
        "processDefinitionId": node["process_definition_id"],
        "childActivityInstances": [activity_instance(n) for n in node["child_activity_instances"]],
        "childTransitionInstances": [transition(n) for n in node["child_transition_instances"]],
        "executionIds": node["execution_ids"],
        "activityName": node["activity_name"],
        "incidentIds": node["incident_ids"],
        "incidents": [_incident_of(i) for i in node["incidents"]],
        "name": node["name"],
    }


_incident_of = Shape("id activity_id")
_transition_shape = Shape(
    "id parent_activity_instance_id process_instance_id process_definition_id activity_id "
    "activity_name activity_type execution_id target_activity_id incident_ids"
)


def transition(node: Mapping[str, Any]) -> dict[str, Any]:
    """An activity that is about to be entered or left."""
    return {
        **_transition_shape(node),
        "incidents": [_incident_of(i) for i in node["incidents"]],
    }
