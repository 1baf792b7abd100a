"""Sets of characters as sorted ranges of code points: what a class of a pattern means.

Source: the documentation of ``java.util.regex.Pattern``; Unicode, "Unicode Character Database".
"""

import sys
import unicodedata
from collections.abc import Iterable
from functools import cache

Ranges = tuple[tuple[int, int], ...]  # from the first to the last of each, sorted, apart

_EVERY: Ranges = ((0, sys.maxunicode),)


def union(*sets: Iterable[tuple[int, int]]) -> Ranges:
    """The characters of any of some sets."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pair for ranges in sets for pair in ranges):
        # Neighbours are joined as well, or the class that RE2 gets would be many times as long.
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    return tuple(merged)


def negated(ranges: Ranges) -> Ranges:
    """The characters that are not in a set."""
    found, begin = list[tuple[int, int]](), 0
    for low, high in ranges:
        if begin < low:
            found.append((begin, low - 1))
        begin = high + 1
    if begin <= sys.maxunicode:
        found.append((begin, sys.maxunicode))
    return tuple(found)


def intersection(left: Ranges, right: Ranges) -> Ranges:
    """The characters that are in both sets."""
    # By De Morgan's rule: two passes over sorted ranges, and nothing new to get wrong.
    return negated(union(negated(left), negated(right)))


def of(characters: str) -> Ranges:
    """The set of some characters."""
    return union([(ord(char), ord(char)) for char in characters])


def as_class(ranges: Ranges) -> str:
    """The set in the syntax of RE2."""
    if not ranges:
        # An empty class is an error in RE2; this one matches nothing either.
        return r"[^\x{0}-\x{10ffff}]"
    return "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in ranges) + "]"


def ignoring_case(ranges: Ranges, *, is_unicode: bool) -> Ranges:
    """A set with the other cases of its letters; of ASCII letters only, unless told otherwise."""
    # Java's flag `i` alone is for ASCII; `u` adds the rest.
    pairs = _case_pairs() if is_unicode else _ASCII_PAIRS
    added = [
        (other, other) for char, other in pairs if any(low <= char <= high for low, high in ranges)
    ]
    return union(ranges, added)


_ASCII_PAIRS = tuple(
    pair for lower in range(97, 123) for pair in ((lower, lower - 32), (lower - 32, lower))
)


@cache
def _case_pairs() -> tuple[tuple[int, int], ...]:
    """Each cased character with each other case of it."""
    found = []
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        for other in {char.lower(), char.upper()} - {char}:
            # Some letters have a case of two characters, which a class cannot hold.
            if len(other) == 1:
                found += [(code, ord(other)), (ord(other), code)]
    return tuple(found)


@cache
def _categories() -> dict[str, Ranges]:
    """The characters by their general category, of one and of two letters."""
    # Once in a process: a walk over all of Unicode takes a good part of a second.
    runs: dict[str, list[tuple[int, int]]] = {}
    begin, current = 0, unicodedata.category("\0")
    # One beyond the end, so that the last run is closed.
    for code in range(1, sys.maxunicode + 2):
        category = unicodedata.category(chr(code)) if code <= sys.maxunicode else ""
        if category != current:
            runs.setdefault(current, []).append((begin, code - 1))
            begin, current = code, category
    found = {name: tuple(ranges) for name, ranges in runs.items()}
    for letter in {name[0] for name in runs}:
        found[letter] = union(*(ranges for name, ranges in runs.items() if name[0] == letter))
    return found


DIGIT, LOWER, UPPER = ((48, 57),), ((97, 122),), ((65, 90),)
ALPHA = union(LOWER, UPPER)
# ASCII alone: Java's `\w` and `\d` know no other letters without UNICODE_CHARACTER_CLASS.
WORD = union(ALPHA, DIGIT, of("_"))
# Java's `\s`, which has the vertical tab; RE2's has not.
SPACE = of(" \t\n\x0b\f\r")
LINE_ENDS = of("\n\r\x85\u2028\u2029")
HORIZONTAL = union(of(" \t\xa0\u1680\u180e\u202f\u205f\u3000"), [(0x2000, 0x200A)])
VERTICAL = union([(0x0A, 0x0D)], of("\x85\u2028\u2029"))
NOT_LINE_ENDS = negated(LINE_ENDS)
EVERY = _EVERY

# `\p{Lower}` and the like are POSIX's classes in Java, of ASCII only.
_POSIX: dict[str, Ranges] = {
    "Lower": LOWER,
    "Upper": UPPER,
    "Alpha": ALPHA,
    "Digit": DIGIT,
    "Alnum": union(ALPHA, DIGIT),
    "Punct": of("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    "Graph": ((33, 126),),
    "Print": ((32, 126),),
    "Space": SPACE,
    "Blank": of(" \t"),
    "Cntrl": ((0, 31), (127, 127)),
    "XDigit": union(DIGIT, [(65, 70), (97, 102)]),
    "ASCII": ((0, 127),),
    "L1": ((0, 255),),
    "all": _EVERY,
}
_UNICODE = {  # Java's names of binary properties and methods, by general categories
    "isalphabetic": "L Nl",
    "isletter": "L",
    "isdigit": "Nd",
    "isuppercase": "Lu",
    "islowercase": "Ll",
    "istitlecase": "Lt",
    "ispunctuation": "P",
    "iscontrol": "Cc",
    "iswhite_space": "Z",
    "javalowercase": "Ll",
    "javauppercase": "Lu",
    "javatitlecase": "Lt",
    "javaalphabetic": "L Nl",
    "javaletter": "L",
    "javadigit": "Nd",
    "javaletterordigit": "L Nd",
    "javaspacechar": "Z",
}
_SPACES = ("iswhite_space", "javawhitespace")


def by_property(name: str) -> Ranges | None:
    r"""The set of ``\p{name}``; None where Java knows none, or it is not known here."""
    if name in _POSIX:
        return _POSIX[name]
    # The keys of Java's properties ignore case, their values do not.
    for prefix in ("general_category=", "gc="):
        if name.lower().startswith(prefix):
            return _categories().get(name[len(prefix) :])
    lower = (
        name.lower() if name.startswith("Is") else name.lower() if name.startswith("java") else ""
    )
    if lower in _SPACES:
        return union(_categories()["Z"], SPACE, of("\x85"))
    if lower in _UNICODE:
        return union(*(_categories()[category] for category in _UNICODE[lower].split()))
    if name == "LC":
        return union(*(_categories()[category] for category in ("Lu", "Ll", "Lt")))
    return _categories().get(name.removeprefix("Is"))
