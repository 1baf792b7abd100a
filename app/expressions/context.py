"""What an expression may ask of the place where it is evaluated."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Context(Protocol):
    """The variables, and the objects with names of their own."""

    @property
    def now(self) -> datetime: ...

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
