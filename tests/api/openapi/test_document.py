"""The OpenAPI document: it tells of everything that is served, and nothing else is answered."""

import ast
import re
from pathlib import Path

import pytest
from openapi_spec_validator import validate
from werkzeug.exceptions import HTTPException

from tests.conformance.player import load

ROOT = Path(__file__).resolve().parents[3]
CASES = sorted((ROOT / "tests/conformance/cases").rglob("*.yaml"))
ANY_ENGINE = "/engine-rest/engine/{name}/{rest}"  # is refused, unless the name is ours


@pytest.fixture(scope="module")
def document(client):
    """The OpenAPI document, once for the module: building it takes long."""
    return client.get("/engine-rest/openapi.json").get_json()


def bare(path):
    """A path or a rule without the names of its parameters."""
    return re.sub(r"<[^>]+>|{[^}]+}", "{}", path)


def operations_of(document):
    return {
        (bare(path), method.upper()): operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


def test_the_document_is_valid(document):
    assert document["openapi"].startswith("3.")
    validate(document)


def test_every_route_is_in_the_document(app, document):
    routes = {
        (bare(rule.rule), method)
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(("pages.", "root."))  # for people, not of the API
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert routes == set(operations_of(document))


def test_no_two_operations_have_the_same_id(document):
    ids = [operation["operationId"] for operation in operations_of(document).values()]

    assert len(ids) == len(set(ids))


def test_every_view_that_answers_json_tells_what(app):
    from app.api.descriptions import description_of

    silent = [
        name
        for name, view in app.view_functions.items()
        if description_of(view).is_negotiated and not description_of(view).answer
    ]

    assert silent == [], "put @describes(answer=…) above @returns"


def test_every_operation_tells_how_it_fails(document):
    for (path, method), operation in operations_of(document).items():
        answers = operation["responses"]
        assert any(status >= "400" for status in answers), (path, method)
        if bare(path) != bare(ANY_ENGINE):
            problem = answers["500"]["content"]["application/json"]["schema"]
            assert "InternalServerError" in problem["properties"]["type"]["enum"]


def test_every_parameter_that_a_view_reads_from_the_url_is_in_the_document(document):
    named = {
        parameter["name"]
        for operation in operations_of(document).values()
        for parameter in operation["parameters"]
    }

    calls = [
        node
        for path in sorted((ROOT / "app/api").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("flag", "request.args.get")
    ]
    read = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}

    assert read
    assert read <= named


def test_errors_that_were_recorded_are_in_the_document(app, document):
    operations, routes = operations_of(document), app.url_map.bind("localhost")
    checked = 0

    for path in CASES:
        for step in load(path)["steps"]:
            answer, request = step.get("response") or {}, step.get("request", "GET /").split(" ")
            if not isinstance(answer.get("status"), int) or answer["status"] < 400:
                continue
            try:
                url = "/engine-rest" + request[1].partition("?")[0]
                rule, _ = routes.match(url, request[0], return_rule=True)
            except HTTPException:
                continue
            found = operations[bare(rule.rule), request[0]]["responses"].get(str(answer["status"]))
            assert found is not None, (path.name, request, answer)
            type_ = (answer.get("body") or {}).get("type", "<any>")
            if type_ != "<any>":
                told = resolved(document, found)["description"]
                assert type_ in re.findall(r"\w+", told), (path.name, type_, told)
            checked += 1

    assert checked > 200


def resolved(document, answer):
    """An answer, also where it is one that several operations share."""
    reference = answer.get("$ref")
    return (
        document["components"]["responses"][reference.rpartition("/")[2]] if reference else answer
    )
