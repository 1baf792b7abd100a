"""Which entries of logs, incidents, batches and subscriptions each filter finds.

Source: contract 3.19, 4.3, 4.7, 4.8 and 10.6; semantics 12.10.
"""

import pytest

from app.engine.history.history import CREATED, DELETED, FAILED, OPEN, REMOVED, RESOLVED, SUCCESSFUL
from app.errors import EngineError
from app.models.decisions import historic_decision_instance
from app.models.history import (
    historic_activity_instance,
    historic_batch,
    historic_external_task_log,
    historic_identity_link,
    historic_incident,
    historic_process_instance,
)
from app.models.monitoring import schema_log, user_operation
from app.models.repository import process_definition
from app.models.runtime import batch, event_subscription, incident, job
from app.store.lists import LISTINGS, batches, external_task_logs, historic_decision_instances
from app.store.lists.incidents import HISTORIC_INCIDENTS
from app.store.unit.narrowing import IN_INSTANCE
from tests.store.rows import day

from .cases import (
    all_cases,
    all_orders,
    assert_counts,
    assert_finds,
    assert_sorted,
    case,
    ordered,
    without_case,
    without_order,
)

TASK = "0198f000-0000-7000-8000-00000000"  # a task's id and those of its entries begin alike


def fill(rows):
    """Two instances of two definitions, and what happened in them."""
    for name, definition in (("i1", "p:1"), ("i2", "q:1")):
        rows.add(process_definition, definition, key=definition[0])
        rows.add(
            historic_process_instance,
            name,
            root_process_instance_id="i1",
            process_definition_id=definition,
            process_definition_key=definition[0],
            removal_time=day(30) if name == "i1" else None,
        )
    for part in (_activities, _external_tasks, _incidents, _batches, _links, _decided, _others):
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


def _batches(rows):
    rows.add(batch, "b1", type="del", start_time=day(1), total_jobs=10, jobs_created=4)
    rows.add(
        batch,
        "b2",
        type="set",
        start_time=day(2),
        total_jobs=2,
        jobs_created=2,
        is_suspended=True,
        tenant_id="red",
        create_user_id="anna",
    )
    for number, (kind, retries) in enumerate([("del", 0), ("del", 3), ("batch-monitor-job", 0)]):
        rows.add(job, f"bj{number}", batch_id="b1", kind=kind, retries=retries)
    rows.add(historic_batch, "b0", type="del", start_time=day(0), end_time=day(3))
    rows.add(historic_batch, "b1", type="del", start_time=day(1))
    rows.add(historic_batch, "b2", type="set", start_time=day(2), tenant_id="red")


OF_BATCHES = [
    case("b1 b2"),
    case("b2", batch_id="b2"),
    case("b1", type="del"),
    case("b2", suspended=True),
    # A value and no flag: those that are not.
    case("b1", suspended=False),
    case("b2", tenant_id_in=["red"]),
    case("b1", without_tenant_id=True),
]
BATCHES = [
    *OF_BATCHES,
    *(
        case("b1 b2", **{name: "any"})
        for name in (
            *("created_by", "started_before", "started_after"),
            *("with_failures", "without_failures"),
        )
    ),
]
STATISTICS = [
    *OF_BATCHES,
    case("b2", created_by="anna"),
    case("b1", started_before=day(2)),
    case("b2", started_after=day(1)),
    # The monitor that has failed is no job of the batch's own kind.
    case("b1", with_failures=True),
    case("b2", without_failures=True),
]
BATCH_ORDERS = [ordered("b2 b1", "batchId desc"), ordered("b2 b1", "tenantId desc")]
PAST_BATCHES = [
    case("b0 b1 b2"),
    case("b0", batch_id="b0"),
    case("b0 b1", type="del"),
    case("b0", completed=True),
    case("b1 b2", completed=False),
    case("b2", tenant_id_in=["red"]),
    case("b0 b1", without_tenant_id=True),
]
PAST_BATCH_ORDERS = [
    ordered("b2 b1 b0", "batchId desc"),
    ordered("b2 b1 b0", "startTime desc"),
    ordered("b1 b2 b0", "endTime asc"),
    ordered("b0 b1 b2", "tenantId asc"),
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


def _decided(rows):
    first = {"decision_definition_id": "x:1", "decision_definition_key": "x"}
    rows.add(
        historic_decision_instance,
        "o1",
        evaluation_time=day(1),
        decision_definition_name="Price 5%",
        process_definition_id="p:1",
        process_definition_key="p",
        process_instance_id="i1",
        root_process_instance_id="i1",
        activity_id="decide",
        activity_instance_id="decide:1",
        decision_requirements_definition_id="r:1",
        decision_requirements_definition_key="r",
        **first,
    )
    rows.add(
        historic_decision_instance,
        "o2",
        evaluation_time=day(1),
        root_decision_instance_id="o1",
        decision_requirements_definition_id="r:1",
        **{**first, "decision_definition_id": "y:1", "decision_definition_key": "y"},
    )
    rows.add(
        historic_decision_instance,
        "o3",
        evaluation_time=day(2),
        decision_definition_name="Price_5",
        user_id="anna",
        tenant_id="red",
        decision_requirements_definition_id="r:1",
        has_own_removal_time=True,
        removal_time=day(9),
        **first,
    )


DECIDED = [
    case("o1 o2 o3"),
    case("o3", decision_instance_id="o3"),
    case("o1 o3", decision_instance_id_in=["o3", "o1"]),
    case("o1 o3", decision_definition_id="x:1"),
    case("o2", decision_definition_id_in=["y:1"]),
    case("o2", decision_definition_key="y"),
    case("o1 o2 o3", decision_definition_key_in=["x", "y"]),
    case("o1", decision_definition_name="Price 5%"),
    case("o1 o3", decision_definition_name_like="Price_5%"),
    case("o3", decision_definition_name_like="Price\\_5"),
    case("o1", process_definition_id="p:1"),
    case("o1", process_definition_key="p"),
    case("o1", process_instance_id="i1"),
    case("o1", activity_id_in=["decide"]),
    case("o1", activity_instance_id_in=["decide:1"]),
    case("o1 o2", evaluated_before=day(1)),
    case("o3", evaluated_after=day(2)),
    case("o3", user_id="anna"),
    case("o1 o2", root_decision_instance_id="o1"),
    case("o1 o3", root_decision_instances_only=True),
    case("o1 o2 o3", decision_requirements_definition_id="r:1"),
    case("o1", decision_requirements_definition_key="r"),
    *(
        case("o1 o2 o3", **{name: True})
        for name in (
            *("include_inputs", "include_outputs"),
            *("disable_binary_fetching", "disable_custom_object_deserialization"),
        )
    ),
    *(
        case("", **{name: "c"})
        for name in ("case_definition_id", "case_definition_key", "case_instance_id")
    ),
    case("o3", tenant_id_in=["red"]),
    case("o1 o2", without_tenant_id=True),
]
DECIDED_ORDERS = [ordered("o3 o1 o2", "evaluationTime desc"), ordered("o1 o2 o3", "tenantId asc")]
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
    "historic_activity_instance": (ACTIVITIES, ACTIVITY_ORDERS),
    "historic_external_task_log": (ENTRIES, ENTRY_ORDERS),
    "incident": (OPEN_ONES, OPEN_ORDERS),
    "historic_incident": (PAST_ONES, PAST_ORDERS),
    "batch": (BATCHES, BATCH_ORDERS),
    "batch_statistics": (STATISTICS, [*BATCH_ORDERS, ordered("b2 b1", "startTime desc")]),
    "historic_batch": (PAST_BATCHES, PAST_BATCH_ORDERS),
    "historic_identity_link": (LINKS, LINK_ORDERS),
    "historic_decision_instance": (DECIDED, DECIDED_ORDERS),
    "user_operation": (OPERATIONS, [ordered("y2 y1", "timestamp desc")]),
    "event_subscription": (
        SUBSCRIPTIONS,
        [ordered("z2 z1 z3", "created asc"), ordered("z2 z3 z1", "tenantId desc")],
    ),
}


@pytest.mark.no_database
@pytest.mark.parametrize(("name", "filters", "expected"), all_cases(LISTS))
def test_a_filter_finds_exactly_its_rows(world, name, filters, expected):
    assert_finds(world, name, filters, expected)


@pytest.mark.parametrize(("name", "sorting", "expected"), all_orders(LISTS))
def test_rows_are_sorted(world, name, sorting, expected):
    assert_sorted(world, name, sorting, expected)


@pytest.mark.parametrize("name", LISTS)
def test_each_filter_and_each_order_has_a_case(name):
    cases, orders = LISTS[name]

    assert without_case(name, cases) == set()
    assert without_order(name, orders) == set()


def test_an_incident_is_asked_for_one_state():
    for second in ("resolved", "deleted"):
        with pytest.raises(EngineError, match="incident state <open>"):
            HISTORIC_INCIDENTS.check({"open": True, second: True}, is_or=False)
    assert HISTORIC_INCIDENTS.check({"open": True, "deleted": False}, is_or=False) is None


def test_a_batch_tells_how_far_it_is(world):
    with world.reading() as connection:
        found = batches.BATCH_STATISTICS.find(connection, {})

    shown = [
        [row[f"{what}_jobs"] for what in ("remaining", "completed", "failed")] for row in found
    ]
    # Of ten, six are not made; of the four that were, two are left, of which one has failed.
    assert shown == [[8, 2, 1], [0, 2, 0]]


@pytest.mark.parametrize(
    ("row_id", "place", "definition"),
    [("a1", "i1", "p:1"), ("a2", "a0", "p:1"), ("a3", None, "q:1"), ("a4", None, "q:0")],
)
def test_an_activity_says_what_its_row_leaves_out(world, row_id, place, definition):
    with world.reading() as connection:
        view = LISTINGS["historic_activity_instance"].one(connection, row_id)

    assert view["parent_activity_instance_id"] == place
    assert view["process_definition_id"] == definition
    # What is called goes with its root.
    assert view["removal_time"] == day(30)
    assert view["root_process_instance_id"] == "i1"


def test_details_of_an_entry_are_told_apart_from_no_entry(world):
    with world.reading() as connection:
        found = [external_task_logs.log_details(connection, one) for one in ("l2", "l4", "none")]

    assert found == [("at boom",), (None,), None]


@pytest.mark.parametrize(
    ("root", "expected"),
    [(None, [("x", 2), ("y", 1)]), ("o1", [("x", 1), ("y", 1)]), ("o2", [("y", 1)]), ("none", [])],
)
def test_evaluations_are_counted_for_each_decision(world, root, expected):
    with world.reading() as connection:
        found = historic_decision_instances.statistics(connection, "r:1", root)

    assert [tuple(row.values()) for row in found] == expected


def test_the_log_of_the_schema_has_each_version(world):
    with world.reading() as connection:
        logged = LISTINGS["schema_log"].find(connection, {}, [("timestamp", "asc")])

    # That of the migrations comes last: it was written when the database was made.
    assert [view["id"] for view in logged[:2]] == ["c2", "c1"]
    assert_finds(world, "schema_log", {"version": "7.23"}, ["c1"])


@pytest.mark.parametrize("name", LISTS)
def test_both_databases_find_as_many(world, name):
    assert_counts(world, name, LISTS[name][0])
