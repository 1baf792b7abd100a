"""The agenda of a run: the steps still to be done, last in first out.

Camunda 7 works the same way: an operation that follows from another is put before those that wait
(``CommandInvocationContext``). So branches run in order, each to its wait state.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from app.engine.state import Execution

Step: TypeAlias = Callable[..., None]


class Agenda:
    """Steps of executions.

    The steps of a token are methods of the run or of a behavior. They go with the token when
    another execution carries it, and are dropped with it. What plain functions do, they do to the
    execution itself.
    """

    __slots__ = ("_steps",)

    def __init__(self) -> None:
        # A list and no recursion: thousands of rounds of a loop in one transaction are legal
        # (semantics 2.2).
        self._steps: list[tuple[Step, Execution, tuple[Any, ...]]] = []

    def __bool__(self) -> bool:
        return bool(self._steps)

    def push(self, step: Step, execution: Execution, arguments: tuple[object, ...]) -> None:
        """Put a step on top."""
        self._steps.append((step, execution, arguments))

    def pop(self) -> tuple[Step, Execution, tuple[Any, ...]]:
        """Take the step on top."""
        return self._steps.pop()

    def moves(self, execution: Execution) -> bool:
        """Whether a step of the execution's own token waits."""
        return any(_is_of_token(s, e, execution) for s, e, _ in self._steps)

    def hand_over(self, source: Execution, target: Execution) -> None:
        """Let the steps of a token be those of the execution that carries it now."""
        self._steps = [
            (s, target if _is_of_token(s, e, source) else e, a) for s, e, a in self._steps
        ]

    def drop(self, execution: Execution) -> None:
        """Forget the steps of a token that was canceled."""
        self._steps = [x for x in self._steps if not _is_of_token(x[0], x[1], execution)]


def _is_of_token(step: Step, owner: Execution, execution: Execution) -> bool:
    return owner is execution and hasattr(step, "__self__")
