"""Spin's JSON, as far as expressions use it: ``S()``, ``JSON()``, ``prop``, ``jsonPath``.

Nodes never change: the methods of Spin that write are not there.

Source: Camunda Spin ``JacksonJsonNode``, ``JacksonJsonPathQuery``, ``JacksonJsonLogger``.
"""

from datetime import datetime

import orjson

from . import json_path
from .containers import Entry
from .dates import millis
from .failures import InvocationError
from .signatures import TEXT, table
from .values import from_json, java_class, java_equals, json_text, to_text

_FORMAT = "org.camunda.spin.json.SpinJsonDataFormatException"
_PROPERTY = "org.camunda.spin.json.SpinJsonPropertyException"
_PATH = "org.camunda.spin.json.SpinJsonPathException"


class SpinError(InvocationError):
    """Spin could not do what it was asked for."""

    def __init__(self, java_type: str, number: str, message: str) -> None:
        super().__init__(java_type, f"SPIN/JACKSON-JSON-01{number} {message}")


class JsonNode:
    """An immutable node of a JSON document.

    Attributes:
        content: the plain value: dict, list, str, number, bool or None.
    """

    __slots__ = ("content",)
    java_class = "org.camunda.spin.impl.json.jackson.JacksonJsonNode"

    def __init__(self, content: object) -> None:
        self.content = content

    @classmethod
    def parse(cls, text: str) -> "JsonNode":
        """Read a text; SpinError when it is no JSON."""
        try:
            return cls(from_json(orjson.loads(text)))
        except (orjson.JSONDecodeError, RecursionError):
            raise SpinError(_FORMAT, "001", "Unable to parse input into json node") from None

    def __str__(self) -> str:
        return json_text(self.content)

    def __repr__(self) -> str:
        return f"JsonNode({self.content!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonNode) and java_equals(self.content, other.content)

    def __hash__(self) -> int:
        return hash(str(self))

    def juel_property(self, name: str) -> object:
        """Java's bean properties of a node."""
        method = _METHODS.get((f"is{name[:1].upper()}{name[1:]}", 0))
        if method is not None:
            return method(self, [])
        if name == "dataFormatName":
            return "application/json"
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method of the node."""
        method = _METHODS.get((name, len(arguments)))
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
    try:
        return JsonPathQuery(node, json_path.steps(text))
    except json_path.PathError:
        raise SpinError(_PATH, "014", f"Unable to compile '{text[:200]}'!") from None


_METHODS = table(
    {
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
    """A path into a document, and the methods that follow it."""

    __slots__ = ("_node", "_steps")
    java_class = "org.camunda.spin.impl.json.jackson.query.JacksonJsonPathQuery"

    def __init__(self, node: JsonNode, steps: list[json_path.Step]) -> None:
        self._node = node
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
            return JsonNode(json_path.read(self._node.content, self._steps))
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
    """What JSON can hold of a value."""
    if isinstance(value, JsonNode):
        return value.content
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Entry):
        return {to_text(value.key): _plain(value.value)}
    if isinstance(value, datetime):
        return millis(value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise SpinError(_FORMAT, "009", f"Unable to map object '{java_class(value)}' to json node")
