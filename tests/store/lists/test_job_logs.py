"""Entries of the log of jobs that each filter finds.

Source: contract 10.7.
"""

from app.engine.history.history import CREATED, DELETED, FAILED, SUCCESSFUL
from app.models.history import historic_job_log, historic_process_instance
from app.models.repository import process_definition
from app.store.lists import job_logs
from tests.store.rows import day

from .cases import Lines, OfEachList, case, ordered

_IN_FIRST = {
    "process_instance_id": "i1",
    "root_process_instance_id": "i1",
    "process_definition_id": "p:1",
    "process_definition_key": "p",
    "job_kind": "async-before",
}
LISTED_LOGS = {
    "l1": {**_IN_FIRST, "state": CREATED, "job_id": "j1", "job_definition_id": "jd1"},
    "l2": {
        **_IN_FIRST,
        "state": FAILED,
        "job_id": "j1",
        "retries": 2,
        "exception_message": "boom",
        "exception_stacktrace": "at boom",
        "failed_activity_id": "b",
        "hostname": "here",
        "timestamp": day(2),
    },
    "l3": {
        **_IN_FIRST,
        "state": SUCCESSFUL,
        "job_id": "j2",
        "process_definition_id": "p:2",
        "activity_id": "a",
        "execution_id": "e2",
        "priority": 7,
        "tenant_id": "red",
        "job_definition_configuration": "DATE: x",
        "due_date": day(5),
        "timestamp": day(2),
    },
    "l4": {
        "state": DELETED,
        "job_id": "j3",
        "job_kind": "batch-seed-job",
        "batch_id": "b1",
        "deployment_id": "d1",
        "priority": -7,
        "timestamp": day(1),
    },
    # Of a definition; the deployment in its own row is not asked.
    "l5": {
        **_IN_FIRST,
        "state": CREATED,
        "job_id": "j5",
        "deployment_id": "d2",
        "process_instance_id": None,
        "root_process_instance_id": None,
    },
}


def fill(rows):
    """The log of the jobs of an instance, of two definitions, and of a batch."""
    rows.add(process_definition, "p:1", key="p", deployment_id="d1")
    rows.add(process_definition, "p:2", key="p", deployment_id="d2")
    rows.add(historic_process_instance, "i1", removal_time=day(30))
    rows.add_all(
        historic_job_log,
        LISTED_LOGS,
        timestamp=day(1),
    )


LOGS = [
    case("l1 l2 l3 l4 l5"),
    case("l2", log_id="l2"),
    case("l1 l2", job_id="j1"),
    case("l2", job_exception_message="boom"),
    case("l1", job_definition_id="jd1"),
    case("l4", job_definition_type="batch-seed-job"),
    case("l3", job_definition_configuration="DATE: x"),
    case("l3", activity_id_in=["a", "z"]),
    case("l2", failed_activity_id_in=["b"]),
    case("l3", execution_id_in=["e2"]),
    case("l1 l2 l3", process_instance_id="i1"),
    case("l3", process_definition_id="p:2"),
    case("l1 l2 l3 l5", process_definition_key="p"),
    case("l1 l2 l4 l5", deployment_id="d1"),
    case("l3", deployment_id="d2"),
    case("l3", job_priority_higher_than_or_equals=7),
    case("l4", job_priority_lower_than_or_equals=-7),
    case("l2", hostname="here"),
    case("l1 l5", creation_log=True),
    case("l2", failure_log=True),
    case("l3", success_log=True),
    case("l4", deletion_log=True),
    # Of several states the one that the reference sets last counts.
    case("l4", creation_log=True, deletion_log=True, success_log=True),
    case("l3", success_log=True, failure_log=True),
    case("l3", tenant_id_in=["red"]),
    case("l1 l2 l4 l5", without_tenant_id=True),
    case("l2", process_definition_key="p", job_id="j1", failure_log=True),
]
LOG_ORDERS = [
    ordered("l2 l3 l1 l4 l5", "timestamp desc"),
    ordered("l1 l2 l3 l4 l5", "jobId asc"),
    ordered("l3 l1 l2 l4 l5", "jobDueDate desc"),
    ordered("l1 l3 l4 l5 l2", "jobRetries asc"),
    ordered("l4 l1 l2 l5 l3", "jobPriority asc"),
    ordered("l1 l2 l3 l4 l5", "jobDefinitionId desc"),
    ordered("l3 l1 l2 l4 l5", "activityId desc"),
    ordered("l3 l1 l2 l4 l5", "executionId desc"),
    ordered("l4 l5 l1 l2 l3", "processInstanceId asc"),
    ordered("l3 l1 l2 l5 l4", "processDefinitionId desc"),
    ordered("l4 l1 l2 l3 l5", "processDefinitionKey asc"),
    ordered("l5 l4 l1 l2 l3", "deploymentId desc"),
    ordered("l5 l4 l3 l2 l1", "occurrence desc"),
    ordered("l2 l1 l3 l4 l5", "hostname desc"),
    ordered("l1 l2 l4 l5 l3", "tenantId asc"),
]


def test_an_entry_goes_when_its_root_instance_goes(world):
    with world.reading() as connection:
        found = {
            one: job_logs.JOB_LOGS.one(connection, one)["removal_time"] for one in ("l1", "l4")
        }

    assert found == {"l1": day(30), "l4": None}


def test_the_trace_of_an_entry_is_told_apart_from_no_entry(world):
    with world.reading() as connection:
        found = [job_logs.stacktrace(connection, one) for one in ("l2", "l1", "none")]

    assert found == [("at boom",), (None,), None]


LISTS = {"historic_job_log": Lines(LOGS, LOG_ORDERS)}


class TestLists(OfEachList):
    """Each list of the table."""
