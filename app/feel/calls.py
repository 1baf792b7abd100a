"""Calls of functions, and functions that an expression defines."""

from collections.abc import Callable, Sequence

from app.feel import functions, syntax
from app.feel.code import Code, Compile
from app.feel.errors import FailedOperation
from app.feel.scope import Scope
from app.feel.texts import text_of
from app.feel.values import Function

_Invoke = Callable[[Sequence[object], Scope], object]


def compile_function(node: syntax.FunctionOf, compile_: Compile) -> Code:
    """``function(a, b) body``: the body sees what surrounds the definition."""
    parameters, body = node.parameters, compile_(node.body)

    def function(scope: Scope) -> object:
        def invoke(arguments: Sequence[object]) -> object:
            # Not left to Python's limit of recursion, which depends on how deep the caller is
            # already.
            scope.budget.enter()
            try:
                return body(scope.inner(dict(zip(parameters, arguments, strict=True))))
            finally:
                scope.budget.leave()

        return Function(parameters, invoke)

    return function


def compile_call(node: syntax.Call, compile_: Compile) -> Code:
    """A call: of a function among the variables, else of a built-in one; unknown ones are null."""
    arguments = [compile_(argument) for argument in node.arguments]
    if node.target is not None:
        return _method(node, compile_(node.target), arguments)
    builtin = _builtin(node)
    name, names = node.name, node.names

    def call(scope: Scope) -> object:
        scope.budget.step()
        function = scope.find(name)
        # Arguments of no function are not evaluated: that one of them fails does not matter.
        if isinstance(function, Function):
            if not _fits(function, len(arguments), names):
                return None
            return _invoke(function, [argument(scope) for argument in arguments], names)
        return None if builtin is None else builtin([a(scope) for a in arguments], scope)

    return call


def _method(node: syntax.Call, target: Code, arguments: list[Code]) -> Code:
    name, names = node.name, node.names

    def method(scope: Scope) -> object:
        scope.budget.step()
        context = target(scope)
        if not isinstance(context, dict):
            found = "null" if context is None else text_of(context, scope.budget)
            # One of the few mistakes that are no null in the reference: `a.b(1)` where a is no
            # context.
            raise FailedOperation(f"Expected context but found '{found}'")
        # Here they are evaluated before the function is looked for.
        values = [argument(scope) for argument in arguments]
        function = context.get(name)
        if not isinstance(function, Function) or not _fits(function, len(values), names):
            return None
        return _invoke(function, values, names)

    return method


def _fits(function: Function, count: int, names: tuple[str, ...] | None) -> bool:
    """Whether a function has the parameters of a call: there are no optional ones."""
    if names is not None and set(names) != set(function.parameters):
        return False
    return count == len(function.parameters)


def _invoke(function: Function, arguments: list[object], names: tuple[str, ...] | None) -> object:
    if names is not None:  # in any order
        given = dict(zip(names, arguments, strict=True))
        arguments = [given[parameter] for parameter in function.parameters]
    return function.invoke(arguments)


def _builtin(node: syntax.Call) -> _Invoke | None:
    """Compile a call of the built-in function whose parameters fit; None where there is none."""
    found = functions.candidates(node.name, len(node.arguments), node.names)
    if not found:
        return None
    orders = [_order(each, node.names) for each in found]

    def call(values: Sequence[object], scope: Scope) -> object:
        # The first that takes the types wins; that none does is null, and no error.
        for each, order in zip(found, orders, strict=True):
            arguments = values if order is None else [values[index] for index in order]
            # `sum(list: [1, 2])` names the parameter that takes the items one by one.
            if order is not None and each.is_variadic and isinstance(arguments[-1], list):
                arguments = [*arguments[:-1], *arguments[-1]]
            if each.takes(arguments):
                return each.invoke(arguments, scope.budget)
        return None

    return call


def _order(builtin: functions.Builtin, names: tuple[str, ...] | None) -> list[int] | None:
    if names is None:
        return None
    return [names.index(parameter) for parameter in builtin.parameters]
