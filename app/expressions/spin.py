"""Spin's JSON, as far as expressions use it: ``S()``, ``JSON()``, ``prop``, ``jsonPath``.

A value that is put into a node is copied, as with lists.

Source: Camunda Spin ``JacksonJsonNode``, ``JacksonJsonPathQuery``, ``JacksonJsonLogger``.
"""

from datetime import datetime

import orjson

from . import json_path
from .coercion import to_string
from .containers import Entry, copied
from .failures import InvocationError, require
from .java_dates import millis
from .signatures import ANY, INT, ONLY_ANY, TEXT, table
from .values import Integer, from_json, java_class, java_equals, json_text, to_text

_FORMAT = "org.camunda.spin.json.SpinJsonDataFormatException"
_PROPERTY = "org.camunda.spin.json.SpinJsonPropertyException"
_PATH = "org.camunda.spin.json.SpinJsonPathException"


class SpinError(InvocationError):
    """Spin could not do what it was asked for."""

    def __init__(self, java_type: str, number: str, message: str) -> None:
        super().__init__(java_type, f"SPIN/JACKSON-JSON-01{number} {message}")


class JsonNode:
    """A node of a JSON document.

    Attributes:
        content: the plain value: dict, list, str, number, bool or None.
    """

    __slots__ = ("content",)
    __hash__ = None  # type: ignore[assignment]  # it can change
    java_class = "org.camunda.spin.impl.json.jackson.JacksonJsonNode"

    def __init__(self, content: object) -> None:
        self.content = content

    @classmethod
    def parse(cls, text: str) -> "JsonNode":
        """Read a text; SpinError when it is no JSON."""
        try:
            return cls(from_json(orjson.loads(text)))
        # A document may nest deeper than `from_json` can walk.
        except (orjson.JSONDecodeError, RecursionError):
            raise SpinError(_FORMAT, "001", "Unable to parse input into json node") from None

    def __str__(self) -> str:
        return json_text(self.content)

    def __repr__(self) -> str:
        return f"JsonNode({self.content!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonNode) and java_equals(self.content, other.content)

    def juel_property(self, name: str) -> object:
        """Java's bean properties of a node."""
        method = JSON_METHODS.get((f"is{name[:1].upper()}{name[1:]}", 0))
        if method is not None:
            return method(self, [])
        if name == "dataFormatName":
            return "application/json"
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method of the node."""
        method = JSON_METHODS.get((name, len(arguments)))
        if method is None:
            raise AttributeError(name)
        return method(self, arguments)

    @property
    def node_type(self) -> str:
        """Jackson's name for what the node is."""
        for kind, name in _NODE_TYPES.items():
            if isinstance(self.content, kind):
                return name
        return "NULL"

    def expect(self, node_type: str, wanted: str) -> object:
        """The content, which must be of a type; SpinError otherwise."""
        if self.node_type != node_type:
            raise SpinError(_FORMAT, "002", f"Expected '{wanted}', got '{self.node_type}'")
        return self.content


_NODE_TYPES: dict[type, str] = {  # in this order: a bool is an int
    bool: "BOOLEAN",
    int: "NUMBER",
    float: "NUMBER",
    str: "STRING",
    list: "ARRAY",
    dict: "OBJECT",
}


def _prop(node: JsonNode, name: str) -> JsonNode:
    if not isinstance(node.content, dict) or name not in node.content:
        raise SpinError(_PROPERTY, "004", f"Unable to find '{name}'")
    return JsonNode(node.content[name])


def _elements(node: JsonNode) -> list[object]:
    items = node.expect("ARRAY", "SpinList")
    return [JsonNode(item) for item in items] if isinstance(items, list) else []


def _field_names(node: JsonNode) -> list[object]:
    if isinstance(node.content, list):
        return []
    content = node.expect("OBJECT", "Array/Object")
    return list(content) if isinstance(content, dict) else []


def _value(node: JsonNode) -> object:
    if isinstance(node.content, (list, dict)):
        raise SpinError(
            _FORMAT, "002", f"Expected 'String/Number/Boolean/Null', got '{node.node_type}'"
        )
    return node.content


def _path(node: JsonNode, text: str) -> "JsonPathQuery":
    # The only function of paths that the grammar has no step for.
    bare = text.strip().removesuffix(".length()")
    try:
        return JsonPathQuery(node, json_path.steps(bare), counts=bare != text.strip())
    except json_path.PathError:
        raise SpinError(_PATH, "014", f"Unable to compile '{text[:200]}'!") from None


def _items(node: JsonNode, number: str = "010", wish: str = "modify node of type") -> list[object]:
    """The items of a list, which changing them changes."""
    if not isinstance(node.content, list):
        message = f"Unable to {wish} '{node.node_type}'. Node is not a list."
        raise SpinError("org.camunda.spin.json.SpinJsonException", number, message)
    return node.content


def _searched(node: JsonNode, wanted: object) -> list[object]:
    """The items of a list in which something is looked for."""
    items = _items(node, "011", "get index from")
    require(wanted, "searchObject")
    return items


def _members(node: JsonNode) -> dict[str, object]:
    members = node.expect("OBJECT", "Object")
    return members if isinstance(members, dict) else {}


def _set_prop(node: JsonNode, name: str, value: object) -> JsonNode:
    _members(node)[name] = _content_of(value)
    return node


def _content_of(value: object) -> object:
    """A copy of what a value holds; null is refused."""
    require(value, "property")
    return copied(_plain(value))


def _delete_prop(node: JsonNode, names: object) -> JsonNode:
    members = node.content if isinstance(node.content, dict) else {}
    # One after the other: those before a missing one are gone, as in Spin.
    for name in names if isinstance(names, list) else [names]:
        key = to_string(name)
        if key not in members:
            raise SpinError(_PROPERTY, "004", f"Unable to find '{key}'")
        del members[key]
    return node


def _append(node: JsonNode, value: object) -> JsonNode:
    _items(node).append(_content_of(value))
    return node


def _place(items: list[object], index: int, count: int) -> int:
    """A place from the begin of a list, or from its end where it is negative."""
    place = index + count if index < 0 else index
    if not 0 <= place < count:
        raise SpinError(
            "java.lang.IndexOutOfBoundsException",
            "012",
            f"Index is out of bound! Index: '{index}', Size: '{len(items)}'",
        )
    return place


def _insert_at(node: JsonNode, index: int, value: object) -> JsonNode:
    items = _items(node)
    items.insert(_place(items, index, len(items) + (index >= 0)), _content_of(value))
    return node


def _insert_by(node: JsonNode, wanted: object, value: object, distance: int) -> JsonNode:
    if not isinstance(node.content, list):
        raise SpinError(
            _PROPERTY, "005", f"Unable to create node for object of type '{node.node_type}'"
        )
    place = _index(node, wanted)
    _items(node).insert(place + distance, _content_of(value))
    return node


def _remove_at(node: JsonNode, index: int) -> JsonNode:
    items = _items(node)
    del items[_place(items, index, len(items))]
    return node


def _remove(node: JsonNode, wanted: object, *, is_last: bool) -> JsonNode:
    place = _index(node, wanted, is_last=is_last)
    del _items(node)[place]
    return node


def _contains(node: JsonNode, wanted: object) -> bool:
    items = _searched(node, wanted)
    content = _plain(wanted)
    return any(java_equals(item, content) for item in items)


def _index(node: JsonNode, wanted: object, *, is_last: bool = False) -> int:
    """Where an item is that is equal and of the same type; SpinError when there is none."""
    items, content = _searched(node, wanted), _plain(wanted)
    places = range(len(items) - 1, -1, -1) if is_last else range(len(items))
    for place in places:
        if java_equals(items[place], content):
            return place
    raise SpinError(_PROPERTY, "004", f"Unable to find '{to_text(wanted)[:200]}'")


CHANGING_JSON = frozenset(
    {
        ("prop", 2),
        ("deleteProp", 1),
        ("append", 1),
        ("insertAt", 2),
        ("insertBefore", 2),
        ("insertAfter", 2),
        ("remove", 1),
        ("removeLast", 1),
        ("removeAt", 1),
    }
)
JSON_METHODS = table(
    {
        ("prop", TEXT, ONLY_ANY): _set_prop,
        ("deleteProp", ONLY_ANY): _delete_prop,
        ("append", ANY): _append,
        ("insertAt", INT, ANY): _insert_at,
        ("insertBefore", ANY, ANY): lambda n, wanted, value: _insert_by(n, wanted, value, 0),
        ("insertAfter", ANY, ANY): lambda n, wanted, value: _insert_by(n, wanted, value, 1),
        ("remove", ANY): lambda n, wanted: _remove(n, wanted, is_last=False),
        ("removeLast", ANY): lambda n, wanted: _remove(n, wanted, is_last=True),
        ("removeAt", INT): _remove_at,
        ("indexOf", ANY): lambda n, wanted: Integer(_index(n, wanted)),
        ("lastIndexOf", ANY): lambda n, wanted: Integer(_index(n, wanted, is_last=True)),
        ("contains", ANY): _contains,
        ("prop", TEXT): _prop,
        ("hasProp", TEXT): lambda n, name: isinstance(n.content, dict) and name in n.content,
        ("elements",): _elements,
        ("fieldNames",): _field_names,
        ("jsonPath", TEXT): _path,
        ("value",): _value,
        ("stringValue",): lambda n: n.expect("STRING", "String"),
        ("numberValue",): lambda n: n.expect("NUMBER", "Number"),
        ("boolValue",): lambda n: n.expect("BOOLEAN", "Boolean"),
        ("isNull",): lambda n: n.content is None,
        ("isArray",): lambda n: n.node_type == "ARRAY",
        ("isObject",): lambda n: n.node_type == "OBJECT",
        ("isString",): lambda n: n.node_type == "STRING",
        ("isBoolean",): lambda n: n.node_type == "BOOLEAN",
        ("isNumber",): lambda n: n.node_type == "NUMBER",
        ("isValue",): lambda n: not isinstance(n.content, (list, dict)),
        ("getDataFormatName",): lambda _: "application/json",
        ("toString",): str,
    }
)


class JsonPathQuery:
    """A path into a document, and the methods that follow it.

    Args:
        counts: it ends with ``length()``: how many items there are is meant.
    """

    __slots__ = ("_counts", "_node", "_steps")
    java_class = "org.camunda.spin.impl.json.jackson.query.JacksonJsonPathQuery"

    def __init__(self, node: JsonNode, steps: list[json_path.Step], *, counts: bool) -> None:
        self._node = node
        self._counts = counts
        self._steps = steps

    def juel_property(self, name: str) -> object:
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """``element``, ``elementList`` or a value method of the element found."""
        if arguments:
            raise AttributeError(name)
        if name == "element":
            return self._element()
        if name == "elementList":
            return _elements(self._element())
        if name in ("stringValue", "numberValue", "boolValue"):
            return self._element().juel_call(name, [])
        raise AttributeError(name)

    def _element(self) -> JsonNode:
        try:
            found = json_path.read(self._node.content, self._steps)
            if not self._counts:
                return JsonNode(found)
            return JsonNode(Integer(len(found)) if isinstance(found, (list, dict)) else None)
        except json_path.PathError:
            where = JsonNode.java_class
            message = f"Unable to evaluate JsonPath expression on element '{where}'"
            raise SpinError(_PATH, "013", message) from None


def json_node(value: object) -> JsonNode:
    """``JSON(…)`` and ``S(…)``: a text is parsed, a list or map wrapped, a node stays."""
    if isinstance(value, JsonNode):
        return value
    if isinstance(value, str):
        return JsonNode.parse(value)
    if isinstance(value, (list, dict, bool, int, float)):
        return JsonNode(_plain(value))
    raise SpinError(
        _PROPERTY, "005", f"Unable to create node for object of type '{java_class(value)}'"
    )


def _plain(value: object) -> object:
    """The JSON content of a value."""
    if isinstance(value, JsonNode):
        return value.content
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Entry):
        return {to_text(value.key): _plain(value.value)}
    if isinstance(value, datetime):
        # Jackson's default for a Date is its milliseconds.
        return millis(value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise SpinError(_FORMAT, "009", f"Unable to map object '{java_class(value)}' to json node")
