"""Clocks that an engine for tests is given in place of the time.

On PostgreSQL statements ask the database. There a schema that comes before the catalog in the
search path has functions of the same names, which tell what the clock tells.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from .database import CLOCK_SCHEMA, utc_now

_FUNCTION = """CREATE FUNCTION {schema}.{name}() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT coalesce(frozen, pg_catalog.{name}() + shift) FROM {schema}.clock $$"""


def prepare(engine: Engine) -> None:
    """Let the statements of a database on PostgreSQL ask a clock that can be moved."""
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {CLOCK_SCHEMA}"))
        table = f"{CLOCK_SCHEMA}.clock"
        connection.execute(text(f"CREATE TABLE {table} (shift interval, frozen timestamptz)"))
        connection.execute(text(f"INSERT INTO {table} VALUES ('0', NULL)"))
        for name in ("clock_timestamp", "statement_timestamp"):
            connection.execute(text(_FUNCTION.format(schema=CLOCK_SCHEMA, name=name)))


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

    def move(self, timestamp: datetime) -> None:
        """Put the clock to a time; whether it stands still stays as it is."""
        if self._frozen is None:
            self._shift = timestamp.astimezone(UTC) - utc_now()
        else:
            self._frozen = timestamp.astimezone(UTC)

    def freeze(self) -> None:
        """Stand still."""
        self._frozen = self()

    def thaw(self) -> None:
        """Go on from the time that it shows."""
        if self._frozen is not None:
            timestamp, self._frozen = self._frozen, None
            self.move(timestamp)

    def tell(self, engine: Engine) -> None:
        """Let the statements of the database on PostgreSQL see what the clock shows."""
        with engine.begin() as connection:
            connection.execute(
                text(f"UPDATE {CLOCK_SCHEMA}.clock SET shift = :shift, frozen = :frozen"),
                {"shift": self._shift, "frozen": self._frozen},
            )

    def reset(self) -> None:
        """Show the real time again."""
        self._shift, self._frozen = timedelta(0), None
