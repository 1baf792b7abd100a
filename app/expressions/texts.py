"""The methods of ``java.lang.String``.

Source: semantics 7.3; the documentation of Java's ``String``.
"""

from . import patterns
from .failures import InvocationError, illegal_argument, refuse_length
from .signatures import ANY, CHARS, INT, ONLY_TEXT, TEXT, TEXT_OR_NULL, compared, table
from .values import Integer, hash_of, java_equals, units

_BLANKS = "".join(map(chr, range(33)))  # the characters that Java's trim() removes
# The blanks of `Character.isWhitespace`: unlike Python's, none that forbids a line break.
_WHITESPACE = (
    "\t\n\x0b\f\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2008\u2009\u200a\u2028\u2029\u205f\u3000"
)


def _out_of_bounds(message: str) -> InvocationError:
    return InvocationError("java.lang.StringIndexOutOfBoundsException", message)


def _spread(text: str) -> str:
    """A text with one character for each UTF-16 unit, which is what Java counts and cuts."""
    # Nearly all texts are as they are: the rest is for emoji and the like.
    if text.isascii() or max(text) <= "\uffff":
        return text
    return "".join(map(chr, units(text)))


def _joined(text: str) -> str:
    """The opposite of `_spread`; what is left of half a character is replaced."""
    # A half has no UTF-8: no column could keep it, and no answer carry it.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _substring(text: str, start: int, end: int | None = None) -> str:
    spread = _spread(text)
    stop = len(spread) if end is None else end
    if not 0 <= start <= stop <= len(spread):
        raise _out_of_bounds(f"begin {start}, end {stop}, length {len(spread)}")
    return text[start:stop] if spread is text else _joined(spread[start:stop])


def _char(text: str, index: int) -> str:
    spread = _spread(text)
    if not 0 <= index < len(spread):
        raise _out_of_bounds(f"String index out of range: {index}")
    return text[index] if spread is text else _joined(spread[index])


def _first(text: str, other: str, start: int = 0) -> Integer:
    return Integer(_spread(text).find(_spread(other), max(start, 0)))


def _last(text: str, other: str, start: int | None = None) -> Integer:
    spread, wanted = _spread(text), _spread(other)
    if start is None:
        return Integer(spread.rfind(wanted))
    # The place where it begins, at most: it may reach beyond.
    return Integer(spread.rfind(wanted, 0, start + len(wanted)) if start >= 0 else -1)


def _starts(text: str, other: str, start: int) -> bool:
    return start >= 0 and _spread(text).startswith(_spread(other), start)


def _replace(text: str, old: str, new: str) -> str:
    # Counted first: the text is not made when it would be too long.
    found = text.count(old)
    refuse_length(len(text) + found * (len(new) - len(old)))
    return text.replace(old, new)


def _concat(text: str, other: str) -> str:
    refuse_length(len(text) + len(other))
    return text + other


def _repeat(text: str, times: int) -> str:
    if times < 0:
        raise illegal_argument(f"count is negative: {times}")
    refuse_length(len(text) * times)
    return text * times


def _split(text: str, pattern: str, limit: int = 0) -> list[object]:
    parts = patterns.split(pattern, text, limit)
    # Java drops the empty texts at the end, but for the split of an empty text.
    if limit == 0 and parts != [""]:
        while parts and parts[-1] == "":
            parts.pop()
    return list(parts)


def _order(left: str, right: str) -> Integer:
    ours, theirs = units(left), units(right)
    for our, their in zip(ours, theirs, strict=False):
        if our != their:
            # Java answers the distance, not a sign: a model may compare it with a number.
            return Integer(our - their)
    return Integer(len(ours) - len(theirs))


METHODS = table(
    {
        ("equals", ANY): java_equals,
        ("equalsIgnoreCase", TEXT_OR_NULL): lambda s, o: o is not None and s.lower() == o.lower(),
        ("contains", CHARS): lambda s, o: o in s,
        ("contentEquals", CHARS): lambda s, o: s == o,
        ("startsWith", TEXT): lambda s, o: s.startswith(o),
        ("startsWith", TEXT, INT): _starts,
        ("endsWith", TEXT): lambda s, o: s.endswith(o),
        ("length",): lambda s: Integer(len(_spread(s))),
        ("isEmpty",): lambda s: not s,
        ("isBlank",): lambda s: not s.strip(_WHITESPACE),
        ("toUpperCase",): str.upper,
        ("toLowerCase",): str.lower,
        ("trim",): lambda s: s.strip(_BLANKS),
        ("strip",): lambda s: s.strip(_WHITESPACE),
        ("stripLeading",): lambda s: s.lstrip(_WHITESPACE),
        ("stripTrailing",): lambda s: s.rstrip(_WHITESPACE),
        ("intern",): lambda s: s,
        ("substring", INT): _substring,
        ("substring", INT, INT): _substring,
        ("indexOf", ONLY_TEXT): _first,
        ("indexOf", TEXT, INT): _first,
        ("lastIndexOf", ONLY_TEXT): _last,
        ("lastIndexOf", TEXT, INT): _last,
        ("replace", CHARS, CHARS): _replace,
        ("replaceAll", TEXT, TEXT): lambda s, p, n: patterns.replace(p, s, n),
        ("replaceFirst", TEXT, TEXT): lambda s, p, n: patterns.replace(p, s, n, at_most=1),
        ("matches", TEXT): lambda s, p: patterns.matches(p, s),
        ("split", TEXT): _split,
        ("split", TEXT, INT): _split,
        ("charAt", INT): _char,
        ("concat", TEXT): _concat,
        ("repeat", INT): _repeat,
        ("toString",): lambda s: s,
        ("hashCode",): lambda s: Integer(hash_of(s)),
        ("compareTo", ANY): compared(_order, TEXT),
        ("compareToIgnoreCase", TEXT): lambda s, o: _order(s.lower(), o.lower()),
    }
)
