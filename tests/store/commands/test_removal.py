"""History past its time goes, with what it belongs to; what runs keeps its own."""

from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select, update

from app.models import history as tables
from app.services import history, lists, process_instances
from app.store import Store
from app.store.commands import removal
from app.store.unit import narrowing
from tests.models import flows, process, task
from tests.store.races import CALLED, CALLER, complete, deploy, lock, start

SHORT = CALLED.replace("P30D", "P0D")
OUTER = process(
    '<startEvent id="s"/><callActivity id="c" calledElement="caller"/><endEvent id="e"/>'
    + flows("s", "c", "e"),
    "outer",
)
TABLES = (
    tables.historic_process_instance,
    tables.historic_activity_instance,
    tables.historic_variable_instance,
    tables.historic_external_task_log,
    tables.historic_incident,
)


def called_by(store, instance):
    (found,) = lists.find(store, "process_instance", {"super_process_instance": instance})
    return found["id"]


def roots_of(store, instance):
    """The roots that the history of an instance names."""
    with store.reading() as connection:
        return {
            root
            for table in TABLES
            for root in connection.execute(
                select(table.c.root_process_instance_id).where(
                    table.c.get("process_instance_id", table.c.id) == instance
                )
            ).scalars()
            if root is not None or table not in narrowing.TABLES  # it follows its instance
        }


def past(store, instance):
    return lists.get(store, "historic_process_instance", instance)


def change(store, instance, **values):
    """Make the history of an instance what an earlier version has left."""
    with store.reading() as connection:
        row = tables.historic_process_instance
        connection.execute(update(row).where(row.c.id == instance).values(**values))
        connection.commit()


def expire(store, instance):
    change(store, instance, removal_time=past(store, instance)["start_time"] - timedelta(days=1))


def test_the_history_of_what_becomes_its_own_root_follows_it(store):
    deploy(store, CALLED, CALLER, OUTER)
    outer = start(store, "outer")
    middle = called_by(store, outer)
    inner = called_by(store, middle)
    lock(store, "x", "y")
    assert roots_of(store, inner) == {outer}

    process_instances.delete(store, outer, skip_subprocesses=True)

    assert roots_of(store, outer) == {outer}
    assert roots_of(store, middle) == roots_of(store, inner) == {middle}


def test_an_instance_that_outlives_its_caller_goes_in_its_own_time(store):
    deploy(store, SHORT, CALLER)
    caller = start(store, "caller")
    called = called_by(store, caller)
    tasks = lock(store, "x", "y")
    process_instances.delete(store, caller, skip_subprocesses=True)
    complete(store, tasks["x"])
    assert history.remove_expired(store) == 0
    complete(store, tasks["y"])

    assert history.remove_expired(store) == 1

    assert past(store, called) is None
    assert roots_of(store, called) == set()
    assert past(store, caller) is not None


def test_a_called_instance_that_still_runs_keeps_its_history(store):
    deploy(store, SHORT, CALLER)
    caller = start(store, "caller")
    called = called_by(store, caller)
    tasks = lock(store, "x", "y")
    process_instances.delete(store, caller, skip_subprocesses=True)
    change(store, called, root_process_instance_id=caller)
    expire(store, caller)

    assert history.remove_expired(store) == 1
    assert past(store, caller) is None
    assert past(store, called)["state"] == "ACTIVE"

    complete(store, tasks["x"])
    complete(store, tasks["y"])
    assert history.remove_expired(store) == 1
    assert past(store, called) is None


def test_a_root_goes_with_what_it_has_called(store):
    deploy(store, CALLED, CALLER)
    caller = start(store, "caller")
    called = called_by(store, caller)
    for task_id in lock(store, "x", "y").values():
        complete(store, task_id)
    expire(store, caller)

    assert history.remove_expired(store) == 1
    assert past(store, caller) is past(store, called) is None


def test_a_round_that_removes_nothing_is_the_last_and_says_so(store, monkeypatch):
    rounds = iter([(3, 5), (2, 0)])
    monkeypatch.setattr(removal, "remove_expired", lambda tx, limit: next(rounds))

    with structlog.testing.capture_logs() as logs:
        assert history.remove_expired(store) == 3

    assert [(entry["log_level"], entry["instances"]) for entry in logs] == [("warning", 2)]


def test_what_runs_keeps_its_history_when_that_of_its_definition_is_deleted(store):
    model = process(
        '<startEvent id="s"/>' + task("t") + '<endEvent id="e"/>' + flows("s", "t", "e")
    )
    deploy(store, model)
    ended, running = start(store, "p"), start(store, "p")
    process_instances.delete(store, ended)
    definition = lists.definition(store, "p", None)["id"]

    for is_ended, left in ((True, 1), (False, 0)):
        with store.transaction() as tx:
            assert removal.remove_history(tx, definition, 9, is_ended=is_ended) == 1
        assert lists.count(store, "historic_process_instance", {}) == left
        assert past(store, ended) is None
    assert past(store, running) is None


@pytest.fixture
def without_history(database_url):
    store = Store(database_url, history_level="none")
    yield store
    store.close()


def test_a_called_instance_outlives_its_caller_where_no_history_is_kept(without_history):
    store = without_history
    deploy(store, CALLED, CALLER)
    caller = start(store, "caller")
    tasks = lock(store, "x", "y")

    process_instances.delete(store, caller, skip_subprocesses=True)
    complete(store, tasks["x"])
    complete(store, tasks["y"])

    assert lists.count(store, "execution", {}) == 0
