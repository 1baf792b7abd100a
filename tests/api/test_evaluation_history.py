"""Evaluations that are past: inputs, outputs, removal times and reports."""

import pytest

from tests.dmn.conftest import of_literal

from .evaluating import KEY, decided, evaluate


@pytest.mark.parametrize(
    ("days", "status"),
    [(5, 204), (0, 204), ("7", 204), (2**31 - 1, 204), (-1, 400), ("x", 400), (2**31, 400)],
)
def test_evaluations_are_kept_for_the_time_to_live(server, pricing, days, status):
    path = f"{KEY}/tier/history-time-to-live"

    assert server.call("PUT", path, {"historyTimeToLive": days})[0] == status

    expected = int(days) if status == 204 else 30
    assert server.call("GET", f"{KEY}/tier")[1]["historyTimeToLive"] == expected
    evaluate(server, amount=1)
    (found,) = decided(server)
    assert (found["removalTime"] == found["evaluationTime"]) is (expected == 0)


def test_inputs_and_outputs_are_shown_when_they_are_asked_for(server, pricing):
    evaluate(server, amount=150)

    (plain,) = decided(server)
    (full,) = decided(server, "?includeInputs=true&includeOutputs=true")
    single = server.call("GET", f"/history/decision-instance/{plain['id']}?includeInputs=true")[1]

    assert not {"inputs", "outputs"} & set(plain)
    assert [(i["clauseId"], i["type"], i["value"]) for i in full["inputs"]] == [
        ("tier_in1", "Long", 150)
    ]
    assert [
        (o["variableName"], o["ruleId"], o["ruleOrder"], o["value"]) for o in full["outputs"]
    ] == [
        ("tier", "tier_r1", 1, "gold"),
        ("discount", "tier_r1", 1, 0.2),
    ]
    assert single["inputs"] == full["inputs"]
    assert {o["removalTime"] for o in full["outputs"]} == {plain["removalTime"]}
    # Of the list these are read as its filters are.
    assert decided(server, "?includeInputs=1&includeOutputs=-1") == [full]


def test_objects_of_the_history_are_texts_when_they_are_not_to_be_read(server):
    server.deploy(of_literal("[1, 2]"), "l.dmn")
    evaluate(server, "k")

    def value(query):
        return decided(server, f"?includeOutputs=true{query}")[0]["outputs"][0]["value"]

    assert value("") == [1, 2]
    assert value("&disableCustomObjectDeserialization=true") == "[1,2]"


def test_the_root_of_an_evaluation_finds_what_it_required(server, pricing):
    evaluate(server, "price", amount=1)
    evaluate(server, amount=1)

    (root,) = decided(server, "?decisionDefinitionKey=price")

    both = decided(server, f"?rootDecisionInstanceId={root['id']}")
    assert {d["decisionDefinitionKey"] for d in both} == {"price", "tier"}
    assert len(decided(server, "?rootDecisionInstancesOnly=true")) == 2
    graph = root["decisionRequirementsDefinitionId"]
    path = f"/history/decision-requirements-definition/{graph}/statistics"
    assert server.call("GET", path)[1] == [
        {"decisionDefinitionKey": "price", "evaluations": 1},
        {"decisionDefinitionKey": "tier", "evaluations": 2},
    ]
    one = server.call("GET", f"{path}?decisionInstanceId={root['id']}")[1]
    assert [found["evaluations"] for found in one] == [1, 1]


def test_the_report_counts_what_is_past_its_time(server, pricing):
    evaluate(server, amount=1)
    server.call("PUT", f"{KEY}/tier/history-time-to-live", {"historyTimeToLive": 0})
    evaluate(server, amount=2)
    path = "/history/decision-definition/cleanable-decision-instance-report"

    found = server.call(
        "GET", f"{path}?decisionDefinitionKeyIn=tier,price&sortBy=finished&sortOrder=desc"
    )[1]

    assert [
        (
            row["decisionDefinitionKey"],
            row["finishedDecisionInstanceCount"],
            row["cleanableDecisionInstanceCount"],
        )
        for row in found
    ] == [("tier", 2, 1), ("price", 0, 0)]
    assert server.call("GET", f"{path}/count?compact=true")[1] == {"count": 1}
