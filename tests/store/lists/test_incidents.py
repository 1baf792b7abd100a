"""Incidents that each filter finds, open ones and those of the history.

Source: contract 4.7 and 4.8.
"""

import pytest

from app.engine.history.history import OPEN, REMOVED, RESOLVED
from app.errors import EngineError
from app.models.history import (
    historic_incident,
)
from app.models.runtime import incident
from app.store.lists.incidents import HISTORIC_INCIDENTS
from tests.store.rows import day

from .cases import Lines, OfEachList, case, ordered
from .history import add_instances


def fill(rows):
    """Two instances of two definitions."""
    add_instances(rows)
    _incidents(rows)


def _incidents(rows):
    first = {
        "incident_type": "failedJob",
        "incident_message": "1% left",
        "process_instance_id": "i1",
        "process_definition_id": "p:1",
        "activity_id": "work",
        "execution_id": "e1",
        "cause_incident_id": "n1",
        "root_cause_incident_id": "n1",
    }
    second = {
        "incident_type": "mine",
        "incident_message": "11 left",
        "process_definition_id": "q:1",
        "failed_activity_id": "deep",
        "configuration": "j2",
        "cause_incident_id": "n1",
        "root_cause_incident_id": "n0",
        "job_definition_id": "jd",
        "tenant_id": "red",
    }
    rows.add(incident, "n1", incident_timestamp=day(1), **first)
    rows.add(incident, "n2", incident_timestamp=day(2), **second)
    past = {"create_time": day(1), "state": OPEN, "process_definition_key": "p"}
    rows.add(historic_incident, "n1", **first, **past)
    closed = {"end_time": day(3), "process_definition_key": "q", "history_configuration": "l2"}
    rows.add(historic_incident, "n2", create_time=day(2), state=RESOLVED, **second, **closed)
    rows.add(
        historic_incident,
        "n3",
        create_time=day(3),
        state=REMOVED,
        end_time=day(4),
        **{**first, "incident_message": None},
    )


BOTH = [
    ("n1", {"incident_id": "n1"}),
    ("n2", {"incident_type": "mine"}),
    ("n1", {"incident_message": "1% left"}),
    ("n1 n2", {"incident_message_like": "1%left"}),
    ("n1", {"incident_message_like": "1\\%%"}),
    ("n2", {"process_definition_id": "q:1"}),
    ("n2", {"failed_activity_id": "deep"}),
    ("n2", {"root_cause_incident_id": "n0"}),
    ("n2", {"configuration": "j2"}),
    ("n2", {"tenant_id_in": ["red"]}),
    ("n2", {"job_definition_id_in": ["jd", "none"]}),
]
OPEN_ONES = [
    case("n1 n2"),
    *(case(expected, **filters) for expected, filters in BOTH),
    case("n1", process_definition_key_in=["p"]),
    case("n1", process_instance_id="i1"),
    case("n1", execution_id="e1"),
    case("n1", activity_id="work"),
    case("n1 n2", cause_incident_id="n1"),
    case("n1", incident_timestamp_before=day(2)),
    case("n2", incident_timestamp_after=day(1)),
    case("", incident_timestamp_after=day(1), incident_timestamp_before=day(2)),
]
OPEN_ORDERS = (
    [
        ordered("n2 n1", f"{name} desc")
        for name in (
            "incidentId",
            "incidentMessage",
            "incidentTimestamp",
            "incidentType",
            "processDefinitionId",
            "configuration",
            "tenantId",
        )
    ]
    + [
        ordered("n2 n1", f"{name} asc")
        for name in ("executionId", "activityId", "processInstanceId", "rootCauseIncidentId")
    ]
    + [ordered("n1 n2", "causeIncidentId desc")]
)
PAST_ONES = [
    case("n1 n2 n3"),
    *(case(expected, **filters) for expected, filters in BOTH),
    case("n1", process_definition_key="p"),
    case("n1 n2", process_definition_key_in=["p", "q"]),
    case("n1 n3", process_instance_id="i1"),
    case("n1 n3", execution_id="e1"),
    case("n1 n3", activity_id="work"),
    case("n1 n2 n3", cause_incident_id="n1"),
    case("n2", history_configuration="l2"),
    case("n1", create_time_before=day(2)),
    case("n2 n3", create_time_after=day(1)),
    case("n2", end_time_before=day(4)),
    case("n3", end_time_after=day(3)),
    case("n1", open=True),
    case("n2", resolved=True),
    case("n3", deleted=True),
    case("n1 n3", without_tenant_id=True),
]
PAST_ORDERS = [
    ordered("n3 n2 n1", "incidentId desc"),
    ordered("n3 n1 n2", "incidentMessage asc"),
    ordered("n3 n2 n1", "createTime desc"),
    ordered("n1 n2 n3", "endTime asc"),
    ordered("n1 n3 n2", "incidentType asc"),
    ordered("n2 n1 n3", "executionId asc"),
    ordered("n2 n1 n3", "activityId asc"),
    ordered("n2 n1 n3", "processInstanceId asc"),
    ordered("n2 n1 n3", "processDefinitionId desc"),
    ordered("n2 n1 n3", "processDefinitionKey desc"),
    ordered("n1 n2 n3", "causeIncidentId asc"),
    ordered("n2 n1 n3", "rootCauseIncidentId asc"),
    ordered("n2 n1 n3", "configuration desc"),
    ordered("n2 n1 n3", "historyConfiguration desc"),
    ordered("n1 n2 n3", "incidentState asc"),
    ordered("n1 n3 n2", "tenantId asc"),
]
LISTS = {
    "incident": Lines(OPEN_ONES, OPEN_ORDERS),
    "historic_incident": Lines(PAST_ONES, PAST_ORDERS),
}


class TestLists(OfEachList):
    """Each list of the table."""


def test_an_incident_is_asked_for_one_state():
    for second in ("resolved", "deleted"):
        with pytest.raises(EngineError, match="incident state <open>"):
            HISTORIC_INCIDENTS.check({"open": True, second: True}, is_or=False)
    assert HISTORIC_INCIDENTS.check({"open": True, "deleted": False}, is_or=False) is None
