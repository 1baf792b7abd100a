"""Regular expressions of FEEL on RE2, whose time is linear in the text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

from app.feel.budget import Budget
from app.feel.errors import FailedOperation

# Compiling a pattern is paid before any budget can look.
_MAX_PATTERN = 10_000
# RE2 refuses what does not fit, as nested repetitions that multiply.
_MAX_MEMORY = 8 * 1024 * 1024
_FLAGS = frozenset("imsx")
# Told apart from a pattern that is wrong: the one fails, for null would hide a rule that never
# matches, the other is null as in the reference.
_UNSUPPORTED = re.compile(r"\(\?<?[=!]|\(\?>|\\[1-9hHRXkZ]|[*+?}]\+")  # of Java's patterns
_PART_OF_TEMPLATE = re.compile(r"\\(.)|\$(\d)|([^\\$]+)|\$\{([A-Za-z][A-Za-z0-9]*)\}", re.DOTALL)


@lru_cache(maxsize=256)
def pattern_of(text: str, flags: str = "") -> Any:
    """Compile a pattern; of the flags i, m, s and x those that are known count.

    Raises:
        ValueError: it is no pattern.
        FailedOperation: it is one, but RE2 cannot match it in linear time.
    """
    if len(text) > _MAX_PATTERN:
        raise ValueError("a pattern is too long")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    # RE2 would read it as a plain class, and match other texts than Java.
    if intersection := re.search(r"\[[^\]]*&&\[", text):
        raise FailedOperation(f"'{intersection[0]}' in patterns is not supported")
    # Unknown flags are ignored by the reference, and do not make the pattern wrong.
    known = "".join(sorted(_FLAGS & set(flags)))
    if "x" in known:
        # RE2 has no flag x.
        text, known = _without_blanks(text), known.replace("x", "")
    try:
        # In a group, or the flags would end at the first alternative.
        return re2.compile(f"(?{known})(?:{text})" if known else text, options)
    except re2.error as error:
        if unsupported := _UNSUPPORTED.search(text):
            raise FailedOperation(f"'{unsupported[0]}' in patterns is not supported") from error
        raise ValueError("not a pattern") from error


def _without_blanks(text: str) -> str:
    """The pattern as the flag x reads it: blanks between its parts do not count."""
    return re.sub(r"(\\.|\[(?:\\.|[^\]\\])*\])|\s+", lambda part: part[1] or "", text)


def split(pattern: Any, text: str, budget: Budget) -> list[object]:
    """The parts between the matches; an empty match at the beginning makes no part."""
    parts: list[object] = []
    start = 0
    for match in _matches(pattern, text, budget):
        # As Java does since version 8. Empty parts at the end stay.
        if match.end() == 0:
            continue
        parts.append(text[start : match.start()])
        start = match.end()
    parts.append(text[start:])
    budget.grow(len(parts) + len(text))
    return parts


def extract(pattern: Any, text: str, budget: Budget) -> list[object]:
    """All matches."""
    found: list[object] = [match.group() for match in _matches(pattern, text, budget)]
    budget.grow(len(found) + len(text))
    return found


def replace(pattern: Any, text: str, replacement: str, budget: Budget) -> str:
    """Replace all matches; `$1` and `${name}` are groups of the match.

    Raises:
        ValueError: the replacement names a group that the pattern does not have.
    """
    template = list(_template(replacement, pattern))
    made: list[str] = []
    start = 0
    for match in _matches(pattern, text, budget):
        # A group that took no part is empty in Java, and not an error.
        groups = [match.group(), *(group or "" for group in match.groups())]
        parts = [groups[part] if isinstance(part, int) else part for part in template]
        budget.step(len(parts))
        budget.grow(match.start() - start + sum(map(len, parts)))
        made += [text[start : match.start()], *parts]
        start = match.end()
    return "".join([*made, text[start:]])


def _matches(pattern: Any, text: str, budget: Budget) -> Iterator[Any]:
    for match in pattern.finditer(text):
        budget.step()
        yield match


def _template(replacement: str, pattern: Any) -> Iterator[str | int]:
    position, groups = 0, pattern.groups
    while position < len(replacement):
        part = _PART_OF_TEMPLATE.match(replacement, position)
        if part is None:
            raise ValueError("not a replacement")
        position = part.end()
        if part[4] is not None:
            if part[4] not in pattern.groupindex:
                raise ValueError("no such group")
            yield pattern.groupindex[part[4]]
            continue
        if part[2] is None:
            yield part[1] or part[3]
            continue
        number = int(part[2])
        if number > groups:
            raise ValueError("no such group")
        # `$10` is group 1 and a zero where there are fewer than ten: Matcher.appendReplacement.
        while position < len(replacement) and replacement[position].isdigit():
            longer = number * 10 + int(replacement[position])
            if longer > groups:
                break
            number, position = longer, position + 1
        yield number
