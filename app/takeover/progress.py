"""How far a takeover is, as a line on the terminal now and then."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")
_EVERY = 2.0  # seconds between two lines
_LOOKED_AT = 500  # rows, so that not every one asks for the time


class Progress:
    """Counts what goes by.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._next = time.monotonic() + _EVERY
        self.rows = 0

    def of(self, name: str, rows: Iterable[T]) -> Iterator[T]:
        """The rows, as they go by."""
        for number, row in enumerate(rows, 1):
            yield row
            self.rows += 1
            if number % _LOOKED_AT == 0 and time.monotonic() >= self._next:
                self._next = time.monotonic() + _EVERY
                print(f"{self.rows} rows, {name}: {number}", file=self._out, flush=True)
