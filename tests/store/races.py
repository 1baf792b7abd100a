"""Models and commands of races, the order in which they come, and what they may not leave."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg

from app.engine.state.values import TypedValue
from app.services import (
    deployments,
    external_tasks,
    jobs,
    lists,
    messages,
    migration,
    process_definitions,
)
from tests.models import flow, flows, process, task

from .every_service.world import MESSAGE

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
        UNION SELECT 'variable', id FROM variable v
            WHERE task_id IS NULL AND create_time IS NULL
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
