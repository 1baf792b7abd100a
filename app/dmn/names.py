"""The names that the expressions of decisions may mean, so that variables are read in one piece."""

import re
from collections.abc import Iterable, Iterator

from .model import Decision, DecisionTable, Text

MOST_NAMES = 200  # with more, cells are left out: what they alone read is read when it is needed
# Not those inside of texts. One that is not closed goes to the end, instead of being looked for
# again at each quote in it.
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"?|([^\W\d]\w*)', re.DOTALL)


def words_of(decisions: Iterable[Decision]) -> frozenset[str]:
    """The words of all expressions; in tables with too many, of the columns' expressions."""
    found: set[str] = set()
    for decision in decisions:
        logic = decision.logic
        if isinstance(logic, DecisionTable):
            found |= _words(column.expression for column in logic.inputs)
            cells = _words(_cells(logic))
            found |= cells if len(cells) <= MOST_NAMES else set()
        else:
            found |= _words([logic.expression])
    return frozenset(found)


def _cells(table: DecisionTable) -> Iterator[Text]:
    for rule in table.rules:
        yield from rule.conditions
        yield from rule.conclusions


def _words(texts: Iterable[Text]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text.content or "") if word}
