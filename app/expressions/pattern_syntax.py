"""Reads Java's regular expressions, as far as they can be matched in linear time.

Back references, look-around, possessive quantifiers and intersections of classes are refused: they
are what needs backtracking, and a pattern may come from anybody.

Source: the documentation of ``java.util.regex.Pattern``.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from .failures import EvaluationFailure

LONGEST_PATTERN = 1_000  # characters
DEEPEST_PATTERN = 50  # groups within each other
MOST_REPETITIONS = 1_000  # in {n,m}

Test = Callable[[str], bool]  # whether a character belongs to a class


class PatternError(EvaluationFailure):
    """A pattern that cannot be used."""


@dataclass(frozen=True, slots=True)
class Char:
    """One character of a class."""

    test: Test


@dataclass(frozen=True, slots=True)
class Assertion:
    """A place without width: ``^ $ A z Z b B``; ``(`` and ``)`` are multi-line ^ and $."""

    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other."""

    parts: "tuple[Pattern, ...]"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Parts of which the first that fits counts."""

    parts: "tuple[Pattern, ...]"


@dataclass(frozen=True, slots=True)
class Group:
    """A part whose place is remembered."""

    number: int
    inner: "Pattern"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times; as often as possible, or as seldom."""

    inner: "Pattern"
    least: int
    most: int | None
    is_greedy: bool


Pattern = Char | Assertion | Sequence | Alternatives | Group | Repeat


def _one(char: str) -> Test:
    return char.__eq__


def _range(low: str, high: str) -> Test:
    return lambda c: low <= c <= high


def _any_of(tests: list[Test]) -> Test:
    return lambda c: any(test(c) for test in tests)


def _not(test: Test) -> Test:
    return lambda c: not test(c)


def _within(characters: str) -> Test:
    return frozenset(characters).__contains__


def _ignoring_case(test: Test) -> Test:
    """Java ignores the case of ASCII letters only, unless told otherwise."""
    return lambda c: test(c) or (c.isascii() and (test(c.lower()) or test(c.upper())))


_DIGIT = _range("0", "9")
_LOWER, _UPPER = _range("a", "z"), _range("A", "Z")
_ALPHA = _any_of([_LOWER, _UPPER])
_WORD = _any_of([_ALPHA, _DIGIT, _one("_")])
_SPACE = _within(" \t\n\x0b\f\r")
_LINE_ENDS = "\n\r\x85\u2028\u2029"
_CLASSES: dict[str, Test] = {"d": _DIGIT, "w": _WORD, "s": _SPACE, "h": _within(" \t\xa0")}
_CLASSES |= {name.upper(): _not(test) for name, test in _CLASSES.items()}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_PROPERTIES: dict[str, Test] = {
    "Lower": _LOWER,
    "Upper": _UPPER,
    "Alpha": _ALPHA,
    "Digit": _DIGIT,
    "Alnum": _any_of([_ALPHA, _DIGIT]),
    "Punct": _within("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    "Space": _SPACE,
    "Blank": _within(" \t"),
    "XDigit": _within("0123456789abcdefABCDEF"),
    "ASCII": str.isascii,
    "IsAlphabetic": str.isalpha,
    "IsDigit": str.isdecimal,
    "IsLetter": str.isalpha,
}
_CATEGORIES = frozenset(
    ("L", "Lu", "Ll", "Lt", "Lm", "Lo", "N", "Nd", "Nl", "No", "P", "S", "Z", "M")
)


def _category(name: str) -> Test:
    return lambda c: unicodedata.category(c).startswith(name)


class PatternReader:
    """Reads one pattern from left to right.

    Attributes:
        groups: how many groups there are, after reading.
        names: the numbers of the groups that have names.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.groups = 0
        self.names: dict[str, int] = {}
        self._position = 0
        self._depth = 0
        self._flags: frozenset[str] = frozenset()

    def read(self) -> Pattern:
        """The whole pattern.

        Raises:
            PatternError: it is no pattern, or not one that is matched here.
        """
        if len(self.source) > LONGEST_PATTERN:
            raise PatternError(f"The pattern is longer than {LONGEST_PATTERN} characters")
        pattern = self._alternatives()
        if self._position < len(self.source):
            self._fail("Unmatched closing ')'")
        return pattern

    def _fail(self, problem: str) -> NoReturn:
        raise PatternError(
            f"java.util.regex.PatternSyntaxException: {problem} near index {self._position} "
            f"in '{self.source[:200]}'"
        )

    def _peek(self, length: int = 1) -> str:
        return self.source[self._position : self._position + length]

    def _take(self) -> str:
        char = self._peek()
        if not char:
            self._fail("Unexpected end")
        self._position += 1
        return char

    def _skip(self, text: str) -> bool:
        """Go on behind a text when it is next."""
        is_next = self.source.startswith(text, self._position)
        self._position += len(text) * is_next
        return is_next

    def _until(self, end: str) -> str:
        stop = self.source.find(end, self._position)
        if stop < 0:
            self._fail(f"Missing '{end}'")
        text = self.source[self._position : stop]
        self._position = stop + len(end)
        return text

    def _alternatives(self) -> Pattern:
        flags = self._flags
        parts = [self._sequence()]
        while self._skip("|"):
            parts.append(self._sequence())
        self._flags = flags  # a flag that is set inside a group ends with it
        return parts[0] if len(parts) == 1 else Alternatives(tuple(parts))

    def _sequence(self) -> Pattern:
        parts: list[Pattern] = []
        while self._peek() not in ("", "|", ")"):
            if self._skip("\\Q"):
                parts += self._quoted()
            elif not self._sets_flags():
                parts.append(self._quantified(self._atom()))
        return Sequence(tuple(parts))

    def _quoted(self) -> list[Pattern]:
        r"""What stands up to ``\E``; a quantifier behind it is for the last character."""
        chars = [Char(self._cased(_one(char))) for char in self._until("\\E")]
        return [*chars[:-1], *(self._quantified(char) for char in chars[-1:])]

    def _sets_flags(self) -> bool:
        """``(?i)`` changes what follows."""
        end = self.source.find(")", self._position)
        names = self.source[self._position + 2 : end]
        if self._peek(2) != "(?" or end < 0 or not names or not set(names) <= set("ims"):
            return False
        self._flags |= set(names)
        self._position = end + 1
        return True

    def _atom(self) -> Pattern:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return Char(self._cased(self._class()))
        if char == ".":
            return Char((lambda _: True) if "s" in self._flags else _not(_within(_LINE_ENDS)))
        if char in "^$":
            kinds = {"^": "(", "$": ")"} if "m" in self._flags else {"^": "^", "$": "$"}
            return Assertion(kinds[char])
        if char in "*+?":
            self._position -= 1
            self._fail(f"Dangling meta character '{char}'")
        if char == "\\":
            if self._peek() in tuple("AzZbB"):
                return Assertion(self._take())
            return Char(self._cased(self._escape()))
        return Char(self._cased(_one(char)))

    def _cased(self, test: Test) -> Test:
        return _ignoring_case(test) if "i" in self._flags else test

    def _group(self) -> Pattern:
        self._depth += 1
        if self._depth > DEEPEST_PATTERN:
            self._fail("Too many groups within each other")
        flags, number, name = self._flags, 0, ""
        if self._skip("?"):
            if self._peek() == "<" and self._peek(2) not in ("<=", "<!"):
                self._position += 1
                name = self._until(">")
            else:
                added = self._until(":") if ":" in self.source[self._position :] else "?"
                if not set(added) <= set("ims"):
                    self._fail("Look-around and the like are not supported")
                self._flags |= set(added)
        if name or self.source[self._position - 1] == "(":
            self.groups += 1
            number = self.groups
        if name:
            self.names[name] = number
        inner = self._alternatives()
        if not self._skip(")"):
            self._fail("Unclosed group")
        self._flags = flags
        self._depth -= 1
        return Group(number, inner) if number else inner

    def _escape(self) -> Test:
        """What a backslash outside or inside of a class means."""
        char = self._take()
        if char in _CLASSES:
            return _CLASSES[char]
        if char in _CONTROLS:
            return _one(_CONTROLS[char])
        if char in "pP":
            test = self._property()
            return test if char == "p" else _not(test)
        if char in "xu":
            digits = self.source[self._position : self._position + (2 if char == "x" else 4)]
            try:
                code = int(digits, 16)
            except ValueError:
                self._fail("Illegal hexadecimal escape sequence")
            self._position += len(digits)
            return _one(chr(code))
        if char.isascii() and char.isalnum():
            self._fail(f"The escape '\\{char}' is not supported")
        return _one(char)

    def _property(self) -> Test:
        name = self._until("}") if self._skip("{") else self._take()
        if name in _PROPERTIES:
            return _PROPERTIES[name]
        category = name.removeprefix("Is")
        if category not in _CATEGORIES:
            self._fail(f"Unknown character property name {{{name}}}")
        return _category(category)

    def _class(self) -> Test:
        """What stands between ``[`` and ``]``."""
        self._depth += 1
        if self._depth > DEEPEST_PATTERN:
            self._fail("Too many classes within each other")
        is_negated = self._skip("^")
        tests: list[Test] = []
        while not (self._skip("]") and (tests or self._fail_empty())):
            if self._peek(2) == "&&":
                self._fail("Intersections of classes are not supported")
            if self._skip("["):
                tests.append(self._class())
                continue
            tests.append(self._class_item())
        self._depth -= 1
        test = _any_of(tests) if len(tests) > 1 else tests[0]
        return _not(test) if is_negated else test

    def _fail_empty(self) -> NoReturn:
        self._fail("Unclosed character class")

    def _class_item(self) -> Test:
        low, test = self._class_char()
        if low is None or self._peek() != "-" or self._peek(2) in ("-]", "-[", "-"):
            return test
        self._position += 1
        high, _ = self._class_char()
        if high is None or high < low:
            self._fail("Illegal character range")
        return _range(low, high)

    def _class_char(self) -> tuple[str | None, Test]:
        """A character, and None for it where a whole class is meant."""
        char = self._take()
        if char != "\\":
            return char, _one(char)
        escaped = self._peek()
        test = self._escape()
        if escaped in _CLASSES or escaped in ("p", "P"):
            return None, test
        start = self._position
        char = self.source[start - 1]
        if escaped in ("x", "u"):
            char = chr(int(self.source[start - (2 if escaped == "x" else 4) : start], 16))
        return _CONTROLS.get(escaped, char), test

    def _quantified(self, atom: Pattern) -> Pattern:
        char = self._peek()
        if char == "{":
            self._position += 1
            least, most = self._bounds()
        elif char and char in "*+?":
            self._position += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        else:
            return atom
        is_greedy = not self._skip("?")
        if self._peek() == "+":
            self._fail("Possessive quantifiers are not supported")
        return self._quantified(Repeat(atom, least, most, is_greedy))

    def _bounds(self) -> tuple[int, int | None]:
        """The numbers of ``{n}``, ``{n,}`` and ``{n,m}``."""
        first, comma, second = self._until("}").partition(",")
        if not first.isdecimal() or not (second.isdecimal() or second == "") or len(first) > 9:
            self._fail("Illegal repetition")
        least = int(first)
        most = (int(second[:9]) if second else None) if comma else least
        if least > MOST_REPETITIONS or (most is not None and not least <= most <= MOST_REPETITIONS):
            self._fail("Illegal repetition range")
        return least, most
