"""The HTTP connector: whom it asks, what it hands on, what stops it."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.bpmn.connectors import ConnectorError, Request
from app.connectors import Hosts, HttpConnector
from app.connectors import http as connector_module

GIVE_UP = threading.Event()


class Answers(BaseHTTPRequestHandler):
    """Answers by path."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        kind, _, rest = self.path.lstrip("/").partition("/")
        getattr(self, f"_{kind}")(rest)

    do_POST = do_HEAD = do_GET

    def _send(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def _status(self, rest):
        self._send(int(rest), b"told")

    def _echo(self, _):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        shown = f"{self.command} {self.headers.get('X-One')} ".encode()
        self._send(200, shown + body, Content_Type="text/plain; charset=utf-8")

    def _latin(self, _):
        self._send(200, "é".encode("latin-1"), Content_Type="text/plain; charset=iso-8859-1")

    def _charset(self, rest):
        self._send(200, b"tea-", Content_Type=f"text/plain; charset={rest}")

    def _to(self, rest):
        self._send(302, b"moved", Location=rest.replace("PORT", str(self.server.server_port)))

    def _big(self, _):
        self._send(200, b"x" * (2**20 + 1))

    def _drip(self, _):
        self.send_response(200)
        self.end_headers()
        while not GIVE_UP.wait(0.02):
            self.wfile.write(b"x")

    def _silent(self, _):
        GIVE_UP.wait(60)


@pytest.fixture(scope="module")
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_port
    GIVE_UP.set()
    server.shutdown()
    thread.join()
    server.server_close()


def ask(port, path, *, method="GET", listed="127.0.0.1:{}", seconds=30, url=None, **request):
    connector = HttpConnector(Hosts(tuple(listed.format(port).split(","))), seconds)
    url = (url or "http://127.0.0.1:{}").format(port) + path
    return connector.send(Request(method, url, request.pop("headers", {}), **request), seconds)


def test_an_answer_has_status_headers_and_text(port):
    found = ask(port, "/echo", method="POST", headers={"X-One": "1"}, payload="né")

    assert (found.status, found.body) == (200, "POST 1 né")
    assert found.headers["content-type"] == "text/plain; charset=utf-8"
    assert found.seconds > 0


@pytest.mark.parametrize("charset", ["punycode", "idna", "undefined", "hex", "nothing"])
def test_what_is_no_charset_of_the_web_is_read_as_utf_8(port, charset):
    assert ask(port, f"/charset/{charset}").body == "tea-"


@pytest.mark.parametrize("status", [404, 500])
def test_any_status_is_an_answer(port, status):
    assert ask(port, f"/status/{status}").status == status


def test_a_text_is_read_in_its_character_set(port):
    assert ask(port, "/latin").body == "é"


@pytest.mark.parametrize(
    ("target", "method", "status"),
    [
        ("/status/201", "GET", 201),
        ("/to//status/202", "GET", 202),
        ("http://127.0.0.1:PORT/status/203", "GET", 203),
        ("/status/201", "POST", 302),
        ("http://localhost:PORT/status/201", "GET", 302),
        ("http://127.0.0.1:1/status/201", "GET", 302),
        ("/to//to//to//to//to//status/201", "GET", 302),
    ],
)
def test_redirects_are_followed_on_the_same_host_alone(port, target, method, status):
    found = ask(port, f"/to/{target}", method=method, listed="127.0.0.1:{0},localhost:{0}")

    assert found.status == status


REFUSED = {
    "another host": ("127.0.0.2:{}", "http://127.0.0.1:{}", "is not one that connectors may ask"),
    "another port": ("127.0.0.1", "http://127.0.0.1:{}", "is not one that connectors may ask"),
    "a name that leads inside": (
        "localhost:{}",
        "http://localhost:{}",
        "leads to an address that is not listed",
    ),
    "a file": ("127.0.0.1:{}", "file:///etc/passwd?{}", "http and https addresses only"),
    "a user": ("127.0.0.1:{}", "http://a:b@127.0.0.1:{}", "http and https addresses only"),
    "a user that looks like the host": (
        "127.0.0.1:{}",
        "http://127.0.0.1:{}@evil.example",
        "http and https addresses only",
    ),
    "no host": ("127.0.0.1:{}", "http://:{}", "http and https addresses only"),
    "no port": ("127.0.0.1:{}", "http://127.0.0.1:x{}", "cannot be asked: ValueError"),
    "a line break": ("127.0.0.1:{}", "http://127.0.0.1:{}/a b", "cannot be asked: InvalidURL"),
    "nobody": ("127.0.0.1:1", "http://127.0.0.1:1/?{}", "cannot be asked: ConnectionRefused"),
}


@pytest.mark.parametrize(("listed", "url", "message"), REFUSED.values(), ids=REFUSED)
def test_whom_it_may_not_ask(port, listed, url, message):
    with pytest.raises(ConnectorError, match=message):
        ask(port, "/status/200", listed=listed, url=url)


@pytest.mark.parametrize(
    "headers", [{"Host": "other"}, {"content-length ": "1"}, {"X": "a\r\nHost: other"}, {"X\n": ""}]
)
def test_headers_that_would_change_the_request_are_refused(port, headers):
    with pytest.raises(ConnectorError):
        ask(port, "/status/200", headers=headers)


def test_an_answer_may_not_be_large(port):
    with pytest.raises(ConnectorError, match="more than 1048576 bytes"):
        ask(port, "/big")


@pytest.mark.parametrize("path", ["/silent", "/drip"])
def test_an_answer_that_does_not_come_is_not_waited_for(port, path):
    began = time.monotonic()

    with pytest.raises(ConnectorError, match="has not answered in time"):
        ask(port, path, seconds=0.2)

    assert time.monotonic() - began < 10


def test_so_many_calls_wait_at_once_and_no_more(port, monkeypatch):
    monkeypatch.setattr(connector_module, "MOST_AT_ONCE", 1)
    connector = HttpConnector(Hosts((f"127.0.0.1:{port}",)), 0.3)
    request = Request("GET", f"http://127.0.0.1:{port}/silent", {})
    failures = []

    def call():
        with pytest.raises(ConnectorError) as caught:
            connector.send(request, 0.3)
        failures.append(str(caught.value))

    connector._turns.acquire()
    call()
    connector._turns.release()

    assert failures == ["Too many connectors wait for their answers"]


LISTED = Hosts(("api.example.org", "*.example.com", "10.0.0.0/8", "::1", "one.example:8443"))


@pytest.mark.parametrize(
    ("host", "port", "may"),
    [
        ("api.example.org", 443, True),
        ("API.example.org.", 443, True),
        ("api.example.org", 8080, False),
        ("evil.api.example.org", 443, False),
        ("a.b.example.com", 443, True),
        ("example.com", 443, False),
        ("badexample.com", 443, False),
        ("one.example", 8443, True),
        ("one.example", 443, False),
        ("10.1.2.3", 443, True),
        ("11.1.2.3", 443, False),
        ("::1", 443, True),
        ("", 443, False),
    ],
)
def test_a_host_is_listed_by_name_domain_or_network(host, port, may):
    assert LISTED.has(host, port, is_default_port=port == 443) is may


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("10.1.2.3", True),
        ("::1", True),
        ("127.0.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("2001:0:1::1", False),
        ("name", False),
    ],
)
def test_an_address_is_public_or_listed(address, may):
    assert LISTED.may_reach(address) is may


@pytest.mark.parametrize("entry", ["", ":80", "a b", "host:http", "user@host", "10.0.0.1/8", "x/8"])
def test_what_is_no_host_is_refused(entry):
    with pytest.raises(ValueError, match=r".*"):
        Hosts((entry,))
