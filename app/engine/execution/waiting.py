"""The data that an external task keeps of the listener that it stands in for.

Source: semantics 11.11.
"""

from typing import NamedTuple

START, END, TAKE = "start", "end", "take"  # of an activity, and of a flow
BEGIN, FINISH = "begin", "finish"  # of a process instance
CREATE, COMPLETE = "create", "complete"  # of a user task
HAPPENED = "happened"  # the event that starts has been triggered already
BETWEEN = (
    TAKE,
    BEGIN,
    FINISH,
)  # the token is at no activity; the first id ahead says where it was
_SEPARATOR = "$"  # ids of a model have none


class Waiting(NamedTuple):
    """The listener that a token waits for.

    Attributes:
        event: what the listener is notified of.
        ahead: the ids of what the token needs to go on.
        number: of the listener among those of its element.
    """

    event: str
    ahead: tuple[str, ...] = ()
    number: int = 0

    @property
    def text(self) -> str:
        """As the external task keeps it."""
        return _SEPARATOR.join((self.event, str(self.number), *self.ahead))

    @property
    def after(self) -> "Waiting":
        """For the listeners that follow."""
        return self._replace(number=self.number + 1)

    @staticmethod
    def parse(text: str) -> "Waiting":
        """Read the text that an external task has kept."""
        event, number, *ahead = text.split(_SEPARATOR)
        return Waiting(event, tuple(ahead), int(number))
