"""Texts with expressions in them, as attributes and mappings of a model have them.

Source: semantics 7.1 and 7.4; Camunda 7 ``JuelExpression``, JUEL's ``Scanner.nextText``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.errors import ExpressionError, ExpressionSyntaxError, ExpressionTooLargeError

from .coercion import to_string
from .compiler import SPECIAL, compile_node
from .context import Context, Evaluate
from .failures import EvaluationFailure, refuse_length
from .methods import is_method
from .parser import (
    LONGEST,
    FunctionProblem,
    SizeProblem,
    SyntaxProblem,
    parse_expression,
)
from .pattern_syntax import PatternError
from .syntax import Identifier, Literal, Method, Nested, Node, names_of

LONGEST_TEXT = 1_000_000  # characters, what stands around the expressions included
LONGEST_CACHED = 1_000  # characters; longer texts are parsed anew, so that the cache stays small
MOST_EXPRESSIONS = 1_000  # in one text
SHOWN = 500  # characters of a text that a message repeats

# Both brackets mean the same to the engine: nothing here is evaluated later than the rest.
_OPENING = re.compile(r"[$#]\{")
# Possessive: it never goes back, so that no text takes longer than its length.
_BODY = re.compile(r"""(?:[^'"}]|'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")*+""", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BeanCall:
    """A method of a name that no value has, as in ``${orders.check(id)}``: of a bean.

    Attributes:
        arguments: what gives them.
    """

    bean: str
    method: str
    arguments: tuple[Evaluate, ...] = ()

    @property
    def name(self) -> str:
        """``bean.method``."""
        return f"{self.bean}.{self.method}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Expression:
    """A parsed text: a single expression keeps its type, anything around it makes a String.

    Attributes:
        text: as it stands in the model.
        is_literal: there is no expression in it.
        names: the variables that it may read.
        bean_calls: the beans that it calls.
        bean_call: the one that it is, with nothing around it.
    """

    text: str
    is_literal: bool
    names: frozenset[str]
    _evaluate: Evaluate
    bean_calls: tuple[BeanCall, ...] = ()
    bean_call: BeanCall | None = None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(self, context: Context) -> object:
        """The value at this place.

        Raises:
            ExpressionError: a name, property or method is unknown, or a value does not convert.
        """
        try:
            return self._evaluate(context)
        except EvaluationFailure as failure:
            raise ExpressionError(failure.message(self.text)) from failure
        except RecursionError as error:  # a list or map that is nested too deep to be shown
            raise ExpressionError(
                f"{EvaluationFailure.sentence}: {self.text}. Cause: a value is nested too deep"
            ) from error


def _compiled(text: str, parts: list[str | Node]) -> Expression:
    nodes = [part for part in parts if isinstance(part, Node)]
    names: frozenset[str] = frozenset().union(*map(names_of, nodes))
    calls = tuple(call for node in nodes for call in _bean_calls(node))
    is_one = len(parts) == 1 and bool(nodes) and _bean_call(nodes[0]) is not None
    return Expression(text, not nodes, names, _join(parts), calls, calls[0] if is_one else None)


def _bean_calls(node: Node) -> Iterator[BeanCall]:
    waiting = [node]
    while waiting:
        part = waiting.pop()
        # The inner expression is met by itself; else it would count once more for each pair.
        found = None if isinstance(part, Nested) else _bean_call(part)
        if found is not None:
            yield found
        waiting += reversed(part.children)


def _bean_call(node: Node) -> BeanCall | None:
    """The call of a bean that a part of an expression is."""
    match node:
        case Nested(inner):
            return _bean_call(inner)
        case Method(Identifier(bean), Literal(str(method)), arguments):
            # A variable may hold anything that has such a method; only other names can be beans.
            if bean not in SPECIAL and not is_method(method):
                return BeanCall(bean, method, tuple(map(compile_node, arguments)))
    return None


def _join(parts: list[str | Node]) -> Evaluate:
    steps = [compile_node(part) if isinstance(part, Node) else part for part in parts]
    if not steps:
        return lambda _: ""
    if len(steps) == 1:
        # A single expression keeps the type of its value, which most attributes need.
        only = steps[0]
        return (lambda _: only) if isinstance(only, str) else only

    def concatenate(context: Context) -> object:
        texts, length = [], 0
        for step in steps:
            # Null is empty within a text, and stays null where the expression is all of it.
            texts.append(step if isinstance(step, str) else to_string(step(context)))
            length += len(texts[-1])
            refuse_length(length)
        return "".join(texts)

    return concatenate


def parse(text: str) -> Expression:
    """Parse a text with ``${…}`` or ``#{…}`` in it.

    Raises:
        ExpressionSyntaxError: an expression in it does not follow the grammar, or calls a function
            that does not exist.
        ExpressionTooLargeError: it is too long or too deep.
    """
    return _remembered(text) if len(text) <= LONGEST_CACHED else _parse(text)


def _parse(text: str) -> Expression:
    try:
        return _compiled(text, _parts(text))
    except FunctionProblem as problem:
        raise ExpressionSyntaxError(str(problem)) from problem
    except PatternError as problem:
        shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
        raise ExpressionSyntaxError(f"Error parsing '{shown}': {problem}") from problem
    except (SyntaxProblem, SizeProblem) as problem:
        shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
        is_large = isinstance(problem, SizeProblem)
        kind = ExpressionTooLargeError if is_large else ExpressionSyntaxError
        raise kind(f"Error parsing '{shown}': {problem}") from problem


# The texts of many models repeat, as `${initiator}` does.
_remembered = lru_cache(maxsize=2_000)(_parse)


def _parts(text: str) -> list[str | Node]:
    """Literal texts and syntax trees, in turn."""
    if len(text) > LONGEST_TEXT:
        raise SizeProblem(f"the text is longer than {LONGEST_TEXT} characters")
    parts = list(_split(text))
    bodies = [part for part in parts if isinstance(part, tuple)]
    if len(bodies) > MOST_EXPRESSIONS:
        raise SizeProblem(f"the text has more than {MOST_EXPRESSIONS} expressions")
    if sum(end - start for start, end in bodies) > LONGEST:
        raise SizeProblem(f"its expressions are longer than {LONGEST} characters")
    return [_expression(text, *part) if isinstance(part, tuple) else part for part in parts]


def _split(text: str) -> Iterator[str | tuple[int, int]]:
    """Literal texts, and where the expressions begin and end between their brackets, in turn."""
    literal: list[str] = []
    position, first = 0, ""
    while (opening := _OPENING.search(text, position)) is not None:
        start, bracket = opening.start(), opening.group()
        if start > position and text[start - 1] == "\\":
            literal += text[position : start - 1], bracket
            position = opening.end()
            continue
        first = first or bracket
        # One kind of bracket in a text, as in JUEL.
        if bracket != first:
            raise SyntaxProblem(start, f"'{bracket}'", f"'{first}'")
        if before := "".join([*literal, text[position:start]]):
            yield before
        end = _end(text, opening.end())
        yield opening.end(), end
        literal, position = [], end + 1
    if rest := "".join([*literal, text[position:]]):
        yield rest


def _end(text: str, start: int) -> int:
    """Where the brace is that closes an expression; quotes hide braces."""
    found = _BODY.match(text, start)
    end = found.end() if found else start
    if end == len(text):
        raise SyntaxProblem(end, "'null'", "'}'")
    if text[end] != "}":
        raise SyntaxProblem(end, "unterminated string", text[end], kind="lexical")
    return end


def _expression(text: str, start: int, end: int) -> Node:
    try:
        return parse_expression(text[start:end])
    except SyntaxProblem as problem:
        raise problem.moved(start) from None
