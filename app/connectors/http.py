"""The HTTP connector: one request, one answer, within a time and a size.

A call is made while its process instance is locked. So it is bounded in every way, by the clock on
the wall too, whatever the name server or the other side does: it runs in a thread of its own, and
its caller waits no longer than that.

Source: semantics 11.12; Camunda 7 ``HttpConnectorImpl``.
"""

import codecs
import http.client
import queue
import socket
import ssl
import threading
import time
from urllib.parse import SplitResult, urljoin, urlsplit

from app.bpmn.connectors import ConnectorError, Request, Response

from .hosts import Hosts

MOST_BYTES = 2**20  # of an answer
MOST_AT_ONCE = 8  # calls of this process: each holds a connection to the database meanwhile
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
OURS = ("host", "content-length", "transfer-encoding", "connection", "upgrade", "expect", "te")
# of Python alone, and no charsets; to decode a megabyte of Punycode takes minutes
NO_CHARSETS = ("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape")


class HttpConnector:
    """Asks the hosts of a list.

    Args:
        hosts: whom it may ask.
        seconds: how long a call may take.
    """

    def __init__(self, hosts: Hosts, seconds: float) -> None:
        self._hosts = hosts
        self._seconds = seconds
        self._turns = threading.BoundedSemaphore(MOST_AT_ONCE)

    def send(self, request: Request, seconds: float) -> Response:
        """See `app.bpmn.connectors.Connector`."""
        began = time.monotonic()
        until = began + min(seconds, self._seconds)
        if not self._turns.acquire(timeout=min(seconds, self._seconds)):
            raise ConnectorError("Too many connectors wait for their answers")
        call = _Call(request, self._hosts, until)
        answer: queue.SimpleQueue[Response | Exception] = queue.SimpleQueue()

        def run() -> None:
            try:
                answer.put(call.run())
            except Exception as error:  # it is raised in the thread that waits
                answer.put(error)
            finally:
                self._turns.release()

        threading.Thread(target=run, name="http-connector", daemon=True).start()
        try:
            found = answer.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            call.abort()
            raise ConnectorError(f"{call.name} has not answered in time") from None
        if isinstance(found, Exception):
            raise found if isinstance(found, ConnectorError) else call.failed(found)
        spent = time.monotonic() - began
        return Response(found.status, found.headers, found.body, spent)


class _Call:
    """One request, with the redirects that it leads to."""

    def __init__(self, request: Request, hosts: Hosts, until: float) -> None:
        self._request = request
        self._hosts = hosts
        self._until = until
        self._socket: socket.socket | None = None
        self._is_aborted = False
        self.name = "The host"

    def failed(self, error: Exception) -> ConnectorError:
        """The `ConnectorError` for an error of the network or of the protocol."""
        return ConnectorError(f"{self.name} cannot be asked: {type(error).__name__}: {error}")

    def abort(self) -> None:
        """Let the thread that waits for an answer end."""
        self._is_aborted = True
        found = self._socket
        if found is not None:
            try:
                found.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def run(self) -> Response:
        """The answer.

        Raises:
            ConnectorError: no server may be asked, or the answer is too large.
            OSError, http.client.HTTPException, ValueError: there is none.
        """
        url, method = self._request.url, self._request.method
        for _ in range(MOST_REDIRECTS + 1):
            parts = self._allowed(url)
            status, headers, body = self._ask(parts, method)
            target = headers.get("location")
            # A write that was sent once is not sent again elsewhere, whatever the server wishes.
            if method not in ("GET", "HEAD") or not 300 <= status < 400 or target is None:
                break
            following = urljoin(url, target)
            if not _is_same_host(parts, urlsplit(following)):
                break  # the answer is the redirect
            url = following
        return Response(status, headers, body)

    def _allowed(self, url: str) -> SplitResult:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
            raise ConnectorError("A connector can ask for http and https addresses only")
        self.name = f"The host '{parts.hostname[:100]}'"
        port = parts.port or PORTS[parts.scheme]
        is_default = port == PORTS[parts.scheme]
        if not self._hosts.has(parts.hostname, port, is_default_port=is_default):
            raise ConnectorError(f"{self.name} is not one that connectors may ask")
        return parts

    def _ask(self, parts: SplitResult, method: str) -> tuple[int, dict[str, str], str]:
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        # With a socket of ours: by itself it would look the name up again, and get another address.
        connection = http.client.HTTPConnection(host, port)
        connection.sock = self._connect(host, port, is_secure=parts.scheme == "https")
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            payload = self._request.payload
            data = None if payload is None else payload.encode()
            connection.request(method, path, data, self._headers())
            answer = connection.getresponse()
            body = answer.read(MOST_BYTES + 1)
        finally:
            connection.close()
        # One byte more was read than is allowed, or a whole answer would look like a cut one.
        if len(body) > MOST_BYTES:
            raise ConnectorError(f"{self.name} has answered more than {MOST_BYTES} bytes")
        headers = {name.lower(): value for name, value in answer.getheaders()}
        charset = answer.headers.get_content_charset("utf-8")
        return answer.status, headers, _text(body, charset)

    def _headers(self) -> dict[str, str]:
        # Never compressed: a small answer could unpack to any size.
        headers = {"Accept-Encoding": "identity", "Connection": "close"}
        for name, value in self._request.headers.items():
            if name.strip().lower() in OURS:
                raise ConnectorError(f"A connector sets the header '{name}' by itself")
            headers[name] = value
        return headers

    def _connect(self, host: str, port: int, *, is_secure: bool) -> socket.socket:
        """A connection to an address that was looked at: the name is not asked for twice."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(address[0]) for *_, address in found]
        reachable = [address for address in addresses if self._hosts.may_reach(address)]
        if not reachable:
            raise ConnectorError(f"{self.name} leads to an address that is not listed")
        left = self._until - time.monotonic()
        if left <= 0 or self._is_aborted:
            raise TimeoutError("timed out")
        self._socket = sock = socket.create_connection((reachable[0], port), timeout=left)
        if is_secure:
            context = ssl.create_default_context()
            self._socket = sock = context.wrap_socket(sock, server_hostname=host)
        return sock


def _is_same_host(parts: SplitResult, target: SplitResult) -> bool:
    """Whether a redirect stays where it is, or goes over to TLS there."""
    if parts.hostname != target.hostname:
        return False
    return (parts.scheme, parts.port) == (target.scheme, target.port) or (
        parts.scheme == "http" and parts.port is None and target.scheme == "https"
    )


def _text(body: bytes, charset: str) -> str:
    try:
        is_charset = codecs.lookup(charset).name.replace("-", "_") not in NO_CHARSETS
        return body.decode(charset if is_charset else "utf-8", "replace")
    except (LookupError, ValueError):  # no such charset, or no text in it
        return body.decode("utf-8", "replace")
