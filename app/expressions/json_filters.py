"""Filters of paths into JSON: ``[?(@.price < 10 && @.kind == 'book')]``.

Source: the documentation of Jayway JsonPath, "Filter Operators".
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from . import patterns
from .failures import EvaluationFailure

Test = Callable[[object], bool]
Operand = Callable[[object], object]
# A filter stands in a path of a thousand characters, so people write two or three.
MOST_NESTED = 20

_TOKEN = re.compile(
    r"\s*(?:(?P<operator>==|!=|<=|>=|=~|<|>|&&|\|\||!|\(|\)|,|\[|\])"
    r"|(?P<word>in|nin|contains|empty|size|true|false|null)(?![\w$.])"
    # Fifteen digits are what a double keeps, and `int` stays cheap.
    r"|(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,15})?)"
    r"|'(?P<single>(?:[^'\\]|\\.)*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\""
    r"|/(?P<pattern>(?:[^/\\]|\\.)*)/(?P<flags>i?)"
    r"|@(?P<path>(?:\.[\w-]+|\['[^'\]]*'\]|\[[0-9]{1,9}\])*))"
)
_STEP = re.compile(r"\.([\w-]+)|\['([^'\]]*)'\]|\[([0-9]+)\]")
_MISSING = object()


class FilterError(ValueError):
    """A text is no filter."""


class _Token(NamedTuple):
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    found, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise FilterError(text)
        kind = match.lastgroup or ""
        # The group that has matched last, which an empty `flags` is as well.
        kind = "pattern" if kind == "flags" else kind
        value = match[kind]
        if match["flags"]:
            value = f"(?i){value}"
        if kind in ("single", "double"):
            kind, value = "text", re.sub(r"\\(.)", r"\1", value)
        found.append(_Token(kind, value))
        position = match.end()
    return found


def parse(text: str) -> Test:
    """The test that a filter is, of an item.

    Raises:
        FilterError: it is none.
    """
    parser = _Parser(_tokens(text))
    test = parser.either(0)
    parser.expect_end()
    return test


class _Parser:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def _next_is(self, *texts: str) -> str | None:
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind in ("operator", "word") and text in texts:
                self._at += 1
                return text
        return None

    def _take(self) -> _Token:
        if self._at >= len(self._tokens):
            raise FilterError("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def expect_end(self) -> None:
        """Refuse what is left."""
        if self._at < len(self._tokens):
            raise FilterError(self._tokens[self._at].text)

    def either(self, depth: int) -> Test:
        """Alternatives, joined by ``||``."""
        tests = [self._both(depth)]
        while self._next_is("||"):
            tests.append(self._both(depth))
        return tests[0] if len(tests) == 1 else lambda item: any(test(item) for test in tests)

    def _both(self, depth: int) -> Test:
        tests = [self._one(depth)]
        while self._next_is("&&"):
            tests.append(self._one(depth))
        return tests[0] if len(tests) == 1 else lambda item: all(test(item) for test in tests)

    def _one(self, depth: int) -> Test:
        # The parser is recursive, and the text untrusted.
        if depth > MOST_NESTED:
            raise FilterError("it is nested too deep")
        if self._next_is("!"):
            test = self._one(depth + 1)
            return lambda item: not test(item)
        if self._next_is("("):
            test = self.either(depth + 1)
            if not self._next_is(")"):
                raise FilterError("a bracket is not closed")
            return test
        left = self._operand()
        operator = self._next_is(*_COMPARISONS)
        if operator is None:
            # A path alone asks whether it leads somewhere; null counts.
            return lambda item: left(item) is not _MISSING
        compare, right = _COMPARISONS[operator], self._operand()
        return lambda item: compare(left(item), right(item))

    def _operand(self) -> Operand:
        kind, text = self._take()
        if kind == "path":
            steps = [name or quoted or int(index) for name, quoted, index in _STEP.findall(text)]
            return lambda item: _walk(item, steps)
        value = self._list() if (kind, text) == ("operator", "[") else _literal(kind, text)
        return lambda _: value

    def _list(self) -> list[object]:
        values: list[object] = []
        while not self._next_is("]"):
            values.append(_literal(*self._take()))
            if not self._next_is(",") and not self._is_at("]"):
                raise FilterError("a list is not closed")
        return values

    def _is_at(self, text: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] == ("operator", text)


def _literal(kind: str, text: str) -> object:
    if kind in ("text", "pattern"):
        return text
    if kind == "number":
        return float(text) if "." in text else int(text)
    words = {"true": True, "false": False, "null": None}
    if kind == "word" and text in words:
        return words[text]
    raise FilterError(text)


def _walk(item: object, steps: list[str | int]) -> object:
    for step in steps:
        if not isinstance(item, dict if isinstance(step, str) else list):
            return _MISSING
        try:
            item = item[step]  # type: ignore[index]
        except LookupError:
            return _MISSING
    return item


def _kind(value: object) -> type:
    """Numbers are of one kind, and a truth is none."""
    if isinstance(value, bool):
        return bool
    return (
        float if isinstance(value, (int, float)) else str if isinstance(value, str) else type(value)
    )


def _equals(left: object, right: object) -> bool:
    # 1 and 1.0 are equal, "1" and 1 are not, and true is no 1.
    return _kind(left) is _kind(right) and left == right


def _ordered(
    decide: Callable[[float | str, float | str], bool],
) -> Callable[[object, object], bool]:
    def compare(left: object, right: object) -> bool:
        is_ordered = _kind(left) is _kind(right) and _kind(left) in (float, str)
        return is_ordered and decide(left, right)  # type: ignore[arg-type]

    return compare


def _matches(text: object, pattern: object) -> bool:
    if not isinstance(text, str) or not isinstance(pattern, str):
        return False
    try:
        return patterns.matches(pattern, text)
    except EvaluationFailure as error:
        raise FilterError(str(error)) from error


def _is_in(value: object, values: object) -> bool:
    return isinstance(values, list) and any(_equals(value, one) for one in values)


def _contains(value: object, wanted: object) -> bool:
    if isinstance(value, str):
        return isinstance(wanted, str) and wanted in value
    return _is_in(wanted, value)


def _is_empty(value: object, wanted: object) -> bool:
    return isinstance(value, (str, list, dict)) and (not value) is wanted


def _has_size(value: object, wanted: object) -> bool:
    return isinstance(value, (str, list)) and len(value) == wanted


_COMPARISONS: dict[str, Callable[[object, object], bool]] = {
    "==": _equals,
    "!=": lambda left, right: not _equals(left, right),
    "<": _ordered(lambda left, right: left < right),  # type: ignore[operator]
    "<=": _ordered(lambda left, right: left <= right),  # type: ignore[operator]
    ">": _ordered(lambda left, right: left > right),  # type: ignore[operator]
    ">=": _ordered(lambda left, right: left >= right),  # type: ignore[operator]
    "=~": _matches,
    "in": _is_in,
    "nin": lambda value, values: not _is_in(value, values),
    "contains": _contains,
    "empty": _is_empty,
    "size": _has_size,
}
