"""Entries of logs, and subscriptions, that each filter finds.

Source: contract 4.3 and 4.8.
"""

import pytest

from app.engine.history.history import CREATED, DELETED, FAILED, SUCCESSFUL
from app.models.history import (
    historic_activity_instance,
    historic_external_task_log,
    historic_identity_link,
)
from app.models.monitoring import schema_log, user_operation
from app.models.runtime import event_subscription
from app.store.lists import LISTINGS, external_task_logs
from app.store.unit.narrowing import IN_INSTANCE
from tests.store.rows import day

from .cases import Lines, OfEachList, assert_finds, case, ordered
from .history import add_instances

TASK = "0198f000-0000-7000-8000-00000000"  # a task's id and those of its entries begin alike


def fill(rows):
    """Two instances of two definitions, and what happened in them."""
    add_instances(rows)
    for part in (_activities, _external_tasks, _links, _others):
        part(rows)


def _activities(rows):
    rows.add_all(
        historic_activity_instance,
        {
            "a1": {
                "process_instance_id": "i1",
                "activity_name": "Start 1%",
                "activity_type": "startEvent",
                "end_time": day(1),
                "parent_activity_instance_id": IN_INSTANCE,
                "sequence": 2,
            },
            "a2": {
                "process_instance_id": "i1",
                "activity_id": "work",
                "activity_type": "userTask",
                "assignee": "anna",
                "execution_id": "e1",
                "start_time": day(2),
                "tenant_id": "red",
                "sequence": 3,
                "parent_activity_instance_id": "a0",
            },
            "a3": {
                "process_instance_id": "i2",
                "activity_name": "Start_1",
                "activity_type": "startEvent",
                "is_canceled": True,
                "end_time": day(4),
                "sequence": 1,
            },
            "a4": {
                "process_instance_id": "i2",
                "activity_id": "end",
                "activity_type": "endEvent",
                "is_complete_scope": True,
                "start_time": day(4),
                "end_time": day(4),
                # From before its instance went over to another definition.
                "process_definition_id": "q:0",
            },
        },
        activity_id="start",
        start_time=day(1),
    )


ACTIVITIES = [
    # By the time, and by the sequence of what has the same.
    case("a3 a1 a2 a4"),
    case("a2", activity_instance_id="a2"),
    case("a1 a2", process_instance_id="i1"),
    case("a3 a4", process_definition_id="q:1"),
    case("a1", execution_id="i1"),
    case("a2", execution_id="e1"),
    case("a3 a1", activity_id="start"),
    case("a1", activity_name="Start 1%"),
    case("a3 a1", activity_name_like="Start_1%"),
    case("a3", activity_name_like="Start\\_%"),
    case("a4", activity_type="endEvent"),
    case("a2", task_assignee="anna"),
    case("a3 a1 a4", finished=True),
    case("a2", unfinished=True),
    case("a3", canceled=True),
    case("a4", complete_scope=True),
    case("a3 a1 a2", started_before=day(2)),
    case("a2 a4", started_after=day(2)),
    case("a1", finished_before=day(1)),
    case("a3 a4", finished_after=day(4)),
    case("a2", tenant_id_in=["red"]),
    case("a3 a1 a4", without_tenant_id=True),
    case("a3", canceled=True, finished=True, activity_id="start"),
]
ACTIVITY_ORDERS = [
    ordered("a4 a3 a2 a1", "activityInstanceId desc"),
    ordered("a3 a4 a1 a2", "instanceId desc"),
    ordered("a2 a1 a3 a4", "executionId asc"),
    ordered("a4 a3 a1 a2", "activityId asc"),
    ordered("a3 a1 a2 a4", "activityName desc"),
    ordered("a4 a3 a1 a2", "activityType asc"),
    ordered("a4 a2 a3 a1", "startTime desc"),
    ordered("a2 a1 a3 a4", "endTime asc"),
    ordered("a3 a1 a4 a2", "duration desc"),
    ordered("a1 a2 a4 a3", "definitionId asc"),
    ordered("a2 a1 a3 a4", "occurrence desc"),
    ordered("a3 a1 a4 a2", "tenantId asc"),
]


def _external_tasks(rows):
    first = {"external_task_id": f"{TASK}0000", "process_instance_id": "i1"}
    rows.add_all(
        historic_external_task_log,
        {
            f"{TASK}0001": {**first, "state": CREATED, "worker_id": None},
            "l2": {
                **first,
                "state": FAILED,
                "retries": 2,
                "error_message": "boom",
                "error_details": "at boom",
                "timestamp": day(2),
            },
            f"{TASK}0003": {
                **first,
                "state": SUCCESSFUL,
                "timestamp": day(3),
                "priority": 7,
                "execution_id": "e1",
            },
            "l4": {
                "external_task_id": "other",
                "process_instance_id": "i2",
                "state": DELETED,
                "topic_name": "mail",
                "worker_id": "bert",
                "activity_id": "send",
                "activity_instance_id": "send:1",
                "tenant_id": "red",
                "timestamp": day(3),
                "priority": -7,
            },
        },
        timestamp=day(1),
        topic_name="ship",
        worker_id="anna",
        activity_id="pack",
    )


L1, L3 = f"{TASK}0001", f"{TASK}0003"
ENTRIES = [
    case(f"{L1} l2 {L3} l4"),
    case("l2", log_id="l2"),
    # Those whose ids begin as the task's does, and those with ids of their own.
    case(f"{L1} l2 {L3}", external_task_id=f"{TASK}0000"),
    case("l4", external_task_id="other"),
    case("", external_task_id=f"{TASK}0001"),
    case("l4", topic_name="mail"),
    case("l4", worker_id="bert"),
    case("l2", error_message="boom"),
    case("l4", activity_id_in=["send", "none"]),
    case("l4", activity_instance_id_in=["send:1"]),
    case(f"{L1} l2", execution_id_in=["i1"]),
    case(f"{L1} l2 {L3}", execution_id_in=["i1", "e1"]),
    case("l4", process_instance_id="i2"),
    case("l4", process_definition_id="q:1"),
    case(f"{L1} l2 {L3}", process_definition_key="p"),
    case(L3, priority_higher_than_or_equals=7),
    case("l4", priority_lower_than_or_equals=-7),
    case(L1, creation_log=True),
    case("l2", failure_log=True),
    case(L3, success_log=True),
    case("l4", deletion_log=True),
    case("l4", deletion_log=True, creation_log=True),
    case("l4", tenant_id_in=["red"]),
    case(f"{L1} l2 {L3}", without_tenant_id=True),
]
ENTRY_ORDERS = [
    ordered(f"{L3} l4 l2 {L1}", "timestamp desc"),
    ordered(f"l4 {L1} l2 {L3}", "externalTaskId desc"),
    ordered(f"{L1} {L3} l4 l2", "retries asc"),
    ordered(f"l4 {L1} l2 {L3}", "priority asc"),
    ordered(f"l4 {L1} l2 {L3}", "topicName asc"),
    ordered(f"{L1} l2 {L3} l4", "workerId asc"),
    ordered(f"l4 {L1} l2 {L3}", "activityId desc"),
    ordered(f"l4 {L1} l2 {L3}", "activityInstanceId desc"),
    ordered(f"{L3} {L1} l2 l4", "executionId asc"),
    ordered(f"l4 {L1} l2 {L3}", "processInstanceId desc"),
    ordered(f"l4 {L1} l2 {L3}", "processDefinitionId desc"),
    ordered(f"{L1} l2 {L3} l4", "processDefinitionKey asc"),
    ordered(f"l4 {L1} l2 {L3}", "tenantId desc"),
]


def _links(rows):
    first = {"user_id": "anna", "task_id": "k1", "operation_type": "add"}
    second = {"group_id": "sales", "operation_type": "delete", "assigner_id": "boss"}
    rows.add(historic_identity_link, "s1", type="candidate", time=day(1), **first)
    rows.add(
        historic_identity_link,
        "s2",
        type="owner",
        time=day(2),
        process_definition_id="q:1",
        process_definition_key="q",
        tenant_id="red",
        **second,
    )


LINKS = [
    case("s1 s2"),
    case("s1", date_before=day(1)),
    case("s2", date_after=day(2)),
    case("s2", type="owner"),
    case("s1", user_id="anna"),
    case("s2", group_id="sales"),
    case("s1", task_id="k1"),
    case("s2", process_definition_id="q:1"),
    case("s2", process_definition_key="q"),
    case("s1", operation_type="add"),
    case("s2", assigner_id="boss"),
    case("s2", tenant_id_in=["red"]),
    case("s1", without_tenant_id=True),
]
LINK_ORDERS = [
    *(
        ordered("s2 s1", f"{name} desc")
        for name in (
            *("time", "type", "groupId", "processDefinitionId", "processDefinitionKey"),
            *("operationType", "assignerId", "tenantId"),
        )
    ),
    *(ordered("s2 s1", f"{name} asc") for name in ("userId", "taskId")),
]


OPERATION = {
    "deployment_id": "d1",
    "process_definition_id": "p:1",
    "process_definition_key": "p",
    "process_instance_id": "i1",
    "execution_id": "e1",
    "task_id": "k1",
    "job_id": "j1",
    "job_definition_id": "jd1",
    "batch_id": "b1",
    "user_id": "anna",
    "operation_id": "op1",
    "external_task_id": "t1",
    "operation_type": "Complete",
    "entity_type": "Task",
    "category": "TaskWorker",
    "property": "assignee",
}


def _others(rows):
    rows.add(user_operation, "y1", timestamp=day(1), **OPERATION)
    rows.add(user_operation, "y2", timestamp=day(2), entity_type="Job", category="Operator")
    first = {"event_type": "message", "event_name": "paid", "execution_id": "e1"}
    rows.add(event_subscription, "z1", created_date=day(2), process_instance_id="i1", **first)
    rows.add(
        event_subscription,
        "z2",
        created_date=day(1),
        event_type="signal",
        event_name="go",
        activity_id="wait",
        tenant_id="red",
    )
    rows.add(event_subscription, "z3", created_date=day(3), event_type="signal", tenant_id="blue")
    rows.add(schema_log, "c1", version="7.23", timestamp=day(2))
    rows.add(schema_log, "c2", version="7.24", timestamp=day(1))


OPERATIONS = [
    case("y1 y2"),
    *(case("y1", **{name: value}) for name, value in OPERATION.items()),
    case("y1 y2", entity_type_in=["Job", "Task"]),
    case("y2", category_in=["Operator"]),
    case("y2", after_timestamp=day(2)),
    case("y1", before_timestamp=day(1)),
    *(
        case("", **{name: "c"})
        for name in ("case_definition_id", "case_instance_id", "case_execution_id")
    ),
    case("", entity_type="Job", user_id="anna"),
]
SUBSCRIPTIONS = [
    case("z1 z2 z3"),
    case("z2", event_subscription_id="z2"),
    case("z1", event_name="paid"),
    case("z2 z3", event_type="signal"),
    case("z1", execution_id="e1"),
    case("z1", process_instance_id="i1"),
    case("z2", activity_id="wait"),
    case("z2", tenant_id_in=["red"]),
    case("z1", without_tenant_id=True),
    case("z1 z2", tenant_id_in=["red"], include_event_subscriptions_without_tenant_id=True),
]
LISTS = {
    "historic_activity_instance": Lines(ACTIVITIES, ACTIVITY_ORDERS),
    "historic_external_task_log": Lines(ENTRIES, ENTRY_ORDERS),
    "historic_identity_link": Lines(LINKS, LINK_ORDERS),
    "user_operation": Lines(OPERATIONS, [ordered("y2 y1", "timestamp desc")]),
    "event_subscription": Lines(
        SUBSCRIPTIONS,
        [ordered("z2 z1 z3", "created asc"), ordered("z2 z3 z1", "tenantId desc")],
    ),
}


class TestLists(OfEachList):
    """Each list of the table."""


@pytest.mark.parametrize(
    ("row_id", "place", "definition"),
    [("a1", "i1", "p:1"), ("a2", "a0", "p:1"), ("a3", None, "q:1"), ("a4", None, "q:0")],
)
def test_an_activity_says_what_its_row_leaves_out(world, row_id, place, definition):
    with world.reading() as connection:
        view = LISTINGS["historic_activity_instance"].one(connection, row_id)

    assert view["parent_activity_instance_id"] == place
    assert view["process_definition_id"] == definition
    # A called instance has the removal time of its root.
    assert view["removal_time"] == day(30)
    assert view["root_process_instance_id"] == "i1"


def test_details_of_an_entry_are_told_apart_from_no_entry(world):
    with world.reading() as connection:
        found = [external_task_logs.log_details(connection, one) for one in ("l2", "l4", "none")]

    assert found == [("at boom",), (None,), None]


def test_the_log_of_the_schema_has_each_version(world):
    with world.reading() as connection:
        logged = LISTINGS["schema_log"].find(connection, {}, [("timestamp", "asc")])

    # That of the migrations comes last: it was written when the database was made.
    assert [view["id"] for view in logged[:2]] == ["c2", "c1"]
    assert_finds(world, "schema_log", {"version": "7.23"}, ["c1"])
