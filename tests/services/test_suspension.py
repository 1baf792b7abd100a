"""Suspension: of instances, definitions and jobs, at once or later, and how each is named."""

from datetime import timedelta

import pytest

from app.errors import BadUserRequestError, InvalidRequestError
from app.services import job_definitions, jobs, lists, suspension
from app.services.job_definitions import PriorityResetError, UnknownJobDefinitionError
from app.services.jobs import UnknownJobError
from tests.models import flows, process

QUEUED = process(
    '<startEvent id="s"/><serviceTask id="work" camunda:asyncBefore="true" '
    'camunda:expression="${missing ? nothing : 1}"/><endEvent id="e"/>' + flows("s", "work", "e"),
    "queued",
)


@pytest.fixture(scope="module")
def queued(make_engine):
    """An engine of its own with a process that waits for a job."""
    engine = make_engine()
    engine.deploy(QUEUED)
    return engine


@pytest.fixture
def job(queued):
    """The job of a new instance."""
    instance = queued.start("queued", missing=False)
    return queued.one("job", process_instance_id=instance)


def is_suspended(engine, name, key):
    return lists.get(engine.store, name, key)["is_suspended"]


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
    # whoever starts afterwards is not suspended with them
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


@pytest.fixture
def apart(make_engine):
    """An engine with one definition, and an instance of it."""
    engine = make_engine()
    (definition,) = engine.deploy(QUEUED)["definitions"]
    return engine, definition["id"], engine.start("queued", missing=False)


@pytest.mark.parametrize("with_instances", [True, False])
def test_a_definition_takes_its_instances_along_where_it_is_told(apart, with_instances):
    engine, definition, instance = apart

    set_definitions(engine, with_instances=with_instances, process_definition_id=definition)

    assert is_suspended(engine, "process_definition", definition) is True
    assert is_suspended(engine, "process_instance", instance) is with_instances


@pytest.mark.parametrize(
    "selector", [{"process_definition_id": "unknown"}, {"process_definition_key": "unknown"}]
)
def test_unknown_definitions_are_passed_over(apart, selector):
    engine, definition, _ = apart

    set_definitions(engine, **selector)

    assert is_suspended(engine, "process_definition", definition) is False


@pytest.mark.parametrize("suspended", [True, False])
def test_a_job_does_it_when_its_time_has_come(apart, suspended):
    engine, definition, instance = apart
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


def test_unknown_jobs_are_passed_over(queued):
    set_jobs(queued, job_id="unknown")


def test_a_suspended_job_is_run_by_hand_and_not_by_an_executor(queued, job):
    set_jobs(queued, job_id=job["id"])

    acquired = jobs.acquire(queued.store, "me", limit=100, lock_duration=timedelta(minutes=1))
    assert job["id"] not in [job_id for job_id, _ in acquired]
    jobs.release(queued.store, "me")
    jobs.execute(queued.store, job["id"])

    assert lists.get(queued.store, "job", job["id"]) is None


# -- single jobs -----------------------------------------------------------------------------------


def test_a_failure_costs_a_retry_and_the_last_one_raises_an_incident(queued):
    instance = queued.start("queued", missing=True)
    job_id = queued.one("job", process_instance_id=instance)["id"]

    for left in (2, 1, 0):
        with pytest.raises(Exception, match="nothing"):
            jobs.execute(queued.store, job_id)
        assert lists.get(queued.store, "job", job_id)["retries"] == left
        incidents = queued.find("incident", process_instance_id=instance)
        assert len(incidents) == (0 if left else 1)

    assert incidents[0]["incident_type"] == "failedJob"
    assert incidents[0]["failed_activity_id"] == "work"


def test_a_job_of_another_executor_is_left_alone(queued, job):
    jobs.execute(queued.store, job["id"], owner="me")

    assert lists.get(queued.store, "job", job["id"])["retries"] == 3


def test_an_executor_takes_no_more_than_it_is_told_and_gives_it_back(make_engine):
    engine = make_engine()
    engine.deploy(QUEUED)
    for _ in range(3):
        engine.start("queued", missing=False)
    minute = timedelta(minutes=1)

    assert len(jobs.acquire(engine.store, "me", limit=2, lock_duration=minute)) == 2
    assert len(jobs.acquire(engine.store, "you", limit=2, lock_duration=minute)) == 1
    jobs.release(engine.store, "me")
    assert len(jobs.acquire(engine.store, "you", limit=5, lock_duration=minute)) == 2
    engine.later(minutes=1, milliseconds=1)
    assert len(jobs.acquire(engine.store, "me", limit=5, lock_duration=minute)) == 3


def test_the_next_job_says_when_it_is_due(make_engine):
    engine = make_engine()
    engine.deploy(QUEUED)
    assert jobs.next_due(engine.store) is None
    instance = engine.start("queued", missing=False)
    job_id = engine.one("job", process_instance_id=instance)["id"]

    jobs.set_due_date(engine.store, job_id, due_date=engine.clock() + timedelta(hours=1))

    assert jobs.next_due(engine.store) == timedelta(hours=1)


@pytest.mark.parametrize("sets_due_date", [True, False])
def test_retries_leave_the_due_date_unless_it_is_given(queued, job, sets_due_date):
    before = queued.clock() + timedelta(days=1)
    jobs.set_due_date(queued.store, job["id"], due_date=before)

    jobs.set_retries(queued.store, job["id"], retries=5, due_date=None, sets_due_date=sets_due_date)

    found = lists.get(queued.store, "job", job["id"])
    assert (found["retries"], found["due_date"]) == (5, None if sets_due_date else before)


@pytest.mark.parametrize(
    ("command", "error", "words"),
    [
        pytest.param(
            lambda s: jobs.execute(s, "x"),
            UnknownJobError,
            "ENGINE-14026 No job found with id 'x'",
            id="execute",
        ),
        pytest.param(
            lambda s: jobs.set_retries(s, "x", retries=1, due_date=None, sets_due_date=False),
            Exception,
            "ENGINE-13053 No job found with id 'x'.'",
            id="retries",
        ),
        pytest.param(
            lambda s: jobs.set_retries(s, "x", retries=-1, due_date=None, sets_due_date=False),
            Exception,
            "ENGINE-13054 The number of job retries must be a non-negative Integer, but '-1' has "
            "been provided.",
            id="negative retries",
        ),
        pytest.param(
            lambda s: jobs.set_due_date(s, "x", due_date=None),
            Exception,
            "No job found with id 'x'.",
            id="due date",
        ),
        pytest.param(
            lambda s: jobs.recalculate_due_date(s, "x", is_creation_based=True),
            UnknownJobError,
            "No job found with id 'x': job is null",
            id="recalculate",
        ),
        pytest.param(
            lambda s: jobs.set_priority(s, "x", priority=1),
            UnknownJobError,
            "No job found with id 'x': job is null",
            id="priority",
        ),
        pytest.param(
            lambda s: jobs.delete(s, "x"),
            UnknownJobError,
            "No job found with id 'x': job is null",
            id="delete",
        ),
    ],
)
def test_each_command_has_words_of_its_own_for_a_job_that_is_not_there(
    queued, command, error, words
):
    with pytest.raises(error) as caught:
        command(queued.store)

    assert str(caught.value) == words


def test_a_job_that_is_deleted_leaves_its_activity_waiting(queued, job):
    jobs.delete(queued.store, job["id"])

    assert lists.get(queued.store, "process_instance", job["process_instance_id"]) is not None
    (entry,) = queued.find("historic_job_log", job_id=job["id"], deletion_log=True)
    assert entry["job_id"] == job["id"]


# -- job definitions -------------------------------------------------------------------------------


def test_a_definition_of_jobs_suspends_those_that_come(apart):
    engine, _, instance = apart
    job = engine.one("job", process_instance_id=instance)

    job_definitions.set_suspended(
        engine.store, suspended=True, job_definition_id=job["job_definition_id"]
    )
    later = engine.one("job", process_instance_id=engine.start("queued", missing=False))

    assert is_suspended(engine, "job", job["id"]) is False
    assert later["is_suspended"] is True


@pytest.mark.parametrize("later", [True, False])
def test_those_that_are_there_follow_where_it_is_told(apart, later):
    engine, _, instance = apart
    job = engine.one("job", process_instance_id=instance)
    when = engine.clock() + timedelta(hours=1) if later else None

    job_definitions.set_suspended(
        engine.store,
        suspended=True,
        include_jobs=True,
        process_definition_key="queued",
        execution_date=when,
    )
    if later:
        assert is_suspended(engine, "job", job["id"]) is False
        (planned,) = (j for j in engine.find("job") if j["process_instance_id"] is None)
        jobs.execute(engine.store, planned["id"])

    assert is_suspended(engine, "job", job["id"]) is True
    assert is_suspended(engine, "job_definition", job["job_definition_id"]) is True


def test_retries_go_to_the_jobs_that_have_none(apart):
    engine, _, instance = apart
    failed = engine.one("job", process_instance_id=instance)
    fresh = engine.one("job", process_instance_id=engine.start("queued", missing=False))
    jobs.set_retries(engine.store, failed["id"], retries=0, due_date=None, sets_due_date=False)

    job_definitions.set_retries(
        engine.store,
        failed["job_definition_id"],
        retries=7,
        due_date=None,
        sets_due_date=False,
    )

    assert [lists.get(engine.store, "job", j["id"])["retries"] for j in (failed, fresh)] == [7, 3]


def test_a_priority_is_of_the_jobs_that_are_there_and_of_those_that_come(apart):
    engine, _, instance = apart
    job = engine.one("job", process_instance_id=instance)

    job_definitions.set_priority(
        engine.store, job["job_definition_id"], priority=9, include_jobs=False
    )
    new = engine.one("job", process_instance_id=engine.start("queued", missing=False))
    assert (lists.get(engine.store, "job", job["id"])["priority"], new["priority"]) == (9, 9)
    job_definitions.set_priority(
        engine.store, job["job_definition_id"], priority=None, include_jobs=False
    )
    last = engine.one("job", process_instance_id=engine.start("queued", missing=False))

    assert (lists.get(engine.store, "job", job["id"])["priority"], last["priority"]) == (9, 0)


def test_a_priority_is_not_taken_back_from_jobs(apart):
    with pytest.raises(PriorityResetError) as caught:
        job_definitions.set_priority(apart[0].store, "d", priority=None, include_jobs=True)

    assert str(caught.value) == "Cannot reset priority for job definition d with includeJobs=true"


def test_of_unknown_definitions_of_jobs_only_the_priority_is_missed(apart):
    engine, _, _ = apart
    job_definitions.set_suspended(engine.store, suspended=True, job_definition_id="x")
    job_definitions.set_retries(engine.store, "x", retries=1, due_date=None, sets_due_date=False)

    with pytest.raises(UnknownJobDefinitionError) as caught:
        job_definitions.set_priority(engine.store, "x", priority=1, include_jobs=False)

    assert str(caught.value) == ("Job definition with id 'x' does not exist: jobDefinition is null")
