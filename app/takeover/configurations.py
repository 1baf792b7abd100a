"""Configurations of job handlers as the reference engine has written them.

Those of asynchronous continuations are read as our own (`engine.jobs.continuations`).

Source: Camunda 7 ``TimerEventJobHandler``, ``TimerTaskListenerJobHandler``,
``ProcessEventJobHandler``.
"""

from typing import NamedTuple, Self

_SEPARATOR = "$"  # in front of a listener and of flags, which follow from the state here
_NAMES = "~"  # between the word for a listener and its id
_OF_BODY = "#"  # between an activity and the word for the body of its multi-instance


class HandlerConfiguration(NamedTuple):
    """The configuration of a timer, or of an event subscription's job.

    Attributes:
        key: the id of the activity, or of the subscription; empty where there is none.
        listener: the id of the task listener that a timer calls; empty for other jobs.
    """

    key: str
    listener: str = ""

    @property
    def activity_id(self) -> str:
        """The activity, also where the key names the body of its multi-instance."""
        return self.key.partition(_OF_BODY)[0]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text that a job has kept."""
        key, _, rest = text.partition(_SEPARATOR)
        return cls(key, rest.partition(_NAMES)[2].partition(_SEPARATOR)[0] or rest)
