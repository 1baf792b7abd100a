"""Which names of languages mean JavaScript or JUEL, and which words of a script may be variables.

Source: semantics 11; Camunda 7 ``ScriptingEngines``.
"""

import re

_JAVASCRIPT = frozenset(("javascript", "ecmascript", "js", "graal.js"))
_JUEL = frozenset(("juel", "el"))
_WORD = re.compile(r"[A-Za-z_$][\w$]{0,99}")
_OF_THE_LANGUAGE = frozenset(
    "break case catch const continue delete do else execution false finally for function "
    "getVariable if in instanceof let new null of return setVariable switch this throw true try "
    "typeof undefined var void while".split()
)
MOST_WORDS = 50


def is_javascript(name: str | None) -> bool:
    """Whether a format is JavaScript; media types are not names of languages."""
    return (name or "").lower() in _JAVASCRIPT


def is_juel(name: str | None) -> bool:
    """Whether a format is the language of expressions."""
    return (name or "").lower() in _JUEL


def words_of(source: str) -> frozenset[str]:
    """Words that a script may look up as variables; one that is left out is only read later."""
    found: dict[str, None] = {}
    # The words are read ahead in one statement, so a long script must not ask for thousands.
    for match in _WORD.finditer(source[:10_000]):
        if match[0] not in _OF_THE_LANGUAGE:
            found.setdefault(match[0])
            if len(found) == MOST_WORDS:
                break
    return frozenset(found)
