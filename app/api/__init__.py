"""HTTP: one blueprint per Camunda resource."""

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Every blueprint below the base path."""
    from app.api.openapi.views import openapi

    from .batches import batches
    from .definition_reads import definition_reads
    from .deployments import deployments
    from .engine import engine
    from .executions import executions
    from .external_tasks import external_tasks
    from .history import history
    from .job_definitions import job_definitions
    from .jobs import incidents, jobs
    from .lists import list_blueprints
    from .messages import messages
    from .process_definitions import process_definitions
    from .process_instances import process_instances
    from .reports import reports
    from .statistics import statistics
    from .tasks import tasks
    from .variable_instances import variable_instances
    from .variables import variables

    return [
        engine,
        openapi,
        external_tasks,
        deployments,
        process_definitions,
        process_instances,
        variables(),
        executions,
        messages,
        jobs,
        job_definitions,
        incidents,
        tasks,
        batches,
        definition_reads,
        history,
        reports,
        statistics,
        variable_instances,
        *list_blueprints(),
    ]
