"""Functions of the calendar and the clock."""

from datetime import UTC, date, datetime
from decimal import Decimal

from app.feel.budget import Budget
from app.feel.functions.registry import builtin
from app.feel.temporal import days_in_month

# English whatever the locale of the process: rules compare with these names.
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@builtin("now()")
def now(_budget: Budget) -> object:
    """The present time."""
    # With an offset, so that it compares with timestamps that have one and is null against others.
    return datetime.now(UTC)


@builtin("today()")
def today(_budget: Budget) -> object:
    """The present date."""
    return datetime.now(UTC).date()


@builtin("day of year(date: date)")
def day_of_year(_budget: Budget, day: date) -> object:
    """The number of the day in its year."""
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week(date: date)")
def day_of_week(_budget: Budget, day: date) -> object:
    """The English name of the day."""
    return _DAYS[day.weekday()]


@builtin("month of year(date: date)")
def month_of_year(_budget: Budget, day: date) -> object:
    """The English name of the month."""
    return _MONTHS[day.month - 1]


@builtin("week of year(date: date)")
def week_of_year(_budget: Budget, day: date) -> object:
    """The number of the week in its ISO year."""
    # ISO 8601: the first of January may be in week 53.
    return Decimal(day.isocalendar().week)


@builtin("last day of month(date: date)")
def last_day_of_month(_budget: Budget, day: date) -> object:
    """The last date of the month."""
    last = day.replace(day=days_in_month(day.year, day.month))
    return last.date() if isinstance(last, datetime) else last
