"""Functions of strings. Positions count UTF-16 units, as in the reference."""

import base64
from decimal import Decimal
from uuid import uuid4

from app.feel.budget import Budget
from app.feel.errors import FailedOperation
from app.feel.functions import patterns
from app.feel.functions.registry import builtin

# Java's `Character.isWhitespace`: unlike Python's `strip`, no blank that forbids a line break.
_BLANKS = (
    "\t\n\x0b\f\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2008\u2009\u200a\u2028\u2029\u205f\u3000"
)


def _made(budget: Budget, text: str) -> str:
    budget.grow(len(text))
    return text


def _units(text: str) -> bytes | None:
    """The UTF-16 units of a text that has characters of two; None for all others."""
    if text.isascii() or max(text) <= "\uffff":
        return None
    # Halves of pairs may come from JSON, which can escape them one by one.
    return text.encode("utf-16-le", "surrogatepass")


@builtin("string length(string: string)")
def string_length(_budget: Budget, text: str) -> object:
    """How many units a text has."""
    units = _units(text)
    return Decimal(len(text) if units is None else len(units) // 2)


@builtin(
    "substring(string: string, start position: number)",
    "substring(string: string, start position: number, length: number)",
)
def substring(
    budget: Budget, text: str, position: Decimal, length: Decimal | None = None
) -> object:
    """A part of a text."""
    units = _units(text)
    if units is None:
        return _made(budget, text[_slice(len(text), position, length)])
    part = _slice(len(units) // 2, position, length)
    chosen = units[part.start * 2 : part.stop * 2]
    # Half of a pair has no UTF-8, so no column could keep it and no answer carry it.
    return _made(budget, chosen.decode("utf-16-le", "replace"))


def _slice(size: int, position: Decimal, length: Decimal | None) -> slice:
    # Position 0 is the end of the text, and gives an empty one: the reference adds the length.
    start = int(position) - 1 if position > 0 else size + int(position)
    end = size if length is None else min(start + int(length), size)
    if not 0 <= start <= end:
        # The message of Java's `substring`, which the reference does not catch.
        raise FailedOperation(f"begin {start}, end {end}, length {size}")
    return slice(start, end)


@builtin("upper case(string: string)")
def upper_case(budget: Budget, text: str) -> object:
    """The text in upper case."""
    return _made(budget, text.upper())


@builtin("lower case(string: string)")
def lower_case(budget: Budget, text: str) -> object:
    """The text in lower case."""
    return _made(budget, text.lower())


@builtin("substring before(string: string, match: string)")
def substring_before(_budget: Budget, text: str, match: str) -> object:
    """The text before the first match."""
    # Python refuses to part at an empty text, Java finds it at the beginning.
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(_budget: Budget, text: str, match: str) -> object:
    """The text behind the first match."""
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def contains(_budget: Budget, text: str, match: str) -> object:
    """Whether a text has another in it."""
    return match in text


@builtin("starts with(string: string, match: string)")
def starts_with(_budget: Budget, text: str, match: str) -> object:
    """Whether a text begins with another."""
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(_budget: Budget, text: str, match: str) -> object:
    """Whether a text ends with another."""
    return text.endswith(match)


@builtin(
    "matches(input: string, pattern: string)",
    "matches(input: string, pattern: string, flags: string)",
)
def matches(_budget: Budget, text: str, pattern: str, flags: str = "") -> object:
    """Whether a pattern matches somewhere in a text."""
    # XPath's `fn:matches`: somewhere in the text, where Java's `matches` wants the whole.
    return patterns.pattern_of(pattern, flags).search(text) is not None


@builtin(
    "replace(input: string, pattern: string, replacement: string)",
    "replace(input: string, pattern: string, replacement: string, flags: string)",
)
def replace(budget: Budget, text: str, pattern: str, replacement: str, flags: str = "") -> object:
    """The text with all matches of a pattern replaced."""
    return patterns.replace(patterns.pattern_of(pattern, flags), text, replacement, budget)


@builtin("split(string: string, delimiter: string)")
def split(budget: Budget, text: str, delimiter: str) -> object:
    """The parts of a text between the matches of a pattern."""
    return patterns.split(patterns.pattern_of(delimiter), text, budget)


@builtin("extract(string: string, pattern: string)", "extract(input: string, pattern: string)")
def extract(budget: Budget, text: str, pattern: str) -> object:
    """All matches of a pattern."""
    return patterns.extract(patterns.pattern_of(pattern), text, budget)


@builtin(
    "string join(list: list)",
    "string join(list: list, delimiter)",
    "string join(list: list, delimiter, prefix, suffix)",
)
def string_join(
    budget: Budget,
    items: list[object],
    delimiter: object = None,
    prefix: object = None,
    suffix: object = None,
) -> object:
    """The texts of a list in one; nulls are left out."""
    # Nulls are left out, while any other value makes the whole null.
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) != sum(item is not None for item in items):
        return None
    between, before, behind = ("" if part is None else part for part in (delimiter, prefix, suffix))
    if not (isinstance(between, str) and isinstance(before, str) and isinstance(behind, str)):
        return None
    # Counted before it is made: the items may be one text a hundred thousand times.
    budget.grow(sum(map(len, texts)) + len(between) * len(texts) + len(before) + len(behind))
    return before + between.join(texts) + behind


@builtin("trim(string: string)")
def trim(_budget: Budget, text: str) -> object:
    """The text without blanks around."""
    # Java's `trim`: everything up to the blank, controls too, and no other blank of Unicode.
    return text.strip("".join(map(chr, range(33))))


@builtin("is blank(string: string)")
def is_blank(_budget: Budget, text: str) -> object:
    """Whether a text has nothing but blanks."""
    return not text.strip(_BLANKS)


@builtin("uuid()")
def uuid(_budget: Budget) -> object:
    """A random id."""
    return str(uuid4())


@builtin("to base64(value: string)")
def to_base64(budget: Budget, text: str) -> object:
    """The text in Base64."""
    # A half of a pair becomes "?", as `getBytes` does it.
    return _made(budget, base64.b64encode(text.encode("utf-8", "replace")).decode())
