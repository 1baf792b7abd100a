"""ISO 8601 and cron texts as due dates.

Source: engine semantics 6; Camunda 7 ``DurationHelper``, ``DueDateBusinessCalendar``,
``CycleBusinessCalendar``.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import isodate
from cronsim import CronSim, CronSimError

from app.errors import EngineError
from app.expressions.dates import DateTime
from app.expressions.values import to_text

_PERIOD = re.compile(
    r"P(?:(?P<weeks>\d{1,6})W|(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?"
    r"(?:(?P<days>\d{1,7})D)?(?:T(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,10})(?:[.,](?P<fraction>\d{1,9}))?S)?)?)"
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}")
YEAR = 6  # where a cron text names a year
YEARS = 1970, 2100  # from the first to before the second
MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}


class TimerError(EngineError):
    """A text or value that gives no due date."""


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time of which months and years have no fixed number of days."""

    months: int
    rest: timedelta

    @property
    def has_length(self) -> bool:
        """Whether any time passes in it."""
        return self.months > 0 or self.rest > timedelta(0)

    def after(self, start: datetime, times: int = 1) -> datetime:
        """The moment so many periods after a start."""
        months = start.month - 1 + self.months * times
        year, month = start.year + months // 12, months % 12 + 1
        day = min(start.day, monthrange(year, month)[1])
        return start.replace(year=year, month=month, day=day) + self.rest * times


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer is due, and the cycle that follows.

    Attributes:
        repeat: the text from which `next_due` goes on; None for a timer that fires once.
    """

    moment: datetime
    repeat: str | None = None


def period_of(text: str) -> Period:
    """An ISO 8601 duration.

    Raises:
        ValueError: it is none; weeks stand alone, signs and lower case are refused.
    """
    found = _PERIOD.fullmatch(text)
    if found is None or not any(found.groupdict().values()) or text.endswith("T"):
        raise ValueError(text)
    part = {k: int(v) for k, v in found.groupdict().items() if v is not None and k != "fraction"}
    fraction = float("0." + (found["fraction"] or "0"))
    rest = timedelta(
        weeks=part.get("weeks", 0),
        days=part.get("days", 0),
        hours=part.get("hours", 0),
        minutes=part.get("minutes", 0),
        seconds=part.get("seconds", 0) + fraction,
    )
    return Period(part.get("years", 0) * 12 + part.get("months", 0), rest)


def moment_from_text(text: str) -> datetime:
    """An ISO 8601 date or date and time; without a zone it is UTC.

    Raises:
        ValueError: it is none.
    """
    if "T" in text:
        day, _, clock = text.partition("T")
        if "-" not in day:
            raise ValueError(text)
        moment = datetime.combine(isodate.parse_date(day), isodate.parse_time(clock or "00"))
    else:
        if "-" not in text:
            raise ValueError(text)
        day_only: date = isodate.parse_date(text)
        moment = datetime(day_only.year, day_only.month, day_only.day)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def moment_of(value: object, now: datetime) -> datetime:
    """The moment that a value names: a Date, or a text with a date or a duration.

    Raises:
        TimerError: it names none.
    """
    if isinstance(value, datetime):
        return value
    if isinstance(value, DateTime):
        return value.moment
    text = to_text(value)
    try:
        return period_of(text).after(now) if text.startswith("P") else moment_from_text(text)
    except (ValueError, isodate.ISO8601Error, OverflowError):
        raise TimerError(
            f"ENGINE-09027 Exception while resolving duedate '{text}': Invalid format: \"{text}\""
        ) from None


def due_of(kind: str, value: object, now: datetime, name: str = "") -> Due:
    """When a timer is due that an expression gave a value for.

    Args:
        kind: ``date``, ``duration`` or ``cycle``.
        name: the activity, for messages.

    Raises:
        TimerError: the value gives no due date.
    """
    if isinstance(value, (datetime, DateTime)):
        return Due(moment_of(value, now))
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
        return period_of(text).after(now) if text.startswith("P") else moment_from_text(text)
    except (ValueError, isodate.ISO8601Error, OverflowError):
        raise TimerError(
            f"ENGINE-09027 Exception while resolving duedate '{text}': Invalid format: \"{text}\""
        ) from None


def _interval(text: str, now: datetime) -> datetime:
    """``start/period`` or ``period/end``, as a duration."""
    first, _, second = text.partition("/")
    if first.startswith("P"):
        return _single(second, now)
    return period_of(second).after(_single(first, now))


def _cycle(text: str, now: datetime) -> Due:
    anchored = _anchored(text, now) if text.startswith("R") else text
    found = next_due(anchored, now, is_first=True)
    if found is None:
        raise TimerError("duedate is null")
    return Due(found, anchored)


def _parts(text: str) -> tuple[int | None, datetime | None, Period, datetime | None]:
    """The number of repetitions, start, period and end of a repeating interval."""
    head, *rest = text.split("/")
    try:
        times = _repetitions(head[1:]) if len(head) > 1 else None
        if len(rest) == 1:
            return times, None, period_of(rest[0]), None
        if rest[0].startswith("P"):
            return times, None, period_of(rest[0]), moment_from_text(rest[1])
        start = moment_from_text(rest[0])
        if rest[1].startswith("P"):
            return times, start, period_of(rest[1]), None
        return times, start, Period(0, moment_from_text(rest[1]) - start), None
    except (ValueError, IndexError, isodate.ISO8601Error, OverflowError):
        raise TimerError(
            f"ENGINE-09026 Exception while parsing cycle expression '{text}'"
        ) from None


def _repetitions(text: str) -> int:
    if not _NUMBER.fullmatch(text) or abs(int(text)) >= 2**31:
        raise ValueError(text)
    return int(text)


def _anchored(text: str, now: datetime) -> str:
    """The cycle with the moment from which it counts."""
    _, start, _, end = _parts(text)
    if start is not None or end is not None:
        return text
    head, period = text.split("/")
    return f"{head}/{now.strftime('%Y-%m-%dT%H:%M:%S')}.{now.microsecond // 1000:03}/{period}"


def next_due(repeat: str, now: datetime, *, is_first: bool = False) -> datetime | None:
    """When a cycle is due next; None when its repetitions, or the years, are used up.

    Missed firings are not made up: it is the first point of the grid after now.
    """
    if not repeat.startswith("R"):
        return _next_by_cron(repeat, now)
    try:
        return _next_by_interval(repeat, now, is_first=is_first)
    except (ValueError, OverflowError):  # no year before 1, nor after 9999
        return None


def _next_by_interval(repeat: str, now: datetime, *, is_first: bool) -> datetime | None:
    times, start, period, end = _parts(repeat)
    if end is not None:
        start = end
        count = times if times is not None else 1
        start = period.after(end, -count)
    if start is None:
        start = now
    if times is not None and (times <= 0 or not period.has_length):
        return now if is_first else None
    if is_first and start >= now and "." not in repeat.split("/")[1]:
        return start
    return _grid(start, period, now, times)


def _grid(start: datetime, period: Period, now: datetime, times: int | None) -> datetime | None:
    """The first point of the grid after now, within the number of repetitions."""
    step = 1
    if not period.has_length:
        return now
    if period.months == 0 and now > start:
        step = max(1, (now - start) // period.rest)
    while (moment := period.after(start, step)) <= now:
        step += 1
    if times is not None and step > times:
        return None
    return moment


def _next_by_cron(text: str, now: datetime) -> datetime | None:
    """The next moment of a cron text with seconds; None when its years are over.

    Source: Quartz ``CronExpression``: the seventh field, which may lack, is the year.
    """
    expression = MACROS.get(text, text).replace("?", "*").split()
    fields, year = expression[:YEAR], expression[YEAR:] or ["*"]
    try:
        if len(fields) < YEAR or len(year) > 1:
            raise ValueError(text)
        years = _years(year[0])
        while True:
            found: datetime = next(CronSim(" ".join(fields), now))
            if found.year in years:
                return found
            later = [year for year in years if year > found.year]
            if not later:
                return None
            now = now.replace(year=later[0], month=1, day=1, hour=0, minute=0, second=0)
            now -= timedelta(seconds=1)
    except (CronSimError, StopIteration, ValueError):
        raise TimerError(
            f"ENGINE-09026 Exception while parsing cycle expression '{text}'"
        ) from None


def _years(text: str) -> list[int]:
    """The years of the seventh field of a cron text: ``2030``, ``2030-2035``, ``2030/5``, ``*``."""
    low, high = YEARS
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if first == "*" else int(first)
        if not low <= begin < high:
            raise ValueError(text)
        end = int(last) if dash else high - 1 if slash or first == "*" else begin
        found.update(range(begin, min(end + 1, high), int(step) if slash else 1))
    return sorted(found)
