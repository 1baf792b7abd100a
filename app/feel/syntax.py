"""The nodes of the syntax tree of a FEEL text."""

from __future__ import annotations

from decimal import Decimal

from app.dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression."""


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, boolean or null."""

    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class Temporal(Node):
    """``@"…"``: a date, time, date and time or duration."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class InputValue(Node):
    """``?``: what a unary test tests."""


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """``{key: value}``; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """``-a``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Operations of one precedence, carried out from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``a < b`` and its kin."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``a between b and c``."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``a in test`` or ``a in (test, test)``."""

    value: Node
    tests: tuple[Node, ...]
    in_parentheses: bool


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``a instance of type``."""

    value: Node
    type_name: str


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """``a and b`` (decided by False), ``a or b`` (decided by True)."""

    decided_by: bool
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if a then b else c``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in source`` or ``name in source..end``."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for iterators return body``."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some iterators satisfies body`` (decided by True), ``every …`` (decided by False)."""

    decided_by: bool
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``a.name``."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``a[condition]`` or ``a[index]``."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``f(1, 2)``, ``f(a: 1)`` or, with a target, ``a.f(1)``.

    Attributes:
        names: those of the arguments, where they have names.
    """

    target: Node | None
    name: str
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """``function(a, b) body``."""

    parameters: tuple[str, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """``[low..high]``, each end closed or open."""

    low: Node
    high: Node
    is_low_closed: bool
    is_high_closed: bool


@dataclass(frozen=True, slots=True)
class InputComparison(Node):
    """``< a`` and its kin: the input value is the left side."""

    operator: str
    right: Node


@dataclass(frozen=True, slots=True)
class Group(Node):
    """A test in parentheses: ``(< a)``."""

    inner: Node


@dataclass(frozen=True, slots=True)
class NegatedTests(Node):
    """``not(test, test)``."""

    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """The unary tests of a cell: one or more, one of which must hold; without any, ``-``."""

    tests: tuple[Node, ...]


# Nodes that begin with another node; those that begin with a word or bracket of their own are not.
OPERATIONS = (Arithmetic, Comparison, Between, In, InstanceOf, Junction, Path, Filter)


def mentions(node: Node, wanted: Node) -> bool:
    """Whether a part of a tree is like the one that is wanted."""
    # Iterative, for it runs before the depth is checked.
    waiting: list[object] = [node]
    while waiting:
        part = waiting.pop()
        if part == wanted:
            return True
        if isinstance(part, tuple):
            waiting.extend(part)
        elif isinstance(part, Node):
            waiting.extend(_parts(part))
    return False


def depth_of(node: Node) -> int:
    """How many nodes are in each other at the deepest place."""
    deepest = 0
    waiting: list[tuple[object, int]] = [(node, 0)]
    while waiting:
        part, depth = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend((inner, depth) for inner in part)
        elif isinstance(part, Node):
            deepest = max(deepest, depth)
            waiting.extend((inner, depth + 1) for inner in _parts(part))
    return deepest


def _parts(node: Node) -> list[object]:
    names: tuple[str, ...] = node.__slots__
    return [getattr(node, name) for name in names]
