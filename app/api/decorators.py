"""What every view shares: how a body or query is read, how an answer is written.

Source: rest contract 1.5 and 5.1.
"""

import functools
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar, cast

import orjson
from flask import Flask, Response, current_app, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import (
    MethodNotAllowed,
    NotAcceptable,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from app.errors import InvalidRequestError, JavaRuntimeError
from app.schemas.base import is_shallow
from app.store import Store

from .descriptions import describe
from .json import json_response

View = TypeVar("View", bound=Callable[..., Any])


def _refuse(word: str) -> Any:
    raise ValueError(word)


_DECODER = json.JSONDecoder(parse_constant=_refuse)  # NaN and Infinity are no JSON
_LONG_NUMBER = re.compile(rb"\d{19}")  # from here on, orjson may make a float of an integer
NUL = "A text with the character NUL cannot be stored"


def current_store() -> Store:
    """The store of the application that serves the request."""
    return cast("Store", current_app.extensions["baton"].store)


def empty(status: int) -> Response:
    """An answer without a body, and without a content type."""
    response = Response(status=status)
    del response.headers["Content-Type"]
    return response


def no_content() -> Response:
    """204."""
    return empty(HTTPStatus.NO_CONTENT)


def body_bytes() -> bytes:
    """The body of the request; one that is too large is refused."""
    limit = current_app.config["MAX_BODY_BYTES"]
    length = request.content_length
    if length is not None and length > limit:
        raise RequestEntityTooLarge
    data = request.get_data(cache=False)
    if len(data) > limit:
        raise RequestEntityTooLarge
    return data


def read_json() -> Any:
    """The body as JSON; no bytes are an empty object.

    Raises:
        UnsupportedMediaType: the content type is another.
        InvalidRequestError: the text is no JSON, or nested too deep; the message is empty, as
            Camunda has it.
        JavaRuntimeError: the body is null or blank.
    """
    content_type = request.content_type or ""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType
    data = body_bytes()
    if not data:
        return {}
    try:
        value = orjson.loads(data) if _LONG_NUMBER.search(data) is None else _read_first(data)
    except orjson.JSONDecodeError:
        value = _read_first(data)
    if not is_shallow(data, value):
        raise InvalidRequestError("")
    if value is None:
        raise JavaRuntimeError("NullPointerException", "The body is null")
    request.environ["baton.json"] = value
    return value


def canonical_body() -> bytes:
    """The body that was read, written in the one way that all its spellings have in common."""
    return json.dumps(request.environ.get("baton.json"), sort_keys=True).encode()


def _read_first(data: bytes) -> Any:
    """The first value of a text, whatever is behind it; its numbers may be of any size."""
    try:
        text = data.decode("utf-8-sig").lstrip()
        if not text:
            return None
        if text[0] not in "{[" or text.count("[") + text.count("{") > 100_000:
            raise ValueError(text[:10])
        value, _ = _DECODER.raw_decode(text)
        json.dumps(value, ensure_ascii=False).encode()  # fails on half of a surrogate pair
        return value
    except (ValueError, RecursionError):
        raise InvalidRequestError("") from None


def accepts(schema_type: type[Schema]) -> Callable[[View], View]:
    """Hand the body to the view: the loaded keys are its arguments."""
    schema = schema_type()

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(**arguments: Any) -> Any:
            try:
                loaded = schema.load(read_json())
            except ValidationError:
                raise InvalidRequestError("") from None
            return view(**arguments, **loaded)

        describe(wrapped, body=schema_type)
        return cast("View", wrapped)

    return decorate


def produces(media_type: str) -> None:
    """Refuse a request that does not accept this media type."""
    accepted = request.headers.get("Accept")
    if accepted and "*/*" not in accepted and not request.accept_mimetypes[media_type]:
        raise NotAcceptable


def returns(view: Callable[..., Any]) -> Callable[..., Response]:
    """Answer what the view gives as JSON; None is 204."""

    @functools.wraps(view)
    def wrapped(**arguments: Any) -> Response:
        produces("application/json")
        answer = view(**arguments)
        if answer is None:
            return no_content()
        if isinstance(answer, Response):
            return answer
        response = json_response(answer)
        if request.method == "GET" and not request.path.endswith("xml"):
            response.headers["Cache-Control"] = "no-cache"
        return response

    describe(wrapped, is_negotiated=True)
    return wrapped


def refuse_nul() -> None:
    """Refuse a URL with the character NUL, which PostgreSQL has in no text."""
    environ = request.environ
    if "\x00" in environ["PATH_INFO"] or "%00" in environ.get("QUERY_STRING", ""):
        raise InvalidRequestError(NUL)


def prefer_literal_paths(app: Flask) -> None:
    """Let a path that stands in a route as it is mean that route only, whatever the method.

    ``GET /external-task/retries`` is a wrong method, not the task with the id ``retries``.
    """
    literal: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            literal.setdefault(rule.rule, set()).update(rule.methods or ())

    def refuse_other_methods() -> None:
        rule = request.url_rule
        if rule is None or not rule.arguments:
            return
        allowed = literal.get(request.path.rstrip("/"))
        if allowed is not None:
            raise MethodNotAllowed(sorted(allowed))

    app.before_request(refuse_other_methods)


def form_texts() -> dict[str, str]:
    """The text parts of the form; the texts and the names of files are without NUL.

    Of parts with the same name the last one counts (rest contract, 4.1).
    """
    texts = {name: values[-1] for name, values in request.form.lists()}
    names = [file.filename or "" for files in request.files.listvalues() for file in files]
    if any("\x00" in text for text in (*texts, *texts.values(), *request.files, *names)):
        raise InvalidRequestError(NUL)
    return texts


def base_url() -> str:
    """The URL of the API as the client has called it, engine prefix included."""
    return request.host_url.rstrip("/") + str(request.environ.get("baton.base", "/engine-rest"))


def flag(name: str, default: bool = False) -> bool:
    """A primitive boolean of the query: anything but ``true`` in any case is false."""
    value = request.args.get(name)
    return default if value is None else value.lower() == "true"
