"""Batches: the retries of many tasks, set by jobs."""

import time

import pytest

from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/>' + task("t", "bulk") + '<endEvent id="e"/>' + flows("s", "t", "e"), "bulk"
)


@pytest.fixture
def tasks(server):
    """The ids of three tasks."""
    server.deploy(MODEL)
    for _ in range(3):
        server.start("bulk")
    return [found["id"] for found in server.call("GET", "/external-task")[1]]


def make(server, ids, retries=7):
    body = {"retries": retries, "externalTaskIds": ids}
    return server.call("POST", "/external-task/retries-async", body)


def jobs(server, definition_id):
    return server.call("GET", f"/job?jobDefinitionId={definition_id}")[1]


def execute(server, found):
    return [server.call("POST", f"/job/{job['id']}/execute")[0] for job in found]


def retries(server):
    return [found["retries"] for found in server.call("GET", "/external-task")[1]]


def test_a_batch_is_answered_as_the_reference_engine_does(server, tasks):
    status, batch = make(server, tasks)

    assert status == 200
    assert (batch["type"], batch["totalJobs"], batch["jobsCreated"]) == (
        "set-external-task-retries",
        3,
        0,
    )
    assert (batch["batchJobsPerSeed"], batch["invocationsPerBatchJob"]) == (100, 1)
    assert batch["executionStartTime"] is None
    assert server.call("GET", f"/batch/{batch['id']}")[1] == batch
    assert server.call("GET", "/batch/count")[1] == {"count": 1}


def test_seed_jobs_and_monitor_run_a_batch_to_its_end(server, tasks):
    _, batch = make(server, tasks)

    assert execute(server, jobs(server, batch["seedJobDefinitionId"])) == [204]
    (half,) = server.call("GET", f"/batch/statistics?batchId={batch['id']}")[1]
    assert (half["jobsCreated"], half["remainingJobs"], half["completedJobs"]) == (3, 3, 0)
    assert execute(server, jobs(server, batch["batchJobDefinitionId"])) == [204, 204, 204]
    assert execute(server, jobs(server, batch["monitorJobDefinitionId"])) == [204]

    assert retries(server) == [7, 7, 7]
    assert server.call("GET", f"/batch/{batch['id']}")[0] == 404
    assert server.call("GET", "/job/count")[1] == {"count": 0}


def test_the_executor_runs_a_batch_by_itself(serve, database_url):
    server = serve(database_url, BATON_JOB_EXECUTOR="on")
    server.deploy(MODEL)
    for _ in range(130):
        server.start("bulk")
    query = {"retries": 4, "externalTaskQuery": {"topicName": "bulk"}}

    status, batch = server.call("POST", "/external-task/retries-async", query)

    assert (status, batch["totalJobs"]) == (200, 130)
    deadline = time.monotonic() + 300
    while server.call("GET", f"/batch/{batch['id']}")[0] != 404:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert set(retries(server)) == {4}


def test_an_unknown_task_fails_its_job_and_keeps_the_batch(server, tasks):
    _, batch = make(server, [*tasks[:1], "nobody"])
    execute(server, jobs(server, batch["seedJobDefinitionId"]))

    done = sorted(execute(server, jobs(server, batch["batchJobDefinitionId"])))

    assert done == [204, 404]
    (left,) = jobs(server, batch["batchJobDefinitionId"])
    assert (left["retries"], left["batchId"]) == (2, batch["id"])
    assert left["exceptionMessage"].startswith("Cannot find external task with id nobody")
    execute(server, jobs(server, batch["monitorJobDefinitionId"]))
    (later,) = jobs(server, batch["monitorJobDefinitionId"])
    assert later["dueDate"] is not None


def test_negative_retries_are_found_out_by_the_jobs(server, tasks):
    status, batch = make(server, tasks[:1], retries=-1)
    execute(server, jobs(server, batch["seedJobDefinitionId"]))

    assert status == 200
    assert execute(server, jobs(server, batch["batchJobDefinitionId"])) == [404]
    assert retries(server) == [None, None, None]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"externalTaskIds": ["x"]}, "The number of retries cannot be null."),
        ({"retries": 1}, "externalTaskIds is empty"),
        (
            {"retries": 1, "externalTaskIds": [None]},
            "External task id cannot be null: externalTaskIds contains null value",
        ),
    ],
)
def test_a_selection_that_cannot_be_worked_on_is_refused(server, body, message):
    status, answer = server.call("POST", "/external-task/retries-async", body)

    assert status == 400
    assert answer == {"type": "InvalidRequestException", "message": message, "code": None}


def test_a_batch_can_be_suspended_and_deleted(server, tasks):
    _, batch = make(server, tasks)
    path = f"/batch/{batch['id']}"

    assert server.call("PUT", f"{path}/suspended", {"suspended": True})[0] == 204
    assert server.call("GET", "/batch/count?suspended=true")[1] == {"count": 1}
    assert server.call("GET", "/batch/count?suspended=false")[1] == {"count": 0}
    assert [j["suspended"] for j in jobs(server, batch["seedJobDefinitionId"])] == [True]
    assert server.call("DELETE", path)[0] == 204

    assert server.call("GET", "/job/count")[1] == {"count": 0}
    assert server.call("DELETE", path)[0] == 400


def test_an_unknown_batch_cannot_be_suspended_activated_or_deleted(server):
    answers = [
        server.call("PUT", "/batch/none/suspended", {"suspended": True}),
        server.call("PUT", "/batch/none/suspended", {"suspended": False}),
        server.call("DELETE", "/batch/none"),
    ]

    assert answers == [
        (
            400,
            {
                "type": "InvalidRequestException",
                "message": f"Unable to {verb} batch with id 'none'",
                "code": 0,
            },
        )
        for verb in ("suspend", "activate", "delete")
    ]
