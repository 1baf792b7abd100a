"""The OpenAPI document, put together from the routes and from what their views tell.

Made when it is first asked for; nothing here is imported before.
"""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, get_type_hints

from apispec import APISpec
from flask import Flask
from werkzeug.routing import Rule

from app.api.descriptions import JSON, TEXT, Description, description_of
from app.api.engine import VERSION
from app.names import camel
from app.schemas.variables import ValueSchema

from . import answers as openapi_answers
from . import examples
from . import problems as openapi_problems
from .bodies import QUERIES, VALUE, BodiesPlugin, form, parameters, query_body
from .schemas import DATES, STRING, Schema, reference

View = Callable[..., Any]
PAGES = ("pages", "root")  # blueprints
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
ABOUT = """A process engine for external tasks that speaks the Camunda 7 REST API.

Every path below `/engine-rest` is served below `/engine-rest/engine/{name}` too, for each engine
that `GET /engine` lists; without the prefix it is `default`. Errors are
`{type, message, code}`; each operation lists the types that it may answer with."""


class Document:
    """The document of an application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._names: dict[str, list[str]] = {}
        self._answers: set[str] = set()
        self._spec = APISpec(
            title="Baton",
            version=VERSION,
            openapi_version="3.1.0",
            info={"description": ABOUT},
            plugins=[BodiesPlugin()],
            servers=[{"url": "/"}],
        )

    def to_dict(self) -> Schema:
        """The whole document."""
        shapes = {
            "Date": DATES,
            "GivenValue": VALUE,
            **openapi_problems.COMPONENTS,
        }
        for name, shape in shapes.items():
            self._spec.components.schema(name, shape)
        for name, answer in openapi_problems.shared_answers().items():
            self._spec.components.response(name, answer)
        # Components first, for operations refer to them by name.
        for rule, method, view in operations(self._app):
            path = self._path(rule)
            self._spec.path(path, operations={method.lower(): self._operation(path, method, view)})
        document: Schema = self._spec.to_dict()
        return document

    def _path(self, rule: Rule) -> str:
        """The path of a route; the same path has the same names of parameters everywhere."""
        names = re.findall(r"<(?:\w+:)?(\w+)>", rule.rule)
        bare = re.sub(r"<[^>]+>", "{}", rule.rule)
        return bare.format(*(f"{{{camel(name)}}}" for name in self._names.setdefault(bare, names)))

    def _operation(self, path: str, method: str, view: View) -> Schema:
        description = description_of(view)
        names = re.findall(r"{(\w+)}", path)
        operation: Schema = {
            "operationId": operation_id(path, method),
            "summary": (view.__doc__ or "").strip().partition("\n")[0],
            "tags": [tag(path)],
            "parameters": [
                *(_segment(path, name, description) for name in names),
                *_with_examples(parameters(description, method), description, method),
            ],
            "responses": {
                **successes(description, view),
                **openapi_problems.problem_answers(description, method),
            },
        }
        if description.answer is not None:
            kinds = (description.answer, *description.alternatives.values())
            for answer in (
                a for kind in kinds for a in openapi_answers.answers_in(kind, self._answers)
            ):
                self._spec.components.schema(answer.name, openapi_answers.component(answer))
        body = self._body(description, method)
        if body is not None:
            operation["requestBody"] = {"content": body}
        return operation

    def _body(self, description: Description, method: str) -> Schema | None:
        """The content of what an operation is sent."""
        content = self._content(description, method)
        example = examples.body_of(description, method)
        if content is None or example is None:
            return content
        return {media: {**shape, "example": example} for media, shape in content.items()}

    def _content(self, description: Description, method: str) -> Schema | None:
        if description.file:
            return {"multipart/form-data": {"schema": form(description)}}
        if description.body is ValueSchema:
            return {JSON: {"schema": reference("GivenValue")}}
        if description.body is not None:
            return {JSON: {"schema": description.body}}
        if description.query is not None and method != "GET":
            return {JSON: {"schema": self._query(description)}}
        if description.query is not None and f"{description.query[0]}Query" in QUERIES.values():
            self._query(description)  # which the bodies of commands hold
        return None

    def _query(self, description: Description) -> Schema:
        """The filters of a list as a component."""
        assert description.query is not None
        list_, schema = description.query
        name = f"{list_}Query"
        # Several operations have the same query; a component may be declared once.
        if name not in self._spec.components.schemas:
            self._spec.components.schema(name, query_body(list_, schema))
        return reference(name)


SEGMENT: Schema = {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}


def _segment(path: str, name: str, description: Description) -> Schema:
    """A parameter of a path."""
    before, _, after = path.partition(f"/{{{name}}}")
    value = description.example.path.get(name) or examples.path_value(before, after)
    return {"name": name, "in": "path", "required": True, "schema": SEGMENT, "example": value}


def _with_examples(found: list[Schema], description: Description, method: str) -> Iterator[Schema]:
    """Parameters of a URL, with those of their examples that an operation cannot do without."""
    values = examples.url_values(description, method)
    for parameter in found:
        value = values.get(parameter["name"]) if parameter["in"] == "query" else None
        yield parameter if value is None else {**parameter, "example": value}


def operations(app: Flask) -> Iterator[tuple[Rule, str, View]]:
    """Every route with each of its methods; the pages for people are none of the API."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in PAGES:
            continue
        for method in METHODS:
            # HEAD and OPTIONS are werkzeug's own, and say nothing of the API.
            if method in (rule.methods or ()):
                yield rule, method, app.view_functions[rule.endpoint]


def operation_id(path: str, method: str) -> str:
    """A name that no other operation has."""
    # outside of the base path are those of the server, of which one is called as one of the engine
    of_server = "" if path.startswith("/engine-rest") else "/server"
    words = re.findall(r"\w+", of_server + path.replace("{", "by-").removeprefix("/engine-rest"))
    return method.lower() + "".join(word[0].upper() + word[1:] for word in words)


def tag(path: str) -> str:
    """The resource that an operation is about."""
    return path.removeprefix("/engine-rest").split("/")[1].replace("-", " ").capitalize()


def successes(description: Description, view: View) -> Schema:
    """The answers when nothing is wrong, by status."""
    if description.is_refused:
        return {}
    found: Schema = {}
    if description.answer or description.media != JSON:
        schema = STRING if description.media == TEXT else {}
        if description.answer:
            schema = openapi_answers.schema_of(description.answer)
        shapes = {description.media: schema}
        for media, kind in description.alternatives.items():
            shapes[media] = openapi_answers.schema_of(kind)
        content: Schema = {media: {"schema": shape} for media, shape in shapes.items()}
        if description.answer and description.media == JSON:
            content[JSON]["example"] = examples.answer_of(description.answer)
        found["200"] = {"description": "OK", "content": content}
    elif description.is_empty:
        found["200"] = {"description": "Done; there is no body"}
    if has_no_content(description, view):
        found["204"] = {"description": HTTPStatus.NO_CONTENT.phrase}
    headers = {name: {"schema": STRING} for name in description.answer_headers.split()}
    if headers:
        found = {status: {**answer, "headers": headers} for status, answer in found.items()}
    return found


def has_no_content(description: Description, view: View) -> bool:
    """Whether 204 is answered."""
    if description.has_no_content is not None:
        return description.has_no_content
    if not description.answer:
        return description.media == JSON and not description.is_empty
    # `None` among the results of a view is 204: see `decorators.returns`.
    return type(None) in getattr(get_type_hints(view).get("return"), "__args__", ())
