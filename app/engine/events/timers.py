"""ISO 8601 and cron texts as due dates.

Texts without a zone of their own are in that of `now`; due dates are in UTC.

Source: semantics 6; Camunda 7 ``DurationHelper``, ``DueDateBusinessCalendar``,
``CycleBusinessCalendar``.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Self

import isodate

from app.errors import EngineError
from app.expressions.dates import DateTime
from app.expressions.values import to_text

from . import cron
from .zones import at_wall

# Ours and not isodate's, which takes signs, lower case and weeks with days. The digits are bounded:
# an interval is untrusted, and a huge number overflows dates anyway.
_PERIOD = re.compile(
    r"P(?:(?P<weeks>\d{1,6})W|(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?"
    r"(?:(?P<days>\d{1,7})D)?(?:T(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,10})(?:[.,](?P<fraction>\d{1,9}))?S)?)?)"
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}")
_MILLISECOND = timedelta(milliseconds=1)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # when what has no date is due


class TimerError(EngineError):
    """A text or value that gives no due date."""


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time of which months, and days where clocks are changed, have no fixed length."""

    months: int
    days: int
    rest: timedelta

    @property
    def has_length(self) -> bool:
        """Whether any time passes in it."""
        return self.months > 0 or self.shortest > timedelta(0)

    @property
    def shortest(self) -> timedelta:
        """The days and what is less, of a period without months."""
        return timedelta(days=self.days) + self.rest

    def after(self, start: datetime, times: int = 1, zone: tzinfo | None = None) -> datetime:
        """The timestamp, in UTC, so many periods after a start; months and days keep the clock.

        Args:
            zone: whose clocks are kept; those of the start unless it is given.
        """
        # Without months and days no clock matters: the hours that pass are counted.
        if not (self.months or self.days):
            return start.astimezone(UTC) + self.rest * times
        here = start.astimezone(zone or start.tzinfo)
        months = here.month - 1 + self.months * times
        year, month = here.year + months // 12, months % 12 + 1
        # From the start each time, not from the last firing: the 31st comes back after February.
        day = min(here.day, monthrange(year, month)[1])
        moved = here.replace(year=year, month=month, day=day, tzinfo=None)
        moved += timedelta(days=self.days) * times
        # Zero months and days on the clock: through its wall time, the second of an hour that comes
        # twice would become the first.
        if moved == here.replace(tzinfo=None):
            return start.astimezone(UTC) + self.rest * times
        return at_wall(moved, here.tzinfo) + self.rest * times


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer is due, and the cycle that follows.

    Attributes:
        repeat: the text from which `next_due` goes on; None for a timer that fires once.
    """

    timestamp: datetime
    repeat: str | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A cycle as its job keeps it.

    Attributes:
        cycle: as the model has it: cron texts cannot be moved by rewriting them.
        offset: by which all its timestamps are later, in whole milliseconds.
    """

    cycle: str
    offset: timedelta = timedelta(0)

    @property
    def text(self) -> str:
        """The stored form, which is the cycle alone while nothing has moved it."""
        milliseconds = self.offset // _MILLISECOND
        return f"{self.cycle}|{milliseconds}" if milliseconds else self.cycle

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the stored form."""
        cycle, _, milliseconds = text.partition("|")
        return cls(cycle, int(milliseconds or 0) * _MILLISECOND)


def period_of(text: str) -> Period:
    """An ISO 8601 duration.

    Raises:
        ValueError: it is none; weeks stand alone, signs and lower case are refused.
    """
    found = _PERIOD.fullmatch(text)
    # `P` and `PT` alone match as well: every part of the pattern is optional.
    if found is None or not any(found.groupdict().values()) or text.endswith("T"):
        raise ValueError(text)
    part = {k: int(v) for k, v in found.groupdict().items() if v is not None and k != "fraction"}
    fraction = float("0." + (found["fraction"] or "0"))
    rest = timedelta(
        hours=part.get("hours", 0),
        minutes=part.get("minutes", 0),
        seconds=part.get("seconds", 0) + fraction,
    )
    days = part.get("weeks", 0) * 7 + part.get("days", 0)
    return Period(part.get("years", 0) * 12 + part.get("months", 0), days, rest)


def timestamp_from_text(text: str, zone: tzinfo | None = UTC) -> datetime:
    """An ISO 8601 date or date and time, which may have no zone of its own.

    Raises:
        ValueError: it is none.
    """
    if "T" in text:
        day, _, clock = text.partition("T")
        # ISO's basic form (20260101) is one that isodate takes and the reference refuses.
        if "-" not in day:
            raise ValueError(text)
        timestamp = datetime.combine(isodate.parse_date(day), isodate.parse_time(clock or "00"))
    else:
        if "-" not in text:
            raise ValueError(text)
        day_only: date = isodate.parse_date(text)
        timestamp = datetime(day_only.year, day_only.month, day_only.day)
    return at_wall(timestamp, zone) if timestamp.tzinfo is None else timestamp.astimezone(UTC)


def _named(text: str, now: datetime) -> datetime:
    if text.startswith("P"):
        return period_of(text).after(now)
    return timestamp_from_text(text, now.tzinfo)


def timestamp_of(value: object, now: datetime) -> datetime:
    """The timestamp that a value names: a Date, or a text with a date or a duration.

    Raises:
        TimerError: it names none.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, DateTime):
        return value.timestamp.astimezone(UTC)
    text = to_text(value)
    try:
        return _named(text, now)
    except (ValueError, isodate.ISO8601Error, OverflowError):
        raise _unresolved(text) from None


def _unresolved(text: str) -> TimerError:
    return TimerError(
        f"ENGINE-09027 Exception while resolving duedate '{text}': Invalid format: \"{text}\""
    )


def due_of(kind: str, value: object, now: datetime, name: str = "") -> Due:
    """When a timer is due that an expression gave a value for.

    Args:
        kind: ``date``, ``duration`` or ``cycle``.
        name: the activity, for messages.

    Raises:
        TimerError: the value gives no due date.
    """
    # A Date is taken whatever the kind is: a cycle with one fires once.
    if isinstance(value, (datetime, DateTime)):
        return Due(timestamp_of(value, now))
    if not isinstance(value, str):
        raise TimerError(
            f"Timer '{name}' was not configured with a valid duration/time, either hand in a "
            "java.util.Date or a String in format 'yyyy-MM-dd'T'hh:mm:ss'"
        )
    text = value.strip()
    if kind == "cycle":
        return _cycle(text, now)
    if kind == "duration" and "/" in text:
        return Due(_interval(text, now))
    return Due(_single(text, now))


def _single(text: str, now: datetime) -> datetime:
    try:
        return _named(text, now)
    except (ValueError, isodate.ISO8601Error, OverflowError):
        raise _unresolved(text) from None


def _interval(text: str, now: datetime) -> datetime:
    """``start/period`` or ``period/end``, as a duration; a period alone is no interval.

    Raises:
        TimerError: it is neither.
    """
    first, _, second = text.partition("/")
    try:
        if first.startswith("P"):
            period_of(first)
            return timestamp_from_text(second, now.tzinfo)
        return period_of(second).after(timestamp_from_text(first, now.tzinfo), zone=now.tzinfo)
    except (ValueError, isodate.ISO8601Error, OverflowError):
        raise _unresolved(text) from None


def _cycle(text: str, now: datetime) -> Due:
    if not text.startswith("R"):
        # A text that never comes is no error: its job is there, for ever.
        return Due(_cron(text).after(now.astimezone(UTC), now.tzinfo or UTC) or NEVER, text)
    # Kept with its start: the number of firings is a place on the grid, not a counter in the job.
    anchored = _anchored(text, now)
    found = next_due(anchored, now, is_first=True)
    if found is None:
        raise TimerError("duedate is null")
    return Due(found, anchored)


def _cron(text: str) -> cron.Cron:
    try:
        return cron.parse(text)
    except cron.CronError as error:
        raise _unreadable(text, error) from None


def _unreadable(text: str, why: object = "") -> TimerError:
    reason = f": {why}" if str(why) else ""
    return TimerError(f"ENGINE-09026 Exception while parsing cycle expression '{text}'{reason}")


def _parts(
    text: str, zone: tzinfo | None
) -> tuple[int | None, datetime | None, Period, datetime | None]:
    """The number of repetitions, start, period and end of a repeating interval."""
    head, *rest = text.split("/")
    try:
        times = _repetitions(head[1:]) if len(head) > 1 else None
        if len(rest) == 1:
            return times, None, period_of(rest[0]), None
        if rest[0].startswith("P"):
            return times, None, period_of(rest[0]), timestamp_from_text(rest[1], zone)
        start = timestamp_from_text(rest[0], zone)
        if rest[1].startswith("P"):
            return times, start, period_of(rest[1]), None
        return times, start, Period(0, 0, timestamp_from_text(rest[1], zone) - start), None
    except (ValueError, IndexError, isodate.ISO8601Error, OverflowError):
        raise _unreadable(text) from None


def _repetitions(text: str) -> int:
    if not _NUMBER.fullmatch(text) or abs(int(text)) >= 2**31:
        raise ValueError(text)
    return int(text)


def _anchored(text: str, now: datetime) -> str:
    """The cycle with the timestamp from which it counts, in UTC."""
    _, start, _, end = _parts(text, now.tzinfo)
    if start is not None or end is not None:
        return text
    (head, period), start = text.split("/"), now.astimezone(UTC)
    return f"{head}/{start.strftime('%Y-%m-%dT%H:%M:%S')}.{start.microsecond // 1000:03}Z/{period}"


def moved(repeat: str, span: timedelta) -> str:
    """The cycle with all its timestamps later by a span, on top of what moved it before."""
    found = Repeat.parse(repeat)
    return Repeat(found.cycle, found.offset + span).text


def next_due(repeat: str, now: datetime, *, is_first: bool = False) -> datetime | None:
    """When a cycle is due next; None when its repetitions, or the years, are used up.

    Missed firings are not made up: it is the first point of the grid after now.
    """
    kept, zone = Repeat.parse(repeat), now.tzinfo or UTC
    try:
        before = now.astimezone(UTC) - kept.offset
        if not kept.cycle.startswith("R"):
            found = _cron(kept.cycle).after(before, zone)
        else:
            found = _next_by_interval(kept.cycle, before, zone, is_first=is_first)
        return None if found is None else found + kept.offset
    except (ValueError, OverflowError):  # no year before 1, nor after 9999
        return None


def _next_by_interval(
    repeat: str, now: datetime, zone: tzinfo, *, is_first: bool
) -> datetime | None:
    times, start, period, end = _parts(repeat, zone)
    if end is not None:
        return _before_end(end, period, now, times, zone)
    if start is None:
        start = now
    # A grid that does not advance has its first point only.
    if times is not None and (times <= 0 or not period.has_length):
        return now if is_first else None
    if start > now:  # by a client that does not wait: the first point of the grid is still ahead
        return start
    return _grid(start, period, now, times, zone)


def _before_end(
    end: datetime, period: Period, now: datetime, times: int | None, zone: tzinfo
) -> datetime | None:
    """The first point after now of a grid that is counted backwards from its end, the last point.

    Source: ISO 8601, period/end; Camunda 7 ``DurationHelper.getDateAfterRepeat``.
    """
    if end <= now:
        return None
    if not period.has_length:
        return end
    # A guess by the mean length of a month, set right step by step: the end may be millennia away.
    usual = timedelta(days=period.months * 30.436875) + period.shortest
    back = (end - now) // usual
    while back > 0 and period.after(end, -back, zone) <= now:
        back -= 1
    while period.after(end, -back - 1, zone) > now:
        back += 1
    return period.after(end, -back if times is None else -min(back, max(times, 0)), zone)


def _grid(
    start: datetime, period: Period, now: datetime, times: int | None, zone: tzinfo
) -> datetime | None:
    """The first point of the grid after now, within the number of repetitions."""
    step = 1
    if not period.has_length:
        return now
    # By division: a process that was down for a year must not step through every second of it.
    if period.months == 0 and now > start:
        step = max(1, (now - start) // period.shortest - 1)
    # Months have no fixed length, and days none where clocks change: the last steps are taken.
    while (timestamp := period.after(start, step, zone)) <= now:
        step += 1
    if times is not None and step > times:
        return None
    return timestamp
