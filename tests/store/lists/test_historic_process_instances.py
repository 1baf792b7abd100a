"""Which process instances of the history each filter finds.

Source: contract 4.8; Camunda 7 ``HistoricProcessInstanceQueryImpl``.
"""

import pytest

from app.errors import BadUserRequestError
from app.models.history import (
    historic_activity_instance,
    historic_incident,
    historic_job_log,
    historic_process_instance,
    historic_variable_instance,
)
from app.models.runtime import execution, job
from app.store.lists.historic_process_instances import HISTORIC_PROCESS_INSTANCES, STATES
from tests.store.rows import day

from .cases import Lines, OfEachList, case, either, ordered

ALL = "h1 h2 h3 h4 h5 h6"


INSTANCES = {
    "h1": {
        "state": "ACTIVE",
        "business_key": "A-1",
        "start_user_id": "anna",
        "removal_time": day(40),
    },
    "h2": {
        "state": "COMPLETED",
        "process_definition_id": "q:1",
        "process_definition_key": "q",
        "process_definition_name": "Queue",
        "super_process_instance_id": "h1",
        "root_process_instance_id": "h1",
        "start_time": day(2),
        "end_time": day(3),
    },
    "h3": {"state": "SUSPENDED", "business_key": "A_1", "start_time": day(2)},
    "h4": {
        "state": "EXTERNALLY_TERMINATED",
        "end_time": day(5),
        "tenant_id": "red",
        "case_instance_id": "c1",
        "process_definition_version": 2,
        "removal_time": day(50),
    },
    "h5": {
        "state": "INTERNALLY_TERMINATED",
        "start_time": day(4),
        "end_time": day(5),
        "tenant_id": "blue",
        # It has a removal time of its own although it is called.
        "super_process_instance_id": "h2",
        "root_process_instance_id": "h1",
        "has_own_removal_time": True,
        "removal_time": day(60),
    },
    "h6": {"state": "COMPLETED", "end_time": day(1), "process_definition_name": None},
}


def fill(rows):
    """One instance of each state, of which the second is called by the first."""
    rows.add_all(
        historic_process_instance,
        INSTANCES,
        process_definition_id="p:1",
        process_definition_key="p",
        process_definition_name="Pay 100%",
        process_definition_version=1,
        start_time=day(1),
    )
    for row in rows.of(historic_process_instance):
        if row["root_process_instance_id"] == "any":
            row["root_process_instance_id"] = row["id"]
    _fill_activities(rows)
    _fill_around(rows)


def _fill_activities(rows):
    for name in ("h1", "h3"):
        rows.add(
            execution,
            name,
            process_instance_id=name,
            root_process_instance_id=name,
            activity_id="work" if name == "h1" else None,
        )
    done = {"activity_id": "start", "process_instance_id": "h1"}
    rows.add_all(
        historic_activity_instance,
        {
            "a1": {**done, "start_time": day(1), "end_time": day(1)},
            "a2": {**done, "activity_id": "work", "start_time": day(2)},
            "a3": {**done, "process_instance_id": "h2", "start_time": day(2), "end_time": day(3)},
            "a4": {**done, "process_instance_id": "h3", "start_time": day(4)},
        },
    )


INCIDENTS = {
    "n1": {
        "process_instance_id": "h1",
        "incident_type": "failedJob",
        "incident_message": "50% left",
        "root_cause_incident_id": "n2",
    },
    "n2": {
        "process_instance_id": "h2",
        "incident_type": "failedJob",
        "incident_message": "gone",
        "root_cause_incident_id": "n2",
        "end_time": day(3),
    },
    "n3": {
        "process_instance_id": "h1",
        "incident_type": "mine",
        "incident_message": "gone",
        "root_cause_incident_id": "n3",
        "end_time": day(2),
    },
}


def _fill_around(rows):
    rows.add_all(
        historic_incident,
        INCIDENTS,
    )
    rows.add(historic_job_log, "l1", process_instance_id="h3", timestamp=day(2))
    rows.add(historic_job_log, "l2", process_instance_id="h3", timestamp=day(4))
    rows.add(historic_job_log, "l3", process_instance_id="h4", timestamp=day(3))
    rows.add(job, "j1", process_instance_id="h1", retries=1, exception_message="again")
    rows.add(job, "j2", process_instance_id="h3", retries=0, exception_message="no more")
    rows.add(job, "j3", process_instance_id="h3", retries=3)
    text = {"type": "String", "state": "CREATED"}
    rows.add_all(
        historic_variable_instance,
        {
            "v1": {**text, "process_instance_id": "h1", "name": "city", "text_value": "Bonn"},
            "v2": {**text, "process_instance_id": "h4", "name": "City", "text_value": "bonn"},
            # Also of a scope, and also what was deleted.
            "v3": {
                **text,
                "process_instance_id": "h5",
                "name": "city",
                "text_value": "Rome",
                "state": "DELETED",
                "execution_id": "e5",
            },
            "v4": {
                "process_instance_id": "h1",
                "name": "size",
                "type": "Integer",
                "long_value": 4,
            },
        },
    )


CASES = [
    case(ALL),
    case("h4", process_instance_id="h4"),
    case("h1 h3", process_instance_ids=["h3", "h1"]),
    case("h2 h4 h5 h6", process_instance_id_not_in=["h3", "h1"]),
    case("h1 h2 h5", root_process_instance_id="h1"),
    case("", root_process_instance_id="h2"),
    case("h2", process_definition_id="q:1"),
    case("h1 h3 h4 h5 h6", process_definition_key="p"),
    case("h2", process_definition_key_in=["q", "r"]),
    case("h2", process_definition_key_not_in=["p"]),
    case("h2", process_definition_name="Queue"),
    case("h1 h3 h4 h5", process_definition_name_like="%\\%"),
    case("h1", process_instance_business_key="A-1"),
    case("h1 h3", process_instance_business_key_in=["A-1", "A_1"]),
    case("h1 h3", process_instance_business_key_like="A_1"),
    case("h3", process_instance_business_key_like="A\\_1"),
    case("h2 h4 h5 h6", finished=True),
    case("h1 h3", unfinished=True),
    case("", finished=True, unfinished=True),
    case("h1", active=True),
    case("h3", suspended=True),
    case("h2 h6", completed=True),
    case("h4", externally_terminated=True),
    case("h5", internally_terminated=True),
    # Both ends belong to it.
    case("h1 h2 h3 h4 h6", started_before=day(2)),
    case("h2 h3 h5", started_after=day(2)),
    case("h2 h3", started_after=day(2), started_before=day(2)),
    case("h2 h6", finished_before=day(3)),
    case("h2 h4 h5", finished_after=day(3)),
    case("h1", started_by="anna"),
    case("h2", super_process_instance_id="h1"),
    case("h1", sub_process_instance_id="h2"),
    case("h2", sub_process_instance_id="h5"),
    case("", sub_process_instance_id="h1"),
    case("h4", case_instance_id="c1"),
    case("", super_case_instance_id="c1"),
    case("", sub_case_instance_id="c1"),
    case("h1 h3 h4 h6", root_process_instances=True),
    # Where a token is now; the history is not asked.
    case("h1", activity_id_in=["work", "none"]),
    case("", activity_id_in=["start"]),
    case("h1", with_jobs_retrying=True),
    case("h1", variables=[("city", "eq", "Bonn")]),
    case(
        "h1 h4",
        variables=[("CITY", "like", "b%")],
        variable_names_ignore_case=True,
        variable_values_ignore_case=True,
    ),
    case("h5", variables=[("city", "eq", "Rome")]),
    case("h1", variables=[("city", "eq", "Bonn"), ("size", "lt", 5)]),
    case("h4", tenant_id_in=["red"]),
    case("h1 h2 h3 h6", without_tenant_id=True),
    case("h1 h2 h3 h6", without_tenant_id=True, tenant_id_in=["red"]),
    case("h1 h2", with_incidents=True),
    case("h1 h2", with_root_incidents=True),
    case("h2", incident_id_in=["n2"]),
    case("h1 h2", incident_type="failedJob"),
    case("h1", incident_status="open"),
    case("h1 h2", incident_status="resolved"),
    # Neither of both words: any incident.
    case("h1 h2", incident_status="any"),
    case("h1 h2", incident_message="gone"),
    case("h1", incident_message_like="50\\%%"),
    # One incident must be both.
    case("h2", incident_type="failedJob", incident_message="gone"),
    case("h1", incident_type="failedJob", incident_status="open"),
    case("h2", with_root_incidents=True, incident_type="failedJob"),
    case("h1 h2", executed_activity_before=day(2)),
    case("h1 h2 h3", executed_activity_after=day(2)),
    case("h3", executed_activity_after=day(4)),
    # One activity must have been at both times.
    case("h2", executed_activity_after=day(3), executed_activity_before=day(3)),
    case("h1 h2", executed_activity_id_in=["start"]),
    case("h1", active_activity_id_in=["work"]),
    case("h3", active_activity_id_in=["start"]),
    case("", active_activity_id_in=["work"], executed_activity_id_in=["start"]),
    # The activity of the time may be another one than that of the name.
    case("h1", active_activity_id_in=["work"], executed_activity_before=day(1)),
    case("h3", executed_job_before=day(2)),
    case("h3 h4", executed_job_after=day(3)),
    case("h4", executed_job_after=day(3), executed_job_before=day(3)),
    case("h4", finished=True, tenant_id_in=["red"], variables=[("City", "eq", "bonn")]),
]
ALTERNATIVES = [
    either(
        "h1 h2 h4",
        {
            "started_by": "anna",
            "externally_terminated": True,
            "started_after": day(9),
            "process_definition_key": "q",
        },
    ),
    # Of two states one is enough, as an alternative.
    either("h1 h2 h6", {"active": True, "completed": True}),
    either("h1 h2 h3", {"executed_activity_id_in": ["start"], "active_activity_id_in": ["start"]}),
    either("h1 h2", {"incident_type": "failedJob", "incident_message": "gone"}),
    either("h4", {"finished": True, "unfinished": True}, tenant_id_in=["red"]),
    either(ALL, {}),
]
ORDERS = [
    ordered("h6 h5 h4 h3 h2 h1", "instanceId desc"),
    ordered("h2 h1 h3 h4 h5 h6", "definitionId desc"),
    ordered("h1 h3 h4 h5 h6 h2", "definitionKey asc"),
    ordered("h6 h1 h3 h4 h5 h2", "definitionName asc"),
    ordered("h4 h1 h2 h3 h5 h6", "definitionVersion desc"),
    ordered("h3 h1 h2 h4 h5 h6", "businessKey desc"),
    ordered("h5 h2 h3 h1 h4 h6", "startTime desc"),
    ordered("h1 h3 h6 h2 h4 h5", "endTime asc"),
    ordered("h4 h2 h5 h6 h1 h3", "duration desc"),
    ordered("h1 h3 h6 h2 h5 h4", "duration asc"),
    ordered("h1 h2 h3 h6 h5 h4", "tenantId asc"),
]


@pytest.mark.parametrize("first", STATES)
def test_an_instance_is_asked_for_one_state(first):
    check = HISTORIC_PROCESS_INSTANCES.check
    for second in set(STATES) - {first}:
        with pytest.raises(BadUserRequestError, match="another state"):
            check({first: True, second: True}, is_or=False)
        assert check({first: True, second: True}, is_or=True) is None
        assert check({first: True, second: None}, is_or=False) is None


def test_a_root_has_nobody_that_calls_it():
    given = {"root_process_instances": True, "super_process_instance_id": "h1"}

    with pytest.raises(BadUserRequestError, match="rootProcessInstances"):
        HISTORIC_PROCESS_INSTANCES.check(given, is_or=False)


def test_the_removal_time_is_the_root_s_unless_it_is_its_own(world):
    with world.reading() as connection:
        found = HISTORIC_PROCESS_INSTANCES.find(connection, {})

    assert [view["removal_time"] for view in found] == [
        *(day(40), day(40), None, day(50), day(60), None)
    ]


LISTS = {"historic_process_instance": Lines(CASES, ORDERS, ALTERNATIVES)}


class TestLists(OfEachList):
    """Each list of the table."""
