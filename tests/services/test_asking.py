"""Services that ask by themselves: what a body names has to be allowed."""

import pytest

from app.errors import AuthorizationError
from app.security.permissions import Resource
from app.services import (
    access,
    conditions,
    deployments,
    instance_batches,
    job_definitions,
    messages,
    migration,
    modification,
    removal_times,
    reports,
    restart,
    signals,
    suspension,
)

from .asking import DEP, MESSAGE, B, P, on_all
from .conftest import values

SKIPS = {"skip_custom_listeners": False, "skip_io_mappings": False}
NO_QUERIES = {"process_instance_query": None, "historic_process_instance_query": None}
STEP = [{"type": "cancel", "activity_id": "auto"}]
COMMANDS = [
    pytest.param(
        lambda c: messages.correlate(c.kim, message_name="go", **MESSAGE),
        [*on_all("CREATE_INSTANCE"), *on_all("CREATE", resource=P)],
        id="message that starts",
    ),
    pytest.param(
        lambda c: signals.deliver(
            c.kim,
            name="beep",
            execution_id=None,
            variables={},
            tenant_id=None,
            without_tenant_id=False,
        ),
        [*on_all("CREATE_INSTANCE"), *on_all("CREATE", resource=P)],
        id="signal that starts",
    ),
    pytest.param(
        lambda c: conditions.evaluate(
            c.kim,
            variables=values(degrees=31),
            business_key=None,
            tenant_id=None,
            without_tenant_id=False,
            process_definition_id=None,
        ),
        [*on_all("CREATE_INSTANCE"), *on_all("CREATE", resource=P)],
        id="condition that starts",
    ),
    pytest.param(
        lambda c: suspension.set_instances(c.kim, [c.instance], suspended=False),
        on_all("SUSPEND", resource=P),
        id="suspension of an instance",
    ),
    pytest.param(
        lambda c: suspension.set_instances_of(
            c.kim, suspended=False, process_definition_key="events"
        ),
        on_all("SUSPEND_INSTANCE"),
        id="suspension of all instances",
    ),
    pytest.param(
        lambda c: suspension.set_definitions(
            c.kim,
            suspended=False,
            include_process_instances=False,
            process_definition_key="events",
        ),
        on_all("SUSPEND"),
        id="suspension of a definition",
    ),
    pytest.param(
        lambda c: suspension.set_definitions(
            c.kim,
            suspended=False,
            include_process_instances=True,
            process_definition_key="events",
        ),
        on_all("SUSPEND", "SUSPEND_INSTANCE"),
        id="suspension of a definition with its instances",
    ),
    pytest.param(
        lambda c: suspension.set_jobs(
            c.kim,
            suspended=False,
            process_definition_tenant_id=None,
            process_definition_without_tenant_id=False,
            job_id=c.job["id"],
        ),
        on_all("UPDATE", resource=P),
        id="suspension of a job",
    ),
    pytest.param(
        lambda c: job_definitions.set_suspended(
            c.kim, suspended=False, job_definition_id=c.job["job_definition_id"]
        ),
        on_all("UPDATE"),
        id="suspension of a job definition",
    ),
    pytest.param(
        lambda c: job_definitions.set_suspended(
            c.kim,
            suspended=False,
            include_jobs=True,
            job_definition_id=c.job["job_definition_id"],
        ),
        on_all("UPDATE", "UPDATE_INSTANCE"),
        id="suspension of a job definition with its jobs",
    ),
    pytest.param(
        lambda c: job_definitions.set_retries(
            c.kim, c.job["job_definition_id"], retries=1, due_date=None, sets_due_date=False
        ),
        on_all("RETRY_JOB"),
        id="retries of a job definition",
    ),
    pytest.param(
        lambda c: job_definitions.set_priority(
            c.kim, c.job["job_definition_id"], priority=None, include_jobs=False
        ),
        on_all("UPDATE"),
        id="priority of a job definition is taken back",
    ),
    pytest.param(
        lambda c: job_definitions.set_priority(
            c.kim, c.job["job_definition_id"], priority=1, include_jobs=False
        ),
        on_all("UPDATE", "UPDATE_INSTANCE"),
        id="priority of a job definition and of all jobs",
    ),
    pytest.param(
        lambda c: modification.modify_many(
            c.kim,
            process_definition_id=c.definition,
            instance_ids=[c.instance],
            instructions=STEP,
            **SKIPS,
        ),
        on_all("UPDATE_INSTANCE", "DELETE_INSTANCE"),
        id="modification that ends an instance",
    ),
    pytest.param(
        lambda c: restart.restart(
            c.kim,
            [c.ended],
            restart.Options(c.definition, [{"type": "startBeforeActivity", "activity_id": "auto"}]),
        ),
        [*on_all("READ_HISTORY", "CREATE_INSTANCE"), *on_all("CREATE", resource=P)],
        id="restart",
    ),
    pytest.param(
        lambda c: migration.generate(
            c.kim, source_id=c.definition, target_id=c.definition, update_event_triggers=False
        ),
        on_all("READ"),
        id="plan",
    ),
    pytest.param(
        lambda c: migration.validate(c.kim, c.plan), on_all("READ"), id="validation of a plan"
    ),
    pytest.param(
        lambda c: instance_batches.delete(
            c.kim,
            delete_reason=None,
            skip_subprocesses=False,
            process_instance_ids=[c.instance],
            **NO_QUERIES,
            **SKIPS,
        ),
        on_all("CREATE_BATCH_DELETE_RUNNING_PROCESS_INSTANCES", resource=B),
        id="batch of deletions",
    ),
    pytest.param(
        lambda c: instance_batches.set_suspended(
            c.kim, suspended=False, process_instance_ids=[c.instance], **NO_QUERIES
        ),
        on_all("CREATE_BATCH_UPDATE_PROCESS_INSTANCES_SUSPEND", resource=B),
        id="batch of suspensions",
    ),
    pytest.param(
        lambda c: instance_batches.set_variables(
            c.kim, variables=values(v=1), process_instance_ids=[c.instance], **NO_QUERIES
        ),
        on_all("CREATE_BATCH_SET_VARIABLES", resource=B),
        id="batch of variables",
    ),
    pytest.param(
        lambda c: instance_batches.correlate(
            c.kim, message_name="m", variables={}, process_instance_ids=[c.instance], **NO_QUERIES
        ),
        on_all("CREATE_BATCH_CORRELATE_MESSAGE", resource=B),
        id="batch of messages",
    ),
    pytest.param(
        lambda c: removal_times.set_of_instances(
            c.kim,
            historic_process_instance_ids=[c.ended],
            historic_process_instance_query=None,
            hierarchical=False,
            update_in_chunks=False,
            update_chunk_size=None,
            absolute_removal_time=None,
            calculated_removal_time=False,
            cleared_removal_time=True,
        ),
        on_all("CREATE_BATCH_SET_REMOVAL_TIME", resource=B),
        id="batch of removal times",
    ),
    pytest.param(
        lambda c: deployments.create(
            c.kim, name="d", source=None, tenant_id=None, resources=[("a.txt", b"a")]
        ),
        on_all("CREATE", resource=DEP),
        id="deployment",
    ),
    pytest.param(
        lambda c: reports.task_counts(c.kim, {}, is_by_name=True),
        on_all("READ_HISTORY"),
        id="report",
    ),
    pytest.param(
        lambda c: access.require(c.kim, "GET /telemetry/data", ()),
        on_all("READ", resource=Resource.SYSTEM),
        id="telemetry",
    ),
]


@pytest.mark.parametrize(("command", "needed"), COMMANDS)
def test_a_command_needs_each_of_its_permissions_and_no_more(case, command, needed):
    case.renew()
    for missing in needed:
        take_back = case.grant(*(one for one in needed if one != missing))
        with pytest.raises(AuthorizationError):
            command(case)
        take_back()

    take_back = case.grant(*needed)
    command(case)
    take_back()


@pytest.mark.parametrize(("command", "needed"), COMMANDS)
def test_the_engine_itself_is_asked_for_nothing(case, command, needed):
    case.renew()
    with pytest.raises(AuthorizationError):
        command(case)
    kim, case.kim = case.kim, case.engine.store
    try:
        command(case)
    finally:
        case.kim = kim
