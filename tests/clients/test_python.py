"""Python's client libraries, each a program of its own, run the same errands."""

import pytest

from .errands import ERRANDS, READ, expected, hand_out, model, outcome, told
from .running import PROGRAMS, run

BATCH = ["set-external-task-retries", 1]
WORKERS = {"executed": True, "running": 2, "jobs": [], "versions": [1]}
MORE = {
    "camunda_client": {
        "definition": "camunda_client",
        "priority": 0,
        "retries": None,
        "suspended": False,
        "worker": {"errand": "kept", "text": "grüße"},
        "zone": "+0000",
    },
    "camunda_external_task_client": WORKERS,
    "fastbpmn": {
        "locked": [True, True, True, True],
        "locked again": False,
        "left": [],
        "extended": True,
        "gone": False,
        "state": "ACTIVE",
    },
    "generic_camunda_client": {
        "failure": "out of paper",
        "details as JSON": 406,  # the library asks for JSON where there is only text
        "retries": 3,
        "batch": BATCH,
        "priority": 7,
        "minutes longer": 60,
        "topics": ["generic_camunda_client"],
        "failed": ["failed"],
        "count": 2,
        "locked": ["kept"],
        "count of locked": 1,
    },
    "operaton_external_task_client": {**WORKERS, "state": "COMPLETED"},
    "operaton_tasks": {"longer": True},
    "pycamunda": {
        "failure": ["out of paper", "tray 2", 0],
        "retries left": ["failed", "kept"],
        "no retries left": ["failed"],
        "batch": BATCH,
        "priority": 7,
        "minutes longer": 60,
        "sorted": ["kept", "failed"],
        "locked": ["kept"],
        "soon free": ["failed"],
        "first": ["failed"],
        "important": ["kept"],
        "count": 2,
        "not locked": ["failed", "kept"],
    },
}  # what a library reads beside the tasks that it fetches
HOLDS = MORE.keys() - {"camunda_client", "generic_camunda_client", "pycamunda"}  # cannot unlock
FREES = {"operaton_tasks"}  # unlocks what has failed


@pytest.mark.parametrize("client", MORE)
def test_a_python_client_reads_its_tasks_and_runs_its_errands(server, python_clients, client):
    instances = hand_out(server, client)
    shared = client.endswith("external_task_client")
    program = PROGRAMS / f"with_{'external_task_client' if shared else client}.py"

    read = run(python_clients, program, server.base_url, client, ENGINE_REST_POLL_TTL_SECONDS="1")

    assert read == {"tasks": dict.fromkeys(ERRANDS, READ), "more": MORE[client]}
    assert outcome(server, instances) == expected(
        failed_by=None if client in FREES else client, kept_by=client if client in HOLDS else None
    )


def test_the_worker_of_fastbpmn_does_a_task(server, python_clients):
    server.deploy(model("fastbpmn_worker"))
    given = {name: READ[name] for name in ("text", "number")}
    instance = server.start("fastbpmn_worker", **given)

    read = run(python_clients, PROGRAMS / "fastbpmn_worker.py", server.base_url, "fastbpmn_worker")

    assert read == given
    assert told(server, instance) == expected(failed_by=None, kept_by=None)["done"]
