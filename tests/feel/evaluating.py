"""How the tests of FEEL ask: for a value, for its text, and whether a cell matches."""

from hypothesis import settings

from app.feel import compile_expression, compile_unary_tests, to_python

# Each example compiles its own text, which is most of its cost; the laws have few corners.
few = settings(max_examples=25)


def value_of(text, /, **variables):
    """The value of an expression in FEEL's own types."""
    return compile_expression(text).evaluate(variables)


def exact(text, /, **variables):
    """The `repr` of the value as a caller gets it, in which 1, 1.0 and true differ."""
    return repr(to_python(value_of(text, **variables)))


def written(text, /, **variables):
    """The value of an expression, converted by `string()`."""
    return value_of(f"string({text})", **variables)


def matches(cell, given, /, **variables):
    """Whether an input matches a cell."""
    return compile_unary_tests(cell).matches(given, variables)
