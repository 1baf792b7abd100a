"""The methods of ``java.util.Date``, which a Date variable is.

Source: semantics 7.3.
"""

from datetime import UTC, datetime, timedelta

from .signatures import ANY, DATE, compared, table
from .values import Integer, java_equals, to_text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def millis(timestamp: datetime) -> int:
    """Milliseconds since 1970."""
    # Whole numbers all the way: `timestamp()` is a float, and off by a millisecond at times.
    return (timestamp - EPOCH) // MILLISECOND


def _order(left: datetime, right: datetime) -> Integer:
    return Integer((millis(left) > millis(right)) - (millis(left) < millis(right)))


DATE_METHODS = table(
    {
        ("getTime",): millis,
        # By milliseconds, which is all that a Date has: microseconds of ours must not decide.
        ("before", DATE): lambda v, o: _order(v, o) < 0,
        ("after", DATE): lambda v, o: _order(v, o) > 0,
        ("compareTo", ANY): compared(_order, DATE),
        ("equals", ANY): java_equals,
        ("toString",): to_text,
        ("hashCode",): lambda v: Integer(_hash_of(millis(v))),
        # Java's oddities: years count from 1900, months from 0, and Sunday is day 0.
        ("getYear",): lambda v: Integer(v.year - 1900),
        ("getMonth",): lambda v: Integer(v.month - 1),
        ("getDate",): lambda v: Integer(v.day),
        ("getDay",): lambda v: Integer(v.isoweekday() % 7),
        ("getHours",): lambda v: Integer(v.hour),
        ("getMinutes",): lambda v: Integer(v.minute),
        ("getSeconds",): lambda v: Integer(v.second),
        ("getTimezoneOffset",): lambda v: Integer(-v.utcoffset() // timedelta(minutes=1)),
    }
)


def _hash_of(number: int) -> int:
    """Java's ``Long.hashCode``."""
    # Python's numbers have no 32 bits to overflow.
    folded = (number ^ (number >> 32)) & 0xFFFFFFFF
    return folded - 2**32 if folded >= 2**31 else folded
