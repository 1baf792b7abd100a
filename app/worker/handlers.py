"""A function as the handler of a topic: its parameters are variables, its result is the result."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .outcomes import Result
from .task import Task

Handler = Callable[..., object]
_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True)
class Topic:
    """A topic with its handler.

    Attributes:
        lock: how long a task is locked; the lock is extended while its function runs.
        retries: how often a task is tried again.
        backoff: the time until the first retry; it doubles with each further one.
        result: the variable that a result is stored in which is no mapping.
        variables: those that the function names; None for all of them.
        filters: further fields of the topic in a fetch, such as ``businessKey``.
    """

    name: str
    handler: Handler
    lock: timedelta
    retries: int
    backoff: timedelta
    result: str | None
    variables: tuple[str, ...] | None
    filters: Mapping[str, object]

    def asked(self) -> dict[str, object]:
        """The topic as a fetch names it."""
        asked: dict[str, object] = {
            "topicName": self.name,
            "lockDuration": milliseconds(self.lock),
            # The trace context of the process comes along with them.
            "includeExtensionProperties": True,
            **self.filters,
        }
        if self.variables is not None:
            asked["variables"] = list(self.variables)
        return asked

    def call(self, task: Task) -> Result:
        """Let the function do a task.

        Raises:
            TypeError: a variable is missing that the function needs, or the result is none that
                can be stored.
        """
        found = self.handler(**self._arguments(task))
        if isinstance(found, Result):
            return found
        if self.result is not None:
            return Result({self.result: found})
        if found is None:
            return Result()
        if isinstance(found, Mapping):
            return Result(found)
        raise TypeError(
            f"the handler of the topic {self.name!r} has returned {type(found).__name__}: return a "
            "mapping of variables, or name a variable with result="
        )

    def _arguments(self, task: Task) -> dict[str, Any]:
        """The function's arguments; a parameter named ``task`` is the task itself."""
        values = task.variables
        parameters = inspect.signature(self.handler).parameters
        arguments: dict[str, Any] = {}
        for name, parameter in parameters.items():
            if name == "task":
                arguments[name] = task
            elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
                arguments.update({n: v for n, v in values.items() if n not in parameters})
            elif name in values:
                arguments[name] = values[name]
            elif parameter.default is inspect.Parameter.empty:
                raise TypeError(f"the variable {name!r} is missing")
        return arguments


def named_variables(handler: Handler) -> tuple[str, ...] | None:
    """The variables that a function has as parameters; None when it takes all.

    Raises:
        TypeError: it has parameters that cannot be given by name.
    """
    names = []
    for name, parameter in inspect.signature(handler).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            return None
        if parameter.kind not in _NAMED:
            raise TypeError(f"the parameter {name!r} cannot be given by name")
        if name != "task":
            names.append(name)
    return tuple(names)


def milliseconds(duration: timedelta) -> int:
    """A duration as the wire has it."""
    return int(duration / timedelta(milliseconds=1))


def camel(name: str) -> str:
    """The name of a field on the wire."""
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)
