"""JSON in and out: orjson, dates in Camunda's format, no charset in the content type."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider

from app.schemas.dates import format_date

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_date(value)
    raise TypeError(type(value).__name__)


def dumps(value: Any) -> bytes:
    """A value as JSON."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def json_response(value: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return Answer(dumps(value), status, content_type="application/json")


class Answer(Response):
    """An answer that says of no type unless it is given one: without a body it has none.

    Mostly it is one piece of bytes, or nothing, and its headers need no second look.
    """

    default_mimetype = None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        parts = self.response
        if type(parts) is not list or self._on_close or environ["REQUEST_METHOD"] == "HEAD":
            return super().__call__(environ, start_response)
        headers = self.headers.to_wsgi_list()
        if self.status_code != HTTPStatus.NO_CONTENT and "Content-Length" not in self.headers:
            headers.append(("Content-Length", str(sum(map(len, parts)))))
        start_response(self.status, headers)
        return parts


class OrjsonProvider(JSONProvider):
    """Flask's JSON by orjson."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)
