"""FEEL text to syntax tree."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken

from app.feel import syntax
from app.feel.arithmetic import negative
from app.feel.budget import MAX_TEXT
from app.feel.errors import FeelLimitError, FeelSyntaxError
from app.feel.syntax import Node
from app.feel.tokens import FeelLexer, syntax_error

_EXPECTED_IN_CELLS = '("," | end-of-input)'
_CONSTANTS = {"true": True, "false": False, "null": None}


def _without(kinds: str, children: list[Any]) -> list[Any]:
    """Children without punctuation and without what is left out."""
    dropped = kinds.split()
    return [
        child
        for child in children
        if child is not None and not (isinstance(child, Token) and child.type in dropped)
    ]


@v_args(inline=True)
class _TreeBuilder(Transformer[Token, Node]):
    """Makes nodes of what the grammar recognizes."""

    def number(self, token: Token) -> Node:
        # All digits that are written, even beyond 34: only computing rounds, as with Java's
        # BigDecimal.
        return syntax.Literal(Decimal(token))

    def string(self, token: Token) -> Node:
        return syntax.Literal(str(token))

    def temporal(self, token: Token) -> Node:
        return syntax.Temporal(str(token))

    def constant(self, token: Token) -> Node:
        return syntax.Literal(_CONSTANTS[token])

    def input_value(self, _token: Token) -> Node:
        return syntax.InputValue()

    def name(self, token: Token) -> Node:
        return syntax.Name(str(token))

    def group(self, _open: Token, inner: Node, _close: Token) -> Node:
        # Only of these the brackets matter: `_in_test` parts a junction that begins with one.
        if isinstance(inner, syntax.InputComparison | syntax.Interval):
            return syntax.Group(inner)
        return inner

    def list_(self, *children: Any) -> Node:
        return syntax.ListOf(tuple(_without("LIST_OPEN LIST_CLOSE COMMA", list(children))))

    def context(self, *children: Any) -> Node:
        return syntax.ContextOf(tuple(_without("CONTEXT_OPEN CONTEXT_CLOSE COMMA", list(children))))

    def entry(self, key: Token, _colon: Token, value: Node) -> tuple[str, Node]:
        return str(key), value

    def function(self, *children: Any) -> Node:
        *names, body = _without("FUNCTION OPEN CLOSE COMMA", list(children))
        return syntax.FunctionOf(tuple(str(name) for name in names), body)

    def positional(self, *children: Any) -> tuple[tuple[Node, ...], None]:
        return tuple(_without("COMMA", list(children))), None

    def named(self, *children: Any) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        rest = _without("COMMA COLON", list(children))
        return tuple(rest[1::2]), tuple(str(key) for key in rest[::2])

    def call(self, name: Token, _open: Token, arguments: Any, _close: Token) -> Node:
        return syntax.Call(None, str(name), *arguments)

    def method(
        self, target: Node, _dot: Token, name: Token, _open: Token, arguments: Any, _close: Token
    ) -> Node:
        return syntax.Call(target, str(name), *arguments)

    def path(self, source: Node, _dot: Token, name: Token) -> Node:
        return syntax.Path(source, str(name))

    def filter(self, source: Node, _open: Token, condition: Node, _close: Token) -> Node:
        return syntax.Filter(source, condition)

    def negation(self, _minus: Token, operand: Node) -> Node:
        if isinstance(operand, syntax.Literal) and isinstance(operand.value, Decimal):
            # A constant, so that a cell with a negative number takes the short way of literals.
            return syntax.Literal(negative(operand.value))
        return syntax.Negation(operand)

    def arithmetic(self, first: Node, *rest: Any) -> Node:
        if not rest:
            return first
        pairs = zip((str(operator) for operator in rest[::2]), rest[1::2], strict=True)
        return syntax.Arithmetic(first, tuple(pairs))

    def compare(self, left: Node, operator: Token, right: Node) -> Node:
        return syntax.Comparison(str(operator), left, right)

    def between(self, value: Node, _between: Token, low: Node, _and: Token, high: Node) -> Node:
        return syntax.Between(value, low, high)

    # The grammar lets `in` reach over `and`; a tuple comes of parentheses, which end it by
    # themselves.
    def in_(self, value: Node, _in: Token, tests: Any) -> Node:
        return syntax.In(value, tests, True) if isinstance(tests, tuple) else _in_test(value, tests)

    def in_tests(self, _open: Token, tests: tuple[Node, ...], _close: Token) -> tuple[Node, ...]:
        return tests

    def tests(self, *children: Any) -> tuple[Node, ...]:
        return tuple(_without("COMMA", list(children)))

    def cell(self, child: Any) -> Node:
        return syntax.Tests(child if isinstance(child, tuple) else ())

    def instance_of(self, value: Node, _of: Token, kind: Token) -> Node:
        return syntax.InstanceOf(value, str(kind))

    def input_comparison(self, operator: Token, right: Node) -> Node:
        return syntax.InputComparison(str(operator), right)

    def interval(self, opening: Token, low: Node, _dots: Token, high: Node, closing: Token) -> Node:
        return syntax.Interval(low, high, opening == "[", closing == "]")

    def conjunction(self, *children: Any) -> Node:
        return syntax.Junction(False, tuple(_without("AND", list(children))))

    def disjunction(self, *children: Any) -> Node:
        return syntax.Junction(True, tuple(_without("OR", list(children))))

    def if_(self, *children: Any) -> Node:
        return syntax.If(*_without("IF THEN ELSE", list(children)))

    def iterator(self, name: Token, _in: Token, source: Node, *end: Any) -> syntax.Iterator:
        rest = _without("DOTS", list(end))
        return syntax.Iterator(str(name), source, rest[0] if rest else None)

    def iterators(self, *children: Any) -> tuple[syntax.Iterator, ...]:
        return tuple(_without("COMMA", list(children)))

    def for_(self, _for: Token, iterators: Any, _return: Token, body: Node) -> Node:
        return syntax.For(iterators, body)

    def quantified(self, which: Token, iterators: Any, _satisfies: Token, body: Node) -> Node:
        return syntax.Quantified(which == "some", iterators, body)


def _in_test(value: Node, test: Node) -> Node:
    """``a in test``; a comparison or an interval ends before ``and`` and ``or``."""
    if isinstance(test, syntax.Junction) and _begins_with_a_test(test):
        first, *rest = test.operands
        return syntax.Junction(test.decided_by, (_in_test(value, first), *rest))
    return syntax.In(value, (test,), False)


def _begins_with_a_test(node: Node) -> bool:
    while isinstance(node, syntax.Junction):
        node = node.operands[0]
    # Anything else behind `in` swallows what follows: `1 in 1 = true` tests `1 = true`.
    return isinstance(node, syntax.InputComparison | syntax.Interval)


def _is_negation(node: Node) -> bool:
    """Whether a cell's test is ``not(…)``, which negates tests where an expression would call."""
    return (
        isinstance(node, syntax.Call)
        and node.name == "not"
        and node.target is None
        and node.names is None
        and bool(node.arguments)
    )


_GRAMMAR = (FilePath(__file__).parent / "grammar.lark").read_text()
# Built at import, in some milliseconds: a grammar with a mistake fails at start, not at a
# deployment.
_PARSER: Lark = Lark(
    _GRAMMAR,
    parser="lalr",
    lexer=FeelLexer,
    start=["expression", "cell"],
    transformer=_TreeBuilder(),
    maybe_placeholders=False,
)


def parse_expression(text: str) -> Node:
    """Read an expression.

    Raises:
        FeelSyntaxError: it is not one.
        FeelLimitError: it is too long.
    """
    if not text.strip():
        # As in the reference: the empty text is null and no error.
        return syntax.Literal(None)
    return _parse(text, "expression")


def parse_unary_tests(text: str) -> syntax.Tests:
    """Read the text of a cell; an empty one is ``-``.

    Raises:
        FeelSyntaxError: there are no unary tests in it.
        FeelLimitError: it is too long.
    """
    if not text.strip():
        return syntax.Tests(())
    tests = _parse(text, "cell")
    assert isinstance(tests, syntax.Tests)
    # `> 3 and x` would read as one expression; the reference ends a test before the `and`.
    for test in tests.tests:
        if isinstance(test, syntax.Junction) and _begins_with_a_test(test):
            raise FeelSyntaxError(text, _EXPECTED_IN_CELLS)
    return _with_negation(tests, text) if tests.tests else tests


def _with_negation(tests: syntax.Tests, text: str) -> syntax.Tests:
    """A cell that begins with ``not(…)`` negates the tests in it, and has nothing behind it."""
    first = tests.tests[0]
    # Also where `not(…)` only begins the test, as in `not(5) or true`: the reference has read it
    # then.
    if not _is_negation(_leftmost(first)):
        return tests
    # `not(5), 6` is refused while `6, not(5)` is an expression that calls the function `not`.
    if len(tests.tests) > 1 or not isinstance(first, syntax.Call):
        raise FeelSyntaxError(text, "end-of-input")
    return syntax.Tests((syntax.NegatedTests(first.arguments),))


def _leftmost(node: Node) -> Node:
    """The part of an operation that stands first in its text."""
    while isinstance(node, syntax.OPERATIONS):
        if isinstance(node, syntax.Junction):
            node = node.operands[0]
        elif isinstance(node, syntax.Comparison):
            node = node.left
        elif isinstance(node, syntax.Arithmetic):
            node = node.first
        elif isinstance(node, syntax.Path | syntax.Filter):
            node = node.source
        else:
            node = node.value
    return node


def _parse(text: str, start: str) -> Node:
    if len(text) > MAX_TEXT:
        raise FeelLimitError(f"an expression has more than {MAX_TEXT} characters")
    parse: Callable[..., Any] = _PARSER.parse
    try:
        node = parse(text, start=start)
    except UnexpectedToken as error:
        # Of the end the parser tells the position of the last token.
        position = None if error.token.type == "$END" else error.token.start_pos
        raise syntax_error(text, position) from error
    except UnexpectedInput as error:
        raise syntax_error(text, None) from error
    assert isinstance(node, Node)
    return node
