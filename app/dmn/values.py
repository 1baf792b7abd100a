"""The values of decisions as Java has them, on their way from and to FEEL.

Inside of a decision a value is what `app.expressions.values` says: Long is int, Double float, Date
an aware datetime, Integer and Short are ints of their own. FEEL has decimals and its own dates.

Source: Camunda's FEEL engine: ``SpinValueMapper``, ``JavaValueMapper``; Camunda 7
``CamundaFeelEngine``.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from app.expressions.spin import JsonNode
from app.expressions.values import Integer, Short, to_text
from app.feel import Function, Range, YearsMonths, from_python, to_python

from .errors import NotStorableError, NullInListError


class Value(NamedTuple):
    """A value of an input or output.

    Attributes:
        type: ``String``, ``Boolean``, ``Integer``, ``Long``, ``Double`` or ``Date`` where the
            model or an aggregator types it; None for what is not typed, and for null.
        value: bool, int, float, str, aware UTC datetime, list, dict or None.
    """

    type: str | None
    value: object


NULL = Value(None, None)


class JavaObject(NamedTuple):
    """A value that Java cannot show as JSON: a date, time, duration or function of FEEL.

    Attributes:
        feel: the value as FEEL has it.
        class_name, text: what messages and texts show of it.
        timestamp: what a Date is made of; only a date with time has one.
    """

    feel: object
    class_name: str
    text: str
    timestamp: datetime | None = None

    def __str__(self) -> str:
        return self.text


def from_feel(value: object) -> object:
    """A result of FEEL as Java sees it: whole numbers are Long while they fit."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Decimal):
        return to_python(value)
    if isinstance(value, list):
        return [from_feel(item) for item in value]
    if isinstance(value, dict):
        # Functions of a context are no values of it.
        kept = {key: item for key, item in value.items() if not isinstance(item, Function)}
        return {key: from_feel(item) for key, item in kept.items()}
    # The reference's mapper has no value for a range, and gives null.
    return None if isinstance(value, Range) else _java_object(value)


def to_feel(value: object) -> object:
    """A value of Java as FEEL sees it; a Date is a local date and time in UTC.

    A value that has no place in FEEL is null there.
    """
    if isinstance(value, datetime):
        # Without a zone, as the reference makes a LocalDateTime of a Date.
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, JavaObject):
        return value.feel
    if isinstance(value, JsonNode):
        return to_feel(value.content)
    if isinstance(value, list):
        return [to_feel(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_feel(item) for key, item in value.items()}
    return from_python(value)


def java_text(value: object) -> str:
    """Java's ``String.valueOf``."""
    if isinstance(value, list):
        return "[" + ", ".join(map(java_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}={java_text(v)}" for k, v in value.items()) + "}"
    # By its own text: a date of FEEL is written as Java writes LocalDate.
    return value.text if isinstance(value, JavaObject) else to_text(value)


def shown(value: Value) -> str:
    """A value as the messages of the reference engine show it."""
    if value.value is None:
        return "Untyped 'null' value"
    if value.type is None:
        return f"Untyped value '{java_text(value.value)}', isTransient = false"
    type_ = f"PrimitiveValueType[{value.type.lower()}]"
    return f"Value '{java_text(value.value)}' of type '{type_}', isTransient=false"


def variable_type(value: Value) -> str:
    """The type of the variable that a value makes."""
    found = value.value
    if found is None:
        return "Null"
    if value.type is not None:
        return value.type
    for python_type, name in _VARIABLE_TYPES:
        if isinstance(found, python_type):
            return name
    return "Object"


# The order matters: a bool is an int, and so are Short and Integer.
_VARIABLE_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "Boolean"),
    (str, "String"),
    (Short, "Short"),
    (Integer, "Integer"),
    (int, "Long"),
    (float, "Double"),
    (datetime, "Date"),
    (bytes, "Bytes"),
    (JsonNode, "Json"),
)


def check_storable(value: Value, name: str | None) -> None:
    """The history keeps every value of an evaluation, so what it cannot keep fails.

    Raises:
        NotStorableError: a date, time or duration that is not typed, also in a list or context.
        NullInListError: a list that begins with null.
    """
    # The way of most values: nothing in them could not be kept.
    if value.type is not None or isinstance(value.value, (str, int, float)):
        return
    if any(isinstance(part, JavaObject) for part in _parts(value.value)):
        raise NotStorableError(name, java_text(value.value))
    # Only the first item of each level: Jackson takes the type of a list from it.
    first = value.value
    while isinstance(first, list) and first:
        first = first[0]
        if first is None:
            raise NullInListError


def _parts(value: object) -> Iterator[object]:
    pending = [value]
    while pending:
        part = pending.pop()
        yield part
        if isinstance(part, list):
            pending.extend(part)
        elif isinstance(part, dict):
            pending.extend(part.values())


def _java_object(value: object) -> JavaObject:
    if isinstance(value, datetime):
        return _java_date_time(value)
    if isinstance(value, date):
        return JavaObject(value, "java.time.LocalDate", value.isoformat())
    if isinstance(value, time):
        name = "LocalTime" if value.tzinfo is None else "OffsetTime"
        return JavaObject(value, f"java.time.{name}", _clock(value) + _offset(value.isoformat()))
    if isinstance(value, timedelta):
        return JavaObject(value, "java.time.Duration", _duration(value))
    if isinstance(value, YearsMonths):
        return JavaObject(value, "java.time.Period", _period(value))
    parameters = ", ".join(value.parameters) if isinstance(value, Function) else ""
    return JavaObject(value, "org.camunda.feel.syntaxtree.ValFunction", f"function({parameters})")


def _java_date_time(value: datetime) -> JavaObject:
    text = f"{value.date().isoformat()}T{_clock(value.time())}"
    if value.tzinfo is None:
        return JavaObject(value, "java.time.LocalDateTime", text, value.replace(tzinfo=UTC))
    text += _offset(value.isoformat())
    return JavaObject(value, "java.time.ZonedDateTime", text, value.astimezone(UTC))


def _clock(value: time) -> str:
    """Java leaves out seconds that are zero, and shows fractions in groups of three digits."""
    text = f"{value:%H:%M}"
    if value.second or value.microsecond:
        text += f":{value:%S}"
    if value.microsecond:
        digits = f"{value.microsecond:06}"
        text += "." + (digits[:3] if digits.endswith("000") else digits)
    return text


def _offset(text: str) -> str:
    """The offset at the end of a text that ISO 8601 gives it."""
    offset = text[-6:]
    if len(offset) == 6 and offset[0] in "+-" and offset[3] == ":":
        return "Z" if offset[1:] == "00:00" else offset
    return ""


def _period(value: YearsMonths) -> str:
    years = f"{value.years}Y" if value.years else ""
    months = f"{value.rest}M" if value.rest else ""
    # `Period.toString`, which signs each part: P-1Y-2M.
    return f"P{years}{months}" if value.months else "P0D"


def _duration(value: timedelta) -> str:
    micros = value // timedelta(microseconds=1)
    if not micros:
        return "PT0S"
    sign, rest = (-1, -micros) if micros < 0 else (1, micros)
    seconds, fraction = divmod(rest, 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    # `Duration.toString` knows no days, and signs each part.
    text = "PT" + (f"{sign * hours}H" if hours else "") + (f"{sign * minutes}M" if minutes else "")
    if seconds or fraction:
        tail = f"{seconds}.{fraction:06}".rstrip("0").rstrip(".") if fraction else str(seconds)
        text += ("-" if sign < 0 else "") + tail + "S"
    return text
