"""Rows of a large result, read a portion of a bounded size at a time."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

# Few at first, for nothing is known of their size yet.
_FIRST, _LARGEST = 20, 1000  # rows of a portion
_PORTION = 4 * 2**20  # bytes that a portion should have


class Cursor(Protocol):
    """A cursor from which rows can be fetched."""

    def fetchmany(self, size: int, /) -> Sequence[Any]:
        """So many rows at most; none at the end."""
        ...


def portions(cursor: Cursor) -> Iterator[Any]:
    """The rows of a cursor."""
    count = _FIRST
    while portion := cursor.fetchmany(count):
        yield from portion
        count = _next_count(portion)


def _next_count(portion: Sequence[Any]) -> int:
    """How many rows to ask for next, by the size of these: values may have megabytes."""
    # Texts and bytes alone: everything else is small.
    size = sum(len(v) for row in portion for v in row if isinstance(v, (str, bytes)))
    # It grows fourfold at most: small rows may stand before large ones.
    return max(1, min(_LARGEST, _PORTION * len(portion) // max(size, 1), len(portion) * 4))
