"""Definitions of decisions over HTTP: deployed, read, missing, of tenants."""

import io

import pytest

from tests.decisions import TIERS
from tests.dmn.conftest import decision, definitions, literal, of_literal

from .evaluating import KEY, decided, evaluate


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
