"""The decorators of views: they read a body or query, and write an answer.

Source: contract 1.5 and 5.1.
"""

import functools
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar, cast

import orjson
from flask import Response, request
from werkzeug.exceptions import (
    ClientDisconnected,
    NotAcceptable,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from app.errors import InvalidRequestError, JavaRuntimeError
from app.schemas.bounds import NUL, is_shallow
from app.store import Store

from .application import CALLER, GUARD, api_path, context
from .descriptions import describe
from .json import Answer, json_response, uncached

if TYPE_CHECKING:
    from marshmallow import Schema

View = TypeVar("View", bound=Callable[..., Any])


def _refuse(word: str) -> Any:
    raise ValueError(word)


_DECODER = json.JSONDecoder(parse_constant=_refuse)  # NaN and Infinity are no JSON
_BLANKS = " \t\r\n"  # RFC 8259, 2
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 19  # digits; from here on, orjson may make a float of an integer


def current_store() -> Store:
    """The store of the application that serves the request, for the user who asks."""
    here = context()
    store = cast("Store", here.app.extensions["baton"].store)
    environ = here.request.environ
    found = environ.get(CALLER)
    # Another view of the same store: what belongs to the user is asked for in its transactions and
    # lists.
    return store if found is None else store.acting_for(found, environ.get(GUARD))


def located(view: View, find: Callable[..., object]) -> View:
    """A view whose path is looked at before its body: an unknown key is reported first.

    Args:
        find: what the path names; its error is the answer.
    """

    @functools.wraps(view)
    def wrapped(**where: str) -> Any:
        try:
            return view(**where)
        # Any error of the body counts, also its content type, and what is to be answered.
        except (InvalidRequestError, JavaRuntimeError, NotAcceptable, UnsupportedMediaType):
            # By its id a definition is looked up by the service itself, with an error of its own.
            if "key" in where:
                find(**where)
            raise

    return cast("View", wrapped)


def empty(status: int) -> Response:
    """An answer without a body, and without a content type."""
    return Answer(status=status)


def no_content() -> Response:
    """204."""
    return empty(HTTPStatus.NO_CONTENT)


def plain_text(text: str) -> Response:
    """An answer that is a text."""
    return uncached(Response(text, content_type="text/plain;charset=UTF-8"))


def body_bytes() -> bytes:
    """The body of the request; one that is too large is refused."""
    here = context()
    # Not by `get_data`, which wraps the stream, counts it and keeps what it has read.
    environ, limit = here.request.environ, here.app.config["MAX_BODY_BYTES"]
    length = environ.get("CONTENT_LENGTH", "")
    if not (length.isascii() and length.isdigit()):
        data = here.request.get_data(cache=False)  # in chunks, or there is none
    # Refused by what the client says of it, before any of it is read.
    elif int(length) > limit:
        raise RequestEntityTooLarge
    else:
        data = environ["wsgi.input"].read(int(length))
        # Half of a body could be read as JSON, and mean something else.
        if len(data) < int(length):
            raise ClientDisconnected
    if len(data) > limit:
        raise RequestEntityTooLarge
    return data


def read_json() -> Any:
    """The body as JSON; no bytes are an empty object.

    Raises:
        UnsupportedMediaType: the content type is another.
        InvalidRequestError: the text is no JSON, or nested too deep; the message is empty, as
            Camunda has it.
        NullBodyError: the body is null or blank.
    """
    environ = context().request.environ
    content_type: str = environ.get("CONTENT_TYPE", "")
    # `application/vnd.api+json` and `text/json` are refused too (contract 1.5).
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType
    data = body_bytes()
    # The servlet filter of the reference engine puts an empty object in place of nothing (contract
    # 1.5).
    if not data:
        return {}
    try:
        # orjson turns integers beyond 64 bits into floats without a word: those are read by Python.
        is_long = _LONG_NUMBER in data.translate(_DIGITS)
        value = _read_any(data) if is_long else orjson.loads(data)
    # Not refused yet: Python reads what orjson does not, as half of a surrogate pair.
    except orjson.JSONDecodeError:
        value = _read_any(data)
    if not is_shallow(data, value):
        raise InvalidRequestError("")
    # Behind the syntax, and no error of the shape: Java meets a null where it has an object.
    if value is None:
        raise NullBodyError
    # Of a repeated request it is compared with the first one (`canonical_body`).
    environ["baton.json"] = value
    return value


def canonical_body(part: Any = None) -> bytes:
    """The body that was read, or a part, written in the one way that its spellings have in common.

    A worker's `fetchNext` says nothing of what it has done.
    """
    body = request.environ.get("baton.json") if part is None else part
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name != "fetchNext"}
    # By the standard library, which sorts the keys on each level and takes numbers of any size.
    return json.dumps(body, sort_keys=True).encode()


def _read_any(data: bytes) -> Any:
    """The value that a text holds; its numbers may be of any size."""
    try:
        # In UTF-16 or UTF-32 as well, which the first bytes tell, as Jackson takes them.
        text = data.decode(json.detect_encoding(data)).lstrip()
        if not text:
            return None
        # Counted first: Python's decoder recurses in C for each bracket.
        if text[0] not in "{[" or text.count("[") + text.count("{") > 100_000:
            raise ValueError(text[:10])
        value, end = _DECODER.raw_decode(text)
        if text[end:].strip(_BLANKS):
            raise ValueError(text[end : end + 10])
        return _mended(value)
    except (ValueError, RecursionError):
        raise InvalidRequestError("") from None


def _mended(value: Any) -> Any:
    """The value with U+FFFD for each half of a surrogate pair.

    Clients in JavaScript and Java cut messages within an emoji; the rest must not be lost by it.
    """
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        units = text.encode("utf-16-le", "surrogatepass")
        return _DECODER.decode(units.decode("utf-16-le", "replace"))
    return value


class NullBodyError(JavaRuntimeError):
    """The body is null or blank."""

    def __init__(self) -> None:
        super().__init__("NullPointerException", "The body is null")


def accepts(
    schema_type: "type[Schema]", *, alone: str | None = None, may_be_null: bool = False
) -> Callable[[View], View]:
    """Hand the body to the view: the loaded keys are its arguments.

    Args:
        alone: the key of a number that the body may be itself, for which Jackson makes the object.
        may_be_null: a null body is an empty object.
    """
    from marshmallow import ValidationError  # with the first schema

    # Made with the route, not with the request: marshmallow binds each field of each one.
    schema = schema_type()

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(**arguments: Any) -> Any:
            try:
                body = read_json()
                if alone is not None and _is_number(body):
                    body = {alone: body}
                loaded = schema.load(body)
            except NullBodyError:
                if not may_be_null:
                    raise
                loaded = schema.load({})
            except ValidationError:
                raise InvalidRequestError("") from None
            return view(**arguments, **loaded)

        describe(wrapped, body=schema_type)
        return cast("View", wrapped)

    return decorate


def _is_number(body: Any) -> bool:
    # A text as Jackson reads one; a blank one is no number, and a fraction makes no object.
    return type(body) is int or (isinstance(body, str) and body.strip() != "")


def produces(media_type: str) -> None:
    """Refuse a request that does not accept this media type."""
    # Nearly every client accepts all; werkzeug would take the header apart each time.
    accepted = request.headers.get("Accept")
    if accepted and "*/*" not in accepted and not request.accept_mimetypes[media_type]:
        raise NotAcceptable


def preferred(*media_types: str) -> str:
    """The media type that the client would rather have; of equals, the first one.

    Raises:
        NotAcceptable: it accepts none of them.
    """
    if not request.headers.get("Accept"):
        return media_types[0]
    # `max` keeps the first of equals, which is the one that the reference engine prefers.
    best = max(media_types, key=lambda found: request.accept_mimetypes[found])
    produces(best)
    return best


def returns(view: Callable[..., Any]) -> Callable[..., Response]:
    """Answer the return value of the view as JSON; None is 204."""

    @functools.wraps(view)
    def wrapped(**arguments: Any) -> Response:
        produces("application/json")
        answer = view(**arguments)
        if answer is None:
            return no_content()
        if isinstance(answer, Response):
            return answer
        response = json_response(answer)
        # The reference's filter for caches goes by the end of the URL (contract 0).
        if request.method == "GET" and not request.path.endswith("xml"):
            response.headers["Cache-Control"] = "no-cache"
        return response

    describe(wrapped, is_negotiated=True)
    return wrapped


def wants_json(view: View) -> View:
    """Refuse clients that accept no JSON, where the view answers without a body."""

    # Some commands of the reference engine declare what they produce, which is nothing.
    @functools.wraps(view)
    def wrapped(**arguments: Any) -> Any:
        produces("application/json")
        return view(**arguments)

    describe(wrapped, wants_json=True)
    return cast("View", wrapped)


def form_texts() -> dict[str, str]:
    """The text parts of the form; the texts and the names of files are without NUL.

    Of parts with the same name the last one counts (contract 4.1).
    """
    texts = {name: values[-1] for name, values in request.form.lists()}
    # Werkzeug keeps a part without a name under None.
    if None in request.form or None in request.files:
        raise InvalidRequestError("A part of the form has no name.")
    names = [file.filename or "" for files in request.files.listvalues() for file in files]
    if any("\x00" in text for text in (*texts, *texts.values(), *request.files, *names)):
        raise InvalidRequestError(NUL)
    return texts


def _base_url() -> str:
    """The URL of the API as the client has called it."""
    request = context().request
    return f"{request.scheme}://{request.host}{api_path(request.environ)}"


def link_to(path: str, method: str, rel: str) -> dict[str, str]:
    """The link of an answer to an operation."""
    return {"method": method, "href": _base_url() + path, "rel": rel}


def link_to_itself(path: str) -> dict[str, str]:
    """The link of an answer to where it can be read."""
    return link_to(path, "GET", "self")


def flag(name: str, default: bool = False) -> bool:
    """A primitive boolean of the query: anything but ``true`` in any case is false."""
    value = request.args.get(name)
    # JAX-RS reads these by `Boolean.valueOf`, which knows no error; filters of lists are JSON and
    # are refused (contract 1.7, 5.1).
    return default if value is None else value.lower() == "true"


def wanted_variables() -> list[str] | None:
    """The names of variables that the URL asks for; None for all."""
    wanted = request.args.get("variableNames")
    return wanted.split(",") if wanted is not None else None
