"""A worker of the server in a thread of the test's own process, over a small application."""

import contextlib
import http.client
import os
import select
import selectors
import socket
import threading

from gunicorn.config import Config as GunicornConfig

from app.server import worker as worker_module
from app.server.worker import Worker
from config import Config

HOST = b"Host: localhost\r\n"
SECONDS = 20  # for what comes at once unless the machine is busy


def get(path=b"/", *fields):
    """A request without a body."""
    return (
        b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"".join(f + b"\r\n" for f in fields) + b"\r\n"
    )


def post(body, path=b"/echo", *fields):
    """A request with a body."""
    length = b"Content-Length: %d" % len(body)
    return get(path, length, *fields).replace(b"GET", b"POST", 1) + body


def chunked(*chunks, path=b"/echo", trailer=b""):
    """A request whose body comes in chunks."""
    head = get(path, b"Transfer-Encoding: chunked").replace(b"GET", b"POST", 1)
    parts = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head + parts + b"0\r\n" + trailer + b"\r\n"


class Log:
    """A logger for gunicorn that keeps its lines."""

    def __init__(self):
        self.lines = []

    def access(self, response, request, environ, took):
        self.lines.append(("access", environ.get("PATH_INFO")))

    def __getattr__(self, level):
        def note(message, *values, **_):
            self.lines.append((level, message % values if values else message))

        return note


class Asked:
    """A request that waits until the test answers it (`app.server.held.Waiting`)."""

    def __init__(self, environ):
        self.environ = environ
        self.tries, self.has_left = 0, False
        self.has_rested, self.has_hung_up = threading.Event(), threading.Event()
        self.answer_with = None

    def await_turn(self, call):
        self.call = call
        self.has_rested.set()
        if self.answer_with is not None:
            call()

    def retry(self):
        self.tries += 1
        return self.answer_with is not None

    def answer(self, start_response):
        body = self.answer_with
        if isinstance(body, Exception):
            raise body
        if isinstance(body, list):
            start_response("200 OK", [])
            return _parts(body)
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def hang_up(self):
        self.answer_with = b""
        self.has_hung_up.set()
        if self.has_rested.is_set():
            self.call()

    def leave(self):
        self.has_left = True


def _parts(found):
    """An answer in parts; one that is an error is raised in its place."""
    for part in found:
        if isinstance(part, Exception):
            raise part
        yield part


class Application:
    """Answers by path; ``/hold`` is held, ``/block`` keeps its thread until it is let go.

    Attributes:
        asked: the requests that are held, in their order.
    """

    def __init__(self):
        self.asked = []
        self.is_blocked, self.may_go = threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"].strip("/")
        name, _, rest = path.partition("/")
        return getattr(self, name or "root")(environ, start_response, rest)

    def _answer(self, start_response, body, status="200 OK"):
        start_response(status, [("Content-Length", str(len(body)))])
        return [body]

    def root(self, environ, start_response, rest):
        return self._answer(start_response, b"root" + environ["QUERY_STRING"].encode())

    def echo(self, environ, start_response, rest):
        return self._answer(start_response, environ["wsgi.input"].read())

    def unread(self, environ, start_response, rest):
        return self._answer(start_response, b"no", "413 Too Large")

    def large(self, environ, start_response, rest):
        return self._answer(start_response, b"x" * int(rest))

    def parts(self, environ, start_response, rest):
        start_response("200 OK", [])
        return (b"x" * 100_000 for _ in range(int(rest)))

    def fails(self, environ, start_response, rest):
        raise RuntimeError("a mistake")

    def hold(self, environ, start_response, rest):
        found = environ["gunicorn.socket"]
        if not found.may_hold:
            return self._answer(start_response, b"not held")
        self.asked.append(Asked(environ))
        return found.hold(self.asked[-1])

    def block(self, environ, start_response, rest):
        self.is_blocked.set()
        assert self.may_go.wait(SECONDS)
        return self._answer(start_response, b"unblocked")


class Link:
    """A client's connection."""

    def __init__(self, address, buffer=None):
        self.socket = socket.socket()
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(SECONDS)
        self.socket.connect(address)
        self._file = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def line(self):
        """The next line that comes."""
        return self._file.readline()

    def answer(self):
        """Status, fields and body of the next answer."""
        line = self._file.readline()
        assert line, "the server has hung up"
        status = int(line.split()[1])
        fields = http.client.parse_headers(self._file)
        if status == 100:
            return status, fields, b""
        return status, fields, self._body(fields)

    def _body(self, fields):
        if fields.get("Transfer-Encoding") != "chunked":
            return self._file.read(int(fields.get("Content-Length", 0)))
        body = b""
        while size := int(self._file.readline(), 16):
            body += self._file.read(size)
            self._file.readline()
        self._file.readline()
        return body

    def ask(self, data):
        """Status and body of the answer to a request."""
        self.send(data)
        status, _, body = self.answer()
        return status, body

    def rest(self):
        """All that comes until the server hangs up."""
        with contextlib.suppress(ConnectionResetError):
            return self._file.read()
        return b""

    def is_silent(self, seconds=0.05):
        """Whether nothing comes for a while."""
        return not select.select([self.socket], [], [], seconds)[0]

    def close(self):
        self._file.close()
        self.socket.close()


class Serving:
    """A worker that serves.

    Args:
        settings: of our configuration.
        gunicorn: settings of gunicorn's.
    """

    def __init__(self, monkeypatch, settings, gunicorn):
        monkeypatch.setattr(worker_module, "_config", Config(**settings))
        cfg = GunicornConfig()
        for name, value in {
            "threads": 2,
            "keepalive": 75,
            "graceful_timeout": 5,
            **gunicorn,
        }.items():
            cfg.settings[name].value = value  # past the check: tests wait for less than a second
        self.log, self.application = Log(), Application()
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = listener.getsockname()
        self.worker = Worker(0, os.getppid(), [listener], None, 30, cfg, self.log)
        self.worker.wsgi = self.application
        self.worker.tpool = self.worker.get_thread_pool()
        self.worker.poller = selectors.DefaultSelector()
        self.worker.method_queue.init()
        self._thread = threading.Thread(target=self.worker.run)
        self._thread.start()
        self._links = []

    def link(self, data=b"", buffer=None):
        """A new connection, which sends something first."""
        found = Link(self.address, buffer)
        self._links.append(found)
        if data:
            found.send(data)
        return found

    def in_loop(self, look):
        """The result of a function that is called in the thread that has the connections."""
        found, is_there = [], threading.Event()

        def run():
            found.append(look())
            is_there.set()

        self.worker.method_queue.defer(run)
        assert is_there.wait(SECONDS)
        return found[0]

    def until(self, holds):
        """Wait until something holds in the thread that has the connections."""
        for _ in range(SECONDS * 200):
            if self.in_loop(holds):
                return
            threading.Event().wait(0.005)
        raise AssertionError("it does not come to that")

    def begin_to_end(self):
        """As at SIGTERM, without waiting for the end."""
        self.worker.alive = False
        self.worker.method_queue.defer(lambda: None)

    def has_ended(self):
        self._thread.join(SECONDS)
        return not self._thread.is_alive()

    def close(self):
        self.application.may_go.set()
        for link in self._links:
            link.close()
        if self._thread.is_alive():
            self.begin_to_end()
        assert self.has_ended()
        self.worker.tpool.shutdown()
        self.worker.tmp.close()


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
