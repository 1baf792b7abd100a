"""Compiles one expression to a function: parsed once by the grammar, run without a tree.

The parser builds the functions from the leaves up, so that neither parsing nor evaluating a long
chain of operators needs a deep stack; how deep brackets may nest is limited.
"""

import threading
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, VisitError

from . import coercion
from .context import Context
from .dates import DateTime
from .methods import UnknownMethodError, UnknownPropertyError, call, read
from .spin import json_function
from .values import java_class

LONGEST = 20_000  # characters
DEEPEST = 100  # brackets, question marks and signs within each other

Evaluate = Callable[[Context], object]


class SyntaxProblem(Exception):
    """An expression does not follow the grammar."""


class UnknownIdentifierError(UnknownPropertyError):
    """No variable has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Cannot resolve identifier '{name}'")


class Node(NamedTuple):
    """A compiled part of an expression.

    Attributes:
        source: the identifier or text that it is, for the messages of errors.
        names: the variables that it may read.
    """

    evaluate: Evaluate
    names: frozenset[str] = frozenset()
    source: str = ""
    literal: object = None


SPECIAL = frozenset(("execution", "task", "externalTask", "authenticatedUserId"))
_VARIABLE_METHODS = ("getVariable", "hasVariable", "getVariableLocal", "hasVariableLocal")


def _names(*nodes: Node) -> frozenset[str]:
    return frozenset().union(*(node.names for node in nodes))


def _refuse_xml(_: object) -> object:
    raise coercion.CoercionError("XML() is not supported: an Xml value is a text here")


FUNCTIONS: dict[tuple[str, int], Callable[..., object]] = {
    ("S", 1): json_function,
    ("JSON", 1): json_function,
    ("XML", 1): _refuse_xml,
}
_TIMES = {
    ("now", 0): lambda context: context.now,
    ("dateTime", 0): lambda context: DateTime(context.now),
    ("currentUser", 0): lambda _: None,
    ("currentUserGroups", 0): lambda _: None,
}
_EQUALITY: dict[str, Callable[[object, object], object]] = {
    "==": coercion.equals,
    "eq": coercion.equals,
    "!=": lambda left, right: not coercion.equals(left, right),
    "ne": lambda left, right: not coercion.equals(left, right),
}
_ORDER: dict[str, Callable[[object, object], object]] = {
    "<": coercion.less,
    "lt": coercion.less,
    ">": coercion.greater,
    "gt": coercion.greater,
    "<=": coercion.less_or_equal,
    "le": coercion.less_or_equal,
    ">=": coercion.greater_or_equal,
    "ge": coercion.greater_or_equal,
}
_ARITHMETIC: dict[str, Callable[[object, object], object]] = {
    "+": coercion.add,
    "-": coercion.subtract,
    "*": coercion.multiply,
    "/": coercion.divide,
    "div": coercion.divide,
    "%": coercion.remainder,
    "mod": coercion.remainder,
}
_OPERATORS = {**_EQUALITY, **_ORDER, **_ARITHMETIC}


def _binary(*parts: Any) -> Node:
    """A chain of operators of one rank, from left to right."""
    first: Node = parts[0]
    rest = [(_OPERATORS[str(parts[i])], parts[i + 1].evaluate) for i in range(1, len(parts), 2)]
    names = _names(*parts[::2])
    if len(rest) == 1:
        (operate, right), left = rest[0], first.evaluate
        return Node(lambda c: operate(left(c), right(c)), names)

    def evaluate(context: Context) -> object:
        value = first.evaluate(context)
        for operate_next, operand in rest:
            value = operate_next(value, operand(context))
        return value

    return Node(evaluate, names)


@v_args(inline=True)
class _Compiler(Transformer[Token, Node]):
    """Makes a `Node` of each rule."""

    def choice(self, condition: Node, yes: Node, no: Node) -> Node:
        test, first, second = condition.evaluate, yes.evaluate, no.evaluate
        return Node(
            lambda c: first(c) if coercion.to_boolean(test(c)) else second(c),
            _names(condition, yes, no),
        )

    def either(self, *nodes: Node) -> Node:
        parts = [node.evaluate for node in nodes]
        return Node(lambda c: any(coercion.to_boolean(p(c)) for p in parts), _names(*nodes))

    def both(self, *nodes: Node) -> Node:
        parts = [node.evaluate for node in nodes]
        return Node(lambda c: all(coercion.to_boolean(p(c)) for p in parts), _names(*nodes))

    equality = relation = sum = product = staticmethod(_binary)

    def negation(self, node: Node) -> Node:
        inner = node.evaluate
        return Node(lambda c: not coercion.to_boolean(inner(c)), node.names)

    def minus(self, _: Token, node: Node) -> Node:
        inner = node.evaluate
        return Node(lambda c: coercion.negate(inner(c)), node.names)

    def emptiness(self, _: Token, node: Node) -> Node:
        inner = node.evaluate
        return Node(lambda c: coercion.is_empty(inner(c)), node.names)

    def whole(self, token: Token) -> Node:
        if len(token) > 19 or int(token) > 2**63 - 1:
            raise SyntaxProblem(f"cannot parse '{token}' as a number")
        return _constant(int(token))

    def fraction(self, token: Token) -> Node:
        return _constant(float(token))

    def text(self, token: Token) -> Node:
        return _constant(unescape(str(token)))

    def truth(self, _: Token) -> Node:
        return _constant(True)

    def falsehood(self, _: Token) -> Node:
        return _constant(False)

    def null(self, _: Token) -> Node:
        return _constant(None)

    def identifier(self, token: Token) -> Node:
        name = str(token)
        if name == "instanceof":
            raise SyntaxProblem("'instanceof' cannot be used")

        def variable(context: Context) -> object:
            try:
                return context.variable(name)
            except KeyError:
                raise UnknownIdentifierError(name) from None

        if name not in SPECIAL:
            return Node(variable, frozenset((name,)), name)

        def special(context: Context) -> object:
            try:
                return context.special(name)
            except KeyError:
                return variable(context)

        return Node(special, frozenset(), name)

    def arguments(self, *nodes: Node) -> Sequence[Node]:
        return nodes

    def function(self, name: Token, arguments: Sequence[Node] | None) -> Node:
        nodes = arguments or ()
        key = str(name), len(nodes)
        if key in _TIMES:
            return Node(_TIMES[key])
        if key not in FUNCTIONS:
            raise SyntaxProblem(f"Could not resolve function '{key[0]}'")
        function, evaluate = FUNCTIONS[key], [node.evaluate for node in nodes]
        return Node(lambda c: function(*(e(c) for e in evaluate)), _names(*nodes))

    def property(self, name: Token) -> Callable[[Node], Node]:
        key = str(name)
        _refuse_reserved(key)

        def apply(base: Node) -> Node:
            inner = base.evaluate
            return Node(lambda c: read(inner(c), key), base.names, key)

        return apply

    def item(self, key: Node) -> Callable[[Node], Node]:
        def apply(base: Node) -> Node:
            inner, find = base.evaluate, key.evaluate
            return Node(lambda c: read(inner(c), find(c)), _names(base, key), base.source)

        return apply

    def method(self, name: Token, arguments: Sequence[Node] | None) -> Callable[[Node], Node]:
        key = str(name)
        _refuse_reserved(key)
        return _method(_constant(key), arguments or ())

    def item_method(self, key: Node, arguments: Sequence[Node] | None) -> Callable[[Node], Node]:
        return _method(key, arguments or ())

    def value(self, base: Node, *suffixes: Callable[[Node], Node]) -> Node:
        if len(suffixes) > DEEPEST:
            raise SyntaxProblem("the expression is too deep")
        for apply in suffixes:
            base = apply(base)
        return base


def _method(name: Node, arguments: Sequence[Node]) -> Callable[[Node], Node]:
    def apply(base: Node) -> Node:
        inner, find = base.evaluate, name.evaluate
        values, source = [a.evaluate for a in arguments], base.source

        def evaluate(context: Context) -> object:
            target, method = inner(context), find(context)
            if target is None:
                raise UnknownPropertyError(
                    f"Target unreachable, base expression '{source}' resolved to null"
                )
            return call(target, str(method), [v(context) for v in values])

        names = _names(base, name, *arguments)
        if base.source == "execution" and name.literal in _VARIABLE_METHODS:
            names |= {a.literal for a in arguments if isinstance(a.literal, str)}
        return Node(evaluate, names, str(name.literal))

    return apply


_RESERVED = frozenset(
    ("empty", "and", "or", "not", "eq", "ne", "lt", "gt", "le", "ge", "div", "mod", "instanceof")
)


def _refuse_reserved(name: str) -> None:
    if name in _RESERVED:
        raise SyntaxProblem(f"'{name}' is reserved")


def _constant(value: object) -> Node:
    return Node(lambda _: value, frozenset(), "", value)


def unescape(token: str) -> str:
    """The text that a string token means: only quotes and backslashes can be escaped."""
    out, position, body = [], 0, token[1:-1]
    while position < len(body):
        char = body[position]
        if char == "\\":
            position += 1
            if body[position] not in "\\'\"":
                raise SyntaxProblem(f"invalid escape sequence \\{body[position]}")
            char = body[position]
        out.append(char)
        position += 1
    return "".join(out)


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text()
    return Lark(grammar, parser="lalr", transformer=_Compiler(), maybe_placeholders=True)


_PARSING = threading.Lock()


def compile_expression(text: str) -> Node:
    """Compile what stands between ``${`` and ``}``.

    Raises:
        SyntaxProblem: it does not follow the grammar, or is too long or too deep.
    """
    if len(text) > LONGEST:
        raise SyntaxProblem(f"the expression is longer than {LONGEST} characters")
    _measure(text)
    with _PARSING:
        parser = _parser()
    try:
        return parser.parse(text)  # type: ignore[return-value]
    except VisitError as error:
        raise error.orig_exc from None
    except LarkError as error:
        raise SyntaxProblem(str(error).splitlines()[0]) from None


def _measure(text: str) -> None:
    """Refuse what nests too deep, before it is parsed."""
    depth = deepest = questions = signs = 0
    quote = ""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")]":
            depth -= 1
        elif char == "?":
            questions += 1
        signs = signs + 1 if char in "!-" else signs if char.isspace() else 0
        if signs > DEEPEST:
            raise SyntaxProblem("the expression is too deep")
    words = text.count("not ") + text.count("empty ")
    if deepest > DEEPEST or questions > DEEPEST or words > LONGEST // 8:
        raise SyntaxProblem("the expression is too deep")


__all__ = ["UnknownMethodError", "UnknownPropertyError", "compile_expression", "java_class"]
