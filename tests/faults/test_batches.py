"""A batch whose processes are killed goes on where it was, and does each part once."""

import time

from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/>' + task("t") + '<endEvent id="e"/>' + flows("s", "t", "e"), "bulk"
)
COUNT = 250  # more than two seed jobs make


def until(server, condition, seconds=240):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, server.log[-2000:]
        time.sleep(0.05)


def statistics(server):
    found = server.call("GET", "/batch/statistics")[1]
    return found[0] if found else None


def test_a_batch_survives_that_its_process_is_killed(serve, database_url):
    server = serve(database_url, BATON_JOB_EXECUTOR="on", BATON_JOB_LOCK_SECONDS="1")
    server.deploy(MODEL)
    instances = [server.start("bulk") for _ in range(COUNT)]
    body = {"processInstanceIds": instances, "variables": {"n": {"value": 1}}}
    _, batch = server.call("POST", "/process-instance/variables-async", body)

    kills = 0
    for done in (1, COUNT // 3, COUNT // 2):

        def has_come_far(done=done):
            found = statistics(server)
            return found is None or found["completedJobs"] >= done

        until(server, has_come_far)
        kills += statistics(server) is not None
        server.kill()
        server.launch()
    until(server, lambda: statistics(server) is None)

    assert kills, "the batch was done before anything was killed"
    old = server.call("GET", f"/history/batch/{batch['id']}")[1]
    assert (old["totalJobs"], old["endTime"] is None) == (COUNT, False)
    count = server.call("GET", "/variable-instance/count?variableName=n")[1]
    assert count == {"count": COUNT}
    # each part was done once: none was set a second time
    assert server.call("GET", "/history/detail/count?variableUpdates=true")[1] == {"count": COUNT}
    assert server.call("GET", "/job/count")[1] == {"count": 0}
    assert server.call("GET", "/incident/count")[1] == {"count": 0}
