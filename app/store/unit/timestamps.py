"""Timestamps in the form that a database takes."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")

MOST = 100


class Timestamps(dict[datetime, T]):
    """Encodes each timestamp once; mostly it is the transaction's one, a dozen times."""

    def __init__(self, encode: Callable[[datetime], T]) -> None:
        super().__init__()
        self._encode = encode

    def __missing__(self, value: datetime) -> T:
        if len(self) >= MOST:
            self.clear()
        encoded = self[value] = self._encode(value)
        return encoded
