"""JSON over HTTP: what is sent, what an answer is taken for, and what happens to connections."""

import base64
import socket
from http.client import HTTPConnection
from types import SimpleNamespace

import pytest

from app.worker.connection import AnswerError, Connection

# -- what is sent -----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", "/", "//"])
def test_a_path_follows_the_base_url_however_that_ends(recorded, ending):
    server = recorded()
    connection = Connection(server.base_url + ending)

    connection.call("POST", "/external-task/t1/unlock")
    connection.close()

    assert server.lines == [("POST", "/engine-rest/external-task/t1/unlock")]


def test_a_body_is_json_and_says_so(recorded, connect):
    server = recorded()

    connect(server).call("POST", "/x/complete", {"name": "Büro", "n": None})

    ((body, headers),) = server.named("complete")
    assert body == {"name": "Büro", "n": None}
    assert headers["Content-Type"] == "application/json"
    assert headers["Accept"] == "application/json"


def test_a_request_without_a_body_names_no_type(recorded, connect):
    server = recorded()

    connect(server).call("POST", "/x/unlock")

    ((body, headers),) = server.named("unlock")
    assert body is None
    assert "Content-Type" not in headers


@pytest.mark.parametrize("body", [{}, [], 0, False, ""], ids=repr)
def test_an_empty_value_is_a_body_all_the_same(recorded, connect, body):
    server = recorded()

    connect(server).call("POST", "/x/complete", body)

    ((sent, headers),) = server.named("complete")
    assert sent == body
    assert headers["Content-Type"] == "application/json"


def test_headers_of_one_request_are_not_those_of_the_next(recorded, connect):
    server = recorded()
    connection = connect(server)

    connection.call("POST", "/x/complete", {}, headers={"Idempotency-Key": "k"})
    connection.call("POST", "/x/complete", {})

    (_, first), (_, second) = server.named("complete")
    assert first["Idempotency-Key"] == "k"
    assert "Idempotency-Key" not in second


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, None, id="nobody"),
        pytest.param(
            {"user": ("kim", "se:cret")},
            "Basic " + base64.b64encode(b"kim:se:cret").decode(),
            id="a user",
        ),
        pytest.param(
            {"user": ("kim", "\u00fc")},
            "Basic " + base64.b64encode("kim:\u00fc".encode()).decode(),
            id="a password beyond ASCII is UTF-8 (RFC 7617)",
        ),
        pytest.param({"token": "abc.def"}, "Bearer abc.def", id="a token"),
        pytest.param(
            {"user": ("kim", "x"), "token": "abc"},
            "Basic " + base64.b64encode(b"kim:x").decode(),
            id="both: the user counts",
        ),
    ],
)
def test_who_asks_is_said_in_each_request(recorded, connect, options, expected):
    server = recorded(data=[(200, b"abc")], create=[(200, {"id": "d"})])
    connection = connect(server, **options)

    connection.call("POST", "/x/unlock")
    connection.load("/x/data")
    connection.post_form("/deployment/create", b"--b--", "b")

    assert [headers.get("Authorization") for _, _, headers in server.requests] == [expected] * 3


def test_a_form_names_its_boundary(recorded, connect):
    server = recorded(create=[(200, {"id": "d"})])

    found = connect(server).post_form("/deployment/create", b"--xyz--", "xyz")

    ((body, headers),) = server.named("create")
    assert found == {"id": "d"}
    assert body == b"--xyz--"
    assert headers["Content-Type"] == "multipart/form-data; boundary=xyz"


def test_contents_are_loaded_as_they_are_whatever_their_type(recorded, connect):
    server = recorded(data=[(200, b"\x00\xff{")])

    assert connect(server).load("/execution/e/localVariables/f/data") == b"\x00\xff{"

    assert server.requests[0][2]["Accept"] == "*/*"


# -- what an answer is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((204, None), None),
        ((200, None), None),
        ((200, {"id": "a"}), {"id": "a"}),
        ((200, []), []),
        ((200, b"null"), None),
        ((201, b'"x"'), "x"),
    ],
    ids=repr,
)
def test_an_answer_is_its_json_or_nothing(recorded, connect, answer, expected):
    assert connect(recorded(x=[answer])).call("POST", "/x") == expected


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        pytest.param(400, {"type": "T", "message": "no", "code": 0}, "400 no", id="a problem"),
        pytest.param(500, {"message": 5}, "500 5", id="a message that is no text"),
        pytest.param(404, {"error": "no"}, '404 {"error": "no"}', id="another object"),
        pytest.param(502, b"<h1>Bad</h1>", "502 <h1>Bad</h1>", id="the page of a proxy"),
        pytest.param(502, b"[1]", "502 [1]", id="a list"),
        pytest.param(502, b"null", "502 null", id="null"),
        pytest.param(503, b"", "503 ", id="nothing"),
        pytest.param(500, b"\xff", "500 \ufffd", id="no text"),
        pytest.param(500, b"x" * 10_000, "500 " + "x" * 500, id="a long one is cut"),
    ],
)
def test_a_refusal_says_what_the_server_says(recorded, connect, status, body, message):
    with pytest.raises(AnswerError) as caught:
        connect(recorded(x=[(status, body)])).call("POST", "/x")

    assert caught.value.status == status
    assert str(caught.value) == message


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 500, 503])
def test_contents_that_cannot_be_loaded_are_a_refusal_as_well(recorded, connect, status):
    with pytest.raises(AnswerError) as caught:
        connect(recorded(data=[(status, {"message": "no"})])).load("/x/data")

    assert caught.value.status == status


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("0", 0.0, id="at once"),
        pytest.param("7", 7.0, id="seconds"),
        pytest.param("Wed, 21 Oct 2026 07:28:00 GMT", None, id="a date"),
        pytest.param("", None, id="nothing"),
        pytest.param("-1", None, id="a negative number"),
        pytest.param("1.5", None, id="a fraction"),
        pytest.param("\u00b2", None, id="a digit that is no number"),
        pytest.param("9" * 400, None, id="a number that nobody can wait for"),
    ],
)
def test_the_time_to_the_next_attempt_is_read_where_it_is_seconds(
    recorded, connect, header, seconds
):
    server = recorded(x=[(503, {"message": "wait"}, {"Retry-After": header})])

    with pytest.raises(AnswerError) as caught:
        connect(server).call("POST", "/x")

    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("body", [b"<html>log in</html>", b"{", b"\xff\xfe"], ids=repr)
def test_an_answer_that_is_no_json_is_as_a_lost_one(recorded, connect, body):
    with pytest.raises(ConnectionError, match="no JSON"):
        connect(recorded(x=[(200, body)])).call("POST", "/x")


def test_half_an_answer_is_as_a_lost_one(recorded, connect):
    server = recorded(x=[(200, b"no size\r\n", {"Transfer-Encoding": "chunked"})])

    with pytest.raises(ConnectionError):
        connect(server).call("POST", "/x")


# -- connections ------------------------------------------------------------------------------


def of_each(connection, calls):
    """The connections that requests were sent on."""
    used = []
    for path in calls:
        try:
            connection.call("POST", path, started=used.append)
        except (AnswerError, OSError):
            continue
    return used


def test_a_connection_is_used_again(recorded, connect):
    server = recorded()

    first, second = of_each(connect(server), ["/a", "/b"])

    assert first is second


def test_a_refusal_leaves_its_connection_for_the_next_request(recorded, connect):
    server = recorded(a=[(500, {"message": "no"})])

    first, second = of_each(connect(server), ["/a", "/b"])

    assert first is second


def test_a_connection_that_is_lost_is_not_used_again(recorded, connect):
    server = recorded(a=[None])
    connection = connect(server)

    first, second = of_each(connection, ["/a", "/b"])

    assert first is not second
    assert first.sock is None


def test_two_requests_at_once_have_a_connection_each(recorded, connect):
    server = recorded()
    connection, used = connect(server), []

    def within(outer):
        used.append(outer)
        connection.call("POST", "/b", started=used.append)

    connection.call("POST", "/a", started=within)

    assert used[0] is not used[1]


def test_the_limit_of_one_request_is_not_that_of_the_next(recorded, connect):
    server = recorded()
    connection, limits = connect(server), []

    for limit in (90.0, 5.0):
        connection.call(
            "POST", "/a", timeout=limit, started=lambda c: limits.append(c.sock.gettimeout())
        )

    assert limits == [90.0, 5.0]


def test_what_idles_is_closed_and_the_next_request_opens_another(recorded, connect):
    server = recorded()
    connection = connect(server)
    (first,) = of_each(connection, ["/a"])

    connection.close()
    (second,) = of_each(connection, ["/b"])

    assert first.sock is None
    assert first is not second


def test_hanging_up_ends_the_wait_for_an_answer(connect):
    # It never answers: an answer that came first would be read, whatever is shut behind it.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base_url = f"http://127.0.0.1:{silent.getsockname()[1]}/engine-rest"
        connection = connect(SimpleNamespace(base_url=base_url))

        with pytest.raises(OSError, match=r"closed|reset|shut|end of file"):
            connection.call("POST", "/a", started=connection.hang_up)


def test_there_is_nothing_to_hang_up_before_a_connection_is_open():
    unopened = HTTPConnection("127.0.0.1", 1)

    Connection.hang_up(unopened)

    assert unopened.sock is None


def test_a_server_that_is_not_there_is_an_error_of_the_system():
    with pytest.raises(OSError, match="refused"):
        Connection("http://127.0.0.1:1/engine-rest").call("POST", "/x")


@pytest.mark.parametrize(
    "url", ["https:///engine-rest", "http://", "/engine-rest", "ws://host/engine-rest"]
)
def test_a_base_url_needs_a_scheme_of_http_and_a_host(url):
    with pytest.raises(ValueError, match="no HTTP address"):
        Connection(url)
