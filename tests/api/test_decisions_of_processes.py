"""Decisions that processes ask for over HTTP: their history, and how they fail."""

import pytest

from tests.decisions import deciding
from tests.dmn.conftest import decision, definitions, of_literal, of_table, table

from .evaluating import KEY, decided


def test_what_a_process_decides_ends_with_it(server, pricing):
    server.deploy(deciding(decision_key="price"))
    instance = server.start("orders", amount=150)
    query = f"?processInstanceId={instance}&rootDecisionInstancesOnly=true"

    (running,) = decided(server, query)
    task = server.call("GET", f"/task?processInstanceId={instance}")[1][0]["id"]
    server.call("POST", f"/task/{task}/complete", {})
    (ended,) = decided(server, query)

    assert (running["activityId"], running["removalTime"]) == ("rule", None)
    past = server.call("GET", f"/history/process-instance/{instance}")[1]
    assert ended["removalTime"] == past["removalTime"] is not None
    assert ended["evaluationTime"] == running["evaluationTime"]


@pytest.mark.parametrize(
    "query",
    [
        "decisionDefinitionName=tier", "decisionDefinitionNameLike=ti%25", "activityIdIn=rule,x",
        "decisionDefinitionKeyIn=tier,none", "evaluatedBefore=2099-01-01T00:00:00.000%2B0000",
        "evaluatedAfter=2020-01-01T00:00:00.000%2B0000", "processDefinitionKey=orders",
        "decisionRequirementsDefinitionKey=pricing", "withoutTenantId=true",
    ],
)  # fmt: skip
def test_a_filter_finds_what_a_process_has_decided(server, pricing, query):
    server.deploy(deciding())
    server.start("orders", amount=1)

    assert server.call("GET", f"/history/decision-instance/count?{query}")[1] == {"count": 1}


def test_the_message_of_a_decision_that_fails_in_a_process_is_its_own(server):
    server.deploy(of_table(("-", "1"), ("-", "2")), "u.dmn")
    server.deploy(deciding(decision_key="k"))

    status, answer = server.call("POST", "/process-definition/key/orders/start", {})

    assert (status, answer["type"], answer["code"]) == (500, "DmnHitPolicyException", None)
    assert answer["message"].startswith("DMN-03001 Hit policy 'UNIQUE' only allows a single rule")


def test_a_variable_that_is_no_json_fails_the_decision_and_not_the_server(server):
    server.deploy(of_literal("x.a"), "x.dmn")
    server.deploy(deciding(decision_key="k"))
    body = {"variables": {"x": {"value": "{", "type": "Json"}}}

    status, answer = server.call("POST", "/process-definition/key/orders/start", body)

    assert (status, answer["type"]) == (500, "FeelException")
    assert server.call("POST", f"{KEY}/k/evaluate", body)[0] == 500


def test_several_versions_of_a_tag_are_refused(server):
    tagged = definitions(decision(table(("-", "1")), attributes='camunda:versionTag="a"'))
    server.deploy(tagged, "k.dmn")
    server.deploy(tagged, "k.dmn")
    binding = 'camunda:decisionRefBinding="versionTag" camunda:decisionRefVersionTag="a"'
    server.deploy(deciding(decision_key="k", attributes=binding))

    answer = server.call("POST", "/process-definition/key/orders/start", {})[1]

    assert answer["message"].endswith(
        "Found more than one decision definition for key 'k' and versionTag 'a'"
    )
