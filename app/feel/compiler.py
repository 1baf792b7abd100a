"""A syntax tree to nested closures: the tree is walked once, the closures run often."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.feel import syntax
from app.feel.arithmetic import calculate, negative
from app.feel.budget import MAX_DEPTH
from app.feel.calls import compile_call, compile_function
from app.feel.code import Code, Compile
from app.feel.comparison import between, equal, ordered
from app.feel.errors import FailedOperation, FeelLimitError
from app.feel.iteration import compile_filter, compile_for, compile_quantified
from app.feel.properties import property_of
from app.feel.scope import Scope
from app.feel.temporal import parse_temporal
from app.feel.types import is_instance
from app.feel.unary_tests import compile_in, compile_input_test, compile_negated, compile_tests
from app.feel.values import Range


def compile_node(node: syntax.Node) -> Code:
    """Compile a tree.

    Raises:
        FeelLimitError: it is nested too deep.
    """
    # The lexer has counted brackets; operators nest without them, and closures call as deep.
    if syntax.depth_of(node) > MAX_DEPTH:
        raise FeelLimitError(f"an expression is nested deeper than {MAX_DEPTH} levels")
    return _compiled(node)


def _compiled(node: syntax.Node) -> Code:
    return _COMPILERS[type(node)](node, _compiled)


def _literal(node: syntax.Literal, _compile: Compile) -> Code:
    value = node.value
    return lambda _scope: value


def _temporal(node: syntax.Temporal, _compile: Compile) -> Code:
    # At compilation: a literal that is no date is null each time, and costs nothing later.
    value = parse_temporal(node.text)
    return lambda _scope: value


def _name(node: syntax.Name, _compile: Compile) -> Code:
    name = node.name
    return lambda scope: scope.find(name)


def _input_value(_node: syntax.InputValue, _compile: Compile) -> Code:
    def input_value(scope: Scope) -> object:
        if not scope.has_input:
            raise FailedOperation(
                "No input value available. '?' can only be used inside an unary-test expression."
            )
        return scope.input_value

    return input_value


def _list(node: syntax.ListOf, compile_: Compile) -> Code:
    items = [compile_(item) for item in node.items]

    def list_(scope: Scope) -> object:
        scope.budget.grow(len(items))
        # Charged before it is built, as everywhere: the limit is on what would be used.
        return [item(scope) for item in items]

    return list_


def _context(node: syntax.ContextOf, compile_: Compile) -> Code:
    entries = [(key, compile_(value)) for key, value in node.entries]

    def context(scope: Scope) -> object:
        scope.budget.grow(len(entries))
        # The scope reads the very context that is being filled, so that entries see those before
        # them.
        made: dict[str, object] = {}
        inner = scope.inner(made)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return context


def _negation(node: syntax.Negation, compile_: Compile) -> Code:
    operand = compile_(node.operand)

    def negation(scope: Scope) -> object:
        value = operand(scope)
        return negative(value) if isinstance(value, Decimal) else None

    return negation


def _arithmetic(node: syntax.Arithmetic, compile_: Compile) -> Code:
    first = compile_(node.first)
    rest = [(operator, compile_(operand)) for operator, operand in node.rest]

    def arithmetic(scope: Scope) -> object:
        value = first(scope)
        for operator, operand in rest:
            value = calculate(operator, value, operand(scope), scope.budget)
        return value

    return arithmetic


def _comparison(node: syntax.Comparison, compile_: Compile) -> Code:
    left, right, operator = compile_(node.left), compile_(node.right), node.operator
    if operator == "=":
        return lambda scope: equal(left(scope), right(scope), scope.budget)
    if operator == "!=":
        return lambda scope: negated(equal(left(scope), right(scope), scope.budget))
    # Both sides are always evaluated: a failing side fails although the other is null.
    return lambda scope: ordered(operator, left(scope), right(scope))


def negated(value: object) -> bool | None:
    """The opposite of a boolean; None for anything else."""
    return not value if isinstance(value, bool) else None


def _between(node: syntax.Between, compile_: Compile) -> Code:
    value, low, high = compile_(node.value), compile_(node.low), compile_(node.high)
    return lambda scope: between(value(scope), low(scope), high(scope))


def _instance_of(node: syntax.InstanceOf, compile_: Compile) -> Code:
    value, name = compile_(node.value), node.type_name
    return lambda scope: is_instance(value(scope), name)


def _junction(node: syntax.Junction, compile_: Compile) -> Code:
    operands = [compile_(operand) for operand in node.operands]
    deciding = node.decided_by

    def junction(scope: Scope) -> object:
        answer: bool | None = not deciding
        for operand in operands:
            value = operand(scope)
            if value is deciding:
                return deciding
            # Any other value is no answer, yet a later operand may still decide.
            if value is not (not deciding):
                answer = None
        return answer

    return junction


def _if(node: syntax.If, compile_: Compile) -> Code:
    condition, yes, no = compile_(node.condition), compile_(node.yes), compile_(node.no)
    # Null and what is no Boolean take the other branch.
    return lambda scope: yes(scope) if condition(scope) is True else no(scope)


def _path(node: syntax.Path, compile_: Compile) -> Code:
    source, name = compile_(node.source), node.name
    # The name is no variable here, whatever the scope has.
    return lambda scope: property_of(source(scope), name, scope.budget)


def _interval(node: syntax.Interval, compile_: Compile) -> Code:
    low, high = compile_(node.low), compile_(node.high)
    ends = (node.is_low_closed, node.is_high_closed)
    # Ends are not compared: [5..1] is a range that has nothing in it, and no mistake.
    return lambda scope: Range(low(scope), high(scope), *ends)


def _group(node: syntax.Group, compile_: Compile) -> Code:
    return compile_(node.inner)


# By the exact type, so that a node without a compiler fails at the first test that has one.
_COMPILERS: dict[type[syntax.Node], Callable[[Any, Compile], Code]] = {
    syntax.Literal: _literal,
    syntax.Temporal: _temporal,
    syntax.Name: _name,
    syntax.InputValue: _input_value,
    syntax.ListOf: _list,
    syntax.ContextOf: _context,
    syntax.Negation: _negation,
    syntax.Arithmetic: _arithmetic,
    syntax.Comparison: _comparison,
    syntax.Between: _between,
    syntax.InstanceOf: _instance_of,
    syntax.Junction: _junction,
    syntax.If: _if,
    syntax.Path: _path,
    syntax.Interval: _interval,
    syntax.Group: _group,
    syntax.For: compile_for,
    syntax.Quantified: compile_quantified,
    syntax.Filter: compile_filter,
    syntax.Call: compile_call,
    syntax.FunctionOf: compile_function,
    syntax.In: compile_in,
    syntax.InputComparison: compile_input_test,
    syntax.NegatedTests: compile_negated,
    syntax.Tests: compile_tests,
}
