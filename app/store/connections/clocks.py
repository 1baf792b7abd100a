"""Clocks that an engine for tests is given in place of the time."""

from datetime import UTC, datetime, timedelta

from .database import utc_now


class MovableClock:
    """A clock that goes on as time does, from where it is put, or stands still."""

    def __init__(self) -> None:
        self._shift = timedelta(0)
        self._frozen: datetime | None = None

    def __call__(self) -> datetime:
        """The time that the engine sees.

        Raises:
            OverflowError: it is none that a date can hold; `move` refuses such a one.
        """
        return self._frozen or utc_now() + self._shift

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen is not None

    def move(self, moment: datetime) -> None:
        """Put the clock to a time; whether it stands still stays as it is."""
        if self._frozen is None:
            self._shift = moment.astimezone(UTC) - utc_now()
        else:
            self._frozen = moment.astimezone(UTC)

    def freeze(self) -> None:
        """Stand still."""
        self._frozen = self()

    def thaw(self) -> None:
        """Go on from the time that it shows."""
        if self._frozen is not None:
            moment, self._frozen = self._frozen, None
            self.move(moment)

    def reset(self) -> None:
        """Show the real time again."""
        self._shift, self._frozen = timedelta(0), None
