"""Log lines, ids and metrics of requests."""

import json
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from app import logging
from app.api import observing
from app.api.exposition import MOST_TOPICS, by_topic
from app.services.gauges import Tasks
from config import Config
from tests.models import TWO_TASKS, flows, process

TRACE = f"00-{'4bf92f3577b34da6' * 2}-00f067aa0ba902b7-01"


@pytest.fixture
def logged(app, capfd, monkeypatch):
    """The lines of requests so far, as JSON."""
    monkeypatch.setattr(app.observer, "_logs_requests", True)
    monkeypatch.setattr(logging, "_form", "json")

    def lines():
        return [json.loads(line) for line in capfd.readouterr().err.splitlines()]

    return lines


DONE = json.dumps({"workerId": "w", "variables": {"approved": {"value": True}}})


def scraped(client):
    """The values of the metrics, by name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            key = (sample.name, *sorted(sample.labels.values()))
            # applications of other tests in this process have had engines of other names
            found[key] = found.get(key, 0) + sample.value
    return found


def task_of(server, topic="check", **headers):
    """A started instance, and its task, locked."""
    server.deploy(TWO_TASKS)
    _, _, started = server.raw("POST", "/process-definition/key/two/start", "{}", **headers)
    (task,) = server.fetch(topic)
    return json.loads(started)["id"], task


def test_each_request_has_a_line_that_says_what_it_was_about(server, logged):
    instance, task = task_of(server)
    logged()

    server.raw("POST", f"/external-task/{task['id']}/complete", DONE, X_Request_Id="r1")

    (line,) = logged()
    assert line.pop("ms") >= 0
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", line.pop("timestamp"))
    assert line == {
        "level": "info",
        "event": "request",
        "method": "POST",
        "route": "/engine-rest/external-task/<task_id>/complete",
        "status": 204,
        "worker_id": "w",
        "task_id": task["id"],
        "process_instance_id": instance,
        "request_id": "r1",
    }


def test_probes_have_no_line_and_an_unknown_path_is_no_route(client, logged):
    for path in ("/health", "/ready", "/metrics", "/engine-rest/no\x1bwhere"):
        client.get(path)

    (line,) = logged()
    assert (line["route"], line["path"]) == ("unmatched", "/engine-rest/no\x1bwhere")


def test_without_the_setting_no_request_has_a_line(client, capfd):
    client.get("/engine-rest/engine")

    assert "event=request" not in capfd.readouterr().err


@pytest.mark.parametrize("path", ["/engine", "/nowhere", "/process-instance/none"])
def test_every_answer_has_the_id_of_its_request(client, path):
    given = client.get(
        f"/engine-rest{path}", headers={"X-Request-Id": "mine", "traceparent": TRACE}
    )
    made = [client.get(f"/engine-rest{path}").headers for _ in range(2)]

    assert given.headers.getlist("X-Request-Id") == ["mine"]
    assert given.headers["traceparent"] == TRACE
    assert made[0]["X-Request-Id"] != made[1]["X-Request-Id"]
    assert "traceparent" not in made[0]


def test_an_answer_of_500_is_logged_with_its_reason(server):
    _, task = task_of(server)

    with capture_logs() as logs:
        status = server.call("POST", f"/external-task/{task['id']}/complete", {})[0]

    assert status == 500
    assert [(e["event"], e["status"], e["task_id"]) for e in logs] == [("failed", 500, task["id"])]
    assert "workerId is null" in logs[0]["reason"]


def test_incidents_deployments_and_failed_jobs_are_logged(server):
    failing = process(
        '<startEvent id="s"/><serviceTask id="t" camunda:asyncBefore="true" '
        'camunda:expression="${none.x}"/><endEvent id="e"/>' + flows("s", "t", "e"),
        "failing",
    )
    with capture_logs() as logs:
        _, task = task_of(server)
        body = {"workerId": "w", "retries": 0, "errorMessage": "no way"}
        server.call("POST", f"/external-task/{task['id']}/failure", body)
        server.deploy(failing)
        instance = server.start("failing")
        (job,) = server.call("GET", f"/job?processInstanceId={instance}")[1]
        server.call("PUT", f"/job/{job['id']}/retries", {"retries": 1})
        server.call("POST", f"/job/{job['id']}/execute")

    found = {(e["event"], e.get("type"), e.get("process_instance_id")): e for e in logs}
    assert ("deployment", None, None) in found
    told = found["incident", "failedExternalTask", task["processInstanceId"]]
    assert (told["reason"], told["configuration"]) == ("no way", task["id"])
    assert found["job failed", None, instance]["retries"] == 0
    assert ("incident", "failedJob", instance) in found


def test_the_trace_of_a_start_travels_to_all_tasks_that_ask_for_it(server):
    instance, task = task_of(server, traceparent=TRACE)
    assert task["extensionProperties"] == {}
    server.complete(task["id"], approved=True)

    (second,) = server.fetch("ship", includeExtensionProperties=True)

    assert second["processInstanceId"] == instance
    assert second["extensionProperties"] == {"traceparent": TRACE}


def test_a_task_without_a_trace_has_the_properties_of_its_model(server):
    task_of(server)
    server.start("two")

    (task,) = server.fetch("check", includeExtensionProperties=True)

    assert "traceparent" not in task["extensionProperties"]


# -- metrics ---------------------------------------------------------------------------------------


def test_outcomes_and_routes_are_counted(client, server):
    before = scraped(client)
    _, task = task_of(server)
    path = f"/external-task/{task['id']}/complete"
    server.call("POST", path, {"workerId": "other"})
    server.call("POST", path, {})
    key = {"Idempotency_Key": "k"}
    for _ in range(2):
        server.raw("POST", path, DONE, **key)
    server.call("POST", path, {"workerId": "w"})
    after = scraped(client)

    def more(*name):
        return after.get(name, 0) - before.get(name, 0)

    for outcome in ("ok", "replayed", "wrong_owner", "failed", "gone"):
        assert more("baton_external_task_commands_total", "complete", outcome) == 1
    route = "/engine-rest/external-task/<task_id>/complete"
    assert more("baton_requests_total", *sorted(["POST", route, "204"])) == 2
    assert more("baton_request_seconds_count", *sorted(["POST", route])) == 5
    assert more("baton_transaction_statements_count") >= 4


def test_the_gauges_tell_what_there_is(client, server, app, monkeypatch):
    task_of(server)
    for _ in range(3):
        server.start("two")
    (failed,) = server.fetch("check", most=1)
    body = {"workerId": "w", "retries": 0}
    server.call("POST", f"/external-task/{failed['id']}/failure", body)

    found = scraped(client)

    states = {state: found["baton_external_tasks", "check", state] for state in ("open", "failed")}
    assert states == {"open": 2, "failed": 1}
    assert found["baton_external_tasks", *sorted(["check", "locked"])] == 1
    assert found["baton_external_tasks_oldest_seconds", "check"] >= 0
    assert found["baton_incidents", "failedExternalTask"] == 1
    assert found["baton_jobs_due",] == 0
    assert found["baton_database_up",] == 1


def test_many_scrapes_ask_the_database_once(client, app, monkeypatch):
    asked = []
    monkeypatch.setattr("app.services.gauges.FRESH_SECONDS", 1e6)  # however slow the machine is
    original = app.extensions["baton"].gauges._store.aside
    monkeypatch.setattr(
        app.extensions["baton"].gauges._store, "aside", lambda: asked.append(1) or original()
    )

    for _ in range(5):
        client.get("/metrics")

    assert len(asked) == 1


def test_a_scrape_without_a_database_says_so(client, app, monkeypatch):
    monkeypatch.setattr(app.extensions["baton"].gauges, "read", lambda: None)

    found = scraped(client)

    assert found["baton_database_up",] == 0
    assert not any(
        name.startswith("baton_external_tasks") for name, *_ in found if "task_" not in name
    )


def test_metrics_can_be_switched_off(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "BATON", Config(metrics="off"))

    assert client.get("/metrics").status_code == 404


def test_topics_beyond_the_most_are_one():
    tasks = {f"t{n:03}": Tasks(open=n, oldest=n) for n in range(MOST_TOPICS + 20)}

    found = by_topic({**tasks, "other": Tasks(open=10**6, oldest=1)})

    assert len(found) <= MOST_TOPICS + 1
    assert sum(counts.open for counts in found.values()) == sum(range(MOST_TOPICS + 20)) + 10**6
    assert found["other"].open >= 10**6


def test_methods_and_paths_of_clients_are_no_labels(client):
    before = set(observing._NOTES["default"])

    for number in range(20):
        client.open(f"/engine-rest/nowhere-{number}", method=f"M{number}")

    # Requests of other tests in this process are noted already.
    new = set(observing._NOTES["default"]) - before
    assert new <= {("OTHER", "unmatched", 404)}
    assert ("OTHER", "unmatched", 404) in observing._NOTES["default"]
