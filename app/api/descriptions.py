"""The descriptions of views for the OpenAPI document; no request ever reads them.

`accepts`, `returns` and `wraps` note their part; `describes` at the route adds the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from app.errors import EngineError
from app.schemas.answers import Kind

if TYPE_CHECKING:
    from marshmallow import Schema

    from app.schemas.queries import QuerySchema

Failure = tuple[int, str]  # a status, and the type in the body of the error
View = TypeVar("View", bound=Callable[..., Any])
Describer = Callable[[Callable[..., Any]], Callable[..., Any]]
JSON, TEXT, HTML, ANY = "application/json", "text/plain", "text/html", "*/*"
XHTML = "application/xhtml+xml"


@dataclass(frozen=True)
class Example:
    """An example of a request, as far as neither its path nor its body's schema has it.

    Attributes:
        path: values of parameters of the path that are others than usual.
        query: parameters of the URL.
        body: the body, or the parts of a form.
        filters: of a query in a body.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    """The description of a view.

    Attributes:
        body: the schema of the JSON body.
        form: the text parts of a multipart body, as words in one text.
        file: the part that is a file; ``*`` stands for files under any name.
        needs_file: whether the file must be there.
        query: a list's name and its filters; they come in the body, or in the URL of a GET.
        is_paged: whether ``firstResult`` and ``maxResults`` count.
        flags, texts, headers: further parameters, as words in one text.
        answer: of the operation; None: 204.
        has_no_content: 204 is answered too; None where the type of the view's result says it.
        is_empty: the answer is 200 without a body.
        media: the media type of the answer.
        alternatives: what else may be answered, by the media types that a client may accept.
        is_negotiated: whether ``Accept`` is looked at.
        wants_json: whether it is looked at although there is nothing to answer.
        answer_headers: headers of the answer, as words in one text.
        wraps: how errors are answered, the innermost wrapping first.
        raises: errors beyond those of every view of its kind.
        problems: the answers to errors that the view gives by itself.
        is_refused: every request is answered with one of the problems.
        touches_store: whether the database is asked.
        example: of a request.
    """

    body: "type[Schema] | None" = None
    form: str = ""
    file: str = ""
    needs_file: bool = True
    query: "tuple[str, QuerySchema] | None" = None
    is_paged: bool = False
    flags: str = ""
    texts: str = ""
    headers: str = ""
    answer: Kind | None = None
    has_no_content: bool | None = None
    is_empty: bool = False
    media: str = JSON
    alternatives: Mapping[str, Kind] = field(default_factory=dict)
    is_negotiated: bool = False
    wants_json: bool = False
    answer_headers: str = ""
    wraps: tuple[Mapping[type[EngineError], Failure], ...] = ()
    raises: tuple[type[EngineError], ...] = ()
    problems: tuple[Failure, ...] = ()
    is_refused: bool = False
    touches_store: bool = True
    example: Example = Example()


def description_of(view: Callable[..., Any]) -> Description:
    """The description of a view."""
    found: Description = getattr(view, "description", Description())
    return found


def describe(view: Callable[..., Any], **facts: Any) -> None:
    """Note facts about a view; it must be a function, for methods are shared."""
    # A copy: decorators from the inside out each add what they know, and routes may share a view.
    vars(view)["description"] = replace(description_of(view), **facts)


def describes(**facts: Any) -> Callable[[View], View]:
    """Note facts about the view below; `Description` names them."""

    def decorate(view: View) -> View:
        describe(view, **facts)
        return view

    return decorate
