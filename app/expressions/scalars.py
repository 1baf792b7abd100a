"""The methods of Java's numbers and of ``java.lang.Boolean``.

Source: semantics 7.3; the documentation of Java's ``Number``, ``Comparable``, ``Boolean``.
"""

import math
from typing import Any

from .coercion import cut, to_boolean, to_double, to_long, wrap
from .signatures import ANY, compared, table
from .values import (
    INTEGER_MAX,
    INTEGER_MIN,
    LONG_MAX,
    LONG_MIN,
    SHORT_MIN,
    Integer,
    Short,
    java_equals,
    to_text,
)


def _order(left: Any, right: Any) -> Integer:
    return Integer((left > right) - (left < right))


def _order_of_doubles(left: float, right: float) -> Integer:
    """``Double.compare``: NaN is the greatest, and the negative zero below the positive one."""
    keys = [(v != v, 0.0 if v != v else v, math.copysign(1.0, v)) for v in (left, right)]
    # Two NaN are one, whatever their signs are.
    return Integer(0 if left != left and right != right else _order(*keys))


WHOLE_METHODS = table(
    {
        ("intValue",): lambda v: Integer(wrap(v, INTEGER_MIN)),
        ("longValue",): wrap,
        ("shortValue",): lambda v: Short(wrap(v, SHORT_MIN)),
        ("doubleValue",): to_double,
        # There is no Float here: the double that it is made of is the nearer value.
        ("floatValue",): to_double,
        ("toString",): to_text,
        ("equals", ANY): java_equals,
        ("compareTo", ANY): compared(_order, to_long),
        # An Integer is its own hash, a Long folds its halves.
        ("hashCode",): lambda v: Integer(
            wrap(v if isinstance(v, Integer) else v ^ (v >> 32), INTEGER_MIN)
        ),
    }
)
DOUBLE_METHODS = table(
    {
        ("intValue",): lambda v: Integer(cut(v, INTEGER_MIN, INTEGER_MAX)),
        ("longValue",): lambda v: cut(v, LONG_MIN, LONG_MAX),
        ("shortValue",): lambda v: Short(wrap(cut(v, INTEGER_MIN, INTEGER_MAX), SHORT_MIN)),
        ("doubleValue",): lambda v: v,
        ("floatValue",): lambda v: v,
        ("toString",): to_text,
        ("equals", ANY): java_equals,
        ("compareTo", ANY): compared(_order_of_doubles, to_double),
        ("isNaN",): math.isnan,
        ("isInfinite",): math.isinf,
    }
)
BOOLEAN_METHODS = table(
    {
        ("booleanValue",): lambda v: v,
        ("toString",): to_text,
        ("equals", ANY): java_equals,
        ("compareTo", ANY): compared(_order, to_boolean),
    }
)
