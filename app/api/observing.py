"""Observability of the requests: a line in the log, a number in the metrics, an id.

A worker's path goes through here each time: what it does is counted in microseconds.

Source: docs/operating.md, "Logs" and "Metrics".
"""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from flask import Request, Response

from app import instruments
from app.logging import log, now, write
from app.origin import origin

from .application import CALLER, Headed

PROBES = ("/health", "/ready", "/metrics")  # asked every few seconds; they say nothing new
UNMATCHED = "unmatched"  # what no route is for: its path is anything, so it is no label
STARTED = "baton.started"  # in the environment of a request
NOTHING: Mapping[str, Any] = {}
METHODS = frozenset(("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"))
_Kind = tuple[str, str, int]
_NOTES: dict[str, dict[_Kind, instruments.Notes]] = {}  # by engine


class Observer:
    """Sees each request begin, as WSGI middleware.

    Args:
        logs_requests: whether each has a line.
    """

    def __init__(self, app: Any, *, logs_requests: bool) -> None:
        self._app = app
        self.logs_requests = logs_requests

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        # Before the prefix of the engine is taken off, and so before an application is chosen.
        environ[STARTED] = time.perf_counter()
        origin.begin(environ.get("HTTP_X_REQUEST_ID"), environ.get("HTTP_TRACEPARENT"))
        return self._app(environ, start_response)

    def of(self, engine: str) -> "Answers":
        """The observer of the answers of an engine."""
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
        self._notes = _NOTES.setdefault(engine, {})

    def answered(self, request: Request, response: Response) -> Headed:
        """Note an answer, which tells the id of its request."""
        found: Headed = (("X-Request-Id", origin.request_id or ""),)
        if origin.traceparent is not None:
            found += (("traceparent", origin.traceparent),)
        if request.path not in PROBES:
            status = response.status_code
            seconds = time.perf_counter() - request.environ[STARTED]
            rule = request.url_rule
            route = UNMATCHED if rule is None else rule.rule
            method = request.method
            # an unknown method of a client must not become a label either
            kind = method if method in METHODS else "OTHER", route, status
            (self._notes.get(kind) or _notes_of(self._engine, kind)).note(seconds)
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                self._explain(request, response, route)
            if self._logs_requests:
                # Past structlog, whose processors cost more than a small request.
                write(_line(request, status, route, seconds) | self._named)
        # Here, for the thread serves another request next, whose lines must not have this one's
        # ids.
        origin.end()
        return found

    def _explain(self, request: Request, response: Response, route: str) -> None:
        """Log why a request has failed: a worker that has heard of it may keep it to itself."""
        is_error = response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
        (log.error if is_error else log.warning)(
            "failed",
            status=response.status_code,
            reason=_reason(response),
            **_fields(request, route),
            **self._named,
        )


def _notes_of(engine: str, kind: _Kind) -> instruments.Notes:
    """The notes of the seconds that answers of an engine took, by method, route and status."""
    method, route, status = kind
    requests = instruments.REQUESTS.labels(engine, method, route, str(status))
    seconds = instruments.REQUEST_SECONDS.labels(engine, method, route)

    def add(found: list[float]) -> None:
        requests.inc(len(found))
        seconds.add(found)

    # Two threads may come at once: the notes of the one that loses are empty for ever.
    return _NOTES[engine].setdefault(kind, instruments.Notes(add))


def _line(request: Request, status: int, route: str, seconds: float) -> dict[str, Any]:
    """The fields of a request's line, in their order."""
    return {
        "timestamp": now(),
        "level": "info",
        "event": "request",
        **_fields(request, route),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "request_id": origin.request_id,
    }


def _fields(request: Request, route: str) -> dict[str, Any]:
    """The fields that describe a request."""
    environ = request.environ
    body, caller = environ.get("baton.json"), environ.get(CALLER)
    worker_id = body.get("workerId") if type(body) is dict else None
    arguments = request.view_args or NOTHING
    # The ids that the command has found first: the path of a worker names the task alone.
    task_id, instance_id = arguments.get("task_id"), origin.process_instance_id
    if instance_id is None:
        instance_id = arguments.get("instance_id")
    return {
        "method": request.method,
        "route": route,
        # A route says it all but for the ids, which have fields of their own.
        "path": request.path[:200] if route is UNMATCHED else None,
        # Cut, for it is a client's text of any length, once in each line.
        "worker_id": None if worker_id is None else str(worker_id)[:200],
        "task_id": None if task_id is None else task_id[:200],
        "process_instance_id": None if instance_id is None else instance_id[:200],
        "user": None if caller is None else caller.user_id,
        "traceparent": origin.traceparent,
    }


def _reason(response: Response) -> str:
    """Type and message of an answer that says why."""
    try:
        body = orjson.loads(response.get_data())
        return f"{body['type']}: {body['message']}"
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return response.status
