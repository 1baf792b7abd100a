"""Two commands of an instance at once: what the second has seen before its lock is outdated.

A third session holds the row that both wait for. The first command waits for it, then the second,
which has looked by then; then the row is let go, and the first goes first.
"""

import pytest

from app.engine.state.values import TypedValue
from app.errors import EngineError
from app.services import (
    deletion,
    external_tasks,
    jobs,
    lists,
    modification,
    process_instances,
    retries,
    signals,
    suspension,
    variables,
)

from .every_service.world import NO_QUERIES, SIGNAL, SKIPS
from .races import (
    CALLED,
    CALLER,
    KEY,
    MODEL,
    PAST_SECOND,
    ROOT,
    B,
    Held,
    assert_whole,
    complete,
    definition,
    deploy,
    job_of,
    lock,
    message,
    migrate,
    run_to_the_end,
    start,
)

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
