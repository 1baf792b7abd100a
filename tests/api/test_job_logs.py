"""The log of jobs: executed jobs of instances, and the failure behind an incident."""

import pytest

from tests.models import flows, process

from .calling import Caller

ASYNC = process(
    '<startEvent id="start"/><serviceTask id="work" camunda:asyncBefore="true" '
    'camunda:expression="${amount + 1}"/><userTask id="rest"/><endEvent id="end"/>'
    + flows("start", "work", "rest", "end"),
    "later",
)
PAST, FUTURE = "2000-01-01T00:00:00.000+0000", "2999-01-01T00:00:00.000+0000"


@pytest.fixture
def api(client):
    api = Caller(client)
    api.deploy(ASYNC)
    return api


def fail(api, instance, times=1):
    """Let the job of an instance fail; returns its id."""
    (job,) = api.get(f"/job?processInstanceId={instance}")
    for _ in range(times):
        assert api.call("POST", f"/job/{job['id']}/execute")[0] == 404
    return job["id"]


def test_an_instance_is_found_by_when_something_happened_to_its_jobs(api):
    api.start("later", amount=1)

    for filters, count in (
        ({"executedJobAfter": PAST}, 1),
        ({"executedJobBefore": FUTURE}, 1),
        ({"executedJobAfter": PAST, "executedJobBefore": FUTURE}, 1),
        ({"executedJobAfter": FUTURE}, 0),
        ({"executedJobBefore": PAST}, 0),
    ):
        assert api.count("/history/process-instance", filters) == count, filters


def test_retrying_is_a_job_that_has_failed_and_has_retries_left(api):
    failing, fine = api.start("later"), api.start("later", amount=1)
    wanted = {"withJobsRetrying": True}
    assert api.count("/history/process-instance", wanted) == 0

    fail(api, failing)

    (found,) = api.post("/history/process-instance", wanted)
    assert found["id"] == failing
    assert fine != failing
    fail(api, failing, times=2)
    assert api.count("/history/process-instance", wanted) == 0


def test_an_incident_in_the_history_names_the_entry_of_the_failure(api, client):
    job = fail(api, api.start("later"), times=3)

    (incident,) = api.get("/history/incident")
    entry = incident["historyConfiguration"]

    assert incident["configuration"] == job
    assert entry is not None
    assert api.get(f"/history/incident/count?historyConfiguration={entry}")["count"] == 1
    assert api.get(f"/history/incident/count?historyConfiguration={job}")["count"] == 0


def test_the_log_of_an_instance_goes_with_its_history(api, store):
    instance = api.start("later", amount=1)
    (job,) = api.get("/job")
    api.post(f"/job/{job['id']}/execute")
    assert api.call("DELETE", f"/process-instance/{instance}")[0] == 204

    assert api.call("DELETE", f"/history/process-instance/{instance}")[0] == 204

    with store.reading() as connection:
        for table in ("historic_job_log", "historic_identity_link"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0
