"""Every blueprint below the base path."""

from flask import Blueprint

from app.api.openapi.views import openapi

from .attachments import attachments
from .authorizations import authorizations
from .batches import batches, historic_batches
from .comments import comments
from .decision_batches import decision_batches
from .decision_definitions import decision_definitions
from .decision_lists import decision_list_blueprints
from .decision_requirements import decision_requirements
from .definition_reads import definition_reads
from .deployments import deployments
from .engine import engine
from .executions import executions
from .external_tasks import external_tasks
from .filters import FILTERS, filters
from .forms import forms_of
from .groups import groups, tenants
from .history import history
from .history_cleanup import history_cleanup
from .identity import identity, users
from .identity_lists import identity_list_blueprints
from .instance_batches import instance_batches, job_batches
from .job_definitions import job_definitions
from .jobs import incidents, jobs
from .lists import list_blueprints
from .messages import messages
from .migrations import migrations
from .modification import modifications
from .monitoring import monitoring
from .options import options
from .process_definitions import process_definitions
from .process_instances import process_instances
from .reports import reports
from .restarts import restarts
from .statistics import statistics
from .task_lists import TASKS
from .tasks import tasks
from .testing import testing
from .variable_instances import variable_instances
from .variables import variables

_BLUEPRINTS = [
    engine,
    openapi,
    external_tasks,
    deployments,
    process_definitions,
    process_instances,
    modifications,
    migrations,
    restarts,
    variables(),
    executions,
    messages,
    jobs,
    job_definitions,
    incidents,
    tasks,
    comments,
    attachments,
    forms_of,
    batches,
    historic_batches,
    instance_batches,
    job_batches,
    definition_reads,
    history,
    history_cleanup,
    reports,
    monitoring,
    statistics,
    variable_instances,
    options,  # before the lists, whose routes answer OPTIONS by themselves
    users,
    identity,
    groups,
    tenants,
    authorizations,
    *identity_list_blueprints(),
    filters,
    FILTERS.blueprint("/filter"),
    decision_definitions,
    decision_requirements,
    decision_batches,
    *decision_list_blueprints(),
    *list_blueprints(),
    TASKS.blueprint("/task"),
]


def blueprints(*, is_test: bool = False) -> list[Blueprint]:
    """Every blueprint below the base path; an engine for tests has one more."""
    return [*_BLUEPRINTS, testing] if is_test else _BLUEPRINTS
