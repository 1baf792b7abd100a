"""How a handler ends when it does not just return its variables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class Result:
    """The result of a task: variables of the process, and of the task alone.

    Attributes:
        variables: each goes to the nearest scope that has the name, else to the instance.
        local_variables: seen by the output parameters of the task.
    """

    variables: Mapping[str, object] = field(default_factory=dict)
    local_variables: Mapping[str, object] = field(default_factory=dict)


class BpmnError(Exception):
    """A business error: the process goes on where the model catches the code.

    Args:
        code: of the error in the model.
        variables: handed to the scope that catches it.
    """

    def __init__(
        self, code: str, message: str | None = None, variables: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message
        self.variables = variables or {}


class Failure(Exception):
    """A technical failure, with its own number of retries or time until the next one.

    Args:
        retries: how many are left; None counts down as any exception does.
        after: when the task may be fetched again; None for the topic's back-off.
    """

    def __init__(
        self,
        message: str,
        details: str | None = None,
        *,
        retries: int | None = None,
        after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.details = details
        self.retries = retries
        self.after = after
