"""Names of several words, which FEEL's grammar has but its parser here knows by backquotes alone.

Source: DMN 1.3 §10.3.1.2 (names with blanks and signs); the reference engine asks for backquotes.
"""

import re
from collections.abc import Iterable

# Each is an alternative of one pattern, whose time grows with their number.
MOST_NAMES = 500  # that are looked for in one text
_PLAIN = re.compile(r"[^\W\d]\w*")
# Bounded, so that a long row of words costs no more for each place where a name could begin.
_WORDS = r"[^\W\d]\w*(?:[ \t]+\w+){1,9}"
_DECLARED = (
    re.compile(rf"[{{,]\s*({_WORDS})\s*:"),  # keys of contexts
    re.compile(rf"(?:\b(?:for|some|every)\s|,)\s*({_WORDS}?)\s+in\b"),  # iterators
    re.compile(rf"[(,]\s*({_WORDS})\s*(?=[,):])"),  # parameters
)


def declared_in(text: str) -> set[str]:
    """The names of several words that an expression itself seems to declare."""
    return {" ".join(name.split()) for known in _DECLARED for name in known.findall(text)}


def with_backquotes(text: str, names: Iterable[str]) -> str:
    """A text with backquotes around those of the names that are no plain words.

    The content of texts, comments and backquotes stays as it is; of two names that begin alike
    the longer one is meant.
    """
    wanted = {name for name in names if name and "`" not in name and not _PLAIN.fullmatch(name)}
    if not wanted:
        return text
    # An alternation takes the first that fits, so `unit price net` stands before `unit price`.
    longest = sorted(wanted, key=len, reverse=True)[:MOST_NAMES]
    alternatives = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest)
    pattern = re.compile(
        # A part that is not closed goes to the end: looked for at each quote, it would take a
        # time that grows with the square of the text.
        rf'"(?:[^"\\]|\\.)*"?|`[^`]*`?|//[^\n]*|/\*.*?(?:\*/|\Z)|(?<!\w)({alternatives})(?!\w)',
        re.DOTALL,
    )
    by_words = {tuple(name.split()): name for name in longest}

    def quoted(found: re.Match[str]) -> str:
        return found[0] if found[1] is None else f"`{by_words[tuple(found[1].split())]}`"

    return pattern.sub(quoted, text)
