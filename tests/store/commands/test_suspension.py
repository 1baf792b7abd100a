"""Suspension changes the selected instances with all that belongs to them, and no others.

Source: semantics 4.6.
"""

import pytest

from app.models.history import historic_process_instance
from app.models.repository import job_definition, process_definition
from app.models.runtime import execution, external_task, job, task
from app.store.commands import job_definitions, suspension
from app.store.commands.job_definitions import Wanted
from tests.store.rows import column, day

RUNTIME = (execution, external_task, task, job)


@pytest.fixture
def world(shared, rows):
    """Two instances of a version and one of the next, each with a row of every kind."""
    for number, (version, tenant) in enumerate([("p:1", None), ("p:2", "red")], 1):
        rows.add(process_definition, version, key="p", version=number, tenant_id=tenant)
        rows.add(job_definition, f"jd{number}", process_definition_id=version)
        rows.add(job, f"start{number}", process_definition_id=version, kind="timer-start-event")
    for name, version in (("i1", "p:1"), ("i2", "p:1"), ("i3", "p:2")):
        of = {"process_instance_id": name, "root_process_instance_id": name}
        of_definition = {**of, "process_definition_id": version}
        rows.add(execution, name, **of_definition)
        rows.add(execution, f"{name}-below", parent_id=name, **of_definition)
        rows.add(external_task, f"{name}-task", **of_definition)
        rows.add(task, f"{name}-task", **of_definition)
        number = version[-1]
        rows.add(
            job,
            f"{name}-job",
            execution_id=name,
            job_definition_id=f"jd{number}",
            retries=int(number) - 1,
            **of_definition,
        )
        ended = day(2) if name == "i2" else None
        rows.add(
            historic_process_instance,
            name,
            root_process_instance_id=name,
            state="ACTIVE",
            end_time=ended,
        )
    rows.write(shared.engine)
    return shared


def suspended(store):
    """The ids of all rows that are suspended, of every table."""
    return {
        row_id
        for table in RUNTIME
        for row_id, flag in column(store, table, "is_suspended").items()
        if flag
    }


def rows_of(*instances):
    return {f"{name}{end}" for name in instances for end in ("", "-below", "-task", "-job")}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(["i1"], rows_of("i1"), id="one"),
        pytest.param(["i1", "i3"], rows_of("i1", "i3"), id="two"),
        pytest.param(["i1-below"], set(), id="an execution is no instance"),
        pytest.param(["none"], set(), id="unknown"),
        pytest.param([], set(), id="none"),
    ],
)
def test_instances_are_suspended_with_all_that_is_theirs(world, given, expected):
    with world.transaction() as tx:
        suspension.set_instances(tx, given, True)

    assert suspended(world) == expected


def test_the_instances_of_a_definition_are_those_of_its_version(world):
    with world.transaction() as tx:
        suspension.set_instances_of(tx, "p:1", True)

    assert suspended(world) == rows_of("i1", "i2")


def test_what_is_activated_is_as_it_was(world):
    with world.transaction() as tx:
        suspension.set_instances(tx, ["i1", "i3"], True)
    with world.transaction() as tx:
        suspension.set_instances(tx, ["i3"], False)

    assert suspended(world) == rows_of("i1")


def test_the_history_follows_while_the_instance_runs(world):
    with world.transaction() as tx:
        suspension.set_instances(tx, ["i1", "i2"], True)

    # i2 has ended in the history: its state is final.
    states = column(world, historic_process_instance, "state")
    assert states == {"i1": "SUSPENDED", "i2": "ACTIVE", "i3": "ACTIVE"}


def test_jobs_are_suspended_alone(world):
    with world.transaction() as tx:
        suspension.set_jobs(tx, ["i1-job", "start2", "none"], True)

    assert suspended(world) == {"i1-job", "start2"}


def test_start_timers_are_suspended_with_what_makes_jobs(world):
    with world.transaction() as tx:
        suspension.set_start_timers(tx, "p:1", True)

    # The jobs of instances go on: they belong to a token, and the timer to none.
    assert suspended(world) == {"start1"}
    assert column(world, job_definition, "is_suspended") == {"jd1": True, "jd2": False}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(("p:2", None, None, False), ["p:2"], id="id"),
        pytest.param((None, "p", None, False), ["p:1", "p:2"], id="key"),
        pytest.param((None, "p", "red", False), ["p:2"], id="key-tenant"),
        pytest.param((None, "p", None, True), ["p:1"], id="key-no tenant"),
        pytest.param((None, "p", "blue", False), [], id="key-other tenant"),
        pytest.param((None, "q", None, False), [], id="unknown"),
    ],
)
def test_definitions_are_found_by_id_or_by_key_and_tenant(world, given, expected):
    with world.transaction() as tx:
        found = suspension.definitions(tx, *given)

    assert [definition.id for definition in found] == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(Wanted(id="jd2"), ["jd2"], id="id"),
        pytest.param(Wanted(process_definition_id="p:1"), ["jd1"], id="definition"),
        pytest.param(Wanted(key="p"), ["jd1", "jd2"], id="key"),
        pytest.param(Wanted(key="p", tenant_id="red"), ["jd2"], id="key-tenant"),
        pytest.param(Wanted(key="p", without_tenant_id=True), ["jd1"], id="key-no tenant"),
        pytest.param(Wanted(id="none"), [], id="unknown"),
    ],
)
def test_job_definitions_are_the_same_with_a_lock_and_without(world, wanted, expected):
    with world.transaction() as tx:
        seen = [found.id for found in wanted.seen(tx)]
        locked = [found.id for found in wanted.locked(tx)]

    assert seen == locked == expected


def test_the_jobs_of_a_job_definition_are_suspended(world):
    with world.transaction() as tx:
        suspension.set_jobs_of_definitions(tx, ["jd1"], True)

    assert suspended(world) == {"i1-job", "i2-job"}


def test_a_priority_goes_to_the_jobs_that_are_there(world):
    with world.transaction() as tx:
        job_definitions.prioritize_jobs(tx, "jd1", -(2**63))

    changed = {one for one, value in column(world, job, "priority").items() if value}
    assert changed == {"i1-job", "i2-job"}
    assert column(world, job, "priority")["i1-job"] == -(2**63)


@pytest.mark.parametrize(
    ("given", "due"),
    [
        pytest.param({"due_date": day(3), "sets_due_date": True}, day(3), id="another date"),
        pytest.param({"due_date": None, "sets_due_date": True}, None, id="no date"),
        pytest.param({"due_date": None, "sets_due_date": False}, day(9), id="as it is"),
    ],
)
def test_jobs_without_retries_are_given_some(world, rows, given, due):
    with world.engine.begin() as connection:
        connection.execute(job.update().where(job.c.id == "i1-job").values(due_date=day(9)))
        connection.execute(job.update().where(job.c.id == "i2-job").values(retries=1))

    with world.transaction() as tx:
        job_definitions.retry_jobs(tx, "jd1", 5, **given)

    retries = column(world, job, "retries")
    # The one that has some left keeps them, and so does that of another definition.
    assert (retries["i1-job"], retries["i2-job"], retries["i3-job"]) == (5, 1, 1)
    assert column(world, job, "due_date")["i1-job"] == due
