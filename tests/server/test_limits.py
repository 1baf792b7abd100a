"""Sizes and times that a worker allows, and connections that stay open."""

import pytest

from .workers import chunked, get, post

pytestmark = pytest.mark.no_database
KIB = 1024
SHORT = 0.1  # of a time limit that is meant to be over


def test_a_connection_serves_one_request_after_the_other(serving):
    link = serving().link()

    assert [link.ask(get(b"/?%d" % n))[1] for n in range(3)] == [b"root0", b"root1", b"root2"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(get(b"/", b"Connection: close"), id="as it asks"),
        pytest.param(get().replace(b"HTTP/1.1", b"HTTP/1.0"), id="HTTP/1.0"),
    ],
)
def test_a_connection_that_is_to_end_ends_after_its_answer(serving, data):
    link = serving().link(data + get(b"/?never"))

    found = link.rest()

    assert found.count(b" 200 OK") == 1
    assert found.endswith(b"root")


def test_a_connection_that_idles_too_long_is_closed_without_a_word(serving):
    link = serving(gunicorn={"keepalive": SHORT}).link()
    link.ask(get())

    assert link.rest() == b""


def test_so_is_one_that_has_never_asked(serving):
    assert serving(gunicorn={"keepalive": SHORT}).link().rest() == b""


def test_the_connection_that_idles_longest_makes_room(serving):
    server = serving(gunicorn={"worker_connections": 3})
    links = [server.link() for _ in range(2)]
    for link in (*links, links[0]):  # so the second one idles for longest
        link.ask(get())
        server.until(lambda: len(server.worker._idle.members) == 2)

    third = server.link()

    assert third.ask(get())[0] == 200
    assert links[1].rest() == b""
    assert links[0].ask(get())[0] == 200


def test_a_client_that_hangs_up_in_the_middle_leaves_nothing_behind(serving):
    server = serving()
    for data in (b"", get()[:5], get()[:-2], post(b"abc")[:-1], get(b"/large/9000000")):
        server.link(data).close()

    server.until(lambda: server.worker.nr_conns == 0 and server.worker._held == 0)

    assert server.link().ask(get())[0] == 200


def test_a_body_of_the_largest_size_is_served(serving):
    body = b"x" * 4 * KIB

    assert serving(max_body_bytes=4 * KIB).link().ask(post(body)) == (200, body)


def test_a_larger_body_is_answered_before_it_has_arrived(serving):
    link = serving(max_body_bytes=4 * KIB).link(post(b"x" * 5 * KIB, b"/unread")[: -4 * KIB])

    found = link.rest()

    assert found.startswith(b"HTTP/1.1 413 ")
    assert found.endswith(b"no")


@pytest.mark.parametrize("size", [5 * KIB, 200 * KIB])
def test_a_client_that_sends_all_of_a_larger_body_can_read_the_answer(serving, size):
    link = serving(max_body_bytes=4 * KIB).link(post(b"x" * size, b"/unread"))

    assert link.answer()[0] == 413


def test_what_is_kept_for_slow_clients_has_a_limit_and_the_oldest_goes_first(serving):
    server = serving(max_body_bytes=64 * KIB, max_buffer_bytes=64 * KIB)  # at least four bodies
    half = post(b"x" * 60 * KIB)[:-1]
    links = []
    for _ in range(5):
        links.append(server.link(half))
        server.until(lambda: server.worker._held >= min(len(links), 4) * 59 * KIB)

    gone, *others = links
    assert gone.rest() == b""
    for link in others:
        link.send(b"x")
        assert link.answer()[0] == 200


def test_a_large_answer_arrives_whole_at_a_slow_reader(serving):
    size = 3_000_000
    link = serving().link(get(b"/large/%d" % size) + get(b"/?next"), buffer=4_096)

    assert len(link.answer()[2]) == size
    assert link.answer()[2] == b"rootnext"


def test_an_answer_in_parts_arrives_whole(serving):
    assert len(serving().link().ask(get(b"/parts/20"))[1]) == 2_000_000


def test_a_thread_is_free_while_its_answer_is_taken(serving):
    server = serving(gunicorn={"threads": 1})
    slow = server.link(get(b"/large/5000000"), buffer=4_096)

    assert server.link().ask(get()) == (200, b"root")

    assert len(slow.answer()[2]) == 5_000_000


@pytest.mark.parametrize(
    ("setting", "data"),
    [
        pytest.param("head_timeout", get()[:10], id="the head"),
        pytest.param("read_timeout", post(b"abc")[:-1], id="the body"),
        pytest.param("read_timeout", chunked(b"abc")[:-5], id="the last chunk"),
    ],
)
def test_a_request_that_does_not_go_on_is_answered_408(serving, setting, data):
    link = serving(**{setting: SHORT}).link(data)

    found = link.rest()

    assert found.startswith(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n")
    assert found.endswith(b'"message":"The request did not arrive in time.","code":null}')
    length = int(found.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
    assert len(found.partition(b"\r\n\r\n")[2]) == length


def test_a_client_that_does_not_take_its_answer_is_cut_off(serving):
    server = serving(write_timeout=SHORT)
    link = server.link(get(b"/large/9000000"), buffer=4_096)
    assert link.line() == b"HTTP/1.1 200 OK\r\n"

    server.until(lambda: server.worker.nr_conns == 0)

    assert len(link.rest()) < 9_000_000


def test_a_client_that_hears_the_end_and_stays_is_left(serving, monkeypatch):
    server = serving()
    monkeypatch.setattr(server.worker._farewells, "seconds", SHORT)
    link = server.link(get(b"/", b"Connection: close"))

    assert link.rest().endswith(b"root")
    server.until(lambda: server.worker.nr_conns == 0)
