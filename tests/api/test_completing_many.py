"""Many tasks completed by one request, and the next task in the answer to a complete."""

import pytest

from app.errors import UnavailableError
from app.store.connections.pool import Pool
from tests.models import MANY, TWO_TASKS, flow, flows, process, task

STUCK = process(
    '<startEvent id="s"/><parallelGateway id="f"/>'
    + task("good")
    + task("bad")
    + '<exclusiveGateway id="x"/><endEvent id="e"/><endEvent id="o"/>'
    + flows("s", "f", "good", "e")
    + flows("f", "bad", "x")
    + flow("x", "e", "${unknown}")
    + flow("x", "o", "${unknown}"),
    "stuck",
)
APPROVED = {"approved": {"value": True}}


def fetched(api, *topics, most=10):
    wanted = [{"topicName": topic, "lockDuration": 60_000} for topic in topics]
    body = {"workerId": "w", "maxTasks": most, "topics": wanted}
    return [found["id"] for found in api.post("/external-task/fetchAndLock", body)]


def completed(api, *tasks, **more):
    body = {"workerId": "w", "tasks": list(tasks), **more}
    return api.post("/external-task/complete", body)


def next_of(topic, **more):
    return {"topics": [{"topicName": topic, "lockDuration": 60_000}], **more}


def test_each_task_has_the_result_that_it_would_have_alone(api):
    api.deploy(TWO_TASKS)
    for _ in range(3):
        api.start("two")
    mine, other, twice = fetched(api, "check")
    api.post(f"/external-task/{other}/unlock")
    alone = [
        api.call("POST", f"/external-task/{name}/complete", {"workerId": "w"})
        for name in ("nobody", other)
    ]

    tasks = [
        {"id": mine, "variables": APPROVED},
        {"id": "nobody"},
        {"id": other},
        {"id": twice, "variables": {"approved": {"value": False}}},
        {"id": twice},
    ]
    results = completed(api, *tasks)["results"]

    assert [result["id"] for result in results] == [t["id"] for t in tasks]
    assert [result["status"] for result in results] == [204, 404, 400, 204, 404]
    assert [(r["status"], r["error"]) for r in results[1:3]] == alone
    assert results[0]["error"] is None
    assert len(fetched(api, "ship")) == 1


def test_the_tasks_of_one_instance_see_what_those_before_have_changed(api):
    api.deploy(MANY)
    instance = api.start("many", n=4)
    tasks = [{"id": found, "variables": {"v": {"value": found}}} for found in fetched(api, "each")]

    results = completed(api, *tasks)["results"]

    assert {result["status"] for result in results} == {204}
    ended = api.get(f"/history/process-instance/{instance}")
    assert ended["state"] == "COMPLETED"
    # one variable, which was set anew by each
    (kept,) = api.get(f"/history/variable-instance?processInstanceId={instance}&variableName=v")
    assert kept["value"] == tasks[-1]["id"]
    details = f"/history/detail?processInstanceId={instance}&variableUpdates=true"
    values = [detail["value"] for detail in api.get(details) if detail["variableName"] == "v"]
    assert sorted(values) == sorted(one["id"] for one in tasks)


def test_a_task_that_fails_takes_no_other_of_its_instance_along(api):
    api.deploy(STUCK)
    instance = api.start("stuck")
    good, bad = fetched(api, "good")[0], fetched(api, "bad")[0]

    results = completed(api, {"id": bad}, {"id": good})["results"]

    assert [result["status"] for result in results] == [500, 204]
    assert "unknown" in results[0]["error"]["message"]
    left = api.get(f"/external-task?processInstanceId={instance}")
    assert [found["id"] for found in left] == [bad]


def test_what_was_done_with_a_key_is_not_done_again(api, client):
    api.deploy(TWO_TASKS)
    api.start("two")
    (found,) = fetched(api, "check")
    body = {"workerId": "w", "tasks": [{"id": found, "variables": APPROVED}]}

    answers = [
        client.post(
            "/engine-rest/external-task/complete", json=body, headers={"Idempotency-Key": "k"}
        ).get_json()["results"][0]
        for _ in range(2)
    ]

    assert [(a["status"], a["repeated"]) for a in answers] == [(204, False), (204, True)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"tasks": [{"id": "t"}]}, 500),  # no worker, as of one task
        ({"workerId": "w", "tasks": [None]}, 400),
        ({"workerId": "w", "tasks": [{}]}, 400),
        ({"workerId": "w", "tasks": [{"id": "t"}] * 1_001}, 400),
        ({"workerId": "w", "tasks": [{"id": "t", "variables": {"a": {"type": "No"}}}]}, 400),
        ({"workerId": "w", "tasks": [], "fetchNext": {"topics": [{"topicName": "t"}]}}, 500),
    ],
)
def test_a_body_that_cannot_be_is_refused_as_a_whole(api, body, status):
    found, answer = api.call("POST", "/external-task/complete", body)

    assert found == status
    assert answer["message"] is not None


def test_no_tasks_have_no_results(api):
    assert api.post("/external-task/complete", {"workerId": "w"}) == {"results": []}


def test_the_next_task_comes_with_the_answer(api):
    api.deploy(TWO_TASKS)
    instances = {api.start("two"), api.start("two")}
    (found,) = fetched(api, "check", most=1)
    mine = api.get(f"/external-task/{found}")["processInstanceId"]

    body = {"workerId": "w", "variables": APPROVED, "fetchNext": next_of("check")}
    status, (following,) = api.call("POST", f"/external-task/{found}/complete", body)

    assert status == 200
    assert {following["processInstanceId"]} == instances - {mine}
    assert following["workerId"] == "w"
    assert following["topicName"] == "check"
    assert api.get(f"/external-task/{following['id']}")["lockExpirationTime"] is not None


def test_the_task_that_the_complete_has_made_may_be_the_next(api):
    api.deploy(TWO_TASKS)
    api.start("two")
    (found,) = fetched(api, "check")

    answer = completed(
        api, {"id": found, "variables": APPROVED}, fetchNext=next_of("ship", lockToken=True)
    )

    assert [result["status"] for result in answer["results"]] == [204]
    (following,) = answer["next"]
    assert (following["topicName"], following["lockToken"]) == ("ship", "1")
    assert following["variables"]["approved"]["value"] is True


def test_nothing_is_next_where_nothing_is_there(api):
    api.deploy(TWO_TASKS)
    api.start("two")
    (found,) = fetched(api, "check")

    body = {"workerId": "w", "variables": APPROVED, "fetchNext": next_of("nothing")}

    assert api.call("POST", f"/external-task/{found}/complete", body) == (200, [])


def test_a_next_fetch_that_would_fail_completes_nothing(api):
    api.deploy(TWO_TASKS)
    api.start("two")
    (found,) = fetched(api, "check")

    body = {"workerId": "w", "fetchNext": {"topics": [{"topicName": "check"}]}}
    status, answer = api.call("POST", f"/external-task/{found}/complete", body)

    assert (status, answer["message"]) == (500, "lockTime is not greater than 0")
    assert api.get(f"/external-task/{found}")["id"] == found


def test_without_it_a_complete_is_answered_as_ever(api):
    api.deploy(TWO_TASKS)
    api.start("two")
    (found,) = fetched(api, "check")

    body = {"workerId": "w", "variables": APPROVED, "fetchNext": None}

    assert api.call("POST", f"/external-task/{found}/complete", body) == (204, b"")


class Leaving(Pool):
    """The connections to a database that is gone after some have been taken.

    Attributes:
        vain: how often one was asked for since.
    """

    def __init__(self, pool, left):
        super().__init__(pool._connect, pool.size, pool.timeout)
        self.left, self.vain = left, 0

    def take(self):
        if not self.left:
            self.vain += 1
            raise UnavailableError("The database cannot be reached")
        self.left -= 1
        return super().take()


@pytest.mark.no_database
@pytest.mark.parametrize("model", [MANY, TWO_TASKS], ids=["together", "apart"])
def test_a_database_that_is_away_is_not_waited_for_once_for_each_task(api, store, model):
    api.deploy(model)
    starts = 1 if model is MANY else 5
    for _ in range(starts):
        api.start("many" if model is MANY else "two", n=5, approved=False)
    tasks = [{"id": name} for name in fetched(api, "each", "check")]
    store.pool.close()
    store.pool = Leaving(store.pool, left=1 if model is MANY else 2)  # the first is a look

    results = completed(api, *tasks)["results"]

    assert [result["id"] for result in results] == [task["id"] for task in tasks]
    done = 0 if model is MANY else 1
    assert [result["status"] for result in results] == [204] * done + [503] * (5 - done)
    assert store.pool.vain == 1
    store.pool.left = 10
    assert (
        sorted({result["status"] for result in completed(api, *tasks)["results"]})
        == [
            204,
            404,
        ][: done + 1]
    )


@pytest.mark.no_database
def test_a_poll_whose_time_is_up_while_the_database_is_away_is_no_empty_list(client, store):
    store.pool.close()
    store.pool = Leaving(store.pool, left=1)  # of its first look

    topics = [{"topicName": "check", "lockDuration": 60_000}]
    body = {"workerId": "w", "maxTasks": 1, "asyncResponseTimeout": 1, "topics": topics}
    answer = client.post("/engine-rest/external-task/fetchAndLock", json=body)

    assert answer.status_code == 503
    assert answer.get_json()["type"] == "ServiceUnavailableException"
    assert "Retry-After" in answer.headers


@pytest.mark.no_database
def test_a_complete_is_answered_when_its_wait_ends_while_the_database_is_away(api, store):
    api.deploy(TWO_TASKS)
    api.start("two")
    (found,) = fetched(api, "check")
    store.pool.close()
    store.pool = Leaving(store.pool, left=2)  # of the complete, and of the first look

    body = {
        "workerId": "w",
        "variables": APPROVED,
        "fetchNext": next_of("nothing", asyncResponseTimeout=1),
    }
    answer = api.call("POST", f"/external-task/{found}/complete", body)

    assert answer == (200, [])
    assert store.pool.vain == 1
