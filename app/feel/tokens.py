"""FEEL text to tokens, in which brackets and words already mean what they mean where they stand.

A grammar of one token of lookahead cannot tell ``[1..5[`` from a filter, ``(1..5)`` from
parentheses, or the name ``if`` from the keyword; what stands around decides it here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lark import Token
from lark.lexer import Lexer

from app.feel.budget import MAX_DEPTH, MAX_TOKENS
from app.feel.errors import FeelLimitError, FeelSyntaxError

# Never names, not even behind a dot: the reference refuses `a.in`, but reads `a.if`.
RESERVED = frozenset("null true false function then else in and or satisfies return".split())
# The others are words of the grammar only where one can stand, and names everywhere else.
KEYWORDS = RESERVED | frozenset("if for some every between instance of".split())
# Names of several words are read without backquotes before parentheses and after a dot alone.
NAMES_WITH_KEYWORDS = frozenset(
    {"date and time", "years and months duration", "last day of month"}
    | {f"{kind} of {unit}" for kind in ("day", "week", "month") for unit in ("week", "year")}
    | {"get or else", "index of", "and", "or"}
)
# Of all names with blanks the reference's grammar has these three behind a dot.
PROPERTIES = re.compile(r"(?:time offset|start included|end included)(?!\w)")
TYPES = re.compile(
    r"days and time duration|years and months duration|date and time|[^\W\d]\w*", re.ASCII
)

_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_WORD = r"[^\W\d][\w$]*|\$[\w$]*"
_NAME = re.compile(_WORD)
_NAME_START = re.compile(r"[^\W\d]|[`$]")
_INSTANCE_OF = re.compile(r"instance\s+of\s+")
# One blank between words and no tab: `string  length(x)` is the name of no function.
_CALLED = re.compile(rf"(?:{_WORD})(?: +(?:{_WORD})){{0,9}}(?=\s*\()")
_ARGUMENT_NAME = re.compile(rf"(?:{_WORD})(?: +(?:{_WORD})){{0,9}}(?=\s*:)")
# Bounded, so that a brace without any colon costs no more than this.
_KEY = re.compile(r"[^\W\d][^:{}\[\]\"`,]{0,200}?(?=\s{0,200}:)")
_BACKQUOTED = re.compile(r"`([^`]+)`")
_STRING = re.compile(r'@?"((?:[^"\\]|\\.)*)"', re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
# Longer signs first: an alternation does not look for the longest.
_SYMBOL = re.compile(r"\.\.|\*\*|<=|>=|!=|[-+*/<>=.,:?()\[\]{}]")
_SYMBOLS = {
    "..": "DOTS", "**": "POWER", "<=": "COMPARE", ">=": "COMPARE", "<": "COMPARE", ">": "COMPARE",
    "=": "EQUALS", "!=": "EQUALS", "-": "MINUS", "+": "PLUS", "*": "TIMES", "/": "OVER",
    ".": "DOT", ",": "COMMA", ":": "COLON", "?": "QUESTION", "(": "OPEN", ")": "CLOSE",
    "[": "LIST_OPEN", "]": "LIST_CLOSE", "{": "CONTEXT_OPEN", "}": "CONTEXT_CLOSE",
}  # fmt: skip
# No `\u`: the reference leaves it as it is written.
_ESCAPE = re.compile(r"\\([\"'\\nrt])")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_OPERAND_ENDS = frozenset(
    "NAME NUMBER STRING AT_STRING TRUE FALSE NULL QUESTION TYPE"
    " CLOSE LIST_CLOSE CONTEXT_CLOSE INTERVAL_CLOSE".split()
)
_EXPRESSION_STARTS = re.compile(
    r"(?!(?:then|else|in|and|or|satisfies|return|between|instance)\b)[\w$`\"@.?({\[<>-]"
)


@dataclass(slots=True)
class _Bracket:
    """An open bracket."""

    token: Token
    has_dots: bool = False
    is_iterating: bool = False


class FeelLexer(Lexer):
    """The lexer that the grammar uses."""

    def __init__(self, _configuration: object) -> None:
        pass

    def lex(self, data: str) -> Iterator[Token]:  # type: ignore[override]
        return iter(_Scanner(data).scan())


class _Scanner:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.tokens: list[Token] = []
        # An outermost one that is never closed, so that there always is a last one.
        self.brackets: list[_Bracket] = [_Bracket(Token("START", ""))]

    def scan(self) -> list[Token]:
        """Read the whole text.

        Raises:
            FeelSyntaxError: there is a character that begins no token.
            FeelLimitError: there are too many tokens, or brackets inside each other.
        """
        while True:
            self._skip_blanks()
            if self.position >= len(self.text):
                return self.tokens
            # Here and not in the parser, whose memory grows with what it has to reduce.
            if len(self.tokens) > MAX_TOKENS or len(self.brackets) > MAX_DEPTH:
                raise FeelLimitError("an expression has too many parts, or too many in each other")
            if not (self._read_key() or self._read_word() or self._read_literal()):
                self._read_symbol()

    def _skip_blanks(self) -> None:
        if blank := _BLANK.match(self.text, self.position):
            self.position = blank.end()
        if self.text.startswith("/*", self.position):
            # Not closed, so nothing behind it can be either: it would be searched for each time.
            raise syntax_error(self.text, self.position)

    @property
    def _previous(self) -> str:
        return self.tokens[-1].type if self.tokens else ""

    def _add(self, kind: str, value: str, end: int) -> Token:
        token = Token(kind, value, start_pos=self.position, end_pos=end)
        self.tokens.append(token)
        self.position = end
        return token

    def _read_key(self) -> bool:
        """A key of a context, or the name of an argument."""
        inside = self.brackets[-1].token.type
        if self._previous not in ("COMMA", inside) or inside not in ("CONTEXT_OPEN", "OPEN"):
            return False
        if inside == "CONTEXT_OPEN":
            for pattern in (_STRING, _BACKQUOTED):
                if match := pattern.match(self.text, self.position):
                    self._add("KEY", _unescaped(match[1]), match.end())
                    return True
        # Keys may be anything up to the colon, `a-b` and `date and time` too; names of arguments
        # may not.
        pattern = _KEY if inside == "CONTEXT_OPEN" else _ARGUMENT_NAME
        if match := pattern.match(self.text, self.position):
            self._add("KEY", match[0], match.end())
            return True
        return False

    def _read_word(self) -> bool:
        if quoted := _BACKQUOTED.match(self.text, self.position):
            self._add("NAME", quoted[1], quoted.end())
            return True
        word = _NAME.match(self.text, self.position)
        if word is None:
            return False
        # Before a name of one word, or `start included` would end at `start`.
        if self._previous == "DOT" and (known := PROPERTIES.match(self.text, self.position)):
            self._add("NAME", known[0], known.end())
        elif called := self._called_name(word[0]):
            self._add("NAME", called, self.position + len(called))
        else:
            self._read_keyword_or_name(word[0], word.end())
        return True

    def _called_name(self, word: str) -> str | None:
        """A name of one word or more before parentheses."""
        called = _CALLED.match(self.text, self.position)
        # ``a and (b)`` is no call; ``and([a, b])`` is one.
        if called is None or self._previous in _OPERAND_ENDS:
            return None
        name = called[0]
        if name in NAMES_WITH_KEYWORDS:
            return name
        # The reference's parser tries a call before an operator: `a between f(1) and 9` is the
        # call of an unknown function. But `if` it tries before a call.
        words = name.split()
        return None if words[0] == "if" or RESERVED.intersection(words) else name

    def _read_keyword_or_name(self, word: str, end: int) -> None:
        if word in RESERVED:
            self._read_reserved(word, end)
        elif self._previous == "DOT":
            self._add("NAME", word, end)
        elif word == "between" and self._previous in _OPERAND_ENDS:
            self._add("BETWEEN", word, end)
        elif word == "instance" and self._previous in _OPERAND_ENDS:
            self._read_instance_of(word, end)
        elif word in ("for", "some", "every") and self._follows_name(end):
            self._add(word.upper(), word, end)
        # `if + 1` adds to a variable named `if`, which the reference allows.
        elif word == "if" and self._follows_expression(end):
            self._add("IF", word, end)
        else:
            self._add("NAME", word, end)

    def _read_reserved(self, word: str, end: int) -> None:
        bracket = self.brackets[-1]
        # The same word tests a value elsewhere; only a name behind `for`, or a comma, iterates.
        if word == "in" and self._is_iterator():
            bracket.is_iterating = True
            self._add("FOR_IN", word, end)
            return
        if word in ("return", "satisfies"):
            bracket.is_iterating = False
        self._add(word.upper(), word, end)

    def _is_iterator(self) -> bool:
        if len(self.tokens) < 2 or self._previous != "NAME":
            return False
        before = self.tokens[-2].type
        return before in ("FOR", "SOME", "EVERY") or (
            before == "COMMA" and self.brackets[-1].is_iterating
        )

    def _read_instance_of(self, word: str, end: int) -> None:
        # Read in one go, for types have blanks in them, and no other place knows their names.
        of = _INSTANCE_OF.match(self.text, self.position)
        kind = of and TYPES.match(self.text, of.end())
        if of is None or kind is None or kind[0] in RESERVED - {"function"}:
            self._add("NAME", word, end)
            return
        self._add("INSTANCE_OF", of[0], of.end())
        self._add("TYPE", kind[0], kind.end())

    def _follows_name(self, end: int) -> bool:
        rest = _BLANK.match(self.text, end)
        return rest is not None and _NAME_START.match(self.text, rest.end()) is not None

    def _follows_expression(self, end: int) -> bool:
        rest = _BLANK.match(self.text, end)
        start = rest.end() if rest else end
        return _EXPRESSION_STARTS.match(self.text, start) is not None and (
            self.text[start] not in ".-" or rest is not None
        )

    def _read_literal(self) -> bool:
        if string := _STRING.match(self.text, self.position):
            kind = "AT_STRING" if string[0][0] == "@" else "STRING"
            self._add(kind, _unescaped(string[1]), string.end())
        elif (number := _NUMBER.match(self.text, self.position)) and self._previous != "DOT":
            self._add("NUMBER", number[0], number.end())
        else:
            return False
        return True

    def _read_symbol(self) -> None:
        symbol = _SYMBOL.match(self.text, self.position)
        if symbol is None:
            raise syntax_error(self.text, self.position)
        kind = _SYMBOLS[symbol[0]]
        if kind in ("OPEN", "CONTEXT_OPEN", "LIST_OPEN", "LIST_CLOSE", "CLOSE", "CONTEXT_CLOSE"):
            self._read_bracket(kind, symbol[0], symbol.end())
            return
        bracket = self.brackets[-1]
        if kind == "DOTS":
            if not bracket.is_iterating:
                self._open_interval(bracket)
            bracket.is_iterating = False
        if kind == "COMMA" and bracket.is_iterating and self._previous == "FOR_IN":
            bracket.is_iterating = False
        self._add(kind, symbol[0], symbol.end())
        if kind == "DOTS" and len(self.tokens) > 1:
            self._keep_iterating(bracket)

    def _keep_iterating(self, bracket: _Bracket) -> None:
        """After ``1..3`` of an iterator another iterator may follow."""
        bracket.is_iterating = not bracket.has_dots

    def _open_interval(self, bracket: _Bracket) -> None:
        bracket.has_dots = True
        if bracket.token.type in ("OPEN", "LIST_OPEN", "IN_OPEN"):
            # Only now it is known what the bracket opened; its token is changed where it stands.
            bracket.token.type = "INTERVAL_OPEN"

    def _read_bracket(self, kind: str, value: str, end: int) -> None:
        bracket = self.brackets[-1]
        is_interval = bracket.token.type == "INTERVAL_OPEN"
        after_operand = self._previous in _OPERAND_ENDS
        # ``]1..5]``: where no operand precedes it, the bracket can only open.
        if kind == "LIST_CLOSE" and not after_operand and self._previous != "LIST_OPEN":
            self.brackets.append(_Bracket(self._add("OPEN", value, end)))
        elif is_interval and after_operand and self._closes_interval(kind, end):
            self.brackets.pop()
            self._add("INTERVAL_CLOSE", value, end)
        elif kind in ("CLOSE", "LIST_CLOSE", "CONTEXT_CLOSE"):
            if len(self.brackets) > 1:
                self.brackets.pop()
            self._add(kind, value, end)
        else:
            if kind == "OPEN" and self._previous == "IN":
                kind = "IN_OPEN"
            self.brackets.append(_Bracket(self._add(kind, value, end)))

    def _closes_interval(self, kind: str, end: int) -> bool:
        if kind != "LIST_OPEN":
            return kind in ("CLOSE", "LIST_CLOSE")
        # ``[1..5[`` ends here unless an expression follows, which would be that of a filter.
        blank = _BLANK.match(self.text, end)
        return _EXPRESSION_STARTS.match(self.text, blank.end() if blank else end) is None


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)


def syntax_error(
    text: str, position: int | None, expected: str = "(ifOp | forOp | quantifiedOp | disjunction)"
) -> FeelSyntaxError:
    """The error for what stands at a position; None is the end of the text."""
    at = len(text) if position is None else position
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return FeelSyntaxError(text, expected, line, column, text[at : at + 10])
