"""History of batches, with the logs and the incidents of their jobs."""

import pytest

from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/>' + task("t", "bulk") + '<endEvent id="e"/>' + flows("s", "t", "e"), "bulk"
)


def make(server, ids, retries=7):
    body = {"retries": retries, "externalTaskIds": ids}
    return server.call("POST", "/external-task/retries-async", body)[1]


def jobs(server, batch, kind):
    return server.call("GET", f"/job?jobDefinitionId={batch[kind + 'JobDefinitionId']}")[1]


def run(server, batch, *kinds):
    for kind in kinds:
        for job in jobs(server, batch, kind):
            server.call("POST", f"/job/{job['id']}/execute")


def of_history(server, batch):
    return server.call("GET", f"/history/batch/{batch['id']}")[1]


@pytest.fixture
def tasks(server):
    """The ids of two tasks."""
    server.deploy(MODEL)
    for _ in range(2):
        server.start("bulk")
    return [found["id"] for found in server.call("GET", "/external-task")[1]]


def test_the_history_has_a_batch_from_its_start_to_its_end(server, tasks):
    batch = make(server, tasks)

    before = of_history(server, batch)
    run(server, batch, "seed")
    seeded = server.call("GET", f"/batch/{batch['id']}")[1]
    run(server, batch, "batch")
    worked = server.call("GET", f"/batch/{batch['id']}")[1]
    run(server, batch, "monitor")
    after = of_history(server, batch)

    assert before == {
        "id": batch["id"],
        "type": "set-external-task-retries",
        "totalJobs": 2,
        "batchJobsPerSeed": 100,
        "invocationsPerBatchJob": 1,
        "seedJobDefinitionId": batch["seedJobDefinitionId"],
        "monitorJobDefinitionId": batch["monitorJobDefinitionId"],
        "batchJobDefinitionId": batch["batchJobDefinitionId"],
        "tenantId": None,
        "createUserId": None,
        "startTime": batch["startTime"],
        "executionStartTime": None,
        "endTime": None,
        "removalTime": None,
    }
    assert seeded["executionStartTime"] is None
    assert worked["executionStartTime"] == after["executionStartTime"] is not None
    assert after["endTime"] is not None


def test_the_history_of_batches_is_listed_by_what_is_asked_for(server, tasks):
    done, open_ = make(server, tasks), make(server, tasks)
    run(server, done, "seed", "batch", "monitor")

    def found(query):
        return [b["id"] for b in server.call("GET", f"/history/batch?{query}")[1]]

    assert found("completed=true") == [done["id"]]
    assert found("completed=false") == [open_["id"]]
    assert found(f"batchId={done['id']}&type=other") == []
    assert found("sortBy=startTime&sortOrder=desc") == [open_["id"], done["id"]]
    assert server.call("GET", "/history/batch/count?withoutTenantId=true")[1] == {"count": 2}


def test_a_deleted_batch_keeps_its_history_unless_it_goes_as_well(server, tasks):
    kept, gone = make(server, tasks), make(server, tasks)

    server.call("DELETE", f"/batch/{kept['id']}")
    server.call("DELETE", f"/batch/{gone['id']}?cascade=true")

    assert of_history(server, kept)["endTime"] is not None
    assert server.call("GET", f"/history/batch/{gone['id']}") == (
        404,
        {
            "type": "InvalidRequestException",
            "message": f"Historic batch with id '{gone['id']}' does not exist",
            "code": None,
        },
    )
    assert server.call("DELETE", f"/history/batch/{kept['id']}")[0] == 204
    assert server.call("DELETE", f"/history/batch/{kept['id']}") == (
        400,
        {
            "type": "InvalidRequestException",
            "message": f"Unable to delete historic batch with id '{kept['id']}'",
            "code": 0,
        },
    )


def test_a_job_of_a_batch_without_retries_has_an_incident_until_it_succeeds(server, tasks):
    batch = make(server, ["nobody"])
    run(server, batch, "seed")
    (job,) = jobs(server, batch, "batch")
    server.call("PUT", f"/job/{job['id']}/retries", {"retries": 1})

    run(server, batch, "batch")

    (incident,) = server.call("GET", "/incident")[1]
    assert incident["configuration"] == job["id"]
    assert incident["jobDefinitionId"] == batch["batchJobDefinitionId"]
    assert incident["processInstanceId"] is None
    assert incident["incidentMessage"].startswith("Cannot find external task")
    statistics = server.call("GET", "/batch/statistics?withFailures=true")[1]
    assert [b["failedJobs"] for b in statistics] == [1]
    server.call("PUT", f"/job/{job['id']}/retries", {"retries": 1})
    assert server.call("GET", "/incident")[1] == []


def test_the_incidents_of_a_deleted_batch_go_and_are_deleted_in_the_history(server, tasks):
    batch = make(server, ["nobody"])
    run(server, batch, "seed")
    (job,) = jobs(server, batch, "batch")
    server.call("PUT", f"/job/{job['id']}/retries", {"retries": 0})

    server.call("DELETE", f"/batch/{batch['id']}")

    assert server.call("GET", "/incident")[1] == []
    (old,) = server.call("GET", "/history/incident")[1]
    assert (old["deleted"], old["open"]) == (True, False)
    server.call("DELETE", f"/history/batch/{batch['id']}")
    assert server.call("GET", "/history/incident")[1] == []


def test_a_monitor_that_comes_too_early_looks_again_later(server, tasks):
    batch = make(server, tasks)
    run(server, batch, "seed")
    (first,) = jobs(server, batch, "monitor")

    run(server, batch, "monitor")

    (again,) = jobs(server, batch, "monitor")
    assert again["id"] == first["id"]
    assert (first["dueDate"], again["dueDate"] is None) == (None, False)
    run(server, batch, "batch", "monitor")
    assert server.call("GET", "/batch/count")[1] == {"count": 0}
    assert server.call("GET", "/job/count")[1] == {"count": 0}


def test_a_batch_of_more_jobs_than_a_seed_makes_is_seeded_in_steps(server, tasks):
    batch = make(server, [f"task {number}" for number in range(1250)])

    created = []
    while jobs(server, batch, "seed"):
        run(server, batch, "seed")
        (view,) = server.call("GET", f"/batch/statistics?batchId={batch['id']}")[1]
        created.append(view["jobsCreated"])

    assert created == [*range(100, 1201, 100), 1250]
    assert view["remainingJobs"] == 1250
    assert len(jobs(server, batch, "monitor")) == 1
