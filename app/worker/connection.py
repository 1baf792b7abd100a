"""JSON over HTTP to one server, by connections that are kept open."""

import base64
import contextlib
import http.client
import json
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

_SECONDS = re.compile("[0-9]{1,6}")  # more than some days is no time that anybody waits
TIMEOUT = 30.0  # seconds, for what does not wait on purpose


class AnswerError(Exception):
    """The server has refused a request.

    Attributes:
        status: of the answer.
        retry_after: seconds, where the answer names them.
    """

    def __init__(self, status: int, message: str, retry_after: float | None = None) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.retry_after = retry_after


class Connection:
    """Sends requests to one server.

    Args:
        base_url: up to and including ``/engine-rest``.
        user: name and password, for HTTP Basic.
        token: for a bearer token.
    """

    def __init__(
        self, base_url: str, *, user: tuple[str, str] | None = None, token: str | None = None
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{base_url!r} is no HTTP address")
        self._is_secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._path = parts.path.rstrip("/")
        self._headers = {"Accept": "application/json"}
        if user is not None:
            raw = base64.b64encode(":".join(user).encode()).decode()
            self._headers["Authorization"] = f"Basic {raw}"
        elif token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._idle: list[http.client.HTTPConnection] = []

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
        started: Callable[[http.client.HTTPConnection], object] | None = None,
    ) -> Any:
        """The JSON of an answer; None when it has no body.

        Args:
            started: is called with the connection when the request was sent.

        Raises:
            AnswerError: the status is 400 or more.
            OSError: the server cannot be reached, has not answered in time, or its answer is no
                JSON.
        """
        sent = {**self._headers, **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        raw = self._send(method, path, data, sent, timeout, started)
        return _json(raw) if raw else None

    def post_form(self, path: str, data: bytes, boundary: str) -> Any:
        """The JSON of an answer to a multipart body."""
        content_type = f"multipart/form-data; boundary={boundary}"
        headers = {**self._headers, "Content-Type": content_type}
        return _json(self._send("POST", path, data, headers, TIMEOUT))

    def load(self, path: str) -> bytes:
        """The bytes of a variable's content."""
        return self._send("GET", path, None, {**self._headers, "Accept": "*/*"}, TIMEOUT)

    def _send(
        self,
        method: str,
        path: str,
        data: bytes | None,
        headers: Mapping[str, str],
        timeout: float,
        started: Callable[[http.client.HTTPConnection], object] | None = None,
    ) -> bytes:
        """The body of an answer, as it is."""
        open_ = self._take(timeout)
        try:
            open_.request(method, self._path + path, data, dict(headers))
            if started is not None:
                started(open_)
            answer = open_.getresponse()
            raw = answer.read()
        except OSError:
            open_.close()
            raise
        # Half an answer is as none: callers repeat what they repeat for a lost connection.
        except http.client.HTTPException as error:
            open_.close()
            raise ConnectionError(str(error) or type(error).__name__) from error
        # Only after the body was read to its end, or the next answer would begin in this one.
        self._idle.append(open_)
        if answer.status >= 400:
            raise AnswerError(answer.status, _message(raw), _seconds(answer))
        return raw

    def _take(self, timeout: float) -> http.client.HTTPConnection:
        """A connection that idles, or a new one, with the time limit of one request."""
        try:
            # `pop` of a list is atomic: several threads share the worker's connections without a
            # lock.
            taken = self._idle.pop()
        except IndexError:
            taken = self._new()
        # For both cases: a connection that is not open yet takes it from here, an open one from its
        # socket.
        taken.timeout = timeout
        if taken.sock is not None:
            taken.sock.settimeout(timeout)
        return taken

    def _new(self) -> http.client.HTTPConnection:
        if self._is_secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, context=context)
        return http.client.HTTPConnection(self._host, self._port)

    @staticmethod
    def hang_up(connection: http.client.HTTPConnection) -> None:
        """End what another thread waits for on its connection."""
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                # Not `close`, by which another thread's `recv` would not be woken.
                connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connections that idle; the next request opens another."""
        while self._idle:
            self._idle.pop().close()


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        # The page of a proxy, which comes with 200 too; the server itself may answer the next time.
        raise ConnectionError(f"the answer is no JSON: {raw[:80]!r}") from error


def _message(raw: bytes) -> str:
    """The message of the server's answer; the answer itself where it has none."""
    try:
        return str(json.loads(raw)["message"])
    except (ValueError, KeyError, TypeError):
        return raw[:500].decode(errors="replace")


def _seconds(answer: http.client.HTTPResponse) -> float | None:
    given = answer.getheader("Retry-After") or ""
    # The other form of RFC 9110 is a date, which needs the two clocks to agree.
    return float(given) if _SECONDS.fullmatch(given) else None
