"""Answers where the application is not asked, or has failed: JSON, as all its answers are.

gunicorn answers in HTML, which clients of the API cannot read.
"""

import contextlib
import json
from typing import Any

from gunicorn.http.errors import (
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import ThreadWorker

BAD, INTERNAL = "400 Bad Request", "500 Internal Server Error"
STATUSES = {
    LimitRequestLine: "414 URI Too Long",
    ExpectationFailed: "417 Expectation Failed",
    LimitRequestHeaders: "431 Request Header Fields Too Large",
    UnsupportedTransferCoding: "501 Not Implemented",
}
SHOWN = 200  # characters of what was wrong, which may be all that was sent


class RefusingWorker(ThreadWorker):  # type: ignore[misc]
    """gthread, which refuses in JSON."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Log why a request has no answer, and tell its client."""
        # A head that the application makes is no fault of the client's.
        is_ours = isinstance(exc, InvalidResponseHeader | InvalidResponseHeaderName)
        if isinstance(exc, ParseException) and not is_ours:
            self.log.warning("Invalid request from ip=%s: %s", addr[0] if addr else "", exc)
            status, kind = STATUSES.get(type(exc), BAD), "InvalidRequestException"
            message = f"The request cannot be read: {exc}"[:SHOWN]
        else:
            asked = f" {req.method} {req.uri}" if req is not None else ""
            self.log.exception("Error handling request%s", asked)
            status, kind = INTERNAL, "InternalServerError"
            message = "An unforeseen error; the server's log has it"
        with contextlib.suppress(OSError):
            client.sendall(answer(status, kind, message))


def answer(status: str, kind: str, message: str) -> bytes:
    """A whole answer, behind which the connection ends."""
    body = json.dumps({"type": kind, "message": message, "code": None}, separators=(",", ":"))
    return (
        f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode("ascii")
