"""Answers of the history.

Source: contract 3.17 and 4.
"""

from dataclasses import replace

from .answers import (
    BOOLEAN,
    INTEGER,
    TEXT,
    Answer,
    Field,
    View,
    absent,
    boolean,
    computed,
    date,
    integer,
    milliseconds,
    text,
)
from .variables import VALUE, VALUE_WITHOUT_TYPE

_ID = text("id", is_nullable=False)
# Computed when it is answered: a column would have to be written at each end.
_DURATION = computed("durationInMillis", INTEGER, milliseconds, is_nullable=True)
NO_CASE = absent("caseDefinitionKey", "caseDefinitionId", "caseInstanceId", "caseExecutionId")


def _in_state(key: str, state: int) -> tuple[Field, ...]:
    """Whether the entry has a state, which the reference engine numbers."""

    def is_in_state(view: View) -> bool:
        return bool(view["state"] == state)

    return computed(key, BOOLEAN, is_in_state)


historic_instance = Answer(
    "HistoricProcessInstance",
    _ID,
    text("business_key", "process_definition_id", "process_definition_key"),
    text("process_definition_name"),
    integer("process_definition_version"),
    date("start_time", "end_time", "removal_time"),
    text("start_user_id", "start_activity_id", "delete_reason", "root_process_instance_id"),
    text("super_process_instance_id", "case_instance_id", "tenant_id", "state"),
    _DURATION,
    text("restarted_process_instance_id"),
    absent("superCaseInstanceId"),
)
historic_activity = Answer(
    "HistoricActivityInstance",
    _ID,
    text("parent_activity_instance_id", "activity_id", "activity_name", "activity_type"),
    text("process_definition_key", "process_definition_id", "process_instance_id"),
    text("execution_id", "task_id", "called_process_instance_id", "called_case_instance_id"),
    text("assignee"),
    date("start_time", "end_time"),
    boolean("is_canceled"),
    boolean("is_complete_scope"),
    text("tenant_id"),
    date("removal_time"),
    text("root_process_instance_id"),
    _DURATION,
)
external_task_log = Answer(
    "HistoricExternalTaskLog",
    _ID,
    date("timestamp", "removal_time"),
    text("external_task_id", "topic_name", "worker_id"),
    integer("priority", "retries"),
    text("error_message", "activity_id", "activity_instance_id", "execution_id"),
    text("process_instance_id", "process_definition_id", "process_definition_key"),
    text("tenant_id", "root_process_instance_id"),
    _in_state("creationLog", 0),
    _in_state("failureLog", 1),
    _in_state("successLog", 2),
    _in_state("deletionLog", 3),
)
job_log = Answer(
    "HistoricJobLog",
    _ID,
    date("timestamp", "removal_time"),
    text("job_id"),
    date("due_date", key="jobDueDate"),
    integer("retries", key="jobRetries"),
    integer("priority", key="jobPriority"),
    text("exception_message", key="jobExceptionMessage"),
    text("job_definition_id"),
    text("job_kind", key="jobDefinitionType"),
    text("job_definition_configuration", "activity_id", "failed_activity_id", "execution_id"),
    text("process_instance_id", "process_definition_id", "process_definition_key"),
    text("deployment_id", "tenant_id", "hostname", "root_process_instance_id", "batch_id"),
    _in_state("creationLog", 0),
    _in_state("failureLog", 1),
    _in_state("successLog", 2),
    _in_state("deletionLog", 3),
)
historic_incident = Answer(
    "HistoricIncident",
    _ID,
    text("process_definition_key", "process_definition_id", "process_instance_id"),
    text("execution_id", "root_process_instance_id"),
    date("create_time", "end_time", "removal_time"),
    text("incident_type", "activity_id", "failed_activity_id", "cause_incident_id"),
    text("root_cause_incident_id", "configuration", "history_configuration"),
    text("incident_message", "tenant_id", "job_definition_id", "annotation"),
    _in_state("open", 0),
    _in_state("resolved", 1),
    _in_state("deleted", 2),
)
identity_link_log = Answer(
    "HistoricIdentityLink",
    _ID,
    date("time"),
    text("type", "user_id", "group_id", "task_id", "process_definition_id"),
    text("process_definition_key", "operation_type", "assigner_id", "tenant_id"),
    date("removal_time"),
    text("root_process_instance_id"),
)
historic_task = Answer(
    "HistoricTask",
    _ID,
    text("process_definition_key", "process_definition_id", "process_instance_id"),
    text("execution_id", "activity_instance_id", "name", "description", "delete_reason"),
    text("owner", "assignee"),
    date("start_time", "end_time"),
    text("task_definition_key"),
    integer("priority"),
    date("due_date", key="due"),
    text("parent_task_id"),
    date("follow_up_date", key="followUp"),
    text("tenant_id"),
    date("removal_time"),
    text("root_process_instance_id", "task_state"),
    computed("duration", INTEGER, milliseconds, is_nullable=True),
    NO_CASE,
)
historic_variable = Answer(
    "HistoricVariableInstance",
    VALUE,
    _ID,
    text("name", "process_definition_key", "process_definition_id", "process_instance_id"),
    text("execution_id", "activity_instance_id", "task_id", "tenant_id", "state"),
    date("create_time", "removal_time"),
    text("root_process_instance_id"),
    NO_CASE,
)


# The reference engine has one class for each kind of detail, so that fields of the other kinds are
# missing, where everywhere else what has no value is null.
def _some(*fields: Field) -> tuple[Field, ...]:
    """Fields that only some answers have: those whose view has them."""
    return tuple(replace(field, is_optional=True) for field in fields)


def detail_type(view: View) -> str:
    """Whether a detail is a text of a form or the change of a variable."""
    return "formField" if "field_id" in view else "variableUpdate"


historic_detail = Answer(
    "HistoricDetail",
    computed("type", TEXT, detail_type),
    _ID,
    text("process_definition_key", "process_definition_id", "process_instance_id"),
    text("activity_instance_id", "execution_id", "task_id", "tenant_id"),
    date("time", "removal_time"),
    text("root_process_instance_id"),
    _some(*text("variable_name", "variable_instance_id", "variable_type")),
    _some(*integer("revision"), *boolean("is_initial"), *VALUE_WITHOUT_TYPE),
    _some(*text("field_id", "field_value")),
    NO_CASE,
    absent("userOperationId"),
)
