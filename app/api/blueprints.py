"""Every blueprint below the base path, with the first parts of the paths that it serves.

`sections` loads them. Where the same path is served by two, the first one comes first.
"""

_BLUEPRINTS = {
    "engine:engine": "engine version",
    "openapi.views:openapi": "openapi.json docs",
    "external_tasks:external_tasks": "external-task",
    "deployments:deployments": "deployment",
    "process_definitions:process_definitions": "process-definition",
    "process_instances:process_instances": "process-instance",
    "modification:modifications": "process-instance modification",
    "migrations:migrations": "migration",
    "restarts:restarts": "process-definition",
    "variables:variables": "process-instance execution task",
    "executions:executions": "execution",
    "messages:messages": "message signal condition",
    "jobs:jobs": "job",
    "job_definitions:job_definitions": "job-definition",
    "jobs:incidents": "execution incident",
    "tasks:tasks": "task",
    "comments:comments": "task process-instance",
    "attachments:attachments": "task",
    "forms:forms_of": "task process-definition",
    "batches:batches": "batch",
    "batches:historic_batches": "history",
    "instance_batches:instance_batches": "process-instance",
    "instance_batches:job_batches": "job",
    "definition_reads:definition_reads": "process-definition",
    "history:history": "history",
    "history_cleanup:history_cleanup": "history",
    "reports:reports": "history",
    "monitoring:monitoring": "metrics telemetry history",
    "statistics:statistics": "process-definition history",
    "variable_instances:variable_instances": "variable-instance history",
    # before the lists, whose routes answer OPTIONS by themselves
    "options:options": "user group tenant filter authorization",
    "identity:users": "user",
    "identity:identity": "identity",
    "groups:groups": "group",
    "groups:tenants": "tenant",
    "authorizations:authorizations": "authorization",
    "identity_lists:identity_list_blueprints": "user group tenant authorization",
    "filters:filters": "filter",
    "filters:filter_list": "filter",
    "decision_definitions:decision_definitions": "decision-definition",
    "decision_requirements:decision_requirements": "decision-requirements-definition history",
    "decision_batches:decision_batches": "history",
    "decision_lists:decision_list_blueprints": (
        "decision-definition decision-requirements-definition history"
    ),
    "lists:list_blueprints": (
        "external-task process-definition deployment process-instance execution variable-instance "
        "event-subscription incident job job-definition schema batch history"
    ),
    "task_lists:task_list": "task",
}
_OF_TESTS = {"testing:testing": "test"}


def blueprints(*, is_test: bool = False) -> dict[str, list[str]]:
    """Where every blueprint below the base path is; an engine for tests has one more."""
    named = {**_BLUEPRINTS, **(_OF_TESTS if is_test else {})}
    return {f"{__package__}.{name}": parts.split() for name, parts in named.items()}
