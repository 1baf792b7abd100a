"""The names of types, as `instance of` and the parameters of functions use them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.feel.values import Function, Range, YearsMonths

NAMES: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Function: "function",
    Range: "range",
}


def is_instance(value: object, name: str) -> bool:
    """Whether a value is of the type; null is of none."""
    if value is None:
        return False
    # Case matters: `any` is a type that nothing has.
    return name == "Any" or NAMES.get(type(value)) == name
