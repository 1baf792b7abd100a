"""The methods of ``java.util.List`` and ``java.util.Map``.

A value that is put into a list or map is copied: Java keeps the original, so that a list may hold
itself, or hold another so often that no text of it would ever end.

Source: semantics 7.3; the documentation of Java's ``List`` and ``Map``.
"""

from collections.abc import Mapping
from types import NoneType
from typing import Any

from .failures import EvaluationFailure, InvocationError, illegal_argument
from .signatures import ANY, INT, KEY, LIST, MAP, table
from .values import HashMap, Integer, TreeMap, java_equals, to_text


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


# Types that Python can hash and compare in constant time; bool is an int here.
SCALARS = (str, int, float, NoneType)
MOST_COMPARISONS = 1_000_000


class _Scalar:
    """A plain value in a set, equal as in Java."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        # An Integer 1 is not in a list that has the Long 1, which Python's equality would say.
        return isinstance(other, _Scalar) and java_equals(self.value, other.value)

    def __hash__(self) -> int:
        return 0 if self.value != self.value else hash(self.value)  # NaN equals NaN here


def _contains(items: list[object], wanted: object) -> bool:
    return any(java_equals(item, wanted) for item in items)


def _contains_all(items: list[object], wanted: list[object]) -> bool:
    # A set, so that two long lists do not cost the product of their lengths.
    present = {_Scalar(item) for item in items if isinstance(item, SCALARS)}
    others = [item for item in wanted if not isinstance(item, SCALARS)]
    # Lists and maps cannot be hashed: they are compared one by one, which is bounded.
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
    if start < 0:
        raise InvocationError("java.lang.IndexOutOfBoundsException", f"fromIndex = {start}")
    if end > len(items):
        raise InvocationError("java.lang.IndexOutOfBoundsException", f"toIndex = {end}")
    if start > end:
        raise illegal_argument(f"fromIndex({start}) > toIndex({end})")
    # A copy, where Java's is a view: what is changed in it does not reach the list.
    return items[start:end]


def _value(values: Mapping[str, Any], key: object, default: object = None) -> object:
    # The keys of our maps are texts: they come of JSON.
    return values.get(key, default) if isinstance(key, str) else default


def copied(value: object) -> object:
    """A value that shares no list or map with another."""
    if isinstance(value, list):
        return [copied(item) for item in value]
    if isinstance(value, dict):
        # A HashMap stays one, with its order.
        return type(value)((key, copied(item)) for key, item in value.items())
    return value


def _add(items: list[object], value: object) -> bool:
    items.append(copied(value))
    return True


def _insert(items: list[object], index: int, value: object) -> None:
    if not 0 <= index <= len(items):
        raise InvocationError(
            "java.lang.IndexOutOfBoundsException", f"Index: {index}, Size: {len(items)}"
        )
    items.insert(index, copied(value))


def _add_all(items: list[object], values: list[object]) -> bool:
    items.extend([copied(value) for value in values])
    return bool(values)


def _set(items: list[object], index: int, value: object) -> object:
    old = _get(items, index)
    items[index] = copied(value)
    return old


def _remove(items: list[object], wanted: object) -> object:
    """Remove the item at an Integer, else the first that is equal, also to a number."""
    if isinstance(wanted, Integer):  # of the overloads ``remove(int)`` fits it better
        found = _get(items, wanted)
        del items[wanted]
        return found
    index = _first_index(items, wanted)
    if index >= 0:
        del items[index]
    return index >= 0


def _filter(items: list[object], others: list[object], *, keeps: bool) -> bool:
    kept = [item for item in items if _contains_all(others, [item]) is keeps]
    is_changed = len(kept) < len(items)
    items[:] = kept
    return is_changed


def _remove_all(items: list[object], others: list[object]) -> bool:
    if len(items) * len(others) > MOST_COMPARISONS:
        raise EvaluationFailure("The lists are too long to be compared")
    return _filter(items, others, keeps=False)


def _retain_all(items: list[object], others: list[object]) -> bool:
    if len(items) * len(others) > MOST_COMPARISONS:
        raise EvaluationFailure("The lists are too long to be compared")
    return _filter(items, others, keeps=True)


def _put_all(values: dict[str, object], others: Mapping[str, object]) -> None:
    values.update((key, copied(value)) for key, value in others.items())
    _put_in_order(values)


def _put(values: dict[str, object], key: str, value: object) -> object:
    old = values.get(key)
    is_new = key not in values
    values[key] = copied(value)
    if is_new:
        _put_in_order(values)
    return old


def _put_in_order(values: dict[str, object]) -> None:
    """Give a map of Java's the order of its class."""
    if isinstance(values, HashMap):
        ordered: Mapping[str, object] = HashMap.of(values)
    elif isinstance(values, TreeMap):
        ordered = dict(sorted(values.items()))
    else:
        return
    # In place: others hold this very map.
    values.clear()
    values.update(ordered)


def _put_if_absent(values: dict[str, object], key: str, value: object) -> object:
    old = values.get(key)
    if old is None:
        _put(values, key, value)
    return old


def _take_out(values: dict[str, object], key: object) -> object:
    return values.pop(key, None) if isinstance(key, str) else None


CHANGING = frozenset(
    {
        ("add", 1),
        ("add", 2),
        ("addAll", 1),
        ("set", 2),
        ("remove", 1),
        ("removeAll", 1),
        ("retainAll", 1),
        ("clear", 0),
        ("put", 2),
        ("putAll", 1),
        ("putIfAbsent", 2),
    }
)
LIST_METHODS = table(
    {
        ("add", ANY): _add,
        ("add", INT, ANY): _insert,
        ("addAll", LIST): _add_all,
        ("set", INT, ANY): _set,
        ("remove", ANY): _remove,
        ("removeAll", LIST): _remove_all,
        ("retainAll", LIST): _retain_all,
        ("clear",): list.clear,
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
        ("put", KEY, ANY): _put,
        ("putAll", MAP): _put_all,
        ("putIfAbsent", KEY, ANY): _put_if_absent,
        ("remove", ANY): _take_out,
        ("clear",): dict.clear,
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
