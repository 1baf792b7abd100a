"""How ``string()`` writes values."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.feel.budget import Budget
from app.feel.temporal import offset_of
from app.feel.values import Function, Range, YearsMonths


def text_of(value: object, budget: Budget) -> str:
    """Write a value.

    Raises:
        FeelLimitError: the text would be too long.
    """
    if isinstance(value, str):
        budget.grow(len(value))
        return value
    return _inner(value, budget)


def _inner(value: object, budget: Budget) -> str:
    budget.step()
    if isinstance(value, list):
        return f"[{', '.join([_inner(item, budget) for item in value])}]"
    if isinstance(value, dict):
        return "{" + ", ".join([_entry(key, item, budget) for key, item in value.items()]) + "}"
    if isinstance(value, Range):
        return (
            f"{'[' if value.is_low_closed else '('}{_inner(value.low, budget)}.."
            f"{_inner(value.high, budget)}{']' if value.is_high_closed else ')'}"
        )
    text = _WRITERS[type(value)](value)
    # Each part by itself: one long text may stand in a list a hundred thousand times.
    budget.grow(len(text))
    return text


def _entry(key: str, value: object, budget: Budget) -> str:
    budget.grow(len(key))
    return f"{key}:{_inner(value, budget)}"


def _clock(value: time | datetime) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    if value.microsecond:
        # `ISO_LOCAL_TIME` of Java shows as many digits as there are.
        text += f".{value.microsecond:06}".rstrip("0")
    return text + _zone(value.tzinfo, offset_of(value))


def _zone(zone: tzinfo | None, offset: timedelta | None) -> str:
    if zone is None or offset is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    if not offset:
        return "Z"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    text = f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def duration_text(value: timedelta) -> str:
    """``P1DT2H3M4S``, rounded down to whole seconds, also below zero."""
    value = timedelta(seconds=value // timedelta(seconds=1))
    total = abs(value)
    hours, rest = divmod(total.seconds, 3600)
    parts = (f"{hours}H" if hours else "") + (f"{rest // 60}M" if rest // 60 else "")
    parts += f"{rest % 60}S" if rest % 60 else ""
    text = (f"{total.days}D" if total.days else "") + (f"T{parts}" if parts else "")
    if not text:
        # Java would write PT0S; the reference's own formatter does not.
        return "P0D"
    return f"-P{text}" if value < timedelta(0) else f"P{text}"


def _years_months(value: YearsMonths) -> str:
    years, months = abs(value.years), abs(value.rest)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    if not text:
        return "P0Y"
    return f"-P{text}" if value.months < 0 else f"P{text}"


# Quotes inside of lists and contexts alone, and without escapes: the reference does not add any.
_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    str: lambda value: f'"{value}"',
    Decimal: str,
    date: date.isoformat,
    datetime: lambda value: f"{value.date().isoformat()}T{_clock(value)}",
    time: _clock,
    timedelta: duration_text,
    YearsMonths: _years_months,
    Function: lambda value: f"function({', '.join(value.parameters)})",
}
