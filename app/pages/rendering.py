"""From values to HTML: templates with everything escaped, headers, and answers that did not change.

Source: decision 21.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote, urlencode

from flask import Response, current_app, has_request_context, request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.local import LocalProxy

from app.api.application import api_path, in_front
from app.api.callers import caller_id
from app.api.json import Answer

from . import acts, offers, statics
from .sections import SECTIONS

ROOT = "/ui"


def _base() -> str:
    """Where the page is, as the browser has called it: with the prefix of the engine or without."""
    if not has_request_context():
        return ROOT
    return in_front(request.environ) + str(request.environ.get("baton.page", ROOT))


def _api() -> str:
    """Where the REST API of the same engine is."""
    return api_path(request.environ)


BASE, API = cast("str", LocalProxy(_base)), cast("str", LocalProxy(_api))
HEADERS = {  # beside those that every answer to a browser has
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie",
}
NONE = "\u2013"  # what stands for no value
_NONE = Markup(f'<span class="none">{NONE}</span>')
LONGEST = 300  # characters of a text from outside in a table; the rest is behind its own view


def timestamp(value: datetime | None, kind: str = "") -> Markup:
    """A timestamp as an element, which a script shows in the zone of the viewer.

    Args:
        kind: ``age`` where the script shows how long ago it was. It is not computed here, or no
            answer would be like the one before.
    """
    if value is None:
        return _NONE
    utc = value.astimezone(UTC)
    exact = utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    shown = utc.strftime("%Y-%m-%d %H:%M:%S UTC")
    template = Markup('<time datetime="{0}" title="{0}"{2}>{1}</time>')
    return template.format(exact, shown, Markup(" data-age") if kind == "age" else "")


def age(value: datetime | None) -> Markup:
    """How long ago a timestamp was, with its exact value as title."""
    return timestamp(value, "age")


def span(value: timedelta | None) -> str:
    """A time span in its two largest units."""
    if value is None:
        return NONE
    seconds = max(0, int(value.total_seconds()))
    # Many activities take no second, and all of them would look alike.
    if seconds == 0:
        return f"{max(0, int(value.total_seconds() * 1000))} ms"
    parts = []
    for name, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number} {name}")
    return " ".join(parts[:2])


def clipped(value: object, most: int = LONGEST) -> str:
    """The beginning of a text."""
    text = "" if value is None else str(value)
    return text if len(text) <= most else f"{text[:most]}…"


def number(value: int | None) -> str:
    """A number with its thousands apart."""
    return NONE if value is None else f"{value:,}"


def segment(value: object) -> str:
    """A text as one part of a path."""
    return quote(str(value), safe="")


def queried(**changes: object) -> str:
    """The query of the URL that is shown, with other values; None leaves a name out."""
    given = {name: values for name, values in request.args.lists() if name != "fragment"}
    for name, value in changes.items():
        given[name] = [] if value is None else [str(value)]
    return "?" + urlencode(given, doseq=True)


_environment = Environment(
    loader=PackageLoader("app.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "timestamp": timestamp,
    "span": span,
    "age": age,
    "clip": clipped,
    "number": number,
    "segment": segment,
    "json": acts.as_json,
}
_environment.globals |= {
    "static": statics.url,
    "queried": queried,
    "sections": SECTIONS,
    "types": acts.TYPES,
    "refusal_of": offers.refusal_of,
}


def rendered(template: str, **values: Any) -> str:
    """The text of a template."""
    # as texts: templates join them with others
    here = {"base": str(BASE), "api": str(API), "front": in_front(request.environ)}
    return _environment.get_template(template).render({**here, **values})


def page(
    template: str,
    *,
    title: str,
    section: str = "",
    status: int = HTTPStatus.OK,
    is_live: bool = False,
    **values: Any,
) -> Response:
    """A view as an answer: whole, or only what stands between head and foot of the page.

    Args:
        section: which part of the navigation is the current one.
        is_live: it is asked for again and again while somebody looks at it.
        values: of the template.
    """
    given: Mapping[str, Any] = {
        **values,
        "title": title,
        "section": section,
        "is_live": is_live,
        "is_fragment": request.args.get("fragment") == "1",
        "is_filtered": bool(set(request.args) - {"fragment", "page"}),
        "user_id": caller_id(),
        "csrf": request.environ.get("baton.csrf", ""),
        "engine": current_app.config["BATON"].engine,
        "engines": current_app.extensions["engines"].names,
    }
    return answered(rendered(template, **given), status)


def answered(html: str, status: int = HTTPStatus.OK) -> Response:
    """HTML with the headers of every view; 304 where the client has it already."""
    # Texts from outside may have halves of surrogate pairs, which no page can have.
    data = html.encode("utf-8", "replace")
    answer: Response = Answer(data, status=status, content_type="text/html; charset=utf-8")
    answer.headers.update(HEADERS)
    if status == HTTPStatus.OK and request.method in ("GET", "HEAD"):
        # A live view is asked for every few seconds: mostly nothing has changed, and nothing is
        # sent.
        answer.set_etag(hashlib.sha256(data).hexdigest()[:32])
        answer.make_conditional(request)
    return answer


def redirect(path: str, status: int = HTTPStatus.SEE_OTHER) -> Response:
    """An answer that leads to another view."""
    answer: Response = Answer(status=status)
    answer.headers.update(HEADERS)
    answer.headers["Location"] = path
    return answer


def marked_up(svg: str) -> Markup:
    """The text of a diagram, which is made of escaped parts, as a part of a page."""
    return Markup(svg)
