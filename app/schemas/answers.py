"""How an answer is declared: its fields, each with a kind and a source, compiled to one getter.

The OpenAPI document reads the same declarations, so that it cannot differ from the answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from app.names import camel

View = Mapping[str, Any]
Read = Callable[[View], Any]


class Kind:
    """The type of a value that is answered as it stands in the view."""

    def __init__(self, name: str) -> None:
        self.name = name

    def converter(self) -> Callable[[Any], Any] | None:
        """The function from a value of the view to one of the answer; None if it is the same."""
        return None


TEXT, INTEGER, BOOLEAN, DATE = Kind("text"), Kind("integer"), Kind("boolean"), Kind("date")
NUMBER = Kind("number")
OBJECT, ANYTHING, NOTHING = Kind("object"), Kind("anything"), Kind("nothing")
SELF = Kind("self")  # the answer itself, in the declaration of one that is a tree


class Many(Kind):
    """A list of values of one kind; `has_nulls`: or null."""

    def __init__(self, item: Kind, *, has_nulls: bool = False) -> None:
        super().__init__(f"[{item.name}]")
        self.item = item
        self.has_nulls = has_nulls

    def converter(self) -> Callable[[Any], Any] | None:
        convert = self.item.converter()
        # None and not an identity: a list of texts is answered as the view has it, without a walk.
        return None if convert is None else lambda values: [convert(value) for value in values]


class Named(Kind):
    """An object with any names, whose values are of one kind; `has_nulls`: or null."""

    def __init__(self, item: Kind, *, has_nulls: bool = False) -> None:
        super().__init__(f"{{{item.name}}}")
        self.item = item
        self.has_nulls = has_nulls

    def converter(self) -> Callable[[Any], Any] | None:
        convert = self.item.converter()
        if convert is None:
            return None
        return lambda values: {name: convert(value) for name, value in values.items()}


class Either(Kind):
    """A value of one of some kinds, which the caller makes."""

    def __init__(self, *kinds: Kind) -> None:
        super().__init__("|".join(kind.name for kind in kinds))
        self.kinds = kinds


@dataclass(frozen=True)
class Field:
    """A field of an answer.

    Attributes:
        key: its name in JSON.
        source: its name in the view; with `is_optional`, the field is left out with it.
        read: computes it from the whole view; else it is what the view has at `source`.
        is_constant: it is `constant`, whatever the view has.
    """

    key: str
    kind: Kind
    source: str = ""
    is_nullable: bool = True
    is_optional: bool = False
    read: Read | None = None
    is_constant: bool = False
    constant: Any = None

    def reader(self) -> Read | None:
        """The function that computes the field; None where the view has it as it is answered."""
        convert, source = self.kind.converter(), self.source
        # Not converted: who computes a field makes it as it is answered.
        if self.read is not None or self.is_constant:
            return self.read
        if convert is None:
            return None
        # Two functions in place of one that tests: most parts are never null, and each is read
        # thousands of times a second.
        if self.is_nullable:
            return lambda view: None if view[source] is None else convert(view[source])
        return lambda view: convert(view[source])


def _fields(kind: Kind, names: tuple[str, ...], key: str, is_nullable: bool) -> tuple[Field, ...]:
    return tuple(Field(key or camel(name), kind, name, is_nullable) for name in names)


def text(*names: str, key: str = "", is_nullable: bool = True) -> tuple[Field, ...]:
    """Fields that are texts; `key` is the name in JSON where that is not the one in the view."""
    return _fields(TEXT, names, key, is_nullable)


def integer(*names: str, key: str = "", is_nullable: bool = True) -> tuple[Field, ...]:
    """Fields that are whole numbers."""
    return _fields(INTEGER, names, key, is_nullable)


def boolean(*names: str, key: str = "", is_nullable: bool = True) -> tuple[Field, ...]:
    """Fields that are booleans."""
    return _fields(BOOLEAN, names, key, is_nullable)


def date(*names: str, key: str = "", is_nullable: bool = True) -> tuple[Field, ...]:
    """Fields that are dates."""
    return _fields(DATE, names, key, is_nullable)


def part(
    name: str, kind: Kind, *, is_nullable: bool = False, is_optional: bool = False, key: str = ""
) -> tuple[Field, ...]:
    """A field of any kind: an answer within the answer, a list, an object."""
    return (Field(key or camel(name), kind, name, is_nullable, is_optional),)


def computed(
    key: str, kind: Kind, read: Read, *, is_nullable: bool = False, needs: str = ""
) -> tuple[Field, ...]:
    """A field that is computed from the view; left out where the view lacks what it `needs`."""
    return (Field(key, kind, needs, is_nullable, bool(needs), read),)


def constant(key: str, kind: Kind, value: Any) -> tuple[Field, ...]:
    """A field that is the same in every answer; the value is not changed in place."""
    return (Field(key, kind, is_nullable=False, is_constant=True, constant=value),)


def absent(*keys: str) -> tuple[Field, ...]:
    """Fields of the reference engine that are always null here."""
    # Null and not left out: clients of Java bind every field, and the reference engine omits none.
    return tuple(Field(key, NOTHING, is_constant=True) for key in keys)


def milliseconds(view: View) -> int | None:
    """The time between ``start_time`` and ``end_time``; None while it goes on."""
    start, end = view["start_time"], view["end_time"]
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    # Whole ones, cut as Java cuts them; `total_seconds` would round by the way of a float.
    return (end - start) // timedelta(milliseconds=1)


class Answer(Kind):
    """An object that is answered: its fields in order, null where there is no value.

    Args:
        name: of its component in the OpenAPI document.
        groups: its fields, as the functions of this module give them.
    """

    def __init__(self, name: str, *groups: tuple[Field, ...]) -> None:
        super().__init__(name)
        self.fields = tuple(self._bound(field) for group in groups for field in group)

    @cached_property
    def make(self) -> Callable[[View], dict[str, Any]]:
        """The function that makes the JSON of a view, compiled when the first answer is made.

        Callers that make many of them call this, which spares a call for each.
        """
        return _compiled(self.fields)

    def _bound(self, field: Field) -> Field:
        """The field, with the answer itself where its kind says so."""
        # A declaration cannot name itself before it is made.
        if isinstance(field.kind, Many) and field.kind.item is SELF:
            return replace(field, kind=Many(self))
        return field

    def converter(self) -> Callable[[Any], Any]:
        return self

    def __call__(self, view: View) -> dict[str, Any]:
        """The JSON of a view."""
        return self.make(view)


def _compiled(fields: tuple[Field, ...]) -> Callable[[View], dict[str, Any]]:
    """One function that makes an answer of a view, as `dataclasses` compiles its methods.

    Lists and fetchAndLock make thousands of answers a second; a loop over the fields costs half
    as much again. The source has nothing but keys and sources of declarations, quoted.
    """
    names: dict[str, Any] = {}
    parts = []
    for number, field in enumerate(fields):
        key, read = f"{field.key!r}: ", field.reader()
        if field.is_constant:
            names[f"constant{number}"] = field.constant
            value = f"constant{number}"
        elif read is None:
            value = f"view[{field.source!r}]"
        else:
            names[f"read{number}"] = read
            value = f"read{number}(view)"
        # Costs a second dict for each answer, so that it is only for the few fields that may lack.
        if field.is_optional:
            parts.append(f"**({{{key}{value}}} if {field.source!r} in view else {{}})")
        else:
            parts.append(key + value)
    compiled: Callable[[View], dict[str, Any]] = eval(f"lambda view: {{{', '.join(parts)}}}", names)
    return compiled
