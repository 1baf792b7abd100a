"""Each field of each body as null, as a list, as an object and as other types: no fault of ours.

Most are refused by the shape of the body, which needs no request. What is taken of null, an empty
list and an empty object is sent to an engine that has what the examples of the document name.
"""

import re
import shutil
from dataclasses import replace

import pytest
from marshmallow import ValidationError

from app.api.descriptions import description_of
from app.errors import EngineError
from tests.conftest import serving

from .sending import BASE, Admin, sent
from .world import requests, with_ids

SENT = (None, [], {})
OTHERS = (7, 2.5, True, "x", "\x00", 10**30, [None], [[]], [{}], {"a": None})


@pytest.fixture
def send(routes, world, tmp_path):
    """Sends a request of an example; whatever was changed by it is as it was for the next."""
    kept, ids, _ = world
    path = tmp_path / "sent.db"

    def send(some):
        shutil.copy(kept, path)
        with serving(routes, f"sqlite:///{path}", has_password_policy=True) as app:
            server = Admin(app.test_client())
            for request in some:
                status, _, answer = sent(server, request, ids)
                yield request, status, answer
                if status < 300:
                    return

    def send_all(some):
        some = iter(some)
        while answered := list(send(some)):
            yield from answered

    return send_all


def variants(value, others):
    """A body, with one thing within it replaced by each of the others."""
    parts = value.items() if isinstance(value, dict) else ()
    for key, part in enumerate(value) if isinstance(value, list) else parts:
        for other in (*others, *variants(part, others)):
            changed = value.copy()
            changed[key] = other
            yield changed


def is_taken(schema, body):
    """Whether a body has the shape that it must have; it is refused, or it is read."""
    try:
        schema.load(body)
    except (ValidationError, EngineError):
        return False
    return True


def is_told(request, status, answer):
    """Whether an answer is one that the document has, and none of an unforeseen error."""
    type_ = re.search(rb'"type":"(\w+)"', answer)
    told = request.operation["responses"].get(str(status), {}).get("description", "")
    return type_ is not None and type_[1].decode() in re.findall(r"\w+", told)


def test_no_field_that_is_wrong_is_a_fault_of_ours(app, world, send):
    ids, document = world[1], world[2]
    views = {
        (re.sub(r"<[^>]+>", "{}", rule.rule), method): app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        for method in rule.methods
    }
    asked, wrong, taken = [], [], 0
    for request in requests(document):
        view = views[re.sub(r"{[^}]+}", "{}", request.path), request.method]
        description = description_of(view)
        if description.body is not None and request.path.startswith(BASE):
            schema = description.body()
            known = {str(field.data_key): None for field in schema.load_fields.values()}
            example = {**known, **with_ids(request.body or {}, ids)}
            taken += sum(is_taken(schema, body) for body in variants(example, OTHERS))
            bodies = (body for body in variants(example, SENT) if is_taken(schema, body))
            asked += [replace(request, body=body) for body in bodies]

    for request, status, answer in send(asked):
        if status >= 400 and not is_told(request, status, answer):
            wrong.append((request.method, request.path, request.body, status, answer[:200]))

    assert not wrong, "\n".join(map(str, wrong))
    assert len(asked) > 500
    assert taken > 500
