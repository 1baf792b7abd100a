"""``dateTime()``: Joda's DateTime, as far as expressions use it.

Source: Joda-Time ``DateTime``; engine semantics 7.3.
"""

import calendar
from datetime import UTC, datetime, timedelta

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


class DateTime:
    """An immutable instant with calendar arithmetic, in UTC."""

    __slots__ = ("moment",)
    java_class = "org.joda.time.DateTime"

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def __str__(self) -> str:
        return self.moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.moment.microsecond // 1000:03}Z"

    def juel_property(self, name: str) -> object:
        if name == "millis":
            return millis(self.moment)
        if name == "dayOfWeek":
            return self.moment.isoweekday()
        if name == "dayOfYear":
            return self.moment.timetuple().tm_yday
        if name in _FIELDS:
            return getattr(self.moment, _FIELDS[name])
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        match name, arguments:
            case "toDate", []:
                return self.moment
            case "toString", []:
                return str(self)
            case "withTimeAtStartOfDay", []:
                return DateTime(self.moment.replace(hour=0, minute=0, second=0, microsecond=0))
            case (("isBefore" | "isAfter"), [DateTime() | datetime() as other]):
                moment = other.moment if isinstance(other, DateTime) else other
                return self.moment < moment if name == "isBefore" else self.moment > moment
        if name.startswith("get") and not arguments:
            return self.juel_property(name[3].lower() + name[4:])
        for prefix, sign in (("plus", 1), ("minus", -1)):
            amount = arguments[0] if len(arguments) == 1 else None
            if name.startswith(prefix) and isinstance(amount, int):
                return self._moved(name.removeprefix(prefix), sign * amount)
        raise AttributeError(name)

    def _moved(self, unit: str, amount: int) -> "DateTime":
        if unit in _UNITS:
            return DateTime(self.moment + _UNITS[unit] * amount)
        if unit not in _MONTHS:
            raise AttributeError(unit)
        months = self.moment.month - 1 + amount * _MONTHS[unit]
        year, month = self.moment.year + months // 12, months % 12 + 1
        day = min(self.moment.day, calendar.monthrange(year, month)[1])
        return DateTime(self.moment.replace(year=year, month=month, day=day))


def millis(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
