"""Operation of an installation after the takeover."""

import pytest

from app.takeover.cli import main

from . import loading
from .conftest import served

pytestmark = pytest.mark.slow
NIGHTLY = "takeover--takeover-nightly-job-fails-after-04"
BATCH = "takeover--takeover-batch-half-done-after-12"
ORDER = "takeover--takeover-order-half-joined-after-05"
VALUES = "takeover--takeover-values-of-all-types-after-01"


@pytest.fixture
def moved(source, empty_url):
    """Takes some cuts over, changed before; an API over what came of it."""
    services = []

    def take(*names, change=None, status=0):
        url = source(*(loading.data("cuts")[name]["dump"] for name in names))
        if change is not None:
            change(url)
        assert main([url, "--to", empty_url]) == status
        services.append(served(empty_url))
        return services[-1].__enter__()

    yield take
    for service in services:
        service.__exit__(None, None, None)


def test_new_jobs_are_of_the_job_definitions_that_came_along(moved, change):
    def suspend(url):
        change(url, "UPDATE act_ru_jobdef SET suspension_state_ = 2, job_priority_ = 33")

    api = moved(NIGHTLY, change=suspend)
    definition = api.call("GET", "/process-definition?latestVersion=true")[1][0]
    started = api.call("POST", f"/process-definition/{definition['id']}/start", {})[1]

    job = api.call("GET", f"/job?processInstanceId={started['id']}")[1][0]

    known = {d["id"]: d for d in api.call("GET", "/job-definition")[1]}
    assert known[job["jobDefinitionId"]]["processDefinitionId"] == definition["id"]
    assert len(known) == len(known.keys() - {d for d in known if d.startswith(definition["id"])})
    assert (job["suspended"], job["priority"]) == (True, 33)


def test_a_batch_goes_on_where_it_was(moved):
    api = moved(BATCH)
    batch = api.call("GET", "/batch/statistics")[1][0]

    for job in jobs_of(api, batch):
        api.call("POST", f"/job/{job['id']}/execute")
    left = api.call("GET", f"/batch/statistics?batchId={batch['id']}")[1]

    assert batch["remainingJobs"] > 0
    assert not left or left[0]["remainingJobs"] == 0


def jobs_of(api, batch):
    """The jobs of a batch until there are none but what ends it."""
    seen = set()
    while True:
        listed = api.call("GET", f"/job?jobDefinitionId={batch['batchJobDefinitionId']}")[1]
        found = [job for job in listed if job["id"] not in seen]
        if not found:
            return
        seen.update(job["id"] for job in found)
        yield from found


def test_a_variable_that_came_along_with_a_number_as_its_id_has_details_of_its_own(moved, change):
    def number(url):
        change(
            url,
            "CREATE TABLE numbers AS SELECT id_ AS old, (4000 + row_number() OVER ())::text AS new "
            "FROM act_ru_variable",
            "UPDATE act_ru_variable SET id_ = new FROM numbers WHERE id_ = old",
            "UPDATE act_hi_varinst SET id_ = new FROM numbers WHERE id_ = old",
            "UPDATE act_hi_detail SET var_inst_id_ = new FROM numbers WHERE var_inst_id_ = old",
        )

    api = moved(VALUES, change=number)
    instance = api.call("GET", "/process-instance")[1][0]["id"]
    for value in (1, 2, 3):
        for name in ("number", "text"):
            body = {"value": value, "type": "Integer"}
            path = f"/process-instance/{instance}/variables/{name}"
            assert api.call("PUT", path, body)[0] == 204

    details = api.call("GET", f"/history/detail?processInstanceId={instance}")[1]

    ids = [detail["id"] for detail in details]
    assert len(set(ids)) == len(ids)
    assert sum(detail["variableName"] == "number" for detail in details) == 4
    for found in ids:
        assert api.call("GET", f"/history/detail/{found}")[0] == 200


def test_a_definition_that_cannot_run_is_there_and_its_start_is_refused(moved, change):
    def break_it(url):
        change(
            url,
            "DELETE FROM act_ru_execution",
            *(f"DELETE FROM act_ru_{name}" for name in ("variable", "ext_task", "task", "job")),
            "UPDATE act_ge_bytearray SET bytes_ = convert_to(replace(convert_from(bytes_, 'UTF8'), "
            "'parallelGateway', 'complexGateway'), 'UTF8') WHERE deployment_id_ IS NOT NULL",
        )

    api = moved(ORDER, change=break_it, status=0)
    definition = api.call("GET", "/process-definition")[1][0]["id"]

    assert (
        "complexGateway" in api.call("GET", f"/process-definition/{definition}/xml")[1]["bpmn20Xml"]
    )
    status, answer = api.call("POST", f"/process-definition/{definition}/start", {})
    assert 400 <= status < 600
    assert answer["type"] != "InternalServerError"
