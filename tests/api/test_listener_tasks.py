"""Listeners that a worker does, over HTTP: fetched and completed as any external task."""

import pytest

from app import create_app
from app.runtime import Baton, store_of
from config import Config
from tests.models import flow, process, task

from .calling import Caller

LISTENER = (
    '<extensionElements><camunda:executionListener event="{}" class="org.X"/></extensionElements>'
)
MODEL = process(
    '<startEvent id="s"/><parallelGateway id="g"/>'
    + task("a", inner=LISTENER.format("start"))
    + task("b")
    + f'<sequenceFlow id="f" sourceRef="g" targetRef="a">{LISTENER.format("take")}</sequenceFlow>'
    + flow("s", "g")
    + flow("g", "b")
)


@pytest.fixture
def api(database_url):
    config = Config(database_url=database_url, has_job_executor=False, delegates={"org.X": "told"})
    app = create_app(config)
    baton = Baton(store_of(config))
    app.extensions["baton"], app.config["BATON"] = baton, config
    yield Caller(app.test_client())
    baton.store.close()


def complete(api, topic):
    body = {"workerId": "w", "maxTasks": 5, "topics": [{"topicName": topic, "lockDuration": 60000}]}
    (found,) = api.post("/external-task/fetchAndLock", body)
    api.post(f"/external-task/{found['id']}/complete", {"workerId": "w"})
    return found["activityId"]


def test_a_worker_does_the_listeners_in_their_turn(api):
    api.deploy(MODEL)
    instance = api.start("p")

    tree = api.get(f"/process-instance/{instance}/activity-instances")
    assert [t["activityId"] for t in tree["childTransitionInstances"]] == ["g"]
    assert complete(api, "b") == "b"  # the token that is left is folded into its scope
    assert [complete(api, topic) for topic in ("told", "told", "a")] == ["g", "a", "a"]

    assert api.get(f"/history/process-instance/{instance}")["state"] == "COMPLETED"
    assert api.get("/variable-instance") == api.get("/external-task") == []
