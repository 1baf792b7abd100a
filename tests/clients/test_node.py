"""The Node client, as a program of its own."""

import time
from datetime import UTC, datetime

from .errands import ERRANDS, READ, expected, hand_out, model, outcome, start, told
from .running import run, said, started

ZULU = {**READ, "day": "2026-11-24T10:00:00.123Z"}  # it makes dates of Date variables


def minutes_left(server, instance):
    """How long the task of an instance is locked for; None when it is not."""
    (found,) = server.call("GET", f"/external-task?processInstanceId={instance}")[1]
    if found["lockExpirationTime"] is None:
        return None
    until = datetime.fromisoformat(found["lockExpirationTime"])
    return round((until - datetime.now(UTC)).total_seconds() / 60)


def test_the_node_client_reads_its_tasks_and_runs_its_errands(server, node_clients):
    instances = hand_out(server, "node")
    node, folder = node_clients

    read = run(*node, folder / "errands.mjs", server.base_url, "node", len(ERRANDS))

    assert read == dict.fromkeys(ERRANDS, ZULU)
    assert outcome(server, instances) == expected(failed_by="node", kept_by="node")


def test_the_node_client_extends_a_lock_and_frees_a_task_and_locks_it(server, node_clients):
    instances = hand_out(server, "node-locks", ("extended", "freed", "locked"))
    node, folder = node_clients

    run(*node, folder / "errands.mjs", server.base_url, "node-locks", len(instances))

    locks = {errand: minutes_left(server, instance) for errand, instance in instances.items()}
    assert locks == {"extended": 60, "freed": None, "locked": 120}


def test_the_node_client_gets_a_task_again_that_failed_with_retries_left(server, node_clients):
    instance = hand_out(server, "node-retry", ["retried"])["retried"]
    node, folder = node_clients

    read = run(*node, folder / "retry.mjs", server.base_url, "node-retry")

    assert read == [[None, None, None], [2, "out of paper", "tray 2"]]
    assert told(server, instance)["visited"] == ["end", "start", "work"]
    assert server.call("GET", f"/history/incident?processInstanceId={instance}") == (200, [])


def test_a_task_that_is_created_while_the_node_client_waits_arrives_at_once(server, node_clients):
    server.deploy(model("node-poll"))
    node, folder = node_clients

    with started(*node, folder / "long-poll.mjs", server.base_url, "node-poll") as program:
        assert program.stdout.readline() == "POLLING\n"
        time.sleep(0.5)  # the poll waits in the server
        begun = time.time()
        instance = start(server, "node-poll", "late")
        read = said(program.stdout)

    assert (read["polls"], read["errand"]) == (1, "late")
    assert 0 < read["came"] / 1000 - begun < 1
    assert told(server, instance)["state"] == "COMPLETED"
