"""Incidents of a transaction in the log and in the metrics: each once, of few types."""

import pytest
from structlog.testing import capture_logs

from app.engine.state import Incident
from app.instruments import INCIDENTS
from app.store.unit.announcing import announce


def incident(id_, root=None, type_="failedJob"):
    values = {"cause_incident_id": root or id_, "root_cause_incident_id": root or id_}
    return Incident(
        id=id_, incident_type=type_, incident_timestamp=None, incident_message="no", **values
    )


def counted(engine, type_):
    return INCIDENTS.labels(engine, type_)._value.get()


def test_an_incident_and_those_of_its_callers_are_one_entry():
    with capture_logs() as logs:
        announce("announced", [incident("a"), incident("b", root="a"), incident("c", root="a")])

    assert [(entry["log_level"], entry["incident_id"]) for entry in logs] == [("warning", "a")]
    assert logs[0]["reason"] == "no"


@pytest.mark.parametrize(
    ("type_", "label"),
    [("failedJob", "failedJob"), ("failedExternalTask", "failedExternalTask"), ("own", "other")],
)
def test_types_that_clients_make_up_are_counted_together(type_, label):
    before = counted("announced", label)

    with capture_logs() as logs:
        announce("announced", [incident("a", type_=type_)])

    assert counted("announced", label) == before + 1
    assert logs[0]["type"] == type_


def test_without_incidents_nothing_is_said():
    with capture_logs() as logs:
        announce("announced", [])

    assert logs == []
