"""The syntax tree of one expression.

Chains of operators of one rank are one flat node, so that only brackets, signs, question marks and
dots make a tree deep.
"""

from collections.abc import Iterator

from app.dataclasses import dataclass


class Node:
    """A part of an expression."""

    __slots__ = ()

    @property
    def children(self) -> tuple["Node", ...]:
        """The parts directly below."""
        return ()

    def __str__(self) -> str:
        """How JUEL names the part in the messages of errors."""
        return f"<{type(self).__name__.lower()}>"


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, truth value or null."""

    value: object

    def __str__(self) -> str:
        return f'"{self.value}"' if isinstance(self.value, str) else str(self.value)


@dataclass(frozen=True, slots=True)
class Identifier(Node):
    """A variable, or an object with a name of its own."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Nested(Node):
    """An expression in round brackets."""

    inner: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.inner,)

    def __str__(self) -> str:
        return "(...)"


@dataclass(frozen=True, slots=True)
class Property(Node):
    """``base.name``."""

    base: Node
    name: str

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.base,)

    def __str__(self) -> str:
        return f". {self.name}"


@dataclass(frozen=True, slots=True)
class Item(Node):
    """``base[key]``."""

    base: Node
    key: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.base, self.key)

    def __str__(self) -> str:
        return "[...]"


@dataclass(frozen=True, slots=True)
class Method(Node):
    """``base.name(arguments)`` or ``base[name](arguments)``."""

    base: Node
    name: Node
    arguments: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.base, self.name, *self.arguments)


@dataclass(frozen=True, slots=True)
class Function(Node):
    """``name(arguments)``."""

    name: str
    arguments: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.arguments

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``operator operand``, where the operator is ``!``, ``-`` or ``empty``."""

    operator: str
    operand: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def __str__(self) -> str:
        return f"'{self.operator}'"


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """``first operator operand operator operand …``, computed from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.first, *(operand for _, operand in self.rest))

    def __str__(self) -> str:
        return f"'{self.rest[-1][0]}'"


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``operand operator operand …``, where the operator is ``&&`` or ``||``."""

    operator: str
    operands: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.operands

    def __str__(self) -> str:
        return f"'{self.operator}'"


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """``condition ? yes : no``."""

    condition: Node
    yes: Node
    no: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.condition, self.yes, self.no)

    def __str__(self) -> str:
        return "?"


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Every part of a tree with its depth, without recursion, for a tree may be too deep for it."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in node.children)


_VARIABLE_METHODS = frozenset(
    (
        "getVariable",
        "getVariableLocal",
        "getVariableTyped",
        "getVariableLocalTyped",
        "hasVariable",
        "hasVariableLocal",
        "setVariable",
        "setVariableLocal",
        "removeVariable",
    )
)
_NEVER_VARIABLES = frozenset(("execution", "authenticatedUserId"))


def names_of(root: Node) -> frozenset[str]:
    """The variables that an expression may read, as far as its text shows them."""
    names: set[str] = set()
    for node, _ in walk(root):
        match node:
            case Identifier(name) if name not in _NEVER_VARIABLES:
                names.add(name)
            case Method(Identifier("execution"), Literal(method), (Literal(str(name)), *_)) if (
                method in _VARIABLE_METHODS
            ):
                names.add(name)
    return frozenset(names)
