"""How the tests of FEEL ask: for a value, for its text, and whether a cell matches."""

from hypothesis import settings

from app.feel import compile_expression, compile_unary_tests, to_python

# Each example compiles its own text, which is most of its cost; the laws have few corners.
few = settings(max_examples=25)


def value_of(text, /, **variables):
    """The value of an expression in FEEL's own types."""
    return compile_expression(text).evaluate(variables)


def exact(text, /, **variables):
    """What a caller gets, written so that 1, 1.0 and true differ as they do outside of Python."""
    return repr(to_python(value_of(text, **variables)))


def written(text, /, **variables):
    """What `string()` makes of the value of an expression."""
    return value_of(f"string({text})", **variables)


def matches(cell, given, /, **variables):
    """Whether an input matches a cell."""
    return compile_unary_tests(cell).matches(given, variables)
