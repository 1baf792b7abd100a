"""Dataclasses that cost a third to make.

The module of the standard library compiles up to six methods for each class. Of the two hundred
that a server loads, that was the largest part of its start behind SQLAlchemy. Here a class has but
its ``__init__`` compiled; comparing, hashing and showing are the same functions for all. That what
is frozen stays as it is, the type checker alone sees to, so that its fields are set as fast as any.

Source: decision 30.
"""

import dataclasses
import functools
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

Getter = Callable[[object], object]


@functools.cache
def _compared(kind: Any) -> Getter:
    """The getter of the fields by which objects of a class are compared."""
    names = [field.name for field in dataclasses.fields(kind) if field.compare]
    return attrgetter(*names) if names else lambda _: None


def _is_equal(self: object, other: object) -> object:
    if type(self) is not type(other):
        return NotImplemented
    kind: Any = type(self)
    read = _compared(kind)
    return read(self) == read(other)


def _hash(self: object) -> int:
    kind: Any = type(self)
    return hash(_compared(kind)(self))


@recursive_repr()
def _shown(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True, repr: bool = True):  # noqa: A002 - as the original has it
        """Make a class of data: the options are those of ``dataclasses.dataclass``."""

        def decorate(kind: type) -> type:
            methods = {"__repr__": _shown} if repr else {}
            if eq:
                methods |= {"__eq__": _is_equal, "__hash__": _hash if frozen else None}
            for name, method in methods.items():
                if vars(kind).get(name) is None:
                    setattr(kind, name, method)
            return dataclasses.dataclass(slots=slots, eq=False, repr=False)(kind)

        return decorate
