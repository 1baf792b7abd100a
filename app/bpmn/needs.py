"""The needs of a model that this engine lacks: Java, beans, other languages of scripts.

Source: semantics 11.11.
"""

from dataclasses import dataclass

from app.errors import ParseProblem

from .delegates import Delegates, names_of

TASK, LISTENER, NOTIFIED, ELSEWHERE = "task", "listener", "notified", "elsewhere"


@dataclass(frozen=True, slots=True)
class Need:
    """One place of a model that needs something.

    Attributes:
        kind: ``class``, ``delegateExpression``, ``connector``, ``mail``, ``shell``, ``bean``,
            ``script``, ``variableMapping`` or ``validator``.
        name: under which something may stand in for it, see `delegates`.
        place: ``task`` and ``listener`` may have a topic; ``notified`` is a listener that may not,
            for no token can wait there; ``elsewhere`` nothing helps.
        problem: where it is, and the sentence that says so.
    """

    kind: str
    name: str
    place: str
    problem: ParseProblem

    def is_met(self, delegates: Delegates) -> bool:
        """Whether something stands in for it."""
        if self.place == ELSEWHERE:
            return False
        if self.kind == "connector" and self.name in delegates.connectors:
            return True
        found = delegates.of(*names_of(self.kind, self.name))
        # An assignment or nothing at all can stand in where no token can wait.
        return found is not None and (self.place != NOTIFIED or found.topic is None)
