"""How much an evaluation may cost: steps, time, depth of calls, and the size of what it makes."""

from time import thread_time

from app.feel.errors import FeelLimitError

MAX_TEXT = 65_536  # characters of one expression
MAX_TOKENS = 10_000  # words, numbers and signs of one expression
MAX_DEPTH = 100  # nested parts of one expression, and of what it answers
MAX_CALLS = 50  # calls of functions inside each other

# Asking the clock is a system call, which costs more than most steps.
_STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 1_024


class Budget:
    """The limits that remain for one evaluation, or for several that share them.

    Args:
        steps: elements looked at and functions called.
        seconds: of the processor, from the first step on; what others compute does not count.
        size: characters and elements of the texts and lists that are made, summed up.
    """

    __slots__ = ("_calls", "_deadline", "_next_look", "_seconds", "_size", "_steps")

    # Time of the processor and not of the clock: on a loaded machine the same text must not fail.
    def __init__(self, steps: int = 1_000_000, seconds: float = 2.0, size: int = 5_000_000) -> None:
        self._steps = steps
        self._seconds = seconds
        self._size = size
        self._calls = 0
        self._deadline: float | None = None
        self._next_look = steps

    def step(self, count: int = 1) -> None:
        """Take steps.

        Raises:
            FeelLimitError: more than there are, or time is up.
        """
        # Before the work is done: a range of a billion fails before its list is made.
        self._steps -= count
        if self._steps < 0:
            raise FeelLimitError("the evaluation takes too many steps")
        if self._steps < self._next_look:
            self._look_at_the_clock()

    def _look_at_the_clock(self) -> None:
        self._next_look = self._steps - _STEPS_BETWEEN_LOOKS_AT_THE_CLOCK
        now = thread_time()
        if self._deadline is None:
            # From the first look on, so that what has waited for its turn has not spent anything
            # yet.
            self._deadline = now + self._seconds
        elif now > self._deadline:
            raise FeelLimitError("the evaluation takes too long")

    def grow(self, size: int) -> None:
        """Make a text or a list of this size.

        Raises:
            FeelLimitError: more than what is left.
        """
        self._size -= size
        if self._size < 0:
            raise FeelLimitError("the evaluation makes too large values")

    def enter(self) -> None:
        """Enter a function that was defined in FEEL.

        Raises:
            FeelLimitError: too many calls inside each other.
        """
        self.step()
        self._calls += 1
        if self._calls > MAX_CALLS:
            raise FeelLimitError("functions are called too deep inside each other")

    def leave(self) -> None:
        """Leave a function again."""
        self._calls -= 1
