"""What stands behind the JSON of a body."""

import pytest

TAILS = [" x", "{}", "]", ",", " 1", ' "a"', "\x00", "\u00a0"]


@pytest.fixture
def commands(app):
    """The paths and methods that take JSON, something in place of what they name."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        body = getattr(getattr(view, "description", None), "body", None)
        if body is not None and rule.rule.startswith("/engine-rest/"):
            path = rule.rule.removeprefix("/engine-rest").replace("<", "").replace(">", "")
            method = "PUT" if "PUT" in rule.methods else "POST"
            found.append((path, method))
    return found


@pytest.mark.no_database
@pytest.mark.parametrize("tail", TAILS)
def test_each_command_refuses_a_body_with_something_behind_it(server, commands, tail):
    asked = 0
    for path, method in commands:
        status, _, answer = server.raw(method, path, ("{}" + tail).encode())
        asked += 1
        # an unknown key in the path is told of before the body
        expected = (404, b"RestException") if "/key/" in path else (400, b"InvalidRequestException")
        assert (status, expected[1] in answer) == (expected[0], True), (path, answer)

    assert asked > 20


def test_blanks_behind_a_body_do_no_harm(server):
    status, _, answer = server.raw("POST", "/process-instance/count", b"{} \r\n\t ")

    assert (status, answer) == (200, b'{"count":0}')
