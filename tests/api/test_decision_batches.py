"""What was decided, deleted or given another removal time by batches."""

import pytest

from tests.decisions import TIERS

EVALUATE = "/decision-definition/key/price/evaluate"
PATH = "/history/decision-instance"
LATE, EARLY = "2045-01-01T00:00:00.000+0000", "2020-01-01T00:00:00.000+0000"


@pytest.fixture
def evaluation(server):
    """The ids of a decision and of the one that it required."""
    server.deploy(TIERS, "pricing.dmn")
    body = {"variables": {"amount": {"value": 5, "type": "Integer"}}}
    status, answer = server.call("POST", EVALUATE, body)
    assert status == 200, answer
    found = decided(server)
    root = next(i["id"] for i in found if i["rootDecisionInstanceId"] is None)
    return root, next(i["id"] for i in found if i["id"] != root)


def decided(server):
    return server.call("GET", PATH)[1]


def work_off(server, path, **body):
    status, batch = server.call("POST", PATH + path, body)
    assert status == 200, batch
    for kind in ("seed", "batch", "monitor"):
        for job in server.call("GET", f"/job?jobDefinitionId={batch[kind + 'JobDefinitionId']}")[1]:
            assert server.call("POST", f"/job/{job['id']}/execute")[0] == 204
    return batch


def removal(server):
    return {i["id"]: i["removalTime"] for i in decided(server)}


def test_decisions_are_deleted_by_a_batch_and_those_that_they_required_stay(server, evaluation):
    root, required = evaluation

    batch = work_off(server, "/delete", historicDecisionInstanceIds=[root, "x"], deleteReason="a")

    assert (batch["type"], batch["totalJobs"]) == ("historic-decision-instance-deletion", 2)
    assert [i["id"] for i in decided(server)] == [required]


def test_a_removal_time_is_set_for_one_or_for_the_whole_evaluation(server, evaluation):
    root, required = evaluation
    before = removal(server)
    named = {"historicDecisionInstanceIds": [required]}

    batch = work_off(server, "/set-removal-time", **named, absoluteRemovalTime=LATE)
    one = removal(server)
    work_off(server, "/set-removal-time", **named, clearedRemovalTime=True, hierarchical=True)
    none = removal(server)
    query = {"historicDecisionInstanceQuery": {"decisionDefinitionKey": "price"}}
    work_off(server, "/set-removal-time", **query, calculatedRemovalTime=True, hierarchical=True)

    assert batch["type"] == "decision-set-removal-time"
    assert one == {root: before[root], required: LATE}
    assert none == {root: None, required: None}
    assert removal(server) == {root: before[root], required: before[root]}


def test_the_clean_up_removes_decisions_whose_time_has_come(server, evaluation):
    root, required = evaluation
    named = {"historicDecisionInstanceIds": [root]}
    work_off(server, "/set-removal-time", **named, absoluteRemovalTime=EARLY)

    job = server.call("POST", "/history/cleanup")[1]
    server.call("POST", f"/job/{job['id']}/execute")

    assert [i["id"] for i in decided(server)] == [required]


@pytest.mark.parametrize(
    ("path", "body", "type_", "message"),
    [
        ("/delete", {}, "InvalidRequestException", "historicDecisionInstanceIds is empty"),
        (
            "/set-removal-time",
            {"clearedRemovalTime": True},
            "BadUserRequestException",
            "Neither query nor ids provided.",
        ),
        (
            "/set-removal-time",
            {"historicDecisionInstanceIds": ["x"]},
            "BadUserRequestException",
            "removalTime is null",
        ),
        (
            "/set-removal-time",
            {"historicDecisionInstanceIds": ["x"], "clearedRemovalTime": True},
            "BadUserRequestException",
            "historicDecisionInstances is empty",
        ),
    ],
)
def test_a_batch_of_decisions_that_could_do_nothing_is_refused(server, path, body, type_, message):
    status, answer = server.call("POST", PATH + path, body)

    assert (status, answer["type"], answer["message"]) == (400, type_, message)
