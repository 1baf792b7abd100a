"""Functions that make a value of one type from another."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from app.feel.budget import Budget
from app.feel.errors import FailedOperation
from app.feel.functions.registry import builtin
from app.feel.temporal import (
    months_between,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
    shown_by_clock,
    zone_of,
)
from app.feel.texts import text_of
from app.feel.values import NUMBERS, YearsMonths

# As `new BigDecimal(text)` reads: the digits of any script, but no blanks,
# suffixes or words. The exponent is bounded because
# Decimal would take it, and fail only when it is used.
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?")
# DMN 1.3 §10.3.4.1; any other one makes the result null.
_SEPARATORS = {"grouping": (" ", ",", "."), "decimal": (",", ".")}


@builtin("string(from)")
def string(budget: Budget, value: object) -> object:
    """The text of a value."""
    # Null stays null at the top, while in a list it is the word.
    return None if value is None else text_of(value, budget)


@builtin("number(from: string)")
def number(_budget: Budget, text: str) -> object:
    """The number that a text writes."""
    if _NUMBER.fullmatch(text) is None:
        return None
    value = Decimal(text)
    # Nothing that later operations could not take.
    return value if abs(value.adjusted()) <= NUMBERS.Emax else None


@builtin("number(from: string, grouping separator: string)")
def grouped_number(budget: Budget, text: str, grouping: str) -> object:
    """The number of a text with a character between its groups of digits."""
    if grouping not in _SEPARATORS["grouping"]:
        return None
    # Where the groups stand is not looked at: "1,0" is 10.
    return number(budget, text.replace(grouping, ""))


@builtin("number(from: string, grouping separator, decimal separator: string)")
def formatted_number(budget: Budget, text: str, grouping: object, point: str) -> object:
    """The number of a text with a point of its own, and maybe groups."""
    if grouping is not None and grouping not in _SEPARATORS["grouping"]:
        return None
    # Equal separators are refused by the standard too, for the text would have two meanings.
    if point not in _SEPARATORS["decimal"] or point == grouping:
        return None
    digits = text.replace(grouping, "") if isinstance(grouping, str) else text
    return number(budget, digits.replace(point, "."))


@builtin("date(from: string)")
def date_of_text(_budget: Budget, text: str) -> object:
    """The date that a text writes."""
    return parse_date(text)


@builtin("date(from: date)")
def date_of(_budget: Budget, value: date) -> object:
    """The date of a date and time."""
    # The clock's date in its own offset; no conversion to UTC.
    return value.date() if isinstance(value, datetime) else value


@builtin("date(year: number, month: number, day: number)")
def date_of_parts(_budget: Budget, year: Decimal, month: Decimal, day: Decimal) -> object:
    """The date of year, month and day."""
    # Fractions are cut. A day that there is not raises ValueError, which `Builtin.invoke` makes
    # null.
    return date(int(year), int(month), int(day))


@builtin("time(from: string)")
def time_of_text(_budget: Budget, text: str) -> object:
    """The time that a text writes."""
    return parse_time(text)


@builtin("time(from: date)")
def time_of(_budget: Budget, value: date) -> object:
    """The time of a date is midnight in UTC."""
    # A date has the time 00:00:00Z, with the offset, so it compares with no local time.
    return value.timetz() if isinstance(value, datetime) else time(tzinfo=UTC)


@builtin(
    "time(hour: number, minute: number, second: number)",
    "time(hour: number, minute: number, second: number, offset)",
)
def time_of_parts(
    _budget: Budget, hour: Decimal, minute: Decimal, second: Decimal, offset: object = None
) -> object:
    """The time of hour, minute and second, and an offset."""
    if offset is not None and (
        not isinstance(offset, timedelta) or abs(offset) > timedelta(hours=18)
    ):
        # Java's ZoneOffset ends at 18 hours.
        return None
    # Seconds may have a fraction; hours and minutes are cut.
    fraction = NUMBERS.remainder(second, Decimal(1))
    return time(
        int(hour),
        int(minute),
        int(second),
        int(NUMBERS.scaleb(fraction, 6)),
        # The zero offset is UTC itself, or it would not equal a time that was read with `Z`.
        tzinfo=None if offset is None else timezone(offset) if offset else UTC,
    )


@builtin("date and time(from: string)")
def date_time_of_text(_budget: Budget, text: str) -> object:
    """The date and time that a text writes."""
    return parse_date_time(text)


@builtin("date and time(date: date, time: time)")
def date_time_of_parts(_budget: Budget, day: date, clock: time) -> object:
    """A date, and a time of that day."""
    # Of a timestamp the date alone is taken, its own time and zone go.
    return shown_by_clock(datetime.combine(day, clock))


@builtin("date and time(date: timestamp, timezone: string)")
def date_time_in_zone(_budget: Budget, timestamp: datetime, zone: str) -> object:
    """The same time in another zone; one without an offset is taken as the zone's own."""
    try:
        target = zone_of(zone)
    except ValueError as error:
        # The reference lets Java's exception through here, where a wrong date would be null.
        raise FailedOperation(f"Unknown time-zone ID: {zone}") from error
    if timestamp.tzinfo is None:
        return shown_by_clock(timestamp.replace(tzinfo=target))
    return timestamp.astimezone(target)


@builtin("duration(from: string)")
def duration(_budget: Budget, text: str) -> object:
    """The duration that a text writes."""
    return parse_duration(text)


@builtin("years and months duration(from: date, to: date)")
def years_and_months(_budget: Budget, start: date, end: date) -> object:
    """The whole months between two dates."""
    # Times of day do not count, as in `Period.between` of two dates.
    return YearsMonths(months_between(start, end))
