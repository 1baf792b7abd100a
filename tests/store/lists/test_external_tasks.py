"""Which external tasks each filter finds, and in which order.

Source: contract 3.15.
"""

import pytest

from app.models.repository import process_definition
from app.models.runtime import execution, external_task, variable
from app.store.lists import external_tasks
from tests.store.rows import FAR_AWAY, LONG_AGO, day

from .cases import Lines, OfEachList, case, ordered

ALL = "t1 t2 t3 t4 t5 t6"


_IN_FIRST = {"process_instance_id": "i1", "process_definition_id": "ship:1"}
_IN_SECOND = {"process_instance_id": "i2", "process_definition_id": "ship:2"}
_IN_THIRD = {"process_instance_id": "i3", "process_definition_id": "pay:1"}
TASKS = {
    "t1": {**_IN_FIRST, "execution_id": "i1", "activity_id": "pack"},
    "t2": {
        **_IN_FIRST,
        "execution_id": "e1",
        "activity_id": "send",
        "worker_id": "anna",
        "is_locked": True,
        "lock_expiration_time": FAR_AWAY,
        "retries": 3,
        "priority": 5,
    },
    "t3": {
        **_IN_SECOND,
        "execution_id": "i2",
        "activity_id": "send",
        "worker_id": "anna",
        "is_locked": True,
        "lock_expiration_time": LONG_AGO,
        "retries": 0,
        "tenant_id": "red",
    },
    "t4": {
        **_IN_SECOND,
        "execution_id": "i2",
        "activity_id": "pack",
        "is_suspended": True,
        "retries": 1,
        "tenant_id": "blue",
        "create_time": day(3),
    },
    "t5": {
        **_IN_THIRD,
        "process_definition_key": "pay",
        "execution_id": "i3",
        "activity_id": "charge",
        "topic_name": "money",
        "worker_id": "bert",
        "is_locked": True,
        "lock_expiration_time": FAR_AWAY,
        "retries": 0,
        "priority": -5,
        "create_time": day(2),
    },
    "t6": {
        "process_instance_id": "i4",
        "process_definition_id": "old:1",
        "process_definition_key": "old",
        "execution_id": "i4",
        "activity_id": "pack",
        "topic_name": None,
        "is_suspended": True,
        "error_details": "it broke",
    },
}


def fill(rows):
    """Six tasks in four instances of three processes: free, locked, expired, failed, suspended."""
    rows.add(process_definition, "ship:1", key="ship", name="Ship it", version_tag="blue")
    rows.add(process_definition, "ship:2", key="ship", name="Ship 100%")
    rows.add(process_definition, "pay:1", key="pay")
    rows.add(process_definition, "old:1", key="old")
    for instance, definition in (("i1", "ship:1"), ("i2", "ship:2"), ("i3", "pay:1")):
        rows.add(
            execution,
            instance,
            process_instance_id=instance,
            root_process_instance_id=instance,
            process_definition_id=definition,
        )
    rows.add(
        execution,
        "e1",
        process_instance_id="i1",
        root_process_instance_id="i1",
        parent_id="i1",
        process_definition_id="ship:1",
    )
    task = {"priority": 0, "create_time": day(1), "topic_name": "parcel"}
    rows.add_all(
        external_task,
        TASKS,
        process_definition_key="ship",
        **task,
    )
    text = {"type": "String", "process_instance_id": "i1", "execution_id": "i1"}
    rows.add(variable, "v1", name="Colour", text_value="Red", **text)
    rows.add(variable, "v2", name="local", text_value="x", **{**text, "execution_id": "e1"})
    rows.add(variable, "v3", name="note", text_value="x", task_id="u1", **text)
    number = {"type": "Integer", "process_instance_id": "i2", "execution_id": "i2"}
    rows.add(variable, "v4", name="amount", long_value=7, **number)
    rows.add(variable, "v5", name="Colour", text_value="blue", **{**number, "type": "String"})


CASES = [
    case(ALL),
    case("t2", external_task_id="t2"),
    case("", external_task_id="nobody"),
    case("t1 t3", external_task_id_in=["t3", "t1", "t1", "nobody"]),
    case("t1 t2 t3 t4", topic_name="parcel"),
    case("t2 t3", worker_id="anna"),
    case("", worker_id="ann"),
    case("t1 t4", activity_id="pack", process_definition_key="ship"),
    case("t1 t4 t6", activity_id="pack"),
    case("t2 t3 t5", activity_id_in=["send", "charge"]),
    case("t1", execution_id="i1"),
    case("t2", execution_id="e1"),
    case("", execution_id="gone"),
    case("t1 t2", process_instance_id="i1"),
    case("t3 t4 t5", process_instance_id_in=["i2", "i3"]),
    case("t3 t4", process_definition_id="ship:2"),
    case("t1 t2 t3 t4", process_definition_key="ship"),
    case("t5", process_definition_key_in=["pay", "none"]),
    case("t1 t2", process_definition_name="Ship it"),
    case("t1 t2 t3 t4", process_definition_name_like="Ship%"),
    case("t3 t4", process_definition_name_like="%0\\%"),
    case("", process_definition_name_like="ship%"),
    case("t2 t5", locked=True),
    case("t1 t3 t4 t6", not_locked=True),
    case("", locked=True, not_locked=True),
    case("t1 t2 t4 t6", with_retries_left=True),
    case("t3 t5", no_retries_left=True),
    # One field of the query holds both; the one that is set last counts.
    case("t3 t5", with_retries_left=True, no_retries_left=True),
    case("t1 t2 t3 t5", active=True),
    case("t4 t6", suspended=True),
    case("t4 t6", active=True, suspended=True),
    case("t3", lock_expiration_before=day(1)),
    case("t2 t5", lock_expiration_after=day(1)),
    case("", lock_expiration_before=LONG_AGO),
    case("", lock_expiration_after=FAR_AWAY),
    case("t2", priority_higher_than_or_equals=5),
    case("t1 t2 t3 t4 t6", priority_higher_than_or_equals=0),
    case("t5", priority_lower_than_or_equals=-5),
    case("t1 t3 t4 t6", priority_higher_than_or_equals=-4, priority_lower_than_or_equals=4),
    case("t3", tenant_id_in=["red"]),
    case("t3 t4", tenant_id_in=["red", "blue"]),
    case("", tenant_id_in=[]),
    case("t1 t2", process_variables=[("Colour", "eq", "Red")]),
    case("t3 t4", process_variables=[("Colour", "neq", "Red")]),
    case("", process_variables=[("colour", "eq", "Red")]),
    case("t1 t2", process_variables=[("colour", "eq", "Red")], variable_names_ignore_case=True),
    case("t1 t2", process_variables=[("Colour", "eq", "RED")], variable_values_ignore_case=True),
    case("t3 t4", process_variables=[("amount", "gteq", 7), ("Colour", "like", "bl%")]),
    case("", process_variables=[("amount", "gt", 7)]),
    case("t3 t4", process_variables=[("Colour", "notLike", "R%")]),
    # Variables of inner scopes count as the instance's, variables of user tasks do not.
    case("t1 t2", process_variables=[("local", "eq", "x")]),
    case("", process_variables=[("note", "eq", "x")]),
    case("t3", activity_id="send", no_retries_left=True, not_locked=True, tenant_id_in=["red"]),
    case("", activity_id="send", tenant_id_in=["blue"]),
]
ORDERS = [
    ordered("t1 t2 t3 t4 t5 t6"),
    ordered("t6 t5 t4 t3 t2 t1", "id desc"),
    # No value comes before all values, on either database; equal values go by the id.
    ordered("t1 t4 t6 t3 t2 t5", "lockExpirationTime asc"),
    ordered("t2 t5 t3 t1 t4 t6", "lockExpirationTime desc"),
    ordered("t6 t5 t3 t4 t1 t2", "processDefinitionKey asc", "processInstanceId desc"),
    ordered("t3 t4 t1 t2 t5 t6", "processDefinitionId desc"),
    ordered("t1 t2 t5 t6 t4 t3", "tenantId asc"),
    ordered("t3 t4 t1 t2 t5 t6", "tenantId desc"),
    ordered("t2 t1 t3 t4 t6 t5", "taskPriority desc"),
    ordered("t2 t4 t1 t3 t6 t5", "taskPriority desc", "createTime desc"),
    ordered("t4 t5 t1 t2 t3 t6", "createTime desc"),
]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        pytest.param({}, ["money", "parcel"], id="all"),
        pytest.param({"with_locked_tasks": True}, ["money", "parcel"], id="locked"),
        pytest.param({"with_unlocked_tasks": True}, ["parcel"], id="unlocked"),
        pytest.param({"with_retries_left": True}, ["parcel"], id="retries"),
        pytest.param({"with_locked_tasks": True, "with_retries_left": True}, ["parcel"], id="both"),
        pytest.param({"with_locked_tasks": True, "with_unlocked_tasks": True}, [], id="excluding"),
    ],
)
def test_topics_are_those_of_tasks_that_fulfil_every_flag(world, flags, expected):
    every = dict.fromkeys(("with_locked_tasks", "with_unlocked_tasks", "with_retries_left"), False)

    with world.reading() as connection:
        found = external_tasks.topic_names(connection, [], **{**every, **flags})

    assert found == expected


def test_a_topic_is_free_where_a_task_could_be_fetched_now(world):
    # t1 alone is neither locked nor suspended nor failed; the expired lock of t3 has no retries.
    with world.reading() as connection:
        found = external_tasks.free_topics(connection, ["money", "parcel", "nothing"])

    assert found == ["parcel"]


def test_details_of_an_error_are_told_apart_from_a_task_that_is_not_there(world):
    with world.reading() as connection:
        found = [external_tasks.error_details(connection, task) for task in ("t6", "t1", "t0")]

    assert found == [("it broke",), (None,), None]


def test_the_answer_has_the_tag_of_the_version(world):
    with world.reading() as connection:
        tasks = [external_tasks.EXTERNAL_TASKS.one(connection, task) for task in ("t1", "t3")]

    assert [task["process_definition_version_tag"] for task in tasks] == ["blue", None]


LISTS = {"external_task": Lines(CASES, ORDERS)}


class TestLists(OfEachList):
    """Each list of the table."""
