"""A transaction refuses rows of instances that it has not locked."""

import dataclasses
from datetime import UTC, datetime

import pytest

from app.engine import state
from app.errors import EngineError
from app.services import external_tasks, incidents, lists, process_definitions
from app.store import TransactionConflictError
from app.store.unit.guard import Found, LockedRecords, UnlockedError
from tests.models import TWO_TASKS
from tests.store.driving import VALUES, deploy

BOUND = [
    kind
    for kind in vars(state).values()
    if dataclasses.is_dataclass(kind)
    and "process_instance_id" in {field.name for field in dataclasses.fields(kind)}
]


def made(kind, **values):
    """A record of a kind, in the instance ``i`` below the root ``r``."""
    values = {"process_instance_id": "i", "root_process_instance_id": "r", **values}
    kinds = {"str": "x", "str | None": None, "int": 0, "datetime": datetime.now(UTC)}
    fields = dataclasses.fields(kind)
    required = {
        f.name: kinds[getattr(f.type, "__name__", str(f.type))]
        for f in fields[:12]
        if f.default is dataclasses.MISSING
    }
    return kind(**required | {f.name: values[f.name] for f in fields if f.name in values})


def test_every_kind_of_record_that_an_instance_has_is_known_here():
    assert {kind.__name__ for kind in BOUND} == {
        "Execution",
        "Variable",
        "ExternalTask",
        "Task",
        "IdentityLink",
        "Job",
        "EventSubscription",
        "Incident",
    }


@pytest.mark.parametrize("kind", BOUND)
def test_a_record_is_loaded_below_a_locked_root_only(kind):
    records = LockedRecords()
    with pytest.raises(UnlockedError):
        records.load(made(kind))

    records.locked("r")
    records.load(made(state.Execution))

    assert records.load(made(kind)) is not None


@pytest.mark.parametrize("kind", BOUND)
def test_a_record_is_made_below_a_locked_root_only(kind):
    with pytest.raises(UnlockedError):
        LockedRecords().add(made(kind))


def test_a_new_instance_without_a_caller_is_locked():
    records = LockedRecords()

    records.add(made(state.Execution, id="r", process_instance_id="r"))

    assert records.is_locked("r")


@pytest.mark.parametrize("kind", [state.Job, state.Task, state.IdentityLink, state.Variable])
def test_what_belongs_to_no_instance_needs_no_lock(kind):
    found = made(kind, process_instance_id=None, root_process_instance_id=None)

    assert LockedRecords().load(found) is found


def test_a_row_is_seen_without_a_lock_and_loaded_with_one(store):
    deploy(store, TWO_TASKS)
    instance = process_definitions.start(store, key="two", variables=VALUES)["id"]

    with store.transaction() as tx, pytest.raises(UnlockedError):
        tx.execution(instance)
    with store.transaction() as tx:
        tx.locks.lock_roots([instance])
        assert tx.execution(instance).id == instance
    with store.snapshot() as snapshot:
        assert snapshot.execution_seen(instance).id == instance


def test_a_snapshot_refuses_to_change_anything(store):
    deploy(store, TWO_TASKS)
    instance = process_definitions.start(store, key="two", variables=VALUES)["id"]

    with pytest.raises(EngineError, match="change nothing"), store.snapshot() as snapshot:
        snapshot.execution_seen(instance).business_key = "b"


def test_what_goes_over_to_another_hierarchy_between_look_and_lock_is_a_conflict(store):
    deploy(store, TWO_TASKS)
    one, other = (process_definitions.start(store, key="two", variables=VALUES)["id"] for _ in "ab")
    snapshots = iter([[Found("row", one)], [Found("row", other)]])

    with pytest.raises(TransactionConflictError), store.transaction() as tx:
        tx.locks.lock_all(lambda: next(snapshots))


def test_what_came_between_look_and_lock_is_for_who_comes_next(store):
    deploy(store, TWO_TASKS)
    one, other = (process_definitions.start(store, key="two", variables=VALUES)["id"] for _ in "ab")
    snapshots = iter([[Found("a", one)], [Found("a", one), Found("b", other), Found("c", one)]])

    with store.transaction() as tx:
        found = tx.locks.lock_all(lambda: next(snapshots))

    assert [f.id for f in found] == ["a", "c"]


def test_an_incident_that_names_the_task_of_another_instance_is_left_alone(store):
    deploy(store, TWO_TASKS)
    mine, other = (
        process_definitions.start(store, key="two", variables=VALUES)["id"] for _ in "ab"
    )
    (task,) = lists.find(store, "external_task", {"process_instance_id": other})
    (execution,) = lists.find(store, "external_task", {"process_instance_id": mine})
    named = incidents.create(
        store,
        execution["execution_id"],
        incident_type="own",
        configuration=task["id"],
        message=None,
    )

    external_tasks.set_retries(store, task["id"], retries=0)
    external_tasks.set_retries(store, task["id"], retries=1)

    assert [i["id"] for i in lists.find(store, "incident", {})] == [named["id"]]
