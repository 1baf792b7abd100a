"""Why a DMN file is refused, and why a decision cannot be evaluated.

Source: Camunda 7 ``DecisionLogger``, ``DmnEngineLogger``, ``DmnHitPolicyLogger``.
"""

from app.errors import BadUserRequestError, EngineError, JavaRuntimeError, ParseProblem


class DmnTransformError(EngineError):
    """A file is no DMN that can be deployed; the message names the file and nothing else.

    Attributes:
        problems: what is wrong with it, in document order.
    """

    def __init__(self, resource: str, problems: list[ParseProblem]) -> None:
        super().__init__(f"ENGINE-22004 Unable to transform DMN resource '{resource}'.")
        self.resource = resource
        self.problems = problems


# No failure of the engine, as the reference's are: who sent the file has to send another one.
class RefusedDmnError(BadUserRequestError):
    """A file is larger than what is read."""

    def __init__(self, resource: str, reason: str) -> None:
        super().__init__(f"ENGINE-22004 Unable to transform DMN resource '{resource}'. {reason}")


class DmnEngineError(JavaRuntimeError):
    """A decision cannot be evaluated."""

    def __init__(self, message: str, java_type: str = "DmnEngineException") -> None:
        super().__init__(java_type, message)


class InvalidValueError(DmnEngineError):
    """A value does not convert to the type of its clause."""

    def __init__(self, shown: str, type_name: str) -> None:
        super().__init__(f"DMN-01005 Invalid value '{shown}' for clause with type '{type_name}'.")


class DmnEvaluationError(DmnEngineError):
    """An expression in another language than FEEL failed."""

    def __init__(self, language: str, text: str) -> None:
        super().__init__(
            f"DMN-01002 Unable to evaluate expression for language '{language}': '{text}'",
            "DmnEvaluationException",
        )


class FeelFailure(DmnEngineError):
    """An expression in FEEL failed."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "FeelException")


class HitPolicyError(DmnEngineError):
    """The rules that match are not what the hit policy allows."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "DmnHitPolicyException")


# Found when the expression is evaluated, not at deployment: the reference deploys it.
class UnknownLanguageError(EngineError):
    """An expression is in a language that is not evaluated."""

    def __init__(self, language: str) -> None:
        super().__init__(f"Can't find scripting engine for '{language}': scriptEngine is null")


# The reference's message in full: clients see it in the answer of the failed command.
class NullInListError(JavaRuntimeError):
    """A list that is not typed begins with null: its type cannot be told, so it is not kept."""

    def __init__(self) -> None:
        super().__init__(
            "NullPointerException", 'Cannot invoke "Object.getClass()" because "object" is null'
        )


class NotStorableError(EngineError):
    """A value cannot be kept in the history, so the evaluation fails."""

    def __init__(self, name: str | None, shown: str) -> None:
        super().__init__(
            f"Cannot serialize object in variable '{name or 'null'}': SPIN/JACKSON-JSON-01009 "
            f"Unable to map object '{shown}' to json node"
        )
