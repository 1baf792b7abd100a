"""Moments in expressions: the methods of ``java.util.Date``, and Joda's ``DateTime``.

Source: Joda-Time ``DateTime``; engine semantics 7.3. Both are in UTC here.
"""

import calendar
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from .coercion import to_integer, to_string
from .date_patterns import format_moment
from .failures import CoercionError, InvocationError
from .signatures import ANY, DATE, table
from .values import Integer, java_class, java_equals, to_text

_UNITS = {
    "Millis": timedelta(milliseconds=1),
    "Seconds": timedelta(seconds=1),
    "Minutes": timedelta(minutes=1),
    "Hours": timedelta(hours=1),
    "Days": timedelta(days=1),
    "Weeks": timedelta(weeks=1),
}
_MONTHS = {"Months": 1, "Years": 12}
_FIELDS = {
    "year": "year",
    "monthOfYear": "month",
    "dayOfMonth": "day",
    "hourOfDay": "hour",
    "minuteOfHour": "minute",
    "secondOfMinute": "second",
}


def millis(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _order(left: datetime, right: datetime) -> Integer:
    return Integer((left > right) - (left < right))


DATE_METHODS = table(
    {
        ("getTime",): millis,
        ("before", DATE): lambda v, o: v < o,
        ("after", DATE): lambda v, o: v > o,
        ("compareTo", DATE): _order,
        ("equals", ANY): java_equals,
        ("toString",): to_text,
        ("getYear",): lambda v: Integer(v.astimezone(UTC).year - 1900),
        ("getMonth",): lambda v: Integer(v.astimezone(UTC).month - 1),
        ("getDate",): lambda v: Integer(v.astimezone(UTC).day),
        ("getDay",): lambda v: Integer(v.astimezone(UTC).isoweekday() % 7),
        ("getHours",): lambda v: Integer(v.astimezone(UTC).hour),
        ("getMinutes",): lambda v: Integer(v.astimezone(UTC).minute),
        ("getSeconds",): lambda v: Integer(v.astimezone(UTC).second),
    }
)


class DateTime:
    """An immutable instant with calendar arithmetic, in UTC."""

    __slots__ = ("moment",)
    java_class = "org.joda.time.DateTime"

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def __str__(self) -> str:
        moment = self.moment
        return f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"

    def __repr__(self) -> str:
        return f"DateTime({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DateTime) and self.moment == other.moment

    def __hash__(self) -> int:
        return hash(self.moment)

    def juel_compare(self, other: "DateTime") -> int:
        """Below, at or above zero, as `coercion.compare` wants it."""
        return _order(self.moment, other.moment)

    def juel_property(self, name: str) -> object:
        """A field of the calendar, as in ``dateTime().year``."""
        if name == "millis":
            return millis(self.moment)
        if name == "dayOfWeek":
            return Integer(self.moment.isoweekday())
        if name == "dayOfYear":
            return Integer(self.moment.timetuple().tm_yday)
        if name == "millisOfSecond":
            return Integer(self.moment.microsecond // 1000)
        if name in _FIELDS:
            return Integer(getattr(self.moment, _FIELDS[name]))
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method; amounts are converted to whole numbers."""
        match name, arguments:
            case "toDate", []:
                return self.moment
            case "toString", []:
                return str(self)
            case "toString", [pattern]:
                return str(self) if pattern is None else self._formatted(pattern)
            case "withTime", [_, _, _, _]:
                return self._with_time([to_integer(argument) for argument in arguments])
            case "withDayOfWeek", [day]:
                number = _within(name, to_integer(day), 1, 7)
                return self._changed("plusDays", number - self.moment.isoweekday())
            case "withDayOfYear", [day]:
                days = 365 + calendar.isleap(self.moment.year)
                number = _within(name, to_integer(day), 1, days)
                return self._changed("plusDays", number - self.moment.timetuple().tm_yday)
            case "withTimeAtStartOfDay", []:
                return DateTime(self.moment.replace(hour=0, minute=0, second=0, microsecond=0))
            case "equals", [other]:
                return self == other
            case (("isBefore" | "isAfter" | "isEqual"), [other]):
                return self._is(name, other)
            case _, [amount]:
                return self._changed(name, amount)
        if name.startswith("get") and not arguments:
            return self.juel_property(name[3:4].lower() + name[4:])
        raise AttributeError(name)

    def _formatted(self, pattern: object) -> str:
        return format_moment(self.moment, to_string(pattern))

    def _with_time(self, fields: list[int]) -> "DateTime":
        names = ("withHourOfDay", "withMinuteOfHour", "withSecondOfMinute", "withMillisOfSecond")
        for name, value, most in zip(names, fields, (23, 59, 59, 999), strict=True):
            _within(name, value, 0, most)
        hour, minute, second, fraction = fields
        return DateTime(
            self.moment.replace(
                hour=hour, minute=minute, second=second, microsecond=fraction * 1000
            )
        )

    def _is(self, name: str, other: object) -> bool:
        if not isinstance(other, DateTime):  # a Date is no ReadableInstant
            raise CoercionError(
                f"Cannot coerce from class {java_class(other)} to "
                "interface org.joda.time.ReadableInstant"
            )
        order = self.juel_compare(other)
        return order == {"isBefore": -1, "isAfter": 1, "isEqual": 0}[name]

    def _changed(self, name: str, amount: object) -> "DateTime":
        change = _change(name)
        try:
            return DateTime(change(self.moment, to_integer(amount)))
        except (ValueError, OverflowError) as error:
            raise InvocationError(
                "org.joda.time.IllegalFieldValueException",
                f"Value {to_text(amount)} of {name} is not supported",
            ) from error


def _within(name: str, value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise InvocationError(
            "org.joda.time.IllegalFieldValueException", f"Value {value} of {name} is not supported"
        )
    return value


def _change(name: str) -> Callable[[datetime, int], datetime]:
    """What ``plusDays``, ``minusMonths`` or ``withHourOfDay`` do; AttributeError for others."""
    for prefix, sign in (("plus", 1), ("minus", -1)):
        unit = name.removeprefix(prefix)
        if name.startswith(prefix) and unit in _UNITS:
            return lambda moment, amount: moment + sign * amount * _UNITS[unit]
        if name.startswith(prefix) and unit in _MONTHS:
            return lambda moment, amount: _months_later(moment, sign * amount * _MONTHS[unit])
    field = name.removeprefix("with")
    field = field[:1].lower() + field[1:]
    if name.startswith("with") and field in _FIELDS:
        return lambda moment, value: moment.replace(**{_FIELDS[field]: value})  # type: ignore[arg-type]
    raise AttributeError(name)


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day."""
    total = moment.month - 1 + months
    year, month = moment.year + total // 12, total % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return moment.replace(
        year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1])
    )
