"""A completion whose answer got lost may be sent again; a lock taken anew is told apart."""

import os
import signal
import threading
import time

from tests.models import TWO_TASKS

BODY = {"workerId": "w", "variables": {"approved": {"value": True}}}


def locked(server, topic="check", **options):
    server.deploy(TWO_TASKS)
    instance = server.start("two")
    (task,) = server.fetch(topic, **options)
    return instance, task["id"]


def complete(server, task, body=BODY, **headers):
    import json

    return server.raw("POST", f"/external-task/{task}/complete", json.dumps(body), **headers)


def test_the_same_key_and_body_get_the_first_answer_again(server):
    instance, task = locked(server)

    first = complete(server, task, Idempotency_Key="k")
    again = complete(server, task, Idempotency_Key="k")

    assert (first[0], again[0]) == (204, 204)
    assert "Idempotent-Replayed" not in first[1]
    assert again[1]["Idempotent-Replayed"] == "true"
    path = f"/history/activity-instance/count?processInstanceId={instance}&activityId=ship"
    assert server.call("GET", path)[1] == {"count": 1}


def test_the_same_key_with_another_body_is_a_conflict(server):
    _, task = locked(server)
    complete(server, task, Idempotency_Key="k")

    status, _, answer = complete(server, task, {"workerId": "w"}, Idempotency_Key="k")

    assert status == 409
    assert b"Idempotency-Key" in answer


def test_the_order_of_the_keys_of_a_body_makes_no_other_body(having):
    server = having(replay="auto")
    server.deploy(TWO_TASKS)
    texts = [
        '{"workerId": "w", "variables": {"approved": {"value": true, "type": "Boolean"}}}',
        '{"variables":{"approved":{"type":"Boolean","value":true}},"workerId":"w"} ',
    ]

    for headers in ({"Idempotency-Key": "k"}, {}):
        server.start("two")
        (found,) = server.fetch("check")
        path = f"/external-task/{found['id']}/complete"
        first, again = (server.raw("POST", path, text, **headers) for text in texts)

        assert (first[0], again[0]) == (204, 204)
        assert again[1]["Idempotent-Replayed"] == "true"


def test_a_blank_key_is_none(server):
    _, task = locked(server)
    path = f"/external-task/{task}/failure"

    answers = [
        server.call("POST", path, {"workerId": "w", "retries": left}, Idempotency_Key=key)
        for left, key in ((3, ""), (2, ""), (1, " "))
    ]

    assert answers == [(204, None)] * 3
    assert server.call("GET", f"/external-task/{task}")[1]["retries"] == 1


def test_a_failure_is_replayed_by_its_key_and_costs_one_retry(server):
    instance, task = locked(server)
    body = {"workerId": "w", "retries": 2, "retryTimeout": 60_000}

    answers = [
        server.call("POST", f"/external-task/{task}/failure", body, Idempotency_Key="f")[0]
        for _ in range(2)
    ]

    assert answers == [204, 204]
    path = f"/history/external-task-log/count?processInstanceId={instance}&failureLog=true"
    assert server.call("GET", path)[1] == {"count": 1}


def test_only_successes_are_kept(server):
    _, task = locked(server)

    refused = complete(server, task, {**BODY, "workerId": "other"}, Idempotency_Key="k")
    done = complete(server, task, Idempotency_Key="k")

    assert (refused[0], done[0]) == (400, 204)
    assert "Idempotent-Replayed" not in done[1]


def test_without_a_key_a_repeat_is_not_found(server):
    _, task = locked(server)

    assert complete(server, task)[0] == 204
    assert complete(server, task)[0] == 404


def test_without_a_key_an_identical_body_is_a_repeat_where_that_is_on(having):
    server = having(replay="auto")
    _, task = locked(server)

    first, again = complete(server, task), complete(server, task)
    other = complete(server, task, {"workerId": "w"})

    assert (first[0], again[0], other[0]) == (204, 204, 404)
    assert again[1]["Idempotent-Replayed"] == "true"


def test_a_twin_in_flight_waits_and_gets_the_replay(server):
    _, task = locked(server)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(complete(server, task, Idempotency_Key="k")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [status for status, _, _ in answers] == [204] * 4
    assert sum("Idempotent-Replayed" in headers for _, headers, _ in answers) == 3


def test_a_completion_killed_before_its_answer_is_repeated_with_success(serve, database_url):
    server = serve(database_url)
    _, task = locked(server)
    assert complete(server, task, Idempotency_Key="k")[0] == 204
    os.kill(server.process.pid, signal.SIGKILL)  # whoever got no answer cannot tell the difference
    server.process.wait()
    time.sleep(0.5)

    again = complete(serve(database_url), task, Idempotency_Key="k")

    assert again[0] == 204
    assert again[1]["Idempotent-Replayed"] == "true"


def test_a_lock_taken_anew_by_the_same_worker_refuses_the_old_token(server):
    server.deploy(TWO_TASKS)
    server.start("two")
    topics = [{"topicName": "check", "lockDuration": 60_000}]
    fetch = {"workerId": "w", "maxTasks": 1, "lockToken": True, "topics": topics}
    (task,) = server.call("POST", "/external-task/fetchAndLock", fetch)[1]
    path = f"/external-task/{task['id']}"

    lock = {"workerId": "w", "lockDuration": 60_000}
    new = server.raw("POST", f"{path}/lock", __import__("json").dumps(lock))[1]["Lock-Token"]
    old = server.call("POST", f"{path}/complete", {**BODY, "lockToken": task["lockToken"]})

    assert old[0] == 400
    assert old[1]["type"] == "RestException"
    assert "taken anew" in old[1]["message"]
    for name, body in (
        ("extendLock", {"workerId": "w", "newDuration": 1000}),
        ("failure", {"workerId": "w", "retries": 1}),
        ("bpmnError", {"workerId": "w", "errorCode": "x"}),
        ("unlock", {}),
    ):
        body["lockToken"] = int(task["lockToken"])  # a number is read as text
        assert server.call("POST", f"{path}/{name}", body)[0] == 400
        body["lockToken"] = task["lockToken"]
        assert server.call("POST", f"{path}/{name}", body)[0] == 400
    assert server.call("POST", f"{path}/complete", {**BODY, "lockToken": new})[0] == 204


def test_a_task_tells_no_token_that_nobody_asked_for(server):
    server.deploy(TWO_TASKS)
    server.start("two")

    (task,) = server.fetch("check")

    assert "lockToken" not in task


def test_strict_locks_refuse_what_comes_after_their_expiry(having):
    server = having(locks="strict")
    server.deploy(TWO_TASKS)
    server.start("two")
    (task,) = server.fetch("check", lockDuration=50)
    time.sleep(0.1)

    status, error = server.complete(task["id"], approved=True)

    assert (status, error["type"]) == (400, "RestException")
    assert "expired" in error["message"]
