"""The kinds of filters that lists have: plain data, which the store declares its lists with.

A kind says which values a filter takes. `schemas.parameters` reads them from a URL or a body, and
the OpenAPI document describes them.

Source: contract 5.
"""

from dataclasses import replace

from app.dataclasses import dataclass

# Java's bounds: what does not fit is refused in its words before a database sees it.
INT = -(2**31), 2**31 - 1
LONG = -(2**63), 2**63 - 1
COMPARISONS = {
    "gt": "greater than",
    "gteq": "greater than or equal",
    "lt": "less than",
    "lteq": "less than or equal",
}
OPERATORS = ("eq", "neq", *COMPARISONS, "like")


class Kind:
    """The kind of values that a filter takes."""


@dataclass(frozen=True)
class Text(Kind):
    """A text.

    Args:
        skips_empty: an empty one is no filter.
        refuses_blank: the error of one of blanks alone.
    """

    skips_empty: bool = False
    refuses_blank: str | None = None


@dataclass(frozen=True)
class Choice(Kind):
    """One of some texts, of which upper and lower case are alike.

    Args:
        property_name: what the error for an unknown one calls it.
        choices: in the case in which they are handed on.
    """

    property_name: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Expressions(Kind):
    """The expression of a value: only inside ``orQueries``; refused elsewhere.

    Args:
        result: the kind of the value.
    """

    result: Kind


@dataclass(frozen=True)
class Flag(Kind):
    """A boolean of which only true has an effect.

    Args:
        has_false: false has an effect of its own.
        counts_false: false has the same effect as true, as the reference engine has it.
        is_primitive: any other text of a URL is false.
    """

    has_false: bool = False
    counts_false: bool = False
    is_primitive: bool = False


@dataclass(frozen=True)
class Number(Kind):
    """A whole number.

    Args:
        java_type: what the error for another value calls it.
        limits: the least and the largest.
        refuses_below_one: what the number is called in the error of one that is not positive.
        error_is: the kind of that error: ``failed`` or ``invalid``.
    """

    java_type: str
    limits: tuple[int, int]
    refuses_below_one: str | None = None
    error_is: str = "failed"


@dataclass(frozen=True)
class Date(Kind):
    """A date; a body may count milliseconds."""


@dataclass(frozen=True)
class Texts(Kind):
    """A list of texts; an empty one is no filter.

    Args:
        is_set: an empty URL parameter is a list with an empty text.
        refuses_empty: the error of an empty list in a body.
        refuses_empty_url: the same of an empty URL parameter.
        refuses_null: what the items are called in the error of one that is null.
        null_is: the kind of that error: ``null``, ``invalid`` or ``refused``.
        refuses_blank: the same for one that is an empty text, which is always invalid.
    """

    is_set: bool = False
    refuses_empty: str | None = None
    refuses_empty_url: bool = False
    refuses_null: str | None = None
    null_is: str = "null"
    refuses_blank: str | None = None


@dataclass(frozen=True)
class Variables(Kind):
    """Conditions on variables: ``name_operator_value``, or objects.

    Args:
        subject: the word in the error for an unknown operator.
        operators: those that are known.
        is_validated: a condition that cannot be is an invalid one, in place of a failure.
    """

    # Each list calls it otherwise in the errors, which clients show.
    subject: str = "variable"
    operators: tuple[str, ...] = OPERATORS
    is_validated: bool = False


@dataclass(frozen=True)
class Timestamps(Kind):
    """Dates with an operator: ``gt_date`` and ``lt_date``.

    Args:
        subject: the words in the errors.
    """

    subject: str


@dataclass(frozen=True)
class Plain(Kind):
    """Any JSON value; texts in a URL."""


def set_of(name: str, null_is: str = "null") -> Texts:
    """A list of texts that a URL may leave empty, with what its items are called."""
    return Texts(is_set=True, refuses_null=name, null_is=null_is)


TEXT, FLAG, DATE, LIST = Text(), Flag(), Date(), Texts()
# Three meanings of false: no filter, the opposite, and the same as true.
BOOLEAN, ANY_FLAG = Flag(has_false=True), Flag(counts_false=True)
INTEGER, LONG_NUMBER = Number("java.lang.Integer", INT), Number("java.lang.Long", LONG)
VERSION = Number("java.lang.Integer", INT, refuses_below_one="version")
DECISION_VERSION = replace(VERSION, error_is="invalid")
SET = Texts(is_set=True)
# By one name for all lists that ask for tenants in the same words.
TENANT_IDS = Texts(refuses_null="tenantIds")
TYPES = Texts(is_set=True, refuses_null="Variable types")
# Empty is refused: a command that takes this query would mean every instance by it (contract 4.3).
INSTANCE_IDS = Texts(is_set=True, refuses_empty="Set of process instance ids is empty")
VARIABLES, CASE_VARIABLES = Variables(is_validated=True), Variables("case variable")
# Of all queries those of tasks alone know `notLike` (contract 9).
PROCESS_VARIABLES = Variables("process variable", (*OPERATORS, "notLike"))
TASK_VARIABLES = Variables("task variable")
# Executions are asked for equal values of their process alone.
EQUAL_VARIABLES = Variables("process variable", ("eq", "neq"), is_validated=True)
