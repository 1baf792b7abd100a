"""Which jobs, job definitions and entries of the log of jobs each filter finds.

Source: contract 4.6, 10.5 and 10.7.
"""

import pytest

from app.engine.history.history import CREATED, DELETED, FAILED, SUCCESSFUL
from app.engine.jobs.definitions import BOUNDARY_TIMER, START_TIMER
from app.errors import InvalidRequestError
from app.models.history import historic_job_log, historic_process_instance
from app.models.repository import job_definition, process_definition
from app.models.runtime import execution, job
from app.store.lists import job_logs, jobs
from tests.store.rows import FAR_AWAY, LONG_AGO, day

from .cases import (
    assert_counts,
    assert_finds,
    assert_sorted,
    case,
    ordered,
    without_case,
    without_order,
)


def fill(rows):
    """Jobs of every sort: due, not yet due, failed, locked, suspended, without an instance."""
    rows.add(process_definition, "p:1", key="p", deployment_id="d1")
    rows.add(process_definition, "p:2", key="p", deployment_id="d2")
    for name, suspended in (("i1", False), ("i2", True)):
        rows.add(
            execution,
            name,
            process_instance_id=name,
            root_process_instance_id=name,
            process_definition_id="p:1",
            process_definition_key="p",
            is_suspended=suspended,
        )
    _fill_jobs(rows)
    _fill_definitions(rows)
    _fill_logs(rows)


def _fill_jobs(rows):
    first = {
        "process_instance_id": "i1",
        "process_definition_id": "p:1",
        "process_definition_key": "p",
        "execution_id": "e1",
        "retries": 3,
        "create_time": day(1),
    }
    rows.add_all(
        job,
        {
            "j1": {**first, "kind": "async-before", "activity_id": "a", "job_definition_id": "jd1"},
            "j2": {
                **first,
                "kind": BOUNDARY_TIMER,
                "activity_id": "b",
                "due_date": day(2),
                "create_time": day(2),
                "priority": 10,
            },
            "j3": {
                **first,
                "kind": BOUNDARY_TIMER,
                "due_date": FAR_AWAY,
                "create_time": day(3),
                "priority": -1,
                "tenant_id": "red",
            },
            "j4": {
                **first,
                "kind": "async-after",
                "retries": 0,
                "execution_id": "e4",
                "exception_message": "no luck",
                "failed_activity_id": "a",
                "tenant_id": "blue",
            },
            # A failure of which the trace alone is known is a failure.
            "j5": {
                **first,
                "kind": "async-after",
                "process_instance_id": "i2",
                "retries": 1,
                "exception_stacktrace": "at line 1",
                "lock_owner": "one",
                "lock_expiration_time": FAR_AWAY,
            },
            "j6": {
                **first,
                "kind": "async-before",
                "is_suspended": True,
                "lock_owner": "two",
                "lock_expiration_time": LONG_AGO,
            },
            "j7": {"kind": START_TIMER, "retries": 3, "due_date": day(3), "create_time": day(4)},
            "j8": {"kind": "history-cleanup", "retries": 3, "create_time": day(4)},
        },
    )


JOBS = [
    case("j1 j2 j3 j4 j5 j6 j7 j8"),
    case("j3", job_id="j3"),
    case("j2 j5", job_ids=["j5", "j2", "none"]),
    case("j1", job_definition_id="jd1"),
    case("j1 j2 j3 j4 j6", process_instance_id="i1"),
    case("j5", process_instance_ids=["i2", "i3"]),
    case("j4", execution_id="e4"),
    case("j1 j2 j3 j4 j5 j6", process_definition_id="p:1"),
    case("j1 j2 j3 j4 j5 j6", process_definition_key="p"),
    case("j2", activity_id="b"),
    case("j4", failed_activity_id="a"),
    case("j1 j2 j3 j5 j6 j7 j8", with_retries_left=True),
    case("j4", no_retries_left=True),
    case("", with_retries_left=True, no_retries_left=True),
    # Not the far timer, the failed one, the one of the suspended instance. The job that is
    # suspended alone counts: the instance decides.
    case("j1 j2 j6 j7 j8", executable=True),
    case("j2 j3 j7", timers=True),
    # The clean-up is neither: it is kept as a job of its own kind.
    case("j1 j4 j5 j6", messages=True),
    case("j3 j7", due_dates=[("gt", day(2))]),
    case("j2", due_dates=[("lt", day(3))]),
    case("j7", due_dates=[("gt", day(2)), ("lt", FAR_AWAY)]),
    case("", due_dates=[("gt", FAR_AWAY)]),
    case("j3 j7 j8", create_times=[("gt", day(2))]),
    # The later end belongs to it, unlike that of due dates.
    case("j1 j2 j4 j5 j6", create_times=[("lt", day(2))]),
    case("j2", create_times=[("gt", day(1)), ("lt", day(2))]),
    case("j4 j5", with_exception=True),
    case("j4", exception_message="no luck"),
    case("", exception_message="no"),
    case("j1 j2 j3 j4 j5 j7 j8", active=True),
    case("j6", suspended=True),
    case("j6", active=True, suspended=True),
    case("j3", priority_lower_than_or_equals=-1),
    case("j2", priority_higher_than_or_equals=1),
    case("j1 j4 j5 j6 j7 j8", priority_higher_than_or_equals=0, priority_lower_than_or_equals=9),
    case("j3", tenant_id_in=["red"]),
    case("j1 j2 j3 j5 j6 j7 j8", tenant_id_in=["red"], include_jobs_without_tenant_id=True),
    case("j1 j2 j5 j6 j7 j8", without_tenant_id=True),
    # The flag adds to named tenants; alone it names none.
    case("j1 j2 j3 j4 j5 j6 j7 j8", include_jobs_without_tenant_id=True),
    case("j1 j2 j5 j6 j7 j8", without_tenant_id=True, tenant_id_in=["red"]),
    case("j5", acquired=True),
    case("j2", timers=True, executable=True, process_instance_id="i1"),
    case("", messages=True, due_dates=[("gt", LONG_AGO)]),
]
JOB_ORDERS = [
    ordered("j8 j7 j6 j5 j4 j3 j2 j1", "jobId desc"),
    ordered("j7 j8 j5 j1 j2 j3 j6 j4", "executionId asc", "jobRetries asc"),
    ordered("j5 j1 j2 j3 j4 j6 j7 j8", "processInstanceId desc"),
    ordered("j7 j8 j1 j2 j3 j4 j5 j6", "processDefinitionId asc"),
    ordered("j1 j2 j3 j4 j5 j6 j7 j8", "processDefinitionKey desc"),
    ordered("j4 j5 j1 j2 j3 j6 j7 j8", "jobRetries asc"),
    ordered("j3 j7 j2 j1 j4 j5 j6 j8", "jobDueDate desc"),
    ordered("j1 j4 j5 j6 j8 j2 j7 j3", "jobDueDate asc"),
    ordered("j3 j1 j4 j5 j6 j7 j8 j2", "jobPriority asc"),
    ordered("j3 j4 j1 j2 j5 j6 j7 j8", "tenantId desc"),
]


@pytest.mark.no_database
@pytest.mark.parametrize(("filters", "expected"), JOBS)
def test_a_filter_finds_exactly_its_jobs(world, filters, expected):
    assert_finds(world, "job", filters, expected)


@pytest.mark.parametrize(("sorting", "expected"), JOB_ORDERS)
def test_jobs_are_sorted(world, sorting, expected):
    assert_sorted(world, "job", sorting, expected)


def test_timers_and_messages_exclude_each_other(world):
    with pytest.raises(InvalidRequestError, match="timers cannot be used together"):
        jobs.JOBS.check({"timers": True, "messages": True}, is_or=False)


def test_the_trace_of_a_job_is_told_apart_from_no_job(world):
    with world.reading() as connection:
        found = [jobs.stacktrace(connection, one) for one in ("j5", "j1", "none")]

    assert found == [("at line 1",), (None,), None]


def _fill_definitions(rows):
    rows.add_all(
        job_definition,
        {
            "jd1": {"job_type": "message", "job_configuration": "async-before"},
            "jd2": {
                "job_type": "timer",
                "job_configuration": "DURATION: PT1H",
                "activity_id": "b",
                "overriding_job_priority": 0,
                "tenant_id": "red",
            },
            "jd3": {
                "job_type": "message",
                "job_configuration": "async-after",
                "is_suspended": True,
                "process_definition_id": "p:2",
                "tenant_id": "blue",
            },
            "jd4": {
                "job_type": "batch-type",
                "job_configuration": "b1",
                "activity_id": None,
                "process_definition_id": None,
                "process_definition_key": None,
            },
        },
        activity_id="a",
        process_definition_id="p:1",
        process_definition_key="p",
    )


DEFINITIONS = [
    case("jd1 jd2 jd3 jd4"),
    case("jd2", job_definition_id="jd2"),
    case("jd1 jd3", activity_id_in=["a"]),
    case("jd1 jd2 jd3", activity_id_in=["a", "b"]),
    case("jd3", process_definition_id="p:2"),
    case("jd1 jd2 jd3", process_definition_key="p"),
    case("jd1 jd3", job_type="message"),
    case("jd2", job_configuration="DURATION: PT1H"),
    case("jd1 jd2 jd4", active=True),
    case("jd3", suspended=True),
    # Zero is a priority, and none is not zero.
    case("jd2", with_overriding_job_priority=True),
    case("jd2", tenant_id_in=["red", "green"]),
    case("jd1 jd4", without_tenant_id=True),
    case("jd1 jd2 jd4", tenant_id_in=["red"], include_job_definitions_without_tenant_id=True),
    case("jd3", job_type="message", suspended=True, tenant_id_in=["blue"]),
]
DEFINITION_ORDERS = [
    ordered("jd4 jd3 jd2 jd1", "jobDefinitionId desc"),
    ordered("jd4 jd1 jd3 jd2", "activityId asc"),
    ordered("jd3 jd1 jd2 jd4", "processDefinitionId desc"),
    ordered("jd4 jd1 jd2 jd3", "processDefinitionKey asc"),
    ordered("jd2 jd3 jd1 jd4", "jobType desc", "jobConfiguration asc"),
    ordered("jd2 jd3 jd1 jd4", "tenantId desc"),
    ordered("jd1 jd4 jd3 jd2", "tenantId asc"),
]


@pytest.mark.no_database
@pytest.mark.parametrize(("filters", "expected"), DEFINITIONS)
def test_a_filter_finds_exactly_its_job_definitions(world, filters, expected):
    assert_finds(world, "job_definition", filters, expected)


@pytest.mark.parametrize(("sorting", "expected"), DEFINITION_ORDERS)
def test_job_definitions_are_sorted(world, sorting, expected):
    assert_sorted(world, "job_definition", sorting, expected)


def _fill_logs(rows):
    rows.add(historic_process_instance, "i1", removal_time=day(30))
    in_first = {
        "process_instance_id": "i1",
        "root_process_instance_id": "i1",
        "process_definition_id": "p:1",
        "process_definition_key": "p",
        "job_kind": "async-before",
    }
    rows.add_all(
        historic_job_log,
        {
            "l1": {**in_first, "state": CREATED, "job_id": "j1", "job_definition_id": "jd1"},
            "l2": {
                **in_first,
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
                **in_first,
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
                **in_first,
                "state": CREATED,
                "job_id": "j5",
                "deployment_id": "d2",
                "process_instance_id": None,
                "root_process_instance_id": None,
            },
        },
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


@pytest.mark.no_database
@pytest.mark.parametrize(("filters", "expected"), LOGS)
def test_a_filter_finds_exactly_its_entries_of_the_log(world, filters, expected):
    assert_finds(world, "historic_job_log", filters, expected)


@pytest.mark.parametrize(("sorting", "expected"), LOG_ORDERS)
def test_entries_of_the_log_are_sorted(world, sorting, expected):
    assert_sorted(world, "historic_job_log", sorting, expected)


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


@pytest.mark.parametrize(
    ("name", "cases", "orders"),
    [
        ("job", JOBS, JOB_ORDERS),
        ("job_definition", DEFINITIONS, DEFINITION_ORDERS),
        ("historic_job_log", LOGS, LOG_ORDERS),
    ],
)
def test_each_filter_and_each_order_has_a_case(name, cases, orders):
    assert without_case(name, cases) == set()
    assert without_order(name, orders) == set()


@pytest.mark.parametrize(
    ("name", "cases"),
    [("job", JOBS), ("job_definition", DEFINITIONS), ("historic_job_log", LOGS)],
)
def test_both_databases_find_as_many(world, name, cases):
    assert_counts(world, name, cases)
