"""The shapes of what is sent: JSON bodies, forms, and the filters of lists."""

from collections.abc import Callable
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import fields

from app import filters
from app.api.descriptions import Description
from app.schemas import base
from app.schemas.migration import NestedPlan
from app.schemas.primitives import JAVA
from app.schemas.queries import QuerySchema
from app.schemas.typed_values import SERIALIZED, TypedValueField, TypedValues

from .schemas import (
    ANYTHING,
    BOOLEAN,
    DATE,
    STRING,
    Schema,
    array_of,
    map_of,
    or_null,
    reference,
    whole,
)

NAMES = sorted(name.title() for name in (*JAVA, *SERIALIZED, "file"))
TEXTS = array_of(or_null(STRING))
VALUE: Schema = {
    "type": "object",
    "description": "A typed value; without a type, the value's own counts.",
    "properties": {
        "type": {"enum": [*NAMES, None]},
        "value": ANYTHING,
        "valueInfo": {
            "type": ["object", "null"],
            "properties": {
                "transient": BOOLEAN,
                "objectTypeName": STRING,
                "serializationDataFormat": STRING,
                "filename": STRING,
                "mimeType": STRING,
                "encoding": STRING,
            },
        },
    },
}
# In an order that matters: the first class that a field is counts.
FIELDS: tuple[tuple[type[fields.Field[Any]], Schema], ...] = (
    (base.JacksonString, STRING),
    (base.JacksonBoolean, BOOLEAN),
    (base.CamundaDateTime, DATE),
    (base.StringList, TEXTS),
    (base.JsonMap, {"type": "object"}),
    (TypedValues, map_of(reference("GivenValue"))),
    (TypedValueField, reference("GivenValue")),
)
QUERIES = {  # queries inside bodies
    "task_query": "TaskQuery",
    "external_task_query": "ExternalTaskQuery",
    "process_instance_query": "ProcessInstanceQuery",
    "historic_process_instance_query": "HistoricProcessInstanceQuery",
    "job_query": "JobQuery",
    "historic_batch_query": "HistoricBatchQuery",
    "historic_decision_instance_query": "HistoricDecisionInstanceQuery",
}


class Bodies(OpenAPIConverter):
    """Describes our own fields."""

    def field2property(self, field: fields.Field[Any]) -> Schema:
        """The schema of a field of a body; all may be null."""
        # Jackson takes null for every field.
        return or_null(self._plain(field))

    def _plain(self, field: fields.Field[Any]) -> Schema:
        if field.name in QUERIES:
            return reference(QUERIES[field.name])
        if isinstance(field, base.JacksonNumber):
            return whole(field.limits)
        if isinstance(field, base.NestedObject):
            return self._nested(field.schema)
        # A plan is one object, where all other `Nesting` are lists.
        if isinstance(field, NestedPlan):
            return self._nested(field.schema)
        if isinstance(field, base.Nesting):
            return array_of(self._nested(field.schema))
        return next(schema for kind, schema in FIELDS if isinstance(field, kind))

    def _nested(self, schema: Any) -> Schema:
        found: Schema = self.resolve_nested_schema(schema)  # type: ignore[no-untyped-call]
        return found


def name_of(schema: Any) -> str:
    """The name of a body's component."""
    found = resolve_schema_cls(schema)
    assert isinstance(found, type)
    # Not the class: an answer may be called as the body is.
    return found.__name__.removesuffix("Schema") + "Body"


class BodiesPlugin(MarshmallowPlugin):
    """marshmallow's schemas with our fields."""

    Converter = Bodies

    def __init__(self) -> None:
        super().__init__(name_of)


# -- filters -------------------------------------------------------------------------------


def _condition(kind: filters.Variables) -> Schema:
    operator = {"enum": list(kind.operators)}
    return {
        "type": "object",
        "properties": {"name": STRING, "operator": operator, "value": ANYTHING},
        "required": ["name", "operator", "value"],
    }


def _words(kind: filters.Variables) -> Schema:
    # Neither part may have the marks: there is no way to escape them (contract 5.3).
    one = f"[^_,]+_({'|'.join(kind.operators)})_[^_,]+"
    return {"type": "string", "pattern": f"^{one}(,{one})*$"}


_TIMESTAMP: Schema = {
    "type": "object",
    "properties": {"operator": {"enum": ["gt", "lt"]}, "value": DATE},
    "required": ["operator", "value"],
}
Describe = Callable[[Any], Schema]


def _choices(kind: filters.Choice) -> Schema:
    return {"enum": [spelt for word in kind.choices for spelt in (word, word.lower())]}


FILTERS: tuple[tuple[type[filters.Kind], Describe, Describe], ...] = (
    # the kind of a filter, what it is in a URL, what it is in a body
    (filters.Flag, lambda _: BOOLEAN, lambda _: BOOLEAN),
    (filters.Choice, _choices, _choices),
    (filters.Number, lambda kind: whole(kind.limits), lambda kind: whole(kind.limits)),
    (filters.Date, lambda _: DATE, lambda _: DATE),
    (
        filters.Texts,
        lambda _: array_of(STRING),
        lambda kind: TEXTS if kind.refuses_null is None else array_of(STRING),
    ),
    (filters.Variables, _words, lambda kind: array_of(_condition(kind))),
    (
        filters.Timestamps,
        lambda _: {**STRING, "pattern": "^[gl]t_.+$"},
        lambda _: array_of(_TIMESTAMP),
    ),
    (filters.Plain, lambda _: STRING, lambda _: ANYTHING),
    (filters.Kind, lambda _: STRING, lambda _: STRING),
)


def _filter(kind: filters.Kind) -> tuple[Schema, Schema]:
    """A filter in a URL, and in a body."""
    _, url, body = next(row for row in FILTERS if isinstance(kind, row[0]))
    return url(kind), body(kind)


def query_body(name: str, schema: QuerySchema) -> Schema:
    """The filters of a list as a body."""
    found = {key: or_null(_filter(kind)[1]) for key, (_, kind) in schema.parameters.items()}
    either: Schema = {}
    if schema.has_or_queries:
        either["orQueries"] = or_null(array_of(reference(f"{name}Query")))
    order = {"enum": ["asc", "desc"]}
    level = {"sortBy": {"enum": list(schema.sorts.names)}, "sortOrder": order}
    return {
        "type": "object",
        "properties": {
            **found,
            **{key: {"enum": [*value["enum"], None]} for key, value in level.items()},
            "sorting": or_null(array_of(_sorting(schema, level))),
            **either,
        },
    }


def _sorting(schema: QuerySchema, level: Schema) -> Schema:
    """A level of sorting in a body; one by a variable names it."""
    plain = {"type": "object", "properties": level, "required": list(level)}
    if not schema.sorts.variable_names:
        return plain
    variable = {"type": "object", "properties": {"variable": STRING, "type": STRING}}
    by_variable = {
        **level,
        "sortBy": {"enum": list(schema.sorts.variable_names)},
        "parameters": {**variable, "required": ["variable", "type"]},
    }
    return {
        "anyOf": [
            plain,
            {"type": "object", "properties": by_variable, "required": list(by_variable)},
        ]
    }


def _parameter(name: str, schema: Schema, **more: Any) -> Schema:
    return {"name": name, "in": "query", "schema": schema, **more}


def parameters(description: Description, method: str) -> list[Schema]:
    """The parameters of a URL, and headers."""
    found = [_parameter(name, BOOLEAN) for name in description.flags.split()]
    found += [_parameter(name, STRING) for name in description.texts.split()]
    found += [
        {"name": name, "in": "header", "schema": STRING} for name in description.headers.split()
    ]
    if description.query is not None and method == "GET":
        # In a body they are a component of their own, which the operation refers to.
        found += _filters(description.query[1])
    if description.is_paged:
        paging = whole(filters.INT)
        found += [_parameter("firstResult", paging), _parameter("maxResults", paging)]
    return found


def _filters(schema: QuerySchema) -> list[Schema]:
    found = []
    for key, (_, kind) in schema.parameters.items():
        url = _filter(kind)[0]
        # Lists are one parameter with commas; by default OpenAPI repeats the name.
        commas = {"style": "form", "explode": False} if url.get("type") == "array" else {}
        found.append(_parameter(key, url, **commas))
    if schema.sorts.names:
        found.append(_parameter("sortBy", {"enum": list(schema.sorts.names)}))
        found.append(_parameter("sortOrder", {"enum": ["asc", "desc"]}))
    return found


# -- bodies of operations --------------------------------------------------------------------


def form(description: Description) -> Schema:
    """The parts of a multipart body; a model may come under any name."""
    file: Schema = {"type": "string", "format": "binary"}
    schema: Schema = {
        "type": "object",
        "properties": dict.fromkeys(description.form.split(), STRING),
    }
    if description.file == "*":
        return {**schema, "additionalProperties": file}
    found = {**schema, "properties": {**schema["properties"], description.file: file}}
    return {**found, "required": [description.file]} if description.needs_file else found
