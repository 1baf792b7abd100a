"""The methods of ``java.util.List`` and ``java.util.Map`` that leave them as they are.

Source: engine semantics 7.3; the documentation of Java's ``List`` and ``Map``.
"""

from collections.abc import Mapping
from types import NoneType
from typing import Any

from .failures import EvaluationFailure, InvocationError
from .signatures import ANY, INT, LIST, table
from .values import Integer, java_equals, to_text


class Entry:
    """A ``java.util.Map.Entry``."""

    __slots__ = ("key", "value")
    java_class = "java.util.LinkedHashMap$Entry"

    def __init__(self, key: object, value: object) -> None:
        self.key = key
        self.value = value

    def __str__(self) -> str:
        return f"{to_text(self.key)}={to_text(self.value)}"

    def juel_property(self, name: str) -> object:
        if name == "key":
            return self.key
        if name == "value":
            return self.value
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        match name, arguments:
            case "getKey", []:
                return self.key
            case "getValue", []:
                return self.value
            case "toString", []:
                return str(self)
        raise AttributeError(name)


SCALARS = (str, int, float, NoneType)
MOST_COMPARISONS = 1_000_000


class _Scalar:
    """A plain value in a set, equal as in Java."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Scalar) and java_equals(self.value, other.value)

    def __hash__(self) -> int:
        return 0 if self.value != self.value else hash(self.value)  # NaN equals NaN here


def _contains(items: list[object], wanted: object) -> bool:
    return any(java_equals(item, wanted) for item in items)


def _contains_all(items: list[object], wanted: list[object]) -> bool:
    present = {_Scalar(item) for item in items if isinstance(item, SCALARS)}
    others = [item for item in wanted if not isinstance(item, SCALARS)]
    if len(others) * len(items) > MOST_COMPARISONS:
        raise EvaluationFailure("The lists are too long to be compared")
    scalars = (item for item in wanted if isinstance(item, SCALARS))
    return all(_Scalar(item) in present for item in scalars) and all(
        _contains(items, item) for item in others
    )


def _get(items: list[object], index: int) -> object:
    if not 0 <= index < len(items):
        raise InvocationError(
            "java.lang.IndexOutOfBoundsException",
            f"Index {index} out of bounds for length {len(items)}",
        )
    return items[index]


def _first_index(items: list[object], wanted: object) -> Integer:
    return Integer(next((n for n, item in enumerate(items) if java_equals(item, wanted)), -1))


def _last_index(items: list[object], wanted: object) -> Integer:
    return Integer(
        max((n for n, item in enumerate(items) if java_equals(item, wanted)), default=-1)
    )


def _part(items: list[object], start: int, end: int) -> list[object]:
    if not 0 <= start <= end <= len(items):
        raise InvocationError(
            "java.lang.IndexOutOfBoundsException",
            f"fromIndex: {start}, toIndex: {end}, size: {len(items)}",
        )
    return items[start:end]


def _value(values: Mapping[str, Any], key: object, default: object = None) -> object:
    return values.get(key, default) if isinstance(key, str) else default


LIST_METHODS = table(
    {
        ("size",): lambda v: Integer(len(v)),
        ("isEmpty",): lambda v: not v,
        ("contains", ANY): _contains,
        ("containsAll", LIST): _contains_all,
        ("get", INT): _get,
        ("indexOf", ANY): _first_index,
        ("lastIndexOf", ANY): _last_index,
        ("subList", INT, INT): _part,
        ("toString",): to_text,
        ("equals", ANY): java_equals,
    }
)
MAP_METHODS = table(
    {
        ("size",): lambda v: Integer(len(v)),
        ("isEmpty",): lambda v: not v,
        ("get", ANY): _value,
        ("getOrDefault", ANY, ANY): _value,
        ("containsKey", ANY): lambda v, key: isinstance(key, str) and key in v,
        ("containsValue", ANY): lambda v, wanted: _contains(list(v.values()), wanted),
        ("keySet",): list,
        ("values",): lambda v: list(v.values()),
        ("entrySet",): lambda v: [Entry(key, value) for key, value in v.items()],
        ("toString",): to_text,
        ("equals", ANY): java_equals,
    }
)
