"""Matches Java's regular expressions by RE2, in time that grows with the text only.

RE2 is loaded with the first pattern. Every call takes its time from what the transaction, which
runs in one thread, may take together; one search is refused beforehand where it could be long.

Source: the documentation of ``java.util.regex.Matcher`` and ``String.split``; RE2.
"""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self

from .failures import InvocationError, illegal_argument, refuse_length
from .pattern_syntax import PatternError, Translation, translate

if TYPE_CHECKING:
    from types import TracebackType

# Of a transaction that holds locks: what needs more is refused when it is compiled.
MEMORY = 2**20  # bytes of one compiled pattern
MOST_PATTERNS = 32  # that are kept
MOST_STEPS = 50_000_000  # of one search, at worst: instructions times characters
# Patterns match while the transaction holds its locks, and others wait for them.
MOST_SECONDS = 1.5  # of the processor, for all patterns of one transaction
CHECKED_EVERY = 16  # matches: asking for the time has its price
MOST_PARTS = 2_000_000  # that one replacement or split may make

Span = tuple[int, int]  # where a match or group begins and ends; -1 for none
Spans = list[Span]  # of the whole match and of each group

_SURROGATES = re.compile("[\ud800-\udfff]")


# One a thread, as a transaction is; passing it through every method would reach all tables.
class _Allowance(threading.local):
    """The seconds of the processor that the transaction of this thread may still take."""

    left = MOST_SECONDS


_allowance = _Allowance()


def begin_transaction() -> None:
    """Allow as much time as a transaction may take."""
    _allowance.left = MOST_SECONDS


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A pattern of RE2 and where its groups come from."""

    regexp: Any  # the library has no types
    translation: Translation


@lru_cache(maxsize=MOST_PATTERNS)
def _compile(source: str, *, has_groups: bool, is_whole: bool) -> _Compiled:
    import re2  # nothing is paid for it where no model has a pattern

    translation = translate(source, is_whole=is_whole)
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    options.never_capture = not has_groups and not translation.breaks
    try:
        regexp = re2.compile(translation.source, options)
        re2.purge()  # patterns are kept here; the library would keep 128 more
    except re2.error as error:
        raise PatternError(f"The pattern is not supported: {_reason(error)}") from None
    return _Compiled(regexp, translation)


def _reason(error: Exception) -> str:
    text = error.args[0] if error.args else ""
    shown = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return shown.partition(":")[0][:200] or "it is too large"


def check(source: str) -> None:
    """See whether a pattern can be matched.

    Raises:
        PatternError: it cannot.
    """
    _compile(source, has_groups=True, is_whole=False)


class Machine:
    """Matches one pattern against one text.

    As a context manager it takes its time from the allowance of the transaction.
    """

    def __init__(
        self, source: str, text: str, *, has_groups: bool = False, is_whole: bool = False
    ) -> None:
        self._began = time.thread_time()
        compiled = _compile(source, has_groups=has_groups, is_whole=is_whole)
        self._regexp, self.translation = compiled.regexp, compiled.translation
        self._numbers = self.translation.groups if has_groups else [0]
        self._end = len(text)
        self._text = _SURROGATES.sub("\ufffd", text)  # halves of pairs have no UTF-8
        # RE2 cannot be interrupted, so a search that may be long is not begun.
        if self._regexp.programsize * (len(text) + 1) > MOST_STEPS:
            raise PatternError("The pattern takes too long to match")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: "TracebackType|None"
    ) -> None:
        _allowance.left -= self._taken()

    def _taken(self) -> float:
        return time.thread_time() - self._began

    def refuse_time(self) -> None:
        """Stop where the transaction has no time left."""
        if self._taken() > _allowance.left:
            raise PatternError("The pattern takes too long to match")

    def is_whole(self) -> bool:
        """Whether the whole text matches."""
        self.refuse_time()
        return self._regexp.fullmatch(self._text) is not None

    def matches(self) -> Iterator[Spans]:
        """Every match, from left to right, none within another."""
        last: Span | None = None
        for count, match in enumerate(self._regexp.finditer(self._text)):
            if count % CHECKED_EVERY == 0:
                self.refuse_time()
            spans = self._spans(match)
            # Cutting the last line break off can make two matches of RE2 one of Java.
            if spans[0] == last or self._is_line_start_at_end(spans[0]):
                continue
            last = spans[0]
            yield spans

    def _is_line_start_at_end(self, span: Span) -> bool:
        """Java begins no line behind the last line break."""
        return (
            self.translation.has_line_starts
            and span == (self._end, self._end)
            and self._text.endswith("\n")
        )

    def _spans(self, match: Any) -> Spans:
        if not self.translation.breaks:
            return [match.span(number) for number in self._numbers]
        stop = max((match.start(number) for number in self.translation.breaks), default=-1)
        stop = stop if stop >= 0 else self._end
        spans = (match.span(number) for number in self._numbers)
        return [(min(low, stop), min(high, stop)) for low, high in spans]


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text follows a pattern."""
    with Machine(pattern, text, is_whole=True) as machine:
        return machine.is_whole()


def replace(pattern: str, text: str, replacement: str, at_most: int | None = None) -> str:
    """The text with its matches replaced; ``$1`` and ``${name}`` stand for groups."""
    with Machine(pattern, text, has_groups=True) as machine:
        parts = _replacement(replacement, machine.translation)
        return _replaced(machine, text, parts, at_most)


def _replaced(machine: Machine, text: str, parts: list[str | int], at_most: int | None) -> str:
    made, length, position, produced = list[str](), 0, 0, 0
    for count, spans in enumerate(machine.matches()):
        if count == at_most:
            break
        produced += len(parts) + 1
        if produced > MOST_PARTS:
            raise PatternError("The replacement would have too many parts")
        new = [text[position : spans[0][0]]]
        new += (p if isinstance(p, str) else text[slice(*spans[p])] for p in parts)
        length += sum(map(len, new))
        refuse_length(length)
        # Most are empty where matches follow each other, and each costs eight bytes.
        made += filter(None, new)
        position = spans[0][1]
    refuse_length(length + len(text) - position)
    return "".join(made) + text[position:]


def _replacement(source: str, known: Translation) -> list[str | int]:
    """Texts and numbers of groups, in turn."""
    parts: list[str | int] = []
    position = 0
    while position < len(source):
        char = source[position]
        position += 1
        if char == "\\":
            if position == len(source):
                raise illegal_argument("character to be escaped is missing")
            parts.append(source[position])
            position += 1
        elif char == "$":
            number, position = _group_reference(source, position, known)
            parts.append(number)
        else:
            parts.append(char)
    return [
        part
        for is_text, run in groupby(parts, key=lambda part: isinstance(part, str))
        for part in (["".join(map(str, run))] if is_text else run)
    ]


def _group_reference(source: str, position: int, known: Translation) -> tuple[int, int]:
    """The number of a group, and where its name ends."""
    if source[position : position + 1] == "{":
        end = source.find("}", position)
        name = source[position + 1 : end]
        if end < 0 or name not in known.names:
            raise illegal_argument(f"No group with name {{{name[:100]}}}")
        return known.names[name], end + 1
    digits = source[position : position + 1]
    if not digits.isascii() or not digits.isdecimal():
        raise illegal_argument("Illegal group reference")
    number = int(digits)
    if number >= len(known.groups):
        raise InvocationError("java.lang.IndexOutOfBoundsException", f"No group {number}")
    position += 1
    while (following := source[position : position + 1]) and following in "0123456789":
        if number * 10 + int(following) >= len(known.groups):
            break
        number = number * 10 + int(following)
        position += 1
    return number, position


def split(pattern: str, text: str, limit: int) -> list[str]:
    """The parts between the matches; at most so many as the limit, where it is above 0.

    A match without width at the beginning makes no part, as since Java 8.
    """
    # As Java does: the usual `split(",")` needs no pattern, and no RE2.
    if len(pattern) == 1 and pattern not in ".$|()[{^?*+\\":
        return text.split(pattern, limit - 1 if limit > 0 else -1)
    parts, position = list[str](), 0
    with Machine(pattern, text) as machine:
        for (start, end), *_ in machine.matches():
            if len(parts) == limit - 1:
                break
            if end == 0 or (start == end == len(text)):
                continue
            parts.append(text[position:start])
            position = end
            if len(parts) > MOST_PARTS:
                raise PatternError("The text would have too many parts")
    return [*parts, text[position:]]
