"""Suspending jobs: one, and those of an instance or of a definition."""

import pytest

from tests.models import flow, flows, process

TIMERS = process(
    '<startEvent id="start"/><parallelGateway id="fork"/>'
    + "".join(
        f'<intermediateCatchEvent id="{name}"><timerEventDefinition><timeDuration>PT1H'
        "</timeDuration></timerEventDefinition></intermediateCatchEvent>"
        for name in ("soon", "later")
    )
    + '<endEvent id="end"/>'
    + flow("start", "fork")
    + "".join(flows("fork", name, "end") for name in ("soon", "later")),
    "timers",
)
SELECTORS = "jobId, jobDefinitionId, processInstanceId, processDefinitionId or processDefinitionKey"


@pytest.fixture
def jobs(api):
    """Two jobs of each of two instances, and of one of a tenant."""
    api.deploy(TIMERS)
    api.deploy(TIMERS, **{"tenant-id": "blue"})
    for path in ("", "", "/tenant-id/blue"):
        api.post(f"/process-definition/key/timers{path}/start")
    return api.get("/job?sortBy=tenantId&sortOrder=desc")


def suspend(api, suspended=True, **selectors):
    return api.call("PUT", "/job/suspended", {"suspended": suspended, **selectors})


@pytest.mark.parametrize(
    ("selectors", "count"),
    [
        ({"processInstanceId": 1}, 2),
        ({"processDefinitionId": 1}, 4),
        ({"jobDefinitionId": 1}, 2),
        ({"processDefinitionKey": 1}, 6),
        ({"processDefinitionKey": 1, "processDefinitionTenantId": "blue"}, 2),
        ({"processDefinitionKey": 1, "processDefinitionWithoutTenantId": True}, 4),
    ],
)
def test_jobs_are_suspended_in_groups(api, jobs, selectors, count):
    own = next(job for job in jobs if job["tenantId"] is None)
    wanted = {
        name: own[name] if value == 1 and name in own else value
        for name, value in selectors.items()
    }

    assert suspend(api, **wanted) == (204, b"")
    assert api.count("/job?suspended=true") == count
    assert suspend(api, False, **wanted) == (204, b"")
    assert api.count("/job?suspended=true") == 0


def test_one_job_is_suspended_by_its_path(api, jobs):
    path = f"/job/{jobs[0]['id']}/suspended"

    assert api.call("PUT", path, {"suspended": True}) == (204, b"")

    assert [job["id"] for job in api.get("/job?suspended=true")] == [jobs[0]["id"]]
    assert api.call("PUT", "/job/none/suspended", {"suspended": True}) == (204, b"")


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("", {}, f"Either {SELECTORS} should be set to update the suspension state."),
        (
            "",
            {"processInstanceId": "a", "processDefinitionId": "b"},
            f"Only one of {SELECTORS} should be set to update the suspension state.",
        ),
        (
            "/none",
            {"processInstanceId": "a"},
            f"Only one of {SELECTORS} should be set to update the suspension state.",
        ),
        (
            "",
            {"jobId": "a"},
            "Either jobDefinitionId, processInstanceId, processDefinitionId or "
            "processDefinitionKey can be set to update the suspension state.",
        ),
    ],
)
def test_a_suspension_of_jobs_names_one_thing(api, path, body, message):
    answer = {"type": "InvalidRequestException", "message": message, "code": None}

    assert api.call("PUT", f"/job{path}/suspended", body) == (400, answer)


def minutes_moved(api, cycle, moves):
    """By how many minutes of an hour a cycle is off after its due date was moved."""
    boundary = (
        '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition>'
        f"<timeCycle>{cycle}</timeCycle></timerEventDefinition></boundaryEvent>"
    )
    start = '<startEvent id="s"/><userTask id="t"/><task id="r"/>'
    api.deploy(process(start + boundary + flow("s", "t") + flow("b", "r"), "cycle"))
    api.start("cycle")
    for minute, cascade in moves:
        (job,) = api.get("/job")
        body = {"duedate": f"2040-01-01T00:{minute:02}:00.000+0000", **cascade}
        assert api.call("PUT", f"/job/{job['id']}/duedate", body) == (204, b"")
        api.post(f"/job/{job['id']}/execute")
    (job,) = api.get("/job")
    return int(job["dueDate"][14:16])


@pytest.mark.parametrize("cycle", ["R/2020-01-01T00:00:00/PT1H", "0 0 * * * ?"])
@pytest.mark.parametrize(
    ("moves", "minutes"),
    [
        ([(15, {"cascade": True})], 15),
        ([(15, {"cascade": True}), (20, {"cascade": True})], 20),
        ([(15, {"cascade": False})], 0),
        ([(15, {})], 0),
        ([(15, {"cascade": True}), (20, {})], 15),
    ],
)
def test_a_moved_due_date_moves_the_later_firings_when_it_cascades(api, cycle, moves, minutes):
    assert minutes_moved(api, cycle, moves) == minutes


def test_cascade_is_a_boolean_and_needs_no_due_date(api, jobs):
    path = f"/job/{jobs[0]['id']}/duedate"

    assert api.call("PUT", path, {"cascade": "maybe"})[0] == 400
    assert api.call("PUT", path, {"cascade": True}) == (204, b"")
    assert api.get(f"/job/{jobs[0]['id']}")["dueDate"] is None
