"""The methods of ``java.lang.String``.

Source: semantics 7.3; the documentation of Java's ``String``.
"""

from . import patterns
from .failures import InvocationError, refuse_length
from .signatures import ANY, CHARS, INT, TEXT, TEXT_OR_NULL, table
from .values import Integer, hash_of, java_equals, units

_BLANKS = "".join(map(chr, range(33)))  # what Java's trim() removes
# What `Character.isWhitespace` takes: unlike Python's, no blank that forbids a line break.
_WHITESPACE = (
    "\t\n\x0b\f\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2008\u2009\u200a\u2028\u2029\u205f\u3000"
)


def _out_of_bounds(message: str) -> InvocationError:
    return InvocationError("java.lang.StringIndexOutOfBoundsException", message)


def _substring(text: str, start: int, end: int | None = None) -> str:
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise _out_of_bounds(f"begin {start}, end {stop}, length {len(text)}")
    return text[start:stop]


def _char(text: str, index: int) -> str:
    if not 0 <= index < len(text):
        raise _out_of_bounds(f"Index {index} out of bounds for length {len(text)}")
    return text[index]


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
        raise InvocationError("java.lang.IllegalArgumentException", f"count is negative: {times}")
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
        ("startsWith", TEXT, INT): lambda s, o, i: i >= 0 and s.startswith(o, i),
        ("endsWith", TEXT): lambda s, o: s.endswith(o),
        ("length",): lambda s: Integer(len(s)),
        ("isEmpty",): lambda s: not s,
        ("isBlank",): lambda s: not s.strip(_WHITESPACE),
        ("toUpperCase",): str.upper,
        ("toLowerCase",): str.lower,
        ("trim",): lambda s: s.strip(_BLANKS),
        ("strip",): lambda s: s.strip(_WHITESPACE),
        ("substring", INT): _substring,
        ("substring", INT, INT): _substring,
        ("indexOf", TEXT): lambda s, o: Integer(s.find(o)),
        ("indexOf", TEXT, INT): lambda s, o, i: Integer(s.find(o, max(i, 0))),
        ("lastIndexOf", TEXT): lambda s, o: Integer(s.rfind(o)),
        ("lastIndexOf", TEXT, INT): lambda s, o, i: Integer(
            s.rfind(o, 0, i + len(o)) if i >= 0 else -1
        ),
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
        ("compareTo", TEXT): _order,
        ("compareToIgnoreCase", TEXT): lambda s, o: _order(s.lower(), o.lower()),
    }
)
