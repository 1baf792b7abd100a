"""Bodies with bytes after the end of their JSON."""

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


@pytest.mark.parametrize(
    "body", ["", "{}", "null", "[]", "[null]", "[{}]", '"x"', "7", "2.5", "true"]
)
def test_no_command_meets_an_unforeseen_error_whatever_the_whole_of_its_body(
    server, commands, body
):
    wrong = []
    for path, method in commands:
        status, _, answer = server.raw(method, path, body.encode())
        # Without the password policy its check has an empty answer, as the reference's.
        is_told = b'"type"' in answer or (status, answer) == (404, b"")
        if status >= 400 and (b"InternalServerError" in answer or not is_told):
            wrong.append((method, path, status, answer))

    assert wrong == []


def test_blanks_behind_a_body_do_no_harm(server):
    status, _, answer = server.raw("POST", "/process-instance/count", b"{} \r\n\t ")

    assert (status, answer) == (200, b'{"count":0}')
