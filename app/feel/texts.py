"""How ``string()`` writes values."""

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.feel.budget import Budget
from app.feel.temporal import offset_of
from app.feel.values import Function, Range, YearsMonths


def text_of(value: object, budget: Budget) -> str:
    """Write a value.

    Raises:
        FeelLimitError: the text would be too long.
    """
    text = _inner(value, budget) if not isinstance(value, str) else value
    budget.grow(len(text))
    return text


def _inner(value: object, budget: Budget) -> str:
    budget.step()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(_inner(item, budget) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}:{_inner(item, budget)}" for k, item in value.items()) + "}"
    if isinstance(value, Range):
        return (
            f"{'[' if value.is_low_closed else '('}{_inner(value.low, budget)}.."
            f"{_inner(value.high, budget)}{']' if value.is_high_closed else ')'}"
        )
    return _scalar(value)


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{_clock(value)}"
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, YearsMonths):
        return _years_months(value)
    if isinstance(value, Function):
        return f"function({', '.join(value.parameters)})"
    raise TypeError(f"not a value of FEEL: {type(value).__name__}")


def _clock(value: time | datetime) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    if value.microsecond:
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
    """``P1DT2H3M4S``; fractions of a second are left out."""
    total = abs(value)
    hours, rest = divmod(total.seconds, 3600)
    parts = (f"{hours}H" if hours else "") + (f"{rest // 60}M" if rest // 60 else "")
    parts += f"{rest % 60}S" if rest % 60 else ""
    text = (f"{total.days}D" if total.days else "") + (f"T{parts}" if parts else "")
    if not text:
        return "P0D"
    return f"-P{text}" if value < timedelta(0) else f"P{text}"


def _years_months(value: YearsMonths) -> str:
    years, months = abs(value.years), abs(value.rest)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    if not text:
        return "P0Y"
    return f"-P{text}" if value.months < 0 else f"P{text}"
