"""A command locks the top of the call hierarchy first, and reads what it uses behind the lock."""

import threading

import pytest

from app.engine import state
from app.models.runtime import execution, external_task, incident, job, task, variable
from app.store import TransactionConflictError
from app.store.unit.guard import Found, UnlockedError
from tests.store.rows import column, day


@pytest.fixture
def world(shared, rows):
    """An instance that calls another, whose task waits; and one that stands by itself."""

    def instance(name, top, **values):
        of = {"process_instance_id": name, "root_process_instance_id": top}
        rows.add(execution, name, **of, **values)
        rows.add(external_task, f"{name}-task", execution_id=name, **of)
        rows.add(task, f"{name}-task", execution_id=name, **of)
        rows.add(job, f"{name}-job", execution_id=name, **of)
        rows.add(incident, f"{name}-incident", execution_id=name, **of)
        rows.add(
            variable,
            f"{name}-x",
            name="x",
            type="Integer",
            long_value=1,
            execution_id=name,
            process_instance_id=name,
        )

    instance("top", "top")
    instance("called", "top", super_execution_id="top")
    instance("other", "other")
    rows.add(job, "batch-job", kind="batch-seed-job")
    rows.add(task, "alone")
    rows.write(shared.engine)
    return shared


KINDS = [
    pytest.param(state.Task, "task", id="task"),
    pytest.param(state.Job, "job", id="job"),
    pytest.param(state.Incident, "incident", id="incident"),
]


@pytest.mark.parametrize(("kind", "suffix"), KINDS)
@pytest.mark.parametrize(("instance", "top"), [("called", "top"), ("other", "other")])
def test_a_row_is_loaded_with_the_lock_of_its_hierarchy(world, kind, suffix, instance, top):
    with world.transaction() as tx:
        found = tx.locks.lock_row(kind, f"{instance}-{suffix}")

        assert found.process_instance_id == instance
        assert tx.records.is_locked(top)
        assert [one for one in ("top", "called", "other") if tx.records.is_locked(one)] == [top]


@pytest.mark.parametrize(("kind", "suffix"), KINDS)
def test_a_row_that_is_not_there_locks_nothing(world, kind, suffix):
    with world.transaction() as tx:
        assert tx.locks.lock_row(kind, f"none-{suffix}") is None
        assert not tx.records.is_locked("top")


@pytest.mark.parametrize("kind", [state.Task, state.Job])
def test_what_belongs_to_no_instance_has_no_hierarchy(world, kind):
    name = {state.Task: "alone", state.Job: "batch-job"}[kind]

    with world.transaction() as tx:
        assert tx.locks.lock_row(kind, name).id == name


def test_an_external_task_brings_its_scope_and_the_variables_that_are_named(world):
    with world.transaction() as tx:
        found = tx.locks.lock_external_task("called-task", ["x", "y"])

        assert found.id == "called-task"
        assert tx.records.get(state.Execution, "called").super_execution_id == "top"
        assert tx.records.get(state.Variable, "called-x").long_value == 1
        # The caller is locked, and its rows are read when somebody needs them.
        assert tx.records.get(state.Execution, "top") is None


def test_without_names_no_variable_is_read(world):
    with world.transaction() as tx:
        tx.locks.lock_external_task("called-task")

        assert list(tx.records.of(state.Variable)) == []


def test_an_unknown_task_is_none(world):
    with world.transaction() as tx:
        assert tx.locks.lock_external_task("none", ["x"]) is None
        assert tx.locks.lock_execution("none") is None


def test_a_row_that_was_read_without_the_lock_cannot_be_used(world):
    with world.transaction() as tx:
        tx.locks.lock_execution("other")
        with pytest.raises(UnlockedError):
            tx.records.load(state.Execution("called", "called", "top", "p", "p"))


def test_a_row_is_the_same_record_however_often_it_is_locked(world):
    with world.transaction() as tx:
        first = tx.locks.lock_external_task("called-task")
        first.priority = 7

        # The changed record is returned, not the row that the database still has.
        assert tx.locks.lock_external_task("called-task") is first
        assert first.priority == 7


def test_a_row_that_was_removed_does_not_come_back(world):
    with world.transaction() as tx:
        tx.records.remove(tx.locks.lock_external_task("called-task"))

        assert tx.locks.lock_external_task("called-task") is None


def test_a_claim_locks_its_row_alone(world):
    with world.transaction() as tx:
        claimed = tx.locks.claim(state.ExternalTask, "called-task")
        claimed.priority = 9

        assert not tx.records.is_locked("top")
    assert column(world, external_task, "priority") == {
        "called-task": 9,
        "other-task": 0,
        "top-task": 0,
    }


def test_an_unknown_row_cannot_be_claimed(world):
    with world.transaction() as tx:
        assert tx.locks.claim(state.Job, "none") is None


def found_jobs(tx):
    """The jobs of instances with where they are, as a command looks for them."""
    return lambda: [Found(f"{name}-job", top) for name, top in tx]


def test_what_is_found_is_locked_and_found_again(world):
    places = [("called", "top"), ("other", "other")]

    with world.transaction() as tx:
        locked = tx.locks.lock_all(found_jobs(places))

        assert [one.id for one in locked] == ["called-job", "other-job"]
        assert tx.records.is_locked("top")
        assert tx.records.is_locked("other")


def test_nothing_found_locks_nothing(world):
    with world.transaction() as tx:
        assert tx.locks.lock_all(found_jobs([])) == []


def snapshots(*answers):
    """A search that finds something else each time: other transactions were between."""
    answers = list(answers)
    return lambda: [Found(row_id, top) for row_id, top in answers.pop(0)]


def test_what_has_gone_before_the_lock_is_not_answered(world):
    with world.transaction() as tx:
        find = snapshots([("called-job", "top"), ("other-job", "other")], [("other-job", "other")])

        assert [one.id for one in tx.locks.lock_all(find)] == ["other-job"]


def test_what_came_in_between_is_left_to_a_later_command(world):
    with world.transaction() as tx:
        find = snapshots([("called-job", "top")], [("called-job", "top"), ("other-job", "other")])

        assert [one.id for one in tx.locks.lock_all(find)] == ["called-job"]


def test_what_has_gone_over_to_another_hierarchy_is_a_conflict(world):
    with pytest.raises(TransactionConflictError), world.transaction() as tx:
        tx.locks.lock_all(snapshots([("called-job", "top")], [("called-job", "other")]))


def test_the_second_command_of_a_hierarchy_sees_what_the_first_has_done(world):
    order = []
    is_locked, may_go_on = threading.Event(), threading.Event()

    def first():
        with world.transaction() as tx:
            locked = tx.locks.lock_external_task("top-task")
            is_locked.set()
            may_go_on.wait(60)
            order.append("first")
            locked.priority = 1

    def second():
        is_locked.wait(60)
        may_go_on.set()
        with world.transaction() as tx:
            locked = tx.locks.lock_external_task("called-task")
            order.append("second")
            # Read behind the lock, so that the first one's change is there.
            other = tx.locks.lock_external_task("top-task")
            locked.priority = other.priority + 1

    threads = [threading.Thread(target=act) for act in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert order == ["first", "second"]
    assert column(world, external_task, "priority")["called-task"] == 2


def test_a_snapshot_changes_nothing_and_waits_for_nobody(world):
    with world.transaction() as tx:
        tx.locks.lock_external_task("top-task").create_time = day(9)
        with world.snapshot() as snapshot:
            assert snapshot.now is not None

    assert column(world, external_task, "create_time")["top-task"] == day(9)
