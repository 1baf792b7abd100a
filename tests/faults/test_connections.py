"""Clients that send nothing, send or read a byte at a time: everybody else is served."""

import contextlib
import http.client
import json
import shutil
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.models import TWO_TASKS
from tests.serving import Server

SLOW = 30  # of each kind; threads: 12
BODY = b'{"workerId":"w"}'
HEAD = (
    b"POST /engine-rest/external-task/x/complete HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\n"
)
REQUEST = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
READ = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def plain(sqlite_template, tmp_path_factory):
    """One server with no settings, for the tests that leave it as it was."""
    path = tmp_path_factory.mktemp("connections") / "baton.db"
    shutil.copy(sqlite_template, path)
    server = Server(f"sqlite:///{path}")
    yield server
    server.stop()


def dial(server, data=b"", buffer=None):
    link = socket.socket()
    if buffer:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    link.settimeout(20)
    link.connect(("127.0.0.1", server.port))
    link.sendall(data)
    return link


def answered(link, count=1):
    """Statuses and bodies of the answers on a connection."""
    file, found = link.makefile("rb"), []
    for _ in range(count):
        while True:
            status = int(file.readline().split()[1])
            headers = http.client.parse_headers(file)
            if status >= 200:
                break
        found.append((status, file.read(int(headers.get("Content-Length", 0)))))
    return found


def ended(link):
    """The bytes that arrive until the server closes the connection."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while part := link.recv(65536):
            found += part
    return found


def test_slow_clients_hold_no_thread(serve, database_url):
    server = serve(database_url, WEB_CONCURRENCY="1", THREADS="12")
    server.deploy(TWO_TASKS)
    large = server.start("two", text="x" * 3_000_000)
    (task,) = server.fetch("check")
    ask = f"GET /engine-rest/process-instance/{large}/variables HTTP/1.1\r\nHost: localhost\r\n\r\n"
    poll = {
        "workerId": "p",
        "maxTasks": 1,
        "asyncResponseTimeout": 3_000,
        "topics": [{"topicName": "nothing", "lockDuration": 1000}],
    }
    seconds = []

    with contextlib.ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        polls = [
            pool.submit(server.call, "POST", "/external-task/fetchAndLock", poll) for _ in range(4)
        ]
        for number in range(SLOW):
            stack.enter_context(dial(server))
            stack.enter_context(dial(server, HEAD[: number + 1]))
            stack.enter_context(dial(server, REQUEST[: -1 - number % 10]))
        for _ in range(SLOW):
            stack.enter_context(dial(server, ask.encode(), buffer=4096))
        for path in ("/health", "/ready"):
            started = time.monotonic()
            assert server.raw("GET", server.root + path)[0] == 200
            seconds.append(time.monotonic() - started)
        started = time.monotonic()
        assert server.complete(task["id"], approved=True)[0] == 204
        seconds.append(time.monotonic() - started)
        assert [done.result()[0] for done in polls] == [200] * 4

    assert max(seconds) < 10


@pytest.mark.parametrize(
    ("setting", "data"),
    [
        ("HEAD_TIMEOUT", HEAD),
        ("READ_TIMEOUT", REQUEST[:-1]),
        ("READ_TIMEOUT", HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"),
    ],
    ids=["head", "body", "chunk"],
)
def test_a_request_that_makes_no_progress_is_answered_408(serve, sqlite_url, setting, data):
    server = serve(sqlite_url, **{setting: "1"})

    with dial(server, data) as link:
        answer = ended(link)

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert set(json.loads(body)) == {"type", "message", "code"}


def test_who_does_not_take_an_answer_is_cut_off(serve, sqlite_url):
    server = serve(sqlite_url, WRITE_TIMEOUT="1")
    server.deploy(TWO_TASKS)
    large = server.start("two", text="x" * 8_000_000)
    ask = f"GET /engine-rest/process-instance/{large}/variables HTTP/1.1\r\nHost: localhost\r\n\r\n"

    with dial(server, ask.encode(), buffer=4096) as link:
        time.sleep(3.5)
        answer = ended(link)

    assert 0 < len(answer) < 8_000_000


def test_a_large_answer_arrives_whole_at_a_slow_reader(plain):
    plain.deploy(TWO_TASKS)
    large = plain.start("two", text="x" * 8_000_000)
    ask = f"GET /engine-rest/process-instance/{large}/variables HTTP/1.1\r\nHost: localhost\r\n\r\n"

    with dial(plain, ask.encode(), buffer=65536) as link:
        time.sleep(0.5)
        (status, body), (second, _) = answered(link) + (link.sendall(READ) or answered(link))

    assert (status, second) == (200, 200)
    assert json.loads(body)["text"]["value"] == "x" * 8_000_000


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_requests_behind_each_other_are_answered_in_order(plain, size):
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\n" + BODY + b"\r\n0\r\n\r\n"
    data = READ + REQUEST + chunked + READ

    with dial(plain) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(data), size):
            link.sendall(data[start : start + size])
        found = answered(link, 4)

    assert [status for status, _ in found] == [200, 404, 404, 200]


def test_a_client_that_asks_first_is_told_once_to_go_on(plain):
    head = HEAD + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(BODY)

    with dial(plain, head) as link:
        told = link.recv(100)
        link.sendall(BODY)
        rest = link.recv(100)

    assert told == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert rest.startswith(b"HTTP/1.1 404 ")


def test_the_connection_that_idles_longest_makes_room_for_a_new_one(serve, sqlite_url):
    server = serve(sqlite_url, THREADS="4", MAX_CONNECTIONS="16")

    with contextlib.ExitStack() as stack:
        links = [stack.enter_context(dial(server)) for _ in range(40)]
        status = server.raw("GET", f"{server.root}/health")[0]
        first = ended(links[0])

    assert (status, first) == (200, b"")


def test_what_slow_clients_have_sent_is_kept_within_a_limit(serve, sqlite_url):
    megabyte = 2**20
    server = serve(sqlite_url, BATON_MAX_BUFFER_BYTES=str(megabyte), BATON_MAX_BODY_BYTES="1000000")
    head = HEAD + b"Content-Length: 999999\r\n\r\n"

    with contextlib.ExitStack() as stack:
        links = [stack.enter_context(dial(server, head + b"x" * 990_000)) for _ in range(8)]
        links[0].settimeout(60)
        first = ended(links[0])
        status = server.raw("GET", f"{server.root}/health")[0]

    assert (first, status) == (b"", 200)


def test_short_connections_over_two_processes_lose_no_request(serve, postgres_url):
    server = serve(postgres_url, WEB_CONCURRENCY="2")

    def ask(_):
        with dial(server, REQUEST) as link:
            return answered(link)[0][0]

    with ThreadPoolExecutor(4) as pool:  # both processes wake for each; one finds nothing there
        statuses = list(pool.map(ask, range(600)))

    assert statuses == [404] * 600
