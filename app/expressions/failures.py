"""Why an expression cannot be evaluated, before the text of the expression is known.

Source: Camunda 7 ``JuelExpression.getValue``, which puts one of three sentences before the cause.
"""


class EvaluationFailure(Exception):
    """A part of an expression has no value.

    Attributes:
        sentence: how the message of the whole begins; the text and the cause follow.
        exception: what JUEL throws.
    """

    sentence = "Error while evaluating expression"
    exception = "ELException"

    def message(self, text: str) -> str:
        """The message of a whole expression."""
        return f"{self.sentence}: {text}. Cause: {self}"


class CoercionError(EvaluationFailure):
    """A value cannot be what an operator, a property or a parameter needs."""


class InvocationError(EvaluationFailure):
    """A method or function was found and failed.

    Args:
        java_type: the full name of the exception that Java throws there.
    """

    def __init__(self, java_type: str, message: str) -> None:
        super().__init__(f"{java_type}: {message}")

    def message(self, text: str) -> str:
        """The exception alone: JUEL wraps it, and the wrapper's message is no more than that."""
        return str(self)


def illegal_argument(message: str) -> InvocationError:
    """An argument that a method or function does not take."""
    return InvocationError("java.lang.IllegalArgumentException", message)


def require(value: object, name: str) -> None:
    """Refuse null, as Spin does for the parameter of that name."""
    if value is None:
        raise illegal_argument(f"UTILS-02001 Parameter '{name}' is null")


class UnknownPropertyError(EvaluationFailure):
    """A name stands for nothing, or for nothing on this value."""

    sentence = "Unknown property used in expression"
    exception = "PropertyNotFoundException"


class UnknownIdentifierError(UnknownPropertyError):
    """No variable has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Cannot resolve identifier '{name}'")
        self.name = name


class UnknownMethodError(EvaluationFailure):
    """A value has no such method, or not with so many arguments."""

    sentence = "Unknown method used in expression"
    exception = "MethodNotFoundException"


LONGEST_RESULT = 10_000_000  # characters of a text that an expression may make


def refuse_length(characters: int) -> None:
    """Stop before a text is made that would fill the memory."""
    if characters > LONGEST_RESULT:
        raise EvaluationFailure(f"The text would have more than {LONGEST_RESULT} characters")
