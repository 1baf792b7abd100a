"""The examples of the OpenAPI document work: each is sent to an engine that has what it names."""

import re
import shutil

import orjson
import pytest
from jsonschema import Draft202012Validator

from tests.api.sending import BASE, REFUSED, Admin, sent
from tests.api.world import requests
from tests.conftest import serving


@pytest.fixture
def asked(routes, world, tmp_path):
    """Sends examples to an engine that nobody has changed before; gives each with its answer."""
    kept, ids, _ = world

    def send(*some):
        path = tmp_path / "asked.db"
        shutil.copy(kept, path)
        # a request that needs a second connection while it holds one would time out
        pool = {"pool_size": 1, "pool_timeout": 1}
        with serving(routes, f"sqlite:///{path}", has_password_policy=True, **pool) as app:
            server = Admin(app.test_client())
            return [(request, *sent(server, request, ids)) for request in some]

    return send


def validator(document, schema):
    """Says whether something has a shape of the document."""
    return Draft202012Validator({**schema, "components": document["components"]})


def test_the_example_of_every_operation_is_answered_as_documented(world, asked):
    _, _, document = world
    served = [r for r in requests(document) if r.path != REFUSED and r.path.startswith(BASE)]
    reads = [request for request in served if request.method == "GET"]
    failed = []

    # reads can share a database: they change nothing for the next
    answers = asked(*reads) + [a for r in served if r.method != "GET" for a in asked(r)]

    for request, status, headers, answer in answers:
        told = request.operation["responses"].get(str(status), {})
        if status >= 300 or not told:
            failed.append((request.method, request.path, status, answer[:300]))
            continue
        content = told.get("content", {}).get("application/json")
        if content and headers["Content-Type"] == "application/json":
            errors = validator(document, content["schema"]).iter_errors(orjson.loads(answer))
            failed += [(request.method, request.path, e.message, e.json_path) for e in errors]

    assert not failed, "\n".join(map(str, failed))
    assert len(answers) > 390


def test_every_example_of_the_document_has_the_shape_of_what_it_is_an_example_of(world):
    _, _, document = world
    failed, checked = [], 0

    for request in requests(document):
        operation = request.operation
        contents = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in contents:
            shape = content.get("content", {}).get("application/json", {})
            if "example" in shape:
                errors = validator(document, shape["schema"]).iter_errors(shape["example"])
                failed += [(request.method, request.path, e.message, e.json_path) for e in errors]
                checked += 1

    assert not failed, "\n".join(map(str, failed))
    assert checked > 350


def test_every_operation_has_an_example_of_what_it_is_sent_and_answers(world):
    _, _, document = world
    lacking = []

    for request in requests(document):
        names = re.findall(r"{(\w+)}", request.path)
        if sorted(names) != sorted(request.places["path"]):
            lacking.append((request.method, request.path, "path"))
        if request.media is not None and not request.body and not request.path.endswith("/count"):
            lacking.append((request.method, request.path, "body"))
        answer = request.operation["responses"].get("200", {}).get("content", {})
        if "application/json" in answer and "example" not in answer["application/json"]:
            lacking.append((request.method, request.path, "answer"))

    assert not lacking, "an `example` at the schema, or an `Example` at the route"
