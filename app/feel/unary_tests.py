"""Unary tests: what a cell of a decision table asks of its input value."""

from decimal import Decimal
from typing import Any

from app.feel import syntax
from app.feel.code import Code, Compile
from app.feel.comparison import ORDERS, contains, equal, ordered, within
from app.feel.scope import Scope
from app.feel.values import Range


def _is_plain(value: object) -> bool:
    """Whether Python orders a literal as FEEL does, whatever is on the other side."""
    return isinstance(value, Decimal) or (isinstance(value, str) and value.isascii())


def compile_tests(node: syntax.Tests, compile_: Compile) -> Code:
    """One test must hold; without any, all is well."""
    if not node.tests:
        return lambda _scope: True
    *others, last = node.tests
    tests = [compile_test(test, compile_) for test in others]
    return _any_of([*tests, _last_test(last, compile_)])


def _last_test(node: syntax.Node, compile_: Compile) -> Code:
    """At the end of a cell a boolean constant is compared; elsewhere ``true`` always holds."""
    if isinstance(node, syntax.Literal):
        return _equals_literal(node.value)
    return compile_test(node, compile_)


def _any_of(tests: list[Code]) -> Code:
    if len(tests) == 1:
        return tests[0]

    def any_of(scope: Scope) -> object:
        answer: object = False
        for test in tests:
            value = test(scope)
            if value is True:
                return True
            if value is None:
                # Null stays null: a ``not`` around the tests must not turn it into true.
                answer = None
        return answer

    return any_of


def compile_test(node: syntax.Node, compile_: Compile) -> Code:
    """One test of the input value."""
    while isinstance(node, syntax.Group):
        node = node.inner
    if isinstance(node, syntax.Interval):
        return _in_interval(node, compile_)
    if isinstance(node, syntax.InputComparison | syntax.NegatedTests):
        return compile_(node)
    if isinstance(node, syntax.Literal) and not isinstance(node.value, bool):
        return _equals_literal(node.value)
    if syntax.mentions(node, syntax.InputValue()):
        return _holds(compile_(node))
    return _matches(compile_(node))


def _equals_literal(value: object) -> Code:
    """The test that most cells are."""
    kind = type(value)

    def equals(scope: Scope) -> object:
        given = scope.input_value
        # Most tables have nothing but such cells; for one kind Python's equality is FEEL's.
        return given == value if type(given) is kind else equal(given, value, scope.budget)

    return equals


def _holds(condition: Code) -> Code:
    """An expression with ``?`` decides by itself."""

    def holds(scope: Scope) -> object:
        value = condition(scope)
        # No comparison with the input here: the expression has named it itself.
        return value if isinstance(value, bool) else None

    return holds


def _matches(expression: Code) -> Code:
    """An expression without ``?`` is true, equal to the input, or a list that has it."""

    def matches(scope: Scope) -> object:
        value, given = expression(scope), scope.input_value
        if isinstance(value, bool):
            # True holds for any input; false is equal to an input of false.
            return value or given is False
        if isinstance(value, list):
            # A list is a set of alternatives, and also a value that an input which is a list can
            # equal.
            return contains(value, given, scope.budget) or equal(given, value, scope.budget) is True
        if isinstance(value, Range):
            return in_range(given, value)
        return equal(given, value, scope.budget)

    return matches


def in_range(value: object, range_: Range) -> bool | None:
    """Whether a value lies in a range."""
    closed = (range_.is_low_closed, range_.is_high_closed)
    return within(value, range_.low, range_.high, closed)


def compile_input_test(node: syntax.InputComparison, compile_: Compile) -> Code:
    """``< value``; null where there is no input."""
    operator = node.operator
    if isinstance(node.right, syntax.Literal) and _is_plain(node.right.value):
        return _compares_literal(operator, node.right.value)
    right = compile_(node.right)
    return lambda scope: ordered(operator, scope.input_value, right(scope))


def _compares_literal(operator: str, value: object) -> Code:
    kind, order = type(value), ORDERS[operator]

    def compares(scope: Scope) -> object:
        given = scope.input_value
        return order(given, value) if type(given) is kind else None

    return compares


def _in_interval(node: syntax.Interval, compile_: Compile) -> Code:
    closed = (node.is_low_closed, node.is_high_closed)
    if isinstance(node.low, syntax.Literal) and isinstance(node.high, syntax.Literal):
        ends = (node.low.value, node.high.value)
        if type(ends[0]) is type(ends[1]) and all(map(_is_plain, ends)):
            return _in_literal_interval(*ends, closed)
    low, high = compile_(node.low), compile_(node.high)
    return lambda scope: within(scope.input_value, low(scope), high(scope), closed)


def _in_literal_interval(low: Any, high: Any, closed: tuple[bool, bool]) -> Code:
    kind = type(low)
    above, below = ORDERS[">=" if closed[0] else ">"], ORDERS["<=" if closed[1] else "<"]

    def in_interval(scope: Scope) -> object:
        given: Any = scope.input_value
        return above(given, low) and below(given, high) if type(given) is kind else None

    return in_interval


def compile_negated(node: syntax.NegatedTests, compile_: Compile) -> Code:
    """``not(tests)``."""
    inner = _any_of([compile_test(test, compile_) for test in node.tests])

    def negated(scope: Scope) -> object:
        value = inner(scope)
        return not value if isinstance(value, bool) else None

    return negated


def compile_in(node: syntax.In, compile_: Compile) -> Code:
    """``value in tests``: the value is the input of the tests."""
    value = compile_(node.value)
    # `5 in true` compares, `5 in (true)` asks whether the test holds: so does the reference.
    compile_one = compile_test if node.in_parentheses else _last_test
    tests = _any_of([compile_one(test, compile_) for test in node.tests])
    return lambda scope: tests(scope.with_input(value(scope)))
