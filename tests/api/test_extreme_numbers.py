"""The smallest and the largest long, wherever a number may stand: no answer is a mistake of ours.

The fixture of the application fails a test when there is one.
"""

import pytest

EXTREMES = [-(2**63), 2**63 - 1, -(2**31), 2**31 - 1]


@pytest.fixture
def document(server):
    return server.call("GET", "/openapi.json")[1]


def operations(document, method):
    """The paths with a method, something in place of what they name."""
    for path, found in document["paths"].items():
        if method in found:
            yield path.replace("{", "").replace("}", ""), found[method]


def resolved(document, schema):
    """The schema that a reference names; a schema without a reference is returned as it is."""
    reference = schema.get("$ref", "")
    return document["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


@pytest.mark.parametrize("number", EXTREMES)
def test_each_parameter_of_each_list_takes_it(server, document, number):
    asked = 0
    for path, operation in operations(document, "get"):
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                name = parameter["name"]
                value = f"v_gteq_{number}" if name.lower().endswith("variables") else number
                status, answer = server.call("GET", f"{path}?{name}={value}")
                asked += 1
                assert status < 500 or answer["type"] != "InternalServerError", (path, name)

    assert asked > 300


@pytest.mark.parametrize("number", EXTREMES)
@pytest.mark.parametrize("method", ["post", "put"])
def test_each_field_of_each_body_takes_it(server, document, method, number):
    asked = 0
    for path, operation in operations(document, method):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            if media != "application/json":
                continue
            for field in resolved(document, content["schema"]).get("properties", ()):
                for value in (number, [{"name": "v", "operator": "gteq", "value": number}]):
                    status, answer = server.call(method.upper(), path, {field: value})
                    asked += 1
                    assert status < 500 or answer["type"] != "InternalServerError", (path, field)

    assert asked > 30
