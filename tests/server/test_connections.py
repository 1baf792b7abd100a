"""A client's socket that never blocks, and what a connection knows of its requests."""

import contextlib
import socket
import threading

import hypothesis
import pytest
from gunicorn.config import Config as GunicornConfig
from hypothesis import strategies as st

from app.server import connections
from app.server.connections import CONTINUE, Connection, Wire
from app.server.framing import Arrival
from app.server.held import SMALL, HeldError, Holds
from app.server.kept import Kept
from app.server.phases import Phase

from .workers import chunked, get, post

pytestmark = pytest.mark.no_database
MIB = 2**20


@pytest.fixture
def ends():
    """Both ends of a connection: a server's wire and its client."""
    with contextlib.ExitStack() as stack:

        def make(most=MIB):
            near, far = socket.socketpair()
            for end in (near, far):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
            far.settimeout(60)
            wire = Wire(near, most)
            stack.callback(wire.close)
            stack.callback(far.close)
            return wire, far

        yield make


def taken(far, count):
    """So many bytes that have been sent, as far as they are there."""
    far.setblocking(False)
    found = b""
    with contextlib.suppress(BlockingIOError):
        while len(found) < count:
            found += far.recv(min(65_536, count - len(found)))
    return found


# -- the wire ---------------------------------------------------------------------------------


def test_a_wire_never_blocks_whatever_it_is_told(ends):
    wire, _ = ends()

    wire.setblocking(True)
    wire.settimeout(5)

    assert not wire.getblocking()
    with pytest.raises(BlockingIOError):
        wire.recv(1)


def test_a_small_answer_goes_out_at_once(ends):
    wire, far = ends()

    wire.sendall(b"hello")

    assert far.recv(9) == b"hello"
    assert (list(wire.unsent), wire.unsent_bytes) == ([], 0)


def test_what_is_not_taken_is_kept_and_sent_later(ends):
    wire, far = ends()
    data = bytes(range(256)) * 4_096

    wire.sendall(data)
    assert 0 < wire.unsent_bytes < len(data)
    found = b""
    while len(found) < len(data):
        found += taken(far, len(data))
        wire.flush_some()

    assert found == data
    assert (list(wire.unsent), wire.unsent_bytes) == ([], 0)


def test_nothing_overtakes_what_is_kept(ends):
    wire, far = ends()
    wire.sendall(b"a" * MIB)
    kept = wire.unsent_bytes
    before = taken(far, 1_000)  # now there is room

    wire.sendall(b"b")

    assert before == b"a" * 1_000
    assert wire.unsent_bytes == kept + 1


def test_a_connection_sends_a_bounded_part_before_others_have_their_turn(ends, monkeypatch):
    monkeypatch.setattr(connections, "AT_ONCE", 1_000)
    wire, far = ends()
    wire.sendall(b"a" * MIB)
    taken(far, MIB)

    assert wire.flush_some() <= 2_000


def test_an_answer_in_parts_waits_for_a_client_that_keeps_up(ends):
    wire, far = ends(most=1_000)
    found = []

    def read():
        while sum(map(len, found)) < 2 * MIB:
            found.append(far.recv(65_536))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(32):
        wire.sendall(b"x" * 65_536)
    while wire.unsent:
        wire.flush_some()
    reader.join(60)

    assert sum(map(len, found)) == 2 * MIB


def test_an_answer_in_parts_ends_with_a_client_that_does_not(ends, monkeypatch):
    monkeypatch.setattr(connections, "ROOM_SECONDS", 0.02)
    wire, _ = ends(most=1_000)
    wire.sendall(b"x" * MIB)

    with pytest.raises(BrokenPipeError, match="does not take its answer"):
        wire.sendall(b"x")


def test_to_go_on_is_said_once_for_a_request(ends):
    wire, far = ends()

    wire.send(CONTINUE)
    wire.has_continued = True
    wire.send(CONTINUE)
    wire.send(b"x")

    assert taken(far, 99) == CONTINUE + b"x"


def test_a_socket_that_became_a_wire_is_no_socket_of_its_own():
    near, far = socket.socketpair()

    with Wire(near, MIB) as wire:
        assert near.fileno() == -1
        wire.sendall(b"x")
        assert far.recv(1) == b"x"
    far.close()


# -- a connection -----------------------------------------------------------------------------


@pytest.fixture
def connected():
    """Connections with their clients."""
    with contextlib.ExitStack() as stack:

        def make(most=MIB):
            near, far = socket.socketpair()
            conn = Connection(GunicornConfig(), near, (("1.2.3.4", 5), ("h", 80)), (most, MIB))
            stack.callback(conn.close)
            stack.callback(far.close)
            return conn, far

        yield make


def parsed(conn):
    """The next request as gunicorn's parser reads it: method, path, body."""
    conn.hand_over()
    request = next(conn.parser)
    found = request.method, request.path, request.body.read()
    conn.parser.finish_body()
    conn.take_back()
    return found


def test_nothing_is_received_where_nothing_is(connected):
    conn, _ = connected()

    assert conn.receive() == 0
    assert not conn.is_ended


def test_a_request_is_handed_to_the_parser_as_it_came(connected):
    conn, far = connected()
    far.sendall(post(b"abc"))
    conn.receive()

    assert conn.arrival.is_complete
    assert parsed(conn) == ("POST", "/echo", b"abc")
    assert conn.is_drained


def test_what_is_behind_a_request_is_the_beginning_of_the_next(connected):
    conn, far = connected()
    far.sendall(post(b"one") + chunked(b"two") + get(b"/three")[:-1])
    conn.receive()

    assert parsed(conn) == ("POST", "/echo", b"one")
    assert conn.arrival.is_complete
    assert parsed(conn) == ("POST", "/echo", b"two")
    assert (conn.arrival.is_complete, len(conn.arrival.data)) == (False, len(get(b"/three")) - 1)
    far.sendall(b"\n")
    conn.receive()
    assert parsed(conn) == ("GET", "/three", b"")


def test_a_request_that_is_handed_over_too_early_is_not_drained(connected):
    conn, far = connected(most=2)
    far.sendall(post(b"abc")[:-1])
    conn.receive()

    parsed(conn)

    assert not conn.is_drained


@pytest.mark.parametrize(
    ("sent", "is_complete"),
    [
        pytest.param(b"", False, id="nothing: there is nothing to say"),
        pytest.param(get()[:5], True, id="half a head: the parser says what is missing"),
    ],
)
def test_a_client_that_hangs_up_has_ended(connected, sent, is_complete):
    conn, far = connected()
    far.sendall(sent)
    conn.receive()
    far.close()

    conn.receive()

    assert conn.is_ended
    assert conn.arrival.is_complete is is_complete


@pytest.mark.parametrize(("size", "may"), [(0, True), (SMALL - 200, True), (SMALL + 1, False)])
def test_a_small_request_may_be_held(connected, size, may):
    conn, far = connected()
    far.sendall(post(b"x" * size))
    while not conn.arrival.is_complete:
        conn.receive()

    conn.hand_over()

    assert conn.sock.may_hold is may


def test_of_what_is_sent_behind_a_held_request_little_is_received(connected):
    conn, far = connected()
    far.sendall(b"x" * 2 * SMALL)

    conn.hear()

    assert conn.has_enough
    assert len(conn.arrival.data) == SMALL


def test_a_whole_request_behind_a_held_one_is_enough(connected):
    conn, far = connected()
    far.sendall(get())
    conn.hear()

    assert conn.has_enough


def test_a_connection_that_is_lost_while_a_request_waits_has_ended(connected):
    conn, _ = connected()
    conn.sock.close()

    conn.hear()

    assert conn.is_ended


def answered_by_an_application(holds):
    """The answer to a request whose application handles every error."""
    try:
        holds.hold("a request")
    except Exception:
        return "an error"


def test_holding_leaves_the_thread_past_whoever_handles_errors():
    with pytest.raises(HeldError) as left:
        answered_by_an_application(Holds())

    assert left.value.waiting == "a request"


# -- phases -----------------------------------------------------------------------------------


class Member:
    def __init__(self, deadline):
        self.deadline = deadline


@pytest.mark.parametrize(
    ("deadlines", "now", "late"),
    [
        ([], 5, []),
        ([6], 5, []),
        ([5], 5, [5]),
        ([3, 5, 6], 5, [3, 5]),
        ([6, 3], 5, []),  # the first is the one whose time is up first
    ],
)
def test_those_whose_time_is_up_leave_from_the_front(deadlines, now, late):
    phase = Phase(1.0, 1)
    phase.members = dict.fromkeys(map(Member, deadlines))

    found = []
    for member in phase.late(now):
        found.append(member.deadline)
        del phase.members[member]

    assert found == late


def test_a_setting_is_asked_for_once():
    class Counted:
        count = 0

        def __getattr__(self, name):
            self.count += 1
            return f"{name} {self.count}"

    asked = Counted()
    kept = Kept(asked)

    assert [kept.a, kept.b, kept.a] == ["a 1", "b 2", "a 1"]


# -- where requests end, however they arrive --------------------------------------------------

REQUESTS = st.one_of(
    st.builds(get, st.just(b"/"), st.just(b"X: y")),
    st.builds(post, st.binary(max_size=40)),
    st.lists(st.binary(min_size=1, max_size=20), max_size=4).map(lambda parts: chunked(*parts)),
)


@hypothesis.settings(max_examples=30)
@hypothesis.given(REQUESTS, st.binary(max_size=30), st.lists(st.integers(1, 40), min_size=1))
def test_a_request_is_complete_with_its_last_byte_whatever_pieces_it_comes_in(data, behind, sizes):
    arrival, place = Arrival(1_000), 0
    while place < len(data):
        size = sizes[place % len(sizes)]
        arrival.add(data[place : min(place + size, len(data))])
        place += size
        assert arrival.is_complete == (place >= len(data))

    arrival.add(behind)
    assert arrival.take() == data + behind


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.binary(max_size=300))
def test_any_bytes_are_taken_as_they_are(data):
    arrival = Arrival(100)

    for place in range(len(data)):
        arrival.add(data[place : place + 1])

    assert arrival.take() == data
    assert not arrival.is_complete
