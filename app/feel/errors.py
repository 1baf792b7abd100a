"""The errors of FEEL: texts that cannot be read, and evaluations that fail or run too long."""

from app.errors import BadUserRequestError, ExpressionError, ExpressionSyntaxError

# The reference's own code and words: incidents and logs of failed jobs show them.
_PREFIX = "FEEL/SCALA-01008 Error while evaluating expression: "


class FeelSyntaxError(ExpressionSyntaxError):
    """A text is not FEEL.

    Args:
        found: what stands where the grammar does not allow it; empty at the end of the text.
    """

    def __init__(
        self, text: str, expected: str, line: int = 1, column: int = 1, found: str = ""
    ) -> None:
        super().__init__(
            f"{_PREFIX}failed to parse expression '{text}': "
            f'Expected {expected}:{line}:{column}, found "{found}"'
        )


class FeelEvaluationError(ExpressionError):
    """One of the few mistakes that FEEL does not answer with null."""

    def __init__(self, text: str, cause: str) -> None:
        super().__init__(f"{_PREFIX}failed to evaluate expression '{text}' : {cause}")


class FeelLimitError(ExpressionError, BadUserRequestError):
    """A text, or its evaluation, is larger or longer than what is allowed."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"{_PREFIX}{cause}")


class FailedOperation(Exception):
    """A failure inside an evaluation, before it is known in which text."""
