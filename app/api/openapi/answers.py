"""The shapes of answers, read from their declarations in `app/schemas`."""

from collections.abc import Iterator

from app.schemas.answers import (
    ANYTHING,
    BOOLEAN,
    DATE,
    INTEGER,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    Answer,
    Either,
    Field,
    Kind,
    Many,
    Named,
)

from . import schemas
from .schemas import Schema, array_of, exactly, map_of, or_null, reference

SCALARS: dict[Kind, Schema] = {
    ANYTHING: schemas.ANYTHING,
    BOOLEAN: schemas.BOOLEAN,
    DATE: schemas.DATE,
    INTEGER: schemas.INTEGER,
    NOTHING: {"type": "null"},
    NUMBER: {"type": "number"},
    OBJECT: {"type": "object"},
    TEXT: schemas.STRING,
}


def schema_of(kind: Kind) -> Schema:
    """The schema of a value that is answered; an answer is a component."""
    if isinstance(kind, Answer):
        return reference(kind.name)
    if isinstance(kind, (Many, Named)):
        item = schema_of(kind.item)
        item = or_null(item) if kind.has_nulls else item
        return array_of(item) if isinstance(kind, Many) else map_of(item)
    if isinstance(kind, Either):
        return {"anyOf": [schema_of(one) for one in kind.kinds]}
    return SCALARS[kind]


def _field(field: Field) -> Schema:
    schema = schema_of(field.kind)
    return or_null(schema) if field.is_nullable and field.kind is not NOTHING else schema


def component(answer: Answer) -> Schema:
    """The component of an answer; fields that may be left out are not required."""
    schema = exactly(**{field.key: _field(field) for field in answer.fields})
    # The keys of all others are always there, with null where there is no value.
    required = [field.key for field in answer.fields if not field.is_optional]
    return {**schema, "required": required}


def answers_in(kind: Kind, known: set[str]) -> Iterator[Answer]:
    """The answers that a kind consists of and that are not `known`, to which they are added."""
    if isinstance(kind, (Many, Named)):
        yield from answers_in(kind.item, known)
    if isinstance(kind, Either):
        for one in kind.kinds:
            yield from answers_in(one, known)
    if isinstance(kind, Answer) and kind.name not in known:
        known.add(kind.name)
        # Before its fields: a tree refers to itself, and is known by now.
        yield kind
        for field in kind.fields:
            yield from answers_in(field.kind, known)
