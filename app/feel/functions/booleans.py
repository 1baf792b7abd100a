"""Functions of booleans and of null."""

from app.feel.budget import Budget
from app.feel.errors import FailedOperation
from app.feel.functions.registry import builtin


@builtin("not(negand: boolean)")
def negate(_budget: Budget, negand: bool) -> object:
    """The opposite of a boolean."""
    # Only the call: `not(…)` at the beginning of a cell negates tests, and never comes here.
    return not negand


@builtin("is defined(value)")
def is_defined(_budget: Budget, value: object) -> object:
    """Whether a value is there and not null."""
    # An unknown variable is null, so one that is set to null counts as not defined too.
    return value is not None


@builtin("get or else(value, default)")
def get_or_else(_budget: Budget, value: object, default: object) -> object:
    """The value, or the default for null."""
    return default if value is None else value


@builtin("assert(value, condition)", "assert(value, condition, cause: string)")
def assert_(
    _budget: Budget,
    value: object,
    condition: object,
    cause: str = "The condition is not fulfilled",
) -> object:
    """The value, if the condition holds; else the evaluation fails."""
    # Null fails as well as false.
    if condition is not True:
        raise FailedOperation(f"Assertion failure on evaluate the expression: {cause}")
    return value
