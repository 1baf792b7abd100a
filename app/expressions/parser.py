"""Parses what stands between ``${`` and ``}`` to a syntax tree.

Source: semantics 7.1; Camunda 7 ``Scanner``, ``Parser`` (rules and messages).
"""

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from . import syntax
from .functions import FUNCTIONS
from .syntax import Node
from .values import LONG_MAX

LONGEST = 20_000  # characters
# Well below the thousand frames of Python: each level takes several of them.
DEEPEST = 100  # brackets, signs, question marks and dots within each other


class SyntaxProblem(Exception):
    """An expression does not follow the grammar.

    Args:
        position: where in the text that was parsed.
        encountered, expected: as the message has them.
        kind: "syntax", or "lexical" where not even the token can be read.
    """

    def __init__(
        self, position: int, encountered: str, expected: str, *, kind: str = "syntax"
    ) -> None:
        super().__init__(
            f"{kind} error at position {position}, encountered {encountered}, expected {expected}"
        )
        self._facts = position, encountered, expected, kind

    def moved(self, by: int) -> "SyntaxProblem":
        """The same problem in a text where the expression begins further right."""
        position, encountered, expected, kind = self._facts
        return SyntaxProblem(position + by, encountered, expected, kind=kind)


class SizeProblem(Exception):
    """An expression is too long or too deep."""


class FunctionProblem(Exception):
    """An expression calls a function that does not exist, or not with so many arguments."""


_WORDS = {
    "or": "OR",
    "and": "AND",
    "eq": "EQ",
    "ne": "NE",
    "lt": "LT",
    "gt": "GT",
    "le": "LE",
    "ge": "GE",
    "div": "DIV",
    "mod": "MOD",
    "not": "NOT",
    "empty": "EMPTY",
    "true": "TRUE",
    "false": "FALSE",
    "null": "NULL",
    # Reserved and without meaning, as in JUEL: a variable cannot have the name.
    "instanceof": "INSTANCEOF",
}
_SYMBOLS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "div": "/"}
_SYMBOLS |= {"mod": "%", "not": "!", "or": "||", "and": "&&"}
_OPERAND = "<IDENTIFIER>|<STRING>|<FLOAT>|<INTEGER>|'true'|'false'|'null'|'-'|'!'|'not'|'empty'|'('"


def _symbol(token: Token) -> str:
    """One spelling for each operator."""
    return _SYMBOLS.get(token, str(token))


def _chain(_: object, first: Node, *rest: Any) -> Node:
    operators = map(_symbol, rest[::2])
    return syntax.Chain(first, tuple(zip(operators, rest[1::2], strict=True)))


def _logic(_: object, *parts: Any) -> Node:
    return syntax.Logic(_symbol(parts[1]), parts[::2])


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Makes a node of each rule."""

    either = both = _logic
    equality = relation = sum = product = _chain

    def choice(self, condition: Node, yes: Node, no: Node) -> Node:
        return syntax.Choice(condition, yes, no)

    def unary(self, operator: Token, operand: Node) -> Node:
        return syntax.Unary(_symbol(operator), operand)

    def nested(self, inner: Node) -> Node:
        return syntax.Nested(inner)

    def whole(self, token: Token) -> Node:
        digits = token.lstrip("0") or "0"
        # The length first, for `int` of a long text is slow.
        if len(digits) > 19 or int(digits) > LONG_MAX:
            raise SyntaxProblem(token.start_pos or 0, f"'{token[:40]}'", "<INTEGER>")
        return syntax.Literal(int(digits))

    def fraction(self, token: Token) -> Node:
        # An exponent beyond a double is Infinity, as `Double.valueOf` has it.
        return syntax.Literal(float(token))

    def text(self, token: Token) -> Node:
        return syntax.Literal(_unescaped(token))

    def truth(self, _: Token) -> Node:
        return syntax.Literal(True)

    def falsehood(self, _: Token) -> Node:
        return syntax.Literal(False)

    def null(self, _: Token) -> Node:
        return syntax.Literal(None)

    def identifier(self, name: Token) -> Node:
        return syntax.Identifier(str(name))

    def arguments(self, *nodes: Node) -> Sequence[Node]:
        return nodes

    def function(self, name: Token, arguments: Sequence[Node] | None) -> Node:
        known = FUNCTIONS.get(str(name))
        if known is None:
            raise FunctionProblem(f"Could not resolve function '{name}'")
        # When the text is read, so at deployment: functions are known, unlike methods of values.
        if known.arity != len(arguments or ()):
            raise FunctionProblem(f"Parameters for function '{name}' do not match")
        return syntax.Function(str(name), tuple(arguments or ()))

    def property(self, base: Node, name: Token) -> Node:
        return syntax.Property(base, str(name))

    def item(self, base: Node, key: Node) -> Node:
        return syntax.Item(base, key)

    def method(self, base: Node, name: Token, arguments: Sequence[Node] | None) -> Node:
        return syntax.Method(base, syntax.Literal(str(name)), tuple(arguments or ()))

    def item_method(self, base: Node, name: Node, arguments: Sequence[Node] | None) -> Node:
        return syntax.Method(base, name, tuple(arguments or ()))


def _unescaped(token: Token) -> str:
    """The text that a string token means: its own quote and the backslash can be escaped."""
    quote, body = token[0], token[1:-1]
    if "\\" not in body:
        return body
    out, position = [], 0
    while position < len(body):
        char = body[position]
        if char == "\\":
            position += 1
            char = body[position]
            # Not JSON's escapes: in JUEL a backslash protects itself and the quote alone.
            if char not in ("\\", quote):
                found, wanted = f"invalid escape sequence \\{char}", f"\\{quote} or \\\\"
                raise SyntaxProblem(token.start_pos or 0, found, wanted, kind="lexical")
        out.append(char)
        position += 1
    return "".join(out)


def _reserve_words(token: Token) -> Token:
    token.type = _WORDS.get(token, "NAME")
    return token


@cache
def _lark() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text()
    parser = Lark(
        grammar,
        parser="lalr",
        # Not the contextual one: words are reserved everywhere, not just where the grammar wants
        # them.
        lexer="basic",
        transformer=_Builder(),
        lexer_callbacks={"NAME": _reserve_words},
        maybe_placeholders=True,
    )
    parser.parse("null")  # the first use completes the lexer, which two threads must not do at once
    return parser


_BUILDING = threading.Lock()


def parse_expression(text: str) -> Node:
    """Parse an expression without its brackets ``${`` and ``}``.

    Raises:
        SyntaxProblem: it does not follow the grammar.
        FunctionProblem: it calls a function that does not exist.
        SizeProblem: it is too long or too deep.
    """
    if len(text) > LONGEST:
        raise SizeProblem(f"the expression is longer than {LONGEST} characters")
    # The parser of the grammar is built by the first thread; the others wait, and share it.
    with _BUILDING:
        parser = _lark()
    try:
        tree: Node = parser.parse(text)  # type: ignore[assignment]  # the transformer makes nodes
    except VisitError as error:
        # lark wraps what a builder raises, and the wrapping tells nothing.
        raise error.orig_exc from None
    except UnexpectedInput as error:
        raise _problem_of(error, text) from None
    # Before it is compiled, which is recursive.
    if any(depth > DEEPEST for _, depth in syntax.walk(tree)):
        raise SizeProblem(f"the expression is nested more than {DEEPEST} deep")
    return tree


def _problem_of(error: UnexpectedInput, text: str) -> SyntaxProblem:
    """JUEL's words for what lark could not read."""
    if isinstance(error, UnexpectedCharacters):
        char = text[error.pos_in_stream or 0]
        found = "unterminated string" if char in "'\"" else f"invalid character '{char}'"
        wanted = char if char in "'\"" else "expression token"
        return SyntaxProblem(error.pos_in_stream or 0, found, wanted, kind="lexical")
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        # JUEL shows a text without its quotes.
        image = error.token[1:-1] if error.token.type == "STRING" else str(error.token)
        found = f"'{image[:40]}'"
        return SyntaxProblem(error.token.start_pos or 0, found, _expected(error))
    return SyntaxProblem(len(text), "'}'", _expected(error))


def _expected(error: UnexpectedInput) -> str:
    """The token that would have closed the expression so far, or begun an operand."""
    accepted = error.accepts if isinstance(error, UnexpectedToken) else set()
    # A place for an operand is known by any of its first tokens.
    if "INTEGER" in accepted:
        return _OPERAND
    for terminal, shown in (("RPAR", "')'"), ("RSQB", "']'"), ("COLON", "':'"), ("$END", "'}'")):
        if terminal in accepted:
            return shown
    return "<IDENTIFIER>"
