"""Batches of process instances and of jobs: each endpoint, its refusals, and what its jobs do."""

import pytest

from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/><parallelGateway id="fork"/><endEvent id="e"/>'
    '<receiveTask id="wait" messageRef="paid"/>'
    '<serviceTask id="later" camunda:asyncBefore="true" camunda:expression="${1}"/>'
    + task("work")
    + flows("s", "fork")
    + "".join(flows("fork", name, "e") for name in ("wait", "later", "work")),
    "many",
).replace('<process id="many"', '<message id="paid" name="paid"/><process id="many"')
REASON = {"deleteReason": "enough"}


@pytest.fixture
def pair(server):
    """The ids of two instances, each with a task, a job and a subscription."""
    server.deploy(MODEL)
    return [server.start("many") for _ in range(2)]


def start(server, path, **body):
    status, batch = server.call("POST", path, body)
    assert status == 200, batch
    return batch


def work_off(server, batch):
    """Run all jobs of a batch; returns the statuses of its own kind's."""
    answers = {}
    for kind in ("seed", "batch", "monitor"):
        found = server.call("GET", f"/job?jobDefinitionId={batch[kind + 'JobDefinitionId']}")[1]
        answers[kind] = [server.call("POST", f"/job/{j['id']}/execute")[0] for j in found]
    return answers["batch"]


def test_instances_are_deleted_by_a_batch_with_the_reason(server, pair):
    batch = start(server, "/process-instance/delete", processInstanceIds=[*pair, "x"], **REASON)

    assert (batch["type"], batch["totalJobs"]) == ("instance-deletion", 3)
    assert work_off(server, batch) == [204, 204, 204]
    assert server.call("GET", "/process-instance/count")[1] == {"count": 0}
    ended = server.call("GET", "/history/process-instance")[1]
    assert {(i["state"], i["deleteReason"]) for i in ended} == {("EXTERNALLY_TERMINATED", "enough")}
    assert server.call("GET", f"/history/batch/{batch['id']}")[1]["endTime"] is not None


def test_what_several_selections_name_is_done_once(server, pair):
    batch = start(
        server,
        "/process-instance/suspended-async",
        processInstanceIds=pair[:1],
        processInstanceQuery={"processInstanceIds": pair[:1]},
        historicProcessInstanceQuery={"processDefinitionKey": "many"},
    )

    assert batch["totalJobs"] == 2


@pytest.mark.parametrize("kind", ["delete", "job-retries"])
@pytest.mark.parametrize("is_historic", [False, True])
def test_of_two_endpoints_with_one_body_each_has_its_own_query(server, pair, kind, is_historic):
    names = ["processInstanceQuery", "historicProcessInstanceQuery"]
    endings = {"delete": "-historic-query-based", "job-retries": "-historic-query-based"}
    path = f"/process-instance/{kind}{endings[kind] if is_historic else ''}"
    query = {"processDefinitionKey": "many"}

    passed_over = server.call("POST", path, {"retries": 1, names[not is_historic]: query})
    batch = start(server, path, retries=1, **{names[is_historic]: query})

    assert passed_over[0] == {"delete": 400, "job-retries": 500}[kind]
    assert batch["totalJobs"] == 2


def test_a_deletion_by_history_passes_over_what_has_ended(server, pair):
    server.call("DELETE", f"/process-instance/{pair[0]}")
    query = {"processDefinitionKey": "many"}

    batch = start(
        server, "/process-instance/delete-historic-query-based", historicProcessInstanceQuery=query
    )

    assert work_off(server, batch) == [204, 204]
    assert server.call("GET", "/process-instance/count")[1] == {"count": 0}


def test_instances_are_suspended_and_activated_by_batches(server, pair):
    path = "/process-instance/suspended-async"

    work_off(server, start(server, path, processInstanceIds=[*pair, "x"], suspended=True))
    suspended = server.call("GET", "/process-instance/count?suspended=true")[1]
    query = {"processDefinitionKey": "many"}
    work_off(server, start(server, path, processInstanceQuery=query, suspended=False))

    assert suspended == {"count": 2}
    assert server.call("GET", "/process-instance/count?active=true")[1] == {"count": 2}


def test_variables_wait_at_their_batch_until_its_jobs_set_them(server, pair):
    variables = {
        "size": {"value": 4, "type": "Integer"},
        "data": {"value": "aGk=", "type": "Bytes"},
        "when": {"value": "2026-01-02T03:04:05.000+0000", "type": "Date"},
    }
    path = "/process-instance/variables-async"
    batch = start(server, path, processInstanceIds=pair, variables=variables)

    waiting = server.call("GET", f"/variable-instance?batchIdIn={batch['id']}")[1]
    before = server.call("GET", f"/process-instance/{pair[0]}/variables")[1]
    assert work_off(server, batch) == [204, 204]

    assert before == {}
    assert {(v["name"], v["batchId"], v["processInstanceId"]) for v in waiting} == {
        (name, batch["id"], None) for name in variables
    }
    for instance in pair:
        found = server.call("GET", f"/process-instance/{instance}/variables")[1]
        assert found["size"]["value"] == 4
        assert found["when"]["value"] == variables["when"]["value"]
        assert found["data"]["type"] == "Bytes"
    assert server.call("GET", f"/variable-instance?batchIdIn={batch['id']}")[1] == []


def test_the_variables_of_a_deleted_batch_go_with_it(server, pair):
    body = {"processInstanceIds": pair, "variables": {"a": {"value": 1}}}
    batch = start(server, "/process-instance/variables-async", **body)

    server.call("DELETE", f"/batch/{batch['id']}")

    assert server.call("GET", "/variable-instance/count")[1] == {"count": 0}
    assert server.call("GET", f"/process-instance/{pair[0]}/variables")[1] == {}


def test_variables_are_for_instances_that_run(server, pair):
    body = {"processInstanceIds": ["x", *pair], "variables": {"a": {"value": 1}}}

    batch = start(server, "/process-instance/variables-async", **body)

    assert batch["totalJobs"] == 2


def test_variables_for_an_instance_that_has_ended_since_fail_in_the_job(server, pair):
    body = {"processInstanceIds": pair[:1], "variables": {"a": {"value": 1}}}
    batch = start(server, "/process-instance/variables-async", **body)
    server.call("DELETE", f"/process-instance/{pair[0]}")

    assert work_off(server, batch) == [404]
    (failed,) = server.call("GET", "/job?withException=true")[1]
    assert failed["exceptionMessage"] == f"execution {pair[0]} doesn't exist: execution is null"


def test_a_message_is_also_for_what_has_ended(server, pair):
    server.call("DELETE", f"/process-instance/{pair[0]}")
    query = {"processDefinitionKey": "many"}

    batch = start(server, "/process-instance/message-async", historicProcessInstanceQuery=query)

    assert batch["totalJobs"] == 2


@pytest.mark.parametrize("name", ["paid", None])
def test_a_message_is_delivered_by_a_batch_to_what_waits_for_it(server, pair, name):
    variables = {"answer": {"value": "yes", "type": "String"}}
    batch = start(
        server,
        "/process-instance/message-async",
        messageName=name,
        processInstanceIds=[*pair, "x"],
        variables=variables,
    )

    assert (batch["type"], work_off(server, batch)) == ("correlate-message", [204] * 3)
    assert server.call("GET", "/event-subscription")[1] == []
    for instance in pair:
        found = server.call("GET", f"/process-instance/{instance}/variables")[1]
        assert found["answer"]["value"] == "yes"


def test_a_message_that_nobody_waits_for_changes_nothing(server, pair):
    batch = start(
        server, "/process-instance/message-async", messageName="no", processInstanceIds=pair
    )

    assert work_off(server, batch) == [204, 204]
    assert len(server.call("GET", "/event-subscription")[1]) == 2


def retries(server):
    found = server.call("GET", "/job?processDefinitionKey=many&sortBy=jobId&sortOrder=asc")[1]
    return [(job["retries"], job["dueDate"]) for job in found]


def test_the_retries_of_the_jobs_of_instances_are_set_by_a_batch(server, pair):
    batch = start(server, "/process-instance/job-retries", processInstances=[*pair, "x"], retries=7)

    assert (batch["type"], batch["totalJobs"]) == ("set-job-retries", 2)
    assert work_off(server, batch) == [204, 204]
    assert retries(server) == [(7, None), (7, None)]


def test_the_retries_and_due_dates_of_jobs_are_set_by_a_batch(server, pair):
    timestamp = "2031-01-02T03:04:05.000+0000"
    query = {"processDefinitionKey": "many"}

    work_off(server, start(server, "/job/retries", jobQuery=query, retries=0, dueDate=timestamp))
    late = retries(server)
    incidents = server.call("GET", "/incident/count")[1]
    ids = [job["id"] for job in server.call("GET", "/job?processDefinitionKey=many")[1]]
    work_off(server, start(server, "/job/retries", jobIds=[*ids, "x"], retries=2, dueDate=None))

    assert late == [(0, timestamp), (0, timestamp)]
    assert incidents == {"count": 2}
    assert retries(server) == [(2, None), (2, None)]
    (missing,) = server.call("GET", "/job?withException=true")[1]
    assert missing["exceptionMessage"] == "ENGINE-13053 No job found with id 'x'.'"


INVALID, REFUSED, FAILED = (
    (400, "InvalidRequestException", None),
    (400, "BadUserRequestException", 0),
    (500, "ProcessEngineException", 0),
)
NONE = {"processDefinitionKey": "none"}
REFUSALS = [
    ("delete", {}, INVALID, "processInstanceIds is empty"),
    ("delete", {"processInstanceIds": []}, INVALID, "processInstanceIds is empty"),
    ("delete", {"processInstanceQuery": NONE}, INVALID, "processInstanceIds is empty"),
    (
        "suspended-async",
        {"suspended": True},
        INVALID,
        "Either processInstanceIds, processInstanceQuery or historicProcessInstanceQuery should "
        "be set to update the suspension state.",
    ),
    (
        "suspended-async",
        {"processInstanceIds": []},
        INVALID,
        "No process instance ids given: process Instance Ids is empty",
    ),
    ("variables-async", {"processInstanceIds": ["x"]}, INVALID, "variables is null"),
    (
        "variables-async",
        {"processInstanceIds": ["x"], "variables": {}},
        REFUSED,
        "variables is empty",
    ),
    (
        "variables-async",
        {"variables": {"a": {"value": 1}}},
        INVALID,
        "No process instances found.",
    ),
    (
        "variables-async",
        {"variables": {"a": {"value": 1}}, "historicProcessInstanceQuery": NONE},
        REFUSED,
        "processInstanceIds is empty",
    ),
    (
        "variables-async",
        {"variables": {"a": {"value": 1, "type": "Unknown"}}},
        INVALID,
        "Cannot set variables: Unsupported value type 'Unknown'",
    ),
    (
        "variables-async",
        {"variables": {"a": {"value": 1}}, "processInstanceIds": ["x"]},
        REFUSED,
        "processInstanceIds is empty",
    ),
    ("message-async", {"messageName": "paid"}, INVALID, "No process instances found."),
    (
        "message-async",
        {"processInstanceIds": []},
        REFUSED,
        "Process instance ids cannot be empty: process instance ids is empty",
    ),
    (
        "message-async",
        {"processInstanceIds": ["x"], "variables": {"a": {"value": 1, "type": "Unknown"}}},
        INVALID,
        "Cannot set variables: Unsupported value type 'Unknown'",
    ),
    (
        "suspended-async",
        {"processInstanceQuery": {"sorting": [{"sortBy": "x", "sortOrder": "asc"}]}},
        INVALID,
        "You should call any of the orderBy methods first before specifying a direction: "
        "currentOrderingProperty is null",
    ),
    ("job-retries", {"processInstances": ["x"]}, INVALID, "retries is null"),
    (
        "job-retries",
        {"retries": 1},
        FAILED,
        "ENGINE-13051 You must specify at least one of or one of processInstanceIds, "
        "processInstanceQuery, or historicProcessInstanceQuery.",
    ),
    ("job-retries", {"processInstances": ["x"], "retries": 1}, INVALID, "jobIds is empty"),
    (
        "../job/retries",
        {"jobIds": [], "retries": 1},
        FAILED,
        "ENGINE-13050 You must specify at least one of jobIds or jobQuery.",
    ),
    (
        "../job/retries",
        {"jobIds": ["x"], "retries": -1},
        FAILED,
        "Retries count is not greater than or equal to 0",
    ),
    ("../job/retries", {"jobQuery": NONE, "retries": 1}, INVALID, "jobIds is empty"),
]


@pytest.mark.parametrize(("path", "body", "kind", "message"), REFUSALS)
def test_a_batch_that_could_do_nothing_is_refused(server, path, body, kind, message):
    path = path.removeprefix("..") if path.startswith("..") else f"/process-instance/{path}"

    status, answer = server.call("POST", path, body)

    expected = dict(zip(("type", "code"), kind[1:], strict=True))
    assert (status, answer) == (kind[0], {**expected, "message": message})
    assert server.call("GET", "/batch/count")[1] == {"count": 0}
