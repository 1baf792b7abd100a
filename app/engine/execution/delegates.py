"""Code for a Java virtual machine: its substitutes, the errors of reaching it.

Source: semantics 11.11; Camunda 7 ``ClassDelegateUtil``, ``DelegateExpressionExecutionListener``.
"""

from typing import TYPE_CHECKING

from app.bpmn.delegates import Substitute, names_of
from app.engine.state import Execution
from app.engine.state.conversion import from_object
from app.engine.state.values import TypedValue
from app.errors import EngineError
from app.expressions import Expression

if TYPE_CHECKING:
    from .protocol import Evaluation, Run


class DelegateError(EngineError):
    """An activity or listener was reached that only the JVM could run."""

    def __init__(self, kind: str, name: str) -> None:
        text = {
            "class": f"ENGINE-09008 Exception while instantiating class '{name}': ENGINE-09017 "
            f"Cannot load class '{name}': {name}",
            "delegateExpression": f"Unknown property used in expression: {name}. Cause: Cannot "
            f"resolve identifier '{name.strip('${}# ')}'",
            "connector": f"ENGINE-18009 No connector found for id '{name}'",
        }
        super().__init__(text.get(kind, f"'{kind}' activities need the JVM: {name}"))


def substitute_of(run: "Run", kind: str, name: str) -> Substitute | None:
    """The substitute for Java code, if there is one."""
    return run.host.delegates.of(*names_of(kind, name))


def assign(run: "Run", scope: Execution, substitute: Substitute, evaluation: "Evaluation") -> None:
    """Set the variables that are set in place of running Java code."""
    for name, expression in substitute.assignments:
        run.variables.set(scope, name, from_object(evaluation.of(expression)))


def arguments_of(expression: Expression, evaluation: "Evaluation") -> dict[str, TypedValue]:
    """The arguments that a bean would be called with: ``arg0``, ``arg1`` and so on."""
    if expression.bean_call is None:
        return {}
    found = (argument(evaluation) for argument in expression.bean_call.arguments)
    values = [from_object(value) for value in found]
    return dict(zip(argument_names(expression), values, strict=True))


def argument_names(expression: Expression) -> tuple[str, ...]:
    """The variables that the arguments of a bean's method go along as."""
    call = expression.bean_call
    return () if call is None else tuple(f"arg{n}" for n in range(len(call.arguments)))
