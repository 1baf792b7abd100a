"""What only a Java virtual machine could run, and the errors of reaching it.

Source: Camunda 7 ``ClassDelegateUtil``, ``DelegateExpressionExecutionListener``.
"""

from app.errors import EngineError


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
