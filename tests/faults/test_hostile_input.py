"""Input that means no good: refused within a second with an error body, and others are served."""

import contextlib
import json
import socket
import time

import pytest

from tests.models import HEAD, TWO_TASKS, flow, flows, process, task
from tests.serving import form
from tests.store.driving import Counter

MEGABYTE = 2**20
COMPLETE = "/external-task/x/complete"


@pytest.fixture(scope="module")
def hostile(sqlite_template, tmp_path_factory):
    """A server for many tests: none of them may do it harm."""
    import shutil

    from tests.serving import Server

    path = tmp_path_factory.mktemp("hostile") / "baton.db"
    shutil.copy(sqlite_template, path)
    server = Server(f"sqlite:///{path}", BATON_MAX_BODY_BYTES=str(32 * MEGABYTE))
    yield server
    server.stop()


def refused(server, data, content_type="application/json", path=COMPLETE, **headers):
    """Status and type of a refusal, and the seconds that it took."""
    started = time.monotonic()
    status, answered, answer = server.raw("POST", path, data, content_type, **headers)
    assert answered["Content-Type"] == "application/json"
    return status, json.loads(answer)["type"], time.monotonic() - started


def deployed(server, xml):
    data, content_type = form({"deployment-name": "hostile"}, {"model.bpmn": xml})
    return refused(server, data, content_type, "/deployment/create")


def nested(depth):
    """Sub-processes so deep within each other."""
    inner = "".join(f'<subProcess id="s{i}">' for i in range(depth))
    return process('<startEvent id="a"/>' + inner + "</subProcess>" * depth)


def laughing(levels=12):
    """Entities that expand to more than there is memory."""
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "ha">'
        for n in range(levels)
    )
    return f"<!DOCTYPE d [{entities}]>{process(f'<documentation>&e{levels - 1};</documentation>')}"


def with_condition(text):
    return process(
        '<startEvent id="a"/>'
        + task("t")
        + '<exclusiveGateway id="g"/><endEvent id="e"/>'
        + flows("a", "t", "g")
        + flow("g", "e", text)
    )


MODELS = {
    "of 20 MB": lambda: process(f"<documentation>{'x' * 20 * MEGABYTE}</documentation>"),
    "of 200,000 elements": lambda: process("".join(f'<task id="t{i}"/>' for i in range(200_001))),
    "with an entity bomb": laughing,
    "with a quadratic entity": lambda: (
        f'<!DOCTYPE d [<!ENTITY e "{"x" * 50_000}">]>'
        + process(f"<documentation>{'&e;' * 20_000}</documentation>")
    ),
    "that reads a file": lambda: (
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + process("<documentation>&e;</documentation>")
    ),
    "nested 101 deep": lambda: nested(99),
    "nested 50,000 deep": lambda: nested(50_000),
    "never closed": lambda: HEAD + '<process id="p">' * 50_000,
    "with an expression of 100 kB": lambda: with_condition("${" + "1+" * 50_000 + "1 > 0}"),
    "with 50,000 brackets": lambda: with_condition("${" + "(" * 50_000 + ")" * 50_000 + "}"),
    "with 50,000 signs": lambda: with_condition("${" + "-" * 100_000 + "1}"),
    "with 20,000 expressions": lambda: with_condition("${1}" * 20_000),
    "with 200,000 attributes": lambda: process(
        "<task " + " ".join(f'a{i}=""' for i in range(200_000)) + ' id="t"/>'
    ),
    "with an attribute of 9 MB": lambda: process(f'<task id="t" name="{"x" * 9 * MEGABYTE}"/>'),
}
BODIES = {
    "100,000 brackets": lambda: b"[" * 100_000,
    "10,000 objects in each other": lambda: b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a number of a million digits": lambda: b'{"variables": {"x": {"value": ' + b"9" * 10**6,
    "a text that never ends": lambda: b'{"workerId": "' + b"x" * 10**7,
    "no UTF-8": lambda: b'{"workerId": "\xff\xfe"}',
}


@pytest.mark.parametrize("name", MODELS)
def test_a_hostile_model_is_refused_within_a_second(hostile, name):
    model = MODELS[name]()

    status, _, seconds = deployed(hostile, model)

    assert 400 <= status < 500
    assert seconds < 60  # a second where nothing else runs


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_refused_within_a_second(hostile, name):
    body = BODIES[name]()

    status, _, seconds = refused(hostile, body)

    assert 400 <= status < 500
    assert seconds < 60  # a second where nothing else runs


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        (COMPLETE, "application/json"),
        ("/deployment/create", "multipart/form-data; boundary=x"),
        ("/execution/x/localVariables/v/data", "multipart/form-data; boundary=x"),
    ],
)
@pytest.mark.parametrize("is_chunked", [False, True], ids=["whole", "chunked"])
def test_a_body_over_the_limit_is_413(hostile, path, content_type, is_chunked):
    head = b'--x\r\nContent-Disposition: form-data; name="data"; filename="f"\r\n\r\n'
    body = (
        (head if "multipart" in content_type else b"") + b"x" * (33 * MEGABYTE) + b"\r\n--x--\r\n"
    )
    chunks = (body[i : i + MEGABYTE] for i in range(0, len(body), MEGABYTE))

    status, type_, seconds = refused(hostile, chunks if is_chunked else body, content_type, path)

    assert (status, type_) == (413, "RequestTooLargeException")
    assert seconds < 120


def test_the_limits_of_bodies_and_models_are_settings(serve, sqlite_url):
    server = serve(sqlite_url, BATON_MAX_BODY_BYTES="20000", BATON_MAX_MODEL_BYTES="2000")

    assert refused(server, b"x" * 20_001)[0] == 413
    assert refused(server, b"x" * 19_999)[0] == 400
    assert deployed(server, process("<!--" + "x" * 2_000 + "-->"))[0] == 400


def test_a_model_that_never_waits_is_stopped_and_leaves_nothing(serve, database_url):
    server = serve(database_url, BATON_MAX_STEPS="1000", WEB_CONCURRENCY="1")
    server.deploy(
        process(
            '<startEvent id="s"/><exclusiveGateway id="again"/><manualTask id="hop"/>'
            + flows("s", "again", "hop", "again"),
            "endless",
        )
    )

    status, answer = server.call("POST", "/process-definition/key/endless/start", {})

    assert status == 500
    assert answer["message"].endswith("did not reach a wait state within 1000 steps.")
    assert server.call("GET", "/history/process-instance/count")[1] == {"count": 0}


def test_clients_that_send_byte_by_byte_block_nobody(serve, database_url):
    server = serve(database_url, WEB_CONCURRENCY="1")
    server.deploy(TWO_TASKS)
    head = (
        f"POST /engine-rest{COMPLETE} HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/json\r\n"
        "Content-Length: 14\r\n\r\n"
    )
    message, slow = (head + '{"workerId":5}').encode(), []

    with contextlib.ExitStack() as stack:
        for number in range(50):
            link = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            link.sendall(message[: len(head) * (number % 2)])
            slow.append((link, message[len(head) * (number % 2) :]))
        times = []
        for position in range(14):
            for link, rest in slow:
                link.sendall(rest[position : position + 1])
            started = time.monotonic()
            server.start("two")
            times.append(time.monotonic() - started)
        for link, rest in slow:
            link.sendall(rest[14:])
            link.settimeout(60)
            assert link.recv(100).startswith(b"HTTP/1.1 404")

    assert max(times) < 60  # a client that sends on would hold it for ever


def test_more_stalled_clients_than_threads_are_cut_off_in_time(serve, database_url):
    server = serve(database_url, WEB_CONCURRENCY="1", THREADS="12", READ_TIMEOUT="2")
    head = f"POST /engine-rest{COMPLETE} HTTP/1.1\r\nHost: localhost\r\n"
    head += "Content-Type: application/json\r\n"
    stalled = ("", "\r\n", "Content-Length: 9\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\n{")

    with contextlib.ExitStack() as stack:
        for number in range(16):
            link = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            link.sendall((head + stalled[number % 4]).encode())
        started = time.monotonic()
        status = server.call("GET", "/external-task/count")[0]
        seconds = time.monotonic() - started

    assert status == 200
    assert seconds < 50


def test_a_complete_with_ten_thousand_variables_is_done_in_a_few_statements(
    serve, postgres, postgres_url
):
    server = serve(postgres_url, WEB_CONCURRENCY="1")
    server.deploy(TWO_TASKS)
    instance = server.start("two")
    (locked,) = server.fetch("check")
    counter = Counter(postgres, postgres_url)

    variables = {f"v{number}": number for number in range(10_000)}
    status, _ = server.complete(locked["id"], approved=True, **variables)

    assert status == 204
    assert counter.count() < 50
    assert len(server.call("GET", f"/process-instance/{instance}/variables")[1]) == 10_001


@pytest.mark.parametrize(
    "chunks",
    [
        b"ZZ\r\n{}\r\n0\r\n\r\n",
        b"-2\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}XX0\r\n\r\n",
        b"2;" + b"a" * 20_000 + b"\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nX y\r\n\r\n",
    ],
    ids=["no number", "negative", "without an end", "long extension", "bad trailer"],
)
@pytest.mark.parametrize("media", ["application/json", "multipart/form-data; boundary=x"])
def test_chunks_that_cannot_be_read_are_a_refusal_and_the_end(hostile, chunks, media):
    path = COMPLETE if "json" in media else "/deployment/create"
    with socket.create_connection(("127.0.0.1", hostile.port), timeout=20) as connection:
        connection.sendall(
            f"POST /engine-rest{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media}\r\n"
            "Transfer-Encoding: chunked\r\n\r\n".encode()
            + chunks
        )
        answer = b""
        while part := connection.recv(65536):
            answer += part

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["type"] == "RestException"
