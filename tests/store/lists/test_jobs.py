"""Jobs and job definitions that each filter finds.

Source: contract 4.6 and 10.5.
"""

import pytest

from app.engine.jobs.definitions import BOUNDARY_TIMER, START_TIMER
from app.errors import InvalidRequestError
from app.models.repository import job_definition, process_definition
from app.models.runtime import execution, job
from app.store.lists import jobs
from tests.store.rows import FAR_AWAY, LONG_AGO, day

from .cases import Lines, OfEachList, case, ordered


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


_FIRST = {
    "process_instance_id": "i1",
    "process_definition_id": "p:1",
    "process_definition_key": "p",
    "execution_id": "e1",
    "retries": 3,
    "create_time": day(1),
}
LISTED_JOBS = {
    "j1": {**_FIRST, "kind": "async-before", "activity_id": "a", "job_definition_id": "jd1"},
    "j2": {
        **_FIRST,
        "kind": BOUNDARY_TIMER,
        "activity_id": "b",
        "due_date": day(2),
        "create_time": day(2),
        "priority": 10,
    },
    "j3": {
        **_FIRST,
        "kind": BOUNDARY_TIMER,
        "due_date": FAR_AWAY,
        "create_time": day(3),
        "priority": -1,
        "tenant_id": "red",
    },
    "j4": {
        **_FIRST,
        "kind": "async-after",
        "retries": 0,
        "execution_id": "e4",
        "exception_message": "no luck",
        "failed_activity_id": "a",
        "tenant_id": "blue",
    },
    # A failure of which the trace alone is known is a failure.
    "j5": {
        **_FIRST,
        "kind": "async-after",
        "process_instance_id": "i2",
        "retries": 1,
        "exception_stacktrace": "at line 1",
        "lock_owner": "one",
        "lock_expiration_time": FAR_AWAY,
    },
    "j6": {
        **_FIRST,
        "kind": "async-before",
        "is_suspended": True,
        "lock_owner": "two",
        "lock_expiration_time": LONG_AGO,
    },
    "j7": {"kind": START_TIMER, "retries": 3, "due_date": day(3), "create_time": day(4)},
    "j8": {"kind": "history-cleanup", "retries": 3, "create_time": day(4)},
}


def _fill_jobs(rows):
    rows.add_all(
        job,
        LISTED_JOBS,
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


LISTS = {
    "job": Lines(JOBS, JOB_ORDERS),
    "job_definition": Lines(DEFINITIONS, DEFINITION_ORDERS),
}


class TestLists(OfEachList):
    """Each list of the table."""
