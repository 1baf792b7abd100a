"""Java's methods as tables: a name and the types of its parameters lead to a function.

As in JUEL, a method is found by its name and the number of its arguments, and the arguments are
then converted to the types of its parameters.

Source: Camunda 7 ``BeanELResolver.findMethod``, ``BeanELResolver.coerceParams``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from .coercion import to_double, to_integer, to_long, to_string
from .failures import CoercionError, InvocationError
from .values import java_class

Method = Callable[[Any, list[object]], object]
Methods = Mapping[tuple[str, int], Method]
Convert = Callable[[object], Any]


def _anything(value: object) -> object:
    return value


def _text(value: object) -> str:
    if value is None:  # JUEL converts null for primitive parameters only
        raise _null()
    return to_string(value)


def _text_or_null(value: object) -> str | None:
    return None if value is None else to_string(value)


def _null() -> InvocationError:
    return InvocationError("java.lang.NullPointerException", "an argument is null")


def _expecting(kind: type, java_name: str) -> Convert:
    def convert(value: object) -> object:
        if isinstance(value, kind):
            return value
        if value is None:
            raise _null()
        raise CoercionError(f"Cannot coerce from class {java_class(value)} to {java_name}")

    return convert


ANY: Convert = _anything
TEXT: Convert = _text
TEXT_OR_NULL: Convert = _text_or_null
INT: Convert = to_integer
LONG: Convert = to_long
DOUBLE: Convert = to_double
CHARS: Convert = _expecting(str, "interface java.lang.CharSequence")
DATE: Convert = _expecting(datetime, "class java.util.Date")
LIST: Convert = _expecting(list, "interface java.util.Collection")
MAP: Convert = _expecting(dict, "interface java.util.Map")


def table(signatures: Mapping[tuple[Any, ...], Callable[..., object]]) -> Methods:
    """The methods of one type, from ``(name, conversion of each parameter)`` to a function."""
    # By name and number alone: of overloads with one arity the last of the table stays.
    return {
        (name, len(parameters)): _method(function, parameters)
        for (name, *parameters), function in signatures.items()
    }


def _method(function: Callable[..., object], parameters: list[Convert]) -> Method:
    if not parameters:
        return lambda base, _: function(base)

    def call(base: object, arguments: list[object]) -> object:
        # All before the call, so that nothing is done when the last one does not convert.
        converted = [p(a) for p, a in zip(parameters, arguments, strict=True)]
        return function(base, *converted)

    return call
