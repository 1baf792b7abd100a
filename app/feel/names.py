"""Names of several words, which FEEL's grammar has but its parser here knows by backquotes alone.

Source: DMN 1.3 §10.3.1.2 (names with blanks and signs); the reference engine asks for backquotes.
"""

import re
from collections.abc import Iterable

MOST_NAMES = 500  # that are looked for in one text
_PLAIN = re.compile(r"[^\W\d]\w*")
_WORDS = r"[^\W\d]\w*(?:[ \t]+\w+)+"
_DECLARED = (
    re.compile(rf"[{{,]\s*({_WORDS})\s*:"),  # keys of contexts
    re.compile(rf"(?:\b(?:for|some|every)\s|,\s*)\s*({_WORDS}?)\s+in\b"),  # iterators
    re.compile(rf"[(,]\s*({_WORDS})\s*(?=[,):])"),  # parameters
)


def declared_in(text: str) -> set[str]:
    """The names of several words that an expression itself seems to declare."""
    return {" ".join(name.split()) for known in _DECLARED for name in known.findall(text)}


def with_backquotes(text: str, names: Iterable[str]) -> str:
    """A text with backquotes around those of the names that are no plain words.

    What stands in texts, comments and backquotes stays as it is; of two names that begin alike
    the longer one is meant.
    """
    wanted = {name for name in names if name and "`" not in name and not _PLAIN.fullmatch(name)}
    if not wanted:
        return text
    longest = sorted(wanted, key=len, reverse=True)[:MOST_NAMES]
    alternatives = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest)
    pattern = re.compile(
        rf'"(?:[^"\\]|\\.)*"|`[^`]*`|//[^\n]*|/\*.*?\*/|(?<!\w)({alternatives})(?!\w)', re.DOTALL
    )
    by_words = {tuple(name.split()): name for name in longest}

    def quoted(found: re.Match[str]) -> str:
        return found[0] if found[1] is None else f"`{by_words[tuple(found[1].split())]}`"

    return pattern.sub(quoted, text)
