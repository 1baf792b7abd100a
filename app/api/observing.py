"""What an operator sees of the requests: a line in the log, a number in the metrics, an id.

A worker's path goes through here each time: what it does is counted in microseconds.

Source: docs/operating.md, "Logs" and "Metrics".
"""

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from flask import Request, Response

from app import instruments
from app.logging import now, write
from app.origin import origin

from .application import CALLER

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

log = structlog.get_logger()
PROBES = ("/health", "/ready", "/metrics")  # asked every few seconds; they say nothing new
UNMATCHED = "unmatched"  # what no route is for: its path is anything, so it is no label
STARTED = "baton.started"  # in the environment of a request
METHODS = frozenset(("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"))
_Kind = tuple[str, str, int]


class Observer:
    """Sees each request begin, as WSGI middleware.

    Args:
        logs_requests: whether each has a line.
    """

    def __init__(self, app: Any, *, logs_requests: bool) -> None:
        self._app = app
        self.logs_requests = logs_requests

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ[STARTED] = time.perf_counter()
        origin.begin(environ.get("HTTP_X_REQUEST_ID"), environ.get("HTTP_TRACEPARENT"))
        return self._app(environ, start_response)

    def of(self, engine: str) -> "Answers":
        """What sees the answers of an engine."""
        return Answers(engine, logs_requests=self.logs_requests)


class Answers:
    """Sees the answers of one engine before they are sent.

    Args:
        engine: its name; the lines of the default one do not name it.
        logs_requests: whether each has a line.
    """

    def __init__(self, engine: str, *, logs_requests: bool) -> None:
        self._engine = engine
        self._named = {} if engine == "default" else {"engine": engine}
        self._logs_requests = logs_requests
        self._known: dict[_Kind, tuple[Counter, Histogram]] = {}

    def answered(self, request: Request, response: Response) -> None:
        """Note an answer, and let it tell the id of its request."""
        response.headers.add("X-Request-Id", origin.request_id)
        if origin.traceparent is not None:
            response.headers.add("traceparent", origin.traceparent)
        if request.path not in PROBES:
            status = response.status_code
            seconds = time.perf_counter() - request.environ[STARTED]
            rule = request.url_rule
            route = UNMATCHED if rule is None else rule.rule
            method = request.method
            # whatever else a client sends for a method is no label either
            self._count((method if method in METHODS else "OTHER", route, status), seconds)
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                self._explain(request, response, route)
            if self._logs_requests:
                write(_line(request, status, route, seconds) | self._named)
        origin.end()

    def _count(self, kind: _Kind, seconds: float) -> None:
        known = self._known.get(kind)
        if known is None:
            method, route, status = kind
            known = self._known[kind] = (
                instruments.REQUESTS.labels(self._engine, method, route, str(status)),
                instruments.REQUEST_SECONDS.labels(self._engine, method, route),
            )
        known[0].inc()
        known[1].observe(seconds)

    def _explain(self, request: Request, response: Response, route: str) -> None:
        """Log why a request has failed: a worker that is told so may keep it to itself."""
        tell = (
            log.error if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR else log.warning
        )
        tell(
            "failed",
            status=response.status_code,
            reason=_reason(response),
            **_told(request, route),
            **self._named,
        )


def _line(request: Request, status: int, route: str, seconds: float) -> dict[str, Any]:
    """The fields of a request's line, in their order."""
    return {
        "timestamp": now(),
        "level": "info",
        "event": "request",
        **_told(request, route),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "request_id": origin.request_id,
    }


def _told(request: Request, route: str) -> dict[str, Any]:
    """What a request is about."""
    environ, body = request.environ, request.environ.get("baton.json")
    arguments = request.view_args or {}
    caller = environ.get(CALLER)
    return {
        "method": request.method,
        "route": route,
        "path": request.path[:200] if route is UNMATCHED else None,
        "worker_id": _cut(body.get("workerId")) if type(body) is dict else None,
        "task_id": _cut(arguments.get("task_id")),
        "process_instance_id": origin.process_instance_id or _cut(arguments.get("instance_id")),
        "user": None if caller is None else caller.user_id,
        "traceparent": origin.traceparent,
    }


def _cut(value: object) -> str | None:
    """A value of the client's, of which a line shows so much."""
    return None if value is None else str(value)[:200]


def _reason(response: Response) -> str:
    """Type and message of an answer that says why."""
    try:
        body = orjson.loads(response.get_data())
        return f"{body['type']}: {body['message']}"
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return response.status
