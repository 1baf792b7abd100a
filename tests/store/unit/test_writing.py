"""Writes of a transaction: each value unchanged, changed rows and columns, and nothing else."""

import dataclasses
from datetime import datetime

import pytest

from app.engine import state
from app.engine.history import history_records as history
from app.engine.state import identity
from app.errors import UnstorableTextError
from app.models.history import historic_process_instance
from app.models.runtime import execution, external_task, job, variable
from app.store.postgresql.writing import WIDE
from app.store.unit.writing import _RECORDS, FEW, target_of
from tests.store.rows import FAR_AWAY, LONG_AGO, column, day

OF_INSTANCES = (
    state.ExternalTask,
    state.Task,
    state.IdentityLink,
    state.Job,
    state.EventSubscription,
    state.Incident,
)
ALONE = (
    state.ProcessDefinition,
    state.JobDefinition,
    state.DecisionDefinition,
    state.DecisionRequirementsDefinition,
    state.Receipt,
    state.Batch,
    history.HistoricBatch,
    identity.User,
    identity.Group,
    identity.Tenant,
    identity.GroupMembership,
    identity.TenantMembership,
    identity.Authorization,
    identity.SavedFilter,
    identity.Session,
)
# Values at the ends of what columns hold, by the words of the fields' types.
EXTREMES = {
    "str": ["", 'quoted "x", \\ and {braces}', "ünï🙂\n\t", "x" * 200],
    "int": [0, -1, 2**31 - 1, -(2**31)],
    "bool": [True, False],
    "float": [0.0, -1.5, 1e300, 5e-324],
    "bytes": [b"", b"\0\\x\xff", b"{}", b"\x00" * 100],
    "datetime": [day(1), LONG_AGO, FAR_AWAY, day(1, milliseconds=1)],
}


def filled(kind, number, **values):
    """A record in which each field has a value that its neighbour has not."""
    found = {}
    for position, field in enumerate(dataclasses.fields(kind)):
        name = getattr(field.type, "__name__", str(field.type)).split(" |")[0]
        choices = EXTREMES.get(name)
        if choices is None:
            continue
        found[field.name] = choices[(number + position) % len(choices)]
    return kind(**{**found, "id": f"{kind.__name__}-{number}", **values})


def root(name="r"):
    """An instance, which a transaction that makes it has locked."""
    return state.Execution(name, name, name, "p:1", "p")


def written(store, kind):
    """The records of a kind that the database has, in the order of their ids."""
    table = target_of(kind).table
    with store.reading() as connection:
        rows = connection.execute(table.select().order_by(table.c.id)).all()
    return [kind(*row) for row in rows]


def add(store, *records):
    with store.transaction() as tx:
        for record in records:
            tx.records.add(record)


@pytest.mark.parametrize("number", [1, FEW + 3])
@pytest.mark.parametrize("kind", [*OF_INSTANCES, *ALONE], ids=lambda kind: kind.__name__)
def test_a_record_comes_back_as_it_was_written(shared, rows, kind, number):
    rows.of(target_of(kind).table)
    rows.of(execution)
    below = {"process_instance_id": "r", "root_process_instance_id": "r"}
    known = {field.name for field in dataclasses.fields(kind)}
    place = {name: value for name, value in below.items() if name in known}
    place = place if kind in OF_INSTANCES else {}
    made = [filled(kind, n, **place) for n in range(number)]
    if kind is identity.Authorization:  # no two say the same of somebody
        made = [dataclasses.replace(one, user_id=None, group_id=one.id) for one in made]

    add(shared, root(), *(dataclasses.replace(record) for record in made))

    assert written(shared, kind) == sorted(made, key=lambda record: record.id)


def test_every_kind_of_record_has_its_round_trip():
    elsewhere = {
        kind
        for kind in _RECORDS
        if kind.__module__ in (history.__name__, "app.engine.history.decisions")
    }

    # Those of the history and variables leave out what their instance says: see test_many_rows.
    assert set(_RECORDS) - elsewhere - {*OF_INSTANCES, *ALONE} == {state.Execution, state.Variable}


@pytest.fixture
def world(shared, rows):
    """An instance with a child and two tasks, and another with one."""
    for name in ("i1", "i2"):
        of = {"process_instance_id": name, "root_process_instance_id": name}
        rows.add(execution, name, **of)
        rows.add(external_task, f"{name}-a", execution_id=name, retries=3, **of)
        rows.add(historic_process_instance, name, root_process_instance_id=name)
    of = {"process_instance_id": "i1", "root_process_instance_id": "i1"}
    rows.add(execution, "i1-child", parent_id="i1", **of)
    rows.add(external_task, "i1-b", execution_id="i1-child", retries=3, **of)
    rows.add(variable, "v1", name="x", type="String", process_instance_id="i1", execution_id="i1")
    rows.of(job)
    rows.write(shared.engine)
    return shared


def changed_rows(store, act):
    """The ids of the external tasks in which an act in a transaction has changed anything."""
    before = {task.id: task for task in written(store, state.ExternalTask)}
    with store.transaction() as tx:
        act(tx)
    after = {task.id: task for task in written(store, state.ExternalTask)}
    return {task_id for task_id in before | after if before.get(task_id) != after.get(task_id)}


def test_what_was_only_read_is_not_written(world):
    with world.transaction() as tx:
        tx.locks.lock_external_task("i1-a", ["x"])
        tx.locks.lock_execution("i2")

        assert tx.records.changes() == {}


def test_a_value_that_is_set_to_what_it_was_is_no_change(world):
    with world.transaction() as tx:
        task = tx.locks.lock_external_task("i1-a")
        task.retries = 5
        task.retries = 3

        assert state.ExternalTask not in tx.records.changes()


def test_only_the_record_that_has_changed_is_written(world):
    def act(tx):
        tx.locks.lock_external_task("i1-a").retries = 0

    assert changed_rows(world, act) == {"i1-a"}
    assert column(world, external_task, "retries") == {"i1-a": 0, "i1-b": 3, "i2-a": 3}


def test_what_is_removed_is_deleted(world):
    def act(tx):
        tx.records.remove(tx.locks.lock_external_task("i1-b"))

    assert changed_rows(world, act) == {"i1-b"}


def test_what_came_and_went_leaves_no_trace(world):
    def act(tx):
        tx.locks.lock_external_task("i1-a")
        made = filled(
            state.ExternalTask, 1, process_instance_id="i1", root_process_instance_id="i1"
        )
        tx.records.remove(tx.records.add(made))

    assert changed_rows(world, act) == set()


def test_a_failure_takes_everything_back(world):
    def act(tx):
        tx.locks.lock_external_task("i1-a").retries = 0
        tx.records.remove(tx.locks.lock_external_task("i2-a"))
        raise KeyError

    before = written(world, state.ExternalTask)
    with pytest.raises(KeyError), world.transaction() as tx:
        act(tx)

    assert written(world, state.ExternalTask) == before


@pytest.mark.parametrize("text", ["a\0b", "a\ud800"])
@pytest.mark.parametrize("count", [1, FEW + 1, 100, WIDE])
def test_a_text_that_no_column_can_hold_is_refused_and_nothing_is_written(world, text, count):
    # However many rows travel in whichever form: alone, in an array, in a statement of their own.
    def act(tx):
        task = tx.locks.lock_external_task("i2-a")
        task.retries = 0
        for number in range(count):
            row = f"made-{number:06}"
            topic = text if number == count // 2 else row
            tx.records.add(dataclasses.replace(task, id=row, topic_name=topic))

    with pytest.raises(UnstorableTextError), world.transaction() as tx:
        act(tx)

    assert set(column(world, external_task, "retries").values()) == {3}
    with world.transaction() as tx:  # the connection is in step
        assert tx.locks.lock_external_task("i1-a").retries == 3


def test_an_execution_takes_its_variables_with_it(world):
    with world.transaction() as tx:
        tx.locks.lock_execution("i1")
        # Not loaded: they go by the id of their execution.
        tx.records.remove(tx.records.get(state.Execution, "i1"))

    assert column(world, variable, "name") == {}
    assert column(world, execution, "parent_id") == {"i1-child": "i1", "i2": None}


def test_a_transaction_tells_of_the_jobs_that_it_has_made(world):
    world.jobs_made.clear()
    with world.transaction() as tx:
        tx.locks.lock_execution("i1")
    assert not world.jobs_made.is_set()

    add(world, filled(state.Job, 1, process_instance_id=None, root_process_instance_id=None))

    assert world.jobs_made.is_set()
    world.jobs_made.clear()


def test_what_follows_a_commit_is_not_done_after_a_failure(world):
    done = []

    def fail(tx):
        tx.after_commit.append(lambda: done.append("failed"))
        raise KeyError

    with pytest.raises(KeyError), world.transaction() as tx:
        fail(tx)
    with world.transaction() as tx:
        tx.after_commit.append(lambda: done.append("committed"))
        assert done == []

    assert done == ["committed"]


def test_all_of_a_transaction_happens_at_one_time(world):
    with world.transaction() as tx:
        first = tx.now
        tx.locks.lock_execution("i1")

        assert tx.now is first
        assert isinstance(first, datetime)
        assert first.utcoffset().total_seconds() == 0


def test_ids_grow_in_the_order_in_which_they_are_made(world):
    with world.transaction() as tx:
        made = [tx.new_id() for _ in range(100)]

    assert made == sorted(set(made))
