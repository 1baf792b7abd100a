"""Texts with expressions in them, as attributes and mappings of a model have them.

Source: engine semantics 7.1 and 7.4; Camunda 7 ``JuelExpression``.
"""

from collections.abc import Callable
from functools import lru_cache

from app.errors import ExpressionError, ExpressionSyntaxError

from .coercion import CoercionError, to_string
from .context import Context
from .juel import Node, SyntaxProblem, compile_expression
from .methods import UnknownMethodError, UnknownPropertyError

LONGEST_TEXT = 1_000_000  # characters of a text with expressions in it


class Expression:
    """A parsed text: a single expression keeps its type, anything around it makes a String.

    Attributes:
        text: as it stands in the model.
        is_literal: there is no expression in it.
        names: the variables that it may read.
    """

    __slots__ = ("_evaluate", "is_literal", "names", "text")

    def __init__(self, text: str, parts: list[str | Node]) -> None:
        self.text = text
        nodes = [part for part in parts if isinstance(part, Node)]
        self.is_literal = not nodes
        self.names: frozenset[str] = frozenset().union(*(node.names for node in nodes))
        self._evaluate = _join(parts)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(self, context: Context) -> object:
        """The value at this place.

        Raises:
            ExpressionError: a name, property or method is unknown, or a value does not convert.
        """
        try:
            return self._evaluate(context)
        except UnknownPropertyError as error:
            raise ExpressionError(
                f"Unknown property used in expression: {self.text}. Cause: {error}"
            ) from error
        except UnknownMethodError as error:
            raise ExpressionError(
                f"Unknown method used in expression: {self.text}. Cause: Cannot find method {error}"
            ) from error
        except (CoercionError, RecursionError, OverflowError) as error:
            raise ExpressionError(
                f"Error while evaluating expression: {self.text}. Cause: {error}"
            ) from error


def _join(parts: list[str | Node]) -> Callable[[Context], object]:
    if not parts:
        return lambda _: ""
    if len(parts) == 1:
        only = parts[0]
        if isinstance(only, Node):
            return only.evaluate
        return lambda _: only

    def concatenate(context: Context) -> object:
        return "".join(p if isinstance(p, str) else to_string(p.evaluate(context)) for p in parts)

    return concatenate


@lru_cache(maxsize=10_000)
def parse(text: str) -> Expression:
    """Parse a text with ``${…}`` or ``#{…}`` in it.

    Raises:
        ExpressionSyntaxError: an expression in it does not follow the grammar.
    """
    try:
        return Expression(text, _parts(text))
    except SyntaxProblem as error:
        shown = text if len(text) <= 500 else text[:500] + "…"
        raise ExpressionSyntaxError(f"Error while parsing expression '{shown}': {error}") from error


def _parts(text: str) -> list[str | Node]:
    """Literal texts and compiled expressions, in turn."""
    if len(text) > LONGEST_TEXT:
        raise SyntaxProblem("the text is too long")
    parts: list[str | Node] = []
    literal: list[str] = []
    position, opener = 0, ""
    while position < len(text):
        two = text[position : position + 2]
        if two in ("${", "#{"):
            if opener and two != opener:
                raise SyntaxProblem("${ and #{ cannot be mixed")
            opener = two
            end = _end(text, position + 2)
            if literal:
                parts.append("".join(literal))
                literal = []
            parts.append(compile_expression(text[position + 2 : end]))
            position = end + 1
        elif text[position] == "\\" and text[position + 1 : position + 3] in ("${", "#{"):
            literal.append(text[position + 1 : position + 3])
            position += 3
        else:
            step = min(
                (i for i in (text.find(c, position + 1) for c in "$#\\") if i >= 0),
                default=len(text),
            )
            literal.append(text[position:step])
            position = step
    if literal:
        parts.append("".join(literal))
    return parts


def _end(text: str, start: int) -> int:
    """Where the brace is that closes an expression; quotes hide braces."""
    position, quote = start, ""
    while position < len(text):
        char = text[position]
        if quote:
            if char == "\\":
                position += 1
            elif char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        elif char == "}":
            return position
        position += 1
    raise SyntaxProblem("the expression is not closed by }")
