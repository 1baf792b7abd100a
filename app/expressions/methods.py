"""The properties and methods that expressions may use on texts, lists, maps, numbers and dates.

They are Java's. Nothing else of a value can be reached. Values are never changed in place.

Source: engine semantics 7.3.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from .coercion import CoercionError
from .dates import millis
from .values import Integer, Short, java_class, java_equals, to_text

LONGEST_PATTERN = 200  # characters of a regular expression that comes from a model or a variable
LONGEST_SUBJECT = 10_000
_REPEATED_GROUP = re.compile(r"[+*}]\)?[^()|]*\)[+*{]|\)[+*{][^)]*\)[+*{]")


class UnknownMethodError(Exception):
    """A value has no such method, or not with so many arguments."""


class UnknownPropertyError(Exception):
    """A value has no such property."""


def _pattern(text: object) -> re.Pattern[str]:
    """A Java pattern, refused when matching it could take for ever."""
    source = str(text)
    if (
        len(source) > LONGEST_PATTERN
        or _REPEATED_GROUP.search(source)
        or re.search(r"\\\d", source)
    ):
        raise CoercionError(f"The pattern '{source[:100]}' is too costly to match")
    try:
        return re.compile(source)
    except re.error as error:
        raise CoercionError(f"Invalid pattern '{source}': {error}") from None


def _subject(text: str) -> str:
    if len(text) > LONGEST_SUBJECT:
        raise CoercionError("The text is too long to match a pattern")
    return text


def _slice(text: str, start: int, end: int | None = None) -> str:
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise CoercionError(f"begin {start}, end {stop}, length {len(text)}")
    return text[start:stop]


def _char(text: str, index: int) -> str:
    if not 0 <= index < len(text):
        raise CoercionError(f"String index out of range: {index}")
    return text[index]


def _replacement(text: object) -> str:
    return str(text).replace("\\", "\\\\").replace("$", "\\")


def _split(text: str, pattern: object, limit: int = 0) -> list[object]:
    source = str(pattern)
    plain = len(source) == 1 and source not in ".$|()[{^?*+\\"
    parts = (
        text.split(source, max(0, limit - 1) if limit > 0 else -1)
        if plain
        else _pattern(source).split(_subject(text), max(0, limit - 1))
    )
    while limit == 0 and parts and parts[-1] == "" and len(parts) > 1:
        parts.pop()
    return list(parts)


def _hash(text: str) -> Integer:
    number = 0
    for char in text[:100_000]:
        number = (31 * number + ord(char)) & 0xFFFFFFFF
    return Integer(number - 2**32 if number >= 2**31 else number)


def _order(left: str, right: object) -> Integer:
    other = str(right)
    for ours, theirs in zip(left, other, strict=False):
        if ours != theirs:
            return Integer(ord(ours) - ord(theirs))
    return Integer(len(left) - len(other))


Methods = Mapping[tuple[str, int], Callable[..., object]]

_TEXT: Methods = {
    ("equals", 1): java_equals,
    ("equalsIgnoreCase", 1): lambda s, o: isinstance(o, str) and s.lower() == o.lower(),
    ("contains", 1): lambda s, o: to_text(o) in s,
    ("startsWith", 1): lambda s, o: s.startswith(str(o)),
    ("startsWith", 2): lambda s, o, i: s.startswith(str(o), int(i)),
    ("endsWith", 1): lambda s, o: s.endswith(str(o)),
    ("length", 0): lambda s: Integer(len(s)),
    ("isEmpty", 0): lambda s: not s,
    ("isBlank", 0): lambda s: not s.strip(),
    ("toUpperCase", 0): str.upper,
    ("toLowerCase", 0): str.lower,
    ("trim", 0): str.strip,
    ("strip", 0): str.strip,
    ("substring", 1): lambda s, i: _slice(s, int(i)),
    ("substring", 2): lambda s, i, j: _slice(s, int(i), int(j)),
    ("indexOf", 1): lambda s, o: Integer(s.find(str(o))),
    ("indexOf", 2): lambda s, o, i: Integer(s.find(str(o), int(i))),
    ("lastIndexOf", 1): lambda s, o: Integer(s.rfind(str(o))),
    ("replace", 2): lambda s, o, n: s.replace(str(o), str(n)),
    ("replaceAll", 2): lambda s, p, n: _pattern(p).sub(_replacement(n), _subject(s)),
    ("replaceFirst", 2): lambda s, p, n: _pattern(p).sub(_replacement(n), _subject(s), count=1),
    ("matches", 1): lambda s, p: _pattern(p).fullmatch(_subject(s)) is not None,
    ("split", 1): _split,
    ("split", 2): lambda s, p, n: _split(s, p, int(n)),
    ("charAt", 1): lambda s, i: _char(s, int(i)),
    ("concat", 1): lambda s, o: s + str(o),
    ("toString", 0): lambda s: s,
    ("hashCode", 0): _hash,
    ("compareTo", 1): _order,
    ("compareToIgnoreCase", 1): lambda s, o: _order(s.lower(), str(o).lower()),
}
_LIST: Methods = {
    ("size", 0): lambda v: Integer(len(v)),
    ("contains", 1): lambda v, o: any(java_equals(i, o) for i in v),
    ("containsAll", 1): lambda v, o: all(any(java_equals(i, x) for i in v) for x in o),
    ("get", 1): lambda v, i: _item(v, i),
    ("isEmpty", 0): lambda v: not v,
    ("indexOf", 1): lambda v, o: Integer(
        next((n for n, i in enumerate(v) if java_equals(i, o)), -1)
    ),
    ("lastIndexOf", 1): lambda v, o: Integer(
        max((n for n, i in enumerate(v) if java_equals(i, o)), default=-1)
    ),
    ("subList", 2): lambda v, i, j: v[int(i) : int(j)],
    ("toString", 0): to_text,
    ("equals", 1): java_equals,
}
_MAP: Methods = {
    ("get", 1): lambda v, k: v.get(k) if isinstance(k, str) else None,
    ("getOrDefault", 2): lambda v, k, d: v.get(k, d) if isinstance(k, str) else d,
    ("containsKey", 1): lambda v, k: isinstance(k, str) and k in v,
    ("containsValue", 1): lambda v, o: any(java_equals(i, o) for i in v.values()),
    ("size", 0): lambda v: Integer(len(v)),
    ("isEmpty", 0): lambda v: not v,
    ("keySet", 0): list,
    ("values", 0): lambda v: list(v.values()),
    ("entrySet", 0): lambda v: [{"key": k, "value": i} for k, i in v.items()],
    ("toString", 0): to_text,
    ("equals", 1): java_equals,
}
_NUMBER: Methods = {
    ("intValue", 0): lambda v: Integer((int(v) + 2**31) % 2**32 - 2**31),
    ("longValue", 0): int,
    ("shortValue", 0): lambda v: Short((int(v) + 2**15) % 2**16 - 2**15),
    ("doubleValue", 0): float,
    ("floatValue", 0): float,
    ("toString", 0): to_text,
    ("equals", 1): java_equals,
    ("compareTo", 1): lambda v, o: Integer((v > o) - (v < o)),
    ("isNaN", 0): lambda v: v != v,
}
_BOOLEAN: Methods = {
    ("booleanValue", 0): lambda v: v,
    ("toString", 0): to_text,
    ("equals", 1): java_equals,
}
_DATE: Methods = {
    ("getTime", 0): millis,
    ("before", 1): lambda v, o: v < o,
    ("after", 1): lambda v, o: v > o,
    ("compareTo", 1): lambda v, o: Integer((v > o) - (v < o)),
    ("equals", 1): java_equals,
    ("toString", 0): to_text,
    ("getYear", 0): lambda v: Integer(v.year - 1900),
    ("getMonth", 0): lambda v: Integer(v.month - 1),
    ("getDate", 0): lambda v: Integer(v.day),
    ("getDay", 0): lambda v: Integer(v.isoweekday() % 7),
    ("getHours", 0): lambda v: Integer(v.hour),
    ("getMinutes", 0): lambda v: Integer(v.minute),
    ("getSeconds", 0): lambda v: Integer(v.second),
}
_METHODS: dict[type, Methods] = {
    str: _TEXT,
    list: _LIST,
    dict: _MAP,
    bool: _BOOLEAN,
    int: _NUMBER,
    float: _NUMBER,
    Integer: _NUMBER,
    Short: _NUMBER,
    datetime: _DATE,
}


def _item(items: list[object], index: object) -> object:
    if not isinstance(index, int) or not 0 <= index < len(items):
        raise CoercionError(f"Index {to_text(index)} out of bounds for length {len(items)}")
    return items[index]


def call(base: object, name: str, arguments: list[object]) -> object:
    """Call a method of a value.

    Raises:
        UnknownMethodError: it has none of this name and number of arguments.
    """
    method = _METHODS.get(type(base), {}).get((name, len(arguments)))
    if method is None:
        inner = getattr(base, "juel_call", None)
        if inner is not None:
            with suppress(AttributeError):
                return inner(name, arguments)
        raise UnknownMethodError(f"{java_class(base)}.{name}({_classes(arguments)})")
    try:
        return method(base, *arguments)
    except (TypeError, ValueError, AttributeError):
        raise CoercionError(
            f"Cannot call {java_class(base)}.{name} with ({_classes(arguments)})"
        ) from None


def _classes(arguments: list[object]) -> str:
    return ", ".join(map(java_class, arguments))


def read(base: object, key: object) -> object:
    """A property of a value, or an item of a list or map; null of null.

    Raises:
        UnknownPropertyError: the value has no such property.
    """
    if base is None or key is None:
        return None
    if isinstance(base, dict):
        return base.get(key) if isinstance(key, str) else base.get(to_text(key))
    if isinstance(base, list):
        return _at(base, key)
    name = to_text(key)
    inner = getattr(base, "juel_property", None)
    if inner is not None:
        with suppress(AttributeError):
            return inner(name)
    elif isinstance(base, datetime) and name == "time":
        return millis(base)
    elif isinstance(base, str) and name in ("empty", "bytes", "blank"):
        return {"empty": not base, "blank": not base.strip()}.get(name)
    raise UnknownPropertyError(
        f"The class '{java_class(base)}' does not have the property '{name}'."
    )


def _at(items: list[object], key: object) -> object:
    """An item of a list; null beyond its ends."""
    if isinstance(key, str):
        if not key.lstrip("-").isdigit() or len(key) > 18:
            raise UnknownPropertyError(f"Cannot coerce '{key}' to class java.lang.Integer")
        key = int(key)
    if isinstance(key, bool) or not isinstance(key, (int, float)):
        raise UnknownPropertyError(f"Cannot coerce {java_class(key)} to class java.lang.Integer")
    index = int(key)
    return items[index] if 0 <= index < len(items) else None
