"""The worker of the server: requests however they arrive, whole or broken."""

import itertools
import json

import pytest

from .workers import HOST, chunked, get, post

pytestmark = pytest.mark.no_database


def test_a_request_is_answered(serving):
    assert serving().link().ask(get(b"/?a")) == (200, b"roota")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(post(b"abc"), id="a length"),
        pytest.param(chunked(b"a", b"bc"), id="chunks"),
        pytest.param(chunked(b"abc", trailer=b"X: y\r\n"), id="fields behind the chunks"),
        pytest.param(post(b"abc").replace(b"\r\nHost", b"\r\nX: \xe9\r\nHost"), id="Latin-1"),
    ],
)
def test_a_body_is_whole_however_it_is_sent(serving, data):
    link = serving().link()
    for place in range(len(data)):
        link.send(data[place : place + 1])

    status, _, body = link.answer()

    assert (status, body) == (200, b"abc")


def test_requests_behind_each_other_are_answered_in_their_order(serving):
    link = serving().link()

    link.send(get(b"/?1") + post(b"two") + chunked(b"th", b"ree") + get(b"/?4"))

    assert [link.answer()[2] for _ in range(4)] == [b"root1", b"two", b"three", b"root4"]


@pytest.mark.parametrize("cut", [1, 20, 60, 75, 90])
def test_the_beginning_of_the_next_request_waits_for_its_rest(serving, cut):
    both = post(b"one") + post(b"two")
    link = serving().link(both[: len(post(b"one")) + cut % len(post(b"two"))])
    first = link.answer()[2]

    link.send(both[len(post(b"one")) + cut % len(post(b"two")) :])

    assert (first, link.answer()[2]) == (b"one", b"two")


def test_connections_do_not_wait_for_each_other(serving):
    server = serving()
    slow = server.link(get()[:-1])

    assert server.link().ask(get()) == (200, b"root")

    slow.send(b"\n")
    assert slow.answer()[0] == 200


def test_a_client_that_asks_first_is_told_once_to_go_on(serving):
    link = serving().link(post(b"abc", b"/echo", b"Expect: 100-continue")[:-3])

    told = link.answer()[0]
    link.send(b"abc")

    assert told == 100
    assert link.answer()[2] == b"abc"


def test_a_client_that_asks_and_does_not_wait_is_told_as_well(serving):
    link = serving().link(post(b"abc", b"/echo", b"Expect: 100-continue"))

    assert [link.answer()[0] for _ in range(2)] == [100, 200]


def test_the_next_request_may_ask_again(serving):
    link = serving().link()
    for body in (b"one", b"two"):
        link.send(post(body, b"/echo", b"Expect: 100-continue")[: -len(body)])
        assert link.answer()[0] == 100
        assert link.ask(body) == (200, body)


def test_a_mistake_of_the_application_is_500_and_nobody_elses(serving):
    server = serving()
    link = server.link()

    status, body = link.ask(get(b"/fails"))

    assert status == 500
    assert json.loads(body)["type"] == "InternalServerError"
    assert b"mistake" not in body
    assert server.link().ask(get()) == (200, b"root")
    assert ("exception", "Error handling request GET /fails") in server.log.lines


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(b"nonsense\r\n\r\n", 400, id="no request line"),
        pytest.param(b"GET\r\n\r\n", 400, id="a word"),
        pytest.param(b"G\x00T / HTTP/1.1\r\n" + HOST + b"\r\n", 400, id="no method"),
        pytest.param(b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 400, id="no version"),
        pytest.param(get(b"/" + b"a" * 9_000), 414, id="a long line"),
        pytest.param(get(b"/" + b"a" * 20_000)[:-4], 414, id="a line without an end"),
        pytest.param(get(b"/", *[b"A: b"] * 200), 431, id="many fields"),
        pytest.param(get(b"/", b"A: " + b"b" * 9_000), 431, id="a long field"),
        pytest.param(get(b"/", b"no field"), 400, id="a field without a colon"),
        pytest.param(get(b"/", b"A b: c"), 400, id="a blank in a name"),
        pytest.param(get(b"/", b"A: b\r\n c"), 400, id="a field of two lines"),
        pytest.param(get(b"/", b"Content-Length: x"), 400, id="no length"),
        pytest.param(get(b"/", b"Content-Length: -1"), 400, id="a negative length"),
        pytest.param(get(b"/", b"Content-Length: 1", b"Content-Length: 2"), 400, id="two lengths"),
        pytest.param(get(b"/", b"Content-Length: 1", b"Content-Length: 1"), 400, id="one twice"),
        pytest.param(get(b"/", b"\xff\xfe: \x9b<b>"), 400, id="no text"),
        pytest.param(get(b"/", b"Transfer-Encoding: x"), 501, id="an unknown encoding"),
        pytest.param(
            get(b"/", b"Content-Length: 3", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
            400,
            id="a length and chunks",
        ),
        pytest.param(
            get(b"/", b"Transfer-Encoding: gzip") + b"0\r\n\r\n", 400, id="no such encoding"
        ),
        pytest.param(chunked(b"abc").replace(b"3\r\n", b"x\r\n"), 400, id="no size of a chunk"),
        pytest.param(get(b"/echo", b"Expect: something"), 417, id="no such expectation"),
    ],
)
def test_what_is_no_request_is_refused_at_once_and_the_connection_ends(serving, data, status):
    server = serving()

    found = server.link(data).rest()

    head, _, body = found.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert head.count(b"HTTP/1.1 ") == 1
    assert b"Content-Type: application/json" in head
    assert set(json.loads(body)) == {"type", "message", "code"}
    assert len(body) < 300
    assert server.link().ask(get()) == (200, b"root")


def test_nothing_behind_a_broken_request_is_taken_for_one(serving):
    smuggled = get(b"/echo", b"Content-Length: 3", b"Transfer-Encoding: chunked") + b"0\r\n\r\n"

    server = serving()
    server.link(smuggled + get(b"/?smuggled")).rest()

    assert ("access", "/") not in server.log.lines


@pytest.mark.parametrize("sizes", [(1, 2), (3, 5, 8), (13,), (64, 1)], ids=str)
def test_a_row_of_requests_is_answered_whatever_pieces_it_comes_in(serving, sizes):
    bodies = [b"%d" % n * n for n in range(1, 12)]
    data = b"".join(post(body) if len(body) % 2 else chunked(body[:1], body[1:]) for body in bodies)
    link, place = serving().link(), 0
    for size in itertools.cycle(sizes):
        if place >= len(data):
            break
        link.send(data[place : place + size])
        place += size

    assert [link.answer()[2] for _ in bodies] == bodies
