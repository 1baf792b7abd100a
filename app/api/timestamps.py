"""Timestamps in ISO 8601, which a few commands take in place of the dates of all others."""

import re
from datetime import UTC, datetime

import isodate

from app.errors import JavaRuntimeError


def parse_timestamp(text: str | None) -> datetime | None:
    """An ISO 8601 date, or date and time; in UTC where it names no zone.

    Raises:
        JavaRuntimeError: it is none.
    """
    # An empty text is no date, as in the bodies that Jackson reads.
    if not text:
        return None
    try:
        # `isodate` wants the colon of an offset that Joda, by which the reference engine reads,
        # does without.
        plain = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text)
        found = isodate.parse_datetime(plain if "T" in plain else plain + "T00:00:00")
        timestamp: datetime = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        return timestamp.astimezone(UTC)
    except (ValueError, OverflowError, isodate.ISO8601Error):
        raise JavaRuntimeError("IllegalArgumentException", f'Invalid format: "{text}"') from None
