"""Which running process instances and executions each filter finds.

Source: contract 4.3 and 4.4.
"""

import pytest

from app.errors import EngineError
from app.models.repository import process_definition
from app.models.runtime import event_subscription, execution, incident, task, variable
from app.store.lists.process_instances import PROCESS_INSTANCES
from tests.store.rows import day

from .cases import Lines, OfEachList, case, either, ordered

ALL = "i1 i2 i3 i4 i5"
IGNORING = {"variable_names_ignore_case": True, "variable_values_ignore_case": True}


_CHILD = {"process_definition_key": "p", "process_definition_id": "p:1"}
LISTED_EXECUTIONS = {
    "e1": {**_CHILD, "process_instance_id": "i1", "parent_id": "i1", "activity_id": "call"},
    "e2": {
        "process_definition_key": "q",
        "process_definition_id": "q:1",
        "process_instance_id": "i2",
        "parent_id": "i2",
        "activity_id": "call",
    },
    "e4": {
        "process_definition_key": "p",
        "process_definition_id": "p:2",
        "process_instance_id": "i4",
        "parent_id": "i4",
        "activity_id": "wait",
        "is_suspended": True,
        "tenant_id": "red",
    },
    # An execution that is kept for compensation is not active.
    "e5": {
        "process_definition_key": "p",
        "process_definition_id": "p:2",
        "process_instance_id": "i5",
        "parent_id": "i5",
        "activity_id": "wait",
        "is_event_scope": True,
        "tenant_id": "blue",
    },
}


def fill(rows):
    """A caller, what it calls, what that calls, and two others; with executions below them."""
    rows.add(process_definition, "p:1", key="p", deployment_id="d1")
    rows.add(process_definition, "p:2", key="p", deployment_id="d2", tenant_id="red")
    rows.add(process_definition, "q:1", key="q", deployment_id="d2")

    def instance(name, definition, **values):
        places = {"process_instance_id": name, "root_process_instance_id": name}
        key = {"process_definition_id": definition, "process_definition_key": definition[0]}
        rows.add(execution, name, **{**places, **key, **values})

    instance("i1", "p:1", business_key="A-1", case_instance_id="c1")
    instance("i2", "q:1", super_execution_id="e1", root_process_instance_id="i1", tenant_id="red")
    instance("i3", "q:1", super_execution_id="e2", root_process_instance_id="i1")
    instance("i4", "p:2", business_key="A_1", is_suspended=True, tenant_id="red")
    instance("i5", "p:2", business_key="b", tenant_id="blue")
    rows.add_all(
        execution,
        LISTED_EXECUTIONS,
        root_process_instance_id="i1",
    )
    _fill_around(rows)


def _fill_around(rows):
    failure = {"incident_timestamp": day(1), "process_instance_id": "i1", "execution_id": "e1"}
    rows.add(incident, "n1", incident_type="failedJob", incident_message="50% done", **failure)
    rows.add(incident, "n2", incident_type="failedExternalTask", incident_message="gone", **failure)
    rows.add(
        incident,
        "n4",
        incident_type="failedJob",
        incident_message="gone",
        process_instance_id="i4",
        execution_id="e4",
    )
    rows.add(event_subscription, "s1", event_type="signal", event_name="go", execution_id="e1")
    rows.add(event_subscription, "s2", event_type="message", event_name="go", execution_id="e2")
    rows.add(event_subscription, "s3", event_type="message", event_name="stop", execution_id="e4")
    rows.add(task, "u4", execution_id="e4", process_instance_id="i4")
    _fill_variables(rows)


def _fill_variables(rows):
    def put(row_id, name, scope, instance, text=None, **values):
        kind = {"type": "String", "text_value": text, "execution_id": scope}
        rows.add(variable, row_id, name=name, process_instance_id=instance, **{**kind, **values})

    put("v1", "city", "i1", "i1", "Bonn")
    put("v2", "city", "i2", "i2", "bonn")
    put("v3", "inner", "e1", "i1", "x")
    put("v4", "note", "u4", "i4", "x", task_id="u4")
    put("v5", "size", "i1", "i1", type="Integer", long_value=5)
    put("v6", "size", "i4", "i4", type="Long", long_value=6)


INSTANCES = [
    case(ALL),
    case("i2 i4", process_instance_ids=["i4", "i2", "e1"]),
    # An execution below is no instance.
    case("", process_instance_ids=["e1"]),
    case("i1", business_key="A-1"),
    case("i1 i4", business_key_like="A_1"),
    case("i4", business_key_like="A\\_1"),
    case("", business_key_like="a%"),
    case("i1", case_instance_id="c1"),
    case("", super_case_instance="c1"),
    case("", sub_case_instance="c1"),
    case("i4 i5", process_definition_id="p:2"),
    case("i1 i4 i5", process_definition_key="p"),
    case("i1 i2 i3 i4 i5", process_definition_key_in=["p", "q"]),
    case("i2 i3", process_definition_key_not_in=["p"]),
    case("i2 i3 i4 i5", deployment_id="d2"),
    case("i2", super_process_instance="i1"),
    case("i3", super_process_instance="i2"),
    case("", super_process_instance="i3"),
    # The direct caller alone.
    case("i2", sub_process_instance="i3"),
    case("i1", sub_process_instance="i2"),
    case("", sub_process_instance="i1"),
    case("i4", suspended=True),
    case("i1 i2 i3 i5", active=True),
    case("i4", active=True, suspended=True),
    case("i1 i4", with_incident=True),
    case("i2 i4", tenant_id_in=["red"]),
    case("i1 i3", without_tenant_id=True),
    case("i1 i3", without_tenant_id=True, tenant_id_in=["red"]),
    case("i1 i2 i3", process_definition_without_tenant_id=True),
    case("i1 i2", activity_id_in=["call"]),
    case("i4", activity_id_in=["wait"]),
    case("i1 i4 i5", root_process_instances=True),
    case("i3 i4 i5", leaf_process_instances=True),
    case("i4 i5", leaf_process_instances=True, root_process_instances=True),
    case("i1 i2 i3", root_process_instance_id="i1"),
    # The root of a hierarchy alone is one; a called instance has none below it in this sense.
    case("", root_process_instance_id="i2"),
    case("i1", variables=[("city", "eq", "Bonn")]),
    case("i1 i2", variables=[("city", "eq", "BONN")], variable_values_ignore_case=True),
    case("i1", variables=[("CITY", "eq", "Bonn")], variable_names_ignore_case=True),
    # A scope below holds it, and not the instance itself.
    case("", variables=[("inner", "eq", "x")]),
    case("i4", variables=[("size", "gt", 5)]),
    case("i1", variables=[("size", "lteq", 6), ("city", "neq", "x")]),
    case("", variables=[("size", "gt", 5), ("city", "neq", "x")]),
    case("i1", incident_id="n1"),
    case("i1 i4", incident_type="failedJob"),
    case("i1 i4", incident_message="gone"),
    case("i1", incident_message_like="50\\%%"),
    # One incident must be both, and not one of them each.
    case("i4", incident_type="failedJob", incident_message="gone"),
    case("", incident_id="n2", incident_type="failedJob"),
    case("i2", super_process_instance="i1", tenant_id_in=["red"], process_definition_key="q"),
]
INSTANCE_ALTERNATIVES = [
    either("i1 i4", {"business_key": "A-1", "suspended": True}),
    either("i1 i2 i3", {"process_definition_key": "q", "variables": [("city", "eq", "Bonn")]}),
    either("i1 i4", {"incident_type": "failedJob", "incident_message": "gone"}),
    either("i4", {"business_key_like": "A%", "case_instance_id": "c1"}, tenant_id_in=["red"]),
    either("i1 i4", {"variables": [("size", "gt", 5), ("city", "eq", "Bonn")]}),
    # It counts outside of alternatives alone, so that this one has no filter left.
    either(ALL, {"with_incident": True}),
    either("i1", {"with_incident": True, "business_key": "A-1"}),
]
INSTANCE_ORDERS = [
    ordered("i5 i4 i3 i2 i1", "instanceId desc"),
    ordered("i2 i3 i1 i4 i5", "definitionKey desc"),
    ordered("i1 i4 i5 i2 i3", "definitionId asc"),
    ordered("i1 i3 i5 i2 i4", "tenantId asc"),
    ordered("i1 i3 i5 i4 i2", "tenantId asc", "businessKey desc"),
    ordered("i3 i2 i1 i5 i4", "definitionKey desc", "tenantId asc"),
    ordered("i2 i3 i1 i4 i5", "businessKey asc"),
]


@pytest.mark.parametrize(("name", "other"), [("root", "super"), ("leaf", "sub")])
@pytest.mark.parametrize("is_or", [False, True])
def test_an_end_of_the_hierarchy_has_no_neighbour_there(name, other, is_or):
    given = {f"{name}_process_instances": True, f"{other}_process_instance": "i1"}

    with pytest.raises(EngineError, match=f"{name}ProcessInstances and {other}ProcessInstanceId"):
        PROCESS_INSTANCES.check(given, is_or=is_or)


@pytest.mark.parametrize("name", ["i1", "e1", "none"])
def test_one_instance_is_found_by_its_id_and_an_execution_is_none(world, name):
    with world.reading() as connection:
        found = PROCESS_INSTANCES.one(connection, name)

    assert (found and found["id"]) == (name if name == "i1" else None)


EXECUTIONS = [
    case("e1 e2 e4 e5 i1 i2 i3 i4 i5"),
    # The key is the instance's, and finds all of its executions.
    case("e1 i1", business_key="A-1"),
    case("e1 i1", process_definition_id="p:1"),
    case("e1 e4 e5 i1 i4 i5", process_definition_key="p"),
    case("e2 i2", process_instance_id="i2"),
    case("e1 e2", activity_id="call"),
    case("e1", signal_event_subscription_name="go"),
    case("e2", message_event_subscription_name="go"),
    case("", message_event_subscription_name="go", signal_event_subscription_name="go"),
    case("e1 e2 e5 i1 i2 i3 i5", active=True),
    case("e4 i4", suspended=True),
    case("e4 i4", active=True, suspended=True),
    case("e5 i5", tenant_id_in=["blue"]),
    # Its own alone: neither an outer scope's nor an inner one's.
    case("i1", variables=[("city", "eq", "Bonn")]),
    case("e1", variables=[("inner", "eq", "x")]),
    # Local variables of a user task count as its execution's.
    case("e4", variables=[("note", "eq", "x")]),
    case("", variables=[("inner", "eq", "x"), ("city", "eq", "Bonn")]),
    case("i1", variables=[("size", "eq", 5.0), ("city", "eq", "Bonn")]),
    case("i1 i2", variables=[("CITY", "eq", "Bonn")], **IGNORING),
    # Variables of the instance or of any of its scopes.
    case("e1 i1", process_variables=[("inner", "eq", "x")]),
    case("e1 i1", process_variables=[("inner", "eq", "x"), ("city", "neq", "bonn")]),
    case("", process_variables=[("note", "eq", "x")]),
    case("e1", incident_id="n2"),
    case("e1 e4", incident_type="failedJob"),
    case("e1 e4", incident_message="gone"),
    case("e4", incident_type="failedJob", incident_message="gone"),
    case("e1", incident_message_like="%\\%%"),
    case("e4", activity_id="wait", suspended=True),
]
EXECUTION_ORDERS = [
    ordered("e5 i5 e4 i4 i3 e2 i2 e1 i1", "instanceId desc"),
    ordered("e2 i2 i3 e1 e4 e5 i1 i4 i5", "definitionKey desc"),
    ordered("e1 i1 e4 e5 i4 i5 e2 i2 i3", "definitionId asc"),
    ordered("e4 i2 i4 e5 i5 e1 e2 i1 i3", "tenantId desc"),
]


LISTS = {
    "process_instance": Lines(INSTANCES, INSTANCE_ORDERS, INSTANCE_ALTERNATIVES),
    "execution": Lines(EXECUTIONS, EXECUTION_ORDERS),
}


class TestLists(OfEachList):
    """Each list of the table."""
