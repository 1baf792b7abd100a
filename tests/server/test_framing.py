"""When a request is there as a whole, however its bytes arrive."""

import pytest

from app.server.framing import MOST_HEAD, MOST_LINE, Arrival

pytestmark = pytest.mark.no_database
MOST = 1_000
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def arrived(data):
    arrival = Arrival(MOST)
    arrival.add(data)
    return arrival


def in_bytes(data):
    """After how many bytes a request that arrives byte by byte is complete; None if it never is."""
    arrival = Arrival(MOST)
    for count in range(len(data)):
        arrival.add(data[count : count + 1])
        if arrival.is_complete:
            return count + 1
    return None


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        HEAD + b"\r\n",
        HEAD + b"Content-Length: 0\r\n\r\n",
        HEAD + b"Content-Length: 3\r\n\r\nabc",
        HEAD + b"content-length:\t 3 \r\n\r\nabc",
        CHUNKED + b"0\r\n\r\n",
        CHUNKED + b"3\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"3;name=value\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip, Chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_request_is_complete_with_its_last_byte(data):
    assert in_bytes(data) == len(data)
    assert arrived(data).is_complete
    assert not arrived(data[:-1]).is_complete


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"Content-Length: x\r\n\r\n",
        HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n",
        HEAD + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\n",
        HEAD + b"Content-Length: -5\r\n\r\n",
        HEAD + b"Content-Length: 1001\r\n\r\n",
        HEAD + b"Content-Length: " + b"9" * 20 + b"\r\n\r\n",
        HEAD + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        HEAD + b"Transfer-Encoding: x\r\n\r\n",
        HEAD + b"Transfer-Encoding: identity\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked, gzip\r\nContent-Length: 5\r\n\r\n",
        CHUNKED + b"x\r\n",
        CHUNKED + b"-5\r\n\r\n",
        CHUNKED + b"\r\n",
        CHUNKED + b"3E9\r\n" + b"a" * 1_001,
        CHUNKED + b"F" * 50 + b"\r\n" + b"a" * 1_001,
        b"a" * (MOST_LINE + 1),
        CHUNKED + b"1" * (MOST_LINE + 1),
    ],
    ids=lambda data: repr(data[-20:]),
)
def test_what_the_parser_will_refuse_is_complete_at_once(data):
    assert arrived(data).is_complete


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET / HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\n\r",
        HEAD + b"Content-Length: 1000\r\n\r\n" + b"a" * 999,
        CHUNKED,
        CHUNKED + b"3",
        CHUNKED + b"3\r\nabc",
        CHUNKED + b"3\r\nabc\r\n",
        CHUNKED + b"3E9\r\n" + b"a" * 1_000,
        CHUNKED + b"0\r\nTrailer: x\r\n",
    ],
    ids=lambda data: repr(data[-20:]),
)
def test_what_may_still_become_a_request_is_not(data):
    assert not arrived(data).is_complete


def test_the_head_has_a_limit_in_all_its_lines():
    head = HEAD + b"A: b\r\n" * (MOST_HEAD // 6)

    assert arrived(head).is_complete
    assert not arrived(head[: MOST_HEAD // 2]).is_complete


def test_so_have_the_fields_behind_the_last_chunk():
    assert arrived(CHUNKED + b"0\r\n" + b"A: b\r\n" * (MOST_HEAD // 6 + 1)).is_complete


def test_many_chunks_have_the_limit_of_one():
    chunk = b"64\r\n" + b"a" * 100 + b"\r\n"

    assert not arrived(CHUNKED + chunk * 10).is_complete
    assert arrived(CHUNKED + chunk * 11).is_complete


@pytest.mark.parametrize(
    ("field", "waits"),
    [
        (b"Expect: 100-continue", True),
        (b"EXPECT:  100-Continue ", True),
        (b"Expect: another", False),
        (b"X-Expect: 100-continue", False),
    ],
)
def test_a_client_may_wait_before_it_sends_the_body(field, waits):
    arrival = arrived(HEAD + field + b"\r\nContent-Length: 3\r\n\r\n")

    assert arrival.has_head
    assert arrival.wants_continue == waits

    arrival.add(b"abc")

    assert arrival.is_complete
    assert not arrival.wants_continue


def test_what_is_taken_is_gone():
    arrival = arrived(HEAD + b"Content-Length: 3\r\n\r\nabc")

    assert arrival.take().endswith(b"abc")
    assert (arrival.is_complete, arrival.has_head, arrival.data) == (False, False, b"")
