"""The words that JSON schemas are written with."""

from typing import Any

Schema = dict[str, Any]
STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
ANYTHING: Schema = {}


def reference(name: str) -> Schema:
    """A component."""
    return {"$ref": f"#/components/schemas/{name}"}


DATE = reference("Date")
DATES: Schema = {
    "type": "string",
    "pattern": r"^\d{4,9}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}$",
    "examples": ["2026-11-23T17:21:37.113+0000"],
}


def array_of(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


def map_of(value: Schema) -> Schema:
    """An object with any keys."""
    return {"type": "object", "additionalProperties": value}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    # A reference has no type that null could be added to.
    return {"anyOf": [schema, {"type": "null"}]}


def exactly(**properties: Schema) -> Schema:
    """An object with these keys, all of them and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        # Or a key that an answer grows without being declared would not be found out by a test.
        "additionalProperties": False,
    }


def whole(limits: tuple[int, int]) -> Schema:
    """A whole number."""
    low, high = limits
    size = "int32" if high < 2**31 else "int64"
    return {"type": "integer", "format": size, "minimum": low, "maximum": high}
