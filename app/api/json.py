"""JSON in and out: orjson, dates in Camunda's format, no charset in the content type."""

from datetime import datetime
from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider

from app.schemas.dates import format_date

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
    return Response(dumps(value), status, content_type="application/json")


class Answer(Response):
    """What Flask answers by itself, to OPTIONS for one: it has no body, and says of no type."""

    default_mimetype = None


class OrjsonProvider(JSONProvider):
    """Flask's JSON by orjson."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)
