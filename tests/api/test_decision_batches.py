"""Batches that delete historic decision instances, or set their removal time."""

import pytest

from tests.decisions import TIERS, deciding

from .test_removal_times import EARLY, LATE, work_off

DELETE = "/history/decision-instance/delete"
REMOVAL = "/history/decision-instance/set-removal-time"


@pytest.fixture
def decided(server):
    """The ids of two evaluations of a price, each with the tier that it required."""
    server.deploy(TIERS, "pricing.dmn")
    for amount in (50, 150):
        body = {"variables": {"amount": {"value": amount}}}
        assert server.call("POST", "/decision-definition/key/price/evaluate", body)[0] == 200
    return instances(server)


def instances(server, query=""):
    found = server.call(
        "GET", f"/history/decision-instance?sortBy=evaluationTime&sortOrder=asc{query}"
    )
    return found[1]


def removals(server):
    return {one["id"]: one["removalTime"] for one in instances(server)}


def roots_of(found):
    return [one["id"] for one in found if one["rootDecisionInstanceId"] is None]


def test_named_and_queried_instances_are_deleted_without_what_they_required(server, decided):
    root, _ = roots_of(decided)

    batch, done = work_off(
        server,
        DELETE,
        historicDecisionInstanceIds=[root, "unknown"],
        historicDecisionInstanceQuery={"decisionDefinitionKey": "price"},
        deleteReason="old",
    )

    assert batch["type"] == "historic-decision-instance-deletion"
    assert (batch["totalJobs"], done) == (3, [204] * 3)
    assert [one["decisionDefinitionKey"] for one in instances(server)] == ["tier", "tier"]


NOBODY = {"historicDecisionInstanceQuery": {"userId": "nobody"}}


@pytest.mark.parametrize("body", [{}, {"historicDecisionInstanceIds": []}, NOBODY])
def test_nothing_to_delete_is_refused(server, body):
    assert server.call("POST", DELETE, body) == (
        400,
        {
            "type": "InvalidRequestException",
            "message": "historicDecisionInstanceIds is empty",
            "code": None,
        },
    )


@pytest.mark.parametrize("hierarchical", [True, False])
def test_a_removal_time_goes_to_the_whole_evaluation_if_asked_to(server, decided, hierarchical):
    required = next(one for one in decided if one["rootDecisionInstanceId"])
    root = required["rootDecisionInstanceId"]
    before = removals(server)

    batch, _ = work_off(
        server,
        REMOVAL,
        historicDecisionInstanceIds=[required["id"]],
        absoluteRemovalTime=LATE,
        hierarchical=hierarchical,
    )

    assert batch["type"] == "decision-set-removal-time"
    changed = {key for key, timestamp in removals(server).items() if timestamp != before[key]}
    assert changed == ({required["id"], root} if hierarchical else {required["id"]})


def test_a_removal_time_is_cleared_and_calculated_anew(server, decided):
    before = removals(server)
    path = "/decision-definition/key/price/history-time-to-live"
    assert server.call("PUT", path, {"historyTimeToLive": 0})[0] == 204

    query = {"rootDecisionInstancesOnly": True}
    work_off(server, REMOVAL, historicDecisionInstanceQuery=query, clearedRemovalTime=True)
    cleared = removals(server)
    work_off(server, REMOVAL, historicDecisionInstanceQuery=query, calculatedRemovalTime=True)

    roots = set(roots_of(decided))
    assert {key for key, timestamp in cleared.items() if timestamp is None} == roots
    for one in instances(server):
        expected = one["evaluationTime"] if one["id"] in roots else before[one["id"]]
        assert one["removalTime"] == expected


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Neither query nor ids provided."),
        ({"historicDecisionInstanceIds": ["x"]}, "removalTime is null"),
        (
            {"historicDecisionInstanceIds": ["x"], "clearedRemovalTime": True},
            "historicDecisionInstances is empty",
        ),
        (
            {
                "historicDecisionInstanceIds": ["x"],
                "clearedRemovalTime": True,
                "calculatedRemovalTime": True,
            },
            "The removal time modes are mutually exclusive: mode is not null",
        ),
    ],
)
def test_one_mode_and_some_instances_are_needed(server, decided, body, message):
    expected = {"type": "BadUserRequestException", "message": message, "code": 0}

    assert server.call("POST", REMOVAL, body) == (400, expected)


@pytest.mark.parametrize("hierarchical", [True, False])
def test_the_removal_time_of_a_process_instance_is_that_of_its_decisions(
    server, decided, hierarchical
):
    server.deploy(deciding())
    instance = server.start("orders", amount=1)
    query = f"&processInstanceId={instance}"
    assert [one["removalTime"] for one in instances(server, query)] == [None]

    path = "/history/process-instance/set-removal-time"
    work_off(server, path, historicProcessInstanceIds=[instance], absoluteRemovalTime=EARLY)
    assert [one["removalTime"] for one in instances(server, query)] == [EARLY]

    (own,) = instances(server, query)
    work_off(server, REMOVAL, historicDecisionInstanceIds=[own["id"]], absoluteRemovalTime=LATE)
    assert [one["removalTime"] for one in instances(server, query)] == [LATE]

    work_off(
        server,
        path,
        historicProcessInstanceIds=[instance],
        absoluteRemovalTime=EARLY,
        hierarchical=hierarchical,
    )
    assert [one["removalTime"] for one in instances(server, query)] == [EARLY]
