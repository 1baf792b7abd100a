"""Suspension: of instances, definitions and jobs, at once or later, and how each is named."""

from datetime import timedelta

import pytest

from app.errors import BadUserRequestError, InvalidRequestError
from app.services import jobs, lists, suspension

from .conftest import QUEUED, is_suspended

# -- instances -------------------------------------------------------------------------------------


def test_an_instance_takes_its_tasks_along(engine):
    instance = engine.start()
    task_id = engine.work_of(instance)

    for suspended in (True, False):
        suspension.set_instances(engine.store, [instance], suspended=suspended)
        assert is_suspended(engine, "process_instance", instance) is suspended
        assert is_suspended(engine, "external_task", task_id) is suspended


def test_an_instance_takes_its_jobs_along(queued, job):
    suspension.set_instances(queued.store, [job["process_instance_id"]], suspended=True)

    assert is_suspended(queued, "job", job["id"]) is True


def test_unknown_instances_and_repeated_ones_are_passed_over(engine):
    instance = engine.start()

    suspension.set_instances(engine.store, [instance, "unknown", instance], suspended=True)

    assert is_suspended(engine, "process_instance", instance) is True


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ([], "No process instance ids given: Process Instance ids is empty"),
        ([None], "Cannot be null.: Process Instance ids contains null value"),
        (["a", None, "b"], "Cannot be null.: Process Instance ids contains null value"),
    ],
)
def test_a_group_is_not_empty_and_has_no_null(engine, ids, words):
    with pytest.raises(BadUserRequestError) as caught:
        suspension.set_instances(engine.store, ids, suspended=True)

    assert str(caught.value) == words


@pytest.mark.parametrize("command", ["set_instances_of", "set_definitions"])
@pytest.mark.parametrize(
    ("selectors", "word"),
    [
        ({}, "Either"),
        ({"process_definition_id": "d", "process_definition_key": "k"}, "Only one of"),
    ],
)
def test_one_definition_is_named_by_id_or_by_key(engine, command, selectors, word):
    more = {} if command == "set_instances_of" else {"include_process_instances": False}

    with pytest.raises(InvalidRequestError) as caught:
        getattr(suspension, command)(engine.store, suspended=True, **more, **selectors)

    assert str(caught.value) == (
        f"{word} processDefinitionId or processDefinitionKey should be set to update the "
        "suspension state."
    )


def test_all_instances_of_a_key_or_of_one_version(make_engine):
    engine = make_engine()
    by_version = []
    for _ in range(2):
        (definition,) = engine.deploy(QUEUED)["definitions"]
        by_version.append((definition["id"], engine.start("queued", missing=False)))
    (first, old), (_, new) = by_version

    suspension.set_instances_of(engine.store, suspended=True, process_definition_id=first)
    assert [is_suspended(engine, "process_instance", i) for i in (old, new)] == [True, False]
    suspension.set_instances_of(engine.store, suspended=True, process_definition_key="queued")
    assert is_suspended(engine, "process_instance", new) is True
    # instances that start afterwards are not suspended
    assert is_suspended(engine, "process_instance", engine.start("queued", missing=False)) is False


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {None, "north", "south"}),
        ({"tenant_id": "north"}, {"north"}),
        ({"without_tenant_id": True}, {None}),
        ({"tenant_id": "north", "without_tenant_id": True}, {"north"}),
    ],
)
def test_a_tenant_narrows_a_key(make_engine, options, expected):
    engine = make_engine()
    instances = {}
    for tenant_id in (None, "north", "south"):
        engine.deploy(QUEUED, tenant_id=tenant_id)
        instances[tenant_id] = engine.start("queued", tenant_id=tenant_id, missing=False)

    suspension.set_instances_of(
        engine.store, suspended=True, process_definition_key="queued", **options
    )

    found = {t for t, i in instances.items() if is_suspended(engine, "process_instance", i)}
    assert found == expected


# -- definitions -----------------------------------------------------------------------------------


def set_definitions(engine, suspended=True, with_instances=False, **options):
    suspension.set_definitions(
        engine.store, suspended=suspended, include_process_instances=with_instances, **options
    )


@pytest.mark.parametrize("with_instances", [True, False])
def test_a_definition_takes_its_instances_along_where_it_is_told(alone, with_instances):
    engine, definition, instance = alone

    set_definitions(engine, with_instances=with_instances, process_definition_id=definition)

    assert is_suspended(engine, "process_definition", definition) is True
    assert is_suspended(engine, "process_instance", instance) is with_instances


@pytest.mark.parametrize(
    "selector", [{"process_definition_id": "unknown"}, {"process_definition_key": "unknown"}]
)
def test_unknown_definitions_are_passed_over(alone, selector):
    engine, definition, _ = alone

    set_definitions(engine, **selector)

    assert is_suspended(engine, "process_definition", definition) is False


@pytest.mark.parametrize("suspended", [True, False])
def test_a_job_does_it_when_its_time_has_come(alone, suspended):
    engine, definition, instance = alone
    set_definitions(engine, not suspended, True, process_definition_id=definition)
    due = engine.clock() + timedelta(hours=1)

    set_definitions(engine, suspended, True, process_definition_key="queued", execution_date=due)
    (job,) = (found for found in engine.find("job") if found["process_instance_id"] is None)
    assert job["due_date"] == due
    assert is_suspended(engine, "process_definition", definition) is not suspended
    jobs.execute(engine.store, job["id"])

    assert is_suspended(engine, "process_definition", definition) is suspended
    assert is_suspended(engine, "process_instance", instance) is suspended
    assert lists.get(engine.store, "job", job["id"]) is None


# -- jobs ------------------------------------------------------------------------------------------


def set_jobs(engine, suspended=True, **options):
    arguments = {
        "process_definition_tenant_id": None,
        "process_definition_without_tenant_id": False,
        "job_id": None,
        "job_definition_id": None,
        "process_instance_id": None,
        "process_definition_id": None,
        "process_definition_key": None,
        **options,
    }
    suspension.set_jobs(engine.store, suspended=suspended, **arguments)


@pytest.mark.parametrize(
    "name",
    ["id", "job_definition_id", "process_instance_id", "process_definition_id"],
)
def test_jobs_are_named_by_one_thing(queued, job, name):
    selector = "job_id" if name == "id" else name

    for suspended in (True, False):
        set_jobs(queued, suspended, **{selector: job[name]})
        assert is_suspended(queued, "job", job["id"]) is suspended


def test_jobs_are_named_by_a_key_and_its_tenant(queued, job):
    set_jobs(queued, process_definition_key="queued", process_definition_tenant_id="north")
    assert is_suspended(queued, "job", job["id"]) is False
    set_jobs(queued, process_definition_key="queued", process_definition_without_tenant_id=True)
    assert is_suspended(queued, "job", job["id"]) is True


@pytest.mark.parametrize(
    ("selectors", "word"),
    [({}, "Either"), ({"job_id": "j", "process_instance_id": "i"}, "Only one of")],
)
def test_jobs_are_named_by_neither_more_nor_less(queued, selectors, word):
    with pytest.raises(InvalidRequestError) as caught:
        set_jobs(queued, **selectors)

    assert str(caught.value) == (
        f"{word} jobId, jobDefinitionId, processInstanceId, processDefinitionId or "
        "processDefinitionKey should be set to update the suspension state."
    )


def test_unknown_jobs_are_passed_over(queued, job):
    set_jobs(queued, job_id="unknown")

    assert is_suspended(queued, "job", job["id"]) is False


def test_a_suspended_job_is_run_by_hand_and_not_by_an_executor(queued, job):
    set_jobs(queued, job_id=job["id"])

    acquired = jobs.acquire(queued.store, "me", limit=100, lock_duration=timedelta(minutes=1))
    assert job["id"] not in [job_id for job_id, _ in acquired]
    jobs.release(queued.store, "me")
    jobs.execute(queued.store, job["id"])

    assert lists.get(queued.store, "job", job["id"]) is None
