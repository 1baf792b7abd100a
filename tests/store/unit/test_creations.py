"""The creation of an external task is told by its row, then by the entry of its end."""

from datetime import timedelta

import pytest

from app.engine.history.logs import CREATED, DELETED, FAILED, SUCCESSFUL
from app.services import external_tasks, history, lists, migration, process_instances
from app.store import Store
from tests.models import TWO_TASKS
from tests.store.driving import complete, deploy, fetch, start
from tests.store.earlier_rows import count, note_creations

LOG = "historic_external_task_log"


@pytest.fixture
def instance(store):
    deploy(store, TWO_TASKS)
    return start(store, "two")


def log(store, instance, **filters):
    return lists.find(store, LOG, {"process_instance_id": instance, **filters})


def states(store, instance, **filters):
    """The activity and state of each entry; of a transaction's, new tasks come first in the log."""
    return sorted((view["activity_id"], view["state"]) for view in log(store, instance, **filters))


def fail(store, task):
    external_tasks.handle_failure(
        store,
        task["id"],
        worker_id="w",
        error_message="again",
        error_details="long",
        retries=1,
        retry_timeout=timedelta(0),
        variables={},
        local_variables={},
    )


def test_a_task_has_one_entry_and_two_are_told(store, instance):
    (created,) = log(store, instance)
    assert count(store.engine, LOG) == 0

    complete(store, fetch(store, "check")[0])
    complete(store, fetch(store, "ship")[0])

    assert count(store.engine, LOG) == 2
    first, *_ = told = log(store, instance)
    assert states(store, instance) == [
        ("check", CREATED),
        ("check", SUCCESSFUL),
        ("ship", CREATED),
        ("ship", SUCCESSFUL),
    ]
    assert created.pop("removal_time") is None
    assert first.pop("removal_time") is not None
    assert first == created
    assert first["worker_id"] is first["retries"] is first["error_message"] is None
    for view in told[1:]:
        assert lists.get(store, LOG, view["id"]) == view
        assert lists.find(store, LOG, {"log_id": view["id"]}) == [view]


def test_each_filter_tells_the_creation_by_itself(store, instance):
    task = fetch(store, "check")[0]
    for is_open in (True, False):
        if not is_open:
            complete(store, task)
        mine = {"external_task_id": task["id"]}
        assert states(store, instance, **mine, creation_log=True) == [("check", CREATED)]
        assert len(states(store, instance, **mine)) == (1 if is_open else 2)
        for name in ("topic_name", "activity_id_in", "activity_instance_id_in", "execution_id_in"):
            value = {
                "topic_name": "check",
                "activity_id_in": ["check"],
                "activity_instance_id_in": [task["activity_instance_id"]],
                "execution_id_in": [task["execution_id"]],
            }[name]
            found = states(store, instance, **{name: value, "creation_log": True})
            assert found == [("check", CREATED)]
        assert states(store, instance, worker_id="w", creation_log=True) == []


def test_the_priority_is_that_of_the_time(store, instance):
    task = fetch(store, "check")[0]
    external_tasks.set_priority(store, task["id"], priority=7)

    assert [view["priority"] for view in log(store, instance)] == [0]
    complete(store, task)
    found = {(v["activity_id"], v["state"]): v["priority"] for v in log(store, instance)}
    assert found == {("check", CREATED): 0, ("check", SUCCESSFUL): 7, ("ship", CREATED): 0}
    high = {"priority_higher_than_or_equals": 5}
    assert states(store, instance, **high) == [("check", SUCCESSFUL)]


def test_failures_have_entries_of_their_own_in_between(store, instance):
    task = fetch(store, "check")[0]
    fail(store, task)
    complete(store, fetch(store, "check")[0])

    told = states(store, instance)
    assert told == [
        ("check", CREATED),
        ("check", FAILED),
        ("check", SUCCESSFUL),
        ("ship", CREATED),
    ]
    (failure,) = log(store, instance, failure_log=True)
    (creation, _) = log(store, instance, creation_log=True)
    assert lists.log_details(store, failure["id"]) == ("long",)
    assert lists.log_details(store, creation["id"]) == (None,)
    assert lists.log_details(store, "none") is None


def test_a_task_that_is_cancelled_is_told_with_both(store, instance):
    process_instances.delete(store, instance)

    assert states(store, instance) == [("check", CREATED), ("check", DELETED)]
    assert count(store.engine, LOG) == 1
    history.delete_process_instance(store, instance)
    assert count(store.engine, LOG) == 0


@pytest.mark.parametrize("level", ["none", "activity", "audit"])
def test_a_task_that_ends_without_history_leaves_its_creation(store, instance, database_url, level):
    silent = Store(database_url, history_level=level)
    complete(silent, fetch(silent, "check")[0])
    silent.close()

    assert states(store, instance) == [("check", CREATED)]
    complete(store, fetch(store, "ship")[0])
    assert states(store, instance) == [("check", CREATED), ("ship", SUCCESSFUL)]


def test_a_task_that_goes_over_to_another_definition_was_made_in_the_old_one(store, instance):
    (before,) = [d["id"] for d in lists.find(store, "process_definition", {})]
    deploy(store, TWO_TASKS.replace('id="check"', 'id="look"').replace('="check"', '="look"'))
    (after,) = [d["id"] for d in lists.find(store, "process_definition", {}) if d["id"] != before]
    (created,) = log(store, instance)
    plan = migration.WantedPlan(before, after, [("check", "look", False)])
    skips = {"skip_custom_listeners": False, "skip_io_mappings": False}

    migration.execute(store, plan, [instance], **skips)

    assert log(store, instance) == [created]
    topic = created["topic_name"]
    complete(store, fetch(store, topic)[0])
    first, _, second = log(store, instance)
    assert first == created
    assert (first["activity_id"], first["process_definition_id"]) == ("check", before)
    assert (second["activity_id"], second["process_definition_id"]) == ("look", after)


def test_entries_that_an_earlier_version_wrote_are_told_once(store, instance):
    note_creations(store.engine)
    assert states(store, instance) == [("check", CREATED)]

    complete(store, fetch(store, "check")[0])

    assert states(store, instance) == [
        ("check", CREATED),
        ("check", SUCCESSFUL),
        ("ship", CREATED),
    ]
