"""What activities are given and pass on: texts, collections, scripts, mapped variables."""

from dataclasses import dataclass

from app.expressions import Expression


@dataclass(frozen=True, slots=True)
class Script:
    """A text in a scripting language; ``text`` is None when it lies in an external ``resource``."""

    format: str | None
    text: str | None
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class ListValue:
    """A ``camunda:list``: its items in order."""

    items: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class MapValue:
    """A ``camunda:map``: keys and values in document order; keys may hold expressions."""

    entries: tuple[tuple[Expression, "Value"], ...]


Value = Expression | Script | ListValue | MapValue | None
"""What a parameter is given: None (null) where the model has nothing or an empty text."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input or output parameter of an activity."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """One ``camunda:in`` or ``camunda:out`` of a call activity or a signal.

    One of ``source``, ``expression`` or ``is_all`` is given.

    Attributes:
        is_local: only the variables of the innermost scope are read (for outs: written).
    """

    target: str | None = None
    source: str | None = None
    expression: Expression | None = None
    is_all: bool = False
    is_local: bool = False
