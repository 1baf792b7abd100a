"""Protection from pages of other origins: they can neither deploy nor read.

A browser sends what a page tells it to wherever the page says. So the name by which we are called
has to be ours (or another name could be made to lead here), writes from other origins are refused,
and nothing that we answer is run, framed or taken for something else.

Source: Fetch standard, 3 (CORS); Fetch Metadata; RFC 9110, 7.2; CSP 3; contract 11.10.
"""

import ipaddress
import re
from collections.abc import Iterable
from http import HTTPStatus

from flask import Request, Response
from werkzeug.exceptions import HTTPException

from .json import json_response

# Which change nothing here, so that a page that can send but not read them gains nothing.
READS = frozenset({"GET", "HEAD", "OPTIONS"})
FRIENDLY = (None, "same-origin", "none")  # what says of a request that no other page has sent it
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),  # for browsers that do not know frame-ancestors
    ("Referrer-Policy", "same-origin"),
)
OF_DATA = (*HEADERS, ("Content-Security-Policy", DATA_POLICY))
OF_PAGES = (*HEADERS, ("Content-Security-Policy", PAGE_POLICY))
ALLOWED_HEADERS = "Authorization, Content-Type, Idempotency-Key, X-Request-Id"
_PROBES = ("/health", "/ready")  # asked by addresses and names that nobody can know before
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]*)(?::\d*)?", re.IGNORECASE)


class RefusedError(HTTPException):
    """A request that a page of another origin may have sent."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.code = status


def answer_refused(error: RefusedError) -> Response:
    """One line that says what has to be set, if the request was meant."""
    body = {"type": "InvalidRequestException", "message": error.description, "code": None}
    return json_response(body, error.code or HTTPStatus.FORBIDDEN)


class Browsers:
    """Refuses what pages of other origins send, and adds the headers of answers.

    Args:
        hosts: names by which clients call us; one that begins with a dot is for all below it, a
            star for all there are.
        bound: where the server listens.
        origins: of pages whose scripts may call us.
        is_local: nobody has said whether requests need credentials, so that only this machine may
            send any, wherever the server listens.
    """

    def __init__(
        self,
        hosts: Iterable[str] = (),
        bound: str = "localhost",
        origins: Iterable[str] = (),
        *,
        is_local: bool = False,
    ) -> None:
        names = {"localhost", bound.lower(), *hosts}
        self._is_open = "*" in names
        self._names = frozenset(name for name in names if not name.startswith("."))
        self._ends = tuple(name for name in names if name.startswith("."))
        self._origins = frozenset(origins)
        # Whole values of the header, ports included, so that most requests cost one look. No name
        # at all is HTTP/1.0, which no browser speaks.
        self._known = {"", "localhost"}
        self._is_local = is_local
        self._near = {""}  # addresses of this machine that have called

    def require(self, request: Request) -> None:
        """Refuse a request that a page of another origin may have sent.

        Raises:
            RefusedError: it names another host, or is a write from another origin.
        """
        environ = request.environ
        if self._is_local:
            # Behind a trusted proxy the address is already the client's; near has to be who has
            # connected.
            peer = environ.get("werkzeug.proxy_fix.orig", environ).get("REMOTE_ADDR", "")
            if peer not in self._near:
                self._require_near(peer, request.path)
        host = environ.get("HTTP_HOST", "")
        if host not in self._known:
            self._require_host(host, request.path)
        origin, site = environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE")
        if origin is None and site in FRIENDLY:
            return
        if request.method not in READS and not self._is_friend(origin, site, host):
            raise RefusedError(
                HTTPStatus.FORBIDDEN,
                f"Pages of {(origin or 'other sites')[:100]!r} may not change anything here: name "
                "their origin in BATON_CORS_ORIGINS if they may",
            )

    def _require_near(self, peer: str, path: str) -> None:
        try:
            # A socket for both families shows addresses of the fourth version so.
            is_near = ipaddress.ip_address(peer.removeprefix("::ffff:")).is_loopback
        except ValueError:  # a socket of the machine
            is_near = True
        if not is_near and path not in _PROBES:
            raise RefusedError(
                HTTPStatus.FORBIDDEN,
                "Only this machine may call while BATON_AUTH is not set: set it to basic or "
                "bearer, or to none if everybody may do everything",
            )
        # Bounded, as the names below: clients choose what they send.
        if is_near and len(self._near) < 100:
            self._near.add(peer)

    def _require_host(self, host: str, path: str) -> None:
        found = _HOST.fullmatch(host)
        # A malformed Host has no name that could be ours.
        name = found[1].lower() if found else None
        if name is not None and (self._is_open or self._is_ours(name)):
            # Bounded: any address is ours, and clients choose which one they write.
            if len(self._known) < 100:
                self._known.add(host)
        elif path not in _PROBES:
            raise RefusedError(
                HTTPStatus.BAD_REQUEST,
                f"The host {host[:100]!r} is not one of this server's: name it in BATON_HOSTS",
            )

    def _is_ours(self, name: str) -> bool:
        """An address always is: no name leads there by itself."""
        if name in self._names or name.endswith((".localhost", *self._ends)):
            return True
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True

    def _is_friend(self, origin: str | None, site: str | None, host: str) -> bool:
        if origin is None:
            return False  # the browser says that another site has sent it
        if origin.lower() in self._origins:
            return True
        # behind a proxy that ends TLS the scheme is another one; the host decides
        is_own = _plain(origin.partition("://")[2]) == _plain(host) and bool(host)
        return is_own and site in FRIENDLY

    def preflight(self, request: Request) -> Response | None:
        """The answer to a browser that asks whether a page may; None to everybody else."""
        environ = request.environ
        wanted = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
        if request.method != "OPTIONS" or wanted is None or not self._origins:
            return None
        response = Response(status=HTTPStatus.NO_CONTENT)
        del response.headers["Content-Type"]
        # Without these headers the browser refuses by itself: the answer need not say why.
        if str(environ.get("HTTP_ORIGIN", "")).lower() in self._origins:
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
            response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
            response.headers["Access-Control-Max-Age"] = "600"
        return response

    def finish(self, request: Request, response: Response) -> tuple[tuple[str, str], ...]:
        """The headers that restrict what a browser does with an answer; those of a view stay."""
        headers = response.headers
        found: tuple[tuple[str, str], ...] = OF_DATA
        # A loop over the few there are; each look-up by name would be one of its own.
        for name, value in headers:
            if name == "Content-Security-Policy":
                found = HEADERS
                break
            if name == "Content-Type" and value.startswith("text/html"):
                found = OF_PAGES
        if self._origins:
            # Or a shared cache would give one page's answer to another.
            headers.add("Vary", "Origin")
            origin = request.environ.get("HTTP_ORIGIN")
            if origin is not None and origin.lower() in self._origins:
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Allow-Credentials"] = "true"
                headers["Access-Control-Expose-Headers"] = "X-Request-Id, Idempotent-Replayed"
        return found


def _plain(host: str) -> str:
    """A host without the ports that browsers leave out."""
    return re.sub(r":(80|443)$", "", host.lower())
