"""How a record of the history is made of the record that it tells of."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

T = TypeVar("T")


def builder(made: type[T], source: type, *given: str, **renamed: str) -> Callable[..., T]:
    """Make a function that builds records of the history from records of one class.

    A field has the value that is given for it, else that of the source's field of the same name,
    else its default. All is looked up here, once: a command makes dozens of these records, and
    naming twenty arguments in each call takes three times as long.

    Args:
        given: the fields whose values the function takes behind the source, in this order.
        renamed: the source's name of a field that has another one there.

    Raises:
        TypeError: a field is left without a value, or a name is of no field.
    """
    known = {field.name for field in fields(source)}
    names = [field.name for field in fields(made)]  # type: ignore[arg-type]
    wrong = {*given, *renamed} - set(names) | set(renamed.values()) - known
    if wrong:
        raise TypeError(f"{made.__name__} of {source.__name__}: {sorted(wrong)}")
    copied = [n for n in names if n not in given and (n in renamed or n in known)]
    defaults = {
        field.name: field.default
        for field in fields(made)  # type: ignore[arg-type]
        if field.name not in copied and field.name not in given
    }
    if MISSING in defaults.values():
        missing = [name for name, value in defaults.items() if value is MISSING]
        raise TypeError(f"{made.__name__} of {source.__name__}: {missing} of nothing")
    read = attrgetter(*(renamed.get(name, name) for name in copied))
    order = [*copied, *defaults, *given]  # the given ones last: one too few is an error
    arrange = itemgetter(*(order.index(name) for name in names))
    rest: tuple[Any, ...] = tuple(defaults.values())

    def build(record: object, *values: object) -> T:
        return made(*arrange((*read(record), *rest, *values)))

    return build
