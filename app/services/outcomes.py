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
_commands = functools.cache(instruments.COMMANDS.labels)
OK, REPLAYED, WRONG_OWNER, GONE, FAILED = "ok", "replayed", "wrong_owner", "gone", "failed"


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
                _commands(engine_of(args), name, _outcome(error)).inc()
                raise
            outcome = REPLAYED if was_repeated else OK
            _commands(engine_of(args), name, outcome).inc()
            return was_repeated

        return tried

    return decorate


def note_completion(store: Store, error: Exception | None, *, was_repeated: bool) -> None:
    """Count one of several completes that were done together."""
    outcome = _outcome(error) if error is not None else REPLAYED if was_repeated else OK
    _commands(store.name, "complete", outcome).inc()


def _outcome(error: Exception) -> str:
    if isinstance(error, (LockedByAnotherWorkerError, LockExpiredError)):
        return WRONG_OWNER
    return GONE if isinstance(error, NotFoundError) else FAILED
