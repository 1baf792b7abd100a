"""Decisions over HTTP: deployed, read, evaluated, and what is left of it."""

import io

import pytest

from tests.decisions import TIERS, deciding
from tests.dmn.conftest import decision, definitions, literal, of_literal, of_table, table

KEY = "/decision-definition/key"


@pytest.fixture
def pricing(server):
    """A deployment of two decisions in one file."""
    return server.deploy(TIERS, "pricing.dmn")


def evaluate(server, key="tier", path="evaluate", **variables):
    body = {"variables": {name: {"value": value} for name, value in variables.items()}}
    return server.call("POST", f"{KEY}/{key}/{path}", body)


def decided(server, query=""):
    return server.call("GET", f"/history/decision-instance{query}")[1]


def test_a_deployment_answers_what_it_has_made(pricing):
    (graph,) = pricing["deployedDecisionRequirementsDefinitions"].values()
    found = {d["key"]: d for d in pricing["deployedDecisionDefinitions"].values()}

    assert pricing["deployedProcessDefinitions"] is None
    assert (graph["key"], graph["name"], graph["version"]) == ("pricing", "Pricing", 1)
    assert set(found) == {"tier", "price"}
    assert found["tier"]["decisionRequirementsDefinitionId"] == graph["id"]
    assert found["tier"]["historyTimeToLive"] == 30
    assert found["tier"]["category"] == "http://example.org"


def test_a_single_decision_is_of_no_requirements_definition(server):
    found = server.deploy(of_literal("1"), "one.dmn11.xml")

    (definition,) = found["deployedDecisionDefinitions"].values()
    assert definition["decisionRequirementsDefinitionId"] is None
    assert found["deployedDecisionRequirementsDefinitions"] is None


def test_a_file_that_is_no_dmn_rolls_the_deployment_back(client, server):
    files = {
        "a.dmn": (io.BytesIO(TIERS.encode()), "a.dmn"),
        "b.dmn": (io.BytesIO(b"<a/>"), "b.dmn"),
    }
    answer = client.post("/engine-rest/deployment/create", data=files)

    message = "ENGINE-22004 Unable to transform DMN resource 'b.dmn'."
    assert answer.status_code == 500
    assert answer.json == {"type": "ProcessEngineException", "message": message, "code": 0}
    assert server.call("GET", "/decision-definition/count")[1] == {"count": 0}


@pytest.mark.parametrize(
    ("second", "key"),
    [
        (definitions(decision(literal("1"), key="tier")), "tier"),
        (
            TIERS.replace('"tier"', '"t"').replace('"price"', '"p"').replace("#tier", "#t"),
            "pricing",
        ),
    ],
)
def test_two_files_of_a_deployment_define_nothing_twice(client, second, key):
    files = {
        "a.dmn": (io.BytesIO(TIERS.encode()), "a.dmn"),
        "b.dmn": (io.BytesIO(second.encode()), "b.dmn"),
    }
    answer = client.post("/engine-rest/deployment/create", data=files)

    assert (answer.status_code, answer.json["type"]) == (500, "ProcessEngineException")
    assert answer.json["message"].startswith(
        f"The deployment contains definitions with the same key '{key}'"
    )


def test_each_deployment_makes_the_next_version(server, pricing):
    second = server.deploy(TIERS, "pricing.dmn")

    latest = server.call("GET", f"{KEY}/tier")[1]
    newest = server.call("GET", "/decision-definition?latestVersion=true&key=tier")[1]

    assert (latest["version"], latest["deploymentId"]) == (2, second["id"])
    assert newest == [latest]
    assert server.call("GET", "/decision-definition/count?key=tier")[1] == {"count": 2}
    assert (
        server.call("GET", "/decision-requirements-definition?key=pricing&version=1")[1][0][
            "deploymentId"
        ]
        == pricing["id"]
    )


def test_results_have_types_where_the_outputs_have_them(server):
    typed = '<output id="o" name="points" typeRef="integer"/>'
    server.deploy(of_table(("-", '"a"', "1"), outputs=("name", typed)), "t.dmn")
    server.deploy(of_literal("null", name="nothing").replace('"k"', '"n"'), "n.dmn")

    assert evaluate(server, "k") == (
        200,
        [
            {
                "name": {"type": None, "value": "a", "valueInfo": None},
                "points": {"type": "Integer", "value": 1, "valueInfo": {}},
            }
        ],
    )
    null = {"type": "Null", "value": None, "valueInfo": {}}
    assert evaluate(server, "n") == (200, [{"nothing": null}])


@pytest.mark.parametrize(
    "text", ['[1, 2.5, "a", true, null]', "{a: {b: [1]}}", '"ä"', "1 / 3", "[[]]", "10 ** 40"]
)
def test_any_value_is_answered_as_json(server, text):
    server.deploy(of_literal(text), "v.dmn")

    status, answer = evaluate(server, "k")

    assert status == 200
    assert answer[0]["r"]["type"] is None
    assert answer[0]["r"]["value"] is not None


def test_required_decisions_are_evaluated_first(server, pricing):
    assert evaluate(server, "price", amount=200)[1][0]["price"]["value"] == 160


@pytest.mark.parametrize(
    "text",
    [
        "1 +",
        "for i in 1..1000000000 return i",
        "count(for a in 1..10000, b in 1..10000 return a)",
        '{f: function(n) f(n), r: f(1)}.r + "a" + 1 +',
        'date("2024-01-01")',
        "[null]",
    ],
)
def test_a_failure_never_says_why(server, text):
    server.deploy(of_literal(text), "f.dmn")
    definition = server.call("GET", f"{KEY}/k")[1]["id"]

    message = (
        f"Cannot evaluate decision {definition}: Exception while evaluating decision with key "
        "'null'"
    )
    assert evaluate(server, "k") == (
        500,
        {"type": "RestException", "message": message, "code": 0},
    )
    assert decided(server) == []


def test_an_object_that_is_not_read_fails_only_where_it_is_asked_for(server):
    server.deploy(of_literal("if ask then m.a else 0"), "o.dmn")
    m = {
        "value": '{"a":1}',
        "type": "Object",
        "valueInfo": {
            "objectTypeName": "java.util.HashMap",
            "serializationDataFormat": "application/json",
        },
    }

    def ask(value, m=m):
        body = {"variables": {"m": m, "ask": {"value": value}}}
        return server.call("POST", f"{KEY}/k/evaluate", body)

    assert ask(False)[1][0]["r"]["value"] == 0
    assert ask(True)[0] == 500
    assert ask(True, {"value": {"a": 7}})[1][0]["r"]["value"] == 7


def test_the_body_of_an_evaluation_has_typed_values(server, pricing):
    def post(body):
        status, answer = server.call("POST", f"{KEY}/tier/evaluate", body)
        return status, answer["type"] if isinstance(answer, dict) else answer

    wrong = {"variables": {"amount": {"value": "x", "type": "Integer"}}}
    assert post(wrong) == (400, "InvalidRequestException")
    assert post({"variables": {"amount": 5}}) == (400, "InvalidRequestException")
    unknown = {"variables": {"amount": {"value": "x", "type": "Nonsense"}}}
    assert post(unknown) == (400, "RestException")
    assert post({"variables": None, "other": 1})[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "type_"),
    [
        ("GET", "", 404, "InvalidRequestException"),
        ("GET", "/xml", 404, "InvalidRequestException"),
        ("GET", "/diagram", 400, "NotFoundException"),
        ("POST", "/evaluate", 404, "InvalidRequestException"),
        ("PUT", "/history-time-to-live", 500, "NullPointerException"),
    ],
)
def test_an_unknown_id_is_missing(server, method, path, status, type_):
    body = {"historyTimeToLive": 1} if method == "PUT" else {} if method == "POST" else None

    found, answer = server.call(method, f"/decision-definition/none{path}", body)

    assert (found, answer["type"], answer["code"]) == (
        status,
        type_,
        None if found == 500 else 0,
    )
    assert "no deployed decision definition found with id 'none'" in answer["message"]


@pytest.mark.parametrize("path", ["", "/xml", "/diagram", "/evaluate", "/history-time-to-live"])
@pytest.mark.parametrize("tenant", [None, "t"])
def test_an_unknown_key_is_missing(server, path, tenant):
    where, said = ("", "no tenant-id") if tenant is None else ("/tenant-id/t", "tenant-id: t")
    method = {"/evaluate": "POST", "/history-time-to-live": "PUT"}.get(path, "GET")

    found = server.call(method, f"{KEY}/none{where}{path}", None if method == "GET" else {})

    message = f"No matching decision definition with key: none and {said}"
    assert found == (404, {"type": "RestException", "message": message, "code": None})


@pytest.mark.parametrize(
    ("path", "type_"),
    [("", "InvalidRequestException"), ("/xml", "InvalidRequestException"),
     ("/diagram", "NotValidException")],
)  # fmt: skip
def test_an_unknown_requirements_definition_is_missing(server, path, type_):
    by_id = server.call("GET", f"/decision-requirements-definition/none{path}")
    by_key = server.call("GET", f"/decision-requirements-definition/key/none{path}")

    assert (by_id[0], by_id[1]["type"], by_id[1]["code"]) == (400, type_, 0)
    assert (by_key[0], by_key[1]["type"], by_key[1]["code"]) == (404, "RestException", None)


@pytest.mark.parametrize("name", ["pricing.tier.png", "pricing.svg"])
def test_the_picture_has_the_name_of_the_file_or_of_the_decision(client, server, name):
    files = {
        "a": (io.BytesIO(TIERS.encode()), "pricing.dmn"),
        "b": (io.BytesIO(b"<svg/>"), name),
    }
    assert client.post("/engine-rest/deployment/create", data=files).status_code == 200

    answer = client.get(f"/engine-rest{KEY}/tier/diagram")

    assert (answer.status_code, answer.data) == (200, b"<svg/>")
    assert answer.content_type == ("image/png" if name.endswith("png") else "image/svg+xml")
    other = client.get("/engine-rest/decision-requirements-definition/key/pricing/diagram")
    assert other.status_code == (204 if name.endswith("png") else 200)


def test_decisions_of_tenants_are_kept_apart(client, server, pricing):
    files = {"tenant-id": "t", "a": (io.BytesIO(TIERS.encode()), "pricing.dmn")}
    assert client.post("/engine-rest/deployment/create", data=files).status_code == 200

    of_tenant = server.call("GET", f"{KEY}/tier/tenant-id/t")[1]

    assert (of_tenant["version"], of_tenant["tenantId"]) == (1, "t")
    assert server.call("GET", f"{KEY}/tier")[1]["tenantId"] is None
    assert evaluate(server, "tier/tenant-id/t", amount=1)[0] == 200
    assert [d["tenantId"] for d in decided(server)] == ["t"]
    counts = {
        query: server.call("GET", f"/decision-definition/count?key=tier&{query}")[1]["count"]
        for query in (
            "withoutTenantId=true",
            "tenantIdIn=t",
            "tenantIdIn=t&includeDecisionDefinitionsWithoutTenantId=true",
        )
    }
    assert list(counts.values()) == [1, 1, 2]


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


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("${now()}", 200, "+0000"),
        ("${S('{\"a\":1}')}", 200, "OBJECT"),
        ("${XML('<a/>')}", 200, "application/xml"),
        ("${'x'.concat('y')}", 200, "xy"),
        ("${file}", 200, "None"),
        ("${none}", 500, "Exception while evaluating decision"),
    ],
)
def test_what_expressions_in_juel_give_is_answered_too(server, text, status, expected):
    server.deploy(of_literal(text, language="juel"), "j.dmn")
    file = {"value": "aGVsbG8=", "type": "File", "valueInfo": {"filename": "a.txt"}}

    found, answer = server.call("POST", f"{KEY}/k/evaluate", {"variables": {"file": file}})

    assert found == status
    assert expected in str(answer)
    assert len(decided(server)) == (1 if status == 200 else 0)
