"""Paths into JSON: names, indexes, slices, wildcards, deep scans, filters and ``length()``.

Source: the documentation of Jayway JsonPath, which Spin uses.
"""

import re
from typing import NamedTuple

from . import json_filters

LONGEST_PATH = 1_000  # characters
# Deep scans multiply: `..*..*` would visit each value once for each of its ancestors.
MOST_FOUND = 100_000  # values that a path may go through

_FILTER = re.compile(r"(?P<deep>\.\.)?\[\s*\?\s*\(")
_STEP = re.compile(
    # A dot before a name alone: `$.[0]` and `$...a` are no paths.
    r"(?P<deep>\.\.)?(?:(?<!\.)\.(?=[^.\[]))?"
    r"(?:(?P<name>[\w$-]+)|(?P<wild>\*|\[\s*\*\s*\])|\[\s*(?P<index>-?[0-9]{1,9})\s*\]"
    r"|\[\s*(?P<from>-?[0-9]{0,9}):(?P<to>-?[0-9]{0,9})\s*\]"
    r"|\[\s*(?:'(?P<single>(?:[^'\\]|\\.)*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\")\s*\])"
)


class PathError(Exception):
    """A path is not understood, or leads nowhere."""


Key = str | int | slice | json_filters.Test | None


class Step(NamedTuple):
    """One step of a path.

    Attributes:
        key: a name, an index, a slice, a test of what is there, or None for everything.
        is_deep: it is looked for at every depth.
    """

    key: Key
    is_deep: bool

    @property
    def is_definite(self) -> bool:
        """It leads to one value at most."""
        return isinstance(self.key, (str, int)) and not self.is_deep


def steps(path: str) -> list[Step]:
    """Read a path.

    Raises:
        PathError: it is no path, or one with functions but ``length()``.
    """
    text = path.strip()
    if not text.startswith("$"):
        text = f"$.{text}"  # Jayway puts the root before a path that has none
    if len(text) > LONGEST_PATH:
        raise PathError(path)
    found: list[Step] = []
    position = 1
    while position < len(text):
        opened = _FILTER.match(text, position)
        if opened is not None:
            test, position = _filter(text, opened.end())
            found.append(Step(test, bool(opened["deep"])))
            continue
        step = _STEP.match(text, position)
        if step is None or (step["name"] and text[position] != "."):
            raise PathError(path)
        found.append(Step(_key(step), bool(step["deep"])))
        position = step.end()
    return found


def _filter(text: str, begin: int) -> tuple[json_filters.Test, int]:
    """The test that begins behind ``[?(``, and where the path goes on."""
    # By hand: brackets in a filter's texts and patterns are none of its own.
    depth, quote, position = 1, "", begin
    while position < len(text) and depth:
        char = text[position]
        if char == "\\":
            position += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        else:
            depth += (char == "(") - (char == ")")
        position += 1
    end = re.compile(r"\s*\]").match(text, position)
    if depth or end is None:
        raise PathError(text)
    try:
        return json_filters.parse(text[begin : position - 1]), end.end()
    except json_filters.FilterError as error:
        raise PathError(text) from error


def _key(step: re.Match[str]) -> str | int | slice | None:
    if step["index"] is not None:
        return int(step["index"])
    if step["from"] is not None:
        return slice(*(int(n) if n not in ("", "-") else None for n in (step["from"], step["to"])))
    for group in ("name", "single", "double"):
        if step[group] is not None:
            return step[group] if group == "name" else re.sub(r"\\(.)", r"\1", step[group])
    return None


def read(document: object, path: list[Step]) -> object:
    """The result of a path: one value, or a list where it can lead to several.

    Raises:
        PathError: a path for one value leads nowhere, or a path leads to too many.
    """
    found = [document]
    for step in path:
        sources = _descendants(found) if step.is_deep else found
        found = _next(sources, step.key)
        if len(found) > MOST_FOUND:
            raise PathError("too many")
    # As Jayway answers: an indefinite path is a list, even with one item or none.
    if not all(step.is_definite for step in path):
        return found
    if not found:
        # An error only for a path to one value; Spin tells of it as of a wrong path.
        raise PathError("nothing")
    return found[0]


def _next(sources: list[object], key: Key) -> list[object]:
    if not callable(key):
        return [inner for value in sources for inner in _inside(value, key)]
    items = (inner for value in sources for inner in _inside(value, None))
    try:
        return [item for item in items if key(item)]
    except json_filters.FilterError as error:
        raise PathError("filter") from error


def _inside(value: object, key: str | int | slice | None) -> list[object]:
    if isinstance(value, dict):
        if key is None:
            return list(value.values())
        return [value[key]] if isinstance(key, str) and key in value else []
    if not isinstance(value, list):
        return []
    if key is None:
        return value
    if isinstance(key, slice):
        return value[key]
    # Negative indexes count from the end, as in Jayway.
    if isinstance(key, int) and -len(value) <= key < len(value):
        return [value[key]]
    return []


def _descendants(values: list[object]) -> list[object]:
    """The values and everything inside of them, in the order of the document."""
    found: list[object] = []
    # A stack and no recursion; reversed, so that the order is that of the document.
    waiting = values[::-1]
    while waiting:
        value = waiting.pop()
        found.append(value)
        if len(found) > MOST_FOUND:
            raise PathError("too many")
        inner = _inside(value, None)
        waiting.extend(inner[::-1])
    return found
