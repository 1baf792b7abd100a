"""Rows of the history leave out what their instance says, and lists tell it all the same."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.engine.history.logs import CREATED, FAILED, SUCCESSFUL
from app.models import history as tables
from app.models import metadata
from app.models.runtime import variable
from app.services import external_tasks, lists, migration, variables
from app.store.unit import narrowing
from app.store.unit.writing import target_of
from tests.models import TWO_TASKS
from tests.store.driving import VALUES, complete, deploy, fetch, start

LISTS = {
    "historic_activity_instance": tables.historic_activity_instance,
    "historic_variable_instance": tables.historic_variable_instance,
    "historic_detail": tables.historic_detail,
    "historic_external_task_log": tables.historic_external_task_log,
}
DERIVED = ("process_definition_id", "process_definition_key", "root_process_instance_id")


def definition_ids(store):
    found = lists.find(store, "process_definition", {}, [("version", "asc")])
    return [view["id"] for view in found]


def stored(store, table, instance):
    with store.reading() as connection:
        wanted = select(table).where(table.c.process_instance_id == instance)
        return [dict(row) for row in connection.execute(wanted).mappings()]


def told(store, name, **filters):
    return lists.find(store, name, filters)


def moved_on(store, model=TWO_TASKS):
    """An instance whose first task is done, with variables that were set twice."""
    deploy(store, model)
    instance = start(store, "two")
    (task,) = fetch(store, "check")
    # Those of an instance's own execution are in the history by their own rows.
    variables.modify(
        store, task["execution_id"], modifications={"local": VALUES["amount"]}, is_local=True
    )
    complete(store, task)
    return instance


def test_the_rows_are_narrow_and_the_lists_tell_everything(store):
    instance = moved_on(store)
    (definition,) = definition_ids(store)

    for name, table in LISTS.items():
        rows = stored(store, table, instance)
        views = told(store, name, process_instance_id=instance)
        assert rows, name
        assert {row[column] for row in rows for column in DERIVED} == {None}
        assert len(views) >= len(rows)
        for view in views:
            assert view["process_definition_id"] == definition
            assert view["process_definition_key"] == "two"
            assert view["root_process_instance_id"] == instance
            assert view["execution_id"] is not None


@pytest.mark.parametrize("name", LISTS)
def test_what_belongs_to_an_execution_is_found_by_it(store, name):
    moved_on(store)
    is_single = "execution_id" in lists.declaration(name).filters

    everything = told(store, name)

    assert everything
    for view in everything:
        one = view["execution_id"]
        asked = {"execution_id": one} if is_single else {"execution_id_in": [one]}
        found = told(store, name, **asked)
        expected = [v["id"] for v in everything if v["execution_id"] == view["execution_id"]]
        assert sorted(v["id"] for v in found) == sorted(expected)


def test_the_place_of_a_variable_is_told_and_found(store):
    instance = moved_on(store)

    variables = told(store, "historic_variable_instance", activity_instance_id_in=[instance])
    details = told(store, "historic_detail", activity_instance_id=instance)

    assert {view["name"] for view in variables} == set(VALUES)
    assert {view["activity_instance_id"] for view in [*variables, *details]} == {instance}
    assert told(store, "historic_detail", activity_instance_id="") == []
    assert told(store, "historic_variable_instance", activity_instance_id_in=[""]) == []


def test_what_happened_before_a_migration_names_the_definition_of_then(store):
    # given
    instance = moved_on(store)
    (before,) = definition_ids(store)
    deploy(store, TWO_TASKS.replace("<endEvent", "<endEvent name='over'", 1))
    _, after = definition_ids(store)
    logged = told(store, "historic_external_task_log", process_instance_id=instance)

    # when
    plan = migration.WantedPlan(before, after, [("ship", "ship", False)])
    skips = {"skip_custom_listeners": False, "skip_io_mappings": False}
    migration.execute(store, plan, [instance], **skips)

    # then
    visits = told(store, "historic_activity_instance", process_instance_id=instance)
    of = {view["activity_id"]: view["process_definition_id"] for view in visits}
    assert of["check"] == of["start"] == before
    assert of["ship"] == after
    log = told(store, "historic_external_task_log", process_instance_id=instance)
    assert log == logged
    complete(store, fetch(store, "ship")[0])
    ended = told(store, "historic_activity_instance", activity_id="end")
    assert {view["process_definition_id"] for view in ended} == {after}


def test_every_kind_that_is_narrowed_says_which_places_it_has():
    for kind, places in narrowing.KINDS.items():
        table = target_of(kind).table
        assert table in narrowing.TABLES
        assert set(places) <= set(table.c.keys())
        for column in (*DERIVED, "execution_id", *places):
            assert table.c[column].nullable
    assert set(narrowing.TABLES) <= set(metadata.sorted_tables)


def test_variables_leave_out_what_their_instance_says_and_lists_tell_it(store):
    instance = moved_on(store)
    (definition,) = definition_ids(store)

    with store.reading() as connection:
        rows = list(connection.execute(select(variable)).mappings())
    views = told(store, "variable_instance", activity_instance_id_in=[instance])

    assert {(row["process_definition_id"], row["activity_instance_id"]) for row in rows} == {
        (None, narrowing.IN_INSTANCE)
    }
    assert {view["name"] for view in views} == set(VALUES)
    assert {view["process_definition_id"] for view in views} == {definition}
    assert {view["activity_instance_id"] for view in views} == {instance}
    assert told(store, "variable_instance", activity_instance_id_in=[""]) == []


def test_all_that_happened_to_a_task_is_found_by_its_id(store):
    deploy(store, TWO_TASKS)
    start(store, "two")
    start(store, "two")
    task, other = fetch(store, "check", 2)
    no_values = {"variables": {}, "local_variables": {}}
    for _ in range(2):
        external_tasks.handle_failure(
            store,
            task["id"],
            worker_id="w",
            error_message="again",
            error_details=None,
            retries=1,
            retry_timeout=timedelta(0),
            **no_values,
        )
    complete(store, task)
    complete(store, other)
    log = tables.historic_external_task_log
    with store.engine.begin() as connection:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        connection.execute(update(log).values(timestamp=at))
        connection.execute(
            update(log).where(log.c.creation_time.is_not(None)).values(creation_time=at)
        )

    found = told(store, "historic_external_task_log", external_task_id=task["id"])

    assert [entry["state"] for entry in found] == [CREATED, FAILED, FAILED, SUCCESSFUL]
    assert len({entry["id"] for entry in found}) == 4
