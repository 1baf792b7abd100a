"""Which user tasks each filter finds, alone, together and as alternatives.

Source: contract 4.6; Camunda 7 ``TaskQueryImpl``.
"""

import pytest

from app.errors import EngineError, NullValueError
from app.models.identity import group_membership
from app.models.repository import process_definition
from app.models.runtime import execution, task, variable
from app.models.tasks import identity_link
from app.store.lists import task_reports, task_variables
from app.store.lists.tasks import TASKS
from tests.store.rows import day

from .cases import (
    Lines,
    OfEachList,
    assert_sorted,
    case,
    either,
    ordered,
    without_case,
    without_order,
)

NAME = "task"
ALL = "t1 t2 t3 t4 t5 t6"


_FIRST = {"process_instance_id": "i1", "process_definition_id": "p:1", "execution_id": "i1"}
_SECOND = {"process_instance_id": "i2", "process_definition_id": "q:1", "execution_id": "i2"}
_THIRD = {"process_instance_id": "i3", "process_definition_id": "q:1", "execution_id": "e3"}
LISTED_TASKS = {
    "t1": {
        **_FIRST,
        "name": "Write",
        "description": "In ink",
        "task_definition_key": "write",
        "due_date": day(2),
        "follow_up_date": day(1),
        "activity_instance_id": "write:1",
    },
    "t2": {
        **_FIRST,
        "name": "write 50%",
        "task_definition_key": "write_more",
        "assignee": "anna",
        "owner": "olaf",
        "priority": 80,
        "create_time": day(2),
        "last_updated": day(5),
        "delegation_state": "PENDING",
        "tenant_id": "red",
    },
    "t3": {
        **_SECOND,
        "name": "Read",
        "task_definition_key": "read",
        "assignee": "bert",
        "due_date": day(4),
        "follow_up_date": day(4),
        "is_suspended": True,
        "tenant_id": "blue",
        "case_instance_id": "c1",
    },
    "t4": {
        **_THIRD,
        "name": "READ",
        "task_definition_key": "read",
        "description": "in_ink",
        "delegation_state": "RESOLVED",
        "create_time": day(3),
    },
    "t5": {"name": None, "assignee": "anna", "owner": "anna", "create_time": day(4)},
    "t6": {"parent_task_id": "t5", "name": "Child", "priority": -3},
}


def fill(rows):
    """Six tasks: four of instances, one alone and its child; with candidates of every kind."""
    rows.add(process_definition, "p:1", key="p", name="Paper work")
    rows.add(process_definition, "q:1", key="q", name="Queue")
    for name, definition, key in (("i1", "p:1", "B-1"), ("i2", "q:1", "B_1"), ("i3", "q:1", None)):
        rows.add(
            execution,
            name,
            process_instance_id=name,
            root_process_instance_id=name,
            process_definition_id=definition,
            business_key=key,
        )
    rows.add(
        execution,
        "e3",
        process_instance_id="i3",
        root_process_instance_id="i3",
        process_definition_id="q:1",
        parent_id="i3",
    )
    rows.add_all(
        task,
        LISTED_TASKS,
        priority=50,
        create_time=day(1),
    )
    links = {
        "k1": {"task_id": "t1", "user_id": "carl"},
        "k2": {"task_id": "t1", "group_id": "sales"},
        "k3": {"task_id": "t2", "group_id": "sales"},
        "k4": {"task_id": "t4", "group_id": "sales_north"},
        "k5": {"task_id": "t4", "group_id": "sales"},
        "k6": {"task_id": "t3", "user_id": "dora"},
        "k7": {"task_id": "t6", "user_id": "dora", "type": "reviewer"},
        "k8": {"task_id": "t5", "group_id": "legal", "type": "reviewer"},
    }
    rows.add_all(identity_link, links, type="candidate")
    rows.add(group_membership, "m1", user_id="gina", group_id="sales_north")
    rows.add(group_membership, "m2", user_id="gina", group_id="empty")
    _fill_variables(rows)


def _fill_variables(rows):
    column_of = {"String": "text_value", "Integer": "long_value", "Double": "double_value"}

    def put(number, name, kind, scope, *, value, **places):
        places[column_of[kind]] = value
        rows.add(variable, number, name=name, type=kind, execution_id=scope, **places)

    put("v1", "city", "String", "i1", value="Bonn", process_instance_id="i1")
    put("v2", "city", "String", "i2", value="bonn", process_instance_id="i2")
    put("v3", "size", "Integer", "i2", value=10, process_instance_id="i2")
    put("v4", "size", "Integer", "e3", value=9, process_instance_id="i3")
    put("v5", "city", "String", "t4", value="Rome", process_instance_id="i3", task_id="t4")
    put("v6", "size", "Double", "i1", value=9.5, process_instance_id="i1")
    put("v7", "mood", "String", "t5", value="fine", task_id="t5")


CASES = [
    case(ALL),
    case("t3", task_id="t3"),
    case("t2 t4", task_id_in=["t4", "t2"]),
    case("t1 t2", process_instance_id="i1"),
    case("t1 t2 t3", process_instance_id_in=["i1", "i2"]),
    case("t1 t2", process_instance_business_key="B-1"),
    case("t1 t2 t3", process_instance_business_key_in=["B-1", "B_1"]),
    case("t1 t2 t3", process_instance_business_key_like="B_1"),
    case("t3", process_instance_business_key_like="B\\_1"),
    case("t3 t4", process_definition_id="q:1"),
    case("t1 t2", process_definition_key="p"),
    case("t1 t2 t3 t4", process_definition_key_in=["p", "q"]),
    case("t1 t2", process_definition_name="Paper work"),
    case("t3 t4", process_definition_name_like="%ue%"),
    case("t4", execution_id="e3"),
    case("t1", activity_instance_id_in=["write:1"]),
    case("t2 t5", assignee="anna"),
    case("", assignee="Anna"),
    case("t3", assignee_like="%t"),
    case("t2 t3 t5", assignee_in=["anna", "bert"]),
    # Tasks without an assignee do not match.
    case("t3", assignee_not_in=["anna"]),
    case("t2", owner="olaf"),
    case("t2 t3 t5", assigned=True),
    case("t1 t4 t6", unassigned=True),
    case("", assigned=True, unassigned=True),
    case("t3 t6", involved_user="dora"),
    case("t2 t5", involved_user="anna"),
    case("t2", involved_user="olaf"),
    # Candidates are asked for of tasks that can still be claimed, unless all are wanted.
    case("t1", candidate_user="carl"),
    case("", candidate_user="dora"),
    case("t3", candidate_user="dora", include_assigned_tasks=True),
    case("t4", candidate_user="gina"),
    case("t1 t4", candidate_group="sales"),
    case("t1 t2 t4", candidate_group="sales", include_assigned_tasks=True),
    case("t4", candidate_group_like="sales\\_%"),
    case("t1 t4", candidate_group_like="sal%"),
    case("t4", candidate_groups=["sales_north", "none"]),
    case("t1 t4", candidate_groups=["sales_north", "sales"]),
    case("", candidate_groups=["sales_north"], candidate_group="sales"),
    case("t1 t4", candidate_groups=["sales_north", "sales"], candidate_group="sales"),
    case("t1 t4", with_candidate_groups=True),
    case("t1 t2 t4", with_candidate_groups=True, include_assigned_tasks=True),
    case("t6", without_candidate_groups=True),
    case("t3 t5 t6", without_candidate_groups=True, include_assigned_tasks=True),
    case("t1", with_candidate_users=True),
    case("t4 t6", without_candidate_users=True),
    case("t3 t4", name="read"),
    # A task without a name is neither named so nor named otherwise.
    case("t1 t2 t6", name_not_equal="READ"),
    case("t1 t2", name_like="WRITE%"),
    case("t2", name_like="%\\%"),
    case("t3 t4 t6", name_not_like="write%"),
    case("t1", description="IN INK"),
    case("t1 t4", description_like="in_ink"),
    case("t4", description_like="IN\\_ink"),
    case("t2", priority=80),
    case("t6", max_priority=49),
    case("t1 t3 t4 t5 t6", max_priority=50),
    case("t1 t2 t3 t4 t5", min_priority=50),
    case("t3 t4", task_definition_key="read"),
    case("t1 t3 t4", task_definition_key_in=["read", "write"]),
    case("t1 t2", task_definition_key_not_in=["read"]),
    case("t1 t2", task_definition_key_like="write%"),
    case("t2", task_definition_key_like="write\\_%"),
    case("t1", due=day(2)),
    case("t1", due_date=day(2)),
    case("t1", due_before=day(4)),
    case("t3", due_after=day(2)),
    case("t2 t4 t5 t6", without_due_date=True),
    case("t3", follow_up=day(4)),
    case("t3", follow_up_date=day(4)),
    case("t1", follow_up_before=day(4)),
    case("", follow_up_before=day(1)),
    case("t1 t2 t4 t5 t6", follow_up_before_or_not_existent=day(4)),
    case("t3", follow_up_after=day(1)),
    case("t2", created=day(2)),
    case("t4", created_on=day(3)),
    case("t1 t3 t6", created_before=day(2)),
    case("t4 t5", created_after=day(2)),
    # Tasks that were never updated are compared by their creation.
    case("t2 t5", updated_after=day(3)),
    case("t2", delegation_state="PENDING"),
    case("t4", delegation_state="RESOLVED"),
    case("t6", parent_task_id="t5"),
    case("t1 t2 t4 t5 t6", active=True),
    case("t3", suspended=True),
    case("t3", active=True, suspended=True),
    case("t1 t2", process_variables=[("city", "eq", "Bonn")]),
    case("t3", process_variables=[("city", "neq", "Bonn")]),
    case("t1 t2 t3", process_variables=[("city", "eq", "BONN")], variable_values_ignore_case=True),
    case("t3", process_variables=[("SIZE", "eq", 10)], variable_names_ignore_case=True),
    case("t1 t2 t3", process_variables=[("size", "gt", 9)]),
    case("t3", process_variables=[("size", "gt", 9), ("city", "like", "b%")]),
    case("t4", task_variables=[("city", "eq", "Rome")]),
    case("t5", task_variables=[("mood", "like", "f_ne")]),
    case("", task_variables=[("city", "eq", "Bonn")]),
    case("", case_instance_variables=[("city", "eq", "Bonn")]),
    case("t3", case_instance_id="c1"),
    *(
        case("", **{f"case_{name}": "c1"})
        for name in (
            "definition_id",
            "definition_key",
            "definition_name",
            "definition_name_like",
            "instance_business_key",
            "instance_business_key_like",
            "execution_id",
        )
    ),
    case("t2", tenant_id_in=["red"]),
    case("t1 t4 t5 t6", without_tenant_id=True),
    # Both hold here, where of most lists the flag overrules the names.
    case("", without_tenant_id=True, tenant_id_in=["red"]),
    # These change the answer, and find all.
    case(ALL, with_task_variables_in_return=True),
    case(ALL, with_task_local_variables_in_return=True),
    case(ALL, with_comment_attachment_info=True),
    case("t4", process_definition_key="q", unassigned=True, name_like="re%"),
    case("", process_definition_key="p", task_definition_key="read"),
]
ALTERNATIVES = [
    either("t1 t2 t6", {"process_definition_key": "p", "parent_task_id": "t5"}),
    either("t2 t3 t5", {"assignee": "anna", "suspended": True}),
    # An alternative without filters narrows nothing.
    either(ALL, {}),
    either("t1 t2 t6", {"name": "child", "name_like": "write%"}),
    # Filters outside of the alternatives must always match.
    either("t6", {"name": "child", "name_like": "write%"}, priority=-3),
    # One of several variables is enough.
    either("t1 t2 t3 t4", {"process_variables": [("size", "lt", 10), ("city", "eq", "bonn")]}),
    # A single group given as well is an alternative of its own.
    either("t1 t4", {"candidate_groups": ["sales_north"], "candidate_group": "sales"}),
    either("t1 t4", {"candidate_user": "carl", "candidate_group": "sales_north"}),
    either("t1 t3", {"due_before": day(3), "due_after": day(3)}),
    either("t1 t2 t4 t5 t6", {"without_due_date": True, "due_before": day(3)}),
]
ORDERS = [
    ordered("t5 t6 t1 t2 t3 t4", "instanceId asc"),
    ordered("t3 t1 t2 t4 t5 t6", "dueDate desc"),
    ordered("t2 t4 t5 t6 t1 t3", "dueDate asc"),
    ordered("t3 t1 t2 t4 t5 t6", "followUpDate desc"),
    ordered("t5 t6 t4 t1 t2 t3", "executionId asc"),
    ordered("t3 t2 t5 t1 t4 t6", "assignee desc"),
    ordered("t5 t4 t2 t1 t3 t6", "created desc"),
    ordered("t1 t3 t4 t5 t6 t2", "lastUpdated asc"),
    ordered("t3 t1 t2 t4 t5 t6", "caseInstanceId desc"),
    ordered("t1 t2 t3 t4 t5 t6", "caseExecutionId desc"),
    ordered("t4 t1 t2 t3 t5 t6", "description desc"),
    ordered("t6 t5 t4 t3 t2 t1", "id desc"),
    ordered("t5 t6 t4 t3 t1 t2", "name asc"),
    ordered("t5 t6 t3 t4 t1 t2", "nameCaseInsensitive asc"),
    ordered("t2 t1 t3 t4 t5 t6", "priority desc"),
    ordered("t2 t3 t1 t4 t5 t6", "tenantId desc"),
    ordered("t6 t5 t4 t1 t3 t2", "priority asc", "created desc"),
]
BY_VARIABLES = [
    ordered("t3 t4 t1 t2 t5 t6", "processVariable desc size integer"),
    ordered("t1 t2 t5 t6 t4 t3", "processVariable asc size Integer"),
    ordered("t1 t2 t3 t4 t5 t6", "processVariable desc size double"),
    ordered("t3 t4 t5 t6 t1 t2", "processVariable asc size Double"),
    ordered("t1 t2 t5 t6 t4 t3", "executionVariable asc size integer"),
    ordered("t5 t4 t1 t2 t3 t6", "taskVariable desc mood string", "taskVariable desc city string"),
    ordered("t1 t2 t3 t4 t5 t6", "caseInstanceVariable desc size integer"),
    ordered("t6 t5 t4 t3 t2 t1", "caseExecutionVariable asc size integer", "id desc"),
]


LISTS = {NAME: Lines(CASES, ORDERS, ALTERNATIVES)}


class TestLists(OfEachList):
    """The list of tasks, in which expressions are computed before its filters are read."""

    def test_each_filter_and_each_order_has_a_case(self, name, lines):
        computed = {name for name in TASKS.filters if name.endswith("_expression")}

        assert without_case(name, lines.cases) == computed
        assert without_order(name, lines.orders) == set()


@pytest.mark.parametrize(("sorting", "expected"), BY_VARIABLES)
def test_tasks_are_sorted_by_variables(world, sorting, expected):
    assert_sorted(world, NAME, sorting, expected)


def test_each_sorting_by_a_variable_has_a_case():
    asked = {level[0] for one in BY_VARIABLES for level in one.values[0]}

    assert asked >= set(TASKS.variable_sorts)


@pytest.mark.parametrize(
    ("type_name", "error"),
    [
        *(pytest.param(name, EngineError, id=name) for name in ("bytes", "Object", "json", "null")),
        pytest.param("Word", NullValueError, id="unknown"),
        pytest.param("", NullValueError, id="empty"),
    ],
)
def test_a_type_without_an_order_is_refused(type_name, error):
    with pytest.raises(error):
        TASKS.variable_sorts["processVariable"]("size", type_name)


def test_groups_are_counted_by_links_with_tasks_that_nobody_has(world):
    with world.reading() as connection:
        found = [tuple(row.values()) for row in task_reports.candidate_groups(connection)]

    # None: the link of a user with t1, and that of t6, whose link is a user's as well.
    assert found == [(None, 2), ("sales", 2), ("sales_north", 1)]


def test_the_links_of_a_task_come_in_the_order_of_their_making(world):
    with world.reading() as connection:
        found = [tuple(row.values()) for row in task_reports.links_of(connection, "t1")]

    assert found == [("carl", None, "candidate"), (None, "sales", "candidate")]


@pytest.mark.parametrize(
    ("is_local", "expected"),
    [
        pytest.param(True, {"t4": {"city": "Rome"}, "t5": {"mood": "fine"}}, id="own"),
        pytest.param(
            False,
            {
                "t1": {"city": "Bonn", "size": None},
                "t4": {"city": "Rome", "size": None},
                "t5": {"mood": "fine"},
            },
            id="seen",
        ),
    ],
)
def test_a_task_sees_what_its_scopes_hold(world, is_local, expected):
    with world.reading() as connection:
        found = task_variables.of_tasks(connection, ["t1", "t4", "t5", "t6"], is_local=is_local)

    shown = {
        one: {name: view["text_value"] for name, view in seen.items()}
        for one, seen in found.items()
    }
    assert shown == expected
