"""Translates Java's regular expressions into those of RE2.

Back references, look-around, possessive quantifiers and atomic groups are refused: they are what
needs backtracking, and a pattern may come from anybody.

Source: the documentation of ``java.util.regex.Pattern``; RE2, "Syntax".
"""

from dataclasses import dataclass, field
from typing import NoReturn

from . import character_sets as sets
from .character_sets import Ranges
from .failures import EvaluationFailure

LONGEST_PATTERN = 1_000  # characters
DEEPEST_PATTERN = 50  # groups within each other
MOST_REPETITIONS = 1_000  # in {n,m}
FLAGS = "imsuxd"

_CLASSES: dict[str, Ranges] = {
    "d": sets.DIGIT,
    "w": sets.WORD,
    "s": sets.SPACE,
    "h": sets.HORIZONTAL,
    "v": sets.VERTICAL,
}
_CLASSES |= {name.upper(): sets.negated(ranges) for name, ranges in _CLASSES.items()}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_LINE_BREAK = r"(?:\r\n|[\x{a}-\x{d}\x{85}\x{2028}\x{2029}])"
_LAST_BREAK = r"(?:\z|(\r\n|[\n\r\x{85}\x{2028}\x{2029}])\z)"
_UNSUPPORTED = {
    "G": "The end of the previous match",
    "X": "A grapheme cluster",
    "k": "A back reference",
    "N": "A character by name",
} | dict.fromkeys("123456789", "A back reference")


class PatternError(EvaluationFailure):
    """A pattern that cannot be used."""


@dataclass(slots=True)
class Translation:
    """A pattern of RE2, and what its groups are in Java's.

    Attributes:
        source: the pattern of RE2.
        groups: the number in RE2 of each group; that of the whole first.
        names: the numbers in Java of the groups that have names.
        breaks: the numbers in RE2 of the groups that hold the last line break before the end.
        has_line_starts: it has ``^`` for each line.
    """

    source: str = ""
    groups: list[int] = field(default_factory=lambda: [0])
    names: dict[str, int] = field(default_factory=dict)
    breaks: list[int] = field(default_factory=list)
    has_line_starts: bool = False


def translate(source: str, *, is_whole: bool = False) -> Translation:
    """The pattern of RE2 for one of Java.

    Args:
        is_whole: the whole text is to match, so that nothing can follow ``$``.

    Raises:
        PatternError: it is no pattern, or not one that RE2 can match.
    """
    return _Reader(source, is_whole=is_whole).read()


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, source: str, *, is_whole: bool) -> None:
        self.source = source
        self.found = Translation()
        self._is_whole = is_whole
        self._position = 0
        self._depth = 0
        self._count = 0  # of the groups in RE2
        self._flags: frozenset[str] = frozenset()

    def read(self) -> Translation:
        """Translate the whole pattern."""
        if len(self.source) > LONGEST_PATTERN:
            raise PatternError(f"The pattern is longer than {LONGEST_PATTERN} characters")
        self.found.source = self._alternatives()
        if self._position < len(self.source):
            self._fail("Unmatched closing ')'")
        return self.found

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

    def _skip_comments(self) -> None:
        while "x" in self._flags and (char := self._peek()) and char in " \t\n\x0b\f\r#":
            self._position += 1
            if char == "#":
                stop = self.source.find("\n", self._position)
                self._position = len(self.source) if stop < 0 else stop + 1

    def _alternatives(self) -> str:
        flags = self._flags
        parts = [self._sequence()]
        while self._skip("|"):
            parts.append(self._sequence())
        self._flags = flags  # a flag that is set inside a group ends with it
        return "|".join(parts)

    def _sequence(self) -> str:
        parts: list[str] = []
        self._skip_comments()
        while self._peek() not in ("", "|", ")"):
            if self._skip("\\Q"):
                parts += self._quoted()
            elif not self._sets_flags():
                parts.append(self._quantified(self._atom()))
            self._skip_comments()
        return "".join(parts)

    def _quoted(self) -> list[str]:
        r"""The quoted text up to ``\E``; a quantifier behind it is for the last character."""
        stop = self.source.find("\\E", self._position)
        stop = len(self.source) if stop < 0 else stop
        chars = [self._char(char) for char in self.source[self._position : stop]]
        self._position = min(stop + 2, len(self.source))
        return [*chars[:-1], *(self._quantified(char) for char in chars[-1:])]

    def _changed_flags(self, names: str) -> frozenset[str] | None:
        """The flags after ``i-m``; None where it is no list of flags."""
        added, dash, removed = names.partition("-")
        if not set(added + removed) <= set(FLAGS) or (dash and not removed):
            return None
        return (self._flags | set(added)) - set(removed)

    def _sets_flags(self) -> bool:
        """``(?i)`` changes what follows."""
        end = self.source.find(")", self._position)
        names = self.source[self._position + 2 : end]
        flags = self._changed_flags(names) if self._peek(2) == "(?" and end > 0 and names else None
        if flags is None:
            return False
        self._flags = flags
        self._position = end + 1
        return True

    def _atom(self) -> str:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return sets.as_class(self._class())
        if char == ".":
            return self._any()
        if char == "^":
            return self._line_start()
        if char == "$":
            return "(?m:$)" if "m" in self._flags else self._last_break()
        if char in "*+?":
            self._position -= 1
            self._fail(f"Dangling meta character '{char}'")
        return self._escaped() if char == "\\" else self._char(char)

    def _any(self) -> str:
        if "s" in self._flags:
            return "(?s:.)"
        return r"[^\n]" if "d" in self._flags else sets.as_class(sets.NOT_LINE_ENDS)

    def _line_start(self) -> str:
        if "m" not in self._flags:
            return r"\A"
        self.found.has_line_starts = True
        return "(?m:^)"

    def _last_break(self) -> str:
        """The end of the text, or before the line break there.

        RE2 cannot look ahead: the break is taken into a group, and cut off what matched.
        """
        if self._is_whole:
            return r"\z"
        self._count += 1
        self.found.breaks.append(self._count)
        return _LAST_BREAK

    def _escaped(self) -> str:
        char = self._peek()
        if char == "Z":
            self._position += 1
            return self._last_break()
        if char == "R":
            self._position += 1
            return _LINE_BREAK
        if char and char in "AzbB":
            self._position += 1
            return f"\\{char}"
        literal, ranges = self._escape()
        return self._char(literal) if literal else sets.as_class(ranges)

    def _char(self, char: str) -> str:
        return sets.as_class(self._cased(sets.of(char)))

    def _cased(self, ranges: Ranges) -> Ranges:
        if "i" not in self._flags:
            return ranges
        return sets.ignoring_case(ranges, is_unicode="u" in self._flags)

    def _group(self) -> str:
        self._depth += 1
        if self._depth > DEEPEST_PATTERN:
            self._fail("Too many groups within each other")
        flags, opening = self._flags, "(?:"
        if not self._skip("?"):
            opening = self._capture("")
        elif self._peek() == "<" and self._peek(2) not in ("<=", "<!"):
            self._position += 1
            opening = self._capture(self._until(">"))
        else:
            self._set_group_flags()
        inner = self._alternatives()
        if not self._skip(")"):
            self._fail("Unclosed group")
        self._flags = flags
        self._depth -= 1
        return f"{opening}{inner})"

    def _capture(self, name: str) -> str:
        self._count += 1
        if name:
            if not name.isascii() or not name.isalnum() or name[0].isdigit():
                self._fail("The name of a group has letters and digits only")
            if name in self.found.names:
                self._fail(f"Named capturing group <{name}> is already defined")
            self.found.names[name] = len(self.found.groups)
        self.found.groups.append(self._count)
        return "("

    def _set_group_flags(self) -> None:
        """The flags of ``(?i:…)``."""
        if self._peek() in tuple("=!<>"):
            self._fail("Look-around and atomic groups are not supported")
        flags = self._changed_flags(self._until(":"))
        if flags is None:
            self._fail("Unknown inline modifier")
        self._flags = flags

    def _escape(self) -> tuple[str, Ranges]:
        """The meaning of a backslash outside or inside of a class: a character, or else a set."""
        char = self._take()
        if char in _CLASSES:
            return "", _CLASSES[char]
        if char in _CONTROLS:
            return _CONTROLS[char], ()
        if char in "pP":
            ranges = self._property()
            return "", ranges if char == "p" else sets.negated(ranges)
        if char in "xu0c":
            return self._numbered(char), ()
        if char in _UNSUPPORTED:
            self._fail(f"{_UNSUPPORTED[char]} is not supported")
        if char.isascii() and char.isalnum():
            self._fail(f"Illegal/unsupported escape sequence '\\{char}'")
        return char, ()

    def _numbered(self, kind: str) -> str:
        if kind == "c":
            return chr((ord(self._take()) & 0x7F) ^ 64)
        if kind == "x" and self._skip("{"):
            digits = self._until("}")
        elif kind == "0":
            digits = self._octal()
        else:
            digits = self._peek(2 if kind == "x" else 4)
            self._position += len(digits)
        wanted = {"x": 1 if len(digits) != 1 else 2, "u": 4, "0": 1}[kind]
        allowed = "01234567" if kind == "0" else "0123456789abcdefABCDEF"
        code = 0x110000
        if len(digits) >= wanted and set(digits) <= set(allowed):
            code = int(digits[-7:], 8 if kind == "0" else 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            self._fail("Illegal hexadecimal or octal escape sequence")
        return chr(code)

    def _octal(self) -> str:
        digits = ""
        most = 3 if self._peek() in tuple("0123") else 2
        while len(digits) < most and self._peek() in tuple("01234567"):
            digits += self._take()
        return digits

    def _property(self) -> Ranges:
        name = self._until("}") if self._skip("{") else self._take()
        ranges = sets.by_property(name)
        if ranges is None:
            self._fail(f"Unknown character property name {{{name[:50]}}}")
        return ranges

    def _class(self) -> Ranges:
        """The set between ``[`` and ``]``; ``&&`` binds its sides less than a union."""
        self._depth += 1
        if self._depth > DEEPEST_PATTERN:
            self._fail("Too many classes within each other")
        is_negated = self._skip("^")
        whole: Ranges = sets.EVERY
        items: list[Ranges] = []
        is_empty = True
        while not (self._peek() == "]" and not is_empty):
            if self._skip("&&"):
                if items:
                    whole, items = sets.intersection(whole, sets.union(*items)), []
                continue
            is_empty = False
            items += self._class_items()
        self._position += 1
        self._depth -= 1
        if items:
            whole = sets.intersection(whole, sets.union(*items))
        return sets.negated(whole) if is_negated else whole

    def _class_items(self) -> list[Ranges]:
        if self._skip("["):
            return [self._class()]
        if self._skip("\\Q"):
            return [self._cased(sets.of(self._until("\\E")))]
        low, ranges = self._class_char()
        if not low:
            return [ranges]
        if self._peek() != "-" or self._peek(2) in ("-]", "-[", "-"):
            return [self._cased(sets.of(low))]
        self._position += 1
        high, _ = self._class_char()
        if not high or high < low:
            self._fail("Illegal character range")
        return [self._cased(((ord(low), ord(high)),))]

    def _class_char(self) -> tuple[str, Ranges]:
        """A character, or the set that stands in its place."""
        char = self._take()
        return self._escape() if char == "\\" else (char, ())

    def _quantified(self, atom: str) -> str:
        self._skip_comments()
        char = self._peek()
        if char == "{":
            self._position += 1
            bounds = self._bounds()
        elif char and char in "*+?":
            self._position += 1
            bounds = char
        else:
            return atom
        lazy = "?" if self._skip("?") else ""
        if self._peek() == "+":
            self._fail("Possessive quantifiers are not supported")
        return self._quantified(f"(?:{atom}){bounds}{lazy}")

    def _bounds(self) -> str:
        """The numbers of ``{n}``, ``{n,}`` and ``{n,m}``."""
        text = self._until("}")
        first, comma, second = text.partition(",")
        if not text.isascii() or not first.isdecimal() or not (second.isdecimal() or not second):
            self._fail("Illegal repetition")
        least = int(first[:9])
        most = int(second[:9]) if second else least
        if len(first + second) > 9 or not least <= most <= MOST_REPETITIONS:
            self._fail("Illegal repetition range")
        return f"{{{least}{comma}{most if second else ''}}}"
