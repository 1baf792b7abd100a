"""How the commands of workers end, counted for the metrics.

Source: docs/operating.md, "Metrics".
"""

import functools
from collections.abc import Callable
from typing import ParamSpec

from app import instruments
from app.errors import LockedByAnotherWorkerError, LockExpiredError, NotFoundError
from app.store import Store

from .retrying import engine_of

P = ParamSpec("P")
OK, REPLAYED, WRONG_OWNER, GONE, FAILED = "ok", "replayed", "wrong_owner", "gone", "failed"


@functools.cache
def _noted(engine: str, name: str) -> dict[str, instruments.Notes]:
    """The notes of a command at an engine, by its outcomes."""
    return {
        outcome: instruments.counting(instruments.COMMANDS.labels(engine, name, outcome))
        for outcome in (OK, REPLAYED, WRONG_OWNER, GONE, FAILED)
    }


def counted(name: str) -> Callable[[Callable[P, bool]], Callable[P, bool]]:
    """Count the outcomes of a command that says whether it was a repeat.

    Args:
        name: of the command, as the API has it.
    """

    def decorate(command: Callable[P, bool]) -> Callable[P, bool]:
        @functools.wraps(command)
        def tried(*args: P.args, **kwargs: P.kwargs) -> bool:
            try:
                was_repeated = command(*args, **kwargs)
            except Exception as error:
                _noted(engine_of(args), name)[_outcome(error)].note(1)
                raise
            _noted(engine_of(args), name)[REPLAYED if was_repeated else OK].note(1)
            return was_repeated

        return tried

    return decorate


def note_completion(store: Store, error: Exception | None, *, was_repeated: bool) -> None:
    """Count one of several completes that were done together."""
    outcome = _outcome(error) if error is not None else REPLAYED if was_repeated else OK
    _noted(store.name, "complete")[outcome].note(1)


def _outcome(error: Exception) -> str:
    if isinstance(error, (LockedByAnotherWorkerError, LockExpiredError)):
        return WRONG_OWNER
    # A worker that comes too late is no fault, and an alarm on failures must not ring for it.
    return GONE if isinstance(error, NotFoundError) else FAILED
