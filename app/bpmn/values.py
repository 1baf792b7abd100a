"""The data of activities: texts, collections, scripts, variables, forms, loops."""

from collections.abc import Mapping
from dataclasses import field

from app.dataclasses import dataclass
from app.expressions import Expression


@dataclass(frozen=True, slots=True)
class Script:
    """A text in a scripting language; ``text`` is None when it lies in an external ``resource``."""

    format: str | None
    text: str | None
    resource: Expression | None = None


@dataclass(frozen=True, slots=True)
class ListValue:
    """A ``camunda:list``: its items in order."""

    items: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class MapValue:
    """A ``camunda:map``: keys and values in document order; keys may hold expressions."""

    # Pairs and no dict: whether two keys are one shows only when they are evaluated.
    entries: tuple[tuple[Expression, "Value"], ...]


Value = Expression | Script | ListValue | MapValue | None
"""The value of a parameter: None (null) where the model has nothing or an empty text."""


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


@dataclass(frozen=True, slots=True)
class FormReference:
    """A ``camunda:formRef``; ``binding`` is ``latest``, ``deployment`` or ``version``."""

    key: Expression
    binding: str
    version: Expression | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """A rule for what is submitted: ``required``, ``min``, …; ``validator`` is Java code."""

    name: str
    config: str | None = None


@dataclass(frozen=True, slots=True)
class FormField:
    """A ``camunda:formField``: a variable with a type, a default and rules.

    Attributes:
        type: ``string``, ``long``, ``date``, ``boolean`` or ``enum``.
        date_pattern: how a date is written, in the letters of Java.
        values: the names of an enum's values by their ids.
    """

    id: str
    type: str
    label: Expression | None = None
    default: Expression | None = None
    date_pattern: str = "dd/MM/yyyy"
    values: Mapping[str, str | None] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a user task or start event: by its key or by a reference, or fields."""

    key: Expression | None = None
    reference: FormReference | None = None
    fields: tuple[FormField, ...] = ()


# One for all: most activities have no form, and it cannot be changed.
NO_FORM = Form()


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance characteristics; either a cardinality or a collection is given.

    Attributes:
        collection: ``${…}`` that yields the collection.
        collection_variable: the variable that holds it, when the model names a variable.
        async_before, async_after, is_exclusive: one job for each instance; those of the flow node
            itself are for the body.
    """

    is_sequential: bool
    cardinality: Expression | None = None
    collection: Expression | None = None
    collection_variable: str | None = None
    element_variable: str | None = None
    completion_condition: Expression | None = None
    async_before: bool = False
    async_after: bool = False
    is_exclusive: bool = True
    job_retry_cycle: Expression | None = None
