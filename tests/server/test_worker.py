"""The worker of the server: requests however they arrive, limits, waits, and its end."""

import errno
import itertools

import pytest

from app.server.held import SMALL

from .workers import HOST, chunked, get, post

pytestmark = pytest.mark.no_database
KIB = 1024
SHORT = 0.1  # of a time limit that is meant to be over


# -- requests ---------------------------------------------------------------------------------


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

    status, _ = link.ask(get(b"/fails"))

    assert status == 500
    assert server.link().ask(get()) == (200, b"root")
    assert ("exception", "Error handling request GET /fails") in server.log.lines


# -- connections that stay --------------------------------------------------------------------


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


# -- broken requests --------------------------------------------------------------------------


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
        pytest.param(
            get(b"/", b"Content-Length: 2", b"Content-Length: 1") + b"x", 400, id="two lengths"
        ),
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

    assert found.startswith(b"HTTP/1.1 %d " % status)
    assert found.count(b"HTTP/1.1 ") == 1
    assert server.link().ask(get()) == (200, b"root")


def test_nothing_behind_a_broken_request_is_taken_for_one(serving):
    smuggled = get(b"/echo", b"Content-Length: 3", b"Transfer-Encoding: chunked") + b"0\r\n\r\n"

    server = serving()
    server.link(smuggled + get(b"/?smuggled")).rest()

    assert ("access", "/") not in server.log.lines


# -- sizes ------------------------------------------------------------------------------------


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


# -- times ------------------------------------------------------------------------------------


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


# -- requests that are held -------------------------------------------------------------------


def held(server, data=None):
    """A request that is held, and its connection."""
    count = len(server.application.asked)
    link = server.link(data or get(b"/hold"))
    server.until(lambda: len(server.application.asked) > count)
    asked = server.application.asked[-1]
    assert asked.has_rested.wait(60)
    return asked, link


def answer(asked, body=b"at last"):
    asked.answer_with = body
    asked.call()


def test_a_request_that_is_held_is_answered_when_it_asks_for_a_thread(serving):
    server = serving()
    asked, link = held(server)
    assert link.is_silent()

    answer(asked)

    assert link.answer()[2] == b"at last"
    assert link.ask(get()) == (200, b"root")
    server.until(lambda: ("access", "/hold") in server.log.lines)


def test_requests_that_are_held_hold_no_thread(serving):
    server = serving(gunicorn={"threads": 1})
    waiting = [held(server) for _ in range(5)]

    assert server.link().ask(get()) == (200, b"root")

    for asked, _ in reversed(waiting):
        answer(asked)
    assert [link.answer()[2] for _, link in waiting] == [b"at last"] * 5


def test_a_request_that_looked_in_vain_goes_on_waiting(serving):
    server = serving()
    asked, link = held(server)
    asked.has_rested.clear()

    asked.call()
    assert asked.has_rested.wait(60)
    assert link.is_silent()
    answer(asked)

    assert link.answer()[2] == b"at last"
    assert asked.tries == 2


def test_a_request_whose_client_hangs_up_is_told(serving):
    server = serving()
    asked, link = held(server)

    link.close()

    assert asked.has_hung_up.wait(60)


def test_the_request_behind_a_held_one_is_answered_after_it(serving):
    server = serving()
    asked, link = held(server, get(b"/hold") + get(b"/?second"))
    assert link.is_silent()

    answer(asked)

    assert [link.answer()[2] for _ in range(2)] == [b"at last", b"rootsecond"]


def test_what_comes_while_a_request_waits_is_the_next_one(serving):
    server = serving()
    asked, link = held(server)

    link.send(get(b"/?second"))
    server.until(lambda: server.worker._held > 0)
    answer(asked)

    assert [link.answer()[2] for _ in range(2)] == [b"at last", b"rootsecond"]


def test_a_large_request_is_not_held(serving):
    body = b"x" * (SMALL + 1)

    assert serving().link().ask(post(body, b"/hold")) == (200, b"not held")


def test_a_held_request_that_fails_is_500(serving):
    server = serving()
    asked, link = held(server)

    answer(asked, RuntimeError("a mistake"))

    assert link.rest().startswith(b"HTTP/1.1 500 ")
    assert server.link().ask(get()) == (200, b"root")


def test_a_held_request_is_answered_in_parts(serving):
    server = serving()
    asked, link = held(server)

    answer(asked, [b"at ", b"last"])

    assert link.answer()[2] == b"at last"
    assert link.ask(get()) == (200, b"root")


def test_a_held_request_that_fails_in_the_middle_ends_its_connection(serving):
    server = serving()
    asked, link = held(server)

    answer(asked, [b"at ", RuntimeError("a mistake")])

    assert b"last" not in link.rest()
    assert ("exception", "Error handling request") in server.log.lines
    assert server.link().ask(get()) == (200, b"root")


def test_a_held_request_of_a_connection_that_is_to_end_ends_it(serving):
    server = serving()
    asked, link = held(server, get(b"/hold", b"Connection: close"))

    answer(asked)

    assert link.rest().endswith(b"at last")


# -- the end ----------------------------------------------------------------------------------


def test_a_request_that_runs_is_answered_before_the_worker_ends(serving):
    server = serving()
    link = server.link(get(b"/block"))
    assert server.application.is_blocked.wait(60)

    server.begin_to_end()
    server.application.may_go.set()

    assert link.answer()[2] == b"unblocked"
    link.close()
    assert server.has_ended()


def test_a_held_request_is_answered_at_the_end(serving):
    server = serving()
    asked, link = held(server)

    server.begin_to_end()
    answer(asked)

    status, fields, body = link.answer()
    assert (status, body) == (200, b"at last")
    assert fields["Connection"] == "close"
    link.close()
    assert server.has_ended()


def test_a_request_on_an_idle_connection_is_answered_while_the_worker_ends(serving):
    server = serving()
    busy, idle = server.link(get(b"/block")), server.link()
    idle.ask(get())
    assert server.application.is_blocked.wait(60)

    server.begin_to_end()
    status, _ = idle.ask(get(b"/?late"))
    server.application.may_go.set()

    assert status == 200
    assert busy.answer()[2] == b"unblocked"
    busy.close()
    idle.close()
    assert server.has_ended()


def test_nobody_is_accepted_any_more_at_the_end(serving):
    server = serving()
    busy = server.link(get(b"/block"))
    assert server.application.is_blocked.wait(60)
    server.begin_to_end()
    server.until(lambda: not server.worker._accepting)

    late = server.link(get())

    assert late.is_silent()
    server.application.may_go.set()
    assert busy.answer()[2] == b"unblocked"


def test_a_worker_without_its_master_ends(serving):
    server = serving()

    server.worker.ppid = -1
    server.in_loop(lambda: None)

    assert server.has_ended()


# -- accepting --------------------------------------------------------------------------------


class Refusing:
    """A listener that has no connection to give."""

    def __init__(self, number):
        self.number = number

    def accept(self):
        raise OSError(self.number, "no")


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED])
def test_a_connection_that_another_process_has_taken_is_nothing(serving, number):
    server = serving()
    link = server.link()
    link.ask(get())

    server.in_loop(lambda: server.worker.accept(Refusing(number)))

    assert link.ask(get())[0] == 200


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_where_no_file_can_be_opened_the_longest_idle_connection_goes(serving, number):
    server = serving()
    links = [server.link(), server.link()]
    for link in links:
        link.ask(get())
        server.until(lambda: len(server.worker._idle.members) == 2)

    server.in_loop(lambda: server.worker.accept(Refusing(number)))

    assert links[0].rest() == b""
    assert links[1].ask(get())[0] == 200


def test_a_listener_that_is_broken_is_an_error(serving):
    server = serving()

    with pytest.raises(OSError, match="no"):
        server.worker.accept(Refusing(errno.EBADF))


# -- pieces in any order ----------------------------------------------------------------------


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
