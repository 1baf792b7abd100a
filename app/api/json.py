"""JSON in and out: orjson, dates in Camunda's format, no charset in the content type."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider
from werkzeug.datastructures import Headers

from app.errors import UnavailableError
from app.schemas.dates import format_date

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

MOST_IN_MEMORY = 2**20  # bytes; what is longer is written to a temporary file
BLOCK = 2**16
# Dates have a format of their own.
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_date(value)
    # The name alone: a value must not be in the log of a fault.
    raise TypeError(type(value).__name__)


def dumps(value: Any) -> bytes:
    """A value as JSON."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def json_response(value: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return Answer(dumps(value), status, content_type="application/json")


def uncached(response: Response) -> Response:
    """An answer that no cache gives again without having asked (contract 0)."""
    response.headers["Cache-Control"] = "no-cache"
    return response


def _nothing() -> bytes:
    return b""


def json_list(
    chunks: Iterable[list[Any]],
    *,
    before: bytes = b"",
    after: Callable[[], bytes] = _nothing,
    content_type: str = "application/json",
) -> Response:
    """An answer that is a list, made of at least one part; few are in memory at once.

    It is written before any of it is sent: what fails on the way is answered as any error, a
    client that reads slowly keeps no connection to the database, and the length is known.

    Args:
        before: what stands in front of the list, if it is not the whole answer.
        after: what stands behind it, asked for when all of the list is written.

    Raises:
        UnavailableError: there is no room for a temporary file.
    """
    parts = iter(chunks)
    # One part is the usual case, and needs no file.
    first, second = next(parts), next(parts, None)
    if second is None:
        whole = before + dumps(first) + after()
        return Answer(whole, content_type=content_type)
    file = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 (the answer closes it)
    try:
        file.write(before + dumps(first)[:-1])
        for part in chain([second], parts):
            # Each part is a list of its own: its brackets are cut off, and a comma joins them.
            file.write(b"," + dumps(part)[1:-1])
        file.write(b"]" + after())
        length = file.tell()
        file.seek(0)
    except OSError as error:
        file.close()
        raise UnavailableError("There is no room for the answer.") from error
    # Also a worker that is stopped must not leave the file behind.
    except BaseException:
        file.close()
        raise
    answer = Answer(_blocks(file), content_type=content_type)
    answer.content_length = length
    answer.call_on_close(file.close)
    return answer


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a file, which is closed behind it."""
    with file:
        while block := file.read(BLOCK):
            yield block


class Answer(Response):
    """An answer that says of no type unless it is given one: without a body it has none.

    Mostly it is one piece of bytes, or nothing, and its headers need no second look.

    Attributes:
        also: headers that all answers have, behind those of this one.
    """

    # Flask's own is HTML: a 204 would say of nothing that it is that.
    default_mimetype = None
    also: tuple[tuple[str, str], ...] = ()

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """All headers, where werkzeug sends the answer."""
        headers = super().get_wsgi_headers(environ)
        headers.extend(self.also)
        return headers

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        parts, is_head = self.response, environ["REQUEST_METHOD"] == "HEAD"
        is_whole = not is_head and self.status_code != HTTPStatus.NOT_MODIFIED
        # Werkzeug's own way copies the headers and looks through them for what cannot be here.
        if type(parts) is not list or self._on_close or not is_whole:
            return super().__call__(environ, start_response)
        headers = [*self.headers, *self.also]
        # A 204 has no length (RFC 9110, 8.6), and one that was given stays.
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
