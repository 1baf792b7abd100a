"""External tasks with a variable that cannot be read, of which workers were told."""

import threading
from collections import OrderedDict
from collections.abc import Mapping

from app.engine.state.conversion import DeserializationError, deserialize
from app.engine.state.values import TypedValue
from app.errors import EngineError

CAPACITY = 10_000  # tasks that a process remembers; the one reported longest ago goes first


class Unreadable:
    """The tasks of which this process has told already.

    A fetch that meets one for the first time fails, as in the reference engine. Later ones step
    past it: the tasks behind it must not wait until its variable is mended.
    """

    def __init__(self) -> None:
        # Of the process, not of the database: after a restart each is reported once more.
        self._reported: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def report(self, task_id: str) -> bool:
        """Note that a fetch has met the task; returns whether it is the first one."""
        with self._lock:
            is_first = task_id not in self._reported
            self._reported[task_id] = None
            while len(self._reported) > CAPACITY:
                self._reported.popitem(last=False)
        return is_first


def check(variables: Mapping[str, TypedValue]) -> None:
    """Refuse an Object that cannot be read, before its task is handed out.

    Raises:
        DeserializationError: a value's text is not in the format that it claims.
    """
    for name, typed in variables.items():
        try:
            deserialize(typed)
        except EngineError as error:
            raise DeserializationError(
                f"Cannot deserialize object in variable '{name}': {error}"
            ) from error
