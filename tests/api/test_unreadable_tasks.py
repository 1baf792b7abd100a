"""A task with a variable that cannot be read keeps no other task of its topic back."""

import pytest

from tests.models import flow, process, task

from .calling import Caller

MODEL = process('<startEvent id="s"/>' + task("work") + flow("s", "work"))


@pytest.fixture
def api(client):
    found = Caller(client)
    found.deploy(MODEL)
    return found


def start(api, text, **options):
    variable = {"value": text, "type": "Json"}
    body = {"variables": {"j": variable}, **options}
    return api.post("/process-definition/key/p/start", body)["id"]


def fetch(api, most=1, **options):
    topic = {"topicName": "work", "lockDuration": 60_000, "deserializeValues": True, **options}
    body = {"workerId": "w", "maxTasks": most, "topics": [topic]}
    status, answer = api.call("POST", "/external-task/fetchAndLock", body)
    return status, [found["processInstanceId"] for found in answer] if status == 200 else answer


@pytest.mark.parametrize("most", [1, 2, 10])
def test_the_tasks_behind_it_are_handed_out_and_it_is_never_locked(api, most):
    broken = start(api, "{")
    sound = [start(api, "{}") for _ in range(3)]

    answers = [fetch(api, most) for _ in range(5)]

    assert answers[0][0] == 500
    assert sorted(i for status, found in answers if status == 200 for i in found) == sound
    assert api.count("/external-task?notLocked=true") == 1
    assert api.get("/external-task?notLocked=true")[0]["processInstanceId"] == broken


def test_a_fetch_that_finds_no_other_task_says_what_is_wrong(api):
    start(api, "{")

    answers = [fetch(api) for _ in range(3)]

    assert [status for status, _ in answers] == [500, 500, 500]
    assert "Cannot deserialize object in variable 'j'" in answers[2][1]["message"]


def test_it_is_handed_out_as_text_and_once_its_variable_is_mended(api):
    broken = start(api, "{")
    fetch(api)
    assert fetch(api, variables=[]) == (200, [broken])
    (found,) = api.get("/external-task")
    api.call("POST", f"/external-task/{found['id']}/unlock")

    mended = {"value": "{}", "type": "Json"}
    api.call("PUT", f"/process-instance/{broken}/variables/j", mended)

    assert fetch(api) == (200, [broken])
