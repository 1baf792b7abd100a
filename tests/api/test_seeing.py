"""Statistics, job definitions, logs and reports."""

import json
from datetime import UTC, datetime

import pytest

from app.services import jobs, metrics
from tests.decisions import TIERS
from tests.models import flow, flows, process, task
from tests.serving import form

QUEUED = process(
    '<startEvent id="s"/><serviceTask id="work" camunda:asyncBefore="true" '
    'camunda:asyncAfter="true" camunda:expression="${amount + 1}"/>'
    '<userTask id="check"/><boundaryEvent id="late" attachedToRef="check" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    '</boundaryEvent><endEvent id="e"/><endEvent id="l"/>'
    + flows("s", "work", "check", "e")
    + flow("late", "l"),
    "queued",
)
TIMES = process(
    '<startEvent id="s"><timerEventDefinition><timeCycle>R/2099-01-01T00:00:00Z/PT1H</timeCycle>'
    "</timerEventDefinition></startEvent>"
    '<intermediateCatchEvent id="wait" camunda:asyncBefore="true"><timerEventDefinition>'
    "<timeDate>${when}</timeDate></timerEventDefinition></intermediateCatchEvent>"
    '<userTask id="each"><multiInstanceLoopCharacteristics camunda:asyncBefore="true">'
    "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    '<endEvent id="e"/>' + flows("s", "wait", "each", "e"),
    "times",
)
CONDITIONAL = process(
    '<startEvent id="s"/><startEvent id="hot"><conditionalEventDefinition>'
    "<condition>${temperature &gt; 30}</condition></conditionalEventDefinition></startEvent>"
    + task("cool")
    + '<endEvent id="e"/>'
    + flows("s", "cool", "e")
    + flow("hot", "cool"),
    "conditional",
)


def start(server, key="queued", **variables):
    body = {"variables": {name: {"value": value} for name, value in variables.items()}}
    return server.call("POST", f"/process-definition/key/{key}/start", body)[1]["id"]


def definitions_of_jobs(server, key="queued"):
    found = server.call("GET", f"/job-definition?processDefinitionKey={key}")[1]
    return {(d["activityId"], d["jobType"], d["jobConfiguration"]): d for d in found}


def job_of(server, instance):
    return server.call("GET", f"/job?processInstanceId={instance}")[1][0]


def test_each_place_that_makes_jobs_has_a_definition(server):
    server.deploy(QUEUED)
    server.deploy(TIMES)

    assert set(definitions_of_jobs(server)) == {
        ("work", "async-continuation", "async-before"),
        ("work", "async-continuation", "async-after"),
        ("late", "timer-transition", "DURATION: PT1H"),
    }
    assert set(definitions_of_jobs(server, "times")) == {
        ("s", "timer-start-event", "CYCLE: R/2099-01-01T00:00:00Z/PT1H"),
        ("wait", "async-continuation", "async-before"),
        ("wait", "timer-intermediate-transition", "DATE: ${when}"),
        ("each", "async-continuation", "async-before"),
    }


def test_jobs_and_their_log_name_the_definition_that_they_are_of(server):
    server.deploy(QUEUED)
    definitions = {key[:1] + key[2:]: d["id"] for key, d in definitions_of_jobs(server).items()}
    instance = start(server, amount=1)

    for place in (("work", "async-before"), ("work", "async-after")):
        job = job_of(server, instance)
        assert job["jobDefinitionId"] == definitions[place]
        assert server.call("POST", f"/job/{job['id']}/execute")[0] == 204
        log = server.call("GET", f"/history/job-log?jobId={job['id']}&successLog=true")[1]
        assert [(e["jobDefinitionId"], e["jobDefinitionConfiguration"]) for e in log] == [
            (definitions[place], place[1])
        ]

    assert job_of(server, instance)["jobDefinitionId"] == definitions["late", "DURATION: PT1H"]
    start_job = "/job?processDefinitionKey=times"
    server.deploy(TIMES)
    named = definitions_of_jobs(server, "times").values()
    assert server.call("GET", start_job)[1][0]["jobDefinitionId"] in {d["id"] for d in named}


def test_the_definitions_of_jobs_go_with_their_process(server):
    deployment = server.deploy(QUEUED)

    assert server.call("DELETE", f"/deployment/{deployment['id']}?cascade=true")[0] == 204

    assert server.call("GET", "/job-definition/count")[1] == {"count": 0}


def test_a_suspended_process_suspends_the_definitions_of_its_jobs(server):
    server.deploy(QUEUED)
    body = {"processDefinitionKey": "queued", "suspended": True}

    assert server.call("PUT", "/process-definition/suspended", body)[0] == 204

    assert server.call("GET", "/job-definition/count?suspended=true")[1] == {"count": 3}
    assert server.call("GET", "/job-definition/count?active=true")[1] == {"count": 0}


def test_a_job_definition_is_suspended_by_a_job_when_its_time_has_come(server):
    server.deploy(QUEUED)
    definition = next(iter(definitions_of_jobs(server).values()))["id"]
    body = {"suspended": True, "includeJobs": True, "executionDate": "2099-01-01T00:00:00"}

    assert server.call("PUT", f"/job-definition/{definition}/suspended", body)[0] == 204
    assert server.call("GET", f"/job-definition/{definition}")[1]["suspended"] is False
    job = server.call("GET", "/job")[1][0]
    assert job["dueDate"].startswith("2099-01-01T00:00:00")
    assert server.call("POST", f"/job/{job['id']}/execute")[0] == 204

    assert server.call("GET", f"/job-definition/{definition}")[1]["suspended"] is True


def test_the_retries_of_a_definition_leave_its_other_jobs_and_all_incidents_alone(server):
    server.deploy(QUEUED)
    failed, other = start(server), start(server)
    job = job_of(server, failed)
    server.call("PUT", f"/job/{job['id']}/retries", {"retries": 0})

    path = f"/job-definition/{job['jobDefinitionId']}/retries"
    assert server.call("PUT", path, {"retries": 5})[0] == 204

    assert (job_of(server, failed)["retries"], job_of(server, other)["retries"]) == (5, 3)
    assert server.call("GET", "/incident/count")[1] == {"count": 1}
    server.call("PUT", f"/job/{job['id']}/retries", {"retries": 0})
    assert server.call("GET", "/incident/count")[1] == {"count": 1}  # the same one


def test_statistics_of_a_called_failure_count_at_both_instances(server):
    server.deploy(QUEUED)
    caller = process(
        '<startEvent id="s"/><callActivity id="call" calledElement="queued"/><endEvent id="e"/>'
        + flows("s", "call", "e"),
        "caller",
    )
    server.deploy(caller)
    start(server, "caller")
    job = server.call("GET", "/job")[1][0]["id"]
    server.call("PUT", f"/job/{job}/retries", {"retries": 0})

    found = {
        view["definition"]["key"]: view
        for view in server.call("GET", "/process-definition/statistics?incidents=true")[1]
    }
    roots = {
        view["definition"]["key"]: view["incidents"]
        for view in server.call("GET", "/process-definition/statistics?rootIncidents=true")[1]
    }

    incidents = [{"incidentType": "failedJob", "incidentCount": 1}]
    assert {key: view["incidents"] for key, view in found.items()} == {
        "queued": incidents,
        "caller": incidents,
    }
    assert roots == {"queued": incidents, "caller": []}
    at = server.call("GET", "/process-definition/key/caller/statistics?incidents=true")[1]
    assert [(a["id"], a["instances"], a["incidents"]) for a in at] == [("call", 1, incidents)]


@pytest.mark.parametrize("unit", ["month", "quarter"])
def test_a_report_tells_how_long_instances_took(server, unit):
    server.deploy(CONDITIONAL)
    for _ in range(3):
        server.call("DELETE", f"/process-instance/{start(server, 'conditional')}")

    path = f"/history/process-instance/report?reportType=duration&periodUnit={unit}"
    found = server.call("GET", path)[1]

    month = datetime.now(UTC).month
    period = month if unit == "month" else (month + 2) // 3
    assert [(r["period"], r["periodUnit"]) for r in found] == [(period, unit.upper())]
    assert 0 <= found[0]["minimum"] <= found[0]["average"] <= found[0]["maximum"]
    assert server.call("GET", f"{path}&startedBefore=2020-01-01T00:00:00.000%2B0000")[1] == []


def test_a_condition_starts_what_waits_for_it_unless_it_is_suspended(server):
    server.deploy(CONDITIONAL)
    body = {"variables": {"temperature": {"value": 40}}, "businessKey": "b"}

    started = server.call("POST", "/condition", body)[1]
    server.call(
        "PUT",
        "/process-definition/suspended",
        {"processDefinitionKey": "conditional", "suspended": True},
    )

    assert [(i["businessKey"], i["ended"]) for i in started] == [("b", False)]
    tasks = server.call("GET", f"/external-task?processInstanceId={started[0]['id']}")[1]
    assert [t["activityId"] for t in tasks] == ["cool"]
    assert server.call("POST", "/condition", body) == (200, [])


def test_the_image_beside_a_model_is_its_diagram(server):
    data, content_type = form({}, {"model.bpmn": CONDITIONAL, "model.svg": "<svg/>"})
    deployment = json.loads(server.raw("POST", "/deployment/create", data, content_type)[2])

    definition = server.call("GET", "/process-definition/key/conditional")[1]
    path = "/process-definition/key/conditional/diagram"
    status, headers, image = server.raw("GET", path)

    shown = next(iter(deployment["deployedProcessDefinitions"].values()))
    assert definition["diagram"] == shown["diagram"] == "model.svg"
    assert (status, headers["Content-Type"], image) == (200, "image/svg+xml", b"<svg/>")
    assert headers["Content-Disposition"].startswith("attachment")


def test_metrics_count_what_happens_and_keep_it_when_it_is_written_down(server, client):
    server.deploy(CONDITIONAL)
    start(server, "conditional")
    store = client.application.extensions["baton"].store

    def total(name, **span):
        return metrics.total(store, name, **{"start_date": None, "end_date": None, **span})

    before = total("process-instances"), total("flow-node-instances")
    metrics.report(store)

    assert before == (1, 2)
    assert (total("root-process-instance-start"), total("activity-instance-start")) == before
    assert total("process-instances", end_date=datetime(2020, 1, 1, tzinfo=UTC)) == 0
    rows = server.call("GET", "/metrics?name=process-instances&aggregateByReporter=true")[1]
    assert [(r["name"], r["reporter"], r["value"]) for r in rows] == [
        ("process-instances", None, 1)
    ]


def test_decisions_are_counted_by_what_was_evaluated(server):
    server.deploy(TIERS, "pricing.dmn")
    body = {"variables": {"amount": {"value": 50}}}

    assert server.call("POST", "/decision-definition/key/price/evaluate", body)[0] == 200

    counts = {
        name: server.call("GET", f"/metrics/{name}/sum")[1]["result"]
        for name in ("decision-instances", "executed-decision-instances")
    }
    cells = server.call("GET", "/metrics/executed-decision-elements/sum")[1]["result"]
    assert counts == {"decision-instances": 2, "executed-decision-instances": 2}
    assert cells == 3 * 2 + 1  # a table of two rules with three columns, and an expression


def test_the_clean_up_counts_what_it_removes(server):
    server.deploy(TIERS, "pricing.dmn")
    server.deploy(CONDITIONAL)
    instance = start(server, "conditional")
    assert server.call("DELETE", f"/process-instance/{instance}")[0] == 204
    body = {"variables": {"amount": {"value": 50}}}
    assert server.call("POST", "/decision-definition/key/tier/evaluate", body)[0] == 200
    for kind in ("process-instance", "decision-instance"):
        removal = {
            f"historic{kind.title().replace('-', '')}Query": {},
            "absoluteRemovalTime": "2020-01-01T00:00:00.000+0000",
        }
        batch = server.call("POST", f"/history/{kind}/set-removal-time", removal)[1]
        for job_kind in ("batch-seed-job", batch["type"]):
            jobs = server.call("GET", f"/job?jobDefinitionId={batch['id']}:{job_kind}")[1]
            for job in jobs:
                assert server.call("POST", f"/job/{job['id']}/execute")[0] == 204

    job = server.call("POST", "/history/cleanup")[1]
    for _ in range(3):
        assert server.call("POST", f"/job/{job['id']}/execute")[0] == 204

    removed = {
        what: server.call("GET", f"/metrics/history-cleanup-removed-{what}/sum")[1]["result"]
        for what in ("process-instances", "decision-instances", "batch-operations")
    }
    assert removed == {"process-instances": 1, "decision-instances": 1, "batch-operations": 0}


def test_workers_of_tasks_are_counted_once_and_can_be_forgotten(server):
    server.deploy(QUEUED)
    for number, user in enumerate(("ann", "bob", "ann")):
        created = {"name": "x", "assignee": user, "id": f"t{number}"}
        assert server.call("POST", "/task/create", created)[0] == 204

    counted = server.call("GET", "/metrics/task-users/sum")[1]
    assert server.call("DELETE", "/metrics/task-worker")[0] == 204

    assert counted == {"result": 2}
    assert server.call("GET", "/metrics/unique-task-workers/sum")[1] == {"result": 0}


def test_operations_are_logged_as_soon_as_it_is_known_who_gives_them(server, client):
    server.deploy(QUEUED)
    job = job_of(server, start(server))["id"]
    store = client.application.extensions["baton"].store
    retries = {"due_date": None, "sets_due_date": False}

    jobs.set_retries(store, job, retries=2, **retries)
    jobs.set_retries(store.acting_for("kim"), job, retries=1, **retries)

    found = server.call("GET", f"/history/user-operation?jobId={job}")[1]
    assert [(o["userId"], o["operationType"], o["property"]) for o in found] == [
        ("kim", "SetJobRetries", "retries")
    ]
    assert (found[0]["orgValue"], found[0]["newValue"], found[0]["category"]) == (
        "2",
        "1",
        "Operator",
    )
    path = f"/history/user-operation/{found[0]['operationId']}"
    assert server.call("PUT", f"{path}/set-annotation", {"annotation": "why"})[0] == 204
    assert server.call("GET", "/history/user-operation")[1][0]["annotation"] == "why"
    assert server.call("PUT", f"{path}/clear-annotation")[0] == 204
    assert server.call("GET", "/history/user-operation")[1][0]["annotation"] is None
