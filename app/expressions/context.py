"""The context in which an expression is evaluated."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from .failures import EvaluationFailure

LARGE = 1_000  # characters
MOST_ADDED = 10_000_000  # characters that the expressions of a transaction may add in place
COST_OF_VALUE = 8  # characters, of what is no text


class Documents:
    """Large documents that were read in one transaction, so that each is parsed once.

    All who ask have the same one, until a value is changed in place.

    Attributes:
        has_changes: a list, a map or a document was changed in place.
    """

    __slots__ = ("_left", "_read", "has_changes")

    def __init__(self) -> None:
        self._read: dict[tuple[str, ...], object] = {}
        self._left = MOST_ADDED
        self.has_changes = False

    def note_change(self, added: list[object]) -> None:
        """Take notice that a value is about to be changed by these arguments.

        Raises:
            EvaluationFailure: with them, the transaction has added too much.
        """
        waiting = list(added)
        while waiting and self._left >= 0:
            value = waiting.pop()
            # A node of Spin's counts by what it holds.
            value = getattr(value, "content", value)
            self._left -= len(value) if isinstance(value, str) else COST_OF_VALUE
            if isinstance(value, dict):
                waiting += (*value, *value.values())
            elif isinstance(value, list):
                waiting += value
        if self._left < 0:
            raise EvaluationFailure(f"More than {MOST_ADDED} characters are added to values")
        self.has_changes = True
        # Shared documents may be changed now: each reader gets its own from here on.
        self._read.clear()

    def read(self, text: str, reader: Callable[[], object], *kind: str) -> object:
        """The document that a text stands for.

        Args:
            reader: makes it; it is always called for what is small.
            kind: tells readers of the same text apart.
        """
        # Small texts are parsed faster than they are looked up and kept.
        if len(text) < LARGE:
            return reader()
        key = (text, *kind)
        if key not in self._read:
            self._read[key] = reader()
        return self._read[key]


class Context(Protocol):
    """The variables, and the objects with names of their own."""

    @property
    def now(self) -> datetime: ...

    @property
    def documents(self) -> Documents: ...

    def variable(self, name: str) -> object:
        """The value of a variable; KeyError when no scope has the name."""
        ...

    def special(self, name: str) -> object:
        """``execution`` and the like; KeyError where there is no such object."""
        ...


class HostObject(Protocol):
    """An object of the engine that expressions may use."""

    def juel_property(self, name: str) -> object:
        """A property; AttributeError when there is none of this name."""
        ...

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method; AttributeError when there is none with these arguments."""
        ...


Evaluate = Callable[[Context], object]  # a compiled part of an expression
