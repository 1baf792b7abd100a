"""Errors as Camunda bodies: status, type, message and code.

How an endpoint wraps an error is declared at its route with `wraps`; the table here is what
counts elsewhere.

Source: contract 1.
"""

import contextlib
import functools
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import NoReturn, ParamSpec, TypeVar

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from app import errors
from app.logging import log
from app.origin import origin
from app.services.decisions import UnknownDecisionKeyError
from app.services.process_definitions import UnknownKeyError
from app.services.tasks import TaskAlreadyClaimedError

from .decorators import no_content, plain_text
from .descriptions import Failure, describe, description_of
from .json import json_response

P = ParamSpec("P")
T = TypeVar("T")

BAD, FORBIDDEN, MISSING, FAILED = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.INTERNAL_SERVER_ERROR,
)
REST, INVALID = "RestException", "InvalidRequestException"
PLAN, INSTANCE = "MigrationPlanValidationException", "MigratingProcessInstanceValidationException"

# By class: the nearest one above an error counts, so that the order here means nothing.
PROBLEMS: dict[type[errors.EngineError], Failure] = {
    errors.AuthorizationError: (HTTPStatus.FORBIDDEN, "AuthorizationException"),
    errors.ParseError: (BAD, "ParseException"),
    errors.UnsupportedTypeError: (BAD, REST),
    errors.InvalidRequestError: (BAD, INVALID),
    errors.PagingError: (MISSING, "NotFoundException"),
    errors.NotValidError: (BAD, "NotValidException"),
    UnknownKeyError: (MISSING, REST),
    UnknownDecisionKeyError: (MISSING, REST),
    errors.NotFoundError: (MISSING, INVALID),
    errors.NotAllowedError: (BAD, "NotAllowedException"),
    errors.SuspendedEntityInteractionError: (BAD, "SuspendedEntityInteractionException"),
    errors.BadUserRequestError: (BAD, "BadUserRequestException"),
    errors.MismatchingCorrelationError: (BAD, REST),
    errors.StartRefusedError: (FAILED, REST),
    errors.NullValueError: (FAILED, "NullValueException"),
    errors.IdempotencyConflictError: (HTTPStatus.CONFLICT, "IdempotencyConflictException"),
    errors.PersistenceError: (FAILED, "ProcessEnginePersistenceException"),
    errors.PasswordPolicyError: (BAD, "PasswordPolicyException"),
    errors.ConflictError: (FAILED, "OptimisticLockingException"),
    errors.UnavailableError: (HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailableException"),
    TaskAlreadyClaimedError: (FAILED, "TaskAlreadyClaimedException"),
    errors.ScriptCompilationError: (FAILED, "ScriptCompilationException"),
    errors.ScriptEvaluationError: (FAILED, "ScriptEvaluationException"),
    errors.UncaughtBpmnError: (FAILED, "BpmnError"),
    errors.EngineError: (FAILED, "ProcessEngineException"),
}
RETRY_AFTER_SECONDS = 1
DRAIN_SECONDS, DRAINED = 5.0, 2**28  # bytes of a body that is too large are read and dropped


class Problem(Exception):
    """An error as the answer of a view."""

    def __init__(self, status: int, type_: str, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.type = type_
        self.code = code


def lineage(error: type[errors.EngineError]) -> Sequence[type]:
    """The classes by which an endpoint's table knows an error.

    What the HTTP layer refuses (a body of another shape), what the JVM throws, a database that is
    away and what a user may not do are no errors of the engine's there.
    """
    own = errors.JavaRuntimeError, errors.UnavailableError, errors.AuthorizationError
    if issubclass(error, own):
        return ()
    if issubclass(error, errors.InvalidRequestError):
        return error.__mro__[: error.__mro__.index(errors.InvalidRequestError) + 1]
    return error.__mro__


def wraps(
    kinds: Mapping[type[errors.EngineError], Failure], prefix: str = "", *, keeps_code: bool = True
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Answer an endpoint's errors in the way that this endpoint has.

    Args:
        kinds: status and type by class; the nearest class counts.
        prefix: put before the message; names of path parameters in braces are filled in.
        keeps_code: whether the engine's code stays.
    """

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(view)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return view(*args, **kwargs)
            except errors.EngineError as error:
                kind = next((kinds[c] for c in lineage(type(error)) if c in kinds), None)
                # The prefix alone is a template: in the message braces stand for themselves.
                message = prefix.format(**(request.view_args or {})) + str(error)
                if kind is None:
                    # An empty message is that of a body of the wrong shape, which no endpoint
                    # prefixes.
                    if prefix and str(error) and isinstance(error, errors.InvalidRequestError):
                        raise errors.InvalidRequestError(message) from error
                    raise
                code = error.code if keeps_code else None
                raise Problem(*kind, message, code) from error

        describe(wrapped, wraps=(*description_of(view).wraps, kinds))
        return wrapped

    return decorate


def refuse(error: errors.EngineError, prefix: str) -> NoReturn:
    """Raise an error with something in front of its message, as a fault of the server.

    Raises:
        AuthorizationError, UnavailableError: as they are.
        Problem: everything else.
    """
    if isinstance(error, (errors.AuthorizationError, errors.UnavailableError)):
        raise error
    raise Problem(FAILED, REST, prefix + str(error), error.code) from error


def problem_of(
    error: errors.EngineError, kinds: Mapping[type[errors.EngineError], Failure]
) -> Response:
    """The answer that an endpoint with these kinds of errors would give to one."""
    kind = next((kinds[c] for c in lineage(type(error)) if c in kinds), None)
    if kind is None:
        return answer_engine_error(error)
    return problem_response(*kind, str(error), error.code)


def problem_response(status: int, type_: str, message: str | None, code: int | None) -> Response:
    """An error body."""
    return json_response({"type": type_, "message": message, "code": code}, status)


def text_or_missing(found: tuple[str | None] | None, missing: str) -> Response:
    """The answer of a text that something has, or of nothing where it has none: 204.

    Args:
        found: the text; None where there is nothing that could have one.

    Raises:
        Problem: there is nothing that could have one, which `missing` says.
    """
    if found is None:
        raise Problem(MISSING, INVALID, missing)
    return no_content() if found[0] is None else plain_text(found[0])


def answer_problem(problem: Problem) -> Response:
    """The answer to an error that its endpoint has wrapped."""
    return problem_response(problem.status, problem.type, str(problem), problem.code)


def answer_engine_error(error: errors.EngineError) -> Response:
    """The answer to an error of the domain that no endpoint wraps."""
    if isinstance(error, errors.JavaRuntimeError):
        return problem_response(FAILED, error.java_type, str(error), error.code)
    # The nearest class: an error without an entry of its own is answered as what it is a kind of.
    status, type_ = next(PROBLEMS[cls] for cls in type(error).__mro__ if cls in PROBLEMS)
    if isinstance(error, errors.ParseError):
        return json_response({**_body(error, type_), "details": _details(error)}, status)
    if isinstance(error, errors.AuthorizationError):
        return json_response({**_body(error, type_), **_missing(error)}, status)
    response = json_response(_body(error, type_), status)
    # Or clients would come again at once, all of them.
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _body(error: errors.EngineError, type_: str) -> dict[str, object]:
    return {"type": type_, "message": str(error), "code": error.code}


def _missing(error: errors.AuthorizationError) -> dict[str, object]:
    """The permissions of which one would have been enough; one alone stands at the top, too."""
    entries = [
        {"permissionName": name, "resourceName": kind, "resourceId": key}
        for name, kind, key in error.permissions
    ]
    names = ("permissionName", "resourceName", "resourceId")
    # With alternatives the three fields are there, and null (contract 1.8).
    top = entries[0] if len(entries) == 1 else dict.fromkeys(names)
    return {"userId": error.user_id, **top, "missingAuthorizations": entries}


def _details(error: errors.ParseError) -> dict[str, object]:
    """The problems of a model; one key has the Cyrillic letter that the reference has."""

    def entry(problem: errors.ParseProblem) -> dict[str, object]:
        ids = list(problem.element_ids)
        return {
            "message": problem.message,
            "line": problem.line,
            "column": problem.column,
            "mainElementId": ids[0] if ids else None,
            "\u0435lementIds": ids,
        }

    return {
        error.resource: {
            "errors": [entry(p) for p in error.problems],
            "warnings": [entry(p) for p in error.warnings],
        }
    }


ROUTING = {
    404: ("NotFoundException", "HTTP 404 Not Found"),
    405: ("NotAllowedException", "HTTP 405 Method Not Allowed"),
    406: ("NotAcceptableException", "HTTP 406 Not Acceptable"),
    413: ("RequestTooLargeException", "The body is larger than this server accepts"),
    415: ("NotSupportedException", "HTTP 415 Unsupported Media Type"),
}


def answer_http_error(error: HTTPException) -> Response:
    """The answer to a request that no view is asked for."""
    status = error.code or 500
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        _drain()
    type_, message = ROUTING.get(
        status, (f"{type(error).__name__}Exception", f"HTTP {status} {error.name}")
    )
    response = problem_response(status, type_, message, None)
    # Of werkzeug's own headers this one alone says something of our answer.
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _drain() -> None:
    """Read on for a while: a client that is cut off while it sends never sees the answer."""
    body, deadline, left = request.environ["wsgi.input"], time.monotonic() + DRAIN_SECONDS, DRAINED
    with contextlib.suppress(OSError):
        while left > 0 and time.monotonic() < deadline and (data := body.read(2**16)):
            left -= len(data)


def answer_broken_body(error: Exception) -> Response:
    """The answer to a body whose chunks are not as HTTP has them (RFC 9112, 7.1).

    Nothing says where the next request begins, so the connection ends.
    """
    log.info("broken body", path=request.path, reason=str(error)[:200])
    response = problem_response(BAD, REST, "The chunks of the body cannot be read", None)
    response.headers["Connection"] = "close"
    return response


def note_unforeseen(error: Exception) -> str | None:
    """Log a mistake of ours, under the id of the request; returns the id."""
    request_id = origin.request_id  # the client's, where it can be shown
    log.error(
        "InternalServerError",
        request_id=request_id,
        method=request.method,
        path=request.path,
        exc_info=error,
    )
    # Two threads may lose one of two; all that is asked is whether there were any.
    current_app.extensions["baton"].unforeseen += 1
    return request_id


def answer_unforeseen(error: Exception) -> Response:
    """The answer to a mistake of ours, which tells where its details are and none of them."""
    request_id = note_unforeseen(error)
    text = f"An unforeseen error; the server's log has it under the request id {request_id}"
    return problem_response(FAILED, "InternalServerError", text, None)
