"""The error answers of each operation, from the tables by which errors are answered.

An operation may meet what all of its kind may meet, what its body may hold and what its
route names; how each of these is answered follows from its `wraps` and from `PROBLEMS`.
"""

from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus

from marshmallow import Schema as Fields

from app import errors
from app.api.descriptions import ANY, HTML, JSON, Description, Failure
from app.api.problems import (
    FAILED,
    INSTANCE,
    PLAN,
    PROBLEMS,
    RETRY_AFTER_SECONDS,
    ROUTING,
    lineage,
)
from app.schemas.base import Nesting
from app.schemas.typed_values import TypedValueField, TypedValues
from app.schemas.variables import ValueSchema

from .schemas import (
    INTEGER,
    STRING,
    Schema,
    array_of,
    exactly,
    map_of,
    or_null,
    reference,
)

ERRORS = tuple[type[errors.EngineError], ...]
READS: ERRORS = (errors.EngineError, errors.UnavailableError, errors.AuthorizationError)
LISTS: ERRORS = (
    *READS,
    errors.BadUserRequestError,
    errors.InvalidRequestError,
    errors.NotValidError,
    errors.NullValueError,
)
COMMANDS: ERRORS = (
    *READS,
    errors.NotFoundError,
    errors.NotValidError,
    errors.BadUserRequestError,
    errors.SuspendedEntityInteractionError,
    errors.NullValueError,
    errors.ConflictError,
)
UNFORESEEN: Failure = (FAILED, "InternalServerError")
NUL: Failure = PROBLEMS[errors.InvalidRequestError]  # a URL with this character
NO_TEXT: Failure = (FAILED, "ClassCastException")  # a timestamp to compare with is a number
NULL: Failure = (FAILED, "NullPointerException")  # a body that is null, an item of a list that is
VALUES: tuple[Failure, ...] = (  # typed values whose parts have other types than in Java
    (FAILED, "ClassCastException"),
    (FAILED, "IllegalArgumentException"),
    (FAILED, "StringIndexOutOfBoundsException"),
)
CARDINALITY: Failure = (FAILED, "NumberFormatException")  # of a multi-instance activity
DECISIONS: tuple[Failure, ...] = (  # of a business rule task that a command reaches
    (FAILED, "DmnEngineException"),
    (FAILED, "DmnEvaluationException"),
    (FAILED, "DmnHitPolicyException"),
    (FAILED, "FeelException"),
    (FAILED, "NoSuchElementException"),
)
PARSE = PROBLEMS[errors.ParseError][1]
FORBIDDEN = PROBLEMS[errors.AuthorizationError][1]


def has_values(schema: type[Fields] | None) -> bool:
    """Whether a body holds typed values."""
    # A value is the whole body there, and no field of it.
    if schema is None or issubclass(schema, ValueSchema):
        return schema is not None
    kinds = (TypedValues, TypedValueField)
    return any(
        isinstance(field, kinds) or (isinstance(field, Nesting) and has_values(type(field.schema)))
        for field in schema().fields.values()
    )


def _errors_of(description: Description, method: str) -> Iterator[type[errors.EngineError]]:
    if description.query is not None:
        yield from LISTS
    elif method != "GET":
        yield from COMMANDS
    else:
        yield from READS
    if description.is_paged:
        yield errors.PagingError
    if description.body is not None:
        yield errors.InvalidRequestError
    if has_values(description.body):
        yield errors.UnsupportedTypeError
    for kinds in description.wraps:
        yield from kinds
    yield from description.raises


def _failure_of(error: type[errors.EngineError], description: Description) -> Failure:
    """Status and type with which an operation answers an error."""
    # The innermost wrapping comes first, as an error meets them.
    for table in description.wraps:
        # As `wraps` looks for them, so that the document cannot differ from the answers.
        for cls in lineage(error):
            if cls in table:
                return table[cls]
    return next(PROBLEMS[cls] for cls in error.__mro__ if cls in PROBLEMS)


def _java(description: Description, method: str) -> Iterator[Failure]:
    """Errors that the reference engine answers with exceptions of the JVM."""
    reads_json = description.body is not None or description.query is not None
    if reads_json and method != "GET":
        yield NULL
    if has_values(description.body):
        yield from VALUES
    # A list that is asked for by POST moves no token.
    if method != "GET" and description.query is None:
        yield CARDINALITY
        yield from DECISIONS
    if method != "GET" and description.query is not None and description.query[1].has_timestamps:
        yield NO_TEXT


def _routing(description: Description, method: str) -> Iterator[int]:
    """The statuses of refusals before a view is called."""
    reads_json = description.body is not None or description.query is not None
    if method != "GET" and (reads_json or description.file):
        yield from (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    is_refused = description.is_negotiated or description.wants_json
    if is_refused or description.media not in (JSON, ANY, HTML):
        yield HTTPStatus.NOT_ACCEPTABLE


SHARED = {  # the answers that are the same everywhere
    HTTPStatus.UNAUTHORIZED: "Unauthorized",
    HTTPStatus.NOT_ACCEPTABLE: "NotAcceptable",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "TooLarge",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "UnsupportedMediaType",
    HTTPStatus.SERVICE_UNAVAILABLE: "Unavailable",
}


def shared_answers() -> dict[str, Schema]:
    """The answers that are the same everywhere, by name."""
    others = {
        HTTPStatus.SERVICE_UNAVAILABLE: PROBLEMS[errors.UnavailableError][1],
        HTTPStatus.UNAUTHORIZED: "",  # has no body
    }
    return {
        name: answer(status, [ROUTING[status][0] if status in ROUTING else others[status]])
        for status, name in SHARED.items()
    }


def types_of(description: Description, method: str) -> dict[int, set[str]]:
    """The types of the problems that an operation may answer with, by status."""
    found: dict[int, set[str]] = defaultdict(set)
    kinds = {*description.problems, (HTTPStatus.UNAUTHORIZED, "")}  # before a view is asked
    if not description.is_refused:
        kinds |= {UNFORESEEN, NUL}
        kinds |= {(status, ROUTING[status][0]) for status in _routing(description, method)}
    # Without the database there is no engine whose errors could be met.
    if description.touches_store and not description.is_refused:
        kinds |= {_failure_of(error, description) for error in _errors_of(description, method)}
        kinds |= set(_java(description, method))
    elif description.body is not None and not description.is_refused:
        kinds.add(NULL)
    for status, type_ in kinds:
        found[int(status)].add(type_)
    return found


def problem_answers(description: Description, method: str) -> Schema:
    """The error answers of an operation, by status."""
    return {
        str(status): {"$ref": f"#/components/responses/{SHARED[HTTPStatus(status)]}"}
        if status in SHARED
        else answer(status, sorted(types))
        for status, types in sorted(types_of(description, method).items())
    }


WITH_DETAILS = {  # the types whose problems say more than their message
    PARSE: "ParseProblem",
    FORBIDDEN: "AuthorizationProblem",
    PLAN: "MigrationPlanProblem",
    INSTANCE: "MigratingInstanceProblem",
}


def answer(status: int, types: list[str]) -> Schema:
    """An answer with one of these types; that of none has no body."""
    if types == [""]:
        return {"description": f"{HTTPStatus(status).phrase}; there is no body"}
    plain = [name for name in types if name not in WITH_DETAILS]
    schemas = [reference(WITH_DETAILS[name]) for name in types if name in WITH_DETAILS]
    if plain:
        schemas.insert(0, {**reference("Problem"), "properties": {"type": {"enum": plain}}})
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    found: Schema = {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(types)}",
        "content": {"application/json": {"schema": schema}},
    }
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        found["headers"] = {
            "Retry-After": {"schema": {"type": "integer", "examples": [RETRY_AFTER_SECONDS]}}
        }
    return found


_PROBLEM = {"type": STRING, "message": or_null(STRING), "code": or_null(INTEGER)}
_IDS = array_of(STRING)
_FLAWS = array_of(reference("Flaw"))
COMPONENTS: dict[str, Schema] = {
    "Problem": exactly(**_PROBLEM),
    "ParseProblem": exactly(
        **{**_PROBLEM, "type": {"const": PARSE}},
        details=map_of(exactly(errors=_FLAWS, warnings=_FLAWS)),
    ),
    **{
        WITH_DETAILS[name]: exactly(
            **{**_PROBLEM, "type": {"const": name}}, validationReport={"type": "object"}
        )
        for name in (PLAN, INSTANCE)
    },
    "AuthorizationProblem": {
        "type": "object",
        "required": ["type", "message", "code"],
        "properties": {
            **_PROBLEM,
            "type": {"const": FORBIDDEN},
            "userId": or_null(STRING),
            "missingAuthorizations": {"type": "array", "items": {"type": "object"}},
        },
    },
    "Flaw": exactly(
        message=STRING,
        line=INTEGER,
        column=INTEGER,
        mainElementId=or_null(STRING),
        еlementIds=_IDS,  # with the Cyrillic letter that the reference has
    ),
}
