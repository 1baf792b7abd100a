"""Which user tasks of the history each filter finds.

Source: contract 4.8; Camunda 7 ``HistoricTaskInstanceQueryImpl``.
"""

import pytest

from app.errors import EngineError
from app.models.history import (
    historic_identity_link,
    historic_process_instance,
    historic_task,
    historic_variable_instance,
)
from app.models.repository import process_definition
from app.store.lists.historic_tasks import HISTORIC_TASKS
from tests.store.rows import day

from .cases import Lines, OfEachList, case, either, ordered

ALL = "k1 k2 k3 k4 k5"


_FIRST = {"process_instance_id": "i1", "execution_id": "e1", "process_definition_id": "p:1"}
_SECOND = {"process_instance_id": "i2", "execution_id": "e2", "process_definition_id": "q:1"}
TASKS = {
    "k1": {
        **_FIRST,
        "process_definition_key": "p",
        "name": "Write 5%",
        "description": "in_ink",
        "assignee": "anna",
        "due_date": day(3),
        "activity_instance_id": "write:1",
    },
    "k2": {
        **_FIRST,
        "process_definition_key": "p",
        "name": "write",
        "owner": "o_af",
        "start_time": day(2),
        "end_time": day(4),
        "delete_reason": "completed",
        "follow_up_date": day(3),
        "priority": 80,
    },
    "k3": {
        **_SECOND,
        "process_definition_key": "q",
        "assignee": "bert",
        "start_time": day(3),
        "end_time": day(4),
        "delete_reason": "deleted",
        "task_definition_key": "read",
        "due_date": day(5),
        "tenant_id": "red",
    },
    "k4": {"name": "Alone", "follow_up_date": day(6), "tenant_id": "blue"},
    "k5": {"name": "Child", "parent_task_id": "k4", "owner": "olaf"},
}


def fill(rows):
    """Tasks that are done and that are not, of a called instance, of a finished one, and alone."""
    rows.add(process_definition, "p:1", key="p", name="Paper work")
    rows.add_all(
        historic_process_instance,
        {
            "i1": {"business_key": "B-1", "root_process_instance_id": "i1"},
            "i2": {"business_key": "B_1", "root_process_instance_id": "i1", "end_time": day(9)},
        },
        process_definition_id="p:1",
    )
    rows.add_all(
        historic_task,
        TASKS,
        priority=50,
        start_time=day(1),
        task_definition_key="write",
    )
    _fill_links(rows)
    text = {"type": "String", "state": "CREATED", "name": "city"}
    rows.add(historic_variable_instance, "v1", process_instance_id="i1", text_value="Bonn", **text)
    rows.add(
        historic_variable_instance,
        "v2",
        process_instance_id="i2",
        task_id="k3",
        text_value="Rome",
        **text,
    )


def _fill_links(rows):
    candidate = {"type": "candidate", "operation_type": "add"}
    rows.add_all(
        historic_identity_link,
        {
            "s1": {**candidate, "task_id": "k1", "user_id": "carl"},
            "s2": {**candidate, "task_id": "k1", "group_id": "sales"},
            # It was one, also if it was taken away again.
            "s3": {**candidate, "task_id": "k2", "group_id": "sales"},
            "s4": {"type": "candidate", "operation_type": "delete", "task_id": "k2"},
            # Only taken away, from before the history was kept.
            "s5": {**candidate, "operation_type": "delete", "task_id": "k4", "group_id": "sales"},
            "s6": {"type": "owner", "operation_type": "add", "task_id": "k3", "user_id": "carl"},
        },
    )


CASES = [
    case(ALL),
    case("k2", task_id="k2"),
    case("k5", task_parent_task_id="k4"),
    case("k1 k2", process_instance_id="i1"),
    case("k1 k2 k3", root_process_instance_id="i1"),
    case("", root_process_instance_id="i2"),
    case("k1 k2", process_instance_business_key="B-1"),
    case("k1 k2 k3", process_instance_business_key_in=["B_1", "B-1"]),
    case("k1 k2 k3", process_instance_business_key_like="B_1"),
    case("k3", process_instance_business_key_like="B\\_1"),
    case("k3", process_definition_id="q:1"),
    case("k1 k2", process_definition_key="p"),
    case("k1 k2", process_definition_name="Paper work"),
    case("k3", execution_id="e2"),
    case("k1", activity_instance_id_in=["write:1"]),
    case("k2", task_name="WRITE"),
    case("k1 k2", task_name_like="WRITE%"),
    case("k1", task_name_like="%\\%"),
    case("k1", task_description="IN_INK"),
    case("k1", task_description_like="IN\\_I%"),
    case("k3", task_definition_key="read"),
    case("k1 k2 k3 k4 k5", task_definition_key_in=["read", "write"]),
    case("k2", task_delete_reason="completed"),
    case("k2 k3", task_delete_reason_like="%ted"),
    case("k1", task_assignee="anna"),
    case("k1 k3", task_assignee_like="%_%"),
    case("k2", task_owner="o_af"),
    case("k2 k5", task_owner_like="o_af"),
    case("k2", task_owner_like="o\\_af"),
    case("k2", task_priority=80),
    case("k1 k3", assigned=True),
    case("k2 k4 k5", unassigned=True),
    case("k2 k3", finished=True),
    case("k1 k4 k5", unfinished=True),
    # As the reference has it, false asks for the same as true.
    case("k2 k3", finished=False),
    case("", assigned=True, unassigned=True),
    case("k3", process_finished=True),
    # A task alone has no process that could be unfinished.
    case("k1 k2", process_unfinished=True),
    case("k1 k3", task_involved_user="carl"),
    case("k1 k2 k4", task_involved_group="sales"),
    case("k1", task_had_candidate_user="carl"),
    case("k1 k2", task_had_candidate_group="sales"),
    # One link, which is a user's or a group's.
    case("", task_had_candidate_user="carl", task_had_candidate_group="sales"),
    case("k1 k2", with_candidate_groups=True),
    case("k3 k4 k5", without_candidate_groups=True),
    case("k1", task_due_date=day(3)),
    case("k1", task_due_date_before=day(5)),
    case("k3", task_due_date_after=day(3)),
    case("k2 k4 k5", without_task_due_date=True),
    case("k4", task_follow_up_date=day(6)),
    case("k2", task_follow_up_date_before=day(6)),
    case("k4", task_follow_up_date_after=day(3)),
    # Both ends belong to these, unlike those above.
    case("k1 k2 k4 k5", started_before=day(2)),
    case("k2 k3", started_after=day(2)),
    case("k2 k3", finished_before=day(4)),
    case("k2 k3", finished_after=day(4)),
    case("", finished_after=day(5)),
    case("k1 k2", process_variables=[("city", "eq", "Bonn")]),
    # Local variables of a task are not variables of its process.
    case("", process_variables=[("city", "eq", "Rome")]),
    case("k3", task_variables=[("city", "eq", "Rome")]),
    case("", task_variables=[("city", "eq", "Bonn")]),
    case("k3", task_variables=[("CITY", "eq", "Rome")], variable_names_ignore_case=True),
    case("k3", task_variables=[("city", "eq", "ROME")], variable_values_ignore_case=True),
    case("", case_definition_id="c"),
    case("", case_definition_key="c"),
    case("", case_definition_name="c"),
    case("", case_instance_id="c"),
    case("", case_execution_id="c"),
    case("k3", tenant_id_in=["red"]),
    case("k1 k2 k5", without_tenant_id=True),
    case("k1 k2 k5", without_tenant_id=True, tenant_id_in=["red"]),
    case("k2", process_instance_id="i1", finished=True, unassigned=True),
]
ALTERNATIVES = [
    either("k1 k3", {"assigned": True, "task_assignee": "anna"}),
    either("k1 k2", {"task_had_candidate_user": "carl", "task_had_candidate_group": "sales"}),
    either("k2 k4 k5", {"task_priority": 80, "unfinished": True}, unassigned=True),
    either("k1 k2 k3", {"process_variables": [("city", "eq", "Bonn")], "process_finished": True}),
]
ORDERS = [
    ordered("k5 k4 k3 k2 k1", "taskId desc"),
    ordered("k1 k2 k3 k4 k5", "activityInstanceId desc"),
    ordered("k3 k1 k2 k4 k5", "processDefinitionId desc"),
    ordered("k4 k5 k1 k2 k3", "processInstanceId asc"),
    ordered("k3 k1 k2 k4 k5", "executionId desc"),
    ordered("k2 k3 k1 k4 k5", "duration desc"),
    ordered("k1 k4 k5 k2 k3", "endTime asc"),
    ordered("k3 k2 k1 k4 k5", "startTime desc"),
    ordered("k3 k4 k5 k1 k2", "taskName asc"),
    ordered("k1 k2 k3 k4 k5", "taskDescription desc"),
    ordered("k2 k4 k5 k1 k3", "assignee asc"),
    ordered("k5 k2 k1 k3 k4", "owner desc"),
    ordered("k3 k1 k2 k4 k5", "dueDate desc"),
    ordered("k4 k2 k1 k3 k5", "followUpDate desc"),
    ordered("k1 k4 k5 k2 k3", "deleteReason asc"),
    ordered("k3 k1 k2 k4 k5", "taskDefinitionKey asc"),
    ordered("k2 k1 k3 k4 k5", "priority desc"),
    *(
        ordered("k1 k2 k3 k4 k5", f"case{what} {direction}")
        for what in ("DefinitionId", "InstanceId", "ExecutionId")
        for direction in ("asc", "desc")
    ),
    ordered("k1 k2 k5 k4 k3", "tenantId asc"),
]
FORMER = ("with_candidate_groups", "without_candidate_groups")


@pytest.mark.parametrize("name", FORMER)
def test_a_question_about_groups_is_no_alternative(name):
    assert HISTORIC_TASKS.check({name: True}, is_or=False) is None
    with pytest.raises(EngineError, match="within 'or' query"):
        HISTORIC_TASKS.check({name: True}, is_or=True)


LISTS = {"historic_task": Lines(CASES, ORDERS, ALTERNATIVES)}


class TestLists(OfEachList):
    """Each list of the table."""
