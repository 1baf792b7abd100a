"""Spin's JSON, as far as expressions use it: ``S()``, ``JSON()``, ``prop``, ``jsonPath``.

Source: Camunda Spin ``SpinJsonNode``, ``SpinJsonPathQuery``.
"""

import re

import orjson

from .coercion import CoercionError
from .values import from_json, java_class, json_text

_STEP = re.compile(r"\.([A-Za-z_$][\w$-]*|\*)|\[(\d+|\*)\]|\['([^']*)'\]|\[\"([^\"]*)\"\]")


class JsonNode:
    """An immutable node of a JSON document."""

    __slots__ = ("_value",)
    java_class = "org.camunda.spin.impl.json.jackson.JacksonJsonNode"

    def __init__(self, value: object) -> None:
        self._value = value

    @classmethod
    def parse(cls, text: str) -> "JsonNode":
        """Read a text; CoercionError when it is no JSON."""
        try:
            return cls(from_json(orjson.loads(text)))
        except (orjson.JSONDecodeError, RecursionError):
            raise CoercionError(
                "SPIN/JACKSON-JSON-01004 Unable to parse input into json node"
            ) from None

    @property
    def content(self) -> object:
        """The plain value: dict, list, str, number, bool or None."""
        return self._value

    def __str__(self) -> str:
        return json_text(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonNode) and self._value == other._value

    def __hash__(self) -> int:
        return hash(str(self))

    def juel_property(self, name: str) -> object:
        """Java's bean properties of a node."""
        checks = {"array": list, "object": dict, "boolean": bool, "string": str}
        if name in checks:
            return isinstance(self._value, checks[name])
        if name == "null":
            return self._value is None
        if name == "dataFormatName":
            return "application/json"
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method of the node."""
        value = self._value
        match name, arguments:
            case "prop", [str(key)]:
                return self._property(key)
            case "hasProp", [str(key)]:
                return isinstance(value, dict) and key in value
            case "elements", []:
                return [JsonNode(item) for item in self._list()]
            case "fieldNames", []:
                return list(value) if isinstance(value, dict) else []
            case "jsonPath", [str(path)]:
                return JsonPath(self, path)
            case "value", []:
                return self._plain()
            case "stringValue", []:
                return self._typed(str, "String")
            case "numberValue", []:
                return self._typed((int, float), "Number")
            case "boolValue", []:
                return self._typed(bool, "Boolean")
            case (("isNull" | "isArray" | "isObject" | "isString" | "isBoolean"), []):
                return self.juel_property(name[2].lower() + name[3:])
            case "isNumber", []:
                return isinstance(value, (int, float)) and not isinstance(value, bool)
            case "isValue", []:
                return not isinstance(value, (list, dict))
            case "toString", []:
                return str(self)
            case "size", []:
                return len(self._list())
        raise AttributeError(name)

    def _property(self, key: str) -> "JsonNode":
        if not isinstance(self._value, dict) or key not in self._value:
            raise CoercionError(
                f"SPIN/JACKSON-JSON-01004 Unable to find property '{key}' in the json node"
            )
        return JsonNode(self._value[key])

    def _list(self) -> list[object]:
        if not isinstance(self._value, list):
            raise CoercionError("SPIN/JACKSON-JSON-01006 The json node is not an array")
        return self._value

    def _plain(self) -> object:
        if isinstance(self._value, (list, dict)):
            raise CoercionError("SPIN/JACKSON-JSON-01005 The json node is not a value")
        return self._value

    def _typed(self, kind: type | tuple[type, ...], name: str) -> object:
        value = self._value
        if not isinstance(value, kind) or (name == "Number" and isinstance(value, bool)):
            raise CoercionError(
                f"SPIN/JACKSON-JSON-01005 Unable to parse {java_class(value)} to type {name}"
            )
        return value


class JsonPath:
    """A path into a document: names, indexes and wildcards."""

    __slots__ = ("_node", "_path")
    java_class = "org.camunda.spin.impl.json.jackson.query.JacksonJsonPathQuery"

    def __init__(self, node: JsonNode, path: str) -> None:
        self._node = node
        self._path = path

    def juel_property(self, name: str) -> object:
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """``element``, ``elementList`` or a value method of the element found."""
        if arguments:
            raise AttributeError(name)
        if name == "element":
            return self._element()
        if name == "elementList":
            found = self._find()
            if len(found) == 1 and isinstance(found[0], list):
                found = found[0]
            return [JsonNode(item) for item in found]
        if name in ("stringValue", "numberValue", "boolValue"):
            return self._element().juel_call(name, [])
        raise AttributeError(name)

    def _element(self) -> JsonNode:
        found = self._find()
        if not found:
            raise CoercionError(f"SPIN/JACKSON-JSON-01008 Unable to find json path '{self._path}'")
        return JsonNode(found[0])

    def _find(self) -> list[object]:
        """Every value at the path."""
        path = self._path.strip()
        if not path.startswith("$") or len(path) > 1_000:
            raise CoercionError(f"SPIN/JACKSON-JSON-01007 Unable to compile json path '{path}'")
        found: list[object] = [self._node.content]
        position = 1
        while position < len(path):
            step = _STEP.match(path, position)
            if step is None:
                raise CoercionError(f"SPIN/JACKSON-JSON-01007 Unable to compile json path '{path}'")
            key = next(part for part in step.groups() if part is not None)
            found = [inner for value in found for inner in _inside(value, key)]
            position = step.end()
        return found


def _inside(value: object, key: str) -> list[object]:
    if isinstance(value, dict):
        if key == "*":
            return list(value.values())
        return [value[key]] if key in value else []
    if isinstance(value, list):
        if key == "*":
            return value
        return [value[int(key)]] if key.isdigit() and int(key) < len(value) else []
    return []


def json_function(value: object) -> JsonNode:
    """``JSON(…)`` and ``S(…)``: a text is parsed, a list or map wrapped, a node stays."""
    if isinstance(value, JsonNode):
        return value
    if isinstance(value, str):
        return JsonNode.parse(value)
    if isinstance(value, (list, dict, bool, int, float)):
        return JsonNode(value)
    raise CoercionError(f"SPIN-01004 Cannot create a json node of {java_class(value)}")
