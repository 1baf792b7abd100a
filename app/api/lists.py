"""Lists and single items: every resource that can only be read here has the same four views.

Source: contract 3.15, 4 and 5.
"""

from functools import partial

from flask import Blueprint

from app.schemas import (
    batches,
    cleanup,
    deployments,
    executions,
    external_tasks,
    history,
    jobs,
    monitoring,
    process_definitions,
    variables,
)

from .list_views import Lists, shown_with_value, with_detail
from .problems import REST

EXTERNAL_TASKS = Lists(
    "external_task",
    external_tasks.external_task,
    missing="External task with id {id} does not exist",
    type_=REST,
    example={"topicName": "charge", "locked": True},
)
DEFINITIONS = Lists(
    "process_definition",
    process_definitions.process_definition,
    missing="No matching definition with id {id}",
    code=0,
    posts=False,
)
DEPLOYMENTS = Lists(
    "deployment",
    deployments.deployment,
    missing="Deployment with id '{id}' does not exist",
    posts=False,
)
INSTANCES = Lists(
    "process_instance",
    process_definitions.process_instance,
    example={"businessKey": "order-1"},
)
EXECUTIONS = Lists(
    "execution",
    executions.execution,
    missing="Execution with id {id} does not exist",
    example={"activityId": "payment"},
)
VARIABLES = Lists(
    "variable_instance",
    variables.variable_instance,
    with_value=shown_with_value,
    missing="Variable instance with Id '{id}' does not exist.",
    example={"variableName": "amount"},
)
SUBSCRIPTIONS = Lists("event_subscription", executions.event_subscription, posts=False)
INCIDENTS = Lists(
    "incident",
    jobs.incident,
    missing="No matching incident with id {id}",
    posts=False,
)
JOBS = Lists(
    "job",
    jobs.job,
    missing="Job with id {id} does not exist",
    example={"processDefinitionKey": "order", "timers": True},
)
JOB_DEFINITIONS = Lists(
    "job_definition",
    jobs.job_definition,
    missing="Job Definition with id {id} does not exist",
    example={"processDefinitionKey": "order"},
)
SCHEMA_LOGS = Lists("schema_log", monitoring.schema_log, counts=False)
BATCHES = Lists(
    "batch",
    batches.batch,
    missing="Batch with id '{id}' does not exist",
    posts=False,
)
BATCH_STATISTICS = Lists("batch_statistics", batches.batch_statistics, posts=False)
# By the path, as commands look up the list whose query their body holds.
HISTORY = {
    "process-instance": Lists(
        "historic_process_instance",
        history.historic_instance,
        missing="Historic process instance with id {id} does not exist",
        example={"processDefinitionKey": "order", "finished": True},
    ),
    "activity-instance": Lists(
        "historic_activity_instance",
        history.historic_activity,
        missing="Historic activity instance with id '{id}' does not exist",
        example={"activityId": "approve"},
    ),
    "variable-instance": Lists(
        "historic_variable_instance",
        history.historic_variable,
        with_value=partial(shown_with_value, is_historic=True),
        missing="Historic variable instance with Id '{id}' does not exist.",
        example={"variableName": "amount"},
    ),
    "detail": Lists(
        "historic_detail",
        history.historic_detail,
        with_value=with_detail,
        missing="Historic detail with Id '{id}' does not exist.",
        counts_posts=False,
        example={"variableUpdates": True},
    ),
    "external-task-log": Lists(
        "historic_external_task_log",
        history.external_task_log,
        missing="Historic external task log with id {id} does not exist",
        example={"creationLog": True},
    ),
    "job-log": Lists(
        "historic_job_log",
        history.job_log,
        missing="Historic job log with id {id} does not exist",
        example={"creationLog": True},
    ),
    "incident": Lists("historic_incident", history.historic_incident, posts=False),
    "task": Lists("historic_task", history.historic_task, example={"taskDefinitionKey": "approve"}),
    "user-operation": Lists("user_operation", monitoring.user_operation, posts=False),
    "batch": Lists(
        "historic_batch",
        batches.historic_batch,
        missing="Historic batch with id '{id}' does not exist",
        posts=False,
    ),
    "identity-link-log": Lists("historic_identity_link", history.identity_link_log, posts=False),
}

CLEANABLE = {
    "process-definition/cleanable-process-instance-report": Lists(
        "cleanable_process_instance_report", cleanup.instance_report, posts=False
    ),
    "batch/cleanable-batch-report": Lists(
        "cleanable_batch_report", cleanup.batch_report, posts=False
    ),
}


def list_blueprints() -> list[Blueprint]:
    """Every list."""
    return [
        EXTERNAL_TASKS.blueprint("/external-task"),
        DEFINITIONS.blueprint("/process-definition"),
        DEPLOYMENTS.blueprint("/deployment"),
        INSTANCES.blueprint("/process-instance"),
        EXECUTIONS.blueprint("/execution"),
        VARIABLES.blueprint("/variable-instance"),
        SUBSCRIPTIONS.blueprint("/event-subscription"),
        INCIDENTS.blueprint("/incident"),
        JOBS.blueprint("/job"),
        JOB_DEFINITIONS.blueprint("/job-definition"),
        SCHEMA_LOGS.blueprint("/schema/log"),
        BATCHES.blueprint("/batch"),
        BATCH_STATISTICS.blueprint("/batch/statistics"),
        *(
            lists.blueprint(f"/history/{path}")
            for path, lists in (*HISTORY.items(), *CLEANABLE.items())
        ),
    ]
