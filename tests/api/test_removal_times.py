"""When history is removed: set by batches for instances and batches, by definitions, and done."""

import pytest

from tests.models import flows, process, task

CALLED = process(
    '<startEvent id="s"/>' + task("deep") + '<endEvent id="e"/>' + flows("s", "deep", "e"), "child"
)
CALLER = process(
    '<startEvent id="s"/><callActivity id="call" calledElement="child"/><endEvent id="e"/>'
    + flows("s", "call", "e"),
    "caller",
)
LATE = "2045-01-01T00:00:00.000+0000"
EARLY = "2020-01-01T00:00:00.000+0000"
PATH = "/history/process-instance/set-removal-time"


@pytest.fixture
def family(server):
    """The ids of an ended instance and of the one that it had called."""
    server.deploy(CALLED, "child.bpmn")
    server.deploy(CALLER, "caller.bpmn")
    caller = server.start("caller")
    (called,) = server.call("GET", f"/process-instance?superProcessInstance={caller}")[1]
    server.call("DELETE", f"/process-instance/{caller}")
    return caller, called["id"]


def work_off(server, path, **body):
    """Make a batch and run all of its jobs."""
    status, batch = server.call("POST", path, body)
    assert status == 200, batch
    answers = []
    for kind in ("seed", "batch", "monitor"):
        found = server.call("GET", f"/job?jobDefinitionId={batch[kind + 'JobDefinitionId']}")[1]
        answers.append([server.call("POST", f"/job/{j['id']}/execute")[0] for j in found])
    return batch, answers[1]


def removal(server, instance):
    """The removal time that the instance and its activities say."""
    own = server.call("GET", f"/history/process-instance/{instance}")[1]["removalTime"]
    activities = server.call("GET", f"/history/activity-instance?processInstanceId={instance}")[1]
    assert {a["removalTime"] for a in activities} == {own}
    return own


def test_a_removal_time_is_set_and_cleared_for_instances(server, family):
    caller, _ = family

    batch, done = work_off(
        server, PATH, historicProcessInstanceIds=[caller, "x"], absoluteRemovalTime=LATE
    )
    late = removal(server, caller)
    query = {"processInstanceId": caller}
    work_off(server, PATH, historicProcessInstanceQuery=query, clearedRemovalTime=True)

    assert (batch["type"], batch["totalJobs"], done) == ("process-set-removal-time", 1, [204])
    assert late == LATE
    assert removal(server, caller) is None


def test_the_others_of_a_call_hierarchy_keep_their_removal_times(server, family):
    caller, called = family
    before = removal(server, called)

    work_off(server, PATH, historicProcessInstanceIds=[caller], absoluteRemovalTime=LATE)
    of_caller = removal(server, caller), removal(server, called)
    work_off(server, PATH, historicProcessInstanceIds=[called], absoluteRemovalTime=EARLY)

    assert of_caller == (LATE, before)
    assert (removal(server, caller), removal(server, called)) == (LATE, EARLY)


@pytest.mark.parametrize("which", [0, 1])
def test_a_whole_call_hierarchy_gets_one_removal_time_from_any_of_it(server, family, which):
    work_off(server, PATH, historicProcessInstanceIds=[family[1]], absoluteRemovalTime=EARLY)

    work_off(
        server,
        PATH,
        historicProcessInstanceIds=[family[which]],
        absoluteRemovalTime=LATE,
        hierarchical=True,
    )

    assert [removal(server, i) for i in family] == [LATE, LATE]


def test_a_calculated_removal_time_follows_the_time_to_live_of_now(server, family):
    caller, _ = family
    path = "/process-definition/key/caller/history-time-to-live"
    assert server.call("PUT", path, {"historyTimeToLive": 0})[0] == 204

    work_off(server, PATH, historicProcessInstanceIds=[caller], calculatedRemovalTime=True)

    ended = server.call("GET", f"/history/process-instance/{caller}")[1]
    assert ended["removalTime"] == ended["endTime"]


def test_what_ends_later_has_the_time_to_live_of_then(server, family):
    instance = server.start("caller")
    path = "/process-definition/key/caller/history-time-to-live"

    server.call("PUT", path, {"historyTimeToLive": 2**31 - 1})
    server.call("DELETE", f"/process-instance/{instance}")

    assert removal(server, instance).startswith("9999")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Neither query nor ids provided."),
        ({"clearedRemovalTime": True}, "Neither query nor ids provided."),
        ({"historicProcessInstanceIds": ["x"]}, "removalTime is null"),
        (
            {"historicProcessInstanceIds": ["x"], "clearedRemovalTime": True},
            "historicProcessInstances is empty",
        ),
        (
            {"clearedRemovalTime": True, "calculatedRemovalTime": True},
            "The removal time modes are mutually exclusive: mode is not null",
        ),
        (
            {"historicProcessInstanceIds": ["x"], "updateChunkSize": 0},
            "The value for chunk size should be between 1 and 500",
        ),
    ],
)
def test_removal_times_that_cannot_be_set_are_refused(server, body, message):
    status, answer = server.call("POST", PATH, body)

    assert (status, answer) == (
        400,
        {"type": "BadUserRequestException", "message": message, "code": 0},
    )


def test_the_removal_time_of_batches_is_set_and_the_clean_up_removes_them(server, family):
    batch, _ = work_off(
        server, PATH, historicProcessInstanceIds=[family[0]], clearedRemovalTime=True
    )
    path = "/history/batch/set-removal-time"

    work_off(server, path, historicBatchIds=[batch["id"], "x"], absoluteRemovalTime=EARLY)
    (report,) = [
        line
        for line in server.call("GET", "/history/batch/cleanable-batch-report")[1]
        if line["batchType"] == "process-set-removal-time"
    ]
    clean(server)

    assert report == {
        "batchType": "process-set-removal-time",
        "historyTimeToLive": None,
        "finishedBatchesCount": 1,
        "cleanableBatchesCount": 1,
    }
    left = server.call("GET", "/history/batch")[1]
    assert [b["type"] for b in left] == ["batch-set-removal-time"]


def clean(server):
    """Run the job of the clean-up until it is suspended."""
    job = server.call("POST", "/history/cleanup")[1]
    while not job["suspended"]:
        assert job["dueDate"] is not None
        assert server.call("POST", f"/job/{job['id']}/execute")[0] == 204
        job = server.call("GET", "/history/cleanup/job")[1]
    return job


def test_the_clean_up_removes_what_is_past_its_time_and_nothing_else(server, family):
    caller, called = family
    running = server.start("child")
    work_off(
        server,
        PATH,
        historicProcessInstanceIds=[called, running],
        absoluteRemovalTime=EARLY,
    )

    clean(server)

    left = {i["id"] for i in server.call("GET", "/history/process-instance")[1]}
    assert left == {caller, running}
    work_off(server, PATH, historicProcessInstanceIds=[caller], absoluteRemovalTime=EARLY)
    clean(server)
    assert [i["id"] for i in server.call("GET", "/history/process-instance")[1]] == [running]


def test_the_job_of_the_clean_up_is_there_once_it_was_asked_for(server):
    missing = [server.call("GET", f"/history/cleanup/{name}") for name in ("job", "jobs")]

    due = server.call("POST", "/history/cleanup?immediatelyDue=true")[1]
    waits = server.call("POST", "/history/cleanup?immediatelyDue=false")[1]

    assert missing == [
        (404, {"type": "RestException", "message": text, "code": None})
        for text in ("History cleanup job does not exist", "History cleanup jobs are empty")
    ]
    assert (due["suspended"], due["dueDate"] is None) == (False, False)
    assert (waits["suspended"], waits["dueDate"]) == (True, None)
    assert waits["id"] == due["id"]
    assert server.call("GET", "/history/cleanup/jobs")[1] == [waits]
    assert server.call("GET", "/history/cleanup/configuration")[1] == {
        "batchWindowStartTime": None,
        "batchWindowEndTime": None,
        "enabled": True,
    }


def test_the_report_counts_what_has_finished_and_what_the_clean_up_would_remove(server, family):
    caller, _ = family
    server.start("caller")
    path = "/history/process-definition/cleanable-process-instance-report"

    def counts(query):
        lines = server.call("GET", f"{path}?{query}")[1]
        return {
            line["processDefinitionKey"]: (
                line["finishedProcessInstanceCount"],
                line["cleanableProcessInstanceCount"],
            )
            for line in lines
        }

    before = counts("")
    work_off(
        server,
        PATH,
        historicProcessInstanceIds=[caller],
        absoluteRemovalTime=EARLY,
        hierarchical=True,
    )

    assert before == {"caller": (1, 0), "child": (1, 0)}
    assert counts("compact=true") == {"caller": (1, 1), "child": (1, 1)}
    assert counts("processDefinitionKeyIn=caller") == {"caller": (1, 1)}
    assert server.call("GET", f"{path}/count?compact=true")[1] == {"count": 2}
    assert server.call("GET", f"{path}?sortBy=finished&sortOrder=desc")[0] == 200


@pytest.mark.parametrize(
    ("days", "status", "type_", "message"),
    [
        (-1, 400, "BadUserRequestException", "historyTimeToLive is not greater than or equal to 0"),
        ("P7D", 400, "InvalidRequestException", ""),
    ],
)
def test_a_time_to_live_is_a_number_of_days(server, family, days, status, type_, message):
    path = "/process-definition/key/caller/history-time-to-live"

    answer = server.call("PUT", path, {"historyTimeToLive": days})

    assert (answer[0], answer[1]["type"], answer[1]["message"]) == (status, type_, message)


def test_a_time_to_live_may_be_taken_away_unless_every_definition_needs_one(having):
    path = "/process-definition/key/caller/history-time-to-live"
    for is_needed, expected in ((False, 204), (True, 400)):
        server = having(require_history_time_to_live=is_needed)
        if not is_needed:
            server.deploy(CALLER, "caller.bpmn")
        assert server.call("PUT", path, {"historyTimeToLive": None})[0] == expected
