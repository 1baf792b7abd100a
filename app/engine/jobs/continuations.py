"""How the job of a parked token keeps where the token goes on.

Source: semantics 6; Camunda 7 ``AsyncContinuationJobHandler``.
"""

from typing import NamedTuple, Self

BEFORE = "transition-create-scope"
STARTING = "process-start"  # in front of a whole instance, by the job of its start event
AFTER = "transition-notify-listener-take"
_HAPPENED = "happened"
_SEPARATOR = "$"  # ids of a model have none: they are names of XML


class Continuation(NamedTuple):
    """The configuration of an asynchronous continuation.

    Attributes:
        step: BEFORE, STARTING or AFTER.
        flows: the ids of those that a token behind its activity takes.
        has_happened: it is before an event behind an event-based gateway, with nothing to wait for.
    """

    step: str
    flows: tuple[str, ...] = ()
    has_happened: bool = False

    @property
    def is_after(self) -> bool:
        """Whether the activity has ended."""
        return self.step == AFTER

    @property
    def text(self) -> str:
        """As the job keeps it."""
        happened = (_HAPPENED,) if self.has_happened else ()
        return _SEPARATOR.join((self.step, *happened, *self.flows))

    @classmethod
    def parse(cls, text: str | None) -> Self:
        """Read the text that a job has kept; one without a text is before its activity."""
        step, *details = (text or BEFORE).split(_SEPARATOR)
        if step == AFTER:
            return cls(step, tuple(details))
        return cls(step, has_happened=details == [_HAPPENED])
