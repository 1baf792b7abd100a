"""Timestamps in expressions: Joda's ``DateTime`` and its parts.

Source: Joda-Time ``DateTime``, ``LocalDate``, ``LocalTime``; semantics 7.3.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import ClassVar, Self

from .coercion import to_integer, to_long, to_string
from .date_fields import (
    DATE_FIELDS,
    DATE_UNITS,
    FIELDS,
    TIME_FIELDS,
    UNITS,
    Field,
    illegal,
)
from .date_patterns import format_timestamp
from .failures import CoercionError, InvocationError
from .java_dates import EPOCH, MILLISECOND, millis
from .values import Integer, java_class, to_text


class Calendrical:
    """An immutable date, time or both, with calendar arithmetic.

    Attributes:
        local: what the clocks show; a date is at midnight, a time on the first day of 1970.
    """

    __slots__ = ("local",)
    java_class: ClassVar[str]
    fields: ClassVar[dict[str, Field]] = FIELDS
    units: ClassVar[frozenset[str]] = frozenset(UNITS)
    comparable: ClassVar[str] = "interface org.joda.time.ReadablePartial"

    def __init__(self, local: datetime) -> None:
        self.local = local

    def at(self, local: datetime) -> Self:
        """Another one of the kind."""
        return type(self)(local)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"

    def __eq__(self, other: object) -> bool:
        # By the exact class: a LocalDate is never equal to a DateTime at midnight.
        return type(other) is type(self) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> datetime:
        """The value for comparison and hash."""
        return self.local

    def juel_compare(self, other: Self) -> Integer:
        """Below, at or above zero, as `coercion.compare` wants it."""
        return Integer((self.key > other.key) - (self.key < other.key))

    def juel_property(self, name: str) -> object:
        """A field of the calendar, as in ``dateTime().year``."""
        return Integer(self.field(name).read(self.local))

    def field(self, name: str) -> Field:
        """A field that this kind has; AttributeError for others."""
        try:
            return self.fields[name]
        except KeyError:
            raise AttributeError(name) from None

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method; amounts are converted to whole numbers."""
        match name, arguments:
            case "toString", []:
                return str(self)
            case "toString", [None]:
                return str(self)
            case "toString", [pattern]:
                return format_timestamp(self.shown, to_string(pattern))
            case "equals", [other]:
                return self == other
            case (("isBefore" | "isAfter" | "isEqual"), [other]):
                return self._is(name, other)
            case "compareTo", [other]:
                return self.juel_compare(self.other(other))
            case _, [amount]:
                return self._changed(name, amount)
            case _, []:
                return self._read(name)
        raise AttributeError(name)

    @property
    def shown(self) -> datetime:
        """The date and time that a pattern writes."""
        return self.local

    def other(self, value: object) -> Self:
        """The other operand of a comparison.

        Raises:
            CoercionError: it is of another kind; a Date is no ReadableInstant.
        """
        if isinstance(value, type(self)):
            return value
        raise CoercionError(f"Cannot coerce from class {java_class(value)} to {self.comparable}")

    def _is(self, name: str, value: object) -> bool:
        order = self.juel_compare(self.other(value))
        return order == {"isBefore": -1, "isAfter": 1, "isEqual": 0}[name]

    def _read(self, name: str) -> object:
        """``getYear()`` is a number, ``year()`` the field with methods of its own."""
        if name.startswith("get"):
            return self.juel_property(name[3:4].lower() + name[4:])
        return FieldOf(self, name, self.field(name))

    def _changed(self, name: str, amount: object) -> Self:
        sign = -1 if name.startswith("minus") else 1
        unit = name.removeprefix("minus").removeprefix("plus")
        # A name without either prefix is no amount, even where it ends in the name of a unit.
        if unit != name and unit in self.units:
            return self.guarded(name, amount, lambda n: self.plus(unit, sign * n))
        if name.startswith("with"):
            field = name[4:5].lower() + name[5:]
            found = self.field(field)
            return self.guarded(name, amount, lambda n: self.at(found.set(field, self.local, n)))
        raise AttributeError(name)

    def guarded(self, name: str, amount: object, change: Callable[[int], Self]) -> Self:
        """A change by a whole number, which may lead out of the years that there are."""
        # Joda's methods take `int`, so an amount beyond it wraps as every Integer does.
        number = to_integer(amount)
        try:
            return change(number)
        except (ValueError, OverflowError) as error:
            raise illegal(name, to_text(amount)) from error

    def plus(self, unit: str, amount: int) -> Self:
        """So many units later."""
        return self.at(UNITS[unit].add(self.local, amount))


class FieldOf:
    """A field of a date or time, as ``dateTime().dayOfMonth()`` gives it."""

    __slots__ = ("_field", "_name", "_of")

    def __init__(self, of: Calendrical, name: str, field: Field) -> None:
        self._of = of
        self._name = name
        self._field = field

    @property
    def java_class(self) -> str:
        """The class that Java has for it."""
        return f"{self._of.java_class}$Property"

    def juel_call(self, name: str, arguments: list[object]) -> object:
        """A method of the field, which gives a number, a text or another date or time."""
        local, field = self._of.local, self._field
        match name, arguments:
            case "get", []:
                return Integer(field.read(local))
            case "getMinimumValue", []:
                return Integer(field.least)
            case "getMaximumValue", []:
                return Integer(field.most(local))
            case "withMinimumValue", []:
                return self._set(field.least)
            case "withMaximumValue", []:
                return self._set(field.most(local))
            case "setCopy", [value]:
                return self._set(to_integer(value))
            case "addToCopy", [amount]:
                return self._of.guarded(name, amount, lambda n: self._of.plus(field.unit, n))
            case (("getAsText" | "getAsShortText" | "getAsString" | "getName"), []):
                return self._text(name)
        raise AttributeError(name)

    def juel_property(self, name: str) -> object:
        return self.juel_call(f"get{name[:1].upper()}{name[1:]}", [])

    def _set(self, value: int) -> Calendrical:
        return self._of.guarded(
            self._name, value, lambda n: self._of.at(self._field.set(self._name, self._of.local, n))
        )

    def _text(self, name: str) -> str:
        if name == "getName":
            return self._name
        patterns = {"monthOfYear": ("MMMM", "MMM"), "dayOfWeek": ("EEEE", "EEE")}
        if name != "getAsString" and self._name in patterns:
            pattern = patterns[self._name][name == "getAsShortText"]
            return format_timestamp(self._of.local, pattern)
        return str(self._field.read(self._of.local))


class LocalDate(Calendrical):
    """A date without a time."""

    __slots__ = ()
    java_class = "org.joda.time.LocalDate"
    fields = DATE_FIELDS
    units = DATE_UNITS

    def __str__(self) -> str:
        return self.local.date().isoformat()

    def juel_call(self, name: str, arguments: list[object]) -> object:
        if name == "toDate" and not arguments:
            # The zone of the process, which is UTC in all of the engine.
            return self.local.replace(tzinfo=UTC)
        return super().juel_call(name, arguments)


class LocalTime(Calendrical):
    """A time without a date; it goes round at midnight."""

    __slots__ = ()
    java_class = "org.joda.time.LocalTime"
    fields = TIME_FIELDS
    units = frozenset(UNITS) - DATE_UNITS

    def __init__(self, local: datetime) -> None:
        # Always the same day, so that two times compare; arithmetic may have moved it.
        super().__init__(datetime.combine(date(1970, 1, 1), local.time()))

    def __str__(self) -> str:
        return self.local.time().isoformat("milliseconds")


class LocalDateTime(Calendrical):
    """A date and time without a zone."""

    __slots__ = ()
    java_class = "org.joda.time.LocalDateTime"

    def __str__(self) -> str:
        return self.local.isoformat(timespec="milliseconds")

    def juel_call(self, name: str, arguments: list[object]) -> object:
        if not arguments and name in ("toLocalDate", "toLocalTime"):
            return _part(name, self.local)
        return super().juel_call(name, arguments)


def _part(name: str, local: datetime) -> Calendrical:
    if name == "toLocalDate":
        return LocalDate(datetime.combine(local.date(), time()))
    return LocalTime(local) if name == "toLocalTime" else LocalDateTime(local)


class DateTime(Calendrical):
    """An instant in a zone.

    Attributes:
        timestamp: the instant; its zone is whose clocks `local` tells.
        now: the transaction's timestamp, which ``isAfterNow`` compares with.
    """

    __slots__ = ("now", "timestamp")
    java_class = "org.joda.time.DateTime"
    comparable = "interface org.joda.time.ReadableInstant"

    def __init__(self, timestamp: datetime, now: datetime | None = None) -> None:
        # Without the zone: calendar arithmetic is on the clock, and `at` puts it back.
        super().__init__(timestamp.replace(tzinfo=None, fold=0))
        self.timestamp = timestamp
        # The transaction's, so that two conditions of one run never disagree.
        self.now = now or timestamp

    def at(self, local: datetime) -> Self:
        zone = self.timestamp.tzinfo
        timestamp = local.replace(tzinfo=zone, fold=self.timestamp.fold)
        # Through UTC, which moves what the zone's clocks leave out to a time that they show.
        return self._moved(timestamp.astimezone(UTC))

    def _moved(self, timestamp: datetime) -> Self:
        return type(self)(timestamp.astimezone(self.timestamp.tzinfo), self.now)

    @property
    def key(self) -> datetime:
        # In UTC, for Python compares clocks and not instants within one zone.
        return self.timestamp.astimezone(UTC)

    @property
    def shown(self) -> datetime:
        return self.timestamp

    def __str__(self) -> str:
        offset = self.timestamp.strftime("%z")
        zone = "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}"
        return self.local.isoformat(timespec="milliseconds") + zone

    def plus(self, unit: str, amount: int) -> Self:
        # Days and more keep the clock, hours and less the time that passes.
        if unit in DATE_UNITS:
            return super().plus(unit, amount)
        return self._moved(UNITS[unit].add(self.timestamp.astimezone(UTC), amount))

    def other(self, value: object) -> Self:
        if isinstance(value, int) and not isinstance(value, bool):
            return self._of_millis(value)
        return super().other(value)

    def _of_millis(self, number: object) -> Self:
        try:
            return self._moved(EPOCH + to_long(number) * MILLISECOND)
        except OverflowError as error:
            raise illegal("millis", to_text(number)) from error

    def juel_property(self, name: str) -> object:
        if name == "millis":
            return millis(self.timestamp)
        if name in ("afterNow", "beforeNow", "equalNow"):
            return self.juel_call(f"is{name[0].upper()}{name[1:]}", [])
        return super().juel_property(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        match name, arguments:
            case "toDate", []:
                return self.timestamp
            case (("isAfterNow" | "isBeforeNow" | "isEqualNow"), []):
                return self._is(name.removesuffix("Now"), self._moved(self.now))
            case (("toLocalDate" | "toLocalTime" | "toLocalDateTime"), []):
                return _part(name, self.local)
            case (("toDateTime" | "toInstant"), []):
                return self
            case "withTimeAtStartOfDay", []:
                return self.at(datetime.combine(self.local.date(), time()))
            case "withTime", [_, _, _, _]:
                return self._with(tuple(TIME_FIELDS)[:4], arguments)
            case "withDate", [_, _, _]:
                return self._with_date([to_integer(argument) for argument in arguments])
            case "withMillis", [number]:
                return self._of_millis(number)
        return super().juel_call(name, arguments)

    def _with(self, names: tuple[str, ...], arguments: list[object]) -> Self:
        local = self.local
        for name, value in zip(names, arguments, strict=True):
            local = FIELDS[name].set(name, local, to_integer(value))
        return self.at(local)

    def _with_date(self, parts: list[int]) -> Self:
        year, month, day = parts
        try:
            return self.at(datetime.combine(date(year, month, day), self.local.time()))
        except (ValueError, OverflowError) as error:
            raise InvocationError(
                "org.joda.time.IllegalFieldValueException",
                f"Value {day} for dayOfMonth must be in the range of its month",
            ) from error


__all__ = [
    "Calendrical",
    "DateTime",
    "LocalDate",
    "LocalDateTime",
    "LocalTime",
]
