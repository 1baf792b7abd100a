"""Refusals of requests: status, type, message and code, and a world that stays as it was."""

import pytest

from .refusals import CASES
from .refusals.case import ANY, with_ids

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(("method", "path", "body", "expected"), CASES)
def test_what_is_refused_is_told_as_the_reference_tells_it(kept, method, path, body, expected):
    server, ids = kept
    status, type_, message, code = expected

    found, answer = server.call(method, with_ids(path, ids), with_ids(body, ids))

    assert (found, set(answer) >= {"type", "message", "code"}) == (status, True), answer
    assert (answer["type"], answer["code"]) == (type_, code)
    if message is not ANY:
        assert answer["message"] == with_ids(message, ids)


def test_nothing_was_changed_by_what_was_refused(kept):
    server, ids = kept

    task = server.call("GET", f"/external-task/{ids['E']}")[1]
    assert (task["workerId"], task["retries"]) == (None, None)
    assert server.call("GET", "/process-instance/count")[1] == {"count": 3}
    assert server.call("GET", "/deployment/count")[1] == {"count": 4}
    assert server.call("GET", f"/process-instance/{ids['I']}/variables")[1] == {}
