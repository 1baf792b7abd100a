"""Two commands at once: what the second has seen before its lock is not what it acts on.

On PostgreSQL a third session holds the row that both wait for. The first command waits for it, then
the second, which has looked by then; then the row is let go, and the first goes first. On SQLite
nobody looks and locks apart within a transaction: there the second is held back before it begins to
write, where it has looked outside of it.
"""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from app.engine.state.values import TypedValue
from app.errors import EngineError
from app.services import (
    deletion,
    deployments,
    external_tasks,
    jobs,
    lists,
    messages,
    migration,
    modification,
    process_definitions,
    process_instances,
    retries,
    signals,
    suspension,
    variables,
)
from app.store import Store
from tests.models import flow, flows, process, task

from .test_every_service import MESSAGE, NO_QUERIES, SIGNAL, SKIPS

KEY = TypedValue("String", "k")
B = {"b": TypedValue("Integer", 1)}
MODEL = process(
    '<startEvent id="start"/>'
    + task("first")
    + task("second", camunda_asyncBefore="true")
    + task("third")
    + '<boundaryEvent id="late" attachedToRef="first" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    '</boundaryEvent><endEvent id="end"/><endEvent id="noted"/>'
    + flows("start", "first", "second", "third", "end")
    + flow("late", "noted")
    + "".join(
        f'<subProcess id="on_{name}" triggeredByEvent="true"><startEvent id="{name}" '
        f'isInterrupting="false">{definition}</startEvent>'
        + task(f"{name}_work")
        + f'<endEvent id="{name}_end"/>'
        + flows(name, f"{name}_work", f"{name}_end")
        + "</subProcess>"
        for name, definition in (
            ("message", '<messageEventDefinition messageRef="m"/>'),
            ("signal", '<signalEventDefinition signalRef="g"/>'),
        )
    ),
    "race",
).replace(
    '<process id="race"', '<message id="m" name="m"/><signal id="g" name="g"/><process id="race"'
)
CALLED = process(
    '<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/>'
    + task("x")
    + task("y")
    + '<endEvent id="e"/>'
    + flows("s", "f", "x", "j", "e")
    + flows("f", "y", "j"),
    "called",
)
CALLER = process(
    '<startEvent id="s"/><callActivity id="c" calledElement="called"/><endEvent id="e"/>'
    + flows("s", "c", "e"),
    "caller",
)
TIMED = process(
    '<startEvent id="s"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>'
    "</startEvent>" + task("t") + '<endEvent id="e"/>' + flows("s", "t", "e"),
    "timed",
)
LEFT = {  # what may never be, whatever came first
    "a row without its execution": """
        SELECT 'execution', id FROM execution e WHERE parent_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM execution p WHERE p.id = e.parent_id)
        UNION SELECT 'variable', id FROM variable v WHERE task_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM execution p WHERE p.id = v.execution_id)
        UNION SELECT 'task', id FROM external_task t
            WHERE NOT EXISTS (SELECT 1 FROM execution p WHERE p.id = t.execution_id)
        UNION SELECT 'job', id FROM job j WHERE execution_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM execution p WHERE p.id = j.execution_id)
        UNION SELECT 'subscription', id FROM event_subscription s WHERE execution_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM execution p WHERE p.id = s.execution_id)""",
    "an instance without a definition": """
        SELECT 'execution', id FROM execution e WHERE NOT EXISTS
            (SELECT 1 FROM process_definition p WHERE p.id = e.process_definition_id)""",
    "a task elsewhere than its token": """
        SELECT 'task', t.id FROM external_task t JOIN execution e ON e.id = t.execution_id
            WHERE e.activity_id IS NULL OR e.activity_id <> t.activity_id""",
    "an activity of an instance that has ended": """
        SELECT 'activity', a.id FROM historic_activity_instance a JOIN historic_process_instance p
            ON p.id = a.process_instance_id WHERE p.end_time IS NOT NULL AND a.end_time IS NULL""",
    "a token that stands at nothing": """
        SELECT 'execution', id FROM execution e WHERE is_active AND NOT is_event_scope
            AND NOT EXISTS (SELECT 1 FROM execution c
                WHERE c.parent_id = e.id OR c.super_execution_id = e.id)
            AND NOT EXISTS (SELECT 1 FROM external_task t WHERE t.execution_id = e.id)
            AND NOT EXISTS (SELECT 1 FROM job j WHERE j.execution_id = e.id)""",
}


def deploy(store, *models):
    resources = [(f"m{number}.bpmn", model.encode()) for number, model in enumerate(models)]
    deployed = deployments.create(store, name="t", source=None, tenant_id=None, resources=resources)
    return deployed["id"]


def start(store, key, **values):
    return process_definitions.start(store, key=key, variables={"key": KEY, **values})["id"]


def complete(store, task_id):
    external_tasks.complete(store, task_id, worker_id="w", variables=B, local_variables={})


def lock(store, *topics):
    """The ids of the free tasks of some topics, by activity, locked."""
    wanted = [{"topic_name": name, "lock_duration": timedelta(hours=1)} for name in topics]
    found = external_tasks.fetch_and_lock(
        store, worker_id="w", max_tasks=50, use_priority=False, topics=wanted, sorting=[]
    )
    return {view["activity_id"]: view["id"] for view in found}


def job_of(store, activity):
    (job,) = (j for j in lists.find(store, "job", {}) if j["activity_id"] == activity)
    return job["id"]


def assert_whole(store):
    with store.reading() as connection:
        left = {name: connection.exec_driver_sql(q).fetchall() for name, q in LEFT.items()}
    assert not any(left.values()), left


def run_to_the_end(store, instance):
    """Do all that is left to do in an instance; it ends, and no activity has run twice."""
    topics = "first", "second", "third", "message_work", "signal_work"
    for _ in range(6):
        for job in lists.find(store, "job", {"process_instance_id": instance}):
            if job["activity_id"] != "late":
                jobs.execute(store, job["id"])
        for task_id in lock(store, *topics).values():
            complete(store, task_id)
    (past,) = lists.find(store, "historic_process_instance", {"process_instance_id": instance})
    visits = lists.find(store, "historic_activity_instance", {"process_instance_id": instance})
    names = [visit["activity_id"] for visit in visits]
    assert past["state"] == "COMPLETED"
    assert len(names) == len(set(names)), names


class Held:
    """A row that a session of its own has locked, for which commands line up."""

    def __init__(self, url, statement, *values):
        self._url = url
        self._connection = psycopg.connect(url)
        self._connection.execute(statement, values)
        self._pool = ThreadPoolExecutor(4)
        self._lined_up = []

    def line_up(self, command, *arguments, **options):
        """Let a command run until it waits for a lock."""
        self._lined_up.append(self._pool.submit(command, *arguments, **options))
        query = """SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'"""
        with psycopg.connect(self._url, autocommit=True) as snapshot:
            deadline = time.monotonic() + 300
            while snapshot.execute(query).fetchone()[0] < len(self._lined_up):
                assert time.monotonic() < deadline, "the command does not wait"
                assert not self._lined_up[-1].done(), self._lined_up[-1].exception()
                time.sleep(0.01)

    def let_go(self):
        """The outcome of each command: None, or its error."""
        self._connection.close()
        self._pool.shutdown()
        return [done.exception() for done in self._lined_up]


ROOT = "SELECT 1 FROM execution WHERE id = %s FOR UPDATE"
DEFINITION = "SELECT 1 FROM process_definition WHERE key = %s FOR UPDATE"


@pytest.fixture
def raced(postgres_url):
    store = Store(postgres_url, pool_size=6)
    yield store
    store.close()


def message(store, **filters):
    messages.correlate(store, message_name="m", **{**MESSAGE, "all": False, **filters})


PAST_SECOND = {
    "instructions": [
        {"type": "cancel", "activity_id": "second"},
        {"type": "startAfterActivity", "activity_id": "second"},
    ],
    "skip_custom_listeners": False,
    "skip_io_mappings": False,
}


def definition(store):
    return lists.definition(store, "race", None)["id"]


def migrate(store, instance):
    """Migrate an instance to the definition that it has."""
    here = definition(store)
    found = migration.generate(store, source_id=here, target_id=here, update_event_triggers=False)
    mapped = [(i["source_activity_ids"][0], i["target_activity_ids"][0], False) for i in found]
    plan = migration.WantedPlan(here, here, mapped)
    skips = {"skip_custom_listeners": False, "skip_io_mappings": False}
    migration.execute(store, plan, [instance], **skips)


SECONDS = {  # commands that look for an instance, or for what it has, and then lock it
    "message by keys": lambda s, i, t, j: message(s, correlation_keys={"key": KEY}),
    "message by local keys": lambda s, i, t, j: message(s, local_correlation_keys={"key": KEY}),
    "message by instance": lambda s, i, t, j: message(s, process_instance_id=i),
    "signal": lambda s, i, t, j: signals.deliver(s, name="g", execution_id=None, **SIGNAL),
    "signal to an execution": lambda s, i, t, j: signals.deliver(
        s, name="g", execution_id=i, **SIGNAL
    ),
    "timer": lambda s, i, t, j: jobs.execute(s, j),
    "suspension": lambda s, i, t, j: suspension.set_instances(s, [i], suspended=True),
    "suspension of a key": lambda s, i, t, j: suspension.set_instances_of(
        s, suspended=True, process_definition_key="race"
    ),
    "suspension of jobs": lambda s, i, t, j: suspension.set_jobs(
        s,
        suspended=True,
        process_definition_tenant_id=None,
        process_definition_without_tenant_id=False,
        process_instance_id=i,
    ),
    "retries of many": lambda s, i, t, j: retries.set_retries_of_many(
        s, retries=0, external_task_ids=None, **{**NO_QUERIES, "external_task_query": {}}
    ),
    "retries": lambda s, i, t, j: external_tasks.set_retries(s, t, retries=0),
    "deletion": lambda s, i, t, j: process_instances.delete(s, i),
    "deletion of all": lambda s, i, t, j: deletion.delete_instances_of(
        s, lists.definition(s, "race", None)["id"], **SKIPS
    ),
    "variables": lambda s, i, t, j: variables.modify(s, i, modifications=B, deletions=["key"]),
    "modification": lambda s, i, t, j: modification.modify(s, i, **PAST_SECOND),
    "modification of many": lambda s, i, t, j: modification.modify_many(
        s, process_definition_id=definition(s), instance_ids=[i], **PAST_SECOND
    ),
    "migration": lambda s, i, t, j: migrate(s, i),
    "the same complete": lambda s, i, t, j: complete(s, t),
}
GONE = {"timer", "retries", "the same complete"}  # what is about the task that was completed
ENDS = {"deletion", "deletion of all"}


@pytest.mark.parametrize("name", SECONDS)
def test_a_command_that_waits_behind_a_complete_acts_on_what_that_has_left(
    raced, postgres_url, name
):
    deploy(raced, MODEL)
    instance = start(raced, "race")
    task_id, job_id = lock(raced, "first")["first"], job_of(raced, "late")
    held = Held(postgres_url, ROOT, instance)
    held.line_up(complete, raced, task_id)
    held.line_up(SECONDS[name], raced, instance, task_id, job_id)

    first, second = held.let_go()

    assert first is None
    assert isinstance(second, EngineError) if name in GONE else second is None, second
    assert_whole(raced)
    if name in ENDS:
        assert lists.count(raced, "execution", {}) == 0
        return
    if name.startswith("suspension"):
        suspended = {job["is_suspended"] for job in lists.find(raced, "job", {})}
        assert suspended == {name != "suspension of jobs"}
        suspension.set_instances(raced, [instance], suspended=False)
    if name == "variables":
        assert list(variables.get_all(raced, instance)) == ["b"]
    run_to_the_end(raced, instance)


def test_a_complete_that_waits_behind_a_modification_finds_its_task_gone(raced, postgres_url):
    deploy(raced, MODEL)
    instance = start(raced, "race")
    task_id = lock(raced, "first")["first"]
    steps = [
        {"type": "cancel", "activity_id": "first"},
        {"type": "startBeforeActivity", "activity_id": "second"},
    ]
    held = Held(postgres_url, ROOT, instance)
    held.line_up(modification.modify, raced, instance, **{**PAST_SECOND, "instructions": steps})
    held.line_up(complete, raced, task_id)

    first, second = held.let_go()

    assert first is None
    assert type(second).__name__ == "NotFoundError"
    assert_whole(raced)
    run_to_the_end(raced, instance)


def test_a_task_that_is_fetched_while_its_instance_migrates_stays_locked(raced, postgres_url):
    deploy(raced, MODEL)
    instance = start(raced, "race")
    held = Held(
        postgres_url, "SELECT 1 FROM historic_process_instance WHERE id = %s FOR UPDATE", instance
    )
    held.line_up(migrate, raced, instance)  # which has read everything, and is about to commit

    (task_id,) = lock(raced, "first").values()

    assert held.let_go() == [None]
    assert lists.get(raced, "external_task", task_id)["worker_id"] == "w"


def test_an_asynchronous_continuation_runs_once(raced, postgres_url):
    deploy(raced, MODEL)
    instance = start(raced, "race")
    complete(raced, lock(raced, "first")["first"])
    job_id = job_of(raced, "second")
    held = Held(postgres_url, ROOT, instance)
    for _ in range(3):
        held.line_up(jobs.execute, raced, job_id)

    outcomes = held.let_go()

    assert [type(outcome).__name__ for outcome in outcomes].count("UnknownJobError") == 2
    assert_whole(raced)
    run_to_the_end(raced, instance)


def test_a_message_finds_nobody_when_its_keys_have_changed_while_it_waited(raced, postgres_url):
    deploy(raced, MODEL)
    instance = start(raced, "race")
    held = Held(postgres_url, ROOT, instance)
    held.line_up(variables.put, raced, instance, "key", TypedValue("String", "other"))
    held.line_up(message, raced, correlation_keys={"key": KEY})

    first, second = held.let_go()

    assert first is None
    assert type(second).__name__ == "MismatchingCorrelationError"


def test_tokens_of_a_called_instance_meet_when_its_caller_goes_without_it(raced, postgres_url):
    deploy(raced, CALLED, CALLER)
    caller = start(raced, "caller")
    tasks = lock(raced, "x", "y")
    (called,) = lists.find(raced, "process_instance", {"super_process_instance": caller})
    held = Held(postgres_url, ROOT, caller)
    held.line_up(process_instances.delete, raced, caller, skip_subprocesses=True)
    held.line_up(complete, raced, tasks["x"])
    held.line_up(complete, raced, tasks["y"])

    assert held.let_go() == [None, None, None]

    assert_whole(raced)
    past = lists.get(raced, "historic_process_instance", called["id"])
    assert past["state"] == "COMPLETED"
    assert past["root_process_instance_id"] == called["id"]


@pytest.mark.parametrize("cascade", [False, True])
def test_an_instance_that_starts_before_its_deployment_goes_is_counted(
    raced, postgres_url, cascade
):
    deployment_id = deploy(raced, MODEL)
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(start, raced, "race")
    held.line_up(deployments.delete, raced, deployment_id, cascade=cascade)

    first, second = held.let_go()

    assert first is None
    assert isinstance(second, deletion.RunningInstancesError) if not cascade else second is None
    assert lists.count(raced, "process_instance", {}) == (0 if cascade else 1)
    assert lists.count(raced, "historic_process_instance", {}) == (0 if cascade else 1)
    assert_whole(raced)


STARTS = {
    "key": lambda s: start(s, "race"),
    "message": lambda s: message(s),
    "signal": lambda s: signals.deliver(s, name="g", execution_id=None, **SIGNAL),
    "call": lambda s: start(s, "caller"),
}
STARTED = process(
    '<startEvent id="s"/>'
    '<startEvent id="by_m"><messageEventDefinition messageRef="m"/></startEvent>'
    '<startEvent id="by_g"><signalEventDefinition signalRef="g"/></startEvent>'
    '<exclusiveGateway id="g1"/>'
    + task("t")
    + '<endEvent id="e"/>'
    + flows("s", "g1", "t", "e")
    + flows("by_m", "g1")
    + flows("by_g", "g1"),
    "race",
).replace(
    '<process id="race"', '<message id="m" name="m"/><signal id="g" name="g"/><process id="race"'
)


@pytest.mark.parametrize("how", STARTS)
def test_nothing_starts_of_a_definition_that_goes_first(raced, postgres_url, how):
    deployment_id = deploy(raced, STARTED)
    deploy(raced, CALLER.replace('calledElement="called"', 'calledElement="race"'))
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(deployments.delete, raced, deployment_id)
    held.line_up(STARTS[how], raced)

    first, second = held.let_go()

    assert first is None
    assert second is None if how == "signal" else isinstance(second, EngineError)
    assert lists.count(raced, "execution", {}) == 0


@pytest.mark.parametrize("how", STARTS)
def test_what_has_started_of_a_definition_keeps_it(raced, postgres_url, how):
    deployment_id = deploy(raced, STARTED)
    deploy(raced, CALLER.replace('calledElement="called"', 'calledElement="race"'))
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(STARTS[how], raced)
    held.line_up(deployments.delete, raced, deployment_id)

    first, second = held.let_go()

    assert first is None
    assert isinstance(second, deletion.RunningInstancesError)
    assert_whole(raced)


def test_an_instance_that_starts_before_its_definition_is_suspended_is_suspended(
    raced, postgres_url
):
    deploy(raced, MODEL)
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(start, raced, "race")
    held.line_up(
        suspension.set_definitions,
        raced,
        suspended=True,
        include_process_instances=True,
        process_definition_key="race",
    )

    assert held.let_go() == [None, None]

    (instance,) = lists.find(raced, "process_instance", {})
    assert instance["is_suspended"]


def test_nothing_starts_of_a_definition_that_is_suspended_first(raced, postgres_url):
    deploy(raced, MODEL)
    held = Held(postgres_url, DEFINITION, "race")
    held.line_up(
        suspension.set_definitions,
        raced,
        suspended=True,
        include_process_instances=False,
        process_definition_key="race",
    )
    held.line_up(start, raced, "race")

    first, second = held.let_go()

    assert first is None
    assert "is suspended" in str(second)
    assert lists.count(raced, "execution", {}) == 0


def test_of_two_deployments_at_once_one_has_the_message_that_starts_it(raced, postgres_url):
    lock_name = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
    held = Held(postgres_url, lock_name, "baton message:m")
    held.line_up(deploy, raced, STARTED)
    held.line_up(deploy, raced, STARTED.replace('id="race"', 'id="other"'))

    outcomes = held.let_go()

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "NoneType",
        "SubscribedTwiceError",
    ]


def test_a_timer_that_fires_beside_a_deployment_leaves_one_timer(raced, postgres_url):
    deploy(raced, TIMED)
    timer = job_of(raced, "s")
    held = Held(postgres_url, "SELECT 1 FROM job WHERE id = %s FOR UPDATE", timer)
    held.line_up(jobs.execute, raced, timer)
    held.line_up(deploy, raced, TIMED)

    assert held.let_go() == [None, None]

    newest = lists.definition(raced, "timed", None)
    assert [j["process_definition_id"] for j in lists.find(raced, "job", {})] == [newest["id"]]


# -- who looks outside of his transaction -----------------------------------------------------


@pytest.fixture
def late(store, monkeypatch):
    """Runs a command that is held back before it begins to write, while another runs."""

    def run(second, first):
        at_the_door, go = threading.Event(), threading.Event()
        begin, mine = store.transaction, threading.local()

        @contextlib.contextmanager
        def transaction():
            if getattr(mine, "is_late", False):
                mine.is_late = False
                at_the_door.set()
                assert go.wait(60)
            with begin() as tx:
                yield tx

        def late_command():
            mine.is_late = True
            second()

        monkeypatch.setattr(store, "transaction", transaction)
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(late_command)
            assert at_the_door.wait(60)
            first()
            go.set()
            return done.exception()

    return run


@pytest.mark.parametrize("cascade", [False, True])
def test_a_deletion_counts_again_what_has_started_since_it_looked(store, late, cascade):
    deployment_id = deploy(store, MODEL)

    error = late(
        lambda: deployments.delete(store, deployment_id, cascade=cascade),
        lambda: start(store, "race"),
    )

    assert error is None if cascade else isinstance(error, deletion.RunningInstancesError)
    assert lists.count(store, "process_instance", {}) == (0 if cascade else 1)
    assert lists.count(store, "process_definition", {}) == (0 if cascade else 1)
    assert_whole(store)


@pytest.mark.parametrize("cascade", [False, True])
def test_versions_are_deleted_together_or_not_at_all(store, late, cascade):
    for _ in range(2):
        deploy(store, MODEL)
    ids = process_definitions.ids_of_key(store, "race", None)

    error = late(
        lambda: process_definitions.delete(store, ids, cascade=cascade, **SKIPS),
        lambda: start(store, "race"),
    )

    assert error is None if cascade else isinstance(error, deletion.RunningInstancesError)
    assert lists.count(store, "process_definition", {}) == (0 if cascade else 2)
    assert_whole(store)


def test_tasks_that_a_query_has_found_may_be_done_by_then(store, late):
    deploy(store, MODEL)
    start(store, "race")
    instance = start(store, "race")
    (task_id,) = (
        view["id"] for view in lists.find(store, "external_task", {"process_instance_id": instance})
    )
    external_tasks.set_priority(store, task_id, priority=5)
    lock(store, "first")

    error = late(
        lambda: retries.set_retries_of_many(
            store, retries=0, external_task_ids=None, **{**NO_QUERIES, "external_task_query": {}}
        ),
        lambda: complete(store, task_id),
    )

    assert error is None
    assert [t["retries"] for t in lists.find(store, "external_task", {})] == [0]


def test_a_task_that_was_named_must_be_there(store, late):
    deploy(store, MODEL)
    start(store, "race")
    task_id = lock(store, "first")["first"]

    error = late(
        lambda: retries.set_retries_of_many(
            store, retries=0, external_task_ids=[task_id], **NO_QUERIES
        ),
        lambda: complete(store, task_id),
    )

    assert isinstance(error, retries.BulkTaskMissingError)


def test_an_executor_leaves_a_job_alone_that_was_suspended_since_it_was_acquired(store, late):
    deploy(store, MODEL)
    instance = start(store, "race")
    complete(store, lock(store, "first")["first"])
    jobs.acquire(store, "me", limit=5, lock_duration=timedelta(hours=1))
    job_id = job_of(store, "second")

    error = late(
        lambda: jobs.execute(store, job_id, owner="me"),
        lambda: suspension.set_instances(store, [instance], suspended=True),
    )

    assert error is None
    assert lists.get(store, "job", job_id)["retries"] == 3
    suspension.set_instances(store, [instance], suspended=False)
    assert jobs.acquire(store, "you", limit=5, lock_duration=timedelta(hours=1))


def test_an_executor_leaves_a_job_alone_that_another_has_by_now(store):
    deploy(store, MODEL)
    start(store, "race")
    complete(store, lock(store, "first")["first"])
    job_id = job_of(store, "second")
    jobs.acquire(store, "me", limit=5, lock_duration=timedelta(hours=1))

    jobs.execute(store, job_id, owner="you")

    assert lists.get(store, "job", job_id) is not None
    jobs.execute(store, job_id, owner="me")
    assert lists.get(store, "job", job_id) is None
