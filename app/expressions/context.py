"""What an expression may ask of the place where it is evaluated."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

LARGE = 1_000  # characters


class Documents:
    """Large documents that were read in one transaction, so that each is parsed once.

    Values never change in place, so all who ask may have the same one.
    """

    __slots__ = ("_read",)

    def __init__(self) -> None:
        self._read: dict[tuple[str, ...], object] = {}

    def read(self, text: str, reader: Callable[[], object], *kind: str) -> object:
        """What a text stands for.

        Args:
            reader: makes it; it is always called for what is small.
            kind: tells readers of the same text apart.
        """
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


Evaluate = Callable[[Context], object]  # what a part of an expression is compiled to
