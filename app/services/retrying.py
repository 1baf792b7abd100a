"""Conflicts with other transactions, which workers never see: the command is done again.

Source: decision 4.
"""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from app import instruments
from app.errors import ConflictError, UnavailableError
from app.logging import log
from app.store import NotPrimaryError, Store, TransactionConflictError

P = ParamSpec("P")
T = TypeVar("T")
MOST_TRIES = 8


def engine_of(arguments: tuple[object, ...]) -> str:
    """The name of the engine that a command is for, whose store is its first argument."""
    return next((found.name for found in arguments if isinstance(found, Store)), "")


def repeated(command: Callable[P, T]) -> Callable[P, T]:
    """Repeat a command that another transaction got in the way of, a bounded number of times.

    Raises:
        ConflictError: every try met a conflict; nothing was changed.
        UnavailableError: no server takes writes.
    """

    @functools.wraps(command)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        met: TransactionConflictError | None = None
        for attempt in range(1, MOST_TRIES + 1):
            try:
                # Safe to repeat: nothing outside of the transaction happens before its commit
                # (decision 4).
                return command(*args, **kwargs)
            except TransactionConflictError as error:
                instruments.CONFLICTS.labels(engine_of(args), command.__name__).inc()
                met = error
                log.info("conflict", command=command.__name__, attempt=attempt, reason=str(error))
                # at random, or two commands that met would meet again
                time.sleep(random.uniform(0.001, 0.005) * 2**attempt)
        if isinstance(met, NotPrimaryError):
            raise UnavailableError("The database takes no writes; nothing was changed.") from met
        raise ConflictError(
            "ENGINE-03005 The command met other transactions in each of "
            f"{MOST_TRIES} tries. Nothing was changed."
        )

    return tried
