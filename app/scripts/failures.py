"""Why a script gives no value, before it is known which activity it belongs to.

Source: Camunda 7 ``ScriptEvaluationException``, ``ScriptCompilationException``.
"""


class ScriptFailure(Exception):
    """A script has thrown something, or has used more than it may."""


class ScriptSyntaxFailure(ScriptFailure):
    """A text is no script."""


class Thrown(ScriptFailure):
    """A script has thrown one of Java's exceptions.

    Attributes:
        value: the exception.
    """

    def __init__(self, value: object) -> None:
        super().__init__(str(value))
        self.value = value
