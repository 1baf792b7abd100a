"""The row of a variable is that of its history, and every list tells what two rows would tell."""

import pytest

from app.engine.state.values import TypedValue
from app.errors import NotFoundError
from app.services import history, lists, migration, process_instances, variables
from app.store import Store
from tests.models import TWO_TASKS, flows, process, task
from tests.store.driving import VALUES, complete, deploy, fetch, start
from tests.store.earlier_rows import count, part_variables

TOGETHER = process(  # at the second gateway the instance's own execution loses what a token had
    '<startEvent id="s"/><parallelGateway id="fork"/>'
    + task("one")
    + task("two")
    + '<parallelGateway id="join"/>'
    + task("after")
    + '<endEvent id="e"/>'
    + flows("s", "fork", "one", "join", "after", "e")
    + flows("fork", "two", "join"),
    "together",
)


def number(value):
    return TypedValue("Integer", value)


def told(store, instance):
    """The variables of an instance as its history tells them, by name."""
    found = lists.find(
        store,
        "historic_variable_instance",
        {"process_instance_id": instance, "include_deleted": True},
    )
    return {view["name"]: view for view in found}


def details(store, instance, name):
    found = lists.find(
        store,
        "historic_detail",
        {"process_instance_id": instance},
        [("variableRevision", "asc")],
    )
    return [
        (view["revision"], view["long_value"], view["is_initial"])
        for view in found
        if view["variable_name"] == name
    ]


def present(store, **filters):
    return {view["name"] for view in lists.find(store, "variable_instance", filters)}


def put(store, instance, **values):
    variables.modify(store, instance, modifications=values)


def end(store):
    for topic in ("check", "ship"):
        complete(store, fetch(store, topic)[0])


@pytest.fixture
def instance(store):
    deploy(store, TWO_TASKS)
    return start(store, "two", v=number(1))


def test_a_variable_has_one_row_which_stays_when_its_instance_ends(store, instance):
    before = told(store, instance)
    rows = count(store.engine, "variable")

    end(store)

    assert set(before) == {*VALUES, "v"}
    assert count(store.engine, "historic_variable_instance") == 0
    assert count(store.engine, "variable") == rows == len(VALUES) + 1
    after = told(store, instance)["v"]
    assert after.pop("removal_time") is not None
    assert before["v"].pop("removal_time") is None
    assert after == before["v"]
    assert details(store, instance, "v") == [(0, 1, True)]


def test_a_variable_of_an_ended_instance_is_in_no_list_of_what_is_there(store, instance):
    other = start(store, "two", v=number(2))
    (task,) = fetch(store, "check", 1)
    complete(store, task)
    complete(store, fetch(store, "ship")[0])
    ended = task["process_instance_id"]
    (running,) = {instance, other} - {ended}
    (variable,) = [view["id"] for view in told(store, ended).values() if view["name"] == "v"]

    found = lists.find(store, "variable_instance", {"variable_name": "v"})

    assert [view["process_instance_id"] for view in found] == [running]
    assert present(store, process_instance_id_in=[ended]) == set()
    assert present(store, execution_id_in=[ended]) == set()
    assert present(store, activity_instance_id_in=[ended]) == set()
    assert present(store, process_instance_id_in=[running]) == {*VALUES, "v"}
    assert lists.count(store, "variable_instance", {}) == len(VALUES) + 1
    assert lists.get(store, "variable_instance", variable) is None
    assert lists.get(store, "historic_variable_instance", variable)["long_value"] in (1, 2)


def test_a_value_that_is_set_with_the_last_step_is_the_last_one(store, instance):
    complete(store, fetch(store, "check")[0], v=number(2))
    complete(store, fetch(store, "ship")[0], v=number(3), late=number(4))

    found = told(store, instance)
    assert (found["v"]["long_value"], found["v"]["revision"]) == (3, 2)
    assert (found["late"]["long_value"], found["late"]["revision"]) == (4, 0)
    assert details(store, instance, "v") == [(0, 1, True), (1, 2, False), (2, 3, False)]
    assert count(store.engine, "execution") == 0


def test_a_variable_that_is_deleted_by_itself_is_told_as_deleted(store, instance):
    variables.modify(store, instance, modifications={}, deletions=["v"])
    put(store, instance, v=number(5))
    end(store)

    found = lists.find(
        store,
        "historic_variable_instance",
        {"variable_name": "v", "include_deleted": True},
    )
    assert [(view["state"], view["long_value"]) for view in found] == [
        ("DELETED", 1),
        ("CREATED", 5),
    ]
    assert count(store.engine, "historic_variable_instance") == 1


def test_a_value_set_and_deleted_in_one_step_is_told_with_that_value(store, instance):
    variables.modify(store, instance, modifications={"v": number(7)}, deletions=["v"])

    assert told(store, instance)["v"]["state"] == "DELETED"
    assert present(store) == set(VALUES)


@pytest.mark.parametrize("is_all", [False, True])
def test_history_that_is_deleted_while_the_instance_runs_leaves_the_value(store, instance, is_all):
    (variable,) = [view["id"] for view in told(store, instance).values() if view["name"] == "v"]
    if is_all:
        history.delete_variables_of(store, instance)
    else:
        history.delete_variable(store, variable)

    assert "v" not in told(store, instance)
    assert details(store, instance, "v") == []
    assert present(store) == {*VALUES, "v"}
    assert variables.get_all(store, instance)["v"].value == 1

    put(store, instance, v=number(2))
    assert told(store, instance)["v"]["long_value"] == 2
    end(store)
    assert told(store, instance)["v"]["long_value"] == 2
    assert details(store, instance, "v") == [(1, 2, False)]


@pytest.mark.parametrize("is_all", [False, True])
def test_history_that_is_deleted_after_the_end_is_gone(store, instance, is_all):
    end(store)
    for view in told(store, instance).values():
        if not is_all:
            history.delete_variable(store, view["id"])
            with pytest.raises(NotFoundError):
                history.delete_variable(store, view["id"])
    if is_all:
        history.delete_process_instance(store, instance)

    assert told(store, instance) == {}
    assert count(store.engine, "variable") == 0
    assert count(store.engine, "historic_detail") == 0


@pytest.mark.parametrize("level", ["none", "activity"])
def test_a_value_that_is_set_without_history_leaves_what_was_told(
    store, instance, database_url, level
):
    silent = Store(database_url, history_level=level)
    put(silent, instance, v=number(2))
    end(silent)
    silent.close()

    assert told(store, instance)["v"]["long_value"] == 1
    assert count(store.engine, "execution") == 0
    assert len(told(store, instance)) == len(VALUES) + 1


def test_rows_that_an_earlier_version_wrote_are_told_the_same_to_their_end(store, instance):
    other = start(store, "two", v=number(1))
    part_variables(store.engine)
    lasting = start(store, "two", v=number(1))
    for one in (instance, other, lasting):
        put(store, one, v=number(2))
    for _ in range(3):
        end(store)

    expected = details(store, lasting, "v")
    assert expected == [(0, 1, True), (1, 2, False)]
    for one in (instance, other):
        assert details(store, one, "v") == expected
        assert {n: v["long_value"] for n, v in told(store, one).items()} == {
            n: v["long_value"] for n, v in told(store, lasting).items()
        }
    assert {view["process_instance_id"] for view in lists.find(store, "variable_instance", {})} == (
        set()
    )


def test_a_variable_goes_with_its_instance_to_another_definition(store, instance):
    (before,) = [d["id"] for d in lists.find(store, "process_definition", {})]
    deploy(store, TWO_TASKS.replace("<endEvent", "<endEvent name='over'", 1))
    (after,) = [d["id"] for d in lists.find(store, "process_definition", {}) if d["id"] != before]
    plan = migration.WantedPlan(before, after, [("check", "check", False)])
    skips = {"skip_custom_listeners": False, "skip_io_mappings": False}

    migration.execute(store, plan, [instance], **skips)
    end(store)

    assert {view["process_definition_id"] for view in told(store, instance).values()} == {after}
    assert count(store.engine, "historic_variable_instance") == 0


def test_instances_are_found_by_their_variables_before_and_after_the_end(store, instance):
    other = start(store, "two", v=number(2))
    wanted = {"variables": [("v", "eq", 1)]}

    def found(name):
        return [view["id"] for view in lists.find(store, name, wanted)]

    assert found("historic_process_instance") == found("process_instance") == [instance]
    end(store)
    end(store)
    assert found("historic_process_instance") == [instance]
    assert found("process_instance") == []
    assert told(store, other)["v"]["long_value"] == 2


def test_an_instance_that_is_deleted_keeps_the_history_of_its_variables(store, instance):
    process_instances.delete(store, instance)

    assert {view["long_value"] for view in told(store, instance).values()} >= {1, 42}
    assert present(store) == set()


def test_what_a_join_clears_stays_in_the_history(store):
    deploy(store, TOGETHER)
    instance = start(store, "together")
    tokens = [fetch(store, topic)[0] for topic in ("one", "two")]
    for task_, value in zip(tokens, (1, 2), strict=True):
        variables.modify(
            store, task_["execution_id"], modifications={"mine": number(value)}, is_local=True
        )
    for task_ in tokens:
        complete(store, task_)
    complete(store, fetch(store, "after")[0])

    assert set(told(store, instance)) == {*VALUES, "mine"}
    assert present(store) == set()
    assert count(store.engine, "variable") == len(VALUES)
