"""A standby that lists are read from, once it has what was committed before.

So whoever has done something sees it, whichever process has served the command: the primary tells
how far its log is, and the standby whether it has come so far. One that does not in time, or that
is away, is passed over: the primary answers, and for a second is asked at once.

Source: PostgreSQL 15 manual, 27.2.5.2 "Monitoring" and 9.27.4 "Recovery Control Functions".
"""

import contextlib
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.errors import UnavailableError
from app.logging import log

from .pool import Pool, Pooled

REST_SECONDS = 1.0  # in which a standby that was late is not asked
PAUSES = (0.001, 0.002, 0.005, 0.01)  # seconds between two looks; the last one is repeated
# the insert position, for without synchronous_commit a commit may not be flushed yet; at the
# beginning of a page it stands behind the header, where no record ends that a standby could have
_WRITTEN = text(
    "SELECT (l - CASE WHEN mod(l - '0/0', 8192) IN (24, 40) THEN mod(l - '0/0', 8192) ELSE 0 END)"
    "::text FROM pg_current_wal_insert_lsn() l"
)
_HAS = text("SELECT coalesce(pg_last_wal_replay_lsn() >= cast(:lsn AS pg_lsn), true)")
_IN_THE_WAY = ("40001", "40P01")  # a conflict with recovery


class Standby:
    """The connections to a standby.

    Args:
        pool: of these connections.
        wait: seconds to wait at most until it has what was committed.

    Attributes:
        late: how often it was passed over.
        lag: seconds that the last one to ask had to wait.
    """

    def __init__(self, pool: Pool, wait: float) -> None:
        self.pool = pool
        self.late = 0
        self.lag = 0.0
        self._wait = wait
        self._rests_until = 0.0

    @property
    def is_asked(self) -> bool:
        """Whether it is asked just now: one that was late is late for all for a moment."""
        return time.monotonic() >= self._rests_until

    @staticmethod
    def written(primary: Connection) -> str:
        """How far the log of the primary is, with all that was committed."""
        return str(primary.execute(_WRITTEN).scalar_one())

    def take(self, lsn: str) -> Pooled | None:
        """A connection to the standby, which is to be given back; None where the primary answers.

        It may have to wait, for a free one and for the standby: whoever asks holds none of the
        primary's meanwhile, or lists that are slow would keep commands from their work.

        Args:
            lsn: how far its log has to be.
        """
        pooled = None
        try:
            pooled = self.pool.take()
            if self._has(pooled, lsn):
                return pooled
            reason = "it is behind"
        except Exception as error:  # whatever it is, the primary is there
            reason = str(error)
            if pooled is not None:
                # In what state it is, nobody knows.
                pooled.close()
        if pooled is not None:
            self.pool.give_back(pooled)
        self.late += 1
        self._rests_until = time.monotonic() + REST_SECONDS
        log.info("the standby is passed over", reason=reason[:200], late=self.late)
        return None

    @contextmanager
    def using(self, pooled: Pooled) -> Iterator[None]:
        """Read from a connection in a block, and give it back.

        Raises:
            UnavailableError: the standby had to drop what is read here to follow the primary.
        """
        try:
            yield
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) in _IN_THE_WAY:
                raise UnavailableError("The standby could not answer: read again.") from error
            raise
        finally:
            with contextlib.suppress(Exception):  # a lost one is not kept
                pooled.core.rollback()
            self.pool.give_back(pooled)

    def _has(self, pooled: Pooled, lsn: str) -> bool:
        """Whether the standby comes so far in time."""
        began = time.monotonic()
        for number in itertools.count():
            found = bool(pooled.core.execute(_HAS, {"lsn": lsn}).scalar_one())
            pooled.core.rollback()
            self.lag = time.monotonic() - began
            if found or self.lag >= self._wait:
                return found
            time.sleep(PAUSES[min(number, len(PAUSES) - 1)])
        raise AssertionError("counting has no end")
