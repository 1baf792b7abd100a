"""Refusals as the contract tells them, each in a line: what is asked, and how it is answered."""

import pytest

BAD, MISSING, FAILED = 400, 404, 500
REST, INVALID, REQUEST = "RestException", "InvalidRequestException", "BadUserRequestException"
NULL, ENGINE = "NullValueException", "ProcessEngineException"
NOT_FOUND, POINTER, NOT_VALID = "NotFoundException", "NullPointerException", "NotValidException"
ANY = object()  # a text of the JVM's, which differs between its versions
NO_DEFINITION = "no deployed process definition found with id 'x': processDefinition is null"


def refused(method, path, body, status, type_, message, code):
    """A case: a request, and its answer. Ids of the world stand in braces."""
    return pytest.param(
        method, path, body, (status, type_, message, code), id=f"{method} {path} {type_}"
    )


def with_ids(value, ids):
    """A text, or a body, with the ids of the world in place of their names in braces."""
    if isinstance(value, dict):
        return {key: with_ids(part, ids) for key, part in value.items()}
    if isinstance(value, list):
        return [with_ids(part, ids) for part in value]
    if not isinstance(value, str):
        return value
    for name, known in ids.items():
        value = value.replace(f"{{{name}}}", known)
    return value


def check(kept, method, path, body, expected):
    """Send a request, and compare the answer with the one that is expected.

    Args:
        kept: the server, and the ids of what is there.
    """
    server, ids = kept
    status, type_, message, code = expected

    found, answer = server.call(method, with_ids(path, ids), with_ids(body, ids))

    assert (found, set(answer) >= {"type", "message", "code"}) == (status, True), answer
    assert (answer["type"], answer["code"]) == (type_, code)
    if message is not ANY:
        assert answer["message"] == with_ids(message, ids)


def check_unchanged(kept):
    """Compare what is there with what was there at first."""
    server, ids = kept

    task = server.call("GET", f"/external-task/{ids['E']}")[1]
    assert (task["workerId"], task["retries"]) == (None, None)
    assert server.call("GET", "/process-instance/count")[1] == {"count": 3}
    assert server.call("GET", "/deployment/count")[1] == {"count": 4}
    assert server.call("GET", f"/process-instance/{ids['I']}/variables")[1] == {}
