"""Substitutes for Java code: a topic for tasks, nothing or an assignment for listeners.

The names are those of the model: a class, the text of a delegate expression or its bean, a
connector, ``mail`` or ``shell``, ``bean.method`` or ``bean`` for calls in expressions,
``script:groovy`` for scripts in a language that is not run, ``decision:risk`` for a decision. A
``*`` in a name stands for any characters.

Source: semantics 11.11.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from app.expressions import Expression, parse

from .connectors import Connector


class DelegatesError(ValueError):
    """A substitute for Java code is not valid."""


@dataclass(frozen=True, slots=True)
class Substitute:
    """A substitute for Java code.

    Attributes:
        topic: of an external task; None where nothing has to be done outside.
        assignments: the variables that are set instead, and what gives their values.
    """

    topic: str | None = None
    assignments: tuple[tuple[str, Expression], ...] = ()


class Delegates:
    """The substitutes for Java code in the models of an engine.

    Args:
        found: by name; each value is a topic, or an object with ``topic``, ``ignore`` (true), or
            ``variables`` (an object of names and expressions).
        connectors: those that are built in, by their ids.

    Raises:
        DelegatesError: a value is none of these.
        ExpressionSyntaxError: an expression does not follow the grammar.
    """

    def __init__(
        self,
        found: Mapping[str, Any] | None = None,
        connectors: Mapping[str, Connector] | None = None,
    ) -> None:
        self.connectors = connectors or {}
        read = {name: _substitute(name, value) for name, value in (found or {}).items()}
        # Exact names first, so that one class can be taken out of a pattern for its package.
        self._exact = {name: value for name, value in read.items() if "*" not in name}
        patterns = [(name, value) for name, value in read.items() if "*" in name]
        self._patterns = sorted(patterns, key=lambda item: -len(item[0]))  # the longest first

    def of(self, *names: str) -> Substitute | None:
        """The substitute for the first of these names that is known; None where none is."""
        for name in names:
            found = self._exact.get(name)
            if found is not None:
                return found
        for name in names:
            for pattern, substitute in self._patterns:
                # With case on every host: names of Java's classes differ by it.
                if fnmatchcase(name, pattern):
                    return substitute
        return None


def names_of(kind: str, name: str) -> Iterator[str]:
    """The names under which something that needs Java may stand in the file.

    Args:
        kind: ``bean`` for ``bean.method``, else that of a `Delegate` or a listener.
    """
    yield name
    if kind == "delegateExpression":
        # A file of substitutes is read more easily with the bean's name alone.
        yield name.strip("${}# ")
    elif kind == "bean":
        yield name.partition(".")[0]


def script_name(language: str | None) -> str:
    """The name of the scripts in a language."""
    return f"script:{(language or '').lower()}"


def decision_name(key: str) -> str:
    """The name of the decision with a key."""
    return f"decision:{key}"


def _substitute(name: str, value: object) -> Substitute:
    match value:
        case str(topic) if topic:
            return Substitute(topic)
        case {"topic": str(topic), **rest} if topic and not rest:
            return Substitute(topic)
        # Nothing else beside it: a misspelt key must not go unnoticed.
        case {"ignore": True, **rest} if not rest:
            return Substitute()
        case {"variables": dict(variables), **rest} if not rest:
            pairs = tuple((key, _expression(key, text)) for key, text in variables.items())
            return Substitute(assignments=pairs)
    raise DelegatesError(
        f"'{name}' must have a topic, or an object with one of topic, ignore (true) and variables"
    )


def _expression(name: str, value: object) -> Expression:
    if not isinstance(value, str):
        raise DelegatesError(f"the variable '{name}' must have a text or an expression")
    return parse(value)
